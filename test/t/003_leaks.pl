# 10,000 failing imports in one session leave its memory and file descriptors where they were, and
# so do dry runs. The server's own caches are counted apart: they keep entries of every table that a
# session ever made (plain CREATE TABLE and ROLLBACK grow them as much).
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main', 'log_min_messages = fatal');
my $failing = make_database('failing.db',
	"CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER, y TEXT DEFAULT 'a', CHECK (x > 0));
	 INSERT INTO a VALUES (1, 1, 'a'), (2, 'two', 'b'); CREATE INDEX i ON a (lower(y));
	 CREATE VIEW v AS SELECT x FROM a;");
my $bad_text = make_database('bad_text.db',
	"CREATE TABLE b (x TEXT); INSERT INTO b VALUES (CAST(x'ff' AS TEXT));");
my $missing = data_folder() . '/missing.db';
my $no_database = fixture('gzip.db');
my $good = fixture('views.db');

# A quarter of the failures each: before the file is opened, when it is, while rows are converted,
# and after tables were made.
$node->safe_psql('postgres', <<"END");
CREATE PROCEDURE fail(n int) LANGUAGE plpgsql AS \$\$
BEGIN
    FOR i IN 1 .. n LOOP
        BEGIN
            IF i % 4 = 0 THEN
                PERFORM * FROM migrate.import_sqlite('$missing', schema => 'leak');
            ELSIF i % 4 = 1 THEN
                PERFORM * FROM migrate.import_sqlite('$no_database', schema => 'leak');
            ELSIF i % 4 = 2 THEN
                PERFORM * FROM migrate.import_sqlite('$failing', schema => 'leak',
                    options => '{"on_type_mismatch": "error"}');
            ELSE
                PERFORM * FROM migrate.import_sqlite('$bad_text', schema => 'leak');
            END IF;
            RAISE EXCEPTION 'the import did not fail' USING ERRCODE = 'ZZZZZ';
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE IN ('ZZZZZ', 'XX000') THEN RAISE; END IF;
        END;
        IF i % 500 = 0 THEN COMMIT; END IF;
    END LOOP;
END \$\$;
CREATE PROCEDURE rehearse(n int) LANGUAGE plpgsql AS \$\$
BEGIN
    FOR i IN 1 .. n LOOP
        PERFORM * FROM migrate.import_sqlite('$good', schema => 'leak', options => '{"dry_run": true}');
        COMMIT;
    END LOOP;
END \$\$;
CREATE VIEW usage AS
SELECT (substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\\s+(\\d+)')::bigint
        - (SELECT sum(total_bytes) / 1024 FROM pg_backend_memory_contexts c WHERE c.name IN
            ('CacheMemoryContext', 'Sequence values', 'index info', 'relation rules')))::int AS kb,
    (SELECT sum(total_bytes) / 1024 FROM pg_backend_memory_contexts c WHERE c.name NOT IN
            ('CacheMemoryContext', 'Sequence values', 'index info', 'relation rules'))::int AS context_kb;
END

# The files that a backend has open, but for those of the server itself: it keeps some of its tables'
# files open on purpose.
sub open_files
{
	my ($pid) = @_;
	my $data = $node->data_dir;
	my @files = grep { defined && m{^/} && !m{^(\Q$data\E|/dev/)} } map { readlink } glob "/proc/$pid/fd/*";
	return join "\n", sort @files;
}

# One session: warmed up, then measured before and after.
sub check
{
	my ($what, $warm_up, @calls) = @_;
	my $session = MigrateTest::Client->psql($node);
	$session->query("SET client_min_messages = error; CALL $warm_up;");
	my ($files_before, @before) = (open_files($session->{pid}), split /\|/, $session->query('TABLE usage;'));
	is($session->query("CALL $_;"), '', "$what: $_") foreach @calls;
	my ($files_after, @after) = (open_files($session->{pid}), split /\|/, $session->query('TABLE usage;'));
	note "$what: anonymous memory and memory contexts (kB), caches aside: @before, then @after";
	is($files_after, $files_before, "$what leave no file open");
	cmp_ok($after[0] - $before[0], '<', 4096, "$what leave the memory where it was");
	cmp_ok($after[1] - $before[1], '<', 512, "$what leave nothing in the memory contexts");
	$session->finish;
	return;
}

check('10,000 failing imports', 'fail(1000)', 'fail(10000)');
check('200 dry runs', 'rehearse(20)', 'rehearse(200)');
is($node->safe_psql('postgres', "SELECT to_regnamespace('leak') IS NULL"), 't', 'no table is left');
stop_server($node);
done_testing();

# 10,000 failing imports in one session leave its memory and file descriptors where they were.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main', 'log_min_messages = fatal', 'max_locks_per_transaction = 64');
my $failing = make_database('failing.db',
	"CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER, y TEXT DEFAULT 'a', CHECK (x > 0));
	 INSERT INTO a VALUES (1, 1, 'a'), (2, 'two', 'b'); CREATE INDEX i ON a (lower(y));
	 CREATE VIEW v AS SELECT x FROM a;");
my $bad_text = make_database('bad_text.db',
	"CREATE TABLE b (x TEXT); INSERT INTO b VALUES (CAST(x'ff' AS TEXT));");
my $missing = data_folder() . '/missing.db';

# A third of the failures each: before the file is opened, while it is read, while rows are written.
my $sql = <<"END";
CREATE FUNCTION fail(n int) RETURNS void LANGUAGE plpgsql AS \$\$
BEGIN
    FOR i IN 1 .. n LOOP
        BEGIN
            IF i % 3 = 0 THEN
                PERFORM * FROM migrate.import_sqlite('$missing', schema => 'leak');
            ELSIF i % 3 = 1 THEN
                PERFORM * FROM migrate.import_sqlite('$failing', schema => 'leak',
                    options => '{"on_type_mismatch": "error"}');
            ELSE
                PERFORM * FROM migrate.import_sqlite('$bad_text', schema => 'leak');
            END IF;
            RAISE EXCEPTION 'the import did not fail' USING ERRCODE = 'ZZZZZ';
        EXCEPTION WHEN undefined_file OR datatype_mismatch OR character_not_in_repertoire THEN NULL;
        END;
    END LOOP;
END \$\$;
CREATE FUNCTION descriptors() RETURNS bigint LANGUAGE sql AS
\$\$ SELECT count(*) FROM pg_ls_dir('/proc/self/fd') \$\$;
CREATE FUNCTION anonymous_kb() RETURNS bigint LANGUAGE sql AS
\$\$ SELECT substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\\s+(\\d+)')::bigint \$\$;
END
$node->safe_psql('postgres', $sql);
# Ten transactions of 1,000: what a transaction itself keeps for its subtransactions goes with it.
my $result = $node->safe_psql('postgres', join("\n",
	'SELECT fail(300);', 'SELECT descriptors(), anonymous_kb();',
	('SELECT fail(1000);') x 10,
	'SELECT descriptors(), anonymous_kb();'));
my @lines = grep { /\|/ } split /\n/, $result;
my ($fds_before, $kb_before) = split /\|/, $lines[0];
my ($fds_after, $kb_after) = split /\|/, $lines[1];
note "descriptors $fds_before, then $fds_after; anonymous memory $kb_before kB, then $kb_after kB";
cmp_ok($fds_after, '<=', $fds_before + 2, 'no file descriptor is left');
cmp_ok($kb_after - $kb_before, '<', 8192, 'memory stays where it was');
is($node->safe_psql('postgres', "SELECT to_regnamespace('leak') IS NULL"), 't', 'no table is left');
$node->stop;
done_testing();

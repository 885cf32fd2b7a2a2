# What the tests of leaks share: calls that fail by the thousand in one session, and what they leave
# in its memory and among its open files.
package LeakTest;

use strict;
use warnings;
use Exporter 'import';
use MigrateTest;
use Test::More;

our @EXPORT = qw(leak_sql open_files check_leaks);

# Procedure fail(n), which runs n queries that function failing(i) names, and the view that
# check_leaks reads.
sub leak_sql
{
	return <<'END';
CREATE PROCEDURE fail(n int) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. n LOOP
        BEGIN
            EXECUTE failing(i);
            RAISE EXCEPTION 'query % did not fail', failing(i) USING ERRCODE = 'ZZZZZ';
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE IN ('ZZZZZ', 'XX000') THEN RAISE; END IF;
        END;
        IF i % 500 = 0 THEN COMMIT; END IF;
    END LOOP;
END $$;
CREATE VIEW usage AS
SELECT (substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s+(\d+)')::bigint
        - (SELECT sum(total_bytes) / 1024 FROM pg_backend_memory_contexts c WHERE c.name = 'CacheMemoryContext'))::int AS kb,
    (SELECT sum(total_bytes) / 1024 FROM pg_backend_memory_contexts c WHERE c.name <> 'CacheMemoryContext')::int AS context_kb;
END
}

# The files of the test that a backend has open.
sub open_files
{
	my ($pid) = @_;
	my $folder = data_folder();
	my @files = grep { defined && m{^\Q$folder\E/} } map { readlink } glob "/proc/$pid/fd/*";
	return join "\n", sort @files;
}

# Calls a procedure, after another call that fills the caches.
sub check_leaks
{
	my ($node, $what, $warm_up, $call) = @_;
	my $session = MigrateTest::Client->psql($node);
	is($session->query("SET client_min_messages = error; CALL $warm_up;"), '', "$what: warmed up");
	my ($files_before, @before) = (open_files($session->{pid}), split /\|/, $session->query('TABLE usage;'));
	is($session->query("CALL $call;"), '', "$what: $call");
	my ($files_after, @after) = (open_files($session->{pid}), split /\|/, $session->query('TABLE usage;'));
	note "$what: anonymous memory and memory contexts (kB), caches aside: @before, then @after";
	is($files_after, $files_before, "$what leave no file open");
	cmp_ok($after[0] - $before[0], '<', 4096, "$what leave the memory where it was");
	cmp_ok($after[1] - $before[1], '<', 512, "$what leave nothing in the memory contexts");
	$session->query('SELECT migrate.disconnect();');
	is(open_files($session->{pid}), '', "$what: disconnect() closes every file");
	$session->finish;
	return;
}

1;

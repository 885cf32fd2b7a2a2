# A commit after each file, and commits inside files: one runner at a time all the same, nothing
# left locked; and DOWN scripts in a database that cannot hold their text.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
my ($first, $second, $watcher) = map { MigrateTest::Client->psql($node) } 1 .. 3;
my $locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1296648018";

$watcher->query("CREATE TABLE runs (pid int);
	CREATE PROCEDURE record(gate int) LANGUAGE plpgsql AS 'BEGIN INSERT INTO runs VALUES (pg_backend_pid()); COMMIT; PERFORM pg_advisory_xact_lock_shared(gate); END';");
my %call = map {
	$_ => "CALL migrate.apply_versioned_each('{\"001_a.sql\": \"CALL record(42)\", \"002_b.sql\": \"CALL record(43)\"}'::jsonb, options => '{\"lock_wait\": \"$_\"}');"
} qw(0 120s);

sub waits_at
{
	my ($gate, $client) = @_;
	return $watcher->until("SELECT count(*) = 1 FROM pg_locks WHERE pid = $client->{pid} AND locktype = 'advisory' AND NOT granted AND objid = $gate;", $client);
}

# Behind the COMMIT inside a file, in its middle, another runner does not come in, between the files
# neither; it is told who holds the history.
my $held = qr/ERROR:  history public.schema_migrations is locked by another session\nDETAIL:  Process $first->{pid} of role "postgres", application "[^"]*", has held it since \d/;
$watcher->query('SELECT pg_advisory_lock(42), pg_advisory_lock(43);');
$first->send($call{'120s'});
ok(waits_at(42, $first), 'a runner has committed in the middle of its file');
like($second->query($call{0}), $held, 'another one is refused');
like($second->query("SELECT version FROM migrate.apply_versioned('{\"001_a.sql\": \"SELECT 1\"}'::jsonb);"), $held, 'one that does not commit too');
$second->send($call{'120s'});
$watcher->query('SELECT pg_advisory_unlock(42);');
ok(waits_at(43, $first), 'the first goes on with its next file, although the second waits');
$watcher->query('SELECT pg_advisory_unlock(43);');
like($first->wait, qr/migration "001" applied: .*migration "002" applied: /s, 'and ends');
like($second->wait, qr/nothing to apply/, 'the second finds nothing to do');
is($watcher->query('SELECT count(*), count(DISTINCT pid) FROM runs;'), '2|1', 'each file ran once');
is($watcher->query("$locks;"), 0, 'nothing is left locked');

# Neither after an error, a cancel, or the end of the session.
$watcher->query('DELETE FROM schema_migrations; SELECT pg_advisory_lock(42);');
like($first->query("CALL migrate.apply_versioned_each('{\"003_c.sql\": \"CALL record(44); SELECT 1 / 0\"}'::jsonb);"), qr/division by zero.*what was committed before stays/s,
	'an error behind a COMMIT');
is($watcher->query("$locks;"), 0, 'lets go of the lock');
$first->send($call{0});
ok(waits_at(42, $first), 'a runner waits');
$watcher->query("SELECT pg_cancel_backend($first->{pid});");
like($first->wait, qr/canceling statement due to user request/, 'is cancelled');
is($watcher->query("$locks;"), 0, 'and lets go of the lock');
$watcher->query('DELETE FROM schema_migrations;');
$first->send($call{0});
ok(waits_at(42, $first), 'a runner waits');
$watcher->query("SELECT pg_terminate_backend($first->{pid}, 60000);");
is($watcher->query("$locks;"), 0, 'a session that ends lets go of the lock');
$watcher->query('SELECT pg_advisory_unlock(42);');
$first->finish;

# A ROLLBACK behind a COMMIT, inside a file, does not let others in.
$watcher->query("SELECT pg_advisory_lock(42);
	CREATE PROCEDURE undo() LANGUAGE plpgsql AS 'BEGIN COMMIT; INSERT INTO runs VALUES (0); ROLLBACK; PERFORM pg_advisory_xact_lock_shared(42); END';");
$second->send("CALL migrate.apply_versioned_each('{\"004_d.sql\": \"CALL undo()\"}'::jsonb, options => '{\"missing\": \"allow\"}');");
ok(waits_at(42, $second), 'a runner has rolled back in the middle of its file');
like($node->safe_psql('postgres', "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 1296648018"), qr/^$second->{pid}$/, 'and holds the history');
$watcher->query('SELECT pg_advisory_unlock(42);');
like($second->wait, qr/migration "004" applied/, 'it ends');
is($watcher->query("$locks;"), 0, 'nothing is left locked');

# Two histories in one call's session, one inside the other.
$watcher->query(q[CREATE PROCEDURE nest() LANGUAGE plpgsql AS $$ BEGIN CALL migrate.apply_versioned_each('{"001_a.sql": "SELECT 1"}'::jsonb, options => '{"history": "inner_history"}'); END $$;]);
like($second->query(q[CALL migrate.apply_versioned_each('{"005_e.sql": "CALL nest(); SELECT 1"}'::jsonb, options => '{"missing": "allow"}');]),
	qr/migration "001" applied.*migration "005" applied/s, 'a file may apply the migrations of another history');
is($watcher->query("SELECT count(*) FROM inner_history; $locks;"), "1\n0", 'and nothing is left locked');
$_->finish foreach $second, $watcher;

# A DOWN that the database's encoding cannot hold is not kept in a damaged form.
$node->safe_psql('postgres', "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
$node->safe_psql('latin', 'CREATE EXTENSION migrate; CREATE TABLE t (x text);');
my $folder = data_folder() . '/latin';
mkdir $folder;
append_to_file("$folder/001_a_UP.sql", 'SELECT 1');
append_to_file("$folder/001_a_DOWN.sql", "INSERT INTO t VALUES ('\x{c3}\x{a4}')");
append_to_file("$folder/002_b_UP.sql", "VACUUM;\nSELECT 1");
append_to_file("$folder/002_b_DOWN.sql", "INSERT INTO t VALUES ('\x{e2}\x{82}\x{ac}')");
is( $node->safe_psql('latin', "SELECT version, action, message FROM migrate.apply_versioned('$folder', options => '{\"non_transactional\": \"relax\"}')"),
	"001|applied|\n002|applied|line 1: VACUUM was left out", 'one DOWN that LATIN1 holds, and one that it does not hold');
is( $node->safe_psql('latin', 'SELECT version, down_file, down_script IS NULL, down_checksum IS NULL, message FROM migrate.versioned_log ORDER BY version'),
	"001|001_a_DOWN.sql|f|f|\n002|002_b_DOWN.sql|t|t|line 1: VACUUM was left out; its DOWN script cannot be stored in encoding LATIN1", 'is not stored, and the log says so');
my ($code, $out, $err) = $node->psql('latin', "SELECT * FROM migrate.rollback_versioned('{}'::jsonb, '002')");
like($err, qr/ERROR:  migration "002" has no DOWN script/, 'and never runs');
$node->safe_psql('latin', "DELETE FROM schema_migrations WHERE version = '002'; SELECT * FROM migrate.rollback_versioned('{}'::jsonb, '001')");
is($node->safe_psql('latin', "SET client_encoding = UTF8; SELECT x FROM t"), "\x{c3}\x{a4}", 'the other one runs as it was written');

# A statement that cannot be converted is named itself.
append_to_file("$folder/003_c_UP.sql", "SELECT 1;\nSELECT '\x{e2}\x{82}\x{ac}';\n");
($code, $out, $err) = $node->psql('latin', "SELECT * FROM migrate.apply_versioned('$folder', options => '{\"missing\": \"allow\", \"non_transactional\": \"relax\"}')");
like($err, qr/ERROR:  character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no equivalent in encoding "LATIN1"\nCONTEXT:  migration file "003_c_UP.sql", line 2, statement 2 of 2\n/,
	'a text without an equivalent has its line');

stop_server($node);
done_testing();

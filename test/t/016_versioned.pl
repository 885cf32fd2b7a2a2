# Migrations from a folder: two runners, crashes, rights, and a commit after each file.
use strict;
use warnings;
use File::Path qw(make_path);
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main', 'restart_after_crash = on');
my $folder = data_folder() . '/migrations';

sub write_files
{
	my (%files) = @_;
	foreach my $name (keys %files)
	{
		my $path = "$folder/$name";
		(my $parent = $path) =~ s{/[^/]*$}{};
		make_path($parent);
		append_to_file($path, $files{$name});
	}
	return;
}

write_files(
	'001_a_UP.sql' => "CREATE TABLE a (i int);\n",
	'001_a_DOWN.sql' => "DROP TABLE a;\n",
	'002_slow_UP.sql' => "CREATE TABLE b (i int);\nSELECT pg_advisory_xact_lock_shared(42);\nCREATE TABLE c (i int);\n",
	'002_slow_DOWN.sql' => "DROP TABLE b, c;\n",
	'.hidden.sql' => 'nonsense',
	'README.md' => 'nonsense');

# The first runner waits in the middle of 002; the second is told who holds the history.
my ($gate, $first, $second) = map { MigrateTest::Client->psql($node) } 1 .. 3;
$gate->query('SELECT pg_advisory_lock(42);');
$first->send("SELECT version, action FROM migrate.apply_versioned('$folder');");
ok($gate->until("SELECT count(*) = 1 FROM pg_locks WHERE pid = $first->{pid} AND locktype = 'advisory' AND NOT granted;", $first),
	'a runner is at work');
like( $second->query("SELECT version FROM migrate.apply_versioned('$folder');"),
	qr/ERROR:  history public.schema_migrations is locked by another session\nDETAIL:  Process $first->{pid} of role "postgres", application ".*", has held it since/,
	'a second runner is refused at once, with the holder');
like($second->query("SELECT count(*) FROM migrate.list_versioned('$folder') WHERE status = 'pending';"), qr/^2$/m, 'reading is allowed');
$second->send("SELECT version FROM migrate.apply_versioned('$folder', options => '{\"lock_wait\": \"60s\"}');");
$gate->query('SELECT pg_sleep(0.3); SELECT pg_advisory_unlock(42);');
like($first->wait, qr/^001\|applied\n002\|applied$/m, 'the first ends');
like($second->wait, qr/nothing to apply/, 'the second waited, and has nothing to do');
is($node->safe_psql('postgres', 'SELECT string_agg(version, \',\' ORDER BY version) FROM schema_migrations'), '001,002', 'each file ran once');

# Nobody else writes the history meanwhile, everybody reads it.
$first->query("BEGIN; SELECT version FROM migrate.rollback_versioned('$folder');");
is($second->query('SELECT count(*) FROM schema_migrations;'), 2, 'the history can be read while a runner works');
like( $second->query("SET lock_timeout = '100ms'; DELETE FROM schema_migrations;"),
	qr/ERROR: .*lock timeout/, 'and not be written');
$first->query('ROLLBACK;');
is($node->safe_psql('postgres', "SELECT to_regclass('b') IS NOT NULL"), 't', 'what the caller rolls back never was');

# A kill in the middle leaves nothing.
$node->safe_psql('postgres', "SELECT * FROM migrate.rollback_versioned('$folder', '1', '{\"cascade\": true}')");
$gate->query('SELECT pg_advisory_lock(42);');
$first->send("SELECT version, action FROM migrate.apply_versioned('$folder');");
$gate->until("SELECT count(*) = 1 FROM pg_locks WHERE pid = $first->{pid} AND locktype = 'advisory' AND NOT granted;", $first);
kill 'KILL', $first->{pid};
$node->poll_query_until('postgres', 'SELECT true');
$_->finish foreach $first, $second, $gate;
is( $node->safe_psql('postgres', "SELECT to_regclass('a') IS NULL AND to_regclass('b') IS NULL, count(*) FROM schema_migrations"),
	't|0', 'after kill -9 nothing of the call is there');

# A commit after each file: what failed later does not undo what was before.
write_files('003_enum_UP.sql' => "CREATE TYPE mood AS ENUM ('sad');\n",
	'004_value_UP.sql' => "ALTER TYPE mood ADD VALUE 'ok';\n",
	'005_use_UP.sql' => "CREATE TABLE m AS SELECT 'ok'::mood AS m;\n",
	'006_commit_UP.sql' => "CREATE PROCEDURE p() LANGUAGE plpgsql AS \$\$ BEGIN INSERT INTO a VALUES (1); COMMIT; INSERT INTO a VALUES (2); END \$\$;\nSET search_path = public, nowhere;\nCALL p();\nSET search_path = nowhere;\n",
	'007_bad_UP.sql' => "CREATE TABLE d (i int);\nSELECT 1 / 0;\n");
my ($code, $out, $err) = $node->psql('postgres', "CALL migrate.apply_versioned_each('$folder'); ");
like($err, qr/NOTICE:  migration "001" applied: 1 statements/, 'one NOTICE a file');
like($err, qr/ERROR:  division by zero\n.*migration file "007_bad_UP.sql", line 2, statement 2 of 2\nnothing of this file was applied/s,
	'the error names the file');
is($node->safe_psql('postgres', "SELECT string_agg(version, ',' ORDER BY version), to_regclass('d') IS NULL, (SELECT sum(i) FROM a), (SELECT m FROM m) FROM schema_migrations"),
	'001,002,003,004,005,006|t|3|ok', 'the files before it are there, an enum value and an inner COMMIT too');
unlink "$folder/007_bad_UP.sql";
($code, $out, $err) = $node->psql('postgres', "CALL migrate.apply_versioned_each('$folder')");
like($err, qr/NOTICE:  nothing to apply/, 'and the rest is nothing');

# Neither does a COMMIT inside leave the session the settings of the file, nor take them from its rest.
my $session = MigrateTest::Client->psql($node);
$session->query('CREATE ROLE app_owner; GRANT ALL ON SCHEMA public TO app_owner; GRANT EXECUTE ON PROCEDURE p() TO app_owner; GRANT ALL ON a TO app_owner;');
$session->query("SET work_mem = '7MB'; SET search_path = public, other;");
write_files('008_role_UP.sql' => "SET ROLE app_owner;\nSET work_mem = '3MB';\nSET my.own = 'x';\nCALL p();\nCREATE TABLE by_owner AS SELECT current_setting('work_mem') AS m;\n");
like($session->query("CALL migrate.apply_versioned_each('$folder');"), qr/migration "008" applied/, 'a file may set a role and call what commits');
is($session->query("SELECT current_user, current_setting('work_mem'), current_setting('search_path'), current_setting('lock_timeout'), current_setting('my.own', true) = '';"),
	'postgres|7MB|public, other|0|t', 'the session is as it was');
is($session->query("SELECT m, tableowner FROM by_owner, pg_tables WHERE tablename = 'by_owner';"), '3MB|app_owner', 'and the file kept its settings to the end');
$session->finish;
unlink "$folder/008_role_UP.sql";
$node->safe_psql('postgres', "DELETE FROM schema_migrations WHERE version = '008'");

# Rights: a folder needs those on server files, files do not; the history of a stranger with a
# trigger is not trusted.
$node->safe_psql('postgres', "CREATE ROLE plain LOGIN; CREATE ROLE stranger; CREATE SCHEMA plain AUTHORIZATION plain;
	CREATE SCHEMA strange AUTHORIZATION stranger; GRANT USAGE ON SCHEMA strange TO PUBLIC");
($code, $out, $err) = $node->psql('postgres', "SET ROLE plain; SELECT * FROM migrate.list_versioned('$folder')");
like($err, qr/ERROR:  permission denied to read server files/, 'a folder needs pg_read_server_files');
my $files = '{"001_x_UP.sql": "CREATE TABLE x (i int)", "001_x_DOWN.sql": "DROP TABLE x"}';
is($node->safe_psql('postgres', "SET ROLE plain; SET search_path = plain; SELECT migrate.init_versioned(); SELECT version, action FROM migrate.apply_versioned('$files'::jsonb)"),
	"t\n001|applied", 'files do not');
is($node->safe_psql('postgres', 'SET ROLE stranger; SELECT count(*) FROM migrate.versioned_log'), '0', 'the log of others is not shown');
($code, $out, $err) = $node->psql('postgres', "SET search_path = plain; SELECT * FROM migrate.rollback_versioned('{}'::jsonb, '1')");
like($err, qr/ERROR:  migration "001" has no DOWN script/, 'a superuser does not run the DOWN that somebody stored');
is($node->safe_psql('postgres', "SET ROLE plain; SET search_path = plain; SELECT version, source FROM migrate.rollback_versioned('{}'::jsonb, '1')"),
	'001|log', 'who stored it does');
$node->safe_psql('postgres', "SET ROLE stranger; SET search_path = strange;
	CREATE TABLE schema_migrations (version text PRIMARY KEY, name text NOT NULL);
	CREATE FUNCTION evil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN EXECUTE ''ALTER ROLE stranger SUPERUSER''; RETURN NEW; END';
	CREATE TRIGGER evil BEFORE INSERT ON schema_migrations FOR EACH ROW EXECUTE FUNCTION evil()");
($code, $out, $err) = $node->psql('postgres', "SET search_path = strange; SELECT * FROM migrate.apply_versioned('{\"1_a.sql\": \"SELECT 1\"}'::jsonb)");
like($err, qr/ERROR:  history table strange.schema_migrations is not trusted\nDETAIL:  Its owner "stranger"/, 'a planted trigger is not run');
is($node->safe_psql('postgres', "SELECT rolsuper FROM pg_roles WHERE rolname = 'stranger'"), 'f', 'and makes nobody a superuser');
$node->safe_psql('postgres', 'DROP TRIGGER evil ON strange.schema_migrations');
is($node->safe_psql('postgres', "SET search_path = strange; SELECT version, action FROM migrate.apply_versioned('{\"1_a.sql\": \"SELECT 1\"}'::jsonb)"),
	'1|applied', 'a plain table of a stranger is used');

# The path grows in front of the history: no second one.
$node->safe_psql('postgres', "CREATE ROLE app; CREATE SCHEMA m AUTHORIZATION app; GRANT CREATE ON DATABASE postgres TO app");
my $grow = '{"1_a.sql": "CREATE SCHEMA app", "2_b.sql": "CREATE TABLE app.t (i int)"}';
is($node->safe_psql('postgres', "SET ROLE app; SET search_path = \"\$user\", m; SELECT migrate.init_versioned(); SELECT count(*) FROM migrate.apply_versioned('$grow'::jsonb);
	SELECT count(*) FROM migrate.list_versioned('$grow'::jsonb) WHERE status = 'applied'"), "t\n2\n2", 'a new schema in front of the history changes nothing');

# A call does not grow with the number of its files.
SKIP:
{
	skip 'no /proc here', 2 unless -r '/proc/self/status';
	my $many = MigrateTest::Client->psql($node);
	my $resident = sub { slurp_file("/proc/$many->{pid}/status") =~ /^RssAnon:\s+(\d+)/m; return $1; };
	$node->safe_psql('postgres', 'CREATE SCHEMA many');
	$many->query("SET search_path = many; SET client_min_messages = warning; SELECT migrate.init_versioned();");
	$many->query("SELECT jsonb_object_agg(lpad(i::text, 4, '0') || '_a.sql', 'SELECT 1;') AS files FROM generate_series(1, 800) i \\gset");
	$many->query("SELECT count(*) FROM migrate.apply_versioned(:'files'::jsonb, '0020');");
	my $before = $resident->();
	is($many->query("SELECT count(*) FROM migrate.apply_versioned(:'files'::jsonb, '0400');"), 380, '380 files in one transaction');
	$many->query("CALL migrate.apply_versioned_each(:'files'::jsonb);");
	cmp_ok($resident->() - $before, '<', 4096, 'and 400 with a commit after each take less than 4 MB more than 20');
	$many->finish;
}

stop_server($node);
done_testing();

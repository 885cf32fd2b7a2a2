# Migrations through PgBouncer in transaction pooling: listed, applied and undone, by two runners at
# once, and without a trace in the server's connection that the next client gets.
use strict;
use warnings;
use File::Path qw(make_path);
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my ($bouncer) = grep { -x } map { "$_/pgbouncer" } split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/local/sbin';
plan skip_all => 'there is no pgbouncer' unless $bouncer;
plan skip_all => 'PgBouncer does not run as root' if $> == 0;

my $node = start_server('main');
my $home = data_folder() . '/pool';
my $folder = data_folder() . '/migrations';
my $port = PostgreSQL::Test::Cluster::get_free_port();
my $user = getpwuid($>);
$node->safe_psql('postgres', 'CREATE ROLE app; CREATE ROLE plain LOGIN; CREATE SCHEMA plain AUTHORIZATION plain');

# "one" hands the same connection to everybody in turn.
make_path($home);
chmod 0700, $home;
append_to_file("$home/users", "\"$user\" \"\"\n\"plain\" \"\"\n");
my $server = 'host=' . $node->host . ' port=' . $node->port . ' dbname=postgres';
append_to_file("$home/pgbouncer.ini", <<"END");
[databases]
one = $server pool_size=1
many = $server pool_size=5
[pgbouncer]
listen_port = $port
unix_socket_dir = $home
auth_type = trust
auth_file = $home/users
pool_mode = transaction
logfile = $home/log
END
my $pool = IPC::Run::start([ $bouncer, '-q', "$home/pgbouncer.ini" ], '>', '/dev/null', '2>', "$home/said");

sub client
{
	my ($database, $role) = @_;
	my $self = MigrateTest::Client->new('psql', '-XAtq', '-d', "host=$home port=$port dbname=$database user=" . ($role // $user));
	$self->{echo} = '\echo %s';
	return $self;
}

sub write_files
{
	my (%files) = @_;
	make_path($folder);
	append_to_file("$folder/$_", $files{$_}) foreach keys %files;
	return;
}

foreach (1 .. 100)
{
	last if -S "$home/.s.PGSQL.$port";
	select undef, undef, undef, 0.1;
}

# What a connection has that it had not from the start.
my $traces = q{SELECT pg_backend_pid(), current_user, session_user, current_setting('search_path'),
	(SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings WHERE source = 'session' AND name NOT IN ('application_name', 'client_encoding')),
	(SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),
	(SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors);};

write_files(
	'001_a_UP.sql' => "SET search_path = pg_catalog;\nSET ROLE app;\nRESET ROLE;\nSET statement_timeout = '1h';\nCREATE TABLE public.a (i int);\n"
	  . "SELECT set_config('work_mem', '1MB', false);\nSET ROLE app;\n",
	'001_a_DOWN.sql' => "SET search_path = public;\nSET SESSION AUTHORIZATION app;\nRESET SESSION AUTHORIZATION;\nDROP TABLE a;\n",
	'002_b_UP.sql' => "CREATE TABLE b (i int);\n",
	'002_b_DOWN.sql' => "DROP TABLE b;\n");
my ($one, $other) = map { client('one') } 1 .. 2;
my $before = $other->query($traces);
like($before, qr/^\d+\|$user\|$user\|"\$user", public\|[^|]*\|0\|0\|0$/, 'the connection is new');
is($one->query("SELECT version, status FROM migrate.list_versioned('$folder');"), "001|pending\n002|pending", 'list');
is($one->query("SELECT version, action FROM migrate.apply_versioned('$folder');"), "001|applied\n002|applied", 'apply');
is($other->query($traces), $before, 'the next client of the connection finds nothing of it');
like($one->query("SELECT * FROM migrate.apply_versioned('$folder');"), qr/NOTICE:  nothing to apply/, 'apply again');
is($other->query("SELECT version, action FROM migrate.rollback_versioned('$folder', '1', '{\"cascade\": true}');"),
	"002|rolled_back\n001|rolled_back", 'roll back, as another client');
is($other->query($traces), $before, 'nothing is left of that either');
write_files('003_bad_UP.sql' => "SET search_path = pg_catalog;\nSET ROLE app;\nSELECT 1 / 0;\n");
like($one->query("SELECT * FROM migrate.apply_versioned('$folder');"),
	qr/ERROR:  division by zero\n.*migration file "003_bad_UP.sql", line 3, statement 3 of 3\nnothing of this call was applied/s, 'an error');
is($other->query($traces), $before, 'nor of an error');
unlink "$folder/003_bad_UP.sql";

# A commit after each file, and one within.
write_files('004_p_UP.sql' => "CREATE PROCEDURE p() LANGUAGE plpgsql AS \$\$ BEGIN INSERT INTO public.a VALUES (1); COMMIT; INSERT INTO public.a VALUES (2); END \$\$;\n"
	  . "SET search_path = public, nowhere;\nSET work_mem = '2MB';\nSET app.tenant = '7';\nCALL p();\nSET work_mem = '3MB';\nSET search_path = nowhere;\n");
my $told = $one->query("CALL migrate.apply_versioned_each('$folder');");
like($told, qr/migration "001" applied.*migration "002" applied.*migration "004" applied/s, 'apply with a commit after each file');
is($one->query('SELECT sum(i) FROM a;'), 3, 'all of it was done');
is($other->query($traces), $before, 'and nothing of it is left');
like($one->query("BEGIN; CALL migrate.apply_versioned_each('$folder');"), qr/ERROR:  migrate.apply_versioned_each\(\) cannot run inside a transaction block/,
	'not in a block');
$one->query('ROLLBACK;');

# Two runners, with connections of their own: the second is refused, or waits. The gate is held by a
# session that does not go through the pool.
write_files('005_slow_UP.sql' => "CREATE TABLE c (i int);\nSELECT pg_advisory_xact_lock_shared(42);\n");
my $gate = MigrateTest::Client->psql($node);
my ($first, $second, $third) = map { client('many') } 1 .. 3;
my $waiting = "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted;";
$gate->query('SELECT pg_advisory_lock(42);');
$first->send("SELECT version, action FROM migrate.apply_versioned('$folder');");
ok($gate->until($waiting, $first), 'a runner is at work');
my $holder = $gate->query("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted;");
like($second->query("SELECT version FROM migrate.apply_versioned('$folder');"),
	qr/ERROR:  history public.schema_migrations is locked by another session\nDETAIL:  Process $holder of role "$user"/,
	'a second one is refused, with the holder');
is($second->query("SELECT version FROM migrate.list_versioned('$folder') WHERE status = 'pending';"), '005', 'it can list');
$second->send("SELECT version FROM migrate.apply_versioned('$folder', options => '{\"lock_wait\": \"60s\"}');");
$third->send("CALL migrate.apply_versioned_each('$folder', options => '{\"lock_wait\": \"60s\"}');");
$gate->query('SELECT pg_sleep(0.5); SELECT pg_advisory_unlock(42);');
is($first->wait, '005|applied', 'the first ends');
like($second->wait, qr/NOTICE:  nothing to apply/, 'the second waited, and has nothing to do');
like($third->wait, qr/NOTICE:  nothing to apply/, 'so has one with a commit after each file');
is($gate->query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory';"), 0, 'no lock is left in the pool');
is($node->safe_psql('postgres', "SELECT string_agg(version, ',' ORDER BY version) FROM schema_migrations"), '001,002,004,005', 'each ran once');

# The road for who has no rights on the server's files.
my $plain = client('one', 'plain');
my $files = q('{"001_x_UP.sql": "CREATE TABLE x (i int)", "001_x_DOWN.sql": "DROP TABLE x"}'::jsonb);
is($plain->query("BEGIN; SET LOCAL search_path = plain; SELECT migrate.init_versioned(); SELECT version, action FROM migrate.apply_versioned($files); COMMIT;"),
	"t\n001|applied", 'files as jsonb, in a block of the client');
like($plain->query("SELECT * FROM migrate.list_versioned('$folder');"), qr/ERROR:  permission denied to read server files/, 'a folder is not theirs');

$_->finish foreach $one, $other, $gate, $first, $second, $third, $plain;
$pool->signal('INT');
$pool->finish;
unlike(slurp_file("$home/log"), qr/FATAL|PANIC/, 'PgBouncer had no accident');
stop_server($node);
done_testing();

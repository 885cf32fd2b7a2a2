# pg_cancel_backend, statement_timeout and a lost client stop an import within a second, in a long
# SQLite step and while it waits for a lock too; what only asks for attention does not stop it.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $node = start_server('main', 'client_connection_check_interval = 500ms');
my $path = make_database('big.db', rows_sql(1_000_000));

# What the sql gives, and the seconds that it took.
sub timed
{
	my ($sql) = @_;
	my $start = time;
	my (undef, undef, $err) = $node->psql('postgres', $sql);
	return ($err, time - $start);
}

# Cancelled while rows load
my $session = MigrateTest::Client->psql($node);
$session->start_import($node, $path, 'cancelled', 50_000);
my $start = time;
$node->safe_psql('postgres', "SELECT pg_cancel_backend($session->{pid})");
my $text = $session->wait;
my $took = time - $start;
like($text, qr/canceling statement due to user request/, 'the import is cancelled');
cmp_ok($took, '<', 2, "at once (took $took)");
is($session->query("SELECT to_regnamespace('cancelled') IS NULL;"), 't', 'and leaves nothing');

# What sets InterruptPending and wants no end must not stop the import.
$session->start_import($node, $path, 'logged', 20_000);
$node->safe_psql('postgres', join ';', ("SELECT pg_log_backend_memory_contexts($session->{pid})") x 20);
like($session->wait, qr/^1000000$/m, 'a request to log memory contexts does not stop the import');
is($session->query('SELECT count(*), count(DISTINCT id) FROM logged.t;'),
	'1000000|1000000', 'and loses no row');

# One pass over a million rows that yields nothing: no batch ends, only SQLite's own loop runs.
foreach my $function (qw(plan inspect verify))
{
	my $arguments = $function eq 'inspect' ? "'$path'" : "'$path', schema => 'logged'";
	my ($err, $seconds) = timed("SET statement_timeout = '300ms'; SELECT * FROM migrate.${function}_sqlite($arguments)");
	like($err, qr/canceling statement due to statement timeout/, "statement_timeout stops $function");
	cmp_ok($seconds, '<', 2, "within a second of the limit (took $seconds)");
}
my ($err, $seconds) = timed("SET statement_timeout = '300ms'; SELECT * FROM migrate.import_sqlite('$path', schema => 'late')");
like($err, qr/canceling statement due to statement timeout/, 'and an import');
cmp_ok($seconds, '<', 2, "within a second of the limit (took $seconds)");

# A file that its application holds: a backup and an import wait for it with their eyes open.
my $locked = make_database('locked.db', 'CREATE TABLE t (a); INSERT INTO t VALUES (1);');
my $application = start_application($locked);
$application->query('BEGIN EXCLUSIVE;');
my $import = "SELECT * FROM migrate.import_sqlite('$locked', schema => 'waits', options => '{\"lock_timeout\": \"100s\"}')";
($err, $seconds) = timed("SET statement_timeout = '300ms'; $import");
like($err, qr/canceling statement due to statement timeout/, 'the wait for a locked file is stopped');
cmp_ok($seconds, '<', 2, "within a second of the limit (took $seconds)");

# A client that goes away
$session->send("$import;");
$node->poll_query_until('postgres', "SELECT state = 'active' AND query ~ 'waits' FROM pg_stat_activity WHERE pid = $session->{pid}");
$session->kill;
$start = time;
ok($node->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = $session->{pid}"),
	'a lost client ends its import');
$took = time - $start;
cmp_ok($took, '<', 5, "in seconds (took $took)");
$application->finish;
is($node->safe_psql('postgres', "SELECT to_regnamespace('waits') IS NULL"), 't', 'and nothing is left');
stop_server($node);
done_testing();

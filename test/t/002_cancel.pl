# pg_cancel_backend and statement_timeout stop an import within a second, in a long SQLite step too;
# what only asks for a backend's attention does not stop it.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $node = start_server('main');
my $path = make_database('big.db', rows_sql(2_000_000));
# A step that yields no row for long: a generated column over which SQLite skips everything is not
# to be had, but one long row loop inside a single step is: a table whose rows were all deleted
# but for the last, and a count over millions of rows.
my $slow = make_database('slow.db', rows_sql(2_000_000)
	. "CREATE INDEX t_n ON t (n); CREATE TABLE u (a INTEGER);");

sub import_in_background
{
	my ($file, $schema, @before) = @_;
	my $state = { in => '', out => '', err => '' };
	$state->{psql} = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
		'<', \$state->{in}, '>', \$state->{out}, '2>', \$state->{err});
	$state->{in} .= "SELECT pg_backend_pid();\n";
	$state->{psql}->pump until $state->{out} =~ /(\d+)\n/;
	$state->{pid} = $1;
	$state->{in} .= join('', @before);
	$state->{in} .= "SELECT rows_loaded FROM migrate.import_sqlite('$file', schema => '$schema');\n";
	$state->{psql}->pump_nb;
	$node->poll_query_until('postgres',
		"SELECT tuples_processed > 50000 FROM pg_stat_progress_copy WHERE pid = $state->{pid}")
	  or die 'the import did not start';
	return $state;
}

# Cancel
my $run = import_in_background($path, 'cancelled');
my $start = time;
$node->safe_psql('postgres', "SELECT pg_cancel_backend($run->{pid})");
$run->{psql}->finish;
my $took = time - $start;
like($run->{err}, qr/canceling statement due to user request/, 'the import is cancelled');
cmp_ok($took, '<', 1.5, "within a second (took $took)");
is($node->safe_psql('postgres', "SELECT to_regnamespace('cancelled') IS NULL"), 't', 'and leaves nothing');

# statement_timeout
$start = time;
my ($code, $out, $err) = $node->psql('postgres',
	"SET statement_timeout = '300ms'; SELECT * FROM migrate.import_sqlite('$path', schema => 'late')");
$took = time - $start;
like($err, qr/canceling statement due to statement timeout/, 'statement_timeout stops it');
cmp_ok($took, '<', 1.8, "within a second of the limit (took $took)");

# A plan reads every value and writes nothing: one long SQLite pass.
$start = time;
($code, $out, $err) = $node->psql('postgres',
	"SET statement_timeout = '300ms'; SELECT * FROM migrate.plan_sqlite('$slow', schema => 'late')");
$took = time - $start;
like($err, qr/canceling statement due to statement timeout/, 'and a plan');
cmp_ok($took, '<', 1.8, "within a second of the limit (took $took)");

# pg_log_backend_memory_contexts sets InterruptPending and must not stop the import.
$run = import_in_background($path, 'logged');
$node->safe_psql('postgres', "SELECT pg_log_backend_memory_contexts($run->{pid})") for 1 .. 20;
$run->{in} .= "\\q\n";
$run->{psql}->finish;
like($run->{out}, qr/^2000000$/m, 'a request to log memory contexts does not stop the import');
is($node->safe_psql('postgres', 'SELECT count(*), count(DISTINCT id) FROM logged.t'),
	'2000000|2000000', 'and loses no row');
$node->stop;
done_testing();

# kill -9 of the backend in the middle of an import: after recovery no table, no row and no
# bookkeeping is left (PostgreSQL itself may leave the uncommitted file on disk).
use strict;
use warnings;
use lib 't';
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main', 'restart_after_crash = on');
my $path = make_database('big.db', rows_sql(2_000_000));
$node->safe_psql('postgres', 'CREATE TABLE before (x int); INSERT INTO before VALUES (1)');

my ($in, $out, $err) = ('', '', '');
my $psql = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
	'<', \$in, '>', \$out, '2>', \$err);
$in .= "SELECT pg_backend_pid();\n";
$psql->pump until $out =~ /(\d+)\n/;
my $pid = $1;
$in .= "SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'killed');\n";
$psql->pump_nb;
ok( $node->poll_query_until(
		'postgres', "SELECT tuples_processed > 100000 FROM pg_stat_progress_copy WHERE pid = $pid"),
	'the import is under way, and pg_stat_progress_copy shows it');
kill 'KILL', $pid;
$psql->finish;

ok($node->poll_query_until('postgres', 'SELECT true'), 'the server recovers');
is($node->safe_psql('postgres', "SELECT to_regnamespace('killed') IS NULL"), 't', 'no schema');
is($node->safe_psql('postgres', "SELECT count(*) FROM pg_class WHERE relname = 't'"), '0', 'no table');
is($node->safe_psql('postgres', 'SELECT count(*) FROM migrate.runs'), '0', 'no run');
is($node->safe_psql('postgres', 'SELECT x FROM before'), '1', 'what was there is there');
is( $node->safe_psql('postgres',
		"SELECT rows_loaded FROM migrate.import_sqlite('$path', schema => 'killed')"),
	'2000000', 'and the import can run again');
$node->stop;
done_testing();

# kill -9 of the backend in the middle of an import: after recovery no table, no row and no
# bookkeeping is left (PostgreSQL itself may leave the uncommitted file on disk).
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main', 'restart_after_crash = on');
my $path = make_database('big.db', rows_sql(1_500_000));
$node->safe_psql('postgres', 'CREATE TABLE before (x int); INSERT INTO before VALUES (1)');

my $session = MigrateTest::Client->psql($node);
$session->start_import($node, $path, 'killed', 100_000);
pass('the import is under way, and pg_stat_progress_copy shows it');
kill 'KILL', $session->{pid};
unlike($session->finish, qr/^1500000$/m, 'the import did not end before it was killed');

ok($node->poll_query_until('postgres', 'SELECT true'), 'the server recovers');
is($node->safe_psql('postgres', "SELECT to_regnamespace('killed') IS NULL"), 't', 'no schema');
is($node->safe_psql('postgres', "SELECT count(*) FROM pg_class WHERE relname = 't'"), '0', 'no table');
is($node->safe_psql('postgres', 'SELECT count(*) FROM migrate.runs'), '0', 'no run');
is($node->safe_psql('postgres', 'SELECT x FROM before'), '1', 'what was there is there');
is( $node->safe_psql('postgres',
		"SELECT rows_loaded FROM migrate.import_sqlite('$path', schema => 'killed')"),
	'1500000', 'and the import can run again');
stop_server($node);
done_testing();

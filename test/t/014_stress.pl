# Imports that are stopped at any moment, that run in odd places or with hardly any memory: an error
# or a result, never a crash, a leak or half an import.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $node = start_server('main');
my $shop = fixture('shop.db');
my $views = fixture('views.db');
my $import = "migrate.import_sqlite('$shop', schema => 'shop')";
my $state = "SELECT to_regnamespace('shop') IS NULL, count(*) FROM migrate.runs";

# Cancelled at random moments, each in the same session; a cancel may come too early or too late.
srand 20240229;
my $session = MigrateTest::Client->psql($node);
my $killer = MigrateTest::Client->psql($node);
$session->query('SET client_min_messages = error;');
my %seen;
foreach (1 .. 60)
{
	$session->send("BEGIN; SELECT 'loaded', count(*) > 5 FROM $import; ROLLBACK;");
	usleep(int rand 250_000);
	$killer->query("SELECT pg_cancel_backend($session->{pid});");
	my $text = $session->wait;
	$seen{ $text =~ /canceling statement/ ? 'cancelled' : $text =~ /^loaded\|t$/m ? 'loaded' : $text }++;
}
my $others = join "\n", grep { !/^(cancelled|loaded)$/ } keys %seen;
is($others, '', 'a cancelled import says so and nothing else');
cmp_ok($seen{cancelled} // 0, '>', 5, 'some were cancelled: ' . ($seen{cancelled} // 0) . ' of 60');

# The same by statement_timeout, in one transaction with savepoints, so that what a stopped import
# leaves in the session would be met by the next.
my $timeouts = join "\n", map { "SAVEPOINT s; SET LOCAL statement_timeout = $_; SELECT count(*) FROM $import; ROLLBACK TO s;" } (1 .. 20, 25, 30, 40, 60, 100);
my $text = $session->query("BEGIN; $timeouts SELECT 'alive'; SET LOCAL statement_timeout = 0; SELECT 'loaded', count(*) > 5 FROM $import; ROLLBACK;");
like($text, qr/^alive$/m, 'a session goes on after imports that ran out of time');
like($text, qr/^loaded\|t$/m, 'and can import');
$text =~ s/^.*canceling statement due to statement timeout.*\n?//mg;
unlike($text, qr/ERROR/, 'that is the only error');
is($session->query("$state;"), 't|0', 'nothing is left of all this');

# Hardly any memory, stack or disk: the import works, or says what it lacks.
foreach my $setting ("max_stack_depth = '100kB'", "work_mem = '64kB'", "maintenance_work_mem = '1MB'",
	"temp_file_limit = '1kB'", "temp_buffers = '800kB'", 'max_parallel_maintenance_workers = 8',
	'default_transaction_isolation = serializable', "session_replication_role = replica",
	'default_toast_compression = pglz', 'standard_conforming_strings = off', 'row_security = off',
	"search_path = ''", 'synchronous_commit = off', 'jit_above_cost = 0', 'check_function_bodies = off',
	"DateStyle = 'German'", "TimeZone = 'America/New_York'", "bytea_output = escape", 'extra_float_digits = -15')
{
	$text = $session->query("SET $setting; BEGIN; SELECT 'loaded', count(*) > 5 FROM $import;
		SELECT 'verified', bool_and(matches) FROM migrate.verify_sqlite('$shop', schema => 'shop'); ROLLBACK; RESET ALL;
		SET client_min_messages = error;");
	if ($setting =~ /temp_file_limit|max_stack_depth/ && $text =~ /ERROR: .*(temp_file_limit|stack depth)/)
	{
		pass("$setting: said to be too little");
		next;
	}
	is($text, "loaded|t\nverified|t", "import and verify with $setting");
}

# In odd places
$session->query(<<"END");
CREATE FUNCTION load() RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog
    AS \$\$ SELECT count(*) FROM migrate.import_sqlite('$views', schema => 'odd') \$\$;
CREATE TABLE watched (n bigint);
CREATE FUNCTION react() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN NEW.n := public.load(); RETURN NEW; END \$\$;
CREATE TRIGGER react BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION react();
END
my @odd = (
	[ 'a trigger', "INSERT INTO watched VALUES (0) RETURNING n;", '2' ],
	[ 'a SECURITY DEFINER function', 'SELECT load();', '2' ],
	[ 'a cursor', "DECLARE c CURSOR FOR SELECT table_name FROM migrate.import_sqlite('$views', schema => 'odd'); FETCH 1 FROM c; CLOSE c;", 'odd.customer' ],
	[ 'a cursor that is held', "DECLARE c CURSOR WITH HOLD FOR SELECT rows_read >= 0 FROM migrate.import_sqlite('$views', schema => 'odd'); FETCH 1 FROM c; CLOSE c;", 't' ],
	[ 'a block that fails afterwards', "DO \$\$ BEGIN BEGIN PERFORM load(); RAISE 'no'; EXCEPTION WHEN raise_exception THEN NULL; END; PERFORM load(); END \$\$; SELECT count(*) FROM pg_tables WHERE schemaname = 'odd';", '2' ],
	[ 'a prepared statement', "PREPARE p AS SELECT count(*) FROM migrate.import_sqlite(\$1, schema => 'odd'); EXECUTE p('$views'); DEALLOCATE p;", '2' ],
	[ 'a LATERAL join over two schemas', "SELECT count(*) FROM (VALUES ('odd'), ('odder')) s (n), LATERAL migrate.import_sqlite('$views', schema => s.n);", '4' ],
	[ 'the select list', "SELECT (migrate.import_sqlite('$views', schema => 'odd')).rows_read >= 0 LIMIT 1;", 't' ],
	[ 'CREATE TABLE AS', "CREATE TABLE result AS SELECT * FROM migrate.import_sqlite('$views', schema => 'odd'); SELECT count(*) FROM result;", '2' ],
	[ 'COPY', "COPY (SELECT count(*) FROM migrate.import_sqlite('$views', schema => 'odd')) TO STDOUT;", '2' ],
	[ 'EXPLAIN ANALYZE', "DO \$\$ BEGIN EXECUTE 'EXPLAIN ANALYZE SELECT * FROM migrate.import_sqlite(''$views'', schema => ''odd'')'; END \$\$; SELECT count(*) FROM pg_tables WHERE schemaname = 'odd';", '2' ],
	[ 'an import that reads the result of another', "SELECT count(*) FROM migrate.import_sqlite('$views', schema => 'odd') a JOIN migrate.plan_sqlite('$views', schema => 'odder') b ON b.step = 1;", '2' ]);
foreach my $case (@odd)
{
	my ($place, $sql, $expected) = @$case;
	is($session->query("BEGIN; $sql ROLLBACK;"), $expected, "an import in $place");
}
# A schema of its own that is dropped in the same transaction, and a rollback after a drop.
is($session->query("BEGIN; SELECT load(); DROP SCHEMA odd CASCADE; SELECT load(); COMMIT; DROP SCHEMA odd CASCADE; SELECT load();"), "2\n2\n2",
	'import, drop and import in one transaction');
$_->finish foreach $session, $killer;
stop_server($node);
done_testing();

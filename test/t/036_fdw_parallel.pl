# Parallel scans of SQLite tables: each row is read once, however the rowids lie; every worker reads
# the leader's state of the file or nothing at all; where that is not sure, there are no workers.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my @settings = ('min_parallel_table_scan_size = 0', 'parallel_setup_cost = 0', 'parallel_tuple_cost = 0',
	'max_parallel_workers_per_gather = 2', 'max_worker_processes = 16', 'max_parallel_workers = 8');
my $node = start_server('main', @settings);

# --- how the rowids lie ---------------------------------------------------------------------------

my %shapes = (
	dense => 'i',
	sparse => 'i * 1000003',
	negative => '-i * 17',
	random => '(i * 2654435761 % 4294967296 - 2147483648) * 4294967296 + i',
	clusters => 'i % 7 * 1000000000000000 + i',
	edges => 'CASE i WHEN 1 THEN -9223372036854775807 - 1 WHEN 2 THEN 9223372036854775807 WHEN 3 THEN 0 ELSE i * 30000000000000 END',
	few => 'i % 3');
my $source = '';
foreach my $shape (sort keys %shapes)
{
	$source .= "CREATE TABLE $shape (id INTEGER PRIMARY KEY, n INTEGER, t TEXT);
		WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 60000)
		INSERT OR IGNORE INTO $shape SELECT $shapes{$shape}, i % 1000, 'row ' || i FROM s;";
}
my $path = make_database('shapes.db', "PRAGMA synchronous = OFF; BEGIN; $source
	CREATE TABLE hidden (rowid TEXT, _rowid_ TEXT, oid TEXT); INSERT INTO hidden SELECT t, t, t FROM dense;
	CREATE TABLE keyed (id INTEGER PRIMARY KEY, n INTEGER, t TEXT) WITHOUT ROWID; INSERT INTO keyed SELECT * FROM dense;
	CREATE VIEW seen AS SELECT * FROM dense;
	CREATE TABLE empty (id INTEGER PRIMARY KEY, n INTEGER, t TEXT); COMMIT;");
chmod 0666, $path;
$node->safe_psql('postgres', "CREATE SERVER shapes FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$path', lock_timeout '1s');
	CREATE DOMAIN odd AS bigint CHECK (VALUE IS NOT NULL);
	CREATE FOREIGN TABLE hidden (oid text) SERVER shapes;
	CREATE FOREIGN TABLE doubtful (id odd, n bigint, t text) SERVER shapes OPTIONS (table 'dense');" .
	join '', map { "CREATE FOREIGN TABLE $_ (id bigint, n bigint, t text) SERVER shapes;" } sort(keys %shapes), 'keyed', 'seen', 'empty');

my $answer = 'SELECT count(id), count(DISTINCT id), min(id), max(id), sum(n), count(t)';
sub has_workers { my ($query) = @_; return $node->safe_psql('postgres', "EXPLAIN $query") =~ /Parallel Foreign Scan/ ? 1 : 0 }
foreach my $shape (sort keys %shapes, 'empty')
{
	my $query = "$answer FROM (SELECT * FROM $shape OFFSET 0) x";
	is(has_workers($query), 1, "$shape: planned in parallel") if $shape ne 'empty' && $shape ne 'few';
	my $alone = $node->safe_psql('postgres', "SET max_parallel_workers_per_gather = 0; $query");
	is($node->safe_psql('postgres', $query), $alone, "$shape: the same rows");
	is($node->safe_psql('postgres', "SET parallel_leader_participation = off; $query"), $alone, "$shape: by workers alone");
	is($node->safe_psql('postgres', "$answer FROM (SELECT * FROM $shape WHERE n < 500 OFFSET 0) x"),
		$node->safe_psql('postgres', "SET max_parallel_workers_per_gather = 0; $answer FROM (SELECT * FROM $shape WHERE n < 500 OFFSET 0) x"),
		"$shape: under a condition");
}
is(has_workers("SELECT sum(n) FROM $_"), 0, "$_: not in parallel") foreach ('keyed', 'seen', 'doubtful');
is(has_workers('SELECT max(oid) FROM hidden'), 0, 'hidden: a rowid that has no name is no range');

# --- rescans, joins, subqueries, errors -----------------------------------------------------------

my $loops = 'SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET enable_memoize = off;';
is($node->safe_psql('postgres', "$loops SELECT count(*), sum(d.n) FROM generate_series(1, 5) g LEFT JOIN dense d ON d.n % 5 = g"),
	$node->safe_psql('postgres', 'SELECT count(*), sum(d.n) FROM generate_series(1, 5) g LEFT JOIN (SELECT * FROM dense OFFSET 0) d ON d.n % 5 = g'),
	'a Gather that is begun again');
is($node->safe_psql('postgres', 'SELECT count(*), sum(a.n + b.n) FROM dense a JOIN negative b ON a.id = -b.id / 17 WHERE a.n + b.n > 3'),
	$node->safe_psql('postgres', 'SET max_parallel_workers_per_gather = 0; SELECT count(*), sum(a.n + b.n) FROM dense a JOIN negative b ON a.id = -b.id / 17 WHERE a.n + b.n > 3'),
	'a join of two parallel scans');
my $each = 'SELECT g, (SELECT sum(n) FROM dense WHERE n % 3 = g) FROM generate_series(0, 1) g';
is($node->safe_psql('postgres', $each), $node->safe_psql('postgres', "SET max_parallel_workers_per_gather = 0; $each"), 'a subquery of each row');
is($node->safe_psql('postgres', 'SELECT t FROM dense WHERE n % 1000 = 999 LIMIT 1') =~ /^row \d+$/ ? 1 : 0, 1, 'a LIMIT above a Gather');
my ($code, $out, $err) = $node->psql('postgres', 'SELECT sum(1 / (n - 999)) FROM dense');
like($err, qr/division by zero/, 'an error in a worker');
($code, $out, $err) = $node->psql('postgres', "SET statement_timeout = '300ms'; SELECT sum(a.n) FROM dense a, dense b WHERE a.n + b.n = -1");
like($err, qr/statement timeout/, 'a timeout');
my $session = MigrateTest::Client->psql($node);
is($session->query('BEGIN; DECLARE c CURSOR FOR SELECT t FROM dense WHERE n % 1000 = 500; MOVE 10 IN c; FETCH 1 FROM c; COMMIT;') =~ /^row \d+$/ ? 1 : 0, 1, 'a cursor');
is($session->query('BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT t FROM dense WHERE n % 1000 = 500; COMMIT; MOVE 100 IN c; CLOSE c;'), '', 'a cursor that is held');

# --- one state of the file ------------------------------------------------------------------------

my $launched = sub {
	my ($query) = @_;
	my $plan = $session->query("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) $query;");
	return $plan =~ /Workers Launched: (\d+)/ ? $1 : 'none planned';
};
my $sum = 'SELECT sum(n) FROM dense';
my $old = $node->safe_psql('postgres', $sum);
is($launched->($sum), 2, 'two workers');
my $application = start_application($path);
$application->query('PRAGMA busy_timeout = 60000;');

# A writer that waits for its turn keeps every new reader out, so the workers too.
$session->query('BEGIN; DECLARE c CURSOR FOR SELECT id FROM dense; FETCH 1 FROM c;');
$application->query('BEGIN; UPDATE dense SET n = n + 1;');
$application->send('COMMIT;');
sleep 1;
is($session->query("$sum;"), $old, 'a writer waits: the leader reads alone');
is($launched->($sum), 2, 'as the workers leave all to it');
my $refused = $session->query("SET parallel_leader_participation = off; $sum;");
like($refused, qr/could not share the scan of a SQLite table with a parallel worker/, 'where it may not, that is an error');
$session->query('ROLLBACK;');
is($application->wait, '', 'and the writer has its turn');
is($session->query("RESET parallel_leader_participation; $sum;"), $old + 60000, 'the next statement sees what it wrote');

# REPEATABLE READ.
is($session->query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT min(id) FROM dense;"), '1', 'a snapshot of the transaction');
is($launched->($sum), 2, 'workers read it too');
$application->query('PRAGMA busy_timeout = 0;');
like($application->query('UPDATE dense SET n = n - 1;'), qr/locked/, 'nobody can write meanwhile');
is($session->query("$sum; COMMIT;"), $old + 60000, 'the same answer to its end');
is($application->query('UPDATE dense SET n = n - 1;'), '', 'the workers are gone with their locks');

# WAL mode, under a plan that was made before.
is($session->query("SET plan_cache_mode = force_generic_plan; PREPARE p AS $sum; EXECUTE p;"), $old, 'a plan is kept');
is($launched->('EXECUTE p'), 2, 'it has workers');
is($application->query('PRAGMA journal_mode = WAL;'), 'wal', 'the file goes to WAL mode');
is($application->query('UPDATE dense SET n = n WHERE id = 1;'), '', 'and is written to');
is($launched->('EXECUTE p'), 0, 'none is launched');
is($session->query('EXECUTE p;'), $old, 'the answer is right');
is($launched->($sum), 'none planned', 'a new plan has none');
is($session->query("SET parallel_leader_participation = off; EXECUTE p;"), $old, 'also where the leader is to keep out');
$session->query('SELECT migrate.disconnect();');
$application->finish;
ok(!-e "$path-wal", 'the application took its -wal with it');
my $before = listing(data_folder());
is($launched->($sum), 2, 'a WAL file that nobody has open is as good as read-only');
is($session->query("$sum;"), $old, 'and read rightly');
is(listing(data_folder()), $before, 'nothing is left beside the file');
$session->query('SELECT migrate.disconnect();');

# Many, one after the other, with and without errors, leave nothing open.
$session->query("DO \$\$ BEGIN FOR i IN 1 .. 60 LOOP BEGIN PERFORM sum(1 / (n - i * 30)) FROM dense; EXCEPTION WHEN division_by_zero THEN NULL; END; END LOOP; END \$\$;");
is($session->query("$sum;"), $old, 'sixty failed scans');
is($session->query('SELECT migrate.disconnect();'), '1', 'leave one connection');
$session->finish;
stop_server($node);
done_testing();

# Plans that promised what the file no longer gives: an order whose index has gone, a limit and a
# count over columns that hold something else by now. Their answers stay right.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
my $path = make_database('stale.db', "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s TEXT);
	CREATE INDEX t_n ON t (n); CREATE INDEX t_s ON t (s);
	WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 5000)
	INSERT INTO t SELECT i, nullif(i * 7919 % 5000, 13), 's' || (i * 31 % 700) FROM c;");
chmod 0666, $path;
$node->safe_psql('postgres', "CREATE SERVER stale FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$path');
	CREATE FOREIGN TABLE t (id bigint, n integer, s text) SERVER stale");
my $session = MigrateTest::Client->psql($node);
my $application = start_application($path);

my %queries = (
	by_n => 'SELECT n FROM t ORDER BY n LIMIT 4',
	by_n_down => 'SELECT n FROM t WHERE n > 10 ORDER BY n DESC NULLS LAST LIMIT $1 OFFSET 2',
	nulls => 'SELECT n FROM t ORDER BY n NULLS FIRST LIMIT 3',
	by_s => 'SELECT s FROM t ORDER BY s COLLATE "C" DESC LIMIT 5',
	by_id => 'SELECT id FROM t ORDER BY id DESC LIMIT 3',
	least => 'SELECT min(n), max(n) FROM t',
	counted => 'SELECT count(*), count(n), min(n), max(n) FROM t',
	found => 'SELECT count(*) FROM t WHERE n >= $1 AND id > 2',
	texts => "SELECT count(*) FROM t WHERE s = 's7'",
	merged => 'SELECT count(*), sum(a.n) FROM t a JOIN t b ON a.id = b.n');
$session->query("SET plan_cache_mode = force_generic_plan; SET enable_sort = off; SET enable_hashjoin = off; SET enable_nestloop = off;");
my %calls = map { $_ => $queries{$_} =~ /\$1/ ? "$_ (7)" : $_ } keys %queries;
$session->query("PREPARE $_" . ($queries{$_} =~ /\$1/ ? ' (bigint)' : '') . " AS $queries{$_};") foreach sort keys %queries;

sub plan_of { my ($name) = @_; return $session->query("EXPLAIN (COSTS OFF) EXECUTE $calls{$name};") }

sub check
{
	my ($what) = @_;
	$node->safe_psql('postgres', 'DROP TABLE IF EXISTS copy; CREATE TABLE copy AS SELECT * FROM t');
	foreach my $name (sort keys %queries)
	{
		my $query = $queries{$name} =~ s/\$1/7/r =~ s/\bt\b/copy/gr;
		is($session->query("EXECUTE $calls{$name};"), $node->safe_psql('postgres', $query), "$what: $name");
	}
	return;
}

check('as planned');
like(plan_of('by_n'), qr/INDEXED BY "t_n" ORDER BY migrate_t."n" NULLS LAST LIMIT/, 'SQLite gives the order');
like(plan_of('by_s'), qr/INDEXED BY "t_s"/, 'that of text too');
like(plan_of('counted'), qr/SELECT count\(1\), count/, 'and counts');
like(plan_of('merged'), qr/Merge Join/, 'and serves a merge join');

is($application->query('DROP INDEX t_n;'), '', 'an index goes');
check('without the index');
like(plan_of('by_n'), qr/Sorted Locally: no index of SQLite has that order/, 'the rows are sorted here');
is($application->query("CREATE INDEX t_n ON t (n); UPDATE t SET s = x'7a7a' WHERE id = 5; UPDATE t SET s = 77 WHERE id = 6;"), '', 'a blob comes among the texts');
check('with a blob and a number as text');
like(plan_of('by_s'), qr/Sorted Locally: SQLite's column holds values that are not text/, 'its order is not taken');
is($application->query('ALTER TABLE t RENAME TO old; CREATE TABLE t (id TEXT, n TEXT, s TEXT); CREATE INDEX t2_n ON t (n);
	CREATE INDEX t2_id ON t (id); INSERT INTO t SELECT * FROM old;'), '', 'the table is another one, of text');
check('with numbers as text');
like(plan_of('by_id'), qr/Sorted Locally: SQLite's column may hold values of several kinds/, 'nor is the order of text that reads as numbers');
like(plan_of('counted'), qr/Counted Locally: SQLite's column may hold values of several kinds/, 'nor its count');
is($application->query('DROP TABLE t; CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s TEXT); CREATE INDEX t3_n ON t (n);
	INSERT INTO t SELECT * FROM old; DROP TABLE old;'), '', 'it is as it was');
check('as it was');

# A value that the type cannot read is an error still, unless the query never comes to it.
is($application->query("UPDATE t SET n = 'many' WHERE id = 5; UPDATE t SET n = 3000000000 WHERE id = 6;"), '', 'values that cannot be read');
like($session->query("EXECUTE $calls{$_};"), qr/column "n" of SQLite table "t" holds/, "$_ says so") foreach qw(counted by_n_down);
like($session->query('EXECUTE found (7);'), qr/column "n" of SQLite table "t" holds/, 'a count does too');
is($session->query('EXECUTE texts;'), $node->safe_psql('postgres', "SELECT count(*) FROM t WHERE s = 's7'"), 'a count that does not name the column does not');
is($session->query('EXECUTE by_id;'), "5000\n4999\n4998", 'nor does a limit that ends before it');
$application->finish;
$session->finish;
stop_server($node);
done_testing();

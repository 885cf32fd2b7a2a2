# Read transactions of foreign scans: one state of the file for all scans of a statement, in
# REPEATABLE READ for the whole transaction; an idle transaction does not block the application's
# writer; a file that is replaced, changes its journal mode or its schema is opened anew; a scan is
# stopped by a cancel, also inside one step of SQLite's; nothing is left beside the file.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
my $path = make_database('live.db', 'CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 1), (2, 2);');
my $big = make_database('big.db', rows_sql(200000) . 'CREATE VIEW slow AS
	SELECT count(*) AS c FROM t a, t b, t c WHERE a.n + b.n + c.n = -1;
	CREATE VIEW endless AS WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s) SELECT i FROM s;');
chmod 0666, $path;
$node->safe_psql('postgres', <<"END");
CREATE SERVER live FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$path');
CREATE SERVER big FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$big');
CREATE FOREIGN TABLE t (id bigint, n bigint) SERVER live;
CREATE FOREIGN TABLE slow (c bigint) SERVER big;
CREATE FOREIGN TABLE endless (i bigint) SERVER big;
CREATE FOREIGN TABLE big (id bigint, n bigint, name text) SERVER big OPTIONS (table 't');
END
my $session = MigrateTest::Client->psql($node);
my $application = start_application($path);
$application->query('PRAGMA busy_timeout = 0;');

# READ COMMITTED.
is($session->query('BEGIN; SELECT count(*) FROM t;'), '2', 'a transaction reads the file');
is($application->query('INSERT INTO t VALUES (3, 3);'), '', 'and is no hindrance to a writer while it is idle');
is($session->query('SELECT count(*) FROM t;'), '3', 'whose row the next statement sees');
$session->query('DECLARE c CURSOR FOR SELECT id FROM t ORDER BY id;');
is($session->query('FETCH 1 FROM c;'), '1', 'an open cursor reads');
like($application->query('INSERT INTO t VALUES (4, 4);'), qr/locked/, 'and holds a writer off');
is($session->query('SELECT count(*) FROM t;'), '3', 'another statement shares its state');
is($session->query('CLOSE c;'), '', 'until it is closed');
is($application->query('INSERT INTO t VALUES (4, 4);'), '', 'and then no longer');
is($session->query('COMMIT;'), '', 'the transaction ends');

# REPEATABLE READ.
is($session->query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM t;'), '4', 'REPEATABLE READ');
like($application->query('INSERT INTO t VALUES (5, 5);'), qr/locked/, 'keeps its state of the file');
is($session->query('SELECT migrate.disconnect();'), '0', 'disconnect() leaves it alone');
is($session->query('SELECT count(*) FROM t; COMMIT;'), '4', 'to its end');
is($application->query('INSERT INTO t VALUES (5, 5);'), '', 'and no longer');
$session->query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM t; ROLLBACK;');
is($application->query('INSERT INTO t VALUES (6, 6);'), '', 'a rollback ends it too');

# Savepoints: a failed scan gives back what it had.
like($session->query('BEGIN; SAVEPOINT s; SELECT 1 / (id - 2) FROM t;'), qr/division by zero/, 'a scan fails in a subtransaction');
is($session->query('ROLLBACK TO s;'), '', 'which is rolled back');
is($application->query('INSERT INTO t VALUES (7, 7);'), '', 'and the lock is gone');
is($session->query('SELECT count(*) FROM t; COMMIT;'), '7', 'the transaction reads on');

# The schema changes under a cached connection and a prepared plan.
is($session->query('PREPARE p AS SELECT sum(n) FROM t WHERE id > $1; SET plan_cache_mode = force_generic_plan;' =~ s/\$1/0/r), '', 'a plan is kept');
is($session->query('EXECUTE p;'), '28', 'and runs');
is($application->query('ALTER TABLE t ADD COLUMN more TEXT; CREATE INDEX t_n ON t (n); UPDATE t SET n = 10 WHERE id = 1;'), '', 'the table gets another column');
is($session->query('EXECUTE p;'), '37', 'it runs on');
is($application->query('ALTER TABLE t RENAME COLUMN n TO m;'), '', 'a column is renamed');
like($session->query('EXECUTE p;'), qr/SQLite table "t" has no column "n"/, 'and missed by its name');
is($application->query('ALTER TABLE t RENAME COLUMN m TO n;'), '', 'it has its name again');
is($session->query('EXECUTE p;'), '37', 'and is found');

# WAL mode: the writer is never held off, and a statement keeps its state.
is($application->query('PRAGMA journal_mode = WAL;'), 'wal', 'the file goes to WAL mode under a kept connection');
is($session->query('BEGIN; DECLARE c CURSOR FOR SELECT id FROM t ORDER BY id; FETCH 1 FROM c;'), '1', 'a cursor is opened');
is($application->query('INSERT INTO t (id, n) VALUES (8, 8);'), '', 'the application writes');
is($session->query('MOVE 100 IN c; SELECT count(*) FROM t;'), '7', 'the transaction of the open cursor does not see it');
is($session->query('CLOSE c; SELECT count(*) FROM t; COMMIT;'), '8', 'but the next does');
is($application->query('PRAGMA journal_mode = DELETE;') =~ /delete|locked/ ? 1 : 0, 1, 'the mode may change back');
is($session->query('SELECT count(*) FROM t;'), '8', 'and the file is read all the same');
$application->finish;

# Another file in its place.
my $other = make_database('other.db', 'CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 100);');
unlink "$path-wal", "$path-shm"; # SQLite would read them as the new file's
rename $other, $path or die;
is($session->query('SELECT sum(n) FROM t;'), '100', 'a file that took the place of the old one is read');
unlink $path;
like($session->query('SELECT sum(n) FROM t;'), qr/could not open SQLite database/, 'a file that is gone is missed');

# A cancel ends a step of SQLite that would go on for hours, and an endless view.
my $before = listing(data_folder());
foreach my $query ('SELECT * FROM slow', 'SELECT count(*) FROM endless', 'SELECT count(*) FROM big a, big b WHERE a.n + b.n < 0')
{
	my $start = time;
	like($session->query("SET statement_timeout = '500ms'; $query;"), qr/canceling statement due to statement timeout/, "canceled: $query");
	cmp_ok(time - $start, '<', 20, 'in time');
}
is($session->query("RESET statement_timeout; SELECT count(*) FROM big WHERE id < 100;"), '99', 'the session goes on');
is($session->query('SELECT count(*) FROM endless LIMIT 1;' =~ s/count\(\*\)/i/r), '1', 'a LIMIT ends what is endless');
is(listing(data_folder()), $before, 'nothing is left beside the files');

# An interrupt that ends nothing does not disturb a scan.
my $watcher = MigrateTest::Client->psql($node);
$session->send('SELECT count(*), sum(length(name)) FROM big, generate_series(1, 8);');
$watcher->query("SELECT pg_log_backend_memory_contexts($session->{pid});") foreach 1 .. 20;
like($session->wait, qr/^1600000\|/, 'a request to log memory contexts leaves the scan alone');
$watcher->finish;
$session->finish;

# PREPARE TRANSACTION has nothing to keep.
is($node->safe_psql('postgres', "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM big; PREPARE TRANSACTION 'x'; COMMIT PREPARED 'x'; SELECT 1"),
	"200000\n1", 'a transaction that read can be prepared');
stop_server($node);
done_testing();

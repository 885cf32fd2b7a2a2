# 10,000 queries on foreign tables that fail midway, in one session, leave its memory and file
# descriptors where they were; so do nested loops of many rescans, and scans that are cut short.
use strict;
use warnings;
use LeakTest;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main', 'log_min_messages = fatal');
my $good = make_database('good.db', rows_sql(5000) . 'CREATE VIEW v AS SELECT id, n / (id - 100) AS q, abs(n) AS m FROM t;');
my $bad = make_database('bad.db',
	"CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER, y TEXT);
	 WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000)
	 INSERT INTO a SELECT i, CASE WHEN i = 2000 THEN 'two' ELSE i END, CASE WHEN i = 2500 THEN CAST(x'ff' AS TEXT) ELSE 'a' END FROM s;
	 CREATE VIEW w AS SELECT id, abs(-9223372036854775807 - (id = 2000)) AS x FROM a;");
my $missing = data_folder() . '/missing.db';
my $no_database = fixture('gzip.db');

$node->safe_psql('postgres', <<"END");
CREATE SERVER good FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$good');
CREATE SERVER bad FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$bad');
CREATE SERVER missing FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$missing');
CREATE SERVER no_database FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$no_database');
CREATE FOREIGN TABLE t (id bigint, n bigint, name text, amount numeric) SERVER good;
CREATE FOREIGN TABLE a (id bigint, x bigint, y text) SERVER bad;
CREATE FOREIGN TABLE w (id bigint, x bigint) SERVER bad;
CREATE FOREIGN TABLE nothing (id bigint) SERVER missing OPTIONS (table 't');
CREATE FOREIGN TABLE gzip (id bigint) SERVER no_database OPTIONS (table 't');
CREATE FOREIGN TABLE lost (id bigint) SERVER good;
-- The failures: no file, no database, no such table, a value that does not fit, text that is none,
-- an error of PostgreSQL's in the middle of a scan, one of SQLite's, and a scan beside it.
CREATE FUNCTION failing(i int) RETURNS text LANGUAGE sql AS \$\$
    SELECT (ARRAY['SELECT * FROM nothing', 'SELECT * FROM gzip', 'SELECT * FROM lost', 'SELECT sum(x) FROM a', 'SELECT max(y) FROM a',
        'SELECT 1 / (id - 1500) FROM t', 'SELECT max(x) FROM w', 'SELECT count(*), sum(1 / (a.id - 900)) FROM t JOIN a ON a.id = t.id WHERE t.id < 950'])[i % 8 + 1] \$\$;
CREATE PROCEDURE cut_short(times int) LANGUAGE plpgsql AS \$\$
DECLARE c refcursor; r record;
BEGIN
    FOR i IN 1 .. times LOOP
        OPEN c FOR SELECT * FROM t WHERE id > i;
        FETCH c INTO r;
        CLOSE c;
        PERFORM * FROM t WHERE t.n = 5 LIMIT 1;
        PERFORM count(*) FROM generate_series(1, 20) g, LATERAL (SELECT * FROM t WHERE t.id = g OFFSET 0) t;
    END LOOP;
END \$\$;
END

$node->safe_psql('postgres', leak_sql());
check_leaks($node, '10,000 failing queries', 'fail(1000)', 'fail(10000)');
check_leaks($node, '1,000 scans that are cut short', 'cut_short(100)', 'cut_short(1000)');

# Whole transactions that fail close the connection, and nothing else stays.
my $session = MigrateTest::Client->psql($node);
$session->query('SET client_min_messages = error; SELECT count(*) FROM t;');
like(open_files($session->{pid}), qr/good\.db/, 'a connection is kept');
foreach my $i (1 .. 40)
{
	$session->query($node->safe_psql('postgres', "SELECT failing($i)") . ';');
}
is(open_files($session->{pid}), '', 'a failed transaction closes the connections that it used');
$session->finish;
stop_server($node);
done_testing();

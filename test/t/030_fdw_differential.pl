# A query on a foreign table returns what the same query on a local copy returns, in databases with
# C, libc and ICU collations: predicates of every type and operator over columns of mixed storage
# classes, with constants and with parameters, aggregates, sorts and joins. An error may be spared
# by a condition that SQLite was told of, never added, and no value may differ.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

# --- locales --------------------------------------------------------------------------------------

# A libc locale that is not C, made here where the system has none.
sub make_locale
{
	my $folder = data_folder() . '/locales';
	mkdir $folder;
	my ($out, $err) = ('', '');
	my $is_made = eval {
		IPC::Run::run([ 'localedef', '-i', 'en_US', '-f', 'UTF-8', "$folder/en_US.UTF-8" ],
			'>', \$out, '2>', \$err);
	};
	return 0 unless $is_made;
	system("chmod -R a+rX $folder");
	$ENV{LOCPATH} = $folder;
	return 1;
}

my $has_libc = make_locale();
my $node = start_server('main');
my %databases = (
	c => "LOCALE 'C'",
	libc => $has_libc ? "LOCALE 'en_US.UTF-8'" : '',
	icu => "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'");

# --- the source -----------------------------------------------------------------------------------

# Every column holds what SQLite lets it hold; `lie` has integers in a column that says TEXT, as
# after an edit of the schema.
my $path = make_database('mixed.db', <<'END');
CREATE TABLE m (
  id INTEGER PRIMARY KEY, i INTEGER, ix INTEGER, r REAL, rx REAL, n NUMERIC, nx NUMERIC, a, ax,
  t TEXT, tx TEXT, tm TEXT, b BOOLEAN, d DATE, ts DATETIME, tsx DATETIME, ms DATETIME,
  v VARCHAR(20) COLLATE NOCASE, g TEXT AS (t || '!') VIRTUAL);
CREATE INDEX m_ix ON m (ix); CREATE INDEX m_rx ON m (rx); CREATE INDEX m_nx ON m (nx);
CREATE INDEX m_ax ON m (ax); CREATE INDEX m_tx ON m (tx); CREATE INDEX m_tm ON m (tm);
CREATE INDEX m_tsx ON m (tsx); CREATE INDEX m_v ON m (v);
WITH RECURSIVE s (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < 600)
INSERT INTO m (id, i, ix, r, rx, n, nx, a, ax, t, tx, tm, b, d, ts, tsx, ms, v)
SELECT k,
  CASE WHEN k % 11 = 0 THEN NULL WHEN k = 7 THEN 9007199254740993 WHEN k = 8 THEN 9223372036854775807
       WHEN k = 9 THEN -9223372036854775808 ELSE k % 40 - 20 END,
  CASE WHEN k % 13 = 0 THEN NULL WHEN k = 7 THEN 9007199254740993 ELSE k % 50 END,
  CASE WHEN k % 17 = 0 THEN NULL WHEN k = 5 THEN 9e999 WHEN k = 6 THEN -9e999 ELSE k % 20 / 4.0 END,
  CASE WHEN k = 7 THEN 9007199254740993 WHEN k = 8 THEN 0.1 + 0.2 ELSE k % 30 / 8.0 END,
  CASE WHEN k % 3 = 0 THEN k % 20 ELSE k % 20 / 10.0 END,
  CASE WHEN k = 10 THEN 0.1 WHEN k = 11 THEN 1e15 WHEN k = 12 THEN 9007199254740993 ELSE k % 25 / 5.0 END,
  CASE k % 3 WHEN 0 THEN k % 20 WHEN 1 THEN CAST(k % 20 AS TEXT) ELSE k % 20 * 1.0 END,
  CASE k % 3 WHEN 0 THEN k % 20 WHEN 1 THEN CAST(k % 20 AS TEXT) ELSE NULL END,
  CASE k % 9 WHEN 0 THEN NULL WHEN 1 THEN 'Abc' WHEN 2 THEN 'abc' WHEN 3 THEN 'abc ' WHEN 4 THEN 'ábc'
       WHEN 5 THEN x'616263' WHEN 6 THEN '' WHEN 7 THEN 'Zoë' ELSE 'z' || (k % 30) END,
  CASE k % 7 WHEN 0 THEN NULL WHEN 1 THEN 'Key' WHEN 2 THEN 'key' ELSE 'key' || (k % 50) END,
  CASE k % 5 WHEN 0 THEN x'6b6579' WHEN 1 THEN 'key' ELSE 'k' || (k % 20) END,
  CASE k % 8 WHEN 0 THEN 0 WHEN 1 THEN 1 WHEN 2 THEN 't' WHEN 3 THEN 'FALSE' WHEN 4 THEN 'on' WHEN 5 THEN 'no'
       WHEN 6 THEN NULL ELSE 1.0 END,
  CASE WHEN k % 10 = 0 THEN NULL WHEN k % 10 = 1 THEN date(k * 86400 * 30, 'unixepoch') || ' 00:00:00'
       ELSE date(k * 86400 * 30, 'unixepoch') END,
  CASE k % 6 WHEN 0 THEN datetime(k * 86399, 'unixepoch') WHEN 1 THEN strftime('%Y-%m-%dT%H:%M:%fZ', k * 86399, 'unixepoch')
       WHEN 2 THEN datetime(k * 86399, 'unixepoch') || '+14:00' WHEN 3 THEN date(k * 86400, 'unixepoch')
       WHEN 4 THEN date(k * 86400, 'unixepoch') || ' 24:00:00-15:59' ELSE NULL END,
  CASE k % 4 WHEN 0 THEN datetime(k * 86399, 'unixepoch') WHEN 1 THEN datetime(k * 86399, 'unixepoch') || '.123456'
       WHEN 2 THEN date(k * 86400, 'unixepoch') ELSE NULL END,
  CASE k % 3 WHEN 0 THEN 1700000000000 + k * 3600000 WHEN 1 THEN datetime(1700000000 + k * 3600, 'unixepoch')
       ELSE NULL END,
  CASE k % 6 WHEN 0 THEN NULL WHEN 1 THEN 'Foo' WHEN 2 THEN 'foo' WHEN 3 THEN 'FOO ' ELSE 'bar' || (k % 9) END
FROM s;
CREATE TABLE lie (id INTEGER PRIMARY KEY, t INTEGER, tx INTEGER, ti INTEGER);
CREATE INDEX lie_tx ON lie (tx); CREATE INDEX lie_ti ON lie (ti);
WITH RECURSIVE s (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < 60)
INSERT INTO lie SELECT k, CASE k % 3 WHEN 0 THEN 'x' || k WHEN 1 THEN k ELSE k + 0.5 END,
  CASE k % 3 WHEN 0 THEN 'x' || k WHEN 1 THEN k ELSE k + 0.5 END, k FROM s;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 't INTEGER, tx INTEGER, ti INTEGER', 't TEXT, tx TEXT, ti TEXT') WHERE name = 'lie';
CREATE TABLE code (code TEXT PRIMARY KEY, label TEXT, low INTEGER) WITHOUT ROWID;
INSERT INTO code SELECT DISTINCT tx, 'label of ' || tx, length(tx) FROM m WHERE tx IS NOT NULL;
CREATE VIEW w AS SELECT id, i, t, count(*) OVER () AS c FROM m WHERE id % 2 = 0;
END

# Each SQLite column under several types of PostgreSQL.
my %tables = (
	m => "id bigint, i bigint, ix bigint, r float8, rx float8, n numeric, nx numeric, a bigint, ax bigint,
	  t text, tx text, tm text, b boolean, d date, ts timestamptz, tsx timestamp,
	  ms timestamptz OPTIONS (epoch 'milliseconds'), v text, g text",
	o => "id integer, i numeric, ix numeric, r numeric(30,5), rx numeric, n float8, nx float8, a numeric, ax float8,
	  t varchar(40), tx varchar, tm bytea, b text, d timestamp, ts text, tsx timestamptz,
	  ms text, v varchar(20), g text",
	p => "id numeric, i text, ix text, r text, rx text, n text, nx text, a text, ax text,
	  t bytea, tx char(8), tm varchar(6), b varchar, d text, ts timestamptz(0), tsx date, ms text, v text, g text",
	lie => 'id integer, t text, tx text, ti text',
	lien => "id integer, ti bigint",
	code => 'code text, label text, low integer',
	w => 'id bigint, i bigint, t text, c bigint');
my %source = (o => 'm', p => 'm', lien => 'lie');
# Columns whose local type cannot hold all of their values: their rows are errors, not for copies.
my %left_out = (o => { r => 1, rx => 1, nx => 1 }, p => { tsx => 1 });

sub columns_of
{
	my ($table) = @_;
	my $definition = $tables{$table};
	$definition =~ s/\s+/ /g;
	my @columns = split /, (?=\w+ \w)/, $definition;
	return grep { /^(\w+)/ && !$left_out{$table}{$1} } @columns;
}

# --- the queries ----------------------------------------------------------------------------------

my %constants = (
	bigint => [ 0, 5, -3, 19, 42, '9007199254740992', '9007199254740993', '9223372036854775807' ],
	integer => [ 0, 5, 19, 600 ],
	float8 => [ 0, 0.5, 0.125, 3, '0.1', '0.30000000000000004', '9007199254740992', "'inf'", "'-inf'", "'nan'" ],
	numeric => [ 0, 5, '0.1', '0.5', '4.75', '1.9', '9007199254740993', '9007199254740992.5', '-3', '1e20', "'NaN'" ],
	text => [ "'abc'", "'Abc'", "''", "'z5'", "'key'", "'key7'", "'5'", "'0.5'", "'31'", "'31.5'", "'foo'", "'FOO '", "'Zoe'", "'\xc3\xa1bc'" ],
	date => [ "'1970-03-02'", "'1999-01-01'", "'1971-06-24'", "'infinity'", "'0001-01-01'" ],
	timestamp => [ "'1970-03-02'", "'1971-01-09 23:50:09'", "'1970-01-05 00:00:00.123456'", "'infinity'" ],
	timestamptz => [ "'1970-03-02 00:00+00'", "'1971-01-10 12:00+14'", "'1970-05-01'", "'2023-11-20 12:13:20+00'", "'-infinity'" ]);
$constants{varchar} = $constants{'varchar(40)'} = $constants{'varchar(20)'} = $constants{'varchar(6)'} = $constants{text};

sub base_type { my ($type) = @_; $type =~ s/\(.*//; return $type }

my (@queries, %seen);
sub add { my ($sql, @rest) = @_; push @queries, [ $sql, @rest ] unless $seen{"$sql @rest"}++; return }

# Orders of one column, as far as rows of one value are alike; with and without limits and conditions.
my $turn = 0;
sub add_orders
{
	my ($table, $name, $type, $value, $cast) = @_;
	my $list = "string_agg(coalesce(k::text, 'NULL'), ',')";
	my @limits = ('', 'LIMIT 7', 'LIMIT 25 OFFSET 3', 'OFFSET 590', 'LIMIT 0', 'LIMIT ALL OFFSET 2', 'LIMIT NULL');
	my @collations = $type =~ /^(text|varchar)/ ? ('', ' COLLATE "C"') : ('');
	foreach my $collation (@collations)
	{
		foreach my $order ('ASC', 'DESC', 'ASC NULLS FIRST', 'DESC NULLS LAST')
		{
			my $limit = $limits[$turn++ % @limits];
			add("SELECT $list FROM (SELECT $name AS k FROM %s.$table x ORDER BY $name$collation $order $limit) x");
			add("SELECT $list FROM (SELECT $name AS k FROM %s.$table x WHERE $name IS NOT NULL ORDER BY $name$collation $order LIMIT 3) x");
			add("SELECT $list FROM (SELECT $name AS k FROM %s.$table x WHERE $name >= $value\::$cast ORDER BY $name$collation $order LIMIT \$1) x", 'bigint', '5');
		}
		add("SELECT min($name$collation), max($name$collation) FROM %s.$table x WHERE $name <> $value\::$cast") if $type !~ /bytea|boolean/;
	}
	add("SELECT count(*) FROM (SELECT 1 FROM %s.$table x WHERE $name = $value\::$cast LIMIT 3) x");
	add("SELECT count(*) FROM (SELECT 1 FROM %s.$table x WHERE $name <> $value\::$cast LIMIT \$1 OFFSET 1) x", 'bigint', '4');
	add("SELECT count(*), count($name) FROM %s.$table x WHERE $name $_") foreach ("= $value\::$cast", "> $value\::$cast", 'IS NULL', 'IS NOT NULL',
		"= ANY (ARRAY[$value, NULL]::$cast\[])");
	add("SELECT count(*) FROM %s.$table x WHERE $name = \$1", $cast, $value);
	add("SELECT $name, count(*) FROM %s.$table x GROUP BY $name ORDER BY $name LIMIT 9");
	add("SELECT DISTINCT $name FROM %s.$table x ORDER BY $name LIMIT 9");
	return;
}

my $all = "count(*), md5(string_agg(x::text, E'\\n' ORDER BY x::text COLLATE \"C\"))";
foreach my $table (sort keys %tables)
{
	foreach my $column (columns_of($table))
	{
		my ($name, $type) = $column =~ /^(\w+) ([\w()]+)/;
		my @values = @{ $constants{ base_type($type) } // $constants{text} };
		my $cast = base_type($type) eq 'varchar' ? 'text' : $type;
		foreach my $k (0 .. $#values)
		{
			# The full product would take minutes: each value meets some of the operators.
			my @operators = ('=', '<', '>=', '<>', '>', '<=');
			foreach my $operator (@operators[ 0, 1 + $k % 2, 3 + $k % 3 ])
			{
				add("SELECT $all FROM %s.$table x WHERE $name $operator $values[$k]::$cast");
			}
			add("SELECT $all FROM %s.$table x WHERE $name = \$1", $cast, $values[$k]) if $k % 2 == 0;
			add("SELECT $all FROM %s.$table x WHERE $name > \$1", $cast, $values[$k]) if $k % 2 == 1;
		}
		my $list = join ', ', map { "$_\::$cast" } @values;
		add("SELECT $all FROM %s.$table x WHERE $name IN ($list)");
		add("SELECT $all FROM %s.$table x WHERE $name = ANY (\$1)", "$cast\[]", "ARRAY[$list, NULL]");
		add("SELECT $all FROM %s.$table x WHERE $name NOT IN ($list)");
		add("SELECT $all FROM %s.$table x WHERE $name IS NULL OR $name = $values[1]::$cast");
		add("SELECT $all FROM %s.$table x WHERE $name IS NOT NULL AND id < 50") if $table ne 'code';
		add("SELECT min($name), max($name), count(DISTINCT $name) FROM %s.$table x") if $type !~ /bytea|boolean/;
		add("SELECT md5(string_agg($name\::text, ',')) FROM (SELECT $name FROM %s.$table x ORDER BY $name, 1 LIMIT 40) x");
		add("SELECT count(*), count($name) FROM %s.$table x");
		add_orders($table, $name, $type, $values[1], $cast);
	}
}
add("SELECT $all FROM %s.m x WHERE $_") foreach ('b', 'NOT b', 'b IS TRUE', 'b IS FALSE', 'b IS NOT TRUE', 'b IS UNKNOWN',
	'b AND i > 3', 'i = 3 OR b', "i = 3 OR t = 'abc'", 'i = 3 OR length(t) = 3', 'i BETWEEN -3 AND 4', 'ix BETWEEN 3 AND 4',
	'i + 1 = 4', 'id = ix', 'ix = i', 'i::int2 = 5', 'i / ix > 1', '1 / i = 1', '10 / (ix - 5) > 1 AND ix <> 5',
	"t LIKE 'a%'", "t ILIKE 'A%'", "t ~ '^z'", "t COLLATE \"C\" < 'abc'", "t COLLATE \"C\" = 'abc'", "tx COLLATE \"C\" >= 'key3'",
	"lower(t) = 'abc'", "t > 'b'", "v = 'foo'", "v < 'c'", "v COLLATE \"C\" < 'c'", "g = 'abc!'", "t = tx", "t = substr(tx, 1, 3)",
	"ts::date = '1970-03-02'", "d = ts", "ts > tsx", "extract(year from d) = 1999", "ms > '2023-11-20'::date",
	"d = '1999-01-01'::timestamp", "d < '1999-01-01 05:00+00'::timestamptz", "ts < '1971-01-01'::date", "tsx = '1970-01-05'::date",
	"x IS NULL", "x.* IS NOT NULL", "i IN (SELECT ix FROM %s.m)", "i = (SELECT max(ix) FROM %s.m WHERE ix < 20)",
	"EXISTS (SELECT FROM %s.code c WHERE c.code = x.tx)", "NOT EXISTS (SELECT FROM %s.code c WHERE c.code = x.t)",
	"id = 5 OR id = 17", "id IN (1, 2, 3) AND tx = 'key'", "(i, ix) = (3, 23)", "(i, ix) > (3, 23)", "i = ALL (ARRAY[3, 3])",
	"i <> ALL (ARRAY[3, NULL])", "CASE WHEN i > 0 THEN t = 'abc' ELSE b END", "coalesce(i, 3) = 3", "i IS DISTINCT FROM 3",
	"i IS NOT DISTINCT FROM NULL", "n = 0.1::numeric", "n = 0.1::float8", "r = 0.25::numeric", "i = 3.0", "i > 3.5", "i = 2147483648",
	"i = '-3'", "FALSE", "NULL", "i = NULL", "id < ANY (ARRAY[3, 5])", "t || '!' = 'abc!'");
add("SELECT sum(i), avg(i), count(*), bool_or(b) FROM %s.m x WHERE i BETWEEN -1000 AND 1000 GROUP BY $_ ORDER BY $_ NULLS FIRST LIMIT 5")
  foreach qw(ix b n a v);
add("SELECT md5(string_agg(l::text, E'\\n')) FROM (SELECT x.id, c.label FROM %s.m x $_ ORDER BY 1, 2 LIMIT 300) l")
  foreach ('JOIN %s.code c ON c.code = x.tx', 'LEFT JOIN %s.code c ON c.code = x.tx AND c.low = 4', 'JOIN %s.code c ON c.low = x.ix',
	'JOIN (SELECT id AS other, tm AS label FROM %s.m) c ON c.other = x.ix', 'JOIN %s.code c ON c.code = x.tx WHERE x.id = 15',
	'FULL JOIN %s.code c ON c.code = x.t', 'RIGHT JOIN %s.code c ON c.code = x.tm', 'JOIN %s.code c ON c.code < x.tx AND x.id < 5',
	'JOIN LATERAL (SELECT y.t AS label FROM %s.m y WHERE y.tx = x.tx ORDER BY y.id LIMIT 1) c ON true',
	"JOIN LATERAL (SELECT y.t AS label FROM %s.m y WHERE y.id = x.ix OFFSET 0) c ON true",
	'JOIN (SELECT id AS other, t AS label FROM %s.lie) c ON c.other = x.ix', 'JOIN (SELECT tx AS other, t AS label FROM %s.lie) c ON c.other = x.ix::text',
	'JOIN (SELECT rx AS other, t AS label FROM %s.m) c ON c.other = x.r', 'JOIN (SELECT nx AS other, t AS label FROM %s.m) c ON c.other = x.n',
	'JOIN (SELECT tsx AS other, t AS label FROM %s.m) c ON c.other = x.tsx', 'JOIN (SELECT ax AS other, t AS label FROM %s.m) c ON c.other = x.a');

add("SELECT $_ FROM %s.m x") foreach ('count(*), min(id), max(id)', 'count(*) + 1, max(i) - min(i)', 'count(i), min(ix), max(ix), count(*)',
	'count(DISTINCT i), count(*)', 'count(*) FILTER (WHERE i > 3), count(i)', 'sum(i % 7), min(i)', 'count(a), min(a)', 'min(i + 1)',
	'count(*), (SELECT max(low) FROM %s.code)', 'min(i), (SELECT count(*) FROM %s.m y WHERE y.ix < 9)', 'count(ix) OVER ()', 'max(id) HAVING count(*) > 3');
add("SELECT count(*), count(ix), min(id), max(i) FROM %s.m x WHERE $_") foreach ('i > 3', 'i BETWEEN 3 AND 7 AND ix <> 5', 'i = 3 OR ix IS NULL',
	'id < 100 AND i IS NOT NULL', "tx = 'key7'", "tx IN ('key', 'key8') AND i >= 0", "tm = 'key'", "t = 'abc'", 'i IS NULL', 'i > NULL', 'i IN (1, 2, NULL)',
	'i > 3 AND t IS NOT NULL', 'b', 'n > 1', "d = '1999-01-01'", 'i > ix', 'random() < 2', 'FALSE', 'i > 3.5', 'i = ALL (ARRAY[3, 3])');
add("SELECT count(*) FROM %s.m x WHERE i > (SELECT min(low) FROM %s.code)");
add("SELECT x.id, y.c FROM %s.code c JOIN %s.m x ON x.id = c.low CROSS JOIN LATERAL (SELECT count(*) AS c FROM %s.m y WHERE y.i = c.low) y ORDER BY 1, 2 LIMIT 20");
add("SELECT id, $_ FROM %s.m x ORDER BY id LIMIT 12") foreach qw(t r n b d ts ms v);
add("SELECT id FROM %s.m x WHERE $_ ORDER BY id DESC LIMIT 12") foreach ('i > 3', "t = 'abc'", "tm = 'key'", 'b', 'n > 1', 'i > ix', "t LIKE 'a%'", 'r > 1 AND id < 300');
add("SELECT id, ix FROM %s.m x ORDER BY ix, id LIMIT 12");
add("SELECT id, ix FROM %s.m x ORDER BY ix DESC, id DESC OFFSET 580");
add("SELECT x.id, y.id FROM %s.m x JOIN %s.m y ON $_ ORDER BY 1, 2 LIMIT 60") foreach ('x.id = y.id', 'x.id = y.ix', 'x.ix = y.ix AND x.id < 40', 'x.tx = y.tx AND x.id < 20',
	'x.tx COLLATE "C" = y.tm COLLATE "C" AND x.id < 99', 'x.id = y.id + 3', 'x.i = y.ix');
add("SELECT x.ix, y.low FROM %s.m x LEFT JOIN %s.code y ON y.low = x.ix ORDER BY 1 DESC NULLS LAST, 2 LIMIT 60");
add("SELECT x.ix, y.k FROM %s.m x FULL JOIN (SELECT id AS k FROM %s.m WHERE id < 30) y ON y.k = x.ix ORDER BY 1, 2 OFFSET 560");

# --- the comparison -------------------------------------------------------------------------------

sub quoted { my ($text) = @_; $text =~ s/'/''/g; return "'$text'" }

# What a query answers, or the error it ends in.
my $outcome = <<'END';
CREATE FUNCTION outcome(query text, type text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
    query := 'SELECT string_agg(q::text, E''\n'') FROM (' || query || ') q';
    IF type = '' THEN
        EXECUTE query INTO answer;
    ELSE
        EXECUTE format('PREPARE probe (%s) AS %s', type, query);
        EXECUTE format('EXECUTE probe (%s)', value) INTO answer;
        DEALLOCATE probe;
    END IF;
    RETURN coalesce(answer, 'NULL');
EXCEPTION WHEN OTHERS THEN
    IF EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'probe') THEN DEALLOCATE probe; END IF;
    RETURN 'ERROR ' || SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE FUNCTION compare(settings text, part int DEFAULT 0, parts int DEFAULT 1)
RETURNS TABLE (query text, on_copy text, on_foreign text) LANGUAGE plpgsql AS $$
DECLARE probe record;
BEGIN
    FOR probe IN SELECT * FROM probes p WHERE p.number % parts = part LOOP
        query := probe.sql || ' ' || probe.value;
        on_copy := probe.on_copy;
        EXECUTE settings;
        on_foreign := outcome(replace(probe.sql, '%s', 'f'), probe.type, probe.value);
        RESET ALL;
        IF on_copy <> on_foreign AND NOT (on_copy LIKE 'ERROR%' AND on_foreign NOT LIKE 'ERROR%') THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;
CREATE FUNCTION is_pushed(query text, part text DEFAULT 'WHERE') RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
        IF line ~ ('SQLite Query:.* ' || part || ' ?') THEN RETURN true; END IF;
    END LOOP;
    RETURN false;
EXCEPTION WHEN OTHERS THEN
    RETURN false;
END $$;
END

sub prepare_database
{
	my ($name) = @_;
	my $sql = "SET client_min_messages = warning; CREATE EXTENSION migrate; CREATE SCHEMA f; CREATE SCHEMA l;
		CREATE SERVER mixed FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$path');\n$outcome
		CREATE TABLE probes (number int GENERATED ALWAYS AS IDENTITY, sql text, type text, value text, on_copy text);\n";
	foreach my $table (sort keys %tables)
	{
		my $definition = join ', ', columns_of($table);
		$sql .= "CREATE FOREIGN TABLE f.$table ($definition) SERVER mixed OPTIONS (table '" . ($source{$table} // $table) . "');
			CREATE TABLE l.$table AS SELECT * FROM f.$table; ANALYZE l.$table;\n";
	}
	$sql .= 'INSERT INTO probes (sql, type, value) VALUES ' . join(",\n", map {
		'(' . join(', ', map { quoted($_) } $_->[0], $_->[1] // '', $_->[2] // '') . ')' } @queries) . ";
		UPDATE probes SET on_copy = outcome(replace(sql, '%s', 'l'), type, value);";
	$node->safe_psql($name, $sql);
	return;
}

my $force = $node->safe_psql('postgres', "SELECT name FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query')");
my $parallel = "SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET $force = on;";
my %plans = (
	'as planned' => 'SELECT 1',
	'with nested loops and generic plans' => 'SET enable_hashjoin = off; SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan',
	'with merge joins and without sorts' => 'SET enable_hashjoin = off; SET enable_sort = off; SET enable_hashagg = off',
	'in parallel' => "$parallel SET max_parallel_workers_per_gather = 2",
	'in parallel, in generic plans that the leader leaves to others' => "$parallel SET max_parallel_workers_per_gather = 1; SET parallel_leader_participation = off; SET plan_cache_mode = force_generic_plan");

note scalar(@queries) . ' queries';
cmp_ok(scalar(@queries), '>=', 300, 'there are at least 300 queries');
# Workers take their time to start: each locale has a part of the queries in parallel, and together all.
my @names = grep { $databases{$_} } sort keys %databases;
foreach my $name (sort keys %databases)
{
  SKIP:
	{
		skip "$name: no such locale here", 1 unless $databases{$name};
		my ($code, $out, $err) = $node->psql('postgres', "CREATE DATABASE $name $databases{$name} ENCODING 'UTF8' TEMPLATE template0");
		skip "$name: $err", 1 if $code != 0;
		prepare_database($name);
		foreach my $plan (sort keys %plans)
		{
			my ($number) = grep { $names[$_] eq $name } 0 .. $#names;
			my $part = $plan =~ /parallel/ ? "$number, " . scalar(@names) : '0, 1';
			is($node->safe_psql($name, "SELECT * FROM compare('$plans{$plan}', $part)"), '', "$name: the same answers, $plan");
		}
		$node->safe_psql($name, 'ANALYZE');
		is($node->safe_psql($name, "SELECT * FROM compare('SELECT 1')"), '', "$name: the same answers after ANALYZE");
		is($node->safe_psql($name, "SELECT count(*) > 1000 FROM probes WHERE type = '' AND is_pushed(replace(sql, '%s', 'f'))"),
			't', "$name: SQLite was told of many of the conditions");
		foreach my $part ('ORDER BY', 'LIMIT', 'count\\(1\\)')
		{
			is($node->safe_psql($name, "SELECT count(*) > 20 FROM probes WHERE type = '' AND is_pushed(replace(sql, '%s', 'f'), '$part')"),
				't', "$name: and of many a $part");
		}
		is($node->safe_psql($name, "$parallel SELECT count(*) > 1000 FROM probes WHERE type = '' AND is_pushed(replace(sql, '%s', 'f'), 'WHERE .*rowid >= ')"),
			't', "$name: many are read in parallel");
		is($node->safe_psql($name, "SELECT count(DISTINCT on_copy) > 500 FROM probes"),
			't', "$name: the answers are of many kinds");
	}
}
stop_server($node);
done_testing();

# 10,000 queries on CSV files that fail midway, in one session, leave its memory and file descriptors
# where they were; so do scans that are cut short and nested loops of many rescans. A large file is
# read in memory that does not grow, a scan stops when it is cancelled, and a file that changes is
# read as it is.
use strict;
use warnings;
use LeakTest;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main', 'log_min_messages = fatal', 'max_parallel_workers = 8');
my $folder = data_folder();

sub write_file
{
	my ($name, $content) = @_;
	open my $file, '>:raw', "$folder/$name" or die "$name: $!";
	print $file $content;
	close $file or die "$name: $!";
	return "$folder/$name";
}

my $good = write_file('good.csv', "id,n,name\n" . join '', map { "$_," . $_ * 7 . ",\"a name,\n$_\"\n" } 1 .. 1000);
write_file('bad.csv', "id,x,y\n" . join '', map { "$_," . ($_ == 400 ? 'two' : $_) . ",a\n" } 1 .. 600);
write_file('open.csv', "id,x,y\n" . join '', map { "$_," . ($_ == 400 ? '"two' : $_) . ",a\n" } 1 .. 600);
write_file('text.csv', "id,x,y\n" . join '', map { "$_,$_," . ($_ == 400 ? "\xff" : 'a') . "\n" } 1 .. 600);
write_file('ragged.csv', "id,x,y\n" . join '', map { "$_,$_" . ($_ == 400 ? '' : ',a') . "\n" } 1 .. 600);
write_file('zip.csv', "PK\x03\x04" . 'x' x 100);

$node->safe_psql('postgres', 'CREATE SERVER files FOREIGN DATA WRAPPER migrate_csv; '
	  . join ' ', map { my ($table, $columns, $options) = @$_; "CREATE FOREIGN TABLE $table ($columns) SERVER files OPTIONS (filename '$folder/$table.csv'$options);" }
	  [ 'good', 'id bigint, n bigint, name text', '' ],
	  [ 'bad', 'id bigint, x bigint, y text', '' ],
	  [ 'open', 'id bigint, x text, y text', q{, quote '"'} ],
	  [ 'text', 'id bigint, x bigint, y text', q{, encoding 'UTF8'} ],
	  [ 'ragged', 'id bigint, x bigint, y text', '' ],
	  [ 'zip', 'id bigint', '' ],
	  [ 'missing', 'id bigint', '' ]);
$node->safe_psql('postgres', <<"END");
CREATE FOREIGN TABLE lost (id bigint, no bigint) SERVER files OPTIONS (filename '$good');
CREATE FOREIGN TABLE ignoring (id bigint, x bigint, y text) SERVER files OPTIONS (filename '$folder/bad.csv', on_error 'ignore', reject_limit '0');
-- The failures: no file, no CSV, a column that is not there, values and records that do not fit, an error of PostgreSQL's in
-- the middle of a scan, a limit, and a scan beside another.
CREATE FUNCTION failing(i int) RETURNS text LANGUAGE sql AS \$\$
    SELECT (ARRAY['SELECT * FROM missing', 'SELECT * FROM zip', 'SELECT * FROM lost', 'SELECT sum(x) FROM bad', 'SELECT max(x) FROM open', 'SELECT max(y) FROM text',
        'SELECT count(*) FROM ragged', 'SELECT 1 / (id - 700) FROM good', 'SELECT count(*) FROM ignoring',
        'SELECT count(*), sum(1 / (bad.id - 300)) FROM good JOIN bad ON bad.id = good.id WHERE good.id < 350'])[i % 10 + 1] \$\$;
CREATE PROCEDURE cut_short(times int) LANGUAGE plpgsql AS \$\$
DECLARE c refcursor; r record;
BEGIN
    FOR i IN 1 .. times LOOP
        OPEN c FOR SELECT * FROM good WHERE id > i;
        FETCH c INTO r;
        CLOSE c;
        PERFORM * FROM good WHERE n = 35 LIMIT 1;
        PERFORM count(*) FROM generate_series(1, 3) g, LATERAL (SELECT * FROM good WHERE id = g OFFSET 0) t;
    END LOOP;
END \$\$;
END

$node->safe_psql('postgres', leak_sql());
check_leaks($node, '10,000 failing queries', 'fail(1000)', 'fail(10000)');
check_leaks($node, 'scans that are cut short', 'cut_short(50)', 'cut_short(300)');

# A file of 100 MB.
$node->safe_psql('postgres', <<"END");
COPY (SELECT i AS id, repeat('x', i % 200) AS pad FROM generate_series(1, 1000000) i) TO '$folder/large.csv' (FORMAT csv, HEADER);
CREATE FOREIGN TABLE large (id bigint, pad text) SERVER files OPTIONS (filename '$folder/large.csv');
END
my $session = MigrateTest::Client->psql($node);
$session->query('SET max_parallel_workers_per_gather = 0; SELECT count(pad) FROM good, generate_series(1, 1) LIMIT 1;');
my ($before) = split /\|/, $session->query('TABLE usage;');
is($session->query('SELECT count(id), sum(length(pad)) FROM large;'), '1000000|99500000', 'a large file is read');
my ($after) = split /\|/, $session->query('TABLE usage;');
cmp_ok($after - $before, '<', 8192, 'in memory that does not grow with it');
like($session->query("SET statement_timeout = 50; SELECT count(id) FROM large a, generate_series(1, 100);"),
	qr/canceling statement due to statement timeout/, 'and no further when it is cancelled');
is(open_files($session->{pid}), '', 'a cancelled scan leaves no file open');
$session->query('RESET statement_timeout;');

# Each pass over a file in another encoding has a buffer of its own: 200 of 200 kB, in a foreign scan and in an import.
write_file("latin$_.csv", "id,name\n" . join '', map { "$_,caf\xe9 " . 'x' x 90 . "\n" } 1 .. 2000) foreach 1 .. 200;
$node->safe_psql('postgres', "CREATE FOREIGN TABLE latin (id int, name text) SERVER files OPTIONS (filename '$folder/latin*.csv', encoding 'LATIN1', header 'true', delimiter ',')");
foreach my $query ('SELECT count(name) FROM latin', "SELECT sum(rows_loaded) FROM migrate.import_csv('$folder/latin*.csv', 'latin_' || %d, '{\"encoding\": \"LATIN1\"}')")
{
	$session->query('SET client_min_messages = error;' . $query =~ s,%d,1,r . ';');
	my ($first) = split /\|/, $session->query('TABLE usage;');
	is($session->query($query =~ s,%d,2,r . ';'), '400000', 'files in LATIN1');
	my ($second) = split /\|/, $session->query('TABLE usage;');
	cmp_ok($second - $first, '<', 8192, 'leave nothing of their conversion');
}

# A prepared plan reads the file that is there.
my $changing = write_file('changing.csv', "a,b\n1,2\n");
$node->safe_psql('postgres', "CREATE FOREIGN TABLE changing (a int, b int) SERVER files OPTIONS (filename '$changing')");
$session->query('SET plan_cache_mode = force_generic_plan; PREPARE p AS SELECT a, b FROM changing;');
is($session->query('EXECUTE p;'), '1|2', 'a file');
write_file('changing.csv', "b;a\n3;4\n5;6\n");
is($session->query('EXECUTE p;'), "4|3\n6|5", 'another file of that name, by the same plan');
unlink $changing;
like($session->query('EXECUTE p;'), qr/could not open "\Q$changing\E": No such file or directory/, 'and none');

# A cancelled parallel scan, and one whose worker fails.
$session->query('SET max_parallel_workers_per_gather = 2; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;');
like($session->query('EXPLAIN SELECT count(pad) FROM large;'), qr/Parallel Foreign Scan/, 'several processes take part');
is($session->query('SELECT count(id), sum(length(pad)) FROM large;'), '1000000|99500000', 'and find all rows');
like($session->query('SELECT count(1 / (id - 900000)) FROM large;'), qr/division by zero/, 'an error of any of them is the query\'s');
like($session->query('SET statement_timeout = 30; SELECT sum(length(pad)) FROM large;'), qr/canceling statement/, 'all are cancelled together');
$session->query('RESET statement_timeout;');
is($session->query('SELECT count(*) FROM pg_stat_activity WHERE backend_type = \'parallel worker\';'), '0', 'and gone');
is(open_files($session->{pid}), '', 'with their files closed');
# Rescans of a parallel scan begin anew.
is($session->query('SET enable_material = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
	SELECT g, (SELECT count(id) FROM large WHERE id % g = 0) FROM generate_series(1, 3) g;'), "1|1000000\n2|500000\n3|333333", 'rescans begin anew');
$session->finish;

# Rows are left out in subtransactions, which a parallel query has not before 17.
$node->safe_psql('postgres', "CREATE TABLE plain AS SELECT i FROM generate_series(1, 100000) i; ALTER FOREIGN TABLE ignoring OPTIONS (SET reject_limit '1');");
my ($code, $out, $err) = $node->psql('postgres', 'SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0;
	SELECT count(*), (SELECT count(*) FROM ignoring) FROM plain;');
if ($node->safe_psql('postgres', 'SHOW server_version_num') < 170000)
{
	is($err =~ s/psql:<stdin>:\d+: //gr, 'ERROR:  cannot leave out rows of foreign table "ignoring" in a parallel query
HINT:  Set max_parallel_workers_per_gather to 0 for this query.', 'rows cannot be left out of a parallel query');
}
else
{
	is($out, '100000|599', 'rows are left out of a parallel query');
}

# Files that are none are left out of an import, with a NOTICE.
mkdir "$folder/mixed" or die $!;
write_file('mixed/a.csv', "id,name\n1,one\n");
write_file('mixed/a.tsv', "id\tname\n1\tone\n");
write_file('mixed/empty.csv', '');
write_file('mixed/zip.csv', "PK\x03\x04" . 'x' x 100);
write_file('mixed/notes.md', "# no CSV\n");
($code, $out, $err) = $node->psql('postgres', <<"END");
CREATE SCHEMA mixed;
IMPORT FOREIGN SCHEMA "$folder/mixed" FROM SERVER files INTO mixed;
SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'mixed'::regnamespace;
END
is($out, 'a a_1', 'the CSV files of a folder');
is($err =~ s/psql:<stdin>:\d+: //gr =~ s/\n$//r, "NOTICE:  file \"$folder/mixed/empty.csv\" is left out: it holds no record
NOTICE:  file \"$folder/mixed/zip.csv\" is left out: file \"$folder/mixed/zip.csv\" is a ZIP archive or an Office document", 'and what is none');
stop_server($node);
done_testing();

# Real CSV files as foreign tables: a foreign table of a file holds, value for value, what import_csv
# loads into a table of the same columns, and where the import fails the query fails in the same
# words; what IMPORT FOREIGN SCHEMA makes of a folder has import_csv's types and rows; a parallel scan
# finds what a serial one finds; after ANALYZE the planner's number of rows is within a factor of 2
# of the truth. MIGRATE_TEST_DATA names the folder.
use strict;
use warnings;
use File::Find qw(find);
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $folder = ($ENV{MIGRATE_TEST_DATA} // '') . '/csv';
plan skip_all => 'MIGRATE_TEST_DATA names no folder of CSV files' unless -d $folder;

my $node = start_server('main', 'max_parallel_workers = 8');
$node->safe_psql('postgres', <<'END');
CREATE SERVER files FOREIGN DATA WRAPPER migrate_csv;
CREATE SCHEMA f;
CREATE SCHEMA l;
CREATE TABLE seen (what text, path text);

-- How many rows the two tables have that the other has not.
CREATE FUNCTION differing(a text, b text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM ((SELECT x::text FROM %1$s x EXCEPT ALL SELECT x::text FROM %2$s x)
        UNION ALL (SELECT x::text FROM %2$s x EXCEPT ALL SELECT x::text FROM %1$s x)) d', a, b) INTO found;
    RETURN found;
END $$;

CREATE FUNCTION estimate(a text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE plan json; truth bigint; rows bigint;
BEGIN
    EXECUTE format('ANALYZE %s', a);
    EXECUTE format('EXPLAIN (FORMAT json) SELECT * FROM %s', a) INTO plan;
    EXECUTE format('SELECT count(*) FROM %s', a) INTO truth;
    rows := plan -> 0 -> 'Plan' ->> 'Plan Rows';
    RETURN CASE WHEN rows NOT BETWEEN greatest(truth, 1) / 2.0 AND greatest(truth, 1) * 2
        THEN format('%s rows estimated, %s found', rows, truth) END;
END $$;

-- The same rows by several processes.
CREATE FUNCTION parallel_difference(a text, b text) RETURNS bigint LANGUAGE plpgsql
    SET max_parallel_workers_per_gather = 3 SET min_parallel_table_scan_size = 0 SET parallel_setup_cost = 0 SET parallel_tuple_cost = 0 AS $$
DECLARE found bigint;
BEGIN
    EXECUTE format('SELECT sum(hashtext(x::text)::bigint) FROM %s x', a) INTO found;
    RETURN found;
END $$;

CREATE FUNCTION probe(path text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE columns text; imported text; scanned text; found bigint; serial bigint;
BEGIN
    BEGIN
        PERFORM migrate.import_csv(path, 'l.t');
    EXCEPTION WHEN OTHERS THEN
        INSERT INTO seen VALUES ('refused', path);
        RETURN;
    END;
    SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) INTO columns
    FROM pg_attribute WHERE attrelid = 'l.t'::regclass AND attnum > 0;
    EXECUTE format('CREATE FOREIGN TABLE f.t (%s) SERVER files OPTIONS (filename %L)', columns, path);
    -- Into the table that is there now: what is known of it has its say in how the file is read.
    BEGIN
        TRUNCATE l.t;
        PERFORM migrate.import_csv(path, 'l.t', '{"loaded_files": "load"}');
    EXCEPTION WHEN OTHERS THEN
        imported := SQLSTATE || ' ' || SQLERRM;
    END;
    BEGIN
        CREATE TABLE l.scanned AS SELECT * FROM f.t;
    EXCEPTION WHEN OTHERS THEN
        scanned := SQLSTATE || ' ' || SQLERRM;
    END;
    IF imported IS DISTINCT FROM scanned THEN
        RETURN NEXT format('import: %s; scan: %s', imported, scanned);
    ELSIF imported IS NULL THEN
        found := differing('f.t', 'l.t');
        IF found > 0 THEN RETURN NEXT found || ' rows differ'; END IF;
        SELECT sum(hashtext(x::text)::bigint) INTO serial FROM l.t x;
        IF parallel_difference('f.t', 'l.t') IS DISTINCT FROM serial THEN RETURN NEXT 'a parallel scan finds other rows'; END IF;
        RETURN NEXT estimate('f.t');
        INSERT INTO seen VALUES ('same', path);
    ELSE
        INSERT INTO seen VALUES ('the same error', path);
    END IF;
    DROP TABLE l.t;
    DROP TABLE IF EXISTS l.scanned;
    DROP FOREIGN TABLE f.t;
END $$;

CREATE FUNCTION probe_folder(path text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE t record; found bigint; types text;
BEGIN
    -- A path of more than 63 bytes is no name of a schema.
    EXECUTE format('CREATE SERVER folder FOREIGN DATA WRAPPER migrate_csv OPTIONS (directory %L)', path);
    IMPORT FOREIGN SCHEMA main FROM SERVER folder INTO f;
    FOR t IN SELECT c.oid, c.relname, substring(array_to_string(f.ftoptions, E'\n') FROM 'filename=([^\n]*)') AS file,
            string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum) AS columns
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 JOIN pg_foreign_table f ON f.ftrelid = c.oid
        WHERE c.relnamespace = 'f'::regnamespace GROUP BY 1, 2, 3 LOOP
        BEGIN
            PERFORM migrate.import_csv(t.file, 'l.t');
        EXCEPTION WHEN OTHERS THEN
            INSERT INTO seen VALUES ('refused', t.file);
            CONTINUE;
        END;
        SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) INTO types
        FROM pg_attribute WHERE attrelid = 'l.t'::regclass AND attnum > 0;
        IF types <> t.columns THEN RETURN NEXT format('%s: %s instead of %s', t.file, t.columns, types); END IF;
        found := differing(format('f.%I', t.relname), 'l.t');
        IF found > 0 THEN RETURN NEXT format('%s: %s rows differ', t.file, found); END IF;
        INSERT INTO seen VALUES ('the same schema', t.file);
        DROP TABLE l.t;
    END LOOP;
    DROP SERVER folder CASCADE;
END $$;
END

sub quoted { return "'" . $_[0] =~ s/'/''/gr . "'"; }

my (@files, %folders);
find({ no_chdir => 1, wanted => sub { if (-f && m{/[^./][^/]*\.(csv|tsv|txt)(\.gz)?$}i) { push @files, $_; $folders{$File::Find::dir}++; } } }, $folder);

# The differences of each, a line each; a session takes them all.
sub problems
{
	my ($function, @paths) = @_;
	my $script = "SET client_min_messages = error; SET bytea_output = hex;\n"
	  . join '', map { "SELECT " . quoted($_) . " || ': ' || p FROM $function(" . quoted($_) . ") p WHERE p IS NOT NULL;\n" } @paths;
	my ($code, $out, $err) = $node->psql('postgres', $script, on_error_stop => 0);
	return join "\n", grep { /\S/ } split /\n/, "$out\n$err";
}

is(problems('probe', sort @files), '', scalar(@files) . ' files: the rows of import_csv, or its error');
is(problems('probe_folder', sort keys %folders), '', scalar(keys %folders) . ' folders: the types and rows of import_csv');
note $node->safe_psql('postgres', 'SELECT what, count(*) FROM seen GROUP BY 1 ORDER BY 1');
cmp_ok($node->safe_psql('postgres', "SELECT count(*) FROM seen WHERE what = 'same'"), '>', 100, 'and there were many');
stop_server($node);
done_testing();

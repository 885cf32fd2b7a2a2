-- CSV files as foreign tables: who may name a file, the options, scans, bad records, EXPLAIN, IMPORT FOREIGN SCHEMA.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE ROLE regress_fdw_csv_reader;
CREATE ROLE regress_fdw_csv_plain;
GRANT pg_read_server_files TO regress_fdw_csv_reader;
GRANT USAGE ON FOREIGN DATA WRAPPER migrate_csv TO regress_fdw_csv_reader, regress_fdw_csv_plain;
CREATE SCHEMA fdw_csv;
GRANT ALL ON SCHEMA fdw_csv TO regress_fdw_csv_reader, regress_fdw_csv_plain;
SET search_path = fdw_csv, public;
CREATE SERVER files FOREIGN DATA WRAPPER migrate_csv;
GRANT USAGE ON FOREIGN SERVER files TO regress_fdw_csv_reader, regress_fdw_csv_plain;
CREATE FUNCTION pg_temp.csv(name text, columns text, file text, others text DEFAULT '') RETURNS void LANGUAGE plpgsql AS
$$ BEGIN EXECUTE format('CREATE FOREIGN TABLE %I (%s) SERVER files OPTIONS (filename %L%s)', name, columns, pg_temp.file('csv/' || file), others); END $$;
CREATE FUNCTION pg_temp.explained(query text) RETURNS SETOF text LANGUAGE plpgsql AS
$$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
        RETURN NEXT replace(line, current_setting('test.fixtures'), '…');
    END LOOP;
END
$$;

-- A file is named by CREATE and ALTER only by those who may read the server's files.
SET ROLE regress_fdw_csv_plain;
SELECT * FROM pg_temp.error_of($$ SELECT pg_temp.csv('mine', 'id int', 'orders.csv') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER mine FOREIGN DATA WRAPPER migrate_csv OPTIONS (directory '/tmp') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE mine (id int) SERVER files $$);
SELECT * FROM pg_temp.error_of($$ IMPORT FOREIGN SCHEMA "/tmp" FROM SERVER files INTO fdw_csv $$);
SET ROLE regress_fdw_csv_reader;
SELECT pg_temp.csv('orders', 'id int, customer text, amount numeric(10,2), ordered date, paid boolean, note text', 'orders.csv');
GRANT SELECT ON orders TO regress_fdw_csv_plain;
SET ROLE regress_fdw_csv_plain;
SELECT * FROM orders;
RESET ROLE;
ALTER FOREIGN TABLE orders OWNER TO regress_fdw_csv_plain;
SET ROLE regress_fdw_csv_plain;
SELECT * FROM pg_temp.error_of($$ ALTER FOREIGN TABLE orders OPTIONS (SET filename '/etc/passwd') $$);
SELECT * FROM pg_temp.error_of($$ ALTER FOREIGN TABLE orders OPTIONS (ADD filename '/etc/passwd') $$);
RESET ROLE;
ALTER FOREIGN TABLE orders OWNER TO CURRENT_USER;

-- The options of each kind of object; the nearest valid one is named.
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_csv OPTIONS (directry '/x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_csv OPTIONS (filename '/x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_csv OPTIONS (directory 'x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', delimeter ';') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', mode 'append') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename 'file:/x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', header 'maybe') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', delimiter '') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', delimiter ',', quote ',') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', on_error 'reject') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', union_by_name 'perhaps') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', skip 'two') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', encoding 'klingon') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_csv OPTIONS (encoding 'klingon') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', null '[1]') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER files OPTIONS (filename '/x', null '["a"') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int OPTIONS (column_nam 'x')) SERVER files OPTIONS (filename '/x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int OPTIONS (column_name '')) SERVER files OPTIONS (filename '/x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int OPTIONS (force_null 'maybe')) SERVER files OPTIONS (filename '/x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE USER MAPPING FOR PUBLIC SERVER files OPTIONS (user 'x') $$);
SELECT * FROM pg_temp.error_of($$ ALTER FOREIGN TABLE orders OPTIONS (DROP filename) $$);

-- Columns are found by the header's names, without one by their position; only what is read is converted.
SELECT pg_temp.csv('part', 'ordered timestamp, "ID" text, buyer text OPTIONS (column_name ''customer'')', 'orders.csv');
SELECT * FROM part;
SELECT count(*) FROM part;
SELECT pg_temp.explained('SELECT "ID" FROM part WHERE buyer > ''B''');
SELECT pg_temp.csv('missing', 'id int, customr text', 'orders.csv');
SELECT * FROM pg_temp.error_of('SELECT * FROM missing');
SELECT sum(id) FROM missing;
SELECT pg_temp.csv('none', 'x int, y text', 'orders.csv');
SELECT * FROM pg_temp.error_of('SELECT count(*) FROM none');
SELECT pg_temp.csv('numbers', 'a int, b int, c int', 'numbers.csv');
SELECT * FROM numbers;
SELECT pg_temp.csv('fewer', 'a int, b int', 'numbers.csv');
SELECT * FROM pg_temp.error_of('SELECT * FROM fewer');
SELECT pg_temp.csv('named', 'c int, a int', 'numbers.csv', $$, columns '["a", "b", "c"]'$$);
SELECT * FROM named;

-- Files of other dialects and encodings; what the options do not say is found.
SELECT pg_temp.csv('semicolon', 'artikel text, preis numeric, datum date, menge text', 'semicolon.csv');
SELECT * FROM semicolon;
SELECT pg_temp.csv('pipes', 'item text, stock int', 'pipes.txt');
SELECT * FROM pipes;
SELECT pg_temp.csv('latin1', 'name text, place text', 'latin1.csv', $$, union_by_name 'true'$$);
SELECT * FROM latin1;
SELECT pg_temp.csv('utf16', 'id int, n text', 'utf16le.csv');
SELECT * FROM utf16;
SELECT pg_temp.explained('SELECT * FROM semicolon UNION ALL SELECT item, stock, NULL, NULL FROM pipes');
SELECT pg_temp.csv('packed', 'id int', 'packed.csv.gz');
SELECT * FROM packed;
SELECT pg_temp.csv('comments', 'a int, b int', 'comments.csv', $$, comment '#'$$);
SELECT * FROM comments;

-- NULL by options of the table and of columns.
SELECT pg_temp.csv('nulls', $$id int, customer text OPTIONS (force_not_null 'true'), note text OPTIONS (force_null 'true')$$, 'orders.csv', $$, null '["", "Ann"]'$$);
SELECT id, customer, customer IS NULL AS no_customer, note IS NULL AS no_note FROM nulls;

-- Several files: a glob, a directory, columns for the file and the line.
SELECT pg_temp.csv('nightly', 'id int, name text, source text, line bigint', 'nightly/*.csv', $$, filename_column 'source', line_column 'line'$$);
SELECT id, name, right(source, 11) AS source, line FROM nightly;
SELECT pg_temp.explained('SELECT line FROM nightly');
SELECT pg_temp.csv('mixed', 'id int, b int', 'mixed');
SELECT * FROM pg_temp.error_of('SELECT * FROM mixed');
SELECT pg_temp.csv('absent', 'id int', 'absent.csv');
SELECT * FROM pg_temp.error_of('SELECT * FROM absent');
SELECT * FROM pg_temp.error_of('EXPLAIN SELECT * FROM absent');
SELECT pg_temp.csv('nowhere', 'id int', 'absent-*.csv');
SELECT * FROM pg_temp.error_of('SELECT * FROM nowhere');
SELECT pg_temp.csv('no_file', 'id int', 'empty');
SELECT * FROM pg_temp.error_of('SELECT * FROM no_file');
SELECT pg_temp.csv('fifo', 'id int', 'fifo.csv');
SELECT * FROM pg_temp.error_of('SELECT * FROM fifo');
SELECT pg_temp.csv('origin', 'id int', 'orders.csv', $$, line_column 'line'$$);
SELECT * FROM pg_temp.error_of('SELECT * FROM origin');

-- Records that do not fit: an error with its place, left out, or NULL. What is not read does no harm.
SELECT pg_temp.csv('bad', 'id int, amount numeric, day date', 'bad.csv');
SELECT * FROM pg_temp.error_of('SELECT * FROM bad');
SELECT * FROM pg_temp.error_of('SELECT amount FROM bad');
SELECT count(*) FROM bad;
SELECT id FROM bad LIMIT 1;
SET client_min_messages = notice;
ALTER FOREIGN TABLE bad OPTIONS (ADD on_error 'ignore');
SELECT * FROM bad;
SELECT count(*) FROM bad;
SELECT count(*) FROM bad a, bad b;
ALTER FOREIGN TABLE bad OPTIONS (SET on_error 'set_null');
SELECT * FROM bad;
SET client_min_messages = warning;
ALTER FOREIGN TABLE bad OPTIONS (SET on_error 'ignore', ADD reject_limit '1');
SELECT * FROM pg_temp.error_of('SELECT * FROM bad');
ALTER FOREIGN TABLE bad OPTIONS (SET reject_limit '40%');
SELECT * FROM pg_temp.error_of('SELECT * FROM bad');
ALTER FOREIGN TABLE bad OPTIONS (SET reject_limit '2');
SELECT * FROM bad;
SELECT pg_temp.csv('ragged', 'a int, b int, c int', 'ragged.csv');
SELECT * FROM pg_temp.error_of('SELECT * FROM ragged');
ALTER FOREIGN TABLE ragged OPTIONS (ADD ragged 'pad');
SELECT * FROM pg_temp.error_of('SELECT * FROM ragged');
ALTER FOREIGN TABLE ragged OPTIONS (SET ragged 'both');
SELECT * FROM ragged;
ALTER FOREIGN TABLE ragged OPTIONS (SET ragged 'reject');
SET client_min_messages = notice;
SELECT a FROM ragged;
SET client_min_messages = warning;
SELECT pg_temp.csv('open_quote', 'a text, b text', 'quote_open.csv', $$, quote '"'$$);
SELECT * FROM pg_temp.error_of('SELECT * FROM open_quote');
-- What only an input function knows, and domains.
CREATE DOMAIN fdw_csv.small AS int CHECK (VALUE < 3);
CREATE TYPE fdw_csv.customer AS ENUM ('Ann', 'Çelik');
SELECT pg_temp.csv('typed', 'id small, customer customer', 'orders.csv');
SELECT * FROM pg_temp.error_of('SELECT * FROM typed');
SELECT * FROM pg_temp.error_of('SELECT id FROM typed');
ALTER FOREIGN TABLE typed OPTIONS (ADD on_error 'ignore');
SELECT * FROM typed;

-- Joins, rescans, cursors; no writes.
SELECT o.id, n.b FROM numbers n JOIN orders o ON o.id = n.a ORDER BY 1;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SELECT count(*) FROM numbers a, numbers b, nightly c WHERE c.id < a.a;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM nightly;
FETCH 1 FROM c;
FETCH 5 FROM c;
COMMIT;
SELECT * FROM pg_temp.error_of('INSERT INTO numbers VALUES (1, 2, 3)');

-- Estimates by the size of the files, and by ANALYZE.
ANALYZE orders;
SELECT reltuples FROM pg_class WHERE oid = 'orders'::regclass;
SELECT attname, n_distinct, null_frac FROM pg_stats WHERE tablename = 'orders' ORDER BY attname;
ANALYZE bad;
SELECT reltuples FROM pg_class WHERE oid = 'bad'::regclass;

-- IMPORT FOREIGN SCHEMA: a directory's files with the names and types that import_csv gives them, and nothing left to guess.
CREATE FUNCTION pg_temp.foreign_tables(of_schema text) RETURNS TABLE (relation text, columns text, options text) LANGUAGE sql AS
$$
    SELECT c.relname, string_agg(format('%s %s %s', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), a.attfdwoptions), E'\n' ORDER BY a.attnum),
        replace(array_to_string(f.ftoptions, E'\n'), current_setting('test.fixtures'), '…')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    JOIN pg_foreign_table f ON f.ftrelid = c.oid
    WHERE c.relnamespace = of_schema::regnamespace AND c.relkind = 'f'
    GROUP BY c.relname, f.ftoptions ORDER BY c.relname COLLATE "C"
$$;
CREATE FUNCTION pg_temp.import_schema(what text, directory text DEFAULT 'csv') RETURNS void LANGUAGE plpgsql AS
$$ BEGIN
    DROP SCHEMA IF EXISTS imported CASCADE;
    CREATE SCHEMA imported;
    EXECUTE format('IMPORT FOREIGN SCHEMA %I %s', pg_temp.file(directory), format(what, 'FROM SERVER files INTO imported'));
END $$;
SELECT pg_temp.import_schema('LIMIT TO (orders, semicolon, pipes, latin1, utf16le, numbers, names, ragged) %s');
SELECT * FROM pg_temp.foreign_tables('imported');
SELECT * FROM imported.orders;
SELECT * FROM imported.semicolon;
SELECT * FROM imported.names;
SELECT * FROM imported.pipes;
SELECT pg_temp.import_schema('EXCEPT ("2024-01") %s OPTIONS (all_text ''true'', on_error ''ignore'')', 'csv/nightly');
SELECT * FROM pg_temp.foreign_tables('imported');
SELECT pg_temp.import_schema('%s', 'csv/nightly');
SELECT * FROM imported."2024-01" NATURAL FULL JOIN imported."2024-02" ORDER BY 1;
-- Files that are none are left out.
CREATE FUNCTION pg_temp.left_out() RETURNS SETOF text LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM pg_temp.import_schema('LIMIT TO (nothing, fifo, header_only, nul, quote_open) %s');
    RETURN QUERY SELECT relation || ': ' || columns FROM pg_temp.foreign_tables('imported');
END
$$;
SELECT * FROM pg_temp.left_out();
-- So is a file whose name is no text; its neighbour is not.
SELECT pg_temp.import_schema('%s', 'csv/bytes in names');
SELECT relation, columns FROM pg_temp.foreign_tables('imported');
SELECT * FROM pg_temp.error_of($$ IMPORT FOREIGN SCHEMA main FROM SERVER files INTO fdw_csv $$);
SELECT * FROM pg_temp.error_of($$ IMPORT FOREIGN SCHEMA "/" FROM SERVER files INTO fdw_csv OPTIONS (delimeter ';') $$);
SELECT * FROM pg_temp.error_of($$ SELECT pg_temp.import_schema('%s', 'csv/empty') $$);
SELECT * FROM pg_temp.error_of($$ SELECT pg_temp.import_schema('%s', 'csv/no such') $$);
SELECT * FROM pg_temp.error_of($$ IMPORT FOREIGN SCHEMA "/a/path/of/more/bytes/than/the/sixty-three/that/postgresql/keeps/of/it" FROM SERVER files INTO fdw_csv $$);
DO $$ BEGIN EXECUTE format('ALTER SERVER files OPTIONS (ADD directory %L, ADD decimal '','')', pg_temp.file('csv/nightly')); END $$;
DROP SCHEMA imported CASCADE;
CREATE SCHEMA imported;
IMPORT FOREIGN SCHEMA main FROM SERVER files INTO imported;
SELECT relation, columns FROM pg_temp.foreign_tables('imported');

-- Several processes see what one sees, line numbers and all.
DO $$ BEGIN
    EXECUTE format('COPY (SELECT i AS id, CASE i %% 7 WHEN 0 THEN repeat(E''a "quoted"\r\ntext,\n'', i %% 50) ELSE ''plain '' || i END AS note
        FROM generate_series(1, 20000) i) TO %L (FORMAT csv, HEADER)', pg_temp.file('fdw_csv_large.csv'));
END $$;
SELECT pg_temp.csv('large', 'id int, note text, line bigint', '../fdw_csv_large.csv', $$, line_column 'line'$$);
CREATE FUNCTION pg_temp.digest_of() RETURNS TABLE (rows bigint, ids bigint, notes bigint, lines numeric) LANGUAGE sql AS
$$ SELECT count(*), sum(id), sum(hashtext(note)), sum(line * id)::numeric FROM large $$;
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE alone AS SELECT * FROM pg_temp.digest_of();
SET max_parallel_workers_per_gather = 3;
SELECT pg_temp.explained('SELECT count(*) FROM large');
SELECT pg_temp.explained('SELECT * FROM large LIMIT 1');
SELECT d.rows, d.ids, alone = d AS is_same FROM alone, (SELECT count(*) AS rows, sum(id) AS ids, sum(hashtext(note)) AS notes, sum(line * id) AS lines FROM large) d;
SET parallel_leader_participation = off;
SELECT d.rows, d.ids, alone = d AS is_same FROM alone, (SELECT count(*) AS rows, sum(id) AS ids, sum(hashtext(note)) AS notes, sum(line * id) AS lines FROM large) d;
RESET parallel_leader_participation;
SELECT pg_temp.csv('several', 'id int, name text, line bigint', 'nightly', $$, line_column 'line'$$);
SELECT pg_temp.explained('SELECT count(*) FROM several');
SELECT count(*), sum(id), sum(line) FROM several;
-- An error of a worker is the query's; rows are left out by one process alone.
ALTER FOREIGN TABLE large ALTER COLUMN note TYPE int;
SELECT left(value, 45) FROM pg_temp.error_of('SELECT sum(note) FROM large') WHERE field = '22P02';
ALTER FOREIGN TABLE large OPTIONS (ADD on_error 'ignore');
SELECT pg_temp.explained('SELECT count(*) FROM large');
RESET min_parallel_table_scan_size;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET max_parallel_workers_per_gather;
DROP SCHEMA imported CASCADE;
SET client_min_messages = error;
DROP SERVER files CASCADE;
DROP SCHEMA fdw_csv CASCADE;
REVOKE ALL ON FOREIGN DATA WRAPPER migrate_csv FROM regress_fdw_csv_reader, regress_fdw_csv_plain;
DROP ROLE regress_fdw_csv_reader, regress_fdw_csv_plain;

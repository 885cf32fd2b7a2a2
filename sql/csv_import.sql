-- import_csv: what files become of it, table by table.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE SCHEMA csv;
SET search_path = csv, public;

-- Without the path, the size and the seconds.
CREATE FUNCTION pg_temp.load(file text, target text DEFAULT NULL, options jsonb DEFAULT '{}')
    RETURNS TABLE (name text, target_table text, read bigint, loaded bigint, updated bigint,
                   rejected bigint, skipped bigint, note text) LANGUAGE sql AS
$$
    SELECT regexp_replace(file_name, '.*/csv/', ''), table_name, rows_read, rows_loaded,
           rows_updated, rows_rejected, rows_skipped,
           regexp_replace(notes, 'run \d+ loaded', 'run N loaded')
    FROM migrate.import_csv(pg_temp.file('csv/' || $1), $2, $3)
$$;

-- A new table, everything detected.
SELECT * FROM pg_temp.load('orders.csv');
SELECT * FROM orders;
SELECT * FROM pg_temp.columns_of('csv');
SELECT * FROM pg_temp.load('semicolon.csv', 'csv.prices');
SELECT * FROM prices;
SELECT * FROM pg_temp.load('pipes.txt', 'stock');
SELECT * FROM stock;
SELECT * FROM pg_temp.load('comments.csv');
SELECT * FROM comments;
SELECT * FROM pg_temp.load('numbers.csv');
SELECT * FROM numbers;
SELECT * FROM pg_temp.load('ambiguous.csv');
SELECT * FROM ambiguous;
SELECT * FROM pg_temp.load('ambiguous.csv', 'days', '{"date_order": "dmy"}');
SELECT * FROM days;
SELECT * FROM pg_temp.load('names.csv');
SELECT attname, col_description(attrelid, attnum) FROM pg_attribute
WHERE attrelid = 'csv.names'::regclass AND attnum > 0 ORDER BY attnum;
SELECT * FROM pg_temp.load('header_only.csv', options => '{"header": true}');
SELECT * FROM pg_temp.load('trailing.csv');
SELECT * FROM "trailing";
SELECT * FROM pg_temp.load('blank_lines.csv');
SELECT * FROM pg_temp.load('end_marker.csv');
SELECT * FROM end_marker;

-- Encodings, line ends, compression
SELECT * FROM pg_temp.load('bom.csv');
SELECT * FROM bom;
SELECT * FROM pg_temp.load('latin1.csv');
SELECT * FROM latin1;
SELECT * FROM pg_temp.load('utf16le.csv');
SELECT * FROM utf16le;
SELECT * FROM pg_temp.load('sjis.csv', options => '{"encoding": "SJIS"}');
SELECT * FROM sjis;
SELECT * FROM pg_temp.load('cr.csv');
SELECT * FROM cr;
SELECT * FROM pg_temp.load('crlf.csv');
SELECT * FROM crlf;
SELECT * FROM pg_temp.load('no_newline.csv');
SELECT * FROM no_newline;
SELECT * FROM pg_temp.load('packed.csv.gz');
SELECT count(*), sum(amount) FROM packed;

-- Types that the caller names, and options for values
SELECT loaded FROM pg_temp.load('orders.csv', 'typed',
    '{"types": {"id": "integer", "amount": "numeric(8,2)", "ordered": "timestamptz", "*": "varchar(40)"}}');
SELECT * FROM pg_temp.columns_of('csv') WHERE relation = 'typed';
SELECT loaded FROM pg_temp.load('orders.csv', 'texts', '{"all_text": true}');
SELECT * FROM pg_temp.columns_of('csv') WHERE relation = 'texts';
SELECT loaded FROM pg_temp.load('orders.csv', 'nulls', '{"null": ["", "Ann", "20"], "force_null": "note"}');
SELECT id, customer, amount, note FROM nulls;
SELECT loaded FROM pg_temp.load('orders.csv', 'preserved', '{"columns": ["Id", "Customer", "Amount", "Ordered", "Paid", "Note"], "identifiers": "preserve"}');
SELECT * FROM pg_temp.columns_of('csv') WHERE relation = 'preserved';

-- Ragged records
SELECT * FROM pg_temp.load('ragged.csv', 'padded', '{"ragged": "both"}');
SELECT * FROM padded;

-- Into a table that is there: by the header's names, in any order, the rest by default
CREATE TABLE target (made timestamptz DEFAULT '2024-06-01', "Name" text, id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED);
SELECT * FROM pg_temp.load('nightly/2024-01.csv', 'target');
SELECT * FROM pg_temp.load('nightly/2024-02.csv', 'target');
SELECT * FROM target;
CREATE TABLE fewer (id int);
SELECT * FROM pg_temp.load('nightly/2024-01.csv', 'fewer');
SELECT * FROM fewer;
CREATE TABLE positions (n int, t text);
SELECT * FROM pg_temp.load('nightly/2024-01.csv', 'positions', '{"header_match": "position"}');
SELECT * FROM positions;
SELECT * FROM pg_temp.load('nightly/2024-01.csv', 'positions', '{"columns": ["n", "t"], "loaded_files": "load"}');
SELECT * FROM positions;

-- The form of dates and numbers is found for a table that is there too.
CREATE TABLE existing_prices (artikel text, preis numeric(10,2), datum date, menge int);
SELECT loaded FROM pg_temp.load('semicolon.csv', 'existing_prices');
SELECT * FROM existing_prices;

-- A file is loaded once into a table, under whatever name; a file of other content is another.
SELECT * FROM pg_temp.load('nightly/*.csv', 'target');
SELECT * FROM pg_temp.load('nightly', 'months');
SELECT * FROM months ORDER BY id;
SELECT * FROM pg_temp.load('nightly', 'months');
SELECT name, loaded FROM pg_temp.load('nightly', 'months', '{"mode": "truncate"}');
SELECT name, loaded FROM pg_temp.load('nightly', 'months', '{"loaded_files": "load"}');
SELECT count(*) FROM months;
SELECT name, target_table, loaded FROM pg_temp.load('nightly', 'months', '{"mode": "replace"}');
SELECT count(*) FROM months;
-- One table for each file where none is named
SELECT name, target_table, loaded FROM pg_temp.load('mixed');
SELECT name, target_table, loaded FROM pg_temp.load('mixed', 'united', '{"union_by_name": true, "filename_column": "file", "line_column": "line"}');
SELECT id, a, b, regexp_replace(file, '.*/', '') AS file, line FROM united ORDER BY id;

-- Raw records
SELECT * FROM pg_temp.load('ragged.csv', 'landed', '{"raw": true}');
SELECT record, regexp_replace(file_name, '.*/', '') AS file, line, loaded_at = now() IS NOT NULL AS has_time,
       digest = encode(sha256(CASE line WHEN 2 THEN '1,2,3' WHEN 3 THEN '4,5' WHEN 4 THEN '6,7,8,9' ELSE '10,11,12' END::bytea), 'hex') AS is_digest
FROM landed;

-- A condition
SELECT * FROM pg_temp.load('numbers.csv', 'chosen', '{"where": "column_1 > 1 AND column_2 < 8"}');
SELECT * FROM chosen;

-- A dry run leaves nothing but its record.
SELECT name, target_table, loaded FROM pg_temp.load('orders.csv', 'dry', '{"dry_run": true}');
SELECT to_regclass('csv.dry'), is_dry_run, rows_loaded FROM migrate.runs WHERE run_id = pg_temp.last_run();
SELECT name, loaded FROM pg_temp.load('orders.csv', 'dry');

-- A schema that is missing is made.
SELECT name, target_table, loaded FROM pg_temp.load('orders.csv', '"New Schema".orders');
SELECT count(*) FROM "New Schema".orders;

-- Another owner, of the table and of a new schema
CREATE ROLE regress_csv_owner;
SELECT name, target_table, loaded FROM pg_temp.load('orders.csv', 'owned.orders', '{"owner": "regress_csv_owner"}');
SELECT nspowner::regrole, relowner::regrole FROM pg_namespace n JOIN pg_class c ON relnamespace = n.oid WHERE nspname = 'owned';
DROP SCHEMA owned CASCADE;
DROP ROLE regress_csv_owner;

-- The record of a run
SELECT name, target_table, loaded FROM pg_temp.load('orders.csv', 'recorded');
SELECT object_type, regexp_replace(source_name, '.*/csv/', '') AS source_name, target_name, status, split_part(reason, E'\n', 1) AS reason
FROM migrate.report(pg_temp.last_run());
SELECT digest = encode(sha256(pg_read_binary_file(source_name)), 'hex') AS is_digest, details - 'database' AS details
FROM migrate.run_objects WHERE run_id = pg_temp.last_run() AND object_type = 'file';
DROP SCHEMA csv, "New Schema" CASCADE;

-- Each error of the CSV functions that a caller can cause, with its exact text.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE SCHEMA errors;
SET search_path = errors;
CREATE FUNCTION pg_temp.fails(file text, target text, options jsonb DEFAULT '{}')
    RETURNS TABLE (field text, value text) LANGUAGE sql AS
$$ SELECT * FROM pg_temp.error_of(format('SELECT * FROM migrate.import_csv(%L, %L, %L)', pg_temp.file('csv/' || $1), $2, $3)) $$;

-- Paths
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(NULL) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv('') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv('orders.csv') $$);
SELECT * FROM pg_temp.fails('no_such.csv', 't');
SELECT * FROM pg_temp.fails('no_such_*.csv', 't');
SELECT * FROM pg_temp.fails('empty', 't');
SELECT * FROM pg_temp.fails('fifo.csv', 't');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.sniff_csv(pg_temp.file('csv/nightly')) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv('/x.csv', '{"header": true}') $$);
CREATE ROLE regress_reader;
SET ROLE regress_reader;
SELECT * FROM pg_temp.fails('orders.csv', 't');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.sniff_csv('/x.csv') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.check_csv('/x.csv') $$);
RESET ROLE;
DROP ROLE regress_reader;

-- Targets
SELECT * FROM pg_temp.fails('orders.csv', 'a.b.c.d');
SELECT * FROM pg_temp.fails('orders.csv', 'a..b');
SELECT * FROM pg_temp.fails('orders.csv', 'pg_catalog.t');
CREATE SEQUENCE errors.s;
SELECT * FROM pg_temp.fails('orders.csv', 's');
CREATE TABLE orders (id int);
SELECT * FROM pg_temp.fails('orders.csv', 'orders', '{"mode": "create"}');
SELECT * FROM pg_temp.fails('orders.csv', 'orders', '{"mode": "replace"}');
SET search_path = '';
SELECT * FROM pg_temp.fails('orders.csv', 't');
SET search_path = errors;

-- Options
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv('/x.csv', options => NULL) $$);
SELECT * FROM pg_temp.fails('orders.csv', 't', '[1]');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"delimeter": ","}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"delimiter": "12345"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"quote": "''''"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"delimiter": "\"", "quote": "\""}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"escape": "xy"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"header": "yes"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"on_error": "continue"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"reject_limit": "5"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"encoding": "utf-7"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"types": {"id": "nosuchtype"}}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"types": {"nosuch": "text"}}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"force_null": "nosuch"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"on_conflict": "update"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"on_conflict": "update", "key": "nosuch"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"all_text": true, "types": {"id": "text"}}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"decimal": ";"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"decimal": ",", "thousands": ","}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"owner": "nosuchrole"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"where": "id >"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"where": "true) UNION SELECT (1"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"where": "nosuch > 1"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"line_column": "id"}');
SELECT * FROM pg_temp.fails('orders.csv', 'orders', '{"line_column": "nosuch"}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"max_line_size": 10}');
SELECT * FROM pg_temp.fails('orders.csv', 't', '{"compression": "gzip"}');

-- Files
SELECT * FROM pg_temp.fails('nothing.csv', 't');
SELECT * FROM pg_temp.fails('utf32.csv', 't');
SELECT * FROM pg_temp.fails('damaged.csv.gz', 't');
SELECT * FROM pg_temp.fails('ragged.csv', 't');
SELECT * FROM pg_temp.fails('nul.csv', 't');
SELECT * FROM pg_temp.fails('bad_utf8.csv', 't', '{"encoding": "UTF8"}');
SELECT * FROM pg_temp.fails('quote_open.csv', 't', '{"delimiter": ",", "quote": "\""}');
SELECT * FROM pg_temp.fails('mixed', 't');
SELECT * FROM pg_temp.fails('bad.csv', 't', '{"types": {"id": "int"}}');
SELECT * FROM pg_temp.fails('bad.csv', 't', '{"types": {"amount": "numeric(4,1)"}}');
SELECT * FROM pg_temp.fails('bad.csv', 't', '{"types": {"day": "date"}}');

-- Files and tables that do not fit together
CREATE TABLE other (x int, y int);
SELECT * FROM pg_temp.fails('orders.csv', 'other');
SELECT * FROM pg_temp.fails('orders.csv', 'other', '{"header_match": "position"}');
SELECT * FROM pg_temp.fails('orders.csv', 'other', '{"header": "match"}');
CREATE TABLE needs (id int, must text NOT NULL);
SELECT * FROM pg_temp.fails('orders.csv', 'needs');
CREATE TABLE twice (a int);
SELECT * FROM pg_temp.fails('comments.csv', 'twice', '{"columns": ["a", "A"]}');
SELECT * FROM pg_temp.fails('numbers.csv', 'other');
CREATE TABLE small (id smallint, day timestamp, c char(2));
SELECT * FROM pg_temp.fails('numbers.csv', 'small', '{"columns": ["id", "day", "c"]}');
SELECT * FROM pg_temp.fails('orders.csv', 'small', '{"columns": ["id", "c", "x", "day", "y", "z"], "null": "1"}');

-- loaded_files: error
SELECT rows_loaded FROM migrate.import_csv(pg_temp.file('csv/numbers.csv'), 'n');
SELECT field, regexp_replace(value, 'Run \d+', 'Run N') AS value FROM pg_temp.fails('numbers.csv', 'n', '{"loaded_files": "error"}');

-- A read-only transaction may look, and no more.
BEGIN READ ONLY;
SELECT * FROM pg_temp.fails('orders.csv', 't');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.retry_rejects(1) $$);
SELECT delimiter FROM migrate.sniff_csv(pg_temp.file('csv/orders.csv'));
SELECT line_first, column_name, error FROM migrate.check_csv(pg_temp.file('csv/bad.csv'), 'small', '{"columns": ["id", "c", "day"]}');
COMMIT;
DROP SCHEMA errors CASCADE;

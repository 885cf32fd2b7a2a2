-- What a second import, a retry and a replacement have to know of the first.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = error;
CREATE SCHEMA repeat;
SET search_path = repeat, public;
CREATE FUNCTION pg_temp.load(file text, target text, options jsonb DEFAULT '{}')
    RETURNS TABLE (read bigint, loaded bigint, updated bigint, rejected bigint, skipped bigint) LANGUAGE sql AS
$$
    SELECT rows_read, rows_loaded, rows_updated, rows_rejected, rows_skipped
    FROM migrate.import_csv(pg_temp.file('csv/' || $1), $2, $3)
$$;
-- A table that was made anew by hand is another; one in a schema of another name is the same.
SELECT * FROM pg_temp.load('numbers.csv', 'anew');
DROP TABLE anew;
CREATE TABLE anew (column_1 int, column_2 int, column_3 int);
SELECT * FROM pg_temp.load('numbers.csv', 'anew');
SELECT * FROM pg_temp.load('numbers.csv', 'anew');
CREATE SCHEMA old_name;
SELECT * FROM pg_temp.load('numbers.csv', 'old_name.t');
ALTER SCHEMA old_name RENAME TO new_name;
SELECT * FROM pg_temp.load('numbers.csv', 'new_name.t');
CREATE TEMP TABLE staged (column_1 int, column_2 int, column_3 int);
SELECT * FROM pg_temp.load('numbers.csv', 'staged');
SELECT digest IS NULL AS is_forgotten FROM migrate.run_objects WHERE run_id = pg_temp.last_run() AND object_type = 'file';

-- Values, constraints of the option and conditions have their say before a key's last record counts.
CREATE TABLE priced (id int PRIMARY KEY, n int, s text);
SELECT rows_read, rows_loaded, rows_rejected, rows_skipped FROM migrate.import_csv(pg_temp.file('csv/priced.csv'), 'priced',
    '{"on_conflict": "update", "key": "id", "on_error": "reject", "where": "s = ''ok''"}');
SELECT * FROM priced ORDER BY id;
SELECT rows_loaded, rows_updated, rows_skipped FROM migrate.import_csv(pg_temp.file('csv/priced.csv'), 'priced',
    '{"on_conflict": "update", "key": "id", "on_error": "set_null", "where": "s = ''ok''", "loaded_files": "load"}');
SELECT * FROM priced ORDER BY id;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/priced.csv'), 'priced', '{"on_conflict": "update", "key": "id", "columns": ["n", "s", "x"], "loaded_files": "load"}') $$);
CREATE TABLE keyed (id int DEFAULT 1 UNIQUE, n int, s text);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/priced.csv'), 'keyed', '{"on_conflict": "update", "key": "id", "columns": ["n", "s", "x"]}') $$);

-- A retry reads values as the file writes them, and into the columns that they went to.
CREATE TABLE european (artikel text, preis numeric, datum date, menge int CHECK (menge > 10));
SELECT * FROM pg_temp.load('semicolon.csv', 'european', '{"on_error": "reject"}');
SELECT line_first, reason FROM migrate.rejects WHERE run_id = pg_temp.last_run();
UPDATE migrate.rejects SET mended = 'Schraube;1.234;05.06.2024;70' WHERE run_id = pg_temp.last_run();
SELECT rows_loaded FROM migrate.retry_rejects(pg_temp.last_run());
SELECT (regexp_match(notes, 'column "preis"[^\n]*'))[1], (regexp_match(notes, 'column "datum"[^\n]*'))[1] FROM migrate.import_csv(pg_temp.file('csv/semicolon.csv'), 'european', '{"where": "false", "loaded_files": "load"}');
SELECT * FROM european ORDER BY menge;
SELECT * FROM pg_temp.load('bad.csv', 'renamed', '{"on_error": "reject", "types": {"id": "int"}}');
UPDATE migrate.rejects SET mended = '2,20,2024-01-02' WHERE run_id = pg_temp.last_run();
ALTER TABLE renamed RENAME amount TO price;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.retry_rejects(pg_temp.last_run()) $$);
DROP TABLE renamed;
SELECT field, regexp_replace(value, 'run \d+', 'run N') AS value FROM pg_temp.error_of($$ SELECT * FROM migrate.retry_rejects(pg_temp.last_run()) $$);
SELECT * FROM pg_temp.load('bad.csv', 'dry', '{"on_error": "reject", "types": {"id": "int"}, "dry_run": true}');
SELECT field, regexp_replace(value, 'run \d+', 'run N') AS value FROM pg_temp.error_of($$ SELECT * FROM migrate.retry_rejects(pg_temp.last_run()) $$);

-- Replacing shows no rows that policies hid.
SELECT * FROM pg_temp.load('numbers.csv', 'hidden');
ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/numbers.csv'), 'hidden', '{"mode": "replace"}') $$);
ALTER TABLE hidden DISABLE ROW LEVEL SECURITY;
SELECT (regexp_match(notes, 'keys, indexes[^\n]*'))[1] FROM migrate.import_csv(pg_temp.file('csv/numbers.csv'), 'hidden', '{"mode": "replace"}');
-- Types of a table that is there
SELECT (regexp_match(notes, 'option types[^\n]*'))[1] FROM migrate.import_csv(pg_temp.file('csv/numbers.csv'), 'hidden', '{"types": {"column_1": "date"}, "loaded_files": "load"}');
DROP SCHEMA repeat, new_name CASCADE;

-- Text from a file never becomes SQL, whatever the session's settings.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET standard_conforming_strings = off;
SET transform_null_equals = on;
SET quote_all_identifiers = on;
SET escape_string_warning = off;

SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('hostile.db'), schema => 'hostile');
RESET standard_conforming_strings;
RESET transform_null_equals;
RESET quote_all_identifiers;
-- Nothing but the file's tables and the one view that reads only them.
SELECT relkind, relname FROM pg_class WHERE relnamespace = 'hostile'::regnamespace AND relkind IN ('r', 'v') ORDER BY 2;
SELECT to_regclass('pwned'), to_regclass('pwned2'), to_regclass('hostile.pwned');
SELECT * FROM pg_temp.columns_of('hostile');
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'hostile.target'::regclass AND contype = 'c';
SELECT sql FROM migrate.plan_sqlite(pg_temp.file('hostile.db'), schema => 'hostile') WHERE phase IN ('table', 'check', 'view');
SELECT reloptions FROM pg_class WHERE oid = 'hostile.reads'::regclass;
-- CHECK (d = NULL) is never false; it did not become IS NULL.
INSERT INTO hostile.target (id, d) VALUES (2, 5) RETURNING a, b;
SELECT object_type, source_name, status, reason FROM migrate.report(pg_temp.last_run())
WHERE status <> 'imported';
DROP SCHEMA hostile CASCADE;

-- STRICT and NOT NULL are promises of the writer, not of the file; a value of 900 MB a row is not read.
SELECT table_name, rows_read, rows_loaded, notes FROM migrate.import_sqlite(pg_temp.file('lies.db'), schema => 'lies');
SELECT * FROM pg_temp.columns_of('lies');
SELECT * FROM lies.strict_lie;
SELECT * FROM lies.not_null_lie;
SELECT * FROM lies.bomb;
SELECT object_type, source_name, status, reason, source_sql FROM migrate.report(pg_temp.last_run()) WHERE status <> 'imported';
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('lies.db'), schema => 'lies');
DROP SCHEMA lies CASCADE;

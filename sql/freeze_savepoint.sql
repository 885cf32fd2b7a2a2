-- Rows of an import that is undone are never visible, in whatever subtransaction it was.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

-- Undone by ROLLBACK TO, then done again in the same transaction.
BEGIN;
SAVEPOINT s;
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'undone');
SELECT count(*) FROM undone.sale;
SELECT pg_temp.last_run() AS run \gset
ROLLBACK TO s;
SELECT to_regnamespace('undone');
SELECT count(*) FROM migrate.runs WHERE run_id = :run;
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'undone');
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('views.db'), schema => 'undone');
COMMIT;
SELECT count(*) FROM undone.sale;
DROP SCHEMA undone CASCADE;

-- The schema and an emptied table are older than the savepoint.
BEGIN;
CREATE SCHEMA undone;
SAVEPOINT s;
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'undone');
RELEASE s;
SAVEPOINT t;
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'undone', options => '{"mode": "replace"}');
DELETE FROM undone.sale;
ROLLBACK TO t;
SELECT count(*) FROM undone.sale;
COMMIT;
SELECT count(*) FROM undone.sale;
DROP SCHEMA undone CASCADE;

-- A value that does not fit: planned again inside a savepoint, the first rows are gone.
BEGIN;
SAVEPOINT s;
SELECT table_name, rows_read, rows_loaded, notes FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => 'undone', tables => '{item}');
SELECT count(*), min(price), max(price) FROM undone.item;
ROLLBACK TO s;
SELECT to_regnamespace('undone');
SAVEPOINT s;
SELECT table_name, rows_read, rows_loaded FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => 'undone', tables => '{item}');
RELEASE s;
COMMIT;
SELECT count(*) FROM undone.item;
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('dirty.db'), schema => 'undone', tables => '{item}');
DROP SCHEMA undone CASCADE;

-- plpgsql's EXCEPTION undoes the import, however it ends.
CREATE FUNCTION pg_temp.import_and_fail() RETURNS text LANGUAGE plpgsql AS
$$
DECLARE
    rows bigint;
BEGIN
    SELECT sum(rows_loaded) INTO rows FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'undone');
    PERFORM 1 / (rows - rows);
EXCEPTION WHEN division_by_zero THEN
    RETURN format('%s rows undone', rows);
END
$$;
BEGIN;
SELECT pg_temp.import_and_fail();
SELECT to_regnamespace('undone');
SELECT pg_temp.import_and_fail();
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('foreign_keys.db'), schema => 'undone', options => '{"orphans": "error"}') $$);
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'undone');
COMMIT;
SELECT count(*) FROM undone.sale;
DROP SCHEMA undone CASCADE;

-- Rolled back as a whole: nothing of it is left, and the file is free.
BEGIN;
SELECT sum(rows_loaded) FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'undone');
ROLLBACK;
SELECT to_regnamespace('undone');

-- With every value compared before the end, frozen or not; and prepared for a commit in two phases.
SELECT sum(rows_loaded) FROM migrate.import_sqlite(pg_temp.file('types.db'), schema => 'undone', options => '{"verify": "digest"}');
DROP SCHEMA undone CASCADE;
SELECT sum(rows_loaded) FROM migrate.import_sqlite(pg_temp.file('types.db'), schema => 'undone', options => '{"verify": "digest", "freeze": false}');
DROP SCHEMA undone CASCADE;
BEGIN;
SELECT sum(rows_loaded) FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'undone', options => '{"freeze": false}');
PREPARE TRANSACTION 'regress_undone';
SELECT to_regnamespace('undone');
COMMIT PREPARED 'regress_undone';
SELECT count(*) FROM undone.sale;
DROP SCHEMA undone CASCADE;

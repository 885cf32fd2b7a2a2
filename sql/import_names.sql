-- Names that fold, collide, are too long or are PostgreSQL's own.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'names');
SELECT * FROM pg_temp.columns_of('names');
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('names.db'), schema => 'names');

-- snake: OrderItems becomes order_items, which the file has already.
SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'snake', options => '{"identifiers": "snake"}');
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('names.db'), schema => 'snake');
SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'Kept', options => '{"identifiers": "preserve"}');
SELECT * FROM pg_temp.columns_of('"Kept"');
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('names.db'), schema => 'Kept');

-- The names are the same in every run.
SELECT a.target_name = b.target_name AS same_name, count(*)
FROM migrate.run_objects a JOIN migrate.run_objects b USING (object_type, source_name)
WHERE a.run_id = pg_temp.last_run() - 1 AND b.run_id = pg_temp.last_run() - 1 GROUP BY 1;

-- Patterns hold the file's names, in any case, quoted where they hold a dot.
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'few', tables => '{orderITEMS}');
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'others', tables => '{a_name*,order*}', exclude => '{*two,"Order*"}');

-- Notices: one a table, one that names "preserve" where folding changed a name, one for the run.
BEGIN;
ALTER SEQUENCE migrate.runs_data_run_id_seq RESTART WITH 1000000;
SET LOCAL client_min_messages = notice;
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'told', tables => '{OrderItems}');
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'told', tables => '{order_items}');
ROLLBACK;
DROP SCHEMA names, snake, "Kept", few, others CASCADE;

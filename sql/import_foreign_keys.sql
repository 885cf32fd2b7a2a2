-- Foreign keys with actions, cycles and orphans, and those that cannot be.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

SELECT table_name, rows_loaded, notes
FROM migrate.import_sqlite(pg_temp.file('foreign_keys.db'), schema => 'fk');
SELECT conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'fk'::regnamespace AND contype = 'f' ORDER BY 1::text, 2;
SELECT source_name, target_name, status, reason, source_sql
FROM migrate.report(pg_temp.last_run()) WHERE object_type = 'foreign key';
-- No row is lost for its missing parent.
SELECT * FROM fk.orphan ORDER BY id;
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('foreign_keys.db'), schema => 'fk') ORDER BY 1;
DROP SCHEMA fk CASCADE;

-- orphans: error
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('foreign_keys.db'),
    schema => 'fk', options => '{"orphans": "error"}') $$);
SELECT to_regnamespace('fk');

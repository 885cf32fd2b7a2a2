-- create refuses what exists, replace drops only what a run made, a dry run leaves its record only.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'modes');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'modes') $$);

-- replace carries grants and comments over.
CREATE ROLE regress_reader;
GRANT SELECT ON modes.customer TO regress_reader;
GRANT UPDATE (city) ON modes.customer TO regress_reader;
COMMENT ON TABLE modes.customer IS 'our customers';
COMMENT ON COLUMN modes.customer.city IS 'where they live';
COMMENT ON VIEW modes.per_city IS 'sales by city';
CREATE POLICY p ON modes.customer USING (true);
DELETE FROM modes.sale;
SELECT table_name, rows_loaded, notes FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'modes', options => '{"mode": "replace"}');
SELECT relacl::text ~ 'regress_reader=r/' AS granted FROM pg_class WHERE oid = 'modes.customer'::regclass;
SELECT attacl::text ~ 'regress_reader=w/' AS granted FROM pg_attribute WHERE attrelid = 'modes.customer'::regclass AND attname = 'city';
SELECT obj_description('modes.customer'::regclass, 'pg_class'), col_description('modes.customer'::regclass, 3), obj_description('modes.per_city'::regclass, 'pg_class');

SELECT count(*) FROM modes.sale;
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('views.db'), schema => 'modes');
-- A replacement can be replaced.
SELECT table_name, rows_loaded, notes FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'modes', options => '{"mode": "replace"}');
-- Only some of the tables: a view over both is in the way of one.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'modes', tables => '{sale}', options => '{"mode": "replace"}') $$);

-- Another object depends on a table.
CREATE VIEW public.outside AS SELECT id FROM modes.sale;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'modes', options => '{"mode": "replace"}') $$);
DROP VIEW public.outside;

-- A table that somebody made by hand under the same name.
DROP TABLE modes.sale CASCADE;
CREATE TABLE modes.sale (mine int);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'modes', options => '{"mode": "replace"}') $$);
DROP SCHEMA modes CASCADE;
DROP ROLE regress_reader;

-- A dry run does everything, then undoes it; its run, report and rejects stay.
SELECT table_name, rows_read, rows_loaded, rows_rejected FROM migrate.import_sqlite(pg_temp.file('dirty.db'),
    schema => 'dry', options => '{"dry_run": true, "on_type_mismatch": "reject"}');
SELECT to_regnamespace('dry');
SELECT is_dry_run, tables, rows_read, rows_loaded, rows_rejected FROM migrate.runs ORDER BY run_id DESC LIMIT 1;
SELECT count(*) > 0 AS has_report FROM migrate.report(pg_temp.last_run());
SELECT count(*) FROM migrate.rejects WHERE run_id = pg_temp.last_run();

-- forget_run
SELECT migrate.forget_run(pg_temp.last_run());
SELECT migrate.forget_run(-1);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.report(-1) $$);
SELECT * FROM pg_temp.error_of($$ SELECT migrate.forget_run(NULL) $$);

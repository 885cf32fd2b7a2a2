-- Views that translate are created, never executed; the others are reported with their text.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'shown');
SELECT sql, note FROM migrate.plan_sqlite(pg_temp.file('views.db'), schema => 'shown') WHERE phase = 'view';
SELECT relname, reloptions FROM pg_class WHERE relnamespace = 'shown'::regnamespace AND relkind = 'v' ORDER BY 1;
SELECT * FROM shown.per_city ORDER BY 1;
SELECT * FROM shown.big_city;
SELECT object_type, source_name, target_name, status, reason, source_sql
FROM migrate.report(pg_temp.last_run()) WHERE object_type NOT IN ('table', 'column', 'primary key', 'foreign key');
DROP SCHEMA shown CASCADE;

-- A view of a table that this run does not import is no view of a table that happens to be there.
CREATE SCHEMA shown;
CREATE TABLE shown.sale (customer_id bigint, amount numeric);
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'shown', tables => '{customer,per_city}');
SELECT object_type, source_name, status, reason FROM migrate.report(pg_temp.last_run())
WHERE object_type IN ('table', 'view', 'foreign key') AND status <> 'imported';
DROP SCHEMA shown CASCADE;
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'shown', options => '{"views": false}');
SELECT count(*) FROM pg_views WHERE schemaname = 'shown';
SELECT source_name, status, reason FROM migrate.report(pg_temp.last_run()) WHERE object_type = 'view';
DROP SCHEMA shown CASCADE;

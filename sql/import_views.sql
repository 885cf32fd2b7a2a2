-- Views that translate are created, never executed; the others are reported with their text.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = warning;

SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'shown');
SELECT viewname, definition FROM pg_views WHERE schemaname = 'shown' ORDER BY 1;
SELECT * FROM shown.per_city ORDER BY 1;
SELECT * FROM shown.big_city;
SELECT object_type, source_name, target_name, status, reason, source_sql
FROM migrate.report((SELECT max(run_id) FROM migrate.runs)) WHERE object_type NOT IN ('table', 'column', 'primary key', 'foreign key');
DROP SCHEMA shown CASCADE;
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'shown', options => '{"views": false}');
SELECT count(*) FROM pg_views WHERE schemaname = 'shown';
DROP SCHEMA shown CASCADE;

-- What only looks works in a read-only transaction; what writes does not.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'looked_at');

BEGIN READ ONLY;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'x') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'x', options => '{"dry_run": true}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT migrate.forget_run(1) $$);
SELECT count(*) > 0 AS planned FROM migrate.plan_sqlite(pg_temp.file('views.db'), schema => 'x');
SELECT count(*) > 0 AS inspected FROM migrate.inspect_sqlite(pg_temp.file('views.db'));
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('views.db'), schema => 'looked_at');
SELECT count(*) > 0 AS reported FROM migrate.report(pg_temp.last_run());
SELECT count(*) > 0 AS optioned FROM migrate.options('import_sqlite');
COMMIT;
SELECT to_regnamespace('x');
DROP SCHEMA looked_at CASCADE;

-- What a file declares, what it holds, and what it would become.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SELECT count(*) AS runs FROM migrate.runs \gset
SELECT * FROM migrate.inspect_sqlite(pg_temp.file('inspect.db'));
SELECT table_name, column_name, storage_classes, target_type, suggested_type, note
FROM migrate.inspect_sqlite(pg_temp.file('dirty.db'));
SELECT column_name, storage_classes, target_type, suggested_type FROM migrate.inspect_sqlite(pg_temp.file('times.db'));
SELECT DISTINCT table_name FROM migrate.inspect_sqlite(pg_temp.file('views.db')) ORDER BY 1;
-- The types are the import's; text that PostgreSQL cannot hold is counted like any other.
SELECT column_name, storage_classes, target_type, note FROM migrate.inspect_sqlite(pg_temp.file('bad_text.db'));
SELECT i.table_name, i.column_name, i.target_type FROM migrate.inspect_sqlite(pg_temp.file('types.db')) i
WHERE NOT EXISTS (SELECT FROM migrate.plan_sqlite(pg_temp.file('types.db'), schema => 'p') p
    WHERE p.phase = 'table' AND p.object_name = 'p.' || i.table_name AND strpos(p.sql, '"' || i.column_name || '" ' || i.target_type) > 0);
-- Nothing is written.
SELECT count(*) = :runs AS unchanged FROM migrate.runs;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.inspect_sqlite(NULL) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.inspect_sqlite(pg_temp.file('empty.db')) $$);

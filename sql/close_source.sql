-- A file that was closed for a schema is not read into it any more.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = error;
CREATE FUNCTION pg_temp.failure(call text)
    RETURNS TABLE (field text, value text) LANGUAGE sql AS
$$
    SELECT field, CASE WHEN field = 'detail' THEN regexp_replace(value, '"[^"]*" closed it at .*', '… closed it at …') ELSE value END
    FROM pg_temp.error_of('SELECT * FROM migrate.' || call)
$$;
CREATE SCHEMA moved;
CREATE SCHEMA other;
CREATE TABLE moved.item (id int PRIMARY KEY, name text, price numeric(8,2));
SELECT inserted FROM migrate.sync_csv(pg_temp.file('sync/item_1.csv'), 'moved.item', '{id}');
SELECT migrate.close_source(pg_temp.file('sync/item_1.csv'), 'moved');
SELECT migrate.close_source(pg_temp.file('sync/item_1.csv'), 'moved');
SELECT migrate.close_source(pg_temp.file('sync/./item_1.csv'), 'moved');
SELECT * FROM pg_temp.failure(format('sync_csv(%L, %L, %L)', pg_temp.file('sync/item_1.csv'), 'moved.item', '{id}'));
SELECT * FROM pg_temp.failure(format('sync_csv(%L, %L, %L)', pg_temp.file('sync/../sync/item_1.csv'), 'moved.item', '{id}'));
SELECT * FROM pg_temp.failure(format('import_csv(%L, %L)', pg_temp.file('sync/item_1.csv'), 'moved.item'));
SELECT * FROM pg_temp.failure(format('import_csv(%L, %L)', pg_temp.file('sync/item_?.csv'), 'moved.item'));
-- Other files and other schemas are as before.
SELECT updated FROM migrate.sync_csv(pg_temp.file('sync/item_3.csv'), 'moved.item', '{id}');
SELECT rows_loaded FROM migrate.import_csv(pg_temp.file('sync/item_1.csv'), 'other.item');
-- SQLite files
SELECT migrate.close_source(pg_temp.file('views.db'), 'moved');
SELECT * FROM pg_temp.failure(format('import_sqlite(%L, %L)', pg_temp.file('views.db'), 'moved'));
SELECT count(*) FROM pg_class WHERE relnamespace = 'moved'::regnamespace AND relname = 'sale';
SELECT replace(path, current_setting('test.fixtures'), '…') AS path, schema_name, closed_by = current_user AS is_mine
FROM migrate.closed_sources ORDER BY 1;
-- Mended records of a closed file are as old as the file.
SELECT rows_rejected FROM migrate.import_csv(pg_temp.file('csv/bad.csv'), 'other.bad', '{"on_error": "reject", "types": {"id": "int"}}');
UPDATE migrate.rejects SET mended = '2,20,2024-01-02' WHERE run_id = pg_temp.last_run();
SELECT migrate.close_source(pg_temp.file('csv/bad.csv'), 'other');
SELECT * FROM pg_temp.failure(format('retry_rejects(%s)', pg_temp.last_run()));
SELECT count(*) FROM other.bad;
-- A file need not be there any more, a schema must.
SELECT migrate.close_source('/no/such/file.db', 'moved');
SELECT * FROM pg_temp.failure('close_source(''/no/such/file.db'', ''nowhere'')');
SELECT * FROM pg_temp.failure('close_source(''/no/such/file.db'', NULL)');
SELECT * FROM pg_temp.failure('close_source(NULL, ''moved'')');
SELECT * FROM pg_temp.failure('close_source(''file.db'', ''moved'')');
-- Who may import there may close; others see nothing of it.
CREATE ROLE regress_closer;
SET ROLE regress_closer;
SELECT * FROM pg_temp.failure('close_source(''/no/such/other.db'', ''moved'')');
RESET ROLE;
GRANT pg_read_server_files TO regress_closer;
SET ROLE regress_closer;
SELECT * FROM pg_temp.failure('close_source(''/no/such/other.db'', ''moved'')');
RESET ROLE;
GRANT CREATE ON SCHEMA moved TO regress_closer;
SET ROLE regress_closer;
SELECT migrate.close_source('/no/such/other.db', 'moved');
SELECT path, closed_by FROM migrate.closed_sources;
SELECT * FROM pg_temp.error_of('SELECT FROM migrate.closed_sources_data');
BEGIN READ ONLY;
SELECT migrate.close_source('/no/such/third.db', 'moved');
ROLLBACK;
RESET ROLE;
DELETE FROM migrate.closed_sources_data WHERE schema_name IN ('moved', 'other');
SELECT inserted FROM migrate.sync_csv(pg_temp.file('sync/item_1.csv'), 'moved.item', '{id}');
DROP SCHEMA moved, other CASCADE;
REVOKE pg_read_server_files FROM regress_closer;
DROP ROLE regress_closer;

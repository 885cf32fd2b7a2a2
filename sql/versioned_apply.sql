-- Files as people write them: applied, listed, planned and undone, each once.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE SCHEMA vers;
SET search_path = vers;
CREATE TABLE pg_temp.file (name text, body text);
CREATE FUNCTION pg_temp.files(pattern text DEFAULT '%') RETURNS jsonb LANGUAGE sql AS
$$ SELECT coalesce(jsonb_object_agg(name, body), '{}') FROM pg_temp.file WHERE name LIKE pattern $$;
-- Times differ from run to run.
CREATE FUNCTION pg_temp.listed() RETURNS TABLE (version text, name text, status text, is_timed boolean, sum text, has_down boolean, problem text)
LANGUAGE sql AS
$$ SELECT version, name, status, applied_at IS NOT NULL AND execution_time_ms IS NOT NULL, left(checksum, 8), has_down, problem
   FROM migrate.list_versioned(pg_temp.files()) $$;

-- The first file makes the history, the others keep it themselves.
INSERT INTO pg_temp.file VALUES ('000_init_schema_migrations.sql', $f$CREATE TABLE schema_migrations (
    version text PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),
    execution_time_ms bigint, checksum text);
$f$), ('001_add_stock_UP.sql', $f$-- ein Kommentar; mit Umlaut: ä
BEGIN;
CREATE TABLE stock (id int PRIMARY KEY, name text NOT NULL);
COMMENT ON TABLE stock IS 'Vorräte; ''viele''';
INSERT INTO schema_migrations (version, name) VALUES ('001', 'add_stock') ON CONFLICT (version) DO NOTHING;
COMMIT;
$f$), ('001_add_stock_DOWN.sql', $f$BEGIN;
DROP TABLE stock;
DELETE FROM schema_migrations WHERE version = '001';
COMMIT;
$f$), ('002_fill_UP.sql', E'\\restrict abc\n\\echo filling\n\\set ON_ERROR_STOP on\nCOPY stock (id, name) FROM stdin;\n1\tä\n2\tb;\\N\n\\.\nSELECT count(*) FROM stock;\n'),
('002_fill_DOWN.sql', 'TRUNCATE stock'),
('003_code_UP.sql', $f$SET search_path = pg_catalog;
SET ROLE pg_monitor;
RESET ROLE;
CREATE FUNCTION vers.twice(i int) RETURNS int LANGUAGE plpgsql AS $body$
BEGIN
    RETURN i * 2; -- ;
END $body$;
CREATE FUNCTION vers.thrice(i int) RETURNS int LANGUAGE sql BEGIN ATOMIC
    SELECT 1;
    SELECT i * 3;
END;
DO $$ BEGIN EXECUTE 'CREATE VIEW vers.v AS SELECT vers.twice(1)'; END $$;
COMMIT;
$f$), ('003_code_DOWN.sql', 'DROP VIEW v; DROP FUNCTION thrice, twice;'),
('010_index.sql', 'CREATE INDEX CONCURRENTLY stock_name ON stock (name); VACUUM stock;');

SELECT * FROM pg_temp.listed();
SELECT step, version, direction, statement, line, command_tag, needs_own_transaction FROM migrate.plan_versioned(pg_temp.files());
SELECT sql FROM migrate.plan_versioned(pg_temp.files(), '001') ORDER BY step;
-- Nothing was made by looking.
SELECT to_regclass('schema_migrations');

SELECT version, name, action, statements, left(checksum, 8) AS sum, message FROM migrate.apply_versioned(pg_temp.files(), '2');
SELECT * FROM stock;
SELECT obj_description('stock'::regclass);
SELECT * FROM pg_temp.listed();
SELECT version, name, action, statements, left(checksum, 8) AS sum, message
FROM migrate.apply_versioned(pg_temp.files(), options => '{"non_transactional": "relax"}');
-- What a file sets, it sets for itself.
SHOW search_path;
SELECT current_role = session_user AS same;
SELECT thrice(2), v.twice FROM v;
SELECT indexdef FROM pg_indexes WHERE indexname = 'stock_name';
SELECT * FROM pg_temp.listed();
SELECT * FROM migrate.verify_versioned(pg_temp.files());
SELECT * FROM migrate.apply_versioned(pg_temp.files());

-- Rollback: the last one, by number, all after one.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.rollback_versioned(pg_temp.files()) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.rollback_versioned(pg_temp.files(), '1') $$);
DELETE FROM pg_temp.file WHERE name = '010_index.sql';
DELETE FROM schema_migrations WHERE version = '010';
SELECT step, version, direction, statement, line, command_tag FROM migrate.plan_versioned(pg_temp.files(), '2', '{"direction": "down", "cascade": true}');
SELECT version, name, action, source, message FROM migrate.rollback_versioned(pg_temp.files());
SELECT to_regclass('v');
SELECT version, name, action, source FROM migrate.rollback_versioned(pg_temp.files('000%'), '1', '{"cascade": true}');
SELECT to_regclass('stock');
SELECT * FROM pg_temp.listed();
-- And up again.
SELECT version, action FROM migrate.apply_versioned(pg_temp.files());
SELECT event, version, name, file, down_file, left(down_script, 10) AS down, message FROM migrate.versioned_log ORDER BY log_id;

-- Rows that people write and delete by hand have a problem at most.
DELETE FROM schema_migrations WHERE version = '003';
DROP VIEW v;
DROP FUNCTION thrice, twice;
UPDATE schema_migrations SET checksum = NULL WHERE version = '002';
SELECT * FROM pg_temp.listed();
SELECT version, action FROM migrate.apply_versioned(pg_temp.files());
SELECT version, action, old_checksum, left(new_checksum, 8) AS new FROM migrate.repair_versioned(pg_temp.files());
SELECT * FROM migrate.verify_versioned(pg_temp.files());

-- A checkout with other line ends changes nothing; a change does.
UPDATE pg_temp.file SET body = chr(65279) || replace(body, E'\n', E'\r\n');
SELECT version, status FROM migrate.verify_versioned(pg_temp.files());
UPDATE schema_migrations SET checksum = upper((SELECT encode(sha256(convert_to(body, 'UTF8')), 'hex') FROM pg_temp.file WHERE name = '001_add_stock_UP.sql'))
WHERE version = '001';
SELECT version, status FROM migrate.verify_versioned(pg_temp.files());
UPDATE pg_temp.file SET body = body || '--' WHERE name LIKE '002%';
SELECT version, status, problem FROM migrate.verify_versioned(pg_temp.files());
SELECT field, regexp_replace(value, '[0-9a-f]{64}', 'HEX', 'g') AS value FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned(pg_temp.files()) $$);
SELECT * FROM migrate.apply_versioned(pg_temp.files(), options => '{"changed": "allow"}');
SELECT version, action FROM migrate.repair_versioned(pg_temp.files());

-- Out of order, and missing.
INSERT INTO pg_temp.file VALUES ('002.5_late.sql', 'CREATE TABLE late (i int)');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned(pg_temp.files()) $$);
SELECT version, action FROM migrate.apply_versioned(pg_temp.files(), options => '{"out_of_order": "allow"}');
DELETE FROM pg_temp.file WHERE name LIKE '002.5%';
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned(pg_temp.files()) $$);
SELECT * FROM migrate.apply_versioned(pg_temp.files(), options => '{"missing": "allow"}');

-- record_only, baseline, init.
CREATE SCHEMA other;
SET search_path = other, vers;
SELECT migrate.init_versioned();
SET search_path = other;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned(pg_temp.files()) $$);
SELECT migrate.init_versioned(), migrate.init_versioned();
SELECT * FROM migrate.baseline_versioned('1', 'was here');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.baseline_versioned('001') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.baseline_versioned('one') $$);
SELECT * FROM pg_temp.listed();
SELECT version, name, action, statements, message FROM migrate.apply_versioned(pg_temp.files(), '2', '{"record_only": true}');
SELECT * FROM pg_temp.listed();

-- Tools let a file ask for no transaction; what it holds runs in one.
SELECT version, action, statements, message FROM migrate.apply_versioned('{
  "010_goose.sql": "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;",
  "011_dbmate.sql": "-- migrate:up transaction:false\nSELECT 1; COMMIT; SELECT 2;",
  "V12__flyway.sql": "SELECT 1", "V12__flyway.sql.conf": "executeInTransaction=false"}'::jsonb, options => '{"missing": "allow"}');

-- Where another tool has that name, ours has another, and keeps it when the tool goes.
CREATE SCHEMA vers_tool;
SET search_path = vers_tool;
CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
SELECT migrate.init_versioned();
SELECT version FROM migrate.apply_versioned('{"001_a.sql": "SELECT 1"}'::jsonb);
DROP TABLE schema_migrations;
SELECT version, status FROM migrate.list_versioned('{"001_a.sql": "SELECT 1"}'::jsonb);
SELECT version FROM migrate_history;

DROP SCHEMA vers, other, vers_tool CASCADE;
DELETE FROM migrate.versioned_log_data WHERE history_schema IN ('vers', 'other', 'vers_tool');

-- test_versioned: what each UP does and what its DOWN leaves behind; nothing stays.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE SCHEMA vtest;
SET search_path = vtest;
CREATE TABLE a (i integer PRIMARY KEY, t text, n integer);
INSERT INTO a VALUES (1, 'x', 1);
CREATE TABLE z (i integer);
-- Without the numbers that no two servers share.
CREATE FUNCTION pg_temp.trial(files jsonb, options jsonb DEFAULT '{}')
RETURNS TABLE (version text, up boolean, again boolean, down boolean, restored boolean, differences text, locks text, rewrites text, wal boolean)
LANGUAGE sql AS $$
    SELECT version, up_ok, rerun_ok, down_ok, restored, differences, locks, rewrites, wal_bytes > 0
    FROM migrate.test_versioned(files, options => options) $$;

-- A DOWN that restores everything, one that does not, one that fails, and none.
SELECT * FROM pg_temp.trial('{
  "001_good_UP.sql": "CREATE TABLE IF NOT EXISTS b (i integer REFERENCES a); CREATE INDEX IF NOT EXISTS zi ON z (i);",
  "001_good_DOWN.sql": "DROP TABLE b; DROP INDEX zi;",
  "002_type_UP.sql": "ALTER TABLE a ALTER i TYPE bigint, ALTER n SET DEFAULT 7;",
  "002_type_DOWN.sql": "ALTER TABLE a ALTER n DROP DEFAULT;",
  "003_column_UP.sql": "ALTER TABLE a DROP COLUMN t;",
  "003_column_DOWN.sql": "ALTER TABLE a ADD t text;",
  "004_left_UP.sql": "CREATE VIEW v AS SELECT i FROM a; CREATE TABLE c (i integer PRIMARY KEY, s serial);",
  "004_left_DOWN.sql": "SELECT 1;",
  "005_fails_UP.sql": "DROP VIEW v;",
  "005_fails_DOWN.sql": "SELECT 1;\nCREATE VIEW v AS SELECT gone FROM a;",
  "006_none.sql": "TRUNCATE z;"}') \gx
-- The history, the log and the tables are as before.
SELECT to_regclass('schema_migrations'), to_regclass('b'), to_regclass('c');
SELECT count(*) FROM migrate.versioned_log WHERE history_schema = 'vtest';
SELECT a.*, pg_typeof(i) FROM a;

-- What cannot be tested inside a transaction, and what fails; later ones stand on it.
SELECT version, up, differences FROM pg_temp.trial('{
  "001_enum.sql": "CREATE TYPE vtest.mood AS ENUM (''sad'');",
  "002_use.sql": "ALTER TYPE vtest.mood ADD VALUE ''ok''; SELECT ''ok''::vtest.mood;",
  "003_next.sql": "SELECT 1"}');
SELECT version, up, differences FROM pg_temp.trial('{"001_a.sql": "SELECT 1;\nVACUUM;"}');
SELECT version, up, differences FROM pg_temp.trial('{"001_a.sql": "VACUUM;", "002_b.sql": "SELECT 1 / 0", "003_c.sql": ""}', '{"non_transactional": "relax"}');
SELECT version, up, differences FROM pg_temp.trial('{"001_a.sql": "CREATE PROCEDURE vtest.p() LANGUAGE plpgsql AS $b$ BEGIN COMMIT; END $b$; CALL vtest.p();"}');
SELECT version, up, differences FROM pg_temp.trial('{"001_a.sql": "SELEC 1"}');

-- The first file makes the history, its DOWN drops it.
SELECT version, up, again, down, restored, differences FROM pg_temp.trial('{
  "000_init_UP.sql": "CREATE TABLE IF NOT EXISTS schema_migrations (version text PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), execution_time_ms bigint, checksum text);",
  "000_init_DOWN.sql": "DROP TABLE schema_migrations;",
  "001_self_UP.sql": "BEGIN; CREATE TABLE s (i integer); INSERT INTO schema_migrations (version, name) VALUES (''001'', ''self'') ON CONFLICT DO NOTHING; COMMIT;",
  "001_self_DOWN.sql": "BEGIN; DROP TABLE s; DELETE FROM schema_migrations WHERE version = ''001''; COMMIT;"}');

SET client_min_messages = error; -- wal_level may be too low for a publication
-- Objects of every kind are seen when they stay.
SELECT left_behind FROM pg_temp.trial(jsonb_build_object('001_all_DOWN.sql', 'SELECT 1', '001_all_UP.sql', $f$
CREATE SCHEMA vtest_other;
CREATE ROLE vtest_role;
CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;
CREATE SEQUENCE q;
CREATE TYPE pair AS (x integer, y text);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE span AS RANGE (subtype = integer);
CREATE DOMAIN positive AS integer CONSTRAINT is_positive CHECK (VALUE > 0);
CREATE TABLE parts (i integer) PARTITION BY RANGE (i);
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total(integer) (sfunc = int4pl, stype = integer, initcond = '0');
CREATE OPERATOR === (leftarg = integer, rightarg = integer, procedure = int4eq);
CREATE OPERATOR CLASS ints FOR TYPE integer USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer);
CREATE CAST (pair AS text) WITH INOUT;
CREATE COLLATION bytes FROM "C";
CREATE CONVERSION back FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
CREATE TEXT SEARCH DICTIONARY stems (TEMPLATE = simple);
CREATE FOREIGN DATA WRAPPER vtest_wrapper;
CREATE SERVER vtest_server FOREIGN DATA WRAPPER vtest_wrapper;
CREATE USER MAPPING FOR vtest_role SERVER vtest_server;
CREATE FOREIGN TABLE away (i integer) SERVER vtest_server;
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER vtest_event ON sql_drop EXECUTE FUNCTION e();
CREATE PUBLICATION vtest_publication FOR TABLE z;
ALTER DEFAULT PRIVILEGES IN SCHEMA vtest GRANT SELECT ON TABLES TO vtest_role;
ALTER ROLE vtest_role SET work_mem = '1MB';
ALTER TABLE a ADD COLUMN extra integer, ADD CONSTRAINT small CHECK (n < 100);
CREATE INDEX an ON a (n);
CREATE STATISTICS stats ON n, i FROM a;
CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION g();
CREATE RULE ru AS ON DELETE TO z DO NOTHING;
CREATE POLICY po ON a USING (n = 1);
$f$)), unnest(string_to_array(differences, '; ')) AS left_behind ORDER BY left_behind COLLATE "C";

RESET client_min_messages;
-- And what of an object changed.
SELECT changed FROM pg_temp.trial(jsonb_build_object('001_all_DOWN.sql', 'SELECT 1', '001_all_UP.sql', $f$
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a ALTER t SET NOT NULL;
COMMENT ON COLUMN a.n IS 'a number';
GRANT USAGE ON SCHEMA vtest TO PUBLIC;
ALTER TABLE z SET (fillfactor = 50);
COMMENT ON SCHEMA vtest IS 'a schema';
$f$)), unnest(string_to_array(differences, '; ')) AS changed ORDER BY changed COLLATE "C";
-- A grant that is taken back is none; the order of columns is told, and does not count.
SELECT restored, differences FROM pg_temp.trial('{
  "001_g_UP.sql": "GRANT SELECT ON z TO PUBLIC", "001_g_DOWN.sql": "REVOKE SELECT ON z FROM PUBLIC",
  "002_o_UP.sql": "ALTER TABLE a DROP COLUMN t", "002_o_DOWN.sql": "ALTER TABLE a ADD COLUMN t text"}');

-- By an ordinary role, as another role, up to a target, read only.
CREATE ROLE vtest_plain;
GRANT ALL ON SCHEMA vtest TO vtest_plain;
SET ROLE vtest_plain;
SELECT version, up_ok, down_ok, restored FROM migrate.test_versioned('{"001_a_UP.sql": "CREATE TABLE mine (i integer)", "001_a_DOWN.sql": "DROP TABLE mine", "002_b.sql": ""}'::jsonb, '1');
SELECT version, up_ok, differences FROM migrate.test_versioned('{"001_a_UP.sql": "DROP TABLE a"}'::jsonb);
RESET ROLE;
BEGIN READ ONLY;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.test_versioned('{}'::jsonb) $$);
COMMIT;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.test_versioned('{}'::jsonb, '007') $$);
SELECT * FROM migrate.test_versioned('{}'::jsonb);

DROP OWNED BY vtest_plain;
DROP ROLE vtest_plain;
DROP SCHEMA vtest CASCADE;

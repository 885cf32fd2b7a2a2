-- The histories of other tools, each table as its tool makes it: adopted, and left as they were.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = notice;
CREATE SCHEMA vadopt;
SET search_path = vadopt;
-- Files of one line each; what they would do does not matter, as nothing runs.
CREATE FUNCTION pg_temp.files(VARIADIC names text[]) RETURNS jsonb LANGUAGE sql AS
$$ SELECT jsonb_object_agg(name, E'SELECT 1;\n') FROM unnest(names) AS name $$;
-- Times of the adoption itself differ from run to run.
CREATE FUNCTION pg_temp.adopt(files jsonb, tool text DEFAULT 'auto', options jsonb DEFAULT '{}')
    RETURNS TABLE (version text, name text, applied_at text, source text) LANGUAGE sql AS
$$ SELECT version, name, CASE WHEN applied_at = now() THEN 'now' ELSE applied_at::text END, source
   FROM migrate.adopt_versioned(files, tool, options) $$;
CREATE FUNCTION pg_temp.listed(files jsonb) RETURNS TABLE (version text, name text, status text, problem text) LANGUAGE sql AS
$$ SELECT version, name, status, problem FROM migrate.list_versioned(files) $$;
-- Back to an empty schema.
CREATE PROCEDURE pg_temp.clear() LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL client_min_messages = warning;
    DROP SCHEMA vadopt CASCADE;
    CREATE SCHEMA vadopt;
END $$;

-- None, and names that are none.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb, 'Prisma') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb, 'flywy') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb, 'something else') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb, NULL) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned(NULL::jsonb) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{"1_a.sql": ""}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb, options => '{"tools": 1}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{"1_a.sql": "", "001_b.sql": ""}'::jsonb) $$);
SELECT count(*) FROM migrate.options('adopt_versioned');
BEGIN READ ONLY;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb) $$);
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb) $$);
COMMIT;

-- dbmate. Our history cannot have the name that its has.
CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('20240101000000'), ('20240102000000'), ('20240104000000');
SELECT '{"20240101000000_a.sql": "-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n",
         "20240102000000_b.sql": "-- migrate:up\nCREATE TABLE b ();\n-- migrate:down\nDROP TABLE b;\n",
         "20240103000000_c.sql": "-- migrate:up\nCREATE TABLE c ();\n-- migrate:down\nDROP TABLE c;\n"}'::jsonb AS files \gset
SELECT * FROM pg_temp.adopt(:'files');
SELECT * FROM pg_temp.listed(:'files');
SELECT version, name, execution_time_ms, length(checksum) FROM migrate_history ORDER BY version;
SELECT event, version, name, file, down_file, down_script ~ 'DROP' AS has_down, history_table, message FROM migrate.versioned_log
WHERE history_schema = 'vadopt' ORDER BY log_id;
-- Again: what is recorded is left alone.
SELECT * FROM pg_temp.adopt(:'files', 'dbmate');
TABLE schema_migrations;
-- What is pending then runs, and the record goes on in our history.
SELECT version, action FROM migrate.apply_versioned(:'files'::jsonb, options => '{"out_of_order": "allow"}');
DELETE FROM schema_migrations WHERE version = '20240104000000';
SELECT * FROM pg_temp.adopt(:'files');

-- Rails: the same table, told by its companion. Who names a tool is believed.
CALL pg_temp.clear();
CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
CREATE TABLE ar_internal_metadata (key varchar PRIMARY KEY, value varchar, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL);
INSERT INTO schema_migrations VALUES ('20240101000000'), ('20240102000000');
SELECT * FROM pg_temp.adopt(pg_temp.files('20240101000000_a.sql'), options => '{"history": "ours"}');
SELECT * FROM pg_temp.adopt(pg_temp.files('20240102000000_b.sql'), 'dbmate', '{"history": "ours"}');
SELECT version FROM ours ORDER BY version;

-- golang-migrate: one row is the version at which it stands.
CALL pg_temp.clear();
CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);
SELECT pg_temp.files('000001_a.up.sql', '000001_a.down.sql', '000002_b.up.sql', '000010_c.up.sql') AS files \gset
SELECT * FROM pg_temp.adopt(:'files');
INSERT INTO schema_migrations VALUES (2, true);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb) $$);
SELECT to_regclass('migrate_history');
UPDATE schema_migrations SET dirty = false;
SELECT * FROM pg_temp.adopt(:'files', 'golang_migrate');
SELECT * FROM pg_temp.listed(:'files');
UPDATE schema_migrations SET version = 11;
SELECT * FROM pg_temp.adopt(:'files');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb, 'dbmate') $$);

-- goose: the last row of a version counts; its time has no zone, so the session's is meant.
CALL pg_temp.clear();
CREATE TABLE goose_db_version (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,
    version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now());
INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (0, true, '2024-01-01'), (1, true, '2024-01-01 10:00'),
    (2, true, '2024-01-02 10:00'), (3, true, '2024-07-03 10:00:00.5'), (2, false, '2024-01-04'), (3, false, '2024-01-05'), (3, true, '2024-07-06 10:00:00.5');
SELECT '{"00001_a.sql": "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n", "00002_b.sql": "-- +goose Up\nSELECT 1;\n",
         "00003_c.sql": "-- +goose Up\nSELECT 1;\n"}'::jsonb AS files \gset
SET TimeZone = 'Europe/Berlin';
SELECT * FROM pg_temp.adopt(:'files');
SET TimeZone = 'UTC';
SELECT version, applied_at FROM schema_migrations ORDER BY version;
SELECT * FROM pg_temp.listed(:'files');

-- Flyway: versions, a repeatable one that changed and one that did not, what was undone, a baseline.
CALL pg_temp.clear();
CREATE TABLE flyway_schema_history (installed_rank integer NOT NULL, version varchar(50), description varchar(200) NOT NULL,
    type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum integer, installed_by varchar(100) NOT NULL,
    installed_on timestamp NOT NULL DEFAULT now(), execution_time integer NOT NULL, success boolean NOT NULL);
ALTER TABLE flyway_schema_history ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
CREATE INDEX flyway_schema_history_s_idx ON flyway_schema_history (success);
INSERT INTO flyway_schema_history VALUES
    (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"vadopt"', NULL, 'me', '2024-01-01', 0, true),
    (1, '1', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, 'me', '2024-01-01', 0, true),
    (2, '1.1', 'numbers', 'SQL', 'V1_1__numbers.sql', -873187034, 'me', '2024-01-02', 12, true),
    (3, '2', 'undone', 'SQL', 'V2__undone.sql', 1, 'me', '2024-01-03', 3, true),
    (4, '2', 'undone', 'UNDO_SQL', 'U2__undone.sql', 1, 'me', '2024-01-04', 3, true),
    (5, '3', 'java', 'JDBC', 'db.V3__java', 7, 'me', '2024-01-05', 3, true),
    (6, '4', 'deleted', 'SQL', 'V4__deleted.sql', 7, 'me', '2024-01-06', 3, true),
    (7, '4', 'deleted', 'DELETE', 'V4__deleted.sql', 7, 'me', '2024-01-06', 0, true),
    (8, NULL, 'views', 'SQL', 'sub/R__views.sql', -873187034, 'me', '2024-01-07', 5, true),
    (9, NULL, 'old views', 'SQL', 'R__old_views.sql', 5, 'me', '2024-01-08', 5, true),
    (10, NULL, 'with names', 'SQL', 'R__with_names.sql', 5, 'me', '2024-01-09', 5, true);
-- The checksum of "123456789" is the one that every description of CRC-32 gives.
SELECT jsonb_build_object('V0_1__old.sql', '', 'V1__base.sql', '', 'V1_1__numbers.sql', E'\uFEFF123\r\n456\r\n789', 'V2__undone.sql', '', 'U2__undone.sql', '',
    'V4__deleted.sql', '', 'sub/R__views.sql', E'123456789\n', 'R__old_views.sql', 'new', 'R__with_names.sql', '${name}') AS files \gset
SELECT * FROM pg_temp.adopt(:'files');
SELECT * FROM pg_temp.listed(:'files');
SELECT version, name, execution_time_ms, left(checksum, 8) AS sum FROM schema_migrations ORDER BY applied_at;
-- A file that changed, and a migration that failed.
DELETE FROM schema_migrations WHERE version = '1.1';
SELECT * FROM pg_temp.error_of(format('SELECT * FROM migrate.adopt_versioned(%L::jsonb)', :'files'::jsonb || '{"V1_1__numbers.sql": "12345678"}'));
SELECT * FROM pg_temp.adopt(:'files'::jsonb || '{"V1_1__numbers.sql": "12345678"}', options => '{"changed": "allow"}');
INSERT INTO flyway_schema_history VALUES (11, '5', 'bad', 'SQL', 'V5__bad.sql', 7, 'me', '2024-01-06', 3, false);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb) $$);

-- Prisma: folders, of which one was rolled back and applied again.
CALL pg_temp.clear();
CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0);
INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, rolled_back_at) VALUES
    ('a', encode(sha256(E'SELECT 1;\n'), 'hex'), '20240101000000_init', '2024-01-01 10:00:00Z', '2024-01-01 10:00:01.5Z', NULL),
    ('b', 'any', '20240102000000_more', '2024-01-02 10:00Z', NULL, '2024-01-02 11:00Z'),
    ('c', encode(sha256(E'SELECT 1;\r\n'), 'hex'), '20240102000000_more', '2024-01-02 12:00Z', '2024-01-02 12:00Z', NULL);
SELECT pg_temp.files('20240101000000_init/migration.sql', '20240102000000_more/migration.sql', '20240103000000_next/migration.sql') AS files \gset
INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ('d', 'any', '20240103000000_next', '2024-01-03 10:00Z');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb) $$);
DELETE FROM _prisma_migrations WHERE id = 'd';
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{"20240101000000_init/migration.sql": "SELECT 2;\n"}'::jsonb) $$);
SELECT * FROM pg_temp.adopt(:'files');
SELECT version, execution_time_ms FROM schema_migrations ORDER BY version;
SELECT * FROM pg_temp.listed(:'files');

-- Alembic has the last revision only: a number that a file has, or nothing that can be matched.
CALL pg_temp.clear();
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);
SELECT * FROM pg_temp.adopt(pg_temp.files('0001_a.sql'));
INSERT INTO alembic_version VALUES ('1975ea83b712'), ('2');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{"0001_a.sql": ""}'::jsonb) $$);
DELETE FROM alembic_version WHERE version_num = '2';
UPDATE alembic_version SET version_num = '0003';
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{"0001_a.sql": ""}'::jsonb) $$);
SELECT * FROM pg_temp.adopt(pg_temp.files('0001_a.sql', '0003_b.sql', '0004_c.sql'));

-- sqitch: in a schema of its own that is not on the path; two projects, a change that was reworked.
CALL pg_temp.clear();
CREATE SCHEMA sqitch;
CREATE TABLE sqitch.projects (project text PRIMARY KEY, uri text UNIQUE, created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    creator_name text NOT NULL, creator_email text NOT NULL);
CREATE TABLE sqitch.changes (change_id text PRIMARY KEY, script_hash text, change text NOT NULL,
    project text NOT NULL REFERENCES sqitch.projects (project) ON UPDATE CASCADE, note text NOT NULL DEFAULT '',
    committed_at timestamptz NOT NULL DEFAULT clock_timestamp(), committer_name text NOT NULL, committer_email text NOT NULL,
    planned_at timestamptz NOT NULL, planner_name text NOT NULL, planner_email text NOT NULL, UNIQUE (project, script_hash));
INSERT INTO sqitch.projects SELECT name, NULL, '2024-01-01Z', 'me', 'me@example.com' FROM unnest('{flipr,other}'::text[]) AS name;
INSERT INTO sqitch.changes SELECT id, hash, change, project, '', time::timestamptz, 'me', 'me@example.com', time::timestamptz, 'me', 'me@example.com'
FROM (VALUES ('c1', '374d9b4e70b2fc37f1fa5ecd55acbc475a57a4e3', 'schema', 'flipr', '2024-01-01 10:00Z'), ('c2', 'c2', 'users', 'flipr', '2024-01-02 10:00Z'),
    ('c3', NULL, 'users', 'flipr', '2024-01-03 10:00Z'), ('c4', NULL, 'schema', 'other', '2024-01-04 10:00Z'), ('c5', NULL, 'gone', 'flipr', '2024-01-05 10:00Z')) AS c (id, hash, change, project, time);
SELECT jsonb_build_object('sqitch.plan', E'%syntax-version=1.0.0\n%project=flipr\n\nschema 2024-01-01T09:00:00Z me <me@example.com> # first\n'
    'users [schema] 2024-01-02T09:00:00Z me <me@example.com> # second\n@v1 2024-01-02T09:30:00Z me <me@example.com> # tag\n'
    'users [users@v1] 2024-01-03T09:00:00Z me <me@example.com> # reworked\nlater 2024-01-09T09:00:00Z me <me@example.com> # pending\n',
    'deploy/schema.sql', 'SELECT 1', 'deploy/users@v1.sql', 'SELECT 2', 'deploy/users.sql', 'SELECT 3', 'deploy/later.sql', 'SELECT 4', 'revert/users.sql', 'SELECT 5') AS files \gset
SELECT * FROM pg_temp.error_of(format('SELECT * FROM migrate.adopt_versioned(%L::jsonb)', :'files'));
UPDATE sqitch.changes SET script_hash = '42364a017b73ef516a0eca9827e6fa00623257ee' WHERE change_id = 'c1';
SELECT * FROM pg_temp.error_of(format('SELECT * FROM migrate.adopt_versioned(%L::jsonb)', replace(:'files', 'flipr', 'flapr')));
SELECT * FROM pg_temp.adopt(:'files');
SELECT * FROM pg_temp.listed(:'files');
DROP SCHEMA sqitch CASCADE;

-- node-pg-migrate and sql-migrate: names of files. diesel, sqlx, refinery: versions.
CALL pg_temp.clear();
CREATE TABLE pgmigrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);
INSERT INTO pgmigrations (name, run_on) VALUES ('1700000000000_a', '2024-01-01 10:00'), ('1700000000001_b', '2024-01-02 10:00'), ('1700000000002_js', '2024-01-03');
SELECT * FROM pg_temp.adopt(pg_temp.files('1700000000000_a.sql', '1700000000001_b.up.sql', '1700000000001_b.down.sql', '1700000000002_other.sql'));
CALL pg_temp.clear();
CREATE TABLE gorp_migrations (id text NOT NULL PRIMARY KEY, applied_at timestamptz);
INSERT INTO gorp_migrations VALUES ('1_a.sql', '2024-01-01 10:00+02'), ('2_b.sql', NULL);
SELECT * FROM pg_temp.adopt('{"1_a.sql": "-- +migrate Up\nSELECT 1;\n", "2_b.sql": "-- +migrate Up\nSELECT 1;\n", "3_c.sql": "-- +migrate Up\nSELECT 1;\n"}');
CALL pg_temp.clear();
CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY NOT NULL, run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP);
INSERT INTO __diesel_schema_migrations VALUES ('00000000000000', '2024-01-01 10:00'), ('20240101000000', '2024-01-02 10:00');
SELECT * FROM pg_temp.adopt(pg_temp.files('00000000000000_diesel_initial_setup/up.sql', '2024-01-01-000000_a/up.sql', '2024-01-01-000000_a/down.sql'));
CALL pg_temp.clear();
CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz NOT NULL DEFAULT now(),
    success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL);
INSERT INTO _sqlx_migrations VALUES (1, 'a', '2024-01-01 10:00Z', true, sha384(E'SELECT 1;\n'), 12345678), (2, 'b', '2024-01-02 10:00Z', true, sha384('other'), -1);
SELECT * FROM pg_temp.adopt(pg_temp.files('1_a.sql'));
SELECT execution_time_ms FROM schema_migrations;
SELECT field, regexp_replace(value, '[0-9a-f]{96}', 'HEX', 'g') AS value FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned(pg_temp.files('1_a.sql', '2_b.sql')) $$);
UPDATE _sqlx_migrations SET success = false WHERE version = 2;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned(pg_temp.files('1_a.sql', '2_b.sql')) $$);
CALL pg_temp.clear();
CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255));
INSERT INTO refinery_schema_history VALUES (1, 'a', '2024-01-01T10:00:00.123456789+02:00', '12345');
SELECT * FROM pg_temp.adopt(pg_temp.files('V1__a.sql'));
CALL pg_temp.clear();
CREATE SCHEMA supabase_migrations;
CREATE TABLE supabase_migrations.schema_migrations (version text NOT NULL PRIMARY KEY, statements text[], name text);
INSERT INTO supabase_migrations.schema_migrations SELECT i FROM generate_series(1, 12) AS i;
SELECT * FROM pg_temp.adopt(pg_temp.files('1_a.sql'));
DROP SCHEMA supabase_migrations CASCADE;

-- Several tools.
CALL pg_temp.clear();
CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb) $$);
-- The first table on the path counts.
CREATE SCHEMA vadopt_front;
CREATE TABLE vadopt_front.schema_migrations (version varchar(128) PRIMARY KEY);
INSERT INTO vadopt_front.schema_migrations VALUES ('1');
INSERT INTO schema_migrations VALUES ('2');
SET search_path = vadopt_front, vadopt;
SELECT * FROM pg_temp.adopt(pg_temp.files('1_a.sql', '2_b.sql'), 'dbmate');
SET search_path = vadopt;
DROP SCHEMA vadopt_front CASCADE;

-- Trust: no view, nobody else's code, and the right to read.
CALL pg_temp.clear();
CREATE VIEW alembic_version AS SELECT '1'::text AS version_num;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb) $$);
DROP VIEW alembic_version;
CREATE UNLOGGED TABLE alembic_version (version_num varchar(32));
SELECT field, value FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{}'::jsonb) $$) WHERE field = '42809';
DROP TABLE alembic_version;
CREATE ROLE vadopt_owner;
CREATE ROLE vadopt_user;
GRANT ALL ON SCHEMA vadopt TO vadopt_owner, vadopt_user;
SET ROLE vadopt_owner;
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('1');
RESET ROLE;
SET ROLE vadopt_user;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{"1_a.sql": ""}'::jsonb) $$);
RESET ROLE;
GRANT SELECT ON alembic_version TO vadopt_user;
REVOKE USAGE ON SCHEMA vadopt FROM vadopt_user;
SET ROLE vadopt_user;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{"1_a.sql": ""}'::jsonb) $$);
RESET ROLE;
GRANT USAGE ON SCHEMA vadopt TO vadopt_user;
ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY;
SET ROLE vadopt_user;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{"1_a.sql": ""}'::jsonb) $$);
RESET ROLE;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.adopt_versioned('{"1_a.sql": ""}'::jsonb) $$);
ALTER TABLE alembic_version DISABLE ROW LEVEL SECURITY;
SET ROLE vadopt_user;
SELECT * FROM pg_temp.adopt('{"1_a.sql": ""}');
RESET ROLE;
SELECT tableowner FROM pg_tables WHERE tablename = 'schema_migrations' AND schemaname = 'vadopt';

SET client_min_messages = warning;
DROP SCHEMA vadopt CASCADE;
DELETE FROM migrate.versioned_log_data WHERE history_schema IN ('vadopt', 'vadopt_front');
DROP ROLE vadopt_owner, vadopt_user;

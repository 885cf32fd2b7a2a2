-- Every error of the versioned functions, with its place in the files.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE SCHEMA verr;
SET search_path = verr;
-- An apply of one file 001_a.sql with this text, and its error with all of its context.
CREATE FUNCTION pg_temp.fails(body text, options jsonb DEFAULT '{}') RETURNS TABLE (field text, value text) LANGUAGE plpgsql AS $$
DECLARE
    message text; detail text; hint text; context text; state text;
BEGIN
    PERFORM migrate.apply_versioned(jsonb_build_object('001_a.sql', body), options => options);
    RETURN QUERY SELECT 'none', 'it was applied';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT, state = RETURNED_SQLSTATE;
    RETURN QUERY SELECT f, v FROM (VALUES (1, state, message), (2, 'detail', detail), (3, 'hint', hint),
        (4, 'context', substring(context FROM '(?:COPY [^\n]*\n)?migration file[^\n]*(?:\nnothing[^\n]*)?'))) AS x (n, f, v)
        WHERE v <> '' ORDER BY n;
END $$;

-- The statement's own error.
SELECT * FROM pg_temp.fails(E'CREATE TABLE t (i int);\n\n/* two\nlines */ INSERT INTO t VALUES (''x'');');
SELECT * FROM pg_temp.fails(E'SELECT 1;\nSELECT 1 / 0;\nSELECT 2');
SELECT * FROM pg_temp.fails(E'CREATE PROCEDURE p() LANGUAGE plpgsql AS $b$ BEGIN COMMIT; END $b$;\nCALL p();');
SELECT * FROM pg_temp.fails(E'CREATE TABLE t (i int);\nCOPY t FROM stdin;\n1\nx\n\\.\n');
SELECT to_regclass('t'), to_regclass('schema_migrations');

-- What is found before anything runs.
SELECT * FROM pg_temp.fails(E'CREATE TABLE t (i int);\nCREATE TABEL u ();');
SELECT * FROM pg_temp.fails(E'SELECT 1;\nSELECT ''no end');
SELECT * FROM pg_temp.fails(E'COPY t FROM stdin;\n1\n');
SELECT * FROM pg_temp.fails(E'SELECT 1;\n\\connect other');
SELECT * FROM pg_temp.fails(E'BEGIN;\nSELECT 1;\nROLLBACK;');
SELECT * FROM pg_temp.fails('SAVEPOINT a;');
SELECT * FROM pg_temp.fails('VACUUM;');
SELECT * FROM pg_temp.fails('CREATE UNIQUE INDEX CONCURRENTLY i ON t (i);');
SELECT * FROM pg_temp.fails('CREATE DATABASE d;', '{"non_transactional": "relax"}');
SELECT * FROM pg_temp.fails('REINDEX TABLE CONCURRENTLY t;', '{"non_transactional": "relax"}');
SELECT * FROM pg_temp.fails('ALTER SYSTEM SET work_mem = 1;');

-- A file that records another version than its name.
SELECT migrate.init_versioned();
SELECT * FROM pg_temp.fails($$ INSERT INTO schema_migrations (version, name) VALUES ('002', 'a') $$);
SELECT count(*) FROM schema_migrations;

-- COMMIT in the middle is noted, and changes nothing.
SELECT version, statements, message FROM migrate.apply_versioned(jsonb_build_object('001_a.sql',
    E'BEGIN;\nCREATE TABLE t (i int);\nCOMMIT;\nBEGIN;\nCREATE TABLE u (i int);\nCOMMIT;'));

-- Arguments and options.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{"001_a.sql": "SELECT 1"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{}'::jsonb, '{') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{}'::jsonb, '009', '{"missing": "allow"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{"001_a.sql": 1}'::jsonb) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned(NULL::jsonb) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned(NULL::text) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('relative') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('/no/such/folder') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('/etc/passwd') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('{}'::jsonb, '{"out_of_ordr": "allow"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('{}'::jsonb, '{"out_of_order": "maybe"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.rollback_versioned('{}'::jsonb, '005') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.rollback_versioned('{}'::jsonb, '001') $$);
SELECT count(*) FROM migrate.options('apply_versioned');

-- Files that cannot be used, and those that were meant to be migrations.
SELECT version, name, status, problem FROM migrate.list_versioned('{"1_a.sql": "", "001_b.sql": "", "002_c_UPP.sql": "", "x.sql": "", "003_d_DOWN.sql": ""}'::jsonb);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{"1_a.sql": "", "001_b.sql": ""}'::jsonb) $$);

-- An enum value that is added is not used before the commit.
SELECT * FROM migrate.apply_versioned('{"001_a.sql": "CREATE TYPE verr.mood AS ENUM (''sad'')"}'::jsonb, options => '{"changed": "allow"}');
CREATE TYPE mood AS ENUM ('sad');
SELECT field, value FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{"002_v.sql": "ALTER TYPE mood ADD VALUE ''ok'';", "003_u.sql": "CREATE TABLE m AS SELECT ''ok''::mood;"}'::jsonb, options => '{"missing": "allow"}') $$);

-- What an option would turn around, and what an argument cannot be.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{}'::jsonb, options => '{"direction": "down"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.test_versioned('{}'::jsonb, options => '{"record_only": true}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.rollback_versioned('{}'::jsonb, options => '{"record_only": true}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('[]'::jsonb) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('{"../001_a.sql": ""}'::jsonb) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('{"": ""}'::jsonb) $$);
SELECT version, name FROM migrate.list_versioned('{"./001_a.sql": ""}'::jsonb);
SELECT * FROM migrate.apply_versioned('{"notes.txt": ""}'::jsonb, options => '{"missing": "allow"}');

-- The history is made after the first file; a baseline is not undone, and begins no second history.
CREATE SCHEMA verr_new;
SET search_path = verr_new;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.baseline_versioned('1') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.verify_versioned('{}'::jsonb) $$);
SET search_path = verr;
DROP TABLE schema_migrations;
SELECT * FROM pg_temp.fails($$ INSERT INTO schema_migrations (version, name) VALUES ('001', 'a') $$);
SELECT * FROM migrate.baseline_versioned('1');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.rollback_versioned('{"1_a_UP.sql": "", "1_a_DOWN.sql": "SELECT 1"}'::jsonb) $$);
-- A row with a time that is none, a DOWN without a statement, a value of Flyway's.
INSERT INTO schema_migrations (version, name, applied_at) VALUES ('002', 'by hand', 'infinity');
SELECT version, status, isfinite(applied_at) FROM migrate.list_versioned('{}'::jsonb);
SELECT version, message FROM migrate.rollback_versioned('{"002_a_UP.sql": "", "002_a_DOWN.sql": "-- nothing"}'::jsonb);
SELECT version, message FROM migrate.apply_versioned('{"V3__a.sql": "SELECT 1;\nSELECT ''${flyway:defaultSchema}''"}'::jsonb, options => '{"missing": "allow"}');

-- Not in an isolation level that reads an old history, nor read only.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{}'::jsonb) $$);
COMMIT;
BEGIN READ ONLY;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{}'::jsonb) $$);
COMMIT;
BEGIN;
\set VERBOSITY terse
CALL migrate.apply_versioned_each('{}'::jsonb); -- ERROR
ROLLBACK;
\set VERBOSITY default

DROP SCHEMA verr, verr_new CASCADE;
DELETE FROM migrate.versioned_log_data WHERE history_schema = 'verr';

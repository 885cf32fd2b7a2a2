-- How the statements of migrations run: COPY inside COPY, ends of transactions, deferred
-- constraints, and what is refused before anything runs.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE SCHEMA vscript;
SET search_path = vscript;
SELECT migrate.init_versioned();
-- An error with the lines of its context that are ours.
CREATE FUNCTION pg_temp.fails(files jsonb, options jsonb DEFAULT '{}') RETURNS TABLE (field text, value text) LANGUAGE plpgsql AS $$
DECLARE
    message text; detail text; hint text; context text; state text;
BEGIN
    PERFORM migrate.apply_versioned(files, options => options);
    RETURN QUERY SELECT 'none', 'it was applied';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT, state = RETURNED_SQLSTATE;
    RETURN QUERY SELECT f, v FROM (VALUES (1, state, message), (2, 'detail', detail), (3, 'hint', hint),
        (4, 'context', substring(context FROM 'migration file[^\n]*(?:\n(?:nothing|what)[^\n]*)?'))) AS x (n, f, v)
        WHERE v <> '' ORDER BY n;
END $$;

-- COPY into a table whose trigger applies migrations of another history, which COPY themselves.
CREATE TABLE big (a int, b text);
CREATE TABLE inner_rows (a int, b text);
CREATE FUNCTION nest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.a % 300 = 1 THEN
        BEGIN
            PERFORM migrate.apply_versioned(jsonb_build_object('001_n.sql', E'COPY inner_rows FROM stdin;\n'
                || CASE WHEN new.a = 301 THEN 'bad' ELSE '1' END || E'\tx\n' || repeat(E'666\ty\n', 1000) || E'\\.\n'),
                options => format('{"history": "history_%s"}', new.a)::jsonb);
        EXCEPTION WHEN invalid_text_representation THEN
            INSERT INTO inner_rows VALUES (-1, sqlerrm);
        END;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER nest BEFORE INSERT ON big FOR EACH ROW EXECUTE FUNCTION nest();
SELECT version, action, statements FROM migrate.apply_versioned(jsonb_build_object('001_big.sql',
    E'COPY big FROM stdin;\n' || (SELECT string_agg(i || E'\t' || repeat('x', 1000), E'\n' ORDER BY i) FROM generate_series(1, 1000) i)
    || E'\n\\.\nCOPY inner_rows FROM stdin;\n-2\tlast\n\\.\n'));
SELECT count(*), sum(a), min(b) = max(b) AS is_whole FROM big;
SELECT a, count(*), min(b) FROM inner_rows GROUP BY a ORDER BY a;

-- COPY … WHERE asks for the rights and the columns that the server asks for.
CREATE TABLE filtered (a int, g int GENERATED ALWAYS AS (a * 2) STORED);
-- Virtual from 18 on.
DO $$ BEGIN
    EXECUTE 'ALTER TABLE filtered ADD v int GENERATED ALWAYS AS (a * 3) '
        || CASE WHEN current_setting('server_version_num')::int >= 180000 THEN 'VIRTUAL' ELSE 'STORED' END;
END $$;
CREATE ROLE vscript_loader;
GRANT ALL ON SCHEMA vscript TO vscript_loader;
GRANT INSERT ON filtered TO vscript_loader;
GRANT ALL ON schema_migrations TO vscript_loader;
SELECT * FROM pg_temp.fails('{"002_a.sql": "COPY filtered (a) FROM stdin WHERE g > 0;\n1\n\\.\n"}', '{"missing": "allow"}');
SELECT * FROM pg_temp.fails('{"002_a.sql": "COPY filtered (a) FROM stdin WHERE v > 0;\n1\n\\.\n"}', '{"missing": "allow"}');
SELECT * FROM pg_temp.fails('{"002_a.sql": "COPY filtered (a) FROM stdin WHERE filtered IS NOT NULL;\n1\n\\.\n"}', '{"missing": "allow"}');
SELECT * FROM pg_temp.fails('{"002_a.sql": "COPY filtered (a) FROM stdin WHERE ctid IS NOT NULL;\n1\n\\.\n"}', '{"missing": "allow"}');
SELECT * FROM pg_temp.fails('{"002_a.sql": "COPY filtered (g) FROM stdin;\n1\n\\.\n"}', '{"missing": "allow"}');
SELECT * FROM pg_temp.fails('{"002_a.sql": "COPY filtered (a) FROM stdin WHERE a > 1;\n1\n\\.\n"}', '{"missing": "allow", "role": "vscript_loader"}');
GRANT SELECT (a) ON filtered TO vscript_loader;
SELECT statements FROM migrate.apply_versioned('{"002_a.sql": "COPY filtered (a) FROM stdin WHERE a > 1;\n1\n2\n\\.\nCOPY filtered (a) FROM stdin;\n3\n\\.\n"}'::jsonb,
    options => '{"missing": "allow", "role": "vscript_loader"}');
SELECT statements FROM migrate.apply_versioned('{"003_a.sql": "COPY filtered (a) FROM stdin WHERE tableoid = ''filtered''::regclass;\n3\n\\.\n"}'::jsonb, options => '{"missing": "allow"}');
SELECT * FROM filtered ORDER BY a;
-- What is constant in it may be a function that reads.
CREATE FUNCTION least_allowed() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT max(a) FROM filtered); END $$;
CALL migrate.apply_versioned_each('{"004_a.sql": "SELECT 1", "005_b.sql": "COPY filtered (a) FROM stdin WHERE a > least_allowed();\n3\n4\n\\.\n"}'::jsonb, options => '{"missing": "allow"}');
SELECT max(a), count(*) FROM filtered;

-- COPY with a client that is not there; found before anything runs.
SELECT * FROM pg_temp.fails('{"010_a.sql": "CREATE TABLE never (i int);\nCOPY (SELECT 1) TO stdout;"}', '{"missing": "allow"}');
SELECT * FROM pg_temp.fails('{"010_a.sql": "COPY filtered TO stdout"}', '{"missing": "allow"}');
SELECT * FROM pg_temp.fails('{"010_a.sql": "SELECT 1;\nCOPY filtered FROM stdin"}', '{"missing": "allow"}');
SELECT * FROM pg_temp.fails('{"010_a.sql": "SELECT 1;\nCOPY filtered FROM stdout;"}', '{"missing": "allow"}');
SELECT * FROM pg_temp.fails('{"010_a.sql": "COPY (SELECT 1) TO PROGRAM ''exit 1''"}', '{"missing": "allow"}');

-- The keyword is left out, not a word in a comment or a name.
SELECT message FROM migrate.apply_versioned('{"010_a.sql": "CREATE /* concurrently */ INDEX -- concurrently\n CONCURRENTLY \"concurrently\" ON big (a);\nDROP INDEX/**/concurrently \"concurrently\";"}'::jsonb,
    options => '{"missing": "allow", "non_transactional": "relax"}');

-- Names of files are shown without what a terminal obeys.
SELECT * FROM pg_temp.fails('{"011_a\nERROR:  \u001b[31mb\u009b.sql": "SELECT 1 / 0"}', '{"missing": "allow"}');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('{"011_a\nb.sql": 1}'::jsonb) $$);
SELECT version, name FROM migrate.list_versioned('{"011_a\tb.sql": "SELECT 1"}'::jsonb) WHERE version = '011';

-- Deferred constraints are checked at the end of a file, which is no statement's line, and are
-- deferred again, but for a name that others share.
CREATE TABLE target (a int PRIMARY KEY);
CREATE TABLE own (a int, CONSTRAINT own_name FOREIGN KEY (a) REFERENCES target DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE one (a int, CONSTRAINT same_name FOREIGN KEY (a) REFERENCES target DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE two (a int, CONSTRAINT same_name FOREIGN KEY (a) REFERENCES target);
CREATE TABLE three (a int, CONSTRAINT third_name FOREIGN KEY (a) REFERENCES target DEFERRABLE);
CREATE TABLE four (a int, CONSTRAINT third_name FOREIGN KEY (a) REFERENCES target DEFERRABLE INITIALLY DEFERRED);
SELECT * FROM pg_temp.fails('{"011_a.sql": "INSERT INTO one VALUES (7);\nSELECT 1;\n"}', '{"missing": "allow"}');
BEGIN;
SELECT action FROM migrate.apply_versioned('{"011_a.sql": "SELECT 1"}'::jsonb, options => '{"missing": "allow"}');
INSERT INTO own VALUES (1); -- still deferred
SELECT field, value FROM pg_temp.error_of('INSERT INTO vscript.three VALUES (1)') WHERE field <> 'context'; -- not deferred now
SELECT field, value FROM pg_temp.error_of('INSERT INTO vscript.four VALUES (1)') WHERE field <> 'context'; -- nor this
ROLLBACK;

-- The hint names every place where this transaction added values.
CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE size AS ENUM ('small');
SELECT * FROM pg_temp.fails('{"011_a.sql": "ALTER TYPE mood ADD VALUE ''ok'';", "012_b.sql": "SELECT 1;\nALTER TYPE size ADD VALUE ''big'';", "013_c.sql": "SELECT ''ok''::mood;"}', '{"missing": "allow"}');
SELECT field, value FROM pg_temp.fails(jsonb_build_object('011_a.sql',
    (SELECT string_agg(format('ALTER TYPE mood ADD VALUE ''m%s'';', i), E'\n' ORDER BY i) FROM generate_series(1, 7) i) || E'\nSELECT ''m1''::mood;'), '{"missing": "allow"}') WHERE field = 'hint';

-- ROLLBACK in a block takes the file's earlier statements with it: the file is not recorded.
\set VERBOSITY terse
CREATE PROCEDURE commits() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;
CREATE PROCEDURE tries() LANGUAGE plpgsql AS $$ BEGIN COMMIT; CREATE TABLE tried (i int); ROLLBACK; CREATE TABLE kept (i int); END $$;
\set VERBOSITY default
\set SHOW_CONTEXT errors
CALL migrate.apply_versioned_each('{"011_a.sql": "CREATE TABLE lost (i int);\nDO $$ BEGIN ROLLBACK; END $$;\nCREATE TABLE never (i int);"}'::jsonb, options => '{"missing": "allow"}'); -- ERROR
SELECT to_regclass('lost'), to_regclass('never'), (SELECT count(*) FROM schema_migrations WHERE version = '011');
-- What it does after a COMMIT of its own is its to undo.
CALL migrate.apply_versioned_each('{"011_a.sql": "CREATE TABLE before (i int);\nSET work_mem = ''3MB'';\nCALL tries();\nCREATE TABLE after AS SELECT current_setting(''work_mem'') AS m;"}'::jsonb, options => '{"missing": "allow"}');
SELECT to_regclass('before'), to_regclass('tried'), to_regclass('kept'), (SELECT m FROM after) AS m;

-- What was committed inside a file is not said to be undone, whether a later statement fails or the
-- one that committed.
CREATE PROCEDURE commits_and_fails() LANGUAGE plpgsql AS $$ BEGIN COMMIT; PERFORM 1 / 0; END $$;
CALL migrate.apply_versioned_each('{"012_a.sql": "CREATE TABLE half (i int);\nCALL commits();\nSELECT 1 / 0;"}'::jsonb, options => '{"missing": "allow"}'); -- ERROR
SELECT to_regclass('half');
CALL migrate.apply_versioned_each('{"012_a.sql": "CALL commits_and_fails();"}'::jsonb, options => '{"missing": "allow"}'); -- ERROR
-- Nor is a value hinted at that was committed.
CALL migrate.apply_versioned_each('{"012_a.sql": "ALTER TYPE mood ADD VALUE ''fine'';", "013_b.sql": "DO $$ BEGIN ALTER TYPE mood ADD VALUE ''new''; PERFORM ''new''::vscript.mood; END $$;"}'::jsonb, options => '{"missing": "allow"}'); -- ERROR
-- Nothing is left locked.
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();

-- A COMMIT behind which the history is gone, or another one.
CREATE TABLE events (n int);
CALL migrate.apply_versioned_each('{"013_a.sql": "DROP TABLE vscript.schema_migrations;\nCALL commits();\nINSERT INTO events VALUES (1);"}'::jsonb, options => '{"missing": "allow"}');
SELECT version, (SELECT count(*) FROM events) AS events FROM schema_migrations;

-- Settings that only the old role may make go on behind a COMMIT, and so does the role; the session
-- gets back what only its own role may set.
CREATE ROLE vscript_admin SUPERUSER;
GRANT ALL ON ALL TABLES IN SCHEMA vscript TO vscript_loader;
CALL migrate.apply_versioned_each('{"014_a.sql": "SET log_min_duration_statement = 5000;\nSET ROLE vscript_loader;\nCALL commits();\nCREATE TABLE made AS SELECT current_user::text AS u, current_setting(''log_min_duration_statement'') AS d;"}'::jsonb, options => '{"missing": "allow"}');
SELECT u, d, current_user = session_user AS is_back, current_setting('log_min_duration_statement') AS now FROM made;
GRANT vscript_admin TO vscript_loader;
SET ROLE vscript_loader;
CALL migrate.apply_versioned_each('{"015_a.sql": "SET ROLE vscript_admin;\nSET log_min_duration_statement = 6000;\nCALL commits();"}'::jsonb, options => '{"missing": "allow"}');
SELECT current_user, current_setting('log_min_duration_statement') AS now;
RESET ROLE;

-- plan_versioned tells no text of a DOWN that migrate.versioned_log does not show.
SET ROLE vscript_admin;
SELECT action FROM migrate.apply_versioned('{"016_UP.sql": "SELECT 1", "016_DOWN.sql": "SELECT ''secret''"}'::jsonb, options => '{"missing": "allow"}');
SELECT statement, command_tag, sql FROM migrate.plan_versioned('{}'::jsonb, NULL, '{"direction": "down"}') WHERE version = '016';
CREATE ROLE vscript_plain;
GRANT USAGE ON SCHEMA vscript TO vscript_plain;
GRANT SELECT ON schema_migrations TO vscript_plain;
SET ROLE vscript_plain;
SELECT count(*) FROM migrate.versioned_log WHERE history_schema = 'vscript';
SELECT step, version, direction, statement, line, command_tag, needs_own_transaction, sql FROM migrate.plan_versioned('{}'::jsonb, NULL, '{"direction": "down"}');
RESET ROLE;

DROP SCHEMA vscript CASCADE;
DELETE FROM migrate.versioned_log_data WHERE history_schema = 'vscript';
DROP OWNED BY vscript_loader, vscript_admin, vscript_plain;
DROP ROLE vscript_loader, vscript_admin, vscript_plain;

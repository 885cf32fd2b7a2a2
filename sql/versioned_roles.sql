-- Whose rights a migration has, and whose history is trusted.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE ROLE regress_app;
CREATE ROLE regress_deployer;
CREATE ROLE regress_stranger;
GRANT regress_app TO regress_deployer;
CREATE SCHEMA vrole AUTHORIZATION regress_deployer;
GRANT ALL ON SCHEMA vrole TO regress_app;
SET search_path = vrole;

-- An ordinary role: files as jsonb, and option role for what they make. The role of the session is
-- what SET ROLE asks for a membership.
SET SESSION AUTHORIZATION regress_deployer;
SELECT version, action FROM migrate.apply_versioned('{"001_a_UP.sql": "CREATE TABLE a (i int)", "001_a_DOWN.sql": "DROP TABLE a"}'::jsonb, options => '{"role": "regress_app"}');
SELECT relname, relowner::regrole FROM pg_class WHERE relnamespace = 'vrole'::regnamespace AND relkind = 'r' ORDER BY 1;
SELECT current_user;
SELECT run_by, event, version FROM migrate.versioned_log WHERE history_schema = 'vrole';
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{"002_b.sql": "SELECT 1"}'::jsonb, options => '{"missing": "allow", "role": "regress_stranger"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.apply_versioned('{"002_b.sql": "SELECT 1"}'::jsonb, options => '{"missing": "allow", "role": "regress_nobody"}') $$);
-- SET ROLE in a file ends with the file, whether it is undone there or not.
SELECT version, action FROM migrate.apply_versioned('{"002_b.sql": "SET ROLE regress_app; CREATE TABLE b (i int)", "003_c.sql": "CREATE TABLE c (i int)"}'::jsonb, options => '{"missing": "allow"}');
SELECT relname, relowner::regrole FROM pg_class WHERE oid IN ('b'::regclass, 'c'::regclass) ORDER BY 1;
SELECT current_user;
RESET SESSION AUTHORIZATION;

-- A stored DOWN is run by the role that stored it, not by one that is no explicit member of it: be
-- that a superuser, or one with every right on the history.
DELETE FROM schema_migrations WHERE version <> '001';
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.rollback_versioned('{}'::jsonb, '001') $$);
SET SESSION AUTHORIZATION regress_app;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.rollback_versioned('{}'::jsonb, '001') $$);
RESET SESSION AUTHORIZATION;
GRANT ALL ON schema_migrations TO regress_app;
SET SESSION AUTHORIZATION regress_app;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.rollback_versioned('{}'::jsonb, '001') $$);
SET SESSION AUTHORIZATION regress_deployer;
SELECT version, action, source FROM migrate.rollback_versioned('{}'::jsonb, '001');
RESET SESSION AUTHORIZATION;

-- The history of a stranger: plain it is used, with code of theirs it is not.
CREATE SCHEMA vstrange AUTHORIZATION regress_stranger;
SET search_path = vstrange;
SET ROLE regress_stranger;
SELECT migrate.init_versioned();
CREATE FUNCTION planted() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'code of a stranger ran'; END $$;
CREATE FUNCTION planted_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'code of a stranger ran'; END $$;
RESET ROLE;
SELECT version, action FROM migrate.apply_versioned('{"001_a.sql": "SELECT 1"}'::jsonb);
CREATE FUNCTION pg_temp.planted(change text, undo text) RETURNS TABLE (field text, value text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'ALTER TABLE schema_migrations ' || change;
    RETURN QUERY SELECT e.field, e.value FROM pg_temp.error_of($q$ SELECT * FROM migrate.apply_versioned('{"001_a.sql": "SELECT 1", "002_b.sql": "SELECT 2"}'::jsonb) $q$) e;
    EXECUTE 'ALTER TABLE schema_migrations ' || undo;
END $$;
SELECT * FROM pg_temp.planted('ALTER execution_time_ms SET DEFAULT length(vstrange.planted())', 'ALTER execution_time_ms DROP DEFAULT');
SELECT field FROM pg_temp.planted('ADD CONSTRAINT c CHECK (name <> vstrange.planted()) NOT VALID', 'DROP CONSTRAINT c');
SELECT field FROM pg_temp.planted('ENABLE ROW LEVEL SECURITY', 'DISABLE ROW LEVEL SECURITY');
CREATE RULE planted AS ON INSERT TO schema_migrations DO ALSO SELECT vstrange.planted();
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('{}'::jsonb) $$);
DROP RULE planted ON schema_migrations;
-- With an explicit membership it is the caller's own affair.
CREATE TRIGGER planted BEFORE INSERT ON schema_migrations FOR EACH ROW EXECUTE FUNCTION planted_trigger();
GRANT regress_stranger TO regress_deployer;
GRANT USAGE ON SCHEMA vstrange TO regress_deployer;
SET ROLE regress_deployer;
SELECT version, status FROM migrate.list_versioned('{"001_a.sql": "SELECT 1"}'::jsonb);
RESET ROLE;
DROP TABLE schema_migrations;

-- What is no ordinary permanent table is no history.
CREATE VIEW schema_migrations AS SELECT 'x'::text AS version, 'x'::text AS name;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('{}'::jsonb) $$);
DROP VIEW schema_migrations;
CREATE UNLOGGED TABLE schema_migrations (version text PRIMARY KEY, name text NOT NULL);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('{}'::jsonb) $$);
DROP TABLE schema_migrations;
CREATE TABLE schema_migrations (version text PRIMARY KEY, name text NOT NULL) PARTITION BY LIST (version);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.list_versioned('{}'::jsonb) $$);
DROP TABLE schema_migrations;
-- A temporary one is not looked at.
CREATE TEMPORARY TABLE schema_migrations (version text PRIMARY KEY, name text NOT NULL);
INSERT INTO schema_migrations VALUES ('001', 'a');
SELECT version, status FROM migrate.list_versioned('{"001_a.sql": "SELECT 1"}'::jsonb);
DROP TABLE schema_migrations;

DROP SCHEMA vrole, vstrange CASCADE;
DELETE FROM migrate.versioned_log_data WHERE history_schema IN ('vrole', 'vstrange');
DROP ROLE regress_app, regress_deployer, regress_stranger;

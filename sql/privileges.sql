-- Each function can do only what its caller could do by hand.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE ROLE regress_plain;
CREATE ROLE regress_importer;
CREATE ROLE regress_colleague;
CREATE ROLE regress_owner;
CREATE ROLE regress_team;
GRANT pg_read_server_files TO regress_importer, regress_colleague;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_plain, regress_importer, regress_colleague', current_database()) \gexec
CREATE SCHEMA closed;
CREATE SCHEMA open;
GRANT CREATE, USAGE ON SCHEMA open TO regress_importer;

-- An error without the number of a run.
CREATE FUNCTION pg_temp.error_of_run(statement text, run bigint) RETURNS TABLE (field text, value text) LANGUAGE sql AS
$$ SELECT field, replace(value, run::text, 'N') FROM pg_temp.error_of(format(statement, run)) $$;

-- No rights on server files: an error before the file is looked at.
SET ROLE regress_plain;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite('/no/such/file') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.plan_sqlite('/no/such/file') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.inspect_sqlite('/no/such/file') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.verify_sqlite('/no/such/file') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.backup_sqlite('/no/such/file', '/no/such/copy') $$);
SELECT count(*) > 0 AS optioned FROM migrate.options('import_sqlite');

-- A member of pg_read_server_files imports as itself.
SET ROLE regress_importer;
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'mine');
SELECT c.relkind, c.relname, c.relowner::regrole FROM pg_class c
WHERE relnamespace = 'mine'::regnamespace AND relkind IN ('r', 'v', 'S') ORDER BY 1, 2;
SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'mine';
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('views.db'), schema => 'mine');
SELECT table_name, rows_rejected FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => 'open',
    tables => '{item}', options => '{"on_type_mismatch": "reject"}');
SELECT run_by, session_by, target_schema, rows_rejected FROM migrate.runs ORDER BY run_id;
SELECT count(*) FROM migrate.rejects;
SELECT pg_temp.last_run() AS run \gset

-- Not where it may not create, and nothing written beside the file.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'closed') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.backup_sqlite(pg_temp.file('views.db'), '/tmp/regress_backup.db') $$);

-- The record is written by the functions alone.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.runs_data $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO migrate.run_objects_data VALUES (1, 1, 'table', 'x', 'x', 'x', 1, 'imported') $$);
SELECT * FROM pg_temp.error_of($$ UPDATE migrate.rejects_data SET value = 'x' $$);
SELECT * FROM pg_temp.error_of($$ DELETE FROM migrate.runs $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO migrate.rejects (run_id) VALUES (1) $$);
SELECT * FROM pg_temp.error_of($$ TRUNCATE migrate.runs_data $$);
SELECT * FROM pg_temp.error_of($$ SELECT nextval('migrate.runs_data_run_id_seq') $$);

-- A colleague does not see another's runs, and cannot forget them, nor replace what they made.
RESET ROLE;
GRANT CREATE, USAGE ON SCHEMA open TO regress_colleague;
SET ROLE regress_colleague;
SELECT count(*) FROM migrate.runs;
SELECT count(*) FROM migrate.run_objects;
SELECT count(*) FROM migrate.rejects;
SELECT * FROM pg_temp.error_of_run('SELECT * FROM migrate.report(%s)', :run);
SELECT migrate.forget_run(:run);
-- A member of the role sees the run, and cannot forget it either.
RESET ROLE;
GRANT regress_importer TO regress_colleague;
SET ROLE regress_colleague;
SELECT count(*) FROM migrate.runs WHERE run_id = :run;
SELECT migrate.forget_run(:run);
RESET ROLE;
REVOKE regress_importer FROM regress_colleague;
SET ROLE regress_colleague;
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'theirs', tables => '{order_items}');
SELECT run_by, target_schema FROM migrate.runs;
SELECT pg_temp.last_run() AS their_run \gset
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.verify_sqlite(pg_temp.file('views.db'), schema => 'mine') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => 'open',
    tables => '{item}', options => '{"mode": "replace"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.verify_sqlite(pg_temp.file('dirty.db'), schema => 'open', tables => '{item}') $$);
-- A function of the reader's own in a condition does not see the rows that the view hides.
CREATE FUNCTION theirs.leak(name) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
$$ BEGIN RAISE WARNING 'a run by %', $1; RETURN true; END $$;
SELECT run_by, target_schema FROM migrate.runs WHERE theirs.leak(run_by);
RESET ROLE;
SELECT run_by, target_schema FROM migrate.runs WHERE run_id >= :run ORDER BY run_id;

-- Members of the role see its runs.
GRANT regress_importer TO regress_team;
SET ROLE regress_team;
SELECT DISTINCT run_by FROM migrate.runs;
SELECT count(*) > 0 AS reported FROM migrate.report(:run);
RESET ROLE;

-- Option owner: only a role that the caller can become; each server has its own words.
SET ROLE regress_importer;
SELECT split_part(field, ' ', 1) AS sqlstate FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('views.db'),
    schema => 'given', options => '{"owner": "regress_owner"}') $$) LIMIT 1;
SELECT split_part(field, ' ', 1) AS sqlstate FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('views.db'),
    schema => 'given', options => '{"owner": "pg_read_all_data"}') $$) LIMIT 1;
RESET ROLE;
GRANT regress_owner TO regress_importer;
SET ROLE regress_importer;
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'),
    schema => 'given', options => '{"owner": "regress_owner"}');
SELECT c.relkind, c.relname, c.relowner::regrole FROM pg_class c
WHERE relnamespace = 'given'::regnamespace AND relkind IN ('r', 'v', 'S') ORDER BY 1, 2;
SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'given';
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('views.db'), schema => 'given');
-- What the owner option made can be replaced.
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'),
    schema => 'given', options => '{"owner": "regress_owner", "mode": "replace"}');
SELECT DISTINCT c.relowner::regrole FROM pg_class c WHERE relnamespace = 'given'::regnamespace;

-- The runs of a role that is gone are hidden, and disturb nobody.
RESET ROLE;
DROP SCHEMA mine, given, closed, open, theirs CASCADE;
SELECT format('REVOKE CREATE ON DATABASE %I FROM regress_plain, regress_importer, regress_colleague', current_database()) \gexec
DROP ROLE regress_importer;
SELECT run_by FROM migrate.runs WHERE run_id >= :run ORDER BY run_id;
SELECT migrate.forget_run(:run) AS hidden, migrate.forget_run(:their_run) AS forgotten;
DROP ROLE regress_plain, regress_colleague, regress_owner, regress_team;
-- They are kept by name: another role of that name would see them.
DELETE FROM migrate.runs_data WHERE run_by LIKE 'regress\_%';

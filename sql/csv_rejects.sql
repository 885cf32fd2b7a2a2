-- on_error, migrate.rejects, check_csv and retry_rejects.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = error;
CREATE SCHEMA rejects;
SET search_path = rejects, public;

CREATE FUNCTION pg_temp.load(file text, target text, options jsonb DEFAULT '{}')
    RETURNS TABLE (read bigint, loaded bigint, rejected bigint, skipped bigint, note text) LANGUAGE sql AS
$$
    SELECT rows_read, rows_loaded, rows_rejected, rows_skipped,
           (SELECT string_agg(line, E'\n') FROM regexp_split_to_table(notes, E'\n') line WHERE line ~ '^\d')
    FROM migrate.import_csv(pg_temp.file('csv/' || $1), $2, $3)
$$;
CREATE FUNCTION pg_temp.last_rejects()
    RETURNS TABLE (line_first bigint, line_last bigint, column_name text, sqlstate text, reason text, value text, raw text) LANGUAGE sql AS
$$
    SELECT j.line_first, j.line_last, j.column_name, j.sqlstate, j.reason, j.value, encode(j.raw, 'escape')
    FROM migrate.rejects j WHERE run_id = pg_temp.last_run() ORDER BY reject_id
$$;

CREATE TABLE target (id int, amount numeric(6,2), day date);
-- stop is the default: nothing is loaded.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/bad.csv'), 'target') $$);
SELECT count(*) FROM target;
SELECT * FROM pg_temp.load('bad.csv', 'target', '{"on_error": "ignore"}');
SELECT * FROM target;
TRUNCATE target;
SELECT * FROM pg_temp.load('bad.csv', 'target', '{"on_error": "set_null", "loaded_files": "load"}');
SELECT * FROM target;
TRUNCATE target;
SELECT * FROM pg_temp.load('bad.csv', 'target', '{"on_error": "reject", "loaded_files": "load"}');
SELECT * FROM target;
SELECT * FROM pg_temp.last_rejects();
SELECT line_first, line_last, column_name, sqlstate, error, value, raw_text FROM migrate.check_csv(pg_temp.file('csv/bad.csv'), 'target');

-- The limit
TRUNCATE target;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/bad.csv'), 'target', '{"on_error": "reject", "reject_limit": 1, "loaded_files": "load"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/bad.csv'), 'target', '{"on_error": "ignore", "reject_limit": "10%", "loaded_files": "load"}') $$);
SELECT * FROM pg_temp.load('bad.csv', 'target', '{"on_error": "reject", "reject_limit": "50%", "loaded_files": "load"}');

-- Constraints and triggers reject too.
CREATE TABLE parent (id int PRIMARY KEY);
INSERT INTO parent VALUES (1), (2);
CREATE TABLE child (id int PRIMARY KEY REFERENCES parent, name text NOT NULL CHECK (name <> 'two again'));
SELECT * FROM pg_temp.load('keys.csv', 'child', '{"on_error": "reject"}');
SELECT * FROM child;
SELECT * FROM pg_temp.last_rejects();
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 3 THEN RAISE EXCEPTION 'three is refused'; END IF; RETURN NEW; END $$;
CREATE TABLE guarded (id int, name text);
CREATE TRIGGER refuse BEFORE INSERT ON guarded FOR EACH ROW EXECUTE FUNCTION refuse();
SELECT * FROM pg_temp.load('keys.csv', 'guarded', '{"on_error": "reject"}');
SELECT * FROM guarded;
SELECT * FROM pg_temp.last_rejects();
SELECT line_first, column_name, sqlstate, error, raw_text FROM migrate.check_csv(pg_temp.file('csv/keys.csv'), 'guarded');
SELECT count(*) FROM guarded;

-- Records of another width, and records that are none
SELECT * FROM pg_temp.load('ragged.csv', 'ragged', '{"on_error": "reject"}');
SELECT * FROM ragged;
SELECT * FROM pg_temp.last_rejects();
SELECT * FROM pg_temp.load('ragged.csv', 'ragged_only', '{"ragged": "reject"}');
SELECT * FROM pg_temp.last_rejects();
SELECT * FROM pg_temp.load('nul.csv', 'nul', '{"on_error": "reject"}');
SELECT * FROM pg_temp.last_rejects();
SELECT * FROM pg_temp.load('bad_utf8.csv', 'bad_utf8', '{"on_error": "reject", "encoding": "UTF8"}');
SELECT * FROM pg_temp.last_rejects();
SELECT * FROM pg_temp.load('quote_open.csv', 'quote_open', '{"on_error": "reject", "delimiter": ",", "quote": "\""}');
SELECT * FROM quote_open;
SELECT * FROM pg_temp.last_rejects();

-- A new table that cannot hold every row: a row of 1,500 numbers is wider than a page
SELECT * FROM pg_temp.load('too_wide.csv', 'too_wide', '{"on_error": "reject"}');
SELECT count(*), max(c1), max(c2) FROM too_wide;
SELECT line_first, line_last, column_name, sqlstate, reason, length(raw) FROM pg_temp.last_rejects();
-- and one that an event trigger gave a constraint
CREATE FUNCTION add_constraint() RETURNS event_trigger LANGUAGE plpgsql AS
$$ BEGIN IF to_regclass('rejects.fenced') IS NOT NULL THEN ALTER TABLE rejects.fenced ADD CHECK (day > '2024-01-01'); END IF; END $$;
CREATE EVENT TRIGGER add_constraint ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION add_constraint();
SELECT * FROM pg_temp.load('bad.csv', 'fenced', '{"on_error": "reject", "types": {"id": "int", "day": "date"}}');
SELECT * FROM fenced;
SELECT * FROM pg_temp.last_rejects();
DROP EVENT TRIGGER add_constraint;

-- Mending: one text for a record, whatever it has of rejects.
TRUNCATE target;
SELECT * FROM pg_temp.load('bad.csv', 'target', '{"on_error": "reject", "loaded_files": "load"}');
SELECT pg_temp.last_run() AS run \gset
SELECT * FROM migrate.retry_rejects(:run);
UPDATE migrate.rejects SET mended = '2,20,2024-01-02' WHERE run_id = :run AND line_first = 3;
UPDATE migrate.rejects SET mended = '3,thirty,2024-02-29' WHERE run_id = :run AND column_name = 'day';
SELECT regexp_replace(file_name, '.*/', '') AS file, table_name, rows_read, rows_loaded, rows_rejected FROM migrate.retry_rejects(:run);
SELECT * FROM target ORDER BY id;
SELECT * FROM pg_temp.last_rejects();
SELECT line_first, column_name, mended, retried_by - run_id AS later FROM migrate.rejects WHERE run_id = :run ORDER BY reject_id;
SELECT rows_read FROM migrate.retry_rejects(:run);
UPDATE migrate.rejects SET mended = '3,30,2024-02-29' WHERE run_id = :run + 1;
SELECT rows_read, rows_loaded, rows_rejected FROM migrate.retry_rejects(:run + 1);
SELECT * FROM target ORDER BY id;
SELECT * FROM pg_temp.load('bad.csv', 'target', '{"on_error": "reject", "loaded_files": "load"}');
UPDATE migrate.rejects SET mended = E'1,1,2024-01-01\n2,2,2024-01-01' WHERE run_id = pg_temp.last_run();
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.retry_rejects(pg_temp.last_run()) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.retry_rejects(NULL) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.retry_rejects(-1) $$);
-- Only "mended" may be written, and only by members of the run's role.
CREATE ROLE regress_mender;
SET ROLE regress_mender;
UPDATE migrate.rejects SET mended = 'x' WHERE run_id = :run;
SELECT * FROM pg_temp.error_of($$ UPDATE migrate.rejects SET reason = 'x' $$);
SELECT field, regexp_replace(value, 'run \d+', 'run N') AS value FROM pg_temp.error_of(format($$ SELECT * FROM migrate.retry_rejects(%s) $$, :run));
RESET ROLE;
-- Not even a superuser retries what another role ran: its condition would run with the superuser's rights.
GRANT pg_read_server_files TO regress_mender;
GRANT USAGE, CREATE ON SCHEMA rejects TO regress_mender;
SET ROLE regress_mender;
SELECT * FROM pg_temp.load('bad.csv', 'of_mender', '{"on_error": "reject", "types": {"id": "int"}, "where": "id > 0"}');
RESET ROLE;
SELECT field, regexp_replace(value, 'run \d+', 'run N') AS value FROM pg_temp.error_of($$ SELECT * FROM migrate.retry_rejects(pg_temp.last_run()) $$);
DROP OWNED BY regress_mender CASCADE;
DROP ROLE regress_mender;
DROP SCHEMA rejects CASCADE;

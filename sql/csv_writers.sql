-- What the writers owe to COPY: the caller's settings, domains that refuse NULL, triggers that
-- change keys, views, and event triggers that change a new table.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = error;
CREATE SCHEMA writers;
SET search_path = writers, public;
CREATE FUNCTION pg_temp.write(name text, content text) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    written oid := lo_from_bytea(0, convert_to(content, 'UTF8'));
BEGIN
    PERFORM lo_export(written, pg_temp.file(name));
    PERFORM lo_unlink(written);
END
$$;
CREATE FUNCTION pg_temp.load(file text, target text, options jsonb DEFAULT '{}')
    RETURNS TABLE (read bigint, loaded bigint, updated bigint, rejected bigint) LANGUAGE sql AS
$$
    SELECT rows_read, rows_loaded, rows_updated, rows_rejected
    FROM migrate.import_csv(pg_temp.file($1), $2, $3 || '{"loaded_files": "load"}')
$$;
CREATE FUNCTION pg_temp.fails(file text, target text, options jsonb DEFAULT '{}')
    RETURNS TABLE (field text, value text) LANGUAGE sql AS
$$
    SELECT * FROM pg_temp.error_of(format('SELECT * FROM pg_temp.load(%L, %L, %L)', $1, $2, $3))
$$;
CREATE FUNCTION pg_temp.rejects() RETURNS TABLE (line bigint, col text, state text, reason text, value text) LANGUAGE sql AS
$$
    SELECT line_first, column_name, sqlstate, reason, value FROM migrate.rejects
    WHERE run_id = pg_temp.last_run() ORDER BY reject_id
$$;

-- Times without a zone and intervals are read under the caller's settings by every writer.
SELECT pg_temp.write('writers_zone.csv', E'id,t,i\n1,2024-07-01 12:00:00,-1 2:03:04\n') \g /dev/null
SET TimeZone = 'America/New_York';
SET IntervalStyle = 'sql_standard';
CREATE TABLE zone_executor (id int, t timestamptz(3), i interval);
CREATE TABLE zone_sql (id int PRIMARY KEY, t timestamptz(3), i interval);
SELECT * FROM pg_temp.load('writers_zone.csv', 'zone_bulk', '{"types": {"t": "timestamptz(3)", "i": "interval"}}');
SELECT * FROM pg_temp.load('writers_zone.csv', 'zone_executor');
SELECT * FROM pg_temp.load('writers_zone.csv', 'zone_sql', '{"on_conflict": "update", "key": "id"}');
SET TimeZone = 'UTC';
SET IntervalStyle = 'postgres';
SELECT 'bulk' AS writer, t, i FROM zone_bulk
UNION ALL SELECT 'executor', t, i FROM zone_executor UNION ALL SELECT 'sql', t, i FROM zone_sql;

-- Domains that refuse NULL, in a new table, an existing one, and one that is loaded by INSERT
CREATE DOMAIN word AS text NOT NULL;
CREATE DOMAIN there AS int CHECK (value IS NOT NULL);
CREATE DOMAIN small AS int CHECK (value < 10);
SELECT pg_temp.write('writers_domain.csv', E'a,b,c,d\n1,,1,1\n2,x,,\n3,y,3,\n4,,,4\n') \g /dev/null
CREATE TABLE domain_executor (a int, b word, c there, d small);
CREATE TABLE domain_sql (a int PRIMARY KEY, b word, c there, d small);
\set types '"types": {"a": "int", "b": "word", "c": "there", "d": "small"}'
SELECT format('{%s}', :'types') AS typed, format('{%s, "on_error": "reject"}', :'types') AS typed_reject \gset
SELECT * FROM pg_temp.fails('writers_domain.csv', 'domain_new', :'typed');
SELECT * FROM pg_temp.fails('writers_domain.csv', 'domain_executor');
SELECT * FROM pg_temp.fails('writers_domain.csv', 'domain_sql', '{"on_conflict": "update", "key": "a"}');
SELECT * FROM pg_temp.load('writers_domain.csv', 'domain_new', :'typed_reject');
SELECT * FROM pg_temp.rejects();
SELECT * FROM pg_temp.load('writers_domain.csv', 'domain_executor', '{"on_error": "reject"}');
SELECT * FROM pg_temp.rejects();
SELECT * FROM pg_temp.load('writers_domain.csv', 'domain_sql', '{"on_error": "ignore", "on_conflict": "update", "key": "a"}');
SELECT * FROM domain_new UNION ALL SELECT * FROM domain_executor UNION ALL SELECT * FROM domain_sql;
SELECT line_first, column_name, error FROM migrate.check_csv(pg_temp.file('writers_domain.csv'), 'domain_sql');
-- NULL is no way out where the domain refuses it.
SELECT pg_temp.write('writers_set_null.csv', E'a,b,c,d\n1,x,1,1\n2,x,y,2\n') \g /dev/null
SELECT * FROM pg_temp.fails('writers_set_null.csv', 'domain_new', format('{%s, "on_error": "set_null", "mode": "replace"}', :'types')::jsonb);
SELECT * FROM pg_temp.fails('writers_set_null.csv', 'domain_executor', '{"on_error": "set_null"}');
SELECT * FROM pg_temp.fails('writers_set_null.csv', 'domain_sql', '{"on_error": "set_null", "where": "true"}');

-- A function in a domain's check may raise what it likes.
CREATE FUNCTION is_good(text) RETURNS boolean LANGUAGE plpgsql AS
$$ BEGIN IF $1 = 'bad' THEN RAISE 'no % here', $1; END IF; RETURN true; END $$;
CREATE DOMAIN good AS text CHECK (is_good(value));
SELECT pg_temp.write('writers_raise.csv', E'id,t\n1,ok\n2,bad\n3,ok\n') \g /dev/null
CREATE TABLE raised (id int, t good);
SELECT * FROM pg_temp.load('writers_raise.csv', 'raised', '{"on_error": "reject"}');
SELECT * FROM pg_temp.rejects();
SELECT * FROM pg_temp.load('writers_raise.csv', 'raised_new', '{"on_error": "reject", "types": {"t": "good"}}');
SELECT * FROM pg_temp.fails('writers_raise.csv', 'raised');
SELECT * FROM raised_new;

-- A trigger makes two keys of a file the same: ON CONFLICT meets the row twice.
CREATE TABLE lowered (id text PRIMARY KEY, n int);
CREATE FUNCTION lower_id() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := lower(NEW.id); RETURN NEW; END $$;
CREATE TRIGGER lower_id BEFORE INSERT ON lowered FOR EACH ROW EXECUTE FUNCTION lower_id();
SELECT pg_temp.write('writers_lower.csv', E'id,n\nA,1\na,2\nb,3\n') \g /dev/null
SELECT * FROM pg_temp.fails('writers_lower.csv', 'lowered', '{"on_conflict": "update", "key": "id"}');
SELECT read, rejected FROM pg_temp.load('writers_lower.csv', 'lowered', '{"on_conflict": "update", "key": "id", "on_error": "reject"}');
SELECT * FROM lowered ORDER BY id;

-- on_conflict update asks for no system column: views have none, and grants may leave it out.
CREATE TABLE base (id int PRIMARY KEY, name text, secret text DEFAULT 's');
INSERT INTO base VALUES (1, 'old'), (9, 'nine');
CREATE VIEW seen AS SELECT id, name FROM base;
SELECT pg_temp.write('writers_view.csv', E'id,name\n1,one\n2,two\n') \g /dev/null
SELECT * FROM pg_temp.load('writers_view.csv', 'seen', '{"on_conflict": "update", "key": "id"}');
SELECT * FROM base ORDER BY id;
CREATE ROLE regress_column_loader;
GRANT USAGE ON SCHEMA writers TO regress_column_loader;
GRANT pg_read_server_files TO regress_column_loader;
GRANT SELECT (id, name), INSERT (id, name), UPDATE (name) ON base TO regress_column_loader;
UPDATE base SET name = 'old' WHERE id = 1;
SET ROLE regress_column_loader;
SELECT * FROM pg_temp.load('writers_view.csv', 'base', '{"on_conflict": "update", "key": "id"}');
RESET ROLE;
SELECT * FROM base ORDER BY id;
DROP OWNED BY regress_column_loader;
DROP ROLE regress_column_loader;

-- An event trigger sets a column of a new table NOT NULL.
CREATE FUNCTION harden() RETURNS event_trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF to_regclass('writers.hard') IS NOT NULL THEN ALTER TABLE writers.hard ALTER name SET NOT NULL; END IF;
END
$$;
CREATE EVENT TRIGGER harden ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION harden();
SELECT pg_temp.write('writers_hard.csv', E'id,name\n1,one\n2,\n3,three\n') \g /dev/null
SELECT * FROM pg_temp.fails('writers_hard.csv', 'hard');
SELECT * FROM pg_temp.load('writers_view.csv', 'hard');
SELECT * FROM hard;
DROP EVENT TRIGGER harden;

-- Rows that fail side by side cost few transaction ids beyond one for each of them.
CREATE TABLE checked (id int PRIMARY KEY, n int);
INSERT INTO checked SELECT i, -1 FROM generate_series(2, 1000, 2) AS i;
SELECT pg_temp.write('writers_checked.csv', 'id,n' || string_agg(format(E'\n%s,1', i), '')) FROM generate_series(1, 1000) AS i \g /dev/null
SELECT pg_current_xact_id()::text::bigint AS before \gset
SELECT * FROM pg_temp.load('writers_checked.csv', 'checked', '{"on_error": "reject"}');
SELECT count(*), sum(n) FROM checked;
SELECT pg_current_xact_id()::text::bigint - :before BETWEEN 1000 AND 1300 AS is_frugal;

-- Batches of an INSERT: many of them, each once, also where one spills to disk.
CREATE TABLE inserted (id int PRIMARY KEY, t text);
SELECT pg_temp.write('writers_many.csv', 'id,t' || string_agg(E'\n' || i || ',' || repeat(chr(97 + i % 26), 100), ''))
FROM generate_series(1, 20000) AS i \g /dev/null
SET work_mem = '64kB';
SELECT * FROM pg_temp.load('writers_many.csv', 'inserted', '{"where": "id % 2 = 0"}');
SELECT count(*), sum(id), sum(length(t)) FROM inserted;
ALTER TABLE inserted ADD CHECK (id <> 777);
SELECT * FROM pg_temp.load('writers_many.csv', 'inserted', '{"on_error": "reject", "where": "id % 2 = 1"}');
SELECT * FROM pg_temp.rejects();
SELECT count(*), sum(id), sum(length(t)) FROM inserted;
RESET work_mem;

-- Of a record that nobody could dump the first 64 MB are kept.
CREATE TABLE numbers (n int, t text);
SELECT pg_temp.write('writers_huge.csv', E'n,t\nx,' || repeat('0123456789abcdef', (4 << 20) + 9) || E'\n1,one\n') \g /dev/null
SELECT * FROM pg_temp.load('writers_huge.csv', 'numbers', '{"on_error": "reject", "max_line_size": "100MB"}');
SELECT line_first, column_name, reason, value, length(raw), raw = substr(convert_to('x,' || repeat('0123456789abcdef', 4 << 20), 'UTF8'), 1, 64 << 20) AS is_start FROM migrate.rejects WHERE run_id = pg_temp.last_run();
DELETE FROM migrate.rejects WHERE run_id = pg_temp.last_run();
SELECT pg_temp.write('writers_huge.csv', '') \g /dev/null
DROP SCHEMA writers CASCADE;

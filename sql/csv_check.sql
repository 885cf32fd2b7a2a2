-- check_csv rehearses: what it makes and writes is undone, and what it finds is what import_csv refuses.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = error;
CREATE SCHEMA csv_check;
SET search_path = csv_check, public;
CREATE FUNCTION pg_temp.put(bytes bytea) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    written oid := lo_from_bytea(0, bytes);
BEGIN
    PERFORM lo_export(written, pg_temp.file('csv_check.csv'));
    PERFORM lo_unlink(written);
END
$$;
CREATE FUNCTION pg_temp.put(content text) RETURNS void LANGUAGE sql AS $$ SELECT pg_temp.put(convert_to(content, 'UTF8')) $$;
CREATE FUNCTION pg_temp.checked(target text, options jsonb DEFAULT '{}')
    RETURNS TABLE (line bigint, column_name text, sqlstate text, error text, raw_text text) LANGUAGE sql AS
$$ SELECT line_first, c.column_name, c.sqlstate, c.error, c.raw_text FROM migrate.check_csv(pg_temp.file('csv_check.csv'), $1, $2) c $$;
-- The lines that import_csv rejects, in a run of its own that is undone.
CREATE FUNCTION pg_temp.rejected(target text, options jsonb) RETURNS TABLE (line bigint, sqlstate text) LANGUAGE plpgsql AS
$$
DECLARE
    found jsonb;
BEGIN
    BEGIN
        PERFORM migrate.import_csv(pg_temp.file('csv_check.csv'), target, options || '{"on_error": "reject"}');
        SELECT jsonb_agg(jsonb_build_array(j.line_first, j.sqlstate) ORDER BY reject_id) INTO found
        FROM migrate.rejects j WHERE run_id = (SELECT max(run_id) FROM migrate.runs);
        RAISE EXCEPTION 'undone';
    EXCEPTION WHEN raise_exception THEN
        RETURN QUERY SELECT (e ->> 0)::bigint, e ->> 1 FROM jsonb_array_elements(found) e;
    END;
END
$$;

-- The key of a table to be made: no NULL in it, none of them twice.
SELECT pg_temp.put(E'id,name,day\n1,one,2024-01-01\n,none,2024-01-02\n2,two,2024-01-03\n1,again,2024-01-04\n3,three,2024-01-05');
SELECT * FROM pg_temp.checked('fresh', '{"key": ["id"]}');
SELECT * FROM pg_temp.rejected('fresh', '{"key": ["id"]}');
-- With on_conflict the second 1 is passed over.
SELECT * FROM pg_temp.checked('fresh', '{"key": ["id"], "on_conflict": "nothing"}');
SELECT * FROM pg_temp.rejected('fresh', '{"key": ["id"], "on_conflict": "nothing"}');
SELECT * FROM pg_temp.checked('fresh', '{"key": ["id"], "mode": "create"}');
-- In a schema to be made; of values and keys at once
SELECT * FROM pg_temp.checked('"No Such".fresh', '{"key": ["id"], "types": {"name": "varchar(4)"}}');
SELECT * FROM pg_temp.rejected('"No Such".fresh', '{"key": ["id"], "types": {"name": "varchar(4)"}}');
-- These modes, and a transaction that may write nothing, check the values alone.
SELECT * FROM pg_temp.checked('fresh', '{"key": ["id"], "mode": "replace", "types": {"name": "varchar(4)"}}');
SELECT * FROM pg_temp.checked('fresh', '{"key": ["id"], "mode": "truncate"}');
BEGIN READ ONLY;
SELECT * FROM pg_temp.checked('fresh', '{"key": ["id"], "types": {"name": "varchar(4)"}}');
COMMIT;
-- Nothing stays.
SELECT to_regclass('fresh'), to_regnamespace('"No Such"'), count(*) AS locks FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory';
SELECT count(*) FROM migrate.runs WHERE target_schema IN ('csv_check', 'No Such');

-- A row that no page holds is one record's fault.
SELECT string_agg('c' || i, ',' ORDER BY i) AS names, string_agg('1', ',') AS ones,
       string_agg('0123456789012345678', ',') AS long_ones
FROM generate_series(1, 700) i \gset
SELECT pg_temp.put(:'names' || E'\n' || :'ones' || E'\n' || :'long_ones' || E'\n' || :'ones');
SELECT line, column_name, sqlstate, left(error, 19) AS error, length(raw_text) FROM pg_temp.checked('wide', '{"all_text": true}');

-- A caller without the right to make the table still has the values checked.
SELECT pg_temp.put(E'id,name\n1,one\n,none\n2,three');
CREATE ROLE regress_checker;
GRANT pg_read_server_files TO regress_checker;
GRANT USAGE ON SCHEMA csv_check TO regress_checker;
SET ROLE regress_checker;
SELECT * FROM pg_temp.checked('csv_check.fresh', '{"key": ["id"], "types": {"name": "varchar(4)"}}');
SELECT * FROM pg_temp.checked('no_such.fresh', '{"key": ["id"], "types": {"name": "varchar(4)"}}');
RESET ROLE;
GRANT CREATE ON SCHEMA csv_check TO regress_checker;
SET ROLE regress_checker;
SELECT * FROM pg_temp.checked('csv_check.fresh', '{"key": ["id"], "types": {"name": "varchar(4)"}}');
RESET ROLE;

-- Of a huge record the beginning is shown.
SELECT pg_temp.put(E'id,name\nx,' || repeat('é', 700000) || E'\ny,' || repeat('z', 100));
SELECT line, length(raw_text), octet_length(raw_text), left(raw_text, 4), right(raw_text, 5) FROM pg_temp.checked('fresh', '{"types": {"id": "int"}}');

-- Where bytes have no encoding, those beyond ASCII are escaped: any client can read them.
CREATE DATABASE regress_bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0;
SELECT pg_temp.put(convert_to(E'id,name\nx,Zoë\n1,Ann', 'LATIN1'));
SELECT pg_temp.file('csv_check.csv') AS written \gset
\set database :DBNAME
\c regress_bytes
\i :helpers
SET client_encoding = 'UTF8';
SELECT line_first, error, raw_text FROM migrate.check_csv(:'written', 'fresh', '{"types": {"id": "int"}, "encoding": "LATIN1"}');
\c :database
DROP DATABASE regress_bytes;
DROP SCHEMA csv_check CASCADE;
REVOKE pg_read_server_files FROM regress_checker;
DROP ROLE regress_checker;

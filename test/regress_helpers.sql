\set ECHO none
-- What the SQL tests share; read with \i at the top of each.
--
--   \getenv srcdir PG_ABS_SRCDIR
--   \set helpers :srcdir '/test/regress_helpers.sql'
--   \i :helpers
--
-- Leaves client_min_messages at warning: notices carry the number of the run, which differs from
-- one run of the tests to the next.
SET client_min_messages = warning;
SET DateStyle = 'ISO, YMD';
SET TimeZone = 'UTC';
CREATE EXTENSION IF NOT EXISTS migrate;
\getenv fixtures MIGRATE_FIXTURES
SELECT set_config('test.fixtures', :'fixtures', false) \g /dev/null

-- The path of a fixture.
CREATE FUNCTION pg_temp.file(name text) RETURNS text LANGUAGE sql AS
$$ SELECT current_setting('test.fixtures') || '/' || name $$;

-- The last run of the session's user.
CREATE FUNCTION pg_temp.last_run() RETURNS bigint LANGUAGE sql AS
$$ SELECT max(run_id) FROM migrate.runs $$;

-- Every field of the error that a statement ends in, with the fixtures' folder as "…"; of the
-- context the line that names a place in the file.
CREATE FUNCTION pg_temp.error_of(statement text)
    RETURNS TABLE (field text, value text) LANGUAGE plpgsql AS
$$
DECLARE
    message text; detail text; hint text; context text; state text;
BEGIN
    EXECUTE statement;
    RETURN QUERY SELECT 'none', 'the statement succeeded';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT, state = RETURNED_SQLSTATE;
    RETURN QUERY
        SELECT f, replace(v, current_setting('test.fixtures'), '…')
        FROM (VALUES (1, state, message), (2, 'detail', detail), (3, 'hint', hint),
                     (4, 'context', substring(context FROM '(?:SQLite table|CSV file|option "where")[^\n]*'))) e (n, f, v)
        WHERE v <> ''
        ORDER BY n;
END
$$;

-- Everything that the import made in a schema, as text that is the same on every server.
CREATE FUNCTION pg_temp.columns_of(of_schema text)
    RETURNS TABLE (relation text, columns text) LANGUAGE sql AS
$$
    SELECT c.relname, string_agg(
        format('%s %s%s%s%s', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
               CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
               CASE WHEN a.attidentity <> '' THEN ' identity' ELSE '' END,
               CASE WHEN a.attgenerated <> '' THEN ' generated ' ELSE '' END ||
               coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')),
        E'\n' ORDER BY a.attnum)
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = of_schema::regnamespace AND c.relkind = 'r'
    GROUP BY c.relname ORDER BY c.relname COLLATE "C"
$$;
\set ECHO all

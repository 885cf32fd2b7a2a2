-- What the SQL tests share; read with \i at the top of each.
--
--   \getenv srcdir PG_ABS_SRCDIR
--   \set helpers :srcdir '/test/regress_helpers.sql'
--   \i :helpers
\set ECHO none
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS migrate;
\getenv fixtures MIGRATE_FIXTURES
SELECT set_config('test.fixtures', :'fixtures', false) \g /dev/null

-- The path of a fixture.
CREATE FUNCTION pg_temp.file(name text) RETURNS text LANGUAGE sql AS
$$ SELECT current_setting('test.fixtures') || '/' || name $$;

-- Every field of the error that a statement ends in, with the fixtures' folder as "…".
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
                     (4, 'context', split_part(context, E'\nSQL statement', 1))) e (n, f, v)
        WHERE v <> '' AND v !~ '^(SQL statement|PL/pgSQL function)'
        ORDER BY n;
END
$$;
RESET client_min_messages;
\set QUIET off
\set ECHO all

-- What CREATE EXTENSION makes: every object has a comment, and plain roles can read the records.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

SELECT extversion, extrelocatable, nspname
FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'migrate';

-- The surface: names, arguments and result columns are a contract with scripts.
SELECT p.proname, pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result
FROM pg_proc p WHERE pronamespace = 'migrate'::regnamespace ORDER BY 1, pg_get_function_arguments(p.oid) COLLATE "C";
SELECT proname FROM pg_proc
WHERE pronamespace = 'migrate'::regnamespace
  AND (provolatile <> 'v' OR proparallel <> 'u' OR proisstrict OR proconfig IS NOT NULL OR prosecdef);

-- Nothing without a comment.
SELECT p.oid::regprocedure FROM pg_proc p
WHERE pronamespace = 'migrate'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL;
SELECT c.oid::regclass FROM pg_class c
WHERE relnamespace = 'migrate'::regnamespace AND relkind IN ('r', 'v') AND obj_description(c.oid, 'pg_class') IS NULL;

-- What pg_dump carries.
SELECT unnest(extconfig)::regclass AS dumped FROM pg_extension WHERE extname = 'migrate' ORDER BY 1;

SELECT option, type, default_value, allowed_values FROM migrate.options('import_sqlite') ORDER BY option COLLATE "C";
SELECT count(*) FROM migrate.options('migrate.plan_sqlite');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.options('nothing') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.options(NULL) $$);

-- Session settings change neither what an import does nor are they changed by it.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

\set types :fixtures '/types.db'
\set views :fixtures '/views.db'
\set dirty :fixtures '/dirty.db'
\set indexes :fixtures '/indexes.db'
\set foreign_keys :fixtures '/foreign_keys.db'

-- A schema of somebody else, before pg_catalog: whoever calls one of these has lost.
CREATE SCHEMA trap;
CREATE TABLE trap.sprung (what text);
CREATE FUNCTION trap.spring(what text) RETURNS boolean LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO trap.sprung VALUES (what); RETURN true; END $$;
CREATE FUNCTION trap.lower(text) RETURNS text LANGUAGE sql AS $$ SELECT trap.spring('lower')::text $$;
CREATE FUNCTION trap.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $$ SELECT trap.spring('format')::text $$;
CREATE FUNCTION trap.count(bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT trap.spring('count')::int::bigint $$;
CREATE FUNCTION trap.quote_ident(text) RETURNS text LANGUAGE sql AS $$ SELECT trap.spring('quote_ident')::text $$;
CREATE FUNCTION trap.concat_ws(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $$ SELECT trap.spring('concat_ws')::text $$;
CREATE FUNCTION trap.pg_has_role(oid, text) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.spring('pg_has_role') $$;
CREATE FUNCTION trap.equal_text(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.spring('= (text)') $$;
CREATE FUNCTION trap.equal_name(name, name) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.spring('= (name)') $$;
CREATE FUNCTION trap.equal_oid(oid, oid) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.spring('= (oid)') $$;
CREATE FUNCTION trap.equal_bigint(bigint, bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.spring('= (bigint)') $$;
CREATE FUNCTION trap.joined(text, text) RETURNS text LANGUAGE sql AS $$ SELECT trap.spring('||')::text $$;
CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.equal_text);
CREATE OPERATOR trap.= (LEFTARG = name, RIGHTARG = name, FUNCTION = trap.equal_name);
CREATE OPERATOR trap.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = trap.equal_oid);
CREATE OPERATOR trap.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = trap.equal_bigint);
CREATE OPERATOR trap.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.joined);
CREATE DOMAIN trap.text AS pg_catalog.text CHECK (trap.spring('domain text'));
CREATE DOMAIN trap.int8 AS pg_catalog.int8 CHECK (trap.spring('domain int8'));
CREATE DOMAIN trap.name AS pg_catalog.name CHECK (trap.spring('domain name'));
CREATE TABLE trap.pg_class (oid oid);
CREATE TABLE trap.migrate_rejects (table_name pg_catalog.text);
CREATE TABLE trap.migrate_batch (id pg_catalog.int8);

SELECT set_config('search_path', 'trap, pg_catalog', false) \g /dev/null
SET DateStyle = 'SQL, DMY';
SET IntervalStyle = 'sql_standard';
SET extra_float_digits = -15;
SET bytea_output = 'escape';
SET TimeZone = 'Asia/Kathmandu';
SET lock_timeout = '37s';
SET standard_conforming_strings = off;
SET escape_string_warning = off;
SET transform_null_equals = on;
SET quote_all_identifiers = on;
SET row_security = off;
SET check_function_bodies = off;
SET default_transaction_deferrable = on;
SET array_nulls = off;
SET xmloption = document;
SET client_encoding = 'LATIN1';
CREATE TEMP TABLE before AS SELECT s.name, s.setting FROM pg_catalog.pg_settings s;

-- Everything once, under those settings.
SELECT pg_catalog.sum(rows_loaded) FROM migrate.import_sqlite(:'types', schema => 'odd', options => '{"verify": "digest"}');
SELECT pg_catalog.sum(rows_loaded) FROM migrate.import_sqlite(:'indexes', schema => 'odd_keys');
SELECT pg_catalog.sum(rows_loaded) FROM migrate.import_sqlite(:'foreign_keys', schema => 'odd_fk');
SELECT pg_catalog.sum(rows_loaded) FROM migrate.import_sqlite(:'views', schema => 'odd_views');
SELECT pg_catalog.sum(rows_loaded) FROM migrate.import_sqlite(:'views', schema => 'odd_views', options => '{"mode": "replace"}');
SELECT pg_catalog.sum(rows_rejected) FROM migrate.import_sqlite(:'dirty', schema => 'odd_dirty', options => '{"on_type_mismatch": "reject"}');
SELECT pg_catalog.bool_and(matches) FROM migrate.verify_sqlite(:'types', schema => 'odd');
SELECT pg_catalog.bool_and(matches) FROM migrate.verify_sqlite(:'dirty', schema => 'odd_dirty');
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 FROM migrate.plan_sqlite(:'types', schema => 'x');
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 FROM migrate.inspect_sqlite(:'types');
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 FROM migrate.report((SELECT pg_catalog.max(run_id) FROM migrate.runs));
-- And errors, caught and not.
DO $$
BEGIN
    PERFORM * FROM migrate.import_sqlite(pg_catalog.concat(pg_catalog.current_setting('test.fixtures'), '/foreign_keys.db'), schema => 'odd2', options => '{"orphans": "error"}');
EXCEPTION WHEN foreign_key_violation THEN
    RAISE WARNING 'refused: %', SQLERRM;
END
$$;
SELECT * FROM migrate.import_sqlite(:'views', schema => 'odd_views');

-- No setting has changed, and nobody has been in the trap.
SELECT b.name, b.setting, s.setting FROM before b JOIN pg_catalog.pg_settings s ON s.name OPERATOR(pg_catalog.=) b.name
WHERE s.setting OPERATOR(pg_catalog.<>) b.setting;
SELECT what FROM trap.sprung;
SELECT 1.5::pg_catalog.float8 / 3, '\001'::pg_catalog.bytea, pg_catalog.make_date(2024, 2, 29);

-- The same values arrived as under ordinary settings.
RESET ALL;
SET client_min_messages = warning;
SELECT set_config('test.fixtures', :'fixtures', false) \g /dev/null
SELECT sum(rows_loaded) FROM migrate.import_sqlite(pg_temp.file('types.db'), schema => 'even');
SELECT o.table_name, o.target_digest = e.target_digest AS same FROM migrate.verify_sqlite(pg_temp.file('types.db'), schema => 'odd') o
JOIN migrate.verify_sqlite(pg_temp.file('types.db'), schema => 'even') e ON e.table_name = replace(o.table_name, 'odd.', 'even.')
WHERE o.target_digest <> e.target_digest;
SELECT * FROM pg_temp.columns_of('odd') EXCEPT SELECT * FROM pg_temp.columns_of('even');
DROP SCHEMA odd, odd_keys, odd_fk, odd_views, odd_dirty, even, trap CASCADE;

-- default_transaction settings, a tablespace that is not there and a replica's role.
SET default_table_access_method = 'heap';
SET session_replication_role = replica;
SELECT sum(rows_loaded) FROM migrate.import_sqlite(pg_temp.file('foreign_keys.db'), schema => 'replica');
SELECT convalidated, count(*) FROM pg_constraint WHERE connamespace = 'replica'::regnamespace AND contype = 'f' GROUP BY 1 ORDER BY 1;
SELECT bool_and(matches) FROM migrate.verify_sqlite(pg_temp.file('foreign_keys.db'), schema => 'replica');
RESET session_replication_role;
DROP SCHEMA replica CASCADE;

-- Every row of the table of types: the type that each declaration becomes, and its values.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

SELECT table_name, rows_loaded, notes FROM migrate.import_sqlite(pg_temp.file('types.db'), schema => 'types');
SELECT * FROM pg_temp.columns_of('types');
SELECT * FROM types.integers ORDER BY id;
INSERT INTO types.integers DEFAULT VALUES RETURNING id;
INSERT INTO types.empty_identity DEFAULT VALUES RETURNING id;
INSERT INTO types.negative_identity DEFAULT VALUES RETURNING id;
INSERT INTO types.last_identity DEFAULT VALUES RETURNING id;
SELECT * FROM types.booleans;
SELECT * FROM types.dates;
SELECT * FROM types.moments;
SELECT * FROM types.times;
SELECT * FROM types.decimals;
SELECT * FROM types.reals;
SELECT *, octet_length(b) FROM types.texts;
SELECT * FROM types.documents;
SELECT * FROM types.uuids;
SELECT * FROM types.bytes;
SELECT * FROM types.undeclared;
SELECT * FROM types.strict_one;
SELECT * FROM types.widened;
DELETE FROM types.integers WHERE a IS NULL AND b IS NULL;
DELETE FROM types.empty_identity;
DELETE FROM types.negative_identity WHERE id > 0;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('types.db'), schema => 'types');
DROP SCHEMA types CASCADE;

-- Option types: exact names, wildcards, the nested form; an exact name wins over a wildcard.
SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('types.db'), schema => 'chosen', tables => '{integers,decimals,texts,moments}',
    options => '{"types": {"*.a": "numeric(30,2)", "texts.a": "text", "integers.a": "numeric", "moments": {"a": "timestamp", "c": "text"}, "decimals.d": "double precision", "texts.e": "varchar(10)"}}');
SELECT * FROM pg_temp.columns_of('chosen');
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('types.db'), schema => 'chosen', tables => '{integers,decimals,texts,moments}');
DROP SCHEMA chosen CASCADE;
-- Types of the caller's own, found by the caller's search_path; a domain's rules hold.
CREATE DOMAIN public.positive AS bigint CHECK (VALUE > 0);
CREATE TYPE public.mood AS ENUM ('one', 'two');
SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('types.db'), schema => 'own', tables => '{undeclared}',
    options => '{"types": {"undeclared.t": "mood", "undeclared.i": "public.positive", "undeclared.r": "real"}}');
SELECT pg_typeof(i), pg_typeof(t), pg_typeof(r), i, t, r FROM own.undeclared;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('types.db'), schema => 'own', tables => '{undeclared}');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('types.db'), schema => 'own2', tables => '{integers}',
    options => '{"types": {"integers.id": "positive"}}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('types.db'), schema => 'own2', tables => '{undeclared}',
    options => '{"types": {"undeclared.mixed": "mood"}}') $$);
SELECT to_regnamespace('own2');
DROP SCHEMA own CASCADE;
DROP DOMAIN public.positive;
DROP TYPE public.mood;

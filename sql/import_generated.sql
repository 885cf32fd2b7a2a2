-- Generated columns and checks: kept where PostgreSQL agrees with the stored values.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = warning;

SELECT notes FROM migrate.import_sqlite(pg_temp.file('generated.db'), schema => 'gen');
SELECT attname, attgenerated, pg_get_expr(adbin, adrelid) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid = 'gen.line'::regclass AND attnum > 0 ORDER BY attnum;
SELECT conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'gen.line'::regclass AND contype = 'c' ORDER BY 1;
SELECT * FROM gen.line ORDER BY id;
SELECT matches, detail FROM migrate.verify_sqlite(pg_temp.file('generated.db'), schema => 'gen');
INSERT INTO gen.line (id, price, quantity, name) VALUES (3, 1.5, 4, 'c') RETURNING total, label;
DROP SCHEMA gen CASCADE;

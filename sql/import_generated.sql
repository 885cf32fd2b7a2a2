-- Generated columns and checks: kept where PostgreSQL agrees with the stored values.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('generated.db'), schema => 'gen');
SELECT * FROM pg_temp.columns_of('gen');
SELECT conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'gen.line'::regclass AND contype = 'c' ORDER BY 1;
SELECT * FROM gen.line ORDER BY id;
-- The stored values win over an expression that does not make them.
SELECT * FROM gen.stale ORDER BY id;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('generated.db'), schema => 'gen');
SELECT source_name, status, reason FROM migrate.report(pg_temp.last_run()) WHERE status <> 'imported';
INSERT INTO gen.line (id, price, quantity, name) VALUES (3, 1.5, 4, 'c') RETURNING total, label;
INSERT INTO gen.line (id, quantity) VALUES (4, 0);
INSERT INTO gen.line (id, price) VALUES (4, 1000);
DROP SCHEMA gen CASCADE;

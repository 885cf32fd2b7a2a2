-- Names that fold, collide, are too long or are PostgreSQL's own.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = warning;

SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'names');
SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'names' ORDER BY table_name COLLATE "C", ordinal_position;
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('names.db'), schema => 'names');

-- snake: OrderItems becomes order_items, which the file has already.
SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'snake', options => '{"identifiers": "snake"}');
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('names.db'), schema => 'Kept', options => '{"identifiers": "preserve"}');
SET client_min_messages = notice;
DROP SCHEMA names, snake, "Kept" CASCADE;

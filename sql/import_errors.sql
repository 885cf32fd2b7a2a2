-- Each error that a caller can cause, with its exact text.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

-- Paths
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(NULL) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite('') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(':memory:') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite('file:/x.db?nolock=1') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite('shop.db') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('no_such.db')) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('')) $$);

-- Options
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => NULL) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '[1]') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"identifier": "lower"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"xyzzy": 1}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"mode": "merge"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"reject_limit": "many"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"analyze": "yes"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"types": {"item.price": "nosuchtype"}}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"types": {"nosuch.price": "text"}}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"owner": "nosuchrole"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"nocase": "citext"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"null": [1]}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"types": "text"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"types": {"item.prise": "text"}}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"types": {"item.price": "text); DROP TABLE x; --"}}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"epoch": "1970"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"max_value_size": "lots"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"reject_limit": -1}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"lock_timeout": "soon"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), options => '{"mode": null}') $$);

-- Schemas
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => 'pg_mine') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => 'pg_catalog') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => '') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => repeat('long', 16)) $$);
SET search_path = '';
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db')) $$);
RESET search_path;

-- Tables
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), tables => '{itms}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), exclude => '{nothing*}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'), tables => ARRAY[NULL]::text[]) $$);

-- Limits
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('wide_1601.db'), schema => 'wide') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('wide_1600.db'), schema => 'wide') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('huge_row.db'), schema => 'wide') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('big_cell.db'), schema => 'wide', options => '{"max_value_size": 1000}') $$);
-- How many locks there are differs between servers.
SELECT field, regexp_replace(value, '(locks of the|transaction to) \d+', '\1 N') AS value
FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('many_tables.db'), schema => 'many') $$);
SELECT to_regnamespace('wide'), to_regnamespace('many');

-- Files that are no SQLite database
SELECT name, e.* FROM (VALUES (1, 'empty.db'), (2, 'dump.db'), (3, 'gzip.db'), (4, 'zip.db'), (5, 'random.db'),
    (6, 'html.db'), (7, 'truncated.db'), (8, 'fifo.db'), (9, 'wal_no_shm.db'), (10, 'lfs.db')) f (n, name),
    LATERAL pg_temp.error_of(format($$ SELECT * FROM migrate.import_sqlite(pg_temp.file(%L), schema => 'bad') $$, name)) e
ORDER BY n;

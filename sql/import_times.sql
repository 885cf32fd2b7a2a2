-- Dates, times and the numbers that mean them; the session's zone never counts.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET TimeZone = 'America/New_York';

SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('times.db'), schema => 'times');
SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'times' ORDER BY ordinal_position;
SET TimeZone = 'UTC';
SELECT * FROM times.event ORDER BY id \gx
SELECT matches, detail FROM migrate.verify_sqlite(pg_temp.file('times.db'), schema => 'times');

-- A zone for times that name none, and the unit of numbers, from the caller.
SELECT notes FROM migrate.import_sqlite(pg_temp.file('times.db'), schema => 'zone',
    options => '{"timezone": "Europe/Paris", "epoch": {"event.apple": "2001", "event.millis": "none"}}');
SELECT id, iso, mixed, millis, apple FROM zone.event ORDER BY id;
SELECT matches, detail FROM migrate.verify_sqlite(pg_temp.file('times.db'), schema => 'zone');
SELECT notes FROM migrate.import_sqlite(pg_temp.file('times.db'), schema => 'naive',
    options => '{"timestamp_type": "timestamp"}');
SELECT iso, pg_typeof(iso) FROM naive.event ORDER BY id;
SELECT matches FROM migrate.verify_sqlite(pg_temp.file('times.db'), schema => 'naive');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('times.db'),
    schema => 'x', options => '{"timezone": "Mars/Olympus"}') $$);
DROP SCHEMA times, zone, naive CASCADE;

-- Writes to SQLite files through foreign tables: who may, rows, what names them, values, errors, triggers, savepoints.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
-- A copy that belongs to the server, in its own folder.
SELECT current_setting('data_directory') || '/fdw_write' AS folder \gset
\set remove 'cat > /dev/null; rm -rf ' :folder '; mkdir ' :folder
COPY (SELECT 1) TO PROGRAM :'remove';
SELECT bytes > 0 AS copied FROM migrate.backup_sqlite(pg_temp.file('fdw_write.db'), :'folder' || '/w.db');
SELECT set_config('test.fixtures', :'folder', false) \g /dev/null
CREATE ROLE regress_fdw_writer;
CREATE ROLE regress_fdw_looker;
CREATE ROLE regress_fdw_user;
GRANT pg_read_server_files TO regress_fdw_looker, regress_fdw_writer;
GRANT pg_write_server_files TO regress_fdw_writer;
GRANT USAGE ON FOREIGN DATA WRAPPER migrate_sqlite TO regress_fdw_looker, regress_fdw_writer;
CREATE FUNCTION pg_temp.server(name text, options text DEFAULT '') RETURNS void LANGUAGE plpgsql AS
$$ BEGIN EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database %L%s)', name, pg_temp.file('w.db'), options); END $$;

-- A server is made writable by CREATE and ALTER only by those who may write the server's files.
SET ROLE regress_fdw_looker;
SELECT * FROM pg_temp.error_of($$ SELECT pg_temp.server('mine', ', writable ''true''') $$);
SELECT pg_temp.server('mine', ', writable ''false''');
SELECT * FROM pg_temp.error_of($$ ALTER SERVER mine OPTIONS (SET writable 'true') $$);
SELECT * FROM pg_temp.error_of($$ ALTER SERVER mine OPTIONS (SET writable 'perhaps') $$);
SELECT * FROM pg_temp.error_of($$ ALTER SERVER mine OPTIONS (ADD batch_size '0') $$);
SELECT * FROM pg_temp.error_of($$ ALTER SERVER mine OPTIONS (ADD batch_size 'many') $$);
SELECT * FROM pg_temp.error_of($$ ALTER SERVER mine OPTIONS (ADD writeable 'true') $$);
RESET ROLE;
CREATE SCHEMA w;
IMPORT FOREIGN SCHEMA main EXCEPT (hidden, greedy) FROM SERVER mine INTO w;
-- Not writable: read alone.
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.plain VALUES (1) $$);
SELECT * FROM pg_temp.error_of($$ UPDATE w.plain SET a = 1 $$);
SELECT * FROM pg_temp.error_of($$ DELETE FROM w.plain $$);
SELECT * FROM pg_temp.error_of($$ TRUNCATE w.plain $$);
SELECT pg_relation_is_updatable('w.plain', false);
ALTER SERVER mine OWNER TO regress_fdw_writer;
SET ROLE regress_fdw_writer;
ALTER SERVER mine OPTIONS (SET writable 'true');
RESET ROLE;
SELECT pg_relation_is_updatable('w.plain', false);
-- Then the rights on the table decide.
GRANT USAGE ON SCHEMA w TO regress_fdw_user;
GRANT SELECT, INSERT ON w.plain TO regress_fdw_user;
SET ROLE regress_fdw_user;
INSERT INTO w.plain VALUES (1, 'by a user');
SELECT * FROM pg_temp.error_of($$ DELETE FROM w.plain $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.item (code) VALUES ('x') $$);
RESET ROLE;

-- INSERT: columns that it does not name get the file's defaults.
INSERT INTO w.item (code, price) VALUES ('four', 4), ('five', 5.25) RETURNING *;
INSERT INTO w.item (code) SELECT 'row ' || i FROM generate_series(6, 8) i RETURNING id, made;
INSERT INTO w.item (id, code, made) VALUES (100, 'later', '2024-03-01 12:00+02') RETURNING *;
INSERT INTO w.plain DEFAULT VALUES;
INSERT INTO w.plain DEFAULT VALUES RETURNING a IS NULL AS empty;
SELECT * FROM w.plain;
EXPLAIN (VERBOSE, COSTS OFF) INSERT INTO w.item (code, price) VALUES ('x', 1) RETURNING id;
-- UPDATE and DELETE.
UPDATE w.item SET price = price * 2 WHERE id <= 3 RETURNING id, price, twice;
UPDATE w.item SET id = id + 1000, code = upper(code) WHERE code LIKE 'row%' RETURNING *;
DELETE FROM w.item WHERE id > 1000 RETURNING id, code;
DELETE FROM w.item WHERE code IN ('four', 'later');
SELECT * FROM w.item ORDER BY id;
EXPLAIN (VERBOSE, COSTS OFF) UPDATE w.item SET price = 0 WHERE id = 3;
EXPLAIN (VERBOSE, COSTS OFF) DELETE FROM w.plain WHERE a = 3;
EXPLAIN (VERBOSE, COSTS OFF) UPDATE w.pair SET v = 'x' WHERE n = 3 RETURNING *;
-- A statement does not see its own rows, however it reads them.
INSERT INTO w.other SELECT i, 'v' || i FROM generate_series(1, 3000) i;
INSERT INTO w.other SELECT a + 3000, b FROM w.other;
SELECT count(*), min(a), max(a) FROM w.other;
UPDATE w.other SET a = a + 1;
SELECT count(*), count(DISTINCT a), min(a), max(a) FROM w.other;
UPDATE w.other x SET a = (SELECT count(*) FROM w.other y WHERE y.a = x.a) WHERE x.a < 20;
SELECT count(*) FROM w.other WHERE a = 1;
UPDATE w.other x SET b = y.b || '+' FROM w.other y WHERE y.a = x.a + 1 AND x.a > 5990;
SELECT a, b FROM w.other WHERE a > 5989 ORDER BY a;
SET enable_hashjoin = off; SET enable_mergejoin = off;
UPDATE w.other x SET b = y.b || '-' FROM w.other y WHERE y.a = x.a - 1 AND x.a > 5997;
SELECT a, b FROM w.other WHERE a > 5995 ORDER BY a;
RESET enable_hashjoin; RESET enable_mergejoin;
-- A row that a join finds twice is updated once, and deleted once.
UPDATE w.item SET code = code || '!' FROM generate_series(1, 3) g WHERE id = 1 RETURNING code, g;
DELETE FROM w.other USING generate_series(1, 2) g WHERE a = 6000;
UPDATE w.item SET code = 'one' WHERE id = 1;
-- Nor does a subquery that depends on the row, and reads a table from the first row again without depending on it itself.
CREATE TABLE beside (a int);
INSERT INTO beside SELECT generate_series(1, 10);
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off;
BEGIN;
UPDATE w.item SET price = (SELECT count(b.a) FROM w.other o LEFT JOIN beside b ON b.a = o.a - 3000 AND b.a <= w.item.id) WHERE id <= 3 RETURNING id, price;
ROLLBACK;
RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_material;
DROP TABLE beside;
-- Cursors and loops keep the state they began with.
BEGIN;
DECLARE c CURSOR FOR SELECT a FROM w.other WHERE a BETWEEN 100 AND 200;
FETCH 1 FROM c;
DELETE FROM w.other WHERE a BETWEEN 100 AND 199;
MOVE 98 IN c;
FETCH 5 FROM c;
SELECT count(*) FROM w.other WHERE a BETWEEN 100 AND 200;
ROLLBACK;
-- One whose rest could not be kept is not told from then on.
BEGIN;
DECLARE c CURSOR FOR SELECT a, b FROM w.other;
MOVE 2 IN c;
SET LOCAL work_mem = '64kB'; SET LOCAL temp_file_limit = '1kB';
SELECT field FROM pg_temp.error_of($$ INSERT INTO w.plain VALUES (1) $$);
SET LOCAL temp_file_limit = -1;
INSERT INTO w.plain VALUES (2);
SELECT * FROM pg_temp.error_of($$ MOVE ALL IN c $$);
ROLLBACK;
DO $$
DECLARE r record; n int := 0;
BEGIN
    FOR r IN SELECT a FROM w.other WHERE a > 1000 LOOP
        INSERT INTO w.other VALUES (r.a, 'copy');
        n := n + 1;
    END LOOP;
    DELETE FROM w.other WHERE b = 'copy';
    RAISE WARNING 'the loop ran % times', n;
END $$;
-- ON CONFLICT DO NOTHING passes over keys alone.
INSERT INTO w.item (id, code) VALUES (1, 'again'), (50, 'fifty'), (51, 'one') ON CONFLICT DO NOTHING RETURNING id;
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.item (id, code) VALUES (60, NULL) ON CONFLICT DO NOTHING $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.item (id, code) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET code = 'y' $$);
INSERT INTO w.plain DEFAULT VALUES ON CONFLICT DO NOTHING;

-- Keys of a table without rowid.
INSERT INTO w.pair VALUES ('a', 1, 'x'), ('a', 2, 'y'), ('b', 1, NULL);
UPDATE w.pair SET v = v || v, n = n + 10 WHERE k = 'a' RETURNING *;
DELETE FROM w.pair WHERE v IS NULL RETURNING *;
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.pair VALUES ('A', 11, 'by NOCASE the same') $$);
CREATE FOREIGN TABLE no_key (k text, v text) SERVER mine OPTIONS (table 'pair');
SELECT * FROM pg_temp.error_of($$ UPDATE no_key SET v = '' $$);
SELECT * FROM no_key;
CREATE FOREIGN TABLE half_key (k text OPTIONS (key 'true'), v text) SERVER mine OPTIONS (table 'pair');
SELECT * FROM pg_temp.error_of($$ UPDATE half_key SET v = '' $$);
CREATE FOREIGN TABLE day_key (d date OPTIONS (key 'true'), v text) SERVER mine OPTIONS (table 'day');
UPDATE day_key SET v = 'found' WHERE v = 'plain';
SELECT * FROM pg_temp.error_of($$ UPDATE day_key SET v = 'missed' $$);
SELECT * FROM day_key;
-- Rowids.
UPDATE w.far SET v = v || '!' WHERE v = 'near' RETURNING *;
SELECT * FROM pg_temp.error_of($$ DELETE FROM w.far WHERE v = 'below' $$);
SELECT * FROM pg_temp.error_of($$ DELETE FROM w.far WHERE v = 'beyond' $$);
CREATE FOREIGN TABLE hidden (rowid text, _rowid_ text) SERVER mine;
INSERT INTO hidden VALUES ('x', 'y');
SELECT * FROM pg_temp.error_of($$ DELETE FROM hidden $$);
CREATE FOREIGN TABLE no_id (code text, price numeric) SERVER mine OPTIONS (table 'item');
UPDATE no_id SET price = 7 WHERE code = 'two' RETURNING *;

-- Constraints of the file.
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.item (id, code) VALUES (1, 'key') $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.item (code) VALUES ('one') $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.item (code) VALUES (NULL) $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.item (price) VALUES (1) $$);
SELECT * FROM pg_temp.error_of($$ UPDATE w.item SET price = -1 WHERE id = 1 $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.part (item_id) VALUES (4711) $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.sure (n) VALUES ('1') $$);
SELECT * FROM pg_temp.error_of($$ UPDATE w.item SET twice = 1 $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.item (code, twice) VALUES ('x', 1) $$);
CREATE FOREIGN TABLE sure (n text, t bigint, x text) SERVER mine;
SELECT * FROM pg_temp.error_of($$ INSERT INTO sure (n) VALUES ('a') $$);
INSERT INTO sure VALUES ('12', 13, '14');
SELECT * FROM sure;
CREATE FOREIGN TABLE text_id (id text, code text) SERVER mine OPTIONS (table 'item');
SELECT * FROM pg_temp.error_of($$ INSERT INTO text_id VALUES ('abc', 'abc') $$);
-- A foreign key that is checked at the end aborts the transaction.
BEGIN;
INSERT INTO w.part (id, late_id) VALUES (1, 200);
INSERT INTO w.item (id, code) VALUES (200, 'two hundred');
COMMIT;
CREATE TABLE beside (a int);
BEGIN;
INSERT INTO beside VALUES (1);
INSERT INTO w.part (id, late_id) VALUES (2, 201);
\set VERBOSITY sqlstate
COMMIT;
SELECT * FROM beside;
SELECT id FROM w.part;
\set VERBOSITY default
-- Actions of foreign keys.
INSERT INTO w.step (part_id) VALUES (1), (1);
DELETE FROM w.part;
SELECT count(*) FROM w.step;

-- Triggers of the file.
INSERT INTO w.logged (v) VALUES ('a'), ('b');
INSERT INTO w.logged (v) VALUES ('skip') RETURNING *;
DELETE FROM w.logged WHERE v = 'a';
SELECT v, at FROM w.logged;
SELECT * FROM w.log;
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.logged (v) VALUES ('no') $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.indexed (v) VALUES ('some words') $$);
CREATE FOREIGN TABLE greedy (v text) SERVER mine;
SELECT * FROM pg_temp.error_of($$ INSERT INTO greedy VALUES ('x') $$);
-- One that rolls the whole transaction back takes PostgreSQL's with it.
BEGIN;
INSERT INTO w.plain VALUES (2, 'lost');
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.logged (v) VALUES ('roll') $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.plain VALUES (3, 'too late') $$);
\set VERBOSITY sqlstate
COMMIT;
\set VERBOSITY default
SELECT count(*) FROM w.plain WHERE b = 'lost';

-- What is no table of the application's.
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.cheap VALUES (1, 'x') $$);
SELECT * FROM pg_temp.error_of($$ DELETE FROM w.cheap $$);
SELECT * FROM pg_temp.error_of($$ TRUNCATE w.cheap $$);
CREATE FOREIGN TABLE shadow (id bigint, block bytea) SERVER mine OPTIONS (table 'words_data');
SELECT * FROM pg_temp.error_of($$ DELETE FROM shadow $$);
CREATE FOREIGN TABLE no_column (a int, z int) SERVER mine OPTIONS (table 'plain');
SELECT * FROM pg_temp.error_of($$ INSERT INTO no_column (a, z) VALUES (1, 2) $$);
INSERT INTO no_column (a) VALUES (5);
SELECT * FROM pg_temp.error_of($$ MERGE INTO w.plain USING beside ON false WHEN NOT MATCHED THEN INSERT VALUES (1) $$);

-- Values: each comes back as it went.
CREATE FOREIGN TABLE every (id bigint, i int, r float8, n numeric, t text, b bytea, x numeric, flag boolean, da date, ti time,
    ts timestamptz, ms timestamp OPTIONS (epoch 'milliseconds'), js jsonb, u uuid, ub uuid, big numeric) SERVER mine;
CREATE TABLE wanted (LIKE every);
INSERT INTO wanted VALUES
    (1, 5, 0.1, 1.25, 'text', '\x00ff', 12345678901234567890.123456789, true, '2024-02-29', '12:34:56.789', '2024-02-29 23:59:59.999999+05:30',
     '2024-02-29 12:34:56.789', '{"a": [1, 2.50, null]}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 9223372036854775807),
    (2, -2147483648, '-Infinity', -0.5, '', '', 0.00, false, '0001-01-01', '00:00', '9999-12-31 23:59:59+00', '1969-12-31 23:59:59.999', '"x"', NULL, NULL, 1e30),
    (3, NULL, 1e300, 0, E'two\nlines', NULL, 7.0, NULL, '1999-12-31', '24:00', '1970-01-01 00:00+00', '1970-01-01', '5', NULL, NULL, -1e-7);
INSERT INTO every SELECT * FROM wanted;
SELECT w.id, w.* IS NOT DISTINCT FROM e.* AS same FROM wanted w JOIN every e USING (id) ORDER BY id;
SELECT * FROM every ORDER BY id;
UPDATE every SET (r, n, t, ts) = (SELECT r, n, t, ts FROM wanted WHERE id = 3) WHERE id = 1 RETURNING r, n, t, ts;
-- What a column's affinity would change is refused.
CREATE FUNCTION pg_temp.refused(columns text, value text) RETURNS TABLE (field text, value text) LANGUAGE sql AS
$$ SELECT * FROM pg_temp.error_of(format('INSERT INTO every (%s) VALUES (%s)', $1, $2)) $$;
SELECT * FROM pg_temp.refused('n', '0.1234567890123456789');
SELECT * FROM pg_temp.refused('n', '''NaN''');
SELECT * FROM pg_temp.refused('r', '''NaN''');
SELECT * FROM pg_temp.refused('da', '''infinity''');
SELECT * FROM pg_temp.refused('da', '''0044-03-15 BC''');
SELECT * FROM pg_temp.refused('ts', '''10000-01-01''');
SELECT * FROM pg_temp.refused('ms', '''-infinity''');
SELECT * FROM pg_temp.refused('js', '''1.50''');
CREATE FOREIGN TABLE texts (i text, n varchar(10), r char(5), t char(5), x text[], b json) SERVER mine OPTIONS (table 'every');
SELECT * FROM pg_temp.error_of($$ INSERT INTO texts (i) VALUES ('007') $$);
SELECT * FROM pg_temp.error_of($$ INSERT INTO texts (r) VALUES ('7') $$);
INSERT INTO texts VALUES ('7', '1.5', 'ab', 'cd', '{a,NULL,"b c"}', '{"k":  1}') RETURNING *;
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE TYPE mood AS ENUM ('sad', 'glad');
TRUNCATE every;
CREATE FOREIGN TABLE odd (i positive, r float4, t mood, n interval, da timestamp(0), x inet, ts timestamptz(3)) SERVER mine OPTIONS (table 'every');
SET IntervalStyle = 'sql_standard'; SET DateStyle = 'German'; SET TimeZone = 'Asia/Tokyo'; SET extra_float_digits = 0;
INSERT INTO odd VALUES (3, 0.3, 'glad', '1 day 02:00', '2024-05-06 07:08:09', '10.0.0.1', '2024-05-06 07:08:09.5+00');
RESET IntervalStyle; SET DateStyle = 'ISO, YMD'; SET TimeZone = 'UTC'; RESET extra_float_digits;
SELECT * FROM odd;
CREATE FOREIGN TABLE raw (i text, r text, t text, n text, da text, x text, ts text) SERVER mine OPTIONS (table 'every');
SELECT * FROM raw;
DROP FOREIGN TABLE odd; DROP DOMAIN positive; DROP TYPE mood;
SELECT pg_temp.server('tokyo', ', timezone ''Asia/Tokyo'', writable ''true''');
CREATE FOREIGN TABLE tokyo (t timestamptz, ts timestamptz) SERVER tokyo OPTIONS (table 'every');
INSERT INTO tokyo VALUES ('2024-05-06 07:08:09+00', '2024-05-06 07:08:09+00') RETURNING *;
SELECT t, ts FROM raw WHERE t LIKE '2024%';

-- Savepoints.
TRUNCATE w.plain;
BEGIN;
INSERT INTO w.plain VALUES (1);
SAVEPOINT a;
INSERT INTO w.plain VALUES (2);
SAVEPOINT b;
INSERT INTO w.plain VALUES (3);
ROLLBACK TO b;
INSERT INTO w.plain VALUES (4);
RELEASE b;
SELECT array_agg(a ORDER BY a) FROM w.plain;
ROLLBACK TO a;
SELECT array_agg(a ORDER BY a) FROM w.plain;
ROLLBACK TO a;
INSERT INTO w.plain VALUES (5);
SAVEPOINT a;
TRUNCATE w.plain;
ROLLBACK TO a;
COMMIT;
SELECT array_agg(a ORDER BY a) FROM w.plain;
DO $$
BEGIN
    FOR i IN 1 .. 6 LOOP
        BEGIN
            INSERT INTO w.item (id, code) VALUES (300 + i % 2, 'loop ' || i);
            INSERT INTO w.plain VALUES (100 + i);
        EXCEPTION WHEN unique_violation THEN NULL;
        END;
    END LOOP;
END $$;
SELECT array_agg(a ORDER BY a) FROM w.plain;
BEGIN;
DELETE FROM w.plain;
ROLLBACK;
SELECT count(*) FROM w.plain;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM w.plain;
INSERT INTO w.plain VALUES (6);
SELECT count(*) FROM w.plain;
SELECT migrate.disconnect();
COMMIT;
BEGIN READ ONLY;
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.plain VALUES (7) $$);
SELECT * FROM pg_temp.error_of($$ TRUNCATE w.plain $$);
COMMIT;
-- The file of a server cannot change under a transaction that has written to it.
BEGIN;
INSERT INTO w.plain VALUES (8);
ALTER SERVER mine OPTIONS (SET writable 'false');
SELECT * FROM pg_temp.error_of($$ SELECT count(*) FROM w.plain $$);
ROLLBACK;

-- TRUNCATE begins AUTOINCREMENT anew only where it says so.
INSERT INTO w.counted (v) VALUES ('a'), ('b');
TRUNCATE w.counted;
INSERT INTO w.counted (v) VALUES ('c') RETURNING id;
TRUNCATE w.counted RESTART IDENTITY;
INSERT INTO w.counted (v) VALUES ('d') RETURNING id;
-- COPY and partitions.
COPY w.plain FROM stdin;
20	x
21	\N
\.
SELECT * FROM pg_temp.error_of($$ COPY w.item FROM PROGRAM 'echo ''400,new,1,2024-01-01,5''' (FORMAT csv) $$);
CREATE TABLE parted (a bigint, b text) PARTITION BY LIST (b);
CREATE FOREIGN TABLE parted_f PARTITION OF parted FOR VALUES IN ('f') SERVER mine OPTIONS (table 'other');
CREATE TABLE parted_l PARTITION OF parted FOR VALUES IN ('l');
TRUNCATE parted;
INSERT INTO parted VALUES (1, 'f'), (2, 'l'), (3, 'f') RETURNING tableoid::regclass, *;
COPY parted FROM stdin;
4	f
5	l
\.
UPDATE parted SET a = a + 10, b = 'f' WHERE a = 2 OR b = 'f' RETURNING tableoid::regclass, *;
DELETE FROM parted WHERE a = 5;
INSERT INTO parted SELECT a + 1, b FROM parted;
SELECT tableoid::regclass, * FROM parted ORDER BY a;
-- PostgreSQL's own triggers on a foreign table.
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    RAISE WARNING '% %: old %, new %', TG_WHEN, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN OLD::text END, CASE WHEN TG_OP <> 'DELETE' THEN NEW::text END;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_WHEN = 'BEFORE' THEN NEW.price := coalesce(NEW.price, 0) + 0.5; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tell_before BEFORE INSERT OR UPDATE OR DELETE ON w.item FOR EACH ROW EXECUTE FUNCTION tell();
CREATE TRIGGER tell_after AFTER INSERT OR UPDATE OR DELETE ON w.item FOR EACH ROW EXECUTE FUNCTION tell();
INSERT INTO w.item (id, code) VALUES (500, 'told');
UPDATE w.item SET code = 'tell' WHERE id = 500;
DELETE FROM w.item WHERE id = 500;
DROP TRIGGER tell_before ON w.item; DROP TRIGGER tell_after ON w.item; DROP FUNCTION tell();
-- A view with a check.
CREATE VIEW checked AS SELECT id, code, price FROM w.item WHERE price < 10 WITH CHECK OPTION;
INSERT INTO checked VALUES (600, 'cheap', 9);
SELECT * FROM pg_temp.error_of($$ UPDATE checked SET price = 11 WHERE id = 600 $$);
SELECT price FROM checked WHERE id = 600;

-- A file that the server cannot write: reading goes on.
\set protect 'cat > /dev/null; chmod 400 ' :folder '/w.db'
COPY (SELECT 1) TO PROGRAM :'protect';
SELECT migrate.disconnect() > 0 AS closed;
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.plain VALUES (9) $$);
SELECT count(*) > 0 AS readable FROM w.plain;
\set protect 'cat > /dev/null; chmod 600 ' :folder '/w.db; chmod 500 ' :folder
COPY (SELECT 1) TO PROGRAM :'protect';
SELECT * FROM pg_temp.error_of($$ INSERT INTO w.plain VALUES (9) $$);
\set protect 'cat > /dev/null; chmod 700 ' :folder
COPY (SELECT 1) TO PROGRAM :'protect';
INSERT INTO w.plain VALUES (9);

DROP SERVER mine CASCADE;
DROP SERVER tokyo CASCADE;
DROP TABLE parted, wanted, beside;
DROP SCHEMA w CASCADE;
DROP OWNED BY regress_fdw_looker, regress_fdw_writer, regress_fdw_user;
DROP ROLE regress_fdw_looker, regress_fdw_writer, regress_fdw_user;
\set remove 'cat > /dev/null; rm -rf ' :folder
COPY (SELECT 1) TO PROGRAM :'remove';

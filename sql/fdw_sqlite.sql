-- SQLite files as foreign tables: who may name a file, the options, scans, what SQLite is told.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE ROLE regress_fdw_reader;
CREATE ROLE regress_fdw_plain;
GRANT pg_read_server_files TO regress_fdw_reader;
GRANT USAGE ON FOREIGN DATA WRAPPER migrate_sqlite TO regress_fdw_reader, regress_fdw_plain;
CREATE SCHEMA shop;
GRANT ALL ON SCHEMA shop TO regress_fdw_reader, regress_fdw_plain;
CREATE FUNCTION pg_temp.server(name text, file text, others text DEFAULT '') RETURNS void LANGUAGE plpgsql AS
$$ BEGIN EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database %L%s)', name, pg_temp.file(file), others); END $$;

-- A file is named by CREATE and ALTER only by those who may read the server's files.
SET ROLE regress_fdw_plain;
SELECT * FROM pg_temp.error_of($$ SELECT pg_temp.server('mine', 'shop.db') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER mine FOREIGN DATA WRAPPER migrate_sqlite $$);
SET ROLE regress_fdw_reader;
SELECT pg_temp.server('shop', 'shop.db');
GRANT USAGE ON FOREIGN SERVER shop TO regress_fdw_plain;
RESET ROLE;
ALTER SERVER shop OWNER TO regress_fdw_plain;
SET ROLE regress_fdw_plain;
SELECT * FROM pg_temp.error_of($$ ALTER SERVER shop OPTIONS (SET database '/etc/passwd') $$);
RESET ROLE;
ALTER SERVER shop OWNER TO regress_fdw_reader;
GRANT USAGE ON FOREIGN SERVER shop TO regress_fdw_plain;

-- The options of each kind of object; the nearest valid one is named.
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (databse '/x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (file '/x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database 'x.db') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database ':memory:') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database 'file:/x.db') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '/x', timezone 'Mars') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '/x', lock_timeout 'soon') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '/x', lock_timeout '-1s') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '/x', max_value_size '0') $$);
SELECT * FROM pg_temp.error_of($$ CREATE SERVER x FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '/x', max_value_size 'large') $$);
SELECT * FROM pg_temp.error_of($$ ALTER SERVER shop OPTIONS (DROP database) $$);
SELECT * FROM pg_temp.error_of($$ CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS (user 'x') $$);
SELECT * FROM pg_temp.error_of($$ ALTER FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '/x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER shop OPTIONS (tabel 'x') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int) SERVER shop OPTIONS (table '') $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int OPTIONS (column_nam 'x')) SERVER shop $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int OPTIONS (key 'maybe')) SERVER shop $$);
SELECT * FROM pg_temp.error_of($$ CREATE FOREIGN TABLE x (a int OPTIONS (epoch 'weeks')) SERVER shop $$);

-- IMPORT FOREIGN SCHEMA: names and types as import_sqlite gives them.
SET ROLE regress_fdw_plain;
CREATE FUNCTION pg_temp.foreign_columns(of_schema text) RETURNS TABLE (relation text, columns text) LANGUAGE sql AS
$$
    SELECT c.relname, string_agg(format('%s %s%s %s', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN ' not null' ELSE '' END, a.attfdwoptions), E'\n' ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = of_schema::regnamespace AND c.relkind = 'f'
    GROUP BY c.relname ORDER BY c.relname COLLATE "C"
$$;
IMPORT FOREIGN SCHEMA main FROM SERVER shop INTO shop;
SELECT * FROM pg_temp.foreign_columns('shop');
RESET ROLE;
CREATE SCHEMA part_of;
-- What is left out is said, but not of what the statement leaves out itself.
SET client_min_messages = notice;
IMPORT FOREIGN SCHEMA main LIMIT TO (customers, nothing) FROM SERVER shop INTO part_of;
DROP FOREIGN TABLE part_of.customers;
IMPORT FOREIGN SCHEMA main LIMIT TO (customers, products_search) FROM SERVER shop INTO part_of;
SET client_min_messages = warning;
SELECT relname FROM pg_class WHERE relnamespace = 'part_of'::regnamespace ORDER BY 1;
DROP SCHEMA part_of CASCADE;
CREATE SCHEMA part_of;
IMPORT FOREIGN SCHEMA main EXCEPT (customers) FROM SERVER shop INTO part_of OPTIONS (identifiers 'preserve', timestamp_type 'timestamp');
SELECT relname FROM pg_class WHERE relnamespace = 'part_of'::regnamespace ORDER BY relname COLLATE "C";
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'part_of.orders'::regclass AND attname = 'ordered_at';
DROP SCHEMA part_of CASCADE;
SELECT * FROM pg_temp.error_of($$ IMPORT FOREIGN SCHEMA public FROM SERVER shop INTO public $$);
SELECT * FROM pg_temp.error_of($$ IMPORT FOREIGN SCHEMA main FROM SERVER shop INTO public OPTIONS (identifer 'lower') $$);
SELECT * FROM pg_temp.error_of($$ IMPORT FOREIGN SCHEMA main FROM SERVER shop INTO public OPTIONS (identifiers 'upper') $$);

-- A local copy by import_sqlite holds the same.
SELECT count(*) > 0 AS imported FROM migrate.import_sqlite(pg_temp.file('shop.db'), schema => 'copy');
CREATE FUNCTION pg_temp.differences() RETURNS TABLE (relation text, rows bigint, differing bigint) LANGUAGE plpgsql AS
$$
BEGIN
    FOR relation IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'shop'::regnamespace AND c.relkind = 'f'
                     AND c.relname IN (SELECT relname FROM pg_class WHERE relnamespace = 'copy'::regnamespace AND relkind = 'r') ORDER BY c.relname COLLATE "C" LOOP
        EXECUTE format('SELECT count(*) FROM shop.%1$I', relation) INTO rows;
        EXECUTE format('SELECT count(*) FROM ((SELECT x::text FROM shop.%1$I x EXCEPT ALL SELECT x::text FROM copy.%1$I x)
            UNION ALL (SELECT x::text FROM copy.%1$I x EXCEPT ALL SELECT x::text FROM shop.%1$I x)) d', relation) INTO differing;
        RETURN NEXT;
    END LOOP;
END $$;
SELECT * FROM pg_temp.differences();

-- Rights on the table decide who reads it; nobody writes.
SET ROLE regress_fdw_reader;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM shop.customers $$);
SET ROLE regress_fdw_plain;
SELECT count(*) > 0 AS readable FROM shop.customers;
SELECT * FROM pg_temp.error_of($$ DELETE FROM shop.customers $$);
RESET ROLE;

-- What does not exist in the file, and what does not fit.
SELECT pg_temp.server('dirty', 'lies.db');
CREATE FOREIGN TABLE no_table (a int) SERVER shop OPTIONS (table 'customr');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM no_table $$);
CREATE FOREIGN TABLE no_column (id int, emai text) SERVER shop OPTIONS (table 'Customers');
SELECT count(*) > 0 AS readable FROM no_column;
SELECT * FROM pg_temp.error_of($$ SELECT emai FROM no_column $$);
CREATE FOREIGN TABLE internal (name text) SERVER shop OPTIONS (table 'sqlite_sequence');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM internal $$);
CREATE FOREIGN TABLE lie (a bigint, b float8) SERVER dirty OPTIONS (table 'strict_lie');
SELECT * FROM pg_temp.error_of($$ SELECT a FROM lie $$);
SELECT a FROM lie LIMIT 1;
SELECT a FROM lie WHERE a = 5;
CREATE FOREIGN TABLE small (a smallint OPTIONS (column_name 'id')) SERVER dirty OPTIONS (table 'not_null_lie');
SELECT * FROM small;
CREATE FOREIGN TABLE bomb (id int, big bytea) SERVER dirty;
SELECT id FROM bomb ORDER BY id;
SELECT * FROM pg_temp.error_of($$ SELECT big FROM bomb $$);

-- A server's max_value_size bounds each value, from the next query on.
CREATE FOREIGN TABLE lies (a bytea) SERVER dirty OPTIONS (table 'strict_lie');
ALTER SERVER dirty OPTIONS (ADD max_value_size '1B', ADD lock_timeout '100ms');
SELECT * FROM pg_temp.error_of($$ SELECT count(length(a)) FROM lies $$);
ALTER SERVER dirty OPTIONS (SET max_value_size '1MB');
SELECT count(length(a)) FROM lies;
DROP FOREIGN TABLE lies;

-- Types that only their input functions know name the place too; domains keep their promise.
CREATE TYPE pg_temp.mood AS ENUM ('a', 'b');
CREATE DOMAIN pg_temp.given AS text CHECK (VALUE IS NOT NULL);
CREATE FOREIGN TABLE moods (id int, a pg_temp.mood) SERVER dirty OPTIONS (table 'not_null_lie');
SELECT * FROM moods ORDER BY id;
CREATE FOREIGN TABLE given (id int, a pg_temp.given) SERVER dirty OPTIONS (table 'not_null_lie');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM given $$);
CREATE FOREIGN TABLE numbers (id pg_temp.mood) SERVER dirty OPTIONS (table 'not_null_lie');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM numbers $$);

-- A server whose file goes away, or is another one.
CREATE SERVER gone FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '/no/such/file.db');
CREATE FOREIGN TABLE gone (a int) SERVER gone;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM gone $$);
ALTER SERVER dirty OPTIONS (SET database '/no/such/file.db');
SELECT * FROM pg_temp.error_of($$ SELECT a FROM lie $$);
DO $$ BEGIN EXECUTE format('ALTER SERVER dirty OPTIONS (SET database %L)', pg_temp.file('lies.db')); END $$;
SELECT a FROM lie LIMIT 1;

-- What SQLite is told, and what stays here, and why.
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS
$$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        IF line ~ '(SQLite Query|Checked Only Locally):|Nested' THEN RETURN NEXT trim(line); END IF;
    END LOOP;
END $$;
SELECT pg_temp.server('made', 'fdw.db');
CREATE SCHEMA made;
IMPORT FOREIGN SCHEMA main FROM SERVER made INTO made;
SELECT * FROM pg_temp.foreign_columns('made');
SELECT pg_temp.plan($$ SELECT id, name FROM made.item WHERE id = 5 $$);
SELECT pg_temp.plan($$ SELECT * FROM made.item WHERE quantity < 5 AND price >= 1.5 AND weight > 2 $$);
SELECT pg_temp.plan($$ SELECT id FROM made.item WHERE code = 'c7' AND name = 'x' COLLATE "C" $$);
SELECT pg_temp.plan($$ SELECT id FROM made.item WHERE active AND born = '2020-01-01' AND changed > '2020-01-01 UTC' $$);
SELECT pg_temp.plan($$ SELECT id FROM made.item WHERE id IN (1, 2) OR quantity IS NULL $$);
SELECT pg_temp.plan($$ SELECT id FROM made.item WHERE loose = '3' OR loose IS NULL $$);
SELECT pg_temp.plan($$ SELECT id FROM made.item WHERE name LIKE 'a%' AND quantity = weight AND quantity + 1 = 3 AND id > (random() * 0)::bigint $$);
SELECT pg_temp.plan($$ SELECT id FROM made.item WHERE born = 'infinity' AND quantity = ANY (ARRAY[1, 2]) $$);
SELECT pg_temp.plan($$ SELECT * FROM made.cheap WHERE id = 3 AND name IS NOT NULL $$);
ANALYZE made.item;
ANALYZE made.part;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT pg_temp.plan($$ SELECT * FROM made.part p JOIN made.item i ON i.id = p.item_id WHERE p.id < 4 $$);
SELECT p.id, i.name FROM made.part p JOIN made.item i ON i.id = p.item_id WHERE p.id < 4 ORDER BY 1;
RESET enable_hashjoin;
RESET enable_mergejoin;
SELECT * FROM made.item ORDER BY id LIMIT 3;
SELECT * FROM made.cheap ORDER BY id LIMIT 2;
SELECT tableoid::regclass, count(*) FROM made.item GROUP BY 1;
SELECT item FROM made.item WHERE id = 2;
SELECT reltuples FROM pg_class WHERE oid = 'made.item'::regclass;

-- Cursors, prepared statements, and connections.
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM made.item ORDER BY id;
FETCH 2 FROM c;
SELECT migrate.disconnect() > 0 AS closed_others;
FETCH 1 FROM c;
COMMIT;
PREPARE by_id (bigint) AS SELECT name FROM made.item WHERE id = $1;
SET plan_cache_mode = force_generic_plan;
EXECUTE by_id (3);
EXECUTE by_id (NULL);
EXPLAIN (COSTS OFF) EXECUTE by_id (3);
RESET plan_cache_mode;
SELECT migrate.disconnect() > 0 AS closed;
SELECT migrate.disconnect();
EXECUTE by_id (4);

DROP SERVER shop CASCADE;
DROP SERVER dirty CASCADE;
DROP SERVER gone CASCADE;
DROP SERVER made CASCADE;
DROP SCHEMA shop, made CASCADE;
DROP SCHEMA copy CASCADE;
DROP OWNED BY regress_fdw_reader, regress_fdw_plain;
DROP ROLE regress_fdw_reader, regress_fdw_plain;

-- What of a query on SQLite's tables SQLite does itself beyond its conditions: orders, limits, counts.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
DO $$ BEGIN EXECUTE format('CREATE SERVER pushed FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database %L)', pg_temp.file('fdw.db')); END $$;
CREATE SCHEMA pushed;
IMPORT FOREIGN SCHEMA main FROM SERVER pushed INTO pushed;
SET search_path = pushed;
SET max_parallel_workers_per_gather = 0;
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS
$$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        -- 18 knows that a NOT NULL column IS NOT NULL.
        line := replace(line, ' WHERE migrate_t."id" IS NOT NULL', '');
        IF line !~ '(Output|Filter):|InitPlan' THEN RETURN NEXT line; END IF;
    END LOOP;
END $$;
CREATE FUNCTION pg_temp.both(query text) RETURNS TABLE (step text) LANGUAGE plpgsql AS
$$
DECLARE answer text;
BEGIN
    RETURN QUERY SELECT p FROM pg_temp.plan(query) p;
    EXECUTE 'SELECT string_agg(q::text, '' '') FROM (' || query || ') q' INTO answer;
    step := '= ' || answer;
    RETURN NEXT;
END $$;

-- Orders: of the rowid, of integers by an index; of text only as bytes and where an index shows that it is all text.
SELECT pg_temp.both($$ SELECT id FROM item ORDER BY id DESC LIMIT 3 $$);
SELECT pg_temp.both($$ SELECT code FROM item ORDER BY code COLLATE "C" LIMIT 3 $$);
SELECT pg_temp.both($$ SELECT code FROM item WHERE code COLLATE "C" > 'c99' ORDER BY code COLLATE "C" DESC LIMIT 3 $$);
SELECT pg_temp.both($$ SELECT id, quantity FROM item ORDER BY quantity, id LIMIT 3 $$);
SELECT pg_temp.both($$ SELECT id FROM item ORDER BY id, name LIMIT 3 $$);
SELECT pg_temp.both($$ SELECT price FROM item ORDER BY price LIMIT 3 $$);
SELECT pg_temp.both($$ SELECT id FROM cheap ORDER BY id LIMIT 3 $$);

-- Limits: where each row that SQLite would count is wanted.
SELECT pg_temp.both($$ SELECT id FROM item LIMIT 3 OFFSET 2 $$);
SELECT pg_temp.both($$ SELECT id FROM item WHERE quantity = 3 LIMIT 2 $$);
SELECT pg_temp.both($$ SELECT id FROM item WHERE quantity = 3 AND name IS NOT NULL ORDER BY id LIMIT 2 $$);
SELECT pg_temp.both($$ SELECT id FROM item WHERE price > 4 LIMIT 2 $$);
SELECT pg_temp.both($$ SELECT id FROM item WHERE name LIKE '%9' LIMIT 2 $$);
SELECT pg_temp.both($$ SELECT DISTINCT quantity FROM item WHERE quantity < 2 LIMIT 4 $$);
SELECT pg_temp.both($$ SELECT id FROM item WHERE id > 5 ORDER BY id LIMIT NULL OFFSET 2993 $$);
SELECT pg_temp.both($$ SELECT id FROM item ORDER BY id FETCH FIRST 2 ROWS WITH TIES $$);
SELECT * FROM pg_temp.error_of($$ SELECT id FROM item ORDER BY id LIMIT -1 $$);

-- count, min and max.
SELECT pg_temp.both($$ SELECT count(*) FROM item $$);
SELECT pg_temp.both($$ SELECT count(*) + 1 AS more, min(id), max(quantity), count(quantity) FROM item WHERE quantity > 2 $$);
SELECT pg_temp.both($$ SELECT count(*) FROM item WHERE code = 'c7' OR code IN ('c8', 'x') $$);
SELECT pg_temp.both($$ SELECT min(id), max(id) FROM item $$);
SELECT pg_temp.both($$ SELECT count(name) FROM item $$);
SELECT pg_temp.both($$ SELECT count(*) FROM item WHERE price > 4 $$);
SELECT count(DISTINCT quantity) FROM item;
SELECT pg_temp.both($$ SELECT count(*) FILTER (WHERE quantity > 3) FROM item $$);
SELECT pg_temp.both($$ SELECT sum(quantity) FROM item $$);
SELECT pg_temp.both($$ SELECT count(*) FROM cheap $$);
SELECT pg_temp.both($$ SELECT quantity, count(*) FROM item WHERE quantity < 2 GROUP BY quantity ORDER BY quantity $$);
CREATE FOREIGN TABLE narrow (id smallint OPTIONS (column_name 'item_id')) SERVER pushed OPTIONS (table 'part');
SELECT pg_temp.both($$ SELECT count(id), min(id), max(id) FROM narrow $$);
CREATE FOREIGN TABLE mixed (loose bigint, name bigint) SERVER pushed OPTIONS (table 'item');
SELECT pg_temp.plan($$ SELECT count(loose) FROM mixed $$);
SELECT * FROM pg_temp.error_of($$ SELECT count(loose) FROM mixed $$);

-- Who may not read a table may not count it.
CREATE ROLE regress_fdw_counter;
GRANT USAGE ON SCHEMA pushed TO regress_fdw_counter;
SET ROLE regress_fdw_counter;
SELECT * FROM pg_temp.error_of($$ SELECT count(*) FROM item $$);
RESET ROLE;
GRANT SELECT (id) ON item TO regress_fdw_counter;
SET ROLE regress_fdw_counter;
SELECT count(*), max(id) FROM item;
SELECT * FROM pg_temp.error_of($$ SELECT count(*) FROM item WHERE quantity = 3 $$);
RESET ROLE;

-- In parallel: a range of rowids at a time.
SET max_parallel_workers_per_gather = 2;
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SELECT pg_temp.plan($$ SELECT sum(weight) FROM item WHERE price > 4 $$);
SELECT sum(weight) FROM item WHERE price > 4;
SELECT pg_temp.plan($$ SELECT sum(length(name)) FROM cheap $$);

DROP SERVER pushed CASCADE;
DROP SCHEMA pushed CASCADE;
DROP ROLE regress_fdw_counter;

-- on_conflict with key, and tables that are more than a heap.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = error;
CREATE SCHEMA conflict;
SET search_path = conflict, public;
CREATE FUNCTION pg_temp.load(file text, target text, options jsonb DEFAULT '{}')
    RETURNS TABLE (read bigint, loaded bigint, updated bigint, rejected bigint, skipped bigint, note text) LANGUAGE sql AS
$$
    SELECT rows_read, rows_loaded, rows_updated, rows_rejected, rows_skipped,
           (SELECT string_agg(line, E'\n') FROM regexp_split_to_table(notes, E'\n') line WHERE line ~ '^\d')
    FROM migrate.import_csv(pg_temp.file('csv/' || $1), $2, $3 || '{"loaded_files": "load"}')
$$;

CREATE TABLE item (id int PRIMARY KEY, name text, changed int DEFAULT 0);
INSERT INTO item VALUES (1, 'one', 5), (3, 'drei', 5), (9, 'nine', 5);
SELECT * FROM pg_temp.load('keys.csv', 'item', '{"on_conflict": "nothing", "key": "id"}');
SELECT * FROM item ORDER BY id;
SELECT * FROM pg_temp.load('keys.csv', 'item', '{"on_conflict": "update", "key": ["id"]}');
SELECT * FROM item ORDER BY id;
SELECT * FROM pg_temp.load('keys.csv', 'item', '{"on_conflict": "update", "key": ["id"]}');
-- A table that is made gets the key.
SELECT * FROM pg_temp.load('keys.csv', 'made', '{"on_conflict": "update", "key": ["id"]}');
SELECT * FROM made ORDER BY id;
SELECT conname FROM pg_constraint WHERE conrelid = 'conflict.made'::regclass AND contype = 'p';
-- Values with a key that is no value are rejected as others are.
SELECT * FROM pg_temp.load('bad.csv', 'item', '{"on_conflict": "update", "key": ["id"], "on_error": "ignore"}');
SELECT * FROM item ORDER BY id;

-- Partitions
CREATE TABLE parts (id int, name text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (3);
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (3) TO (10);
SELECT * FROM pg_temp.load('keys.csv', 'parts', '{"on_conflict": "nothing", "key": "id"}');
SELECT tableoid::regclass, * FROM parts ORDER BY id;
SELECT * FROM pg_temp.load('keys.csv', 'parts', '{"on_conflict": "update", "key": "id"}');
SELECT * FROM parts ORDER BY id;

-- Row security, triggers, views, identity
CREATE ROLE regress_loader;
GRANT USAGE, CREATE ON SCHEMA conflict TO regress_loader;
GRANT pg_read_server_files TO regress_loader;
CREATE TABLE secured (id int, name text);
ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
CREATE POLICY low ON secured USING (true) WITH CHECK (id < 3);
GRANT SELECT, INSERT ON secured TO regress_loader;
SET ROLE regress_loader;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/keys.csv'), 'secured') $$);
SELECT * FROM pg_temp.load('keys.csv', 'secured', '{"where": "id < 3"}');
SELECT * FROM secured ORDER BY id, name;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/keys.csv'), 'item', '{"loaded_files": "load"}') $$);
RESET ROLE;
CREATE TABLE logged (id int GENERATED ALWAYS AS IDENTITY, name text, at text);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := 'by trigger'; RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE INSERT ON logged FOR EACH ROW EXECUTE FUNCTION stamp();
SELECT * FROM pg_temp.load('keys.csv', 'logged');
SELECT * FROM logged;
CREATE VIEW seen AS SELECT id, name FROM item WHERE id > 0;
SELECT * FROM pg_temp.load('numbers.csv', 'seen', '{"columns": ["id", "name"], "ragged": "truncate", "where": "id > 4"}');
SELECT * FROM item WHERE id IN (4, 7) ORDER BY id;

-- The executor writer: defaults, generated columns, checks, foreign keys, each error with its line
CREATE SEQUENCE counter;
CREATE TABLE parent (id int PRIMARY KEY);
INSERT INTO parent VALUES (1), (2), (3);
CREATE TABLE heap (id int REFERENCES parent, name varchar(9), n int DEFAULT nextval('counter'), twice int GENERATED ALWAYS AS (id * 2) STORED, CHECK (id > 0));
CREATE INDEX ON heap (name);
SELECT * FROM pg_temp.load('keys.csv', 'heap');
SELECT * FROM heap;
SET enable_seqscan = off;
SELECT id FROM heap WHERE name = 'three';
RESET enable_seqscan;
ALTER TABLE heap ADD CHECK (name <> 'three') NOT VALID;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/keys.csv'), 'heap', '{"loaded_files": "load"}') $$);
ALTER TABLE heap DROP CONSTRAINT heap_name_check;
CREATE UNIQUE INDEX ON heap (id) WHERE n > 4;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/keys.csv'), 'heap', '{"loaded_files": "load"}') $$);
DELETE FROM heap;
DELETE FROM parent WHERE id = 3;
DROP INDEX heap_id_idx;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/keys.csv'), 'heap', '{"loaded_files": "load"}') $$);
CREATE TABLE strict (id int NOT NULL, name text NOT NULL);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/keys.csv'), 'strict', '{"null": "two"}') $$);
GRANT INSERT (id) ON strict TO regress_loader;
SET ROLE regress_loader;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('csv/keys.csv'), 'strict') $$);
RESET ROLE;
DROP SCHEMA conflict CASCADE;
DROP ROLE regress_loader;

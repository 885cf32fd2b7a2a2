-- Tables brought to the state of a CSV file by key: what is written, and what is not.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SET client_min_messages = error;
CREATE SCHEMA synced;
SET search_path = synced, public;
CREATE FUNCTION pg_temp.sync(file text, target text, key text[] DEFAULT '{id}', options jsonb DEFAULT '{}')
    RETURNS TABLE (ins bigint, upd bigint, del bigint, same bigint, note text) LANGUAGE sql AS
$$
    SELECT inserted, updated, deleted, unchanged, replace(notes, current_setting('test.fixtures'), '…')
    FROM migrate.sync_csv(pg_temp.file('sync/' || $1), $2, $3, $4)
$$;
CREATE FUNCTION pg_temp.failure(file text, target text, key text DEFAULT '{id}', options jsonb DEFAULT '{}')
    RETURNS TABLE (field text, value text) LANGUAGE sql AS
$$
    SELECT * FROM pg_temp.error_of(format('SELECT * FROM migrate.sync_csv(%L, %L, %L, %L)',
                                          pg_temp.file('sync/' || $1), $2, $3, $4))
$$;

CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL UNIQUE, price numeric(8,2), stock int DEFAULT 9);
SELECT * FROM pg_temp.sync('item_1.csv', 'item');
UPDATE item SET stock = id;
-- The second time nothing differs, and nothing is written.
CREATE TEMP TABLE before AS SELECT id, ctid AS place, xmin AS writer FROM item;
SELECT * FROM pg_temp.sync('item_1.csv', 'item');
SELECT count(*) FROM item JOIN before b USING (id) WHERE item.ctid = place AND item.xmin = writer;
SELECT * FROM pg_temp.sync('item_3.csv', 'item');
SELECT count(*) FROM item JOIN before b USING (id) WHERE item.ctid = place AND item.xmin = writer;
SELECT * FROM item ORDER BY id;
DELETE FROM item WHERE id = 5;

-- Rows go only when they are told to, so many at most, and never all.
SELECT * FROM pg_temp.sync('prices.csv', 'item');
SELECT * FROM item ORDER BY id;
SELECT * FROM pg_temp.failure('item_2.csv', 'item', options => '{"delete": true}');
SELECT * FROM pg_temp.failure('item_2.csv', 'item', options => '{"delete": true, "delete_limit": 0}');
SELECT * FROM pg_temp.failure('header.csv', 'item', options => '{"delete": true, "delete_limit": "100%"}');
SELECT * FROM pg_temp.sync('header.csv', 'item');
-- Values of a unique key change places, a name and a key are used again.
SELECT * FROM pg_temp.failure('item_2.csv', 'item');
SELECT * FROM pg_temp.sync('item_2.csv', 'item', options => '{"delete": true, "delete_limit": 1}');
SELECT * FROM item ORDER BY id;
SELECT * FROM pg_temp.sync('item_2.csv', 'item', options => '{"delete": true, "delete_limit": "0%"}');
-- By another key: the primary key is a value like others.
SELECT * FROM pg_temp.sync('item_1.csv', 'item', '{name}', '{"delete": true}');
SELECT * FROM item ORDER BY id;

-- Unique keys of other types, and constraints that can wait.
CREATE TABLE dated (id int PRIMARY KEY, name text UNIQUE, price numeric(8,2) NOT NULL UNIQUE);
INSERT INTO dated VALUES (1, 'two', 2.00), (2, 'one', 1.50);
SELECT * FROM pg_temp.sync('item_1.csv', 'dated', options => '{"where": "id < 3"}');
SELECT * FROM dated ORDER BY id;
CREATE TABLE patient (id int PRIMARY KEY, name text UNIQUE DEFERRABLE, price numeric(8,2));
INSERT INTO patient VALUES (1, 'two', 1.50), (2, 'one', 2.00), (3, 'three', NULL);
SELECT * FROM pg_temp.sync('item_1.csv', 'patient');
CREATE TABLE stubborn (id int PRIMARY KEY, name varchar(10) NOT NULL UNIQUE CHECK (name !~ '-'), price numeric(8,2));
INSERT INTO stubborn VALUES (1, 'two', 1.50), (2, 'one', 2.00), (3, 'three', NULL);
SELECT * FROM pg_temp.failure('item_1.csv', 'stubborn') WHERE field <> 'detail';
SELECT * FROM stubborn ORDER BY id;
-- Numbers that must not be negative change places too.
CREATE TABLE ranked (id int PRIMARY KEY, name text, price numeric(8,2) NOT NULL UNIQUE CHECK (price >= 0));
INSERT INTO ranked VALUES (1, 'one', 2.00), (2, 'two', 1.50);
SELECT * FROM pg_temp.sync('item_1.csv', 'ranked', options => '{"where": "id < 3"}');
SELECT * FROM ranked ORDER BY id;
-- The keys that find the rows look different and are equal.
CREATE TABLE priced (price numeric PRIMARY KEY, id int NOT NULL UNIQUE);
INSERT INTO priced VALUES (9.0, 2), (2.0, 1);
SELECT * FROM pg_temp.sync('prices.csv', 'priced', '{price}');
SELECT * FROM priced ORDER BY id;
-- A constraint that can wait, but not by its name: another table has one of that name that cannot.
CREATE TABLE linked (id int PRIMARY KEY, name text, price numeric(8,2), next int,
                     CONSTRAINT link FOREIGN KEY (next) REFERENCES linked DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE linking (id int, CONSTRAINT link FOREIGN KEY (id) REFERENCES linked);
SELECT * FROM pg_temp.sync('item_1.csv', 'linked');

-- Files in no order, and several of them as one.
CREATE TABLE halved (LIKE item INCLUDING ALL);
SELECT * FROM pg_temp.sync('halves/*.csv', 'halved');
SELECT * FROM pg_temp.sync('halves', 'halved', options => '{"delete": true}');
SELECT * FROM pg_temp.sync('item_1.csv', 'halved', options => '{"delete": true, "delete_limit": "25%"}');

-- Keys of several columns and of text, in whatever order the server has.
CREATE TABLE words (lang char(2), word text COLLATE "C", hits smallint, PRIMARY KEY (word, lang));
SELECT * FROM pg_temp.sync('words.csv', 'words', '{lang,word}');
UPDATE words SET hits = hits + 1 WHERE word = 'B';
SELECT * FROM pg_temp.sync('words.csv', 'words', '{lang,word}');
SELECT * FROM words ORDER BY hits;
-- Without a unique key in the table.
CREATE TABLE loose (id int, name text, price numeric(8,2));
SELECT * FROM pg_temp.sync('item_1.csv', 'loose');
SELECT * FROM pg_temp.sync('item_3.csv', 'loose');
INSERT INTO loose VALUES (NULL, 'no key', 0);
SELECT * FROM pg_temp.sync('item_3.csv', 'loose', options => '{"delete": true}');
INSERT INTO loose VALUES (2, 'two again', 0);
SELECT * FROM pg_temp.failure('item_3.csv', 'loose');

-- Values are compared by what they are, not by what their types call equal.
CREATE TABLE valued (id int PRIMARY KEY, n numeric, f float8, j json, b jsonb, p point, a int[], d boolean);
SELECT * FROM pg_temp.sync('values.csv', 'valued');
SELECT * FROM pg_temp.sync('values.csv', 'valued');
UPDATE valued SET n = 1.00, f = 0, j = '{"a":1}', p = '(1,3)', a = '{2,1}' WHERE id = 1;
SELECT * FROM pg_temp.sync('values.csv', 'valued');
SELECT id, n, f, j, p, a FROM valued ORDER BY id;

-- Generated columns, identities and sequences.
CREATE TABLE made (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, price numeric(8,2),
                   double numeric GENERATED ALWAYS AS (price * 2) STORED);
SELECT * FROM pg_temp.sync('item_1.csv', 'made');
SELECT * FROM pg_temp.sync('item_3.csv', 'made');
INSERT INTO made (name) VALUES ('next');
SELECT * FROM made ORDER BY id;
CREATE TABLE numbered (id serial PRIMARY KEY, name text, price numeric(8,2));
SELECT setval('numbered_id_seq', 100);
SELECT * FROM pg_temp.sync('item_1.csv', 'numbered');
SELECT nextval('numbered_id_seq');
-- One that starts above the keys, and one that starts at them.
CREATE TABLE ahead (id int GENERATED BY DEFAULT AS IDENTITY (START WITH 1000) PRIMARY KEY, name text, price numeric(8,2));
SELECT * FROM pg_temp.sync('item_1.csv', 'ahead');
SELECT nextval('ahead_id_seq');
CREATE TABLE level (id int GENERATED BY DEFAULT AS IDENTITY (START WITH 3) PRIMARY KEY, name text, price numeric(8,2));
SELECT * FROM pg_temp.sync('item_1.csv', 'level');
SELECT nextval('level_id_seq');

-- Partitions: a row may move.
CREATE TABLE parts (id int PRIMARY KEY, name text, price numeric(8,2)) PARTITION BY RANGE (id);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (3);
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (3) TO (10);
INSERT INTO parts VALUES (1, 'other', 1), (7, 'gone', 7), (2, 'two', 2.00);
SELECT * FROM pg_temp.sync('item_1.csv', 'parts', options => '{"delete": true, "delete_limit": 1}');
SELECT tableoid::regclass, * FROM parts ORDER BY id;
-- Children by inheritance are tables of their own.
CREATE TABLE heir (CHECK (true)) INHERITS (loose);
DELETE FROM loose;
INSERT INTO heir VALUES (1, 'heir', 1);
SELECT * FROM pg_temp.sync('item_1.csv', 'loose');
SELECT tableoid::regclass, id, name FROM loose ORDER BY id, name;

-- Foreign keys: what cascades take along is counted, and limited.
CREATE TABLE parent (id int PRIMARY KEY, name text);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE);
CREATE TABLE grandchild (id int, child int REFERENCES child ON DELETE CASCADE);
SELECT * FROM pg_temp.sync('parent.csv', 'parent');
INSERT INTO child SELECT g, 1 + g / 10 FROM generate_series(1, 19) g;
INSERT INTO grandchild SELECT g, g FROM generate_series(1, 19) g;
SELECT * FROM pg_temp.failure('parent_2.csv', 'parent', options => '{"delete": true, "delete_limit": 8}');
SELECT * FROM pg_temp.sync('parent_2.csv', 'parent', options => '{"delete": true, "delete_limit": "50%"}');
SELECT (SELECT count(*) FROM child), (SELECT count(*) FROM grandchild);
ALTER TABLE child DROP CONSTRAINT child_parent_fkey, ADD FOREIGN KEY (parent) REFERENCES parent;
SELECT * FROM pg_temp.sync('parent_2.csv', 'parent');
INSERT INTO child VALUES (30, 3);
SELECT * FROM pg_temp.failure('parent.csv', 'parent', options => '{"delete": true, "delete_limit": 1}');
SELECT field, value FROM pg_temp.failure('header.csv', 'parent', options => '{"delete": true}');
-- Checked before the function ends, and deferred again after it.
ALTER TABLE child DROP CONSTRAINT child_parent_fkey,
    ADD FOREIGN KEY (parent) REFERENCES parent DEFERRABLE INITIALLY DEFERRED;
DELETE FROM grandchild;
DELETE FROM child;
INSERT INTO parent VALUES (1, 'a') ON CONFLICT DO NOTHING;
INSERT INTO child VALUES (1, 1);
SELECT * FROM pg_temp.failure('parent_2.csv', 'parent', options => '{"delete": true, "delete_limit": "50%"}');
BEGIN;
SELECT * FROM pg_temp.sync('parent.csv', 'parent');
INSERT INTO child VALUES (2, 99);
DELETE FROM child WHERE id = 2;
COMMIT;

-- Triggers see the rows that differ, and may keep them.
CREATE TABLE watched (id int PRIMARY KEY, name text, price numeric(8,2));
INSERT INTO watched VALUES (1, 'one', 1.50), (2, 'two', 1.00), (9, 'nine', 9);
CREATE TABLE seen (what text);
CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    INSERT INTO seen VALUES (TG_OP || ' ' || coalesce(NEW.id, OLD.id));
    RETURN CASE WHEN coalesce(NEW.id, OLD.id) IN (5, 9) THEN NULL ELSE coalesce(NEW, OLD) END;
END $$;
CREATE TRIGGER see BEFORE INSERT OR UPDATE OR DELETE ON watched FOR EACH ROW EXECUTE FUNCTION see();
SELECT * FROM pg_temp.sync('item_3.csv', 'watched', options => '{"delete": true, "delete_limit": 1}');
SELECT * FROM seen ORDER BY what;

-- From the highest value on: what lies below is not looked at.
CREATE TABLE log (id int PRIMARY KEY, at timestamptz, what text);
SELECT * FROM pg_temp.sync('log_1.csv', 'log', options => '{"watermark": "at"}');
SELECT * FROM pg_temp.sync('log_2.csv', 'log', options => '{"watermark": "at"}');
SELECT * FROM log ORDER BY id;
SELECT * FROM pg_temp.failure('log_2.csv', 'log', options => '{"watermark": "at", "delete": true}');
SELECT * FROM pg_temp.failure('log_2.csv', 'log', options => '{"watermark": "when"}');
-- Rows that do not meet a condition are nobody's.
INSERT INTO log VALUES (8, '2024-05-01', 'other'), (9, '2024-05-01', 'mine');
SELECT * FROM pg_temp.sync('log_2.csv', 'log', options => '{"where": "log.what <> ''other'' AND log.id > 1", "delete": true, "delete_limit": "50%"}');
SELECT * FROM log ORDER BY id;

-- Records that cannot be read, keys that are none.
SELECT * FROM pg_temp.failure('bad.csv', 'item');
SELECT * FROM pg_temp.sync('bad.csv', 'item', options => '{"on_error": "reject", "delete": true}');
SELECT line_first, column_name, reason FROM migrate.rejects WHERE run_id = pg_temp.last_run();
SELECT * FROM pg_temp.failure('twice.csv', 'item');
SELECT * FROM pg_temp.failure('nokey.csv', 'item');
SELECT * FROM pg_temp.failure('nameless.csv', 'item');
SELECT * FROM pg_temp.failure('item_1.csv', 'item', '{nr}');
SELECT * FROM pg_temp.failure('item_1.csv', 'item', '{}');
SELECT * FROM pg_temp.failure('item_1.csv', 'item', '{id,id}');
SELECT * FROM pg_temp.failure('item_1.csv', 'item', '{NULL}');
SELECT * FROM pg_temp.failure('values.csv', 'valued', '{j}');
SELECT * FROM pg_temp.failure('item_1.csv', 'item', NULL);
SELECT * FROM pg_temp.failure('item_1.csv', NULL);
SELECT * FROM pg_temp.failure('item_1.csv', 'nowhere.item');
SELECT * FROM pg_temp.failure('item_1.csv', 'item', options => '{"raw": true}');
SELECT * FROM pg_temp.failure('item_1.csv', 'item', options => '{"delete_limit": "some"}');
SELECT * FROM pg_temp.failure('item_1.csv', 'item', options => '{"delete_limit": "101%"}');
CREATE VIEW shown AS SELECT * FROM item;
SELECT * FROM pg_temp.failure('item_1.csv', 'shown');
CREATE RULE quiet AS ON UPDATE TO stubborn DO INSTEAD NOTHING;
SELECT * FROM pg_temp.failure('item_1.csv', 'stubborn');

-- A dry run, and the record of a run.
BEGIN;
SELECT * FROM pg_temp.sync('item_1.csv', 'item', options => '{"dry_run": true}');
SELECT * FROM item ORDER BY id;
ROLLBACK;
SELECT * FROM pg_temp.sync('item_1.csv', 'item');
SELECT function_name, tables, rows_read, rows_loaded, rows_updated, rows_rejected, rows_skipped
FROM migrate.runs WHERE run_id = pg_temp.last_run();
SELECT object_type, target_name, status, reason FROM migrate.report(pg_temp.last_run());

-- With the caller's rights: columns that may be updated are, policies hold.
CREATE ROLE regress_syncer;
GRANT USAGE ON SCHEMA synced TO regress_syncer;
GRANT pg_read_server_files TO regress_syncer;
TRUNCATE item;
INSERT INTO item VALUES (1, 'one', 1, 1), (2, 'two', 2.00, 2), (3, 'three', NULL, 3);
GRANT SELECT, UPDATE (price) ON item TO regress_syncer;
SET ROLE regress_syncer;
SELECT * FROM pg_temp.failure('item_1.csv', 'item');
RESET ROLE;
GRANT DELETE ON item TO regress_syncer;
SET ROLE regress_syncer;
SELECT * FROM pg_temp.sync('item_1.csv', 'item');
SELECT * FROM pg_temp.failure('item_3.csv', 'item');
RESET ROLE;
ALTER TABLE item ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON item TO regress_syncer USING (id < 4) WITH CHECK (id < 4);
GRANT INSERT ON item TO regress_syncer;
INSERT INTO item VALUES (9, 'nine', 9, 9);
SET ROLE regress_syncer;
SELECT * FROM pg_temp.failure('item_3.csv', 'item', options => '{"delete": true}');
SELECT * FROM pg_temp.sync('item_1.csv', 'item', options => '{"delete": true}');
RESET ROLE;
SELECT * FROM item ORDER BY id;
DROP SCHEMA synced CASCADE;
REVOKE pg_read_server_files FROM regress_syncer;
DROP ROLE regress_syncer;

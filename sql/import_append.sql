-- Modes append and truncate: rows go into the tables of a schema that is there already.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

CREATE FUNCTION pg_temp.load(options jsonb, tables text[] DEFAULT NULL)
    RETURNS TABLE (table_name text, read bigint, loaded bigint, updated bigint, rejected bigint, skipped bigint, notes text)
    LANGUAGE sql AS
$$ SELECT table_name, rows_read, rows_loaded, rows_updated, rows_rejected, rows_skipped, notes
   FROM migrate.import_sqlite(pg_temp.file('append.db'), 'app', tables, NULL, '{"mode": "append"}' || options) $$;
CREATE FUNCTION pg_temp.verify() RETURNS TABLE (table_name text, source bigint, target bigint, matches boolean, detail text)
    LANGUAGE sql AS
$$ SELECT table_name, source_rows, target_rows, matches, detail
   FROM migrate.verify_sqlite(pg_temp.file('append.db'), 'app', options => '{"mode": "append"}') $$;

-- What is missing is told at once.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}') $$);
CREATE SCHEMA app;
CREATE TYPE app.state AS ENUM ('new', 'sold');
CREATE DOMAIN app.sku AS text CHECK (VALUE ~ '^[A-Z]-[0-9]+$');
CREATE TABLE app.category (id serial PRIMARY KEY, parent_id integer REFERENCES app.category, name varchar(40) NOT NULL);
CREATE TABLE app.product (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sku app.sku NOT NULL, weight float8 NOT NULL);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}', '{product}') $$);
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('append.db'), 'app', '{Category,line}', options => '{"mode": "append"}');

ALTER TABLE app.product
    ADD category_id smallint REFERENCES app.category,
    ADD state app.state NOT NULL DEFAULT 'new', ADD price numeric(8,2), ADD tags text[], ADD details jsonb,
    ADD address inet, ADD created_at timestamptz(3), ADD changed_at timestamp,
    ADD "Label" text GENERATED ALWAYS AS (sku || '?') STORED, ADD added text DEFAULT 'by default';
-- A NOT NULL column without default that the file lacks.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}', '{product}') $$);
ALTER TABLE app.product DROP weight, ADD UNIQUE (sku);
CREATE TABLE app.department (id serial PRIMARY KEY, name text NOT NULL, head_id integer);
CREATE TABLE app.employee (id serial PRIMARY KEY, name text NOT NULL, department_id integer NOT NULL REFERENCES app.department);
ALTER TABLE app.department ADD FOREIGN KEY (head_id) REFERENCES app.employee;
CREATE TABLE app."LINE" ("Product_Id" bigint REFERENCES app.product, "PLACE" smallint, note text, PRIMARY KEY ("Product_Id", "PLACE"));

-- The plan, and then the rows: a tree, a cycle in two passes.
SELECT step, phase, object_name, sql, note FROM migrate.plan_sqlite(pg_temp.file('append.db'), 'app', options => '{"mode": "append"}');
SELECT * FROM pg_temp.load('{}');
SELECT * FROM app.product ORDER BY id;
SELECT * FROM app.category ORDER BY id;
SELECT * FROM app.department ORDER BY id;
SELECT * FROM pg_temp.verify();
SELECT object_type, source_name, target_name, status, reason FROM migrate.report(pg_temp.last_run()) ORDER BY 1, 2;
SELECT tables, rows_read, rows_loaded, rows_updated, rows_rejected, rows_skipped FROM migrate.runs ORDER BY run_id DESC LIMIT 1;
-- Sequences are past the keys, and never go back.
SELECT nextval('app.category_id_seq'), nextval('app.product_id_seq'), nextval('app.employee_id_seq');
SELECT setval('app.category_id_seq', 100);

-- The same rows again.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{"on_conflict": "update"}') $$);
ALTER TABLE app.department ALTER CONSTRAINT department_head_id_fkey DEFERRABLE;
SELECT * FROM pg_temp.load('{"on_conflict": "nothing"}');
UPDATE app.product SET price = 1, state = 'sold' WHERE id = 10;
UPDATE app.employee SET name = 'Bill' WHERE id = 2;
DELETE FROM app."LINE" WHERE "PLACE" = 2;
INSERT INTO app.category VALUES (50, NULL, 'Cups');
SELECT * FROM pg_temp.verify();
SELECT table_name, read, loaded, updated, rejected, skipped FROM pg_temp.load('{"on_conflict": "update", "verify": "digest"}');
SELECT * FROM pg_temp.verify();
SELECT last_value FROM app.category_id_seq;
SELECT table_name, loaded, updated, skipped FROM pg_temp.load('{"on_conflict": "update", "conflict_key": {"product": "sku"}}', '{product}');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{"on_conflict": "update", "conflict_key": ["name"]}', '{Category,employee}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{"conflict_key": "id"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{"on_conflict": "update", "conflict_key": {"produkt": "sku"}}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{"on_type_mismatch": "widen"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('append.db'), 'other', options => '{"on_conflict": "update"}') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('append.db'), 'app', options => '{"mode": "append", "on_conflict": "merge"}') $$);

-- truncate: emptied in one statement, the keys of the file as they are.
SELECT table_name, read, loaded FROM pg_temp.load('{"mode": "truncate"}');
SELECT * FROM pg_temp.verify();
CREATE TABLE app.review (product_id bigint REFERENCES app.product);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{"mode": "truncate"}') $$);
DROP TABLE app.review;

-- Values that do not fit, and rows that the constraints refuse.
TRUNCATE app.category, app.product, app.department, app.employee, app."LINE";
ALTER TABLE app.product ALTER tags TYPE integer[] USING NULL;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}', '{Category,product}') $$);
SELECT * FROM pg_temp.load('{"on_type_mismatch": "null"}', '{Category,product}');
SELECT id, tags FROM app.product ORDER BY id;
TRUNCATE app.category, app.product, app."LINE";
ALTER TABLE app."LINE" ADD CHECK (note <> 'two');
ALTER TABLE app.category ALTER CONSTRAINT category_parent_id_fkey DEFERRABLE;
SELECT * FROM pg_temp.load('{"on_type_mismatch": "reject"}');
SELECT table_name, row_id, column_name, sqlstate, reason, value FROM migrate.rejects WHERE run_id = pg_temp.last_run() ORDER BY reject_id;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{"on_type_mismatch": "reject", "reject_limit": 1}') $$);

-- A deferred foreign key is checked inside the call, with the rows named, and waits again after it.
ALTER TABLE app.product ALTER tags TYPE text[];
TRUNCATE app.category, app.product, app.department, app.employee, app."LINE";
ALTER TABLE app.department ALTER CONSTRAINT department_head_id_fkey DEFERRABLE INITIALLY DEFERRED;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}', '{department}') $$);
SELECT phase, object_name, sql FROM migrate.plan_sqlite(pg_temp.file('append.db'), 'app', '{department,employee}', options => '{"mode": "truncate", "analyze": false}');
BEGIN;
SELECT table_name, loaded FROM pg_temp.load('{}', '{department,employee}');
UPDATE app.department SET head_id = 99 WHERE id = 2;
ROLLBACK;
-- An orphan of a key that is not deferrable.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}', '{line}') $$);
-- A cycle in which no column takes NULL.
ALTER TABLE app.department ALTER CONSTRAINT department_head_id_fkey NOT DEFERRABLE, ALTER head_id SET NOT NULL;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}', '{department,employee}') $$);

-- Triggers, and how they are switched off.
CREATE FUNCTION app.shout() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;
CREATE TRIGGER shout BEFORE INSERT ON app.category FOR EACH ROW EXECUTE FUNCTION app.shout();
CREATE TRIGGER quiet BEFORE INSERT ON app.category FOR EACH ROW EXECUTE FUNCTION app.shout();
CREATE TRIGGER always BEFORE INSERT ON app.category FOR EACH ROW EXECUTE FUNCTION app.shout();
ALTER TABLE app.category DISABLE TRIGGER quiet;
ALTER TABLE app.category ENABLE ALWAYS TRIGGER always;
SELECT table_name, loaded FROM pg_temp.load('{}', '{Category}');
SELECT name FROM app.category ORDER BY id;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('append.db'), 'app', '{Category}', options => '{"mode": "append"}');
SELECT table_name, loaded FROM pg_temp.load('{"triggers": false, "mode": "truncate"}', '{Category}'); -- ERROR
TRUNCATE app.category CASCADE;
SELECT table_name, loaded FROM pg_temp.load('{"triggers": false}', '{Category}');
SELECT name FROM app.category ORDER BY id;
SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 'app.category'::regclass AND NOT tgisinternal ORDER BY 1;

-- A plain role: its own rights, row security, a view, a partitioned table.
CREATE ROLE regress_appender;
GRANT pg_read_server_files TO regress_appender;
GRANT USAGE ON SCHEMA app TO regress_appender;
SET ROLE regress_appender;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}', '{Category}') $$);
RESET ROLE;
GRANT SELECT, INSERT ON app.category TO regress_appender;
TRUNCATE app.category CASCADE;
SET ROLE regress_appender;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{"triggers": false}', '{Category}') $$);
SELECT * FROM pg_temp.load('{}', '{Category}');
RESET ROLE;
TRUNCATE app.category CASCADE;
ALTER TABLE app.category ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON app.category USING (true) WITH CHECK (id < 4);
SET ROLE regress_appender;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}', '{Category}') $$);
RESET ROLE;
DROP TABLE app.category CASCADE;
CREATE TABLE app.category (id integer, parent_id integer, name text) PARTITION BY RANGE (id);
CREATE TABLE app.category_low PARTITION OF app.category FOR VALUES FROM (0) TO (3);
CREATE TABLE app.category_high PARTITION OF app.category DEFAULT;
GRANT SELECT, INSERT ON app.category TO regress_appender;
SET ROLE regress_appender;
SELECT * FROM pg_temp.load('{}', '{Category}');
RESET ROLE;
SELECT tableoid::regclass, id FROM app.category ORDER BY id;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('append.db'), 'app', '{Category}', options => '{"mode": "append"}');
ALTER TABLE app.category RENAME TO categories;
CREATE VIEW app.category AS SELECT * FROM app.categories;
SELECT table_name, loaded FROM pg_temp.load('{}', '{Category}');
-- A foreign key that can wait, but not by its name: another table has one of that name that cannot.
DROP VIEW app.category;
CREATE TABLE app.category (id integer PRIMARY KEY, parent_id integer, name text,
                           CONSTRAINT tree FOREIGN KEY (parent_id) REFERENCES app.category DEFERRABLE);
CREATE TABLE app.other (id integer, CONSTRAINT tree FOREIGN KEY (id) REFERENCES app.category);
SELECT table_name, loaded FROM pg_temp.load('{}', '{Category}');
TRUNCATE app.category CASCADE;
ALTER TABLE app.category ALTER CONSTRAINT tree INITIALLY DEFERRED;
SELECT table_name, loaded FROM pg_temp.load('{}', '{Category}');

-- Where foreign keys would not be looked at.
SET session_replication_role = replica;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}', '{Category}') $$);
RESET session_replication_role;
-- A migration tool's table, when it is named.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('{}', '{alembic_version}') $$);
DROP SCHEMA app CASCADE;
DROP ROLE regress_appender;

-- A number that the target would round is none of its values, as text either.
CREATE SCHEMA digits;
CREATE DOMAIN digits.money AS numeric(6,1);
CREATE TABLE digits.bill (id integer PRIMARY KEY, total numeric(10,2), paid digits.money);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('append_digits.db'), 'digits', options => '{"mode": "append"}') $$);
SELECT rows_loaded, rows_rejected, notes FROM migrate.import_sqlite(pg_temp.file('append_digits.db'), 'digits', options => '{"mode": "append", "on_type_mismatch": "reject"}');
SELECT * FROM digits.bill ORDER BY id;
SELECT row_id, column_name, sqlstate, reason FROM migrate.rejects WHERE run_id = pg_temp.last_run() ORDER BY reject_id;
SELECT matches, detail FROM migrate.verify_sqlite(pg_temp.file('append_digits.db'), 'digits');
DROP SCHEMA digits CASCADE;

-- Every change of a value, of a row and of their number is found, with its columns and keys.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('verify.db'), schema => 'v');
SELECT * FROM migrate.verify_sqlite(pg_temp.file('verify.db'), schema => 'v');

-- Makes the changes, verifies, undoes them.
CREATE FUNCTION pg_temp.verify_after(VARIADIC changes text[])
    RETURNS TABLE (relation text, source_rows bigint, target_rows bigint, matches boolean, detail text) LANGUAGE plpgsql AS
$$
DECLARE
    change text; result record;
BEGIN
    BEGIN
        FOREACH change IN ARRAY changes LOOP
            EXECUTE change;
        END LOOP;
        FOR result IN SELECT v.* FROM migrate.verify_sqlite(pg_temp.file('verify.db'), schema => 'v') v WHERE NOT v.matches OR v.detail IS NOT NULL LOOP
            relation := result.table_name; source_rows := result.source_rows; target_rows := result.target_rows;
            matches := result.matches; detail := result.detail;
            RETURN NEXT;
        END LOOP;
        RAISE division_by_zero;
    EXCEPTION WHEN division_by_zero THEN
        RETURN;
    END;
END
$$;

-- Rows: lost, added, changed their key; all of them.
SELECT * FROM pg_temp.verify_after('DELETE FROM v.keyed WHERE id = 3');
SELECT * FROM pg_temp.verify_after('DELETE FROM v.keyed', 'DELETE FROM v.paired');
SELECT * FROM pg_temp.verify_after('INSERT INTO v.keyed (id) VALUES (6)', $$ INSERT INTO v.without_rows VALUES (1, 'a') $$);
SELECT * FROM pg_temp.verify_after('UPDATE v.keyed SET id = 7 WHERE id = 2');
SELECT * FROM pg_temp.verify_after($$ DELETE FROM v.paired WHERE a = 'y' $$, $$ INSERT INTO v.paired VALUES ('z', 9, 'nine') $$);
-- Doubled once, twice, and one row for another.
SELECT * FROM pg_temp.verify_after('ALTER TABLE v.keyed DROP CONSTRAINT keyed_pkey', 'INSERT INTO v.keyed SELECT * FROM v.keyed WHERE id = 2');
SELECT * FROM pg_temp.verify_after('ALTER TABLE v.keyed DROP CONSTRAINT keyed_pkey', 'INSERT INTO v.keyed SELECT k.* FROM v.keyed k, generate_series(1, 2) WHERE id = 2');
SELECT * FROM pg_temp.verify_after('ALTER TABLE v.keyed DROP CONSTRAINT keyed_pkey', 'DELETE FROM v.keyed WHERE id = 1', 'INSERT INTO v.keyed SELECT * FROM v.keyed WHERE id = 2');
-- Without a key: lost, doubled, one less and one more.
SELECT * FROM pg_temp.verify_after($$ DELETE FROM v.loose WHERE a = 'once' $$);
SELECT * FROM pg_temp.verify_after($$ INSERT INTO v.loose VALUES ('twice', 1) $$);
SELECT * FROM pg_temp.verify_after($$ DELETE FROM v.loose WHERE ctid = (SELECT min(ctid) FROM v.loose WHERE a = 'twice') $$);
SELECT * FROM pg_temp.verify_after($$ INSERT INTO v.loose VALUES ('once', 2), ('once', 2) $$);
SELECT * FROM pg_temp.verify_after($$ DELETE FROM v.loose WHERE a = 'once' $$, $$ INSERT INTO v.loose VALUES ('twice', 1) $$);
-- Values: a byte, a blank, NULL for '' and '' for NULL, a digit far behind the point, a microsecond, a flag.
SELECT * FROM pg_temp.verify_after($$ UPDATE v.keyed SET name = 'Anm' WHERE id = 1 $$);
SELECT * FROM pg_temp.verify_after($$ UPDATE v.keyed SET name = 'Dee' WHERE id = 4 $$);
SELECT * FROM pg_temp.verify_after('UPDATE v.keyed SET name = NULL WHERE id = 3');
SELECT * FROM pg_temp.verify_after($$ UPDATE v.keyed SET name = '' WHERE id = 5 $$);
SELECT * FROM pg_temp.verify_after('UPDATE v.keyed SET amount = 1.1000000000000001 WHERE id = 1');
SELECT * FROM pg_temp.verify_after($$ UPDATE v.keyed SET moment = moment + interval '1 microsecond' WHERE id = 1 $$);
SELECT * FROM pg_temp.verify_after($$ UPDATE v.keyed SET data = '\x00fe' WHERE id = 1 $$, $$ UPDATE v.keyed SET data = NULL WHERE id = 2 $$);
SELECT * FROM pg_temp.verify_after('UPDATE v.keyed SET flag = NOT flag WHERE id IN (1, 2)');
-- Two values swapped between rows.
SELECT * FROM pg_temp.verify_after($$ UPDATE v.keyed SET name = CASE id WHEN 1 THEN 'Bob' ELSE 'Ann' END WHERE id IN (1, 2) $$);
SELECT * FROM pg_temp.verify_after('UPDATE v.keyed SET moment = (SELECT k.moment FROM v.keyed k WHERE k.id = 3 - keyed.id) WHERE id IN (1, 2)');
SELECT * FROM pg_temp.verify_after($$ UPDATE v.paired SET c = CASE b WHEN 1 THEN 'two' ELSE 'one' END WHERE a = 'x' $$);
-- Several columns and rows at once.
SELECT * FROM pg_temp.verify_after($$ UPDATE v.keyed SET name = 'all', amount = 0 $$);
-- What changes no value: a zero behind the point, another type that holds the same, new columns, indexes.
SELECT * FROM pg_temp.verify_after('UPDATE v.keyed SET amount = 1.100 WHERE id = 1', 'ALTER TABLE v.keyed ADD COLUMN extra int DEFAULT 5');
SELECT * FROM pg_temp.verify_after('ALTER TABLE v.paired ALTER COLUMN b TYPE numeric', 'ALTER TABLE v.loose ALTER COLUMN b TYPE smallint', 'ALTER TABLE v.keyed ALTER COLUMN moment TYPE timestamp');
SELECT * FROM pg_temp.verify_after('ALTER TABLE v.paired ALTER COLUMN b TYPE text', 'ALTER TABLE v.keyed ALTER COLUMN name TYPE char(4)');
-- A type that holds less.
SELECT * FROM pg_temp.verify_after('ALTER TABLE v.keyed ALTER COLUMN amount TYPE numeric(20,0)', 'ALTER TABLE v.keyed ALTER COLUMN moment TYPE date', 'ALTER TABLE v.keyed ALTER COLUMN name TYPE varchar(2) USING left(name, 2)');
-- A column, a table that is gone; one that has become a view.
SELECT * FROM pg_temp.verify_after('ALTER TABLE v.keyed DROP COLUMN amount', 'ALTER TABLE v.loose RENAME COLUMN b TO c');
SELECT * FROM pg_temp.verify_after('DROP TABLE v.keyed', 'DROP TABLE v.without_rows');
SELECT * FROM pg_temp.verify_after('ALTER TABLE v.loose RENAME TO loose_rows', 'CREATE VIEW v.loose AS SELECT * FROM v.loose_rows');
SELECT * FROM pg_temp.verify_after('CREATE TABLE v.heir () INHERITS (v.loose)', $$ INSERT INTO v.heir VALUES ('once', 2) $$);

-- Rows that a policy hides are an error, not lost rows.
CREATE ROLE regress_verifier;
GRANT pg_read_server_files TO regress_verifier;
GRANT USAGE ON SCHEMA v TO regress_verifier;
SET ROLE regress_verifier;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.verify_sqlite(pg_temp.file('verify.db'), schema => 'v') $$);
RESET ROLE;
GRANT SELECT ON ALL TABLES IN SCHEMA v TO regress_verifier;
SET ROLE regress_verifier;
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('verify.db'), schema => 'v');
RESET ROLE;
ALTER TABLE v.keyed ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON v.keyed USING (id < 3);
SET ROLE regress_verifier;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.verify_sqlite(pg_temp.file('verify.db'), schema => 'v') $$);
SELECT table_name, matches FROM migrate.verify_sqlite(pg_temp.file('verify.db'), schema => 'v', tables => '{loose,paired}');
RESET ROLE;
DROP SCHEMA v CASCADE;
DROP ROLE regress_verifier;

-- A schema that is not there.
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('verify.db'), schema => 'v');
-- More differences than are named.
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('whole.db'), schema => 'v');
UPDATE v.t SET b = b || '!' WHERE a % 100 = 0;
DELETE FROM v.t WHERE a = 1001;
SELECT table_name, source_rows, target_rows, matches, detail FROM migrate.verify_sqlite(pg_temp.file('whole.db'), schema => 'v');
UPDATE v.t SET b = 'all';
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('whole.db'), schema => 'v');
DROP SCHEMA v CASCADE;
-- A digest that differs stops an import that asks for it.
CREATE SCHEMA v;
CREATE FUNCTION v.change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.b := upper(new.b); RETURN new; END $$;
CREATE FUNCTION v.add_trigger() RETURNS event_trigger LANGUAGE plpgsql AS
$$ BEGIN CREATE TRIGGER change BEFORE INSERT ON v.t FOR EACH ROW WHEN (new.a = 7) EXECUTE FUNCTION v.change(); END $$;
CREATE EVENT TRIGGER regress_verify ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION v.add_trigger();
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('whole.db'), schema => 'v', options => '{"verify": "digest"}') $$);
DROP EVENT TRIGGER regress_verify;
DROP SCHEMA v CASCADE;

-- Tables that an event trigger changes before their rows arrive: the writer looks at what is there.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE ROLE regress_et_owner;
CREATE ROLE regress_et_importer;
GRANT pg_read_server_files TO regress_et_importer;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_et_importer', current_database()) \gexec
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE SCHEMA et;
GRANT USAGE, CREATE ON SCHEMA et TO regress_et_importer;
CREATE TABLE et.fired (relation text, id bigint);
GRANT ALL ON et.fired TO PUBLIC;
CREATE FUNCTION et.note_row() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO et.fired VALUES (TG_TABLE_NAME, new.id); RETURN new; END $$;
CREATE FUNCTION et.double_amount() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN new.amount := new.amount * 2; RETURN new; END $$;
-- Runs the commands of the setting et.commands on each new table.
CREATE FUNCTION et.alter_table() RETURNS event_trigger LANGUAGE plpgsql AS
$$
DECLARE
    made record;
BEGIN
    FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table' AND schema_name = 'target' LOOP
        EXECUTE replace(current_setting('et.commands'), '%t', made.object_identity);
    END LOOP;
END
$$;
CREATE EVENT TRIGGER regress_et ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION et.alter_table();

CREATE FUNCTION pg_temp.rows_with_id(relation text, OUT rows bigint) LANGUAGE plpgsql AS
$$ BEGIN EXECUTE format('SELECT count(*) FROM %s WHERE id > 0', relation) INTO rows; END $$;
-- Imports under such commands, and reads the rows through the primary key too.
CREATE FUNCTION pg_temp.import_with(commands text)
    RETURNS TABLE (relation text, loaded bigint, note text, by_index bigint, is_same boolean, difference text) LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM set_config('et.commands', commands, true);
    DROP SCHEMA IF EXISTS target CASCADE;
    CREATE TEMP TABLE imported ON COMMIT DROP AS
        SELECT table_name, rows_loaded, notes FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'target', options => '{"views": false}');
    SET LOCAL enable_seqscan = off;
    SET LOCAL enable_bitmapscan = off;
    RETURN QUERY
        SELECT i.table_name, i.rows_loaded, i.notes,
            pg_temp.rows_with_id(i.table_name),
            v.matches, v.detail
        FROM imported i JOIN migrate.verify_sqlite(pg_temp.file('views.db'), schema => 'target') v USING (table_name)
        ORDER BY i.table_name;
    DROP TABLE imported;
    RESET enable_seqscan;
    RESET enable_bitmapscan;
END
$$;

-- An index: every row is in it.
SELECT * FROM pg_temp.import_with('CREATE UNIQUE INDEX ON %t (id)');
SELECT relname, reltuples FROM pg_class WHERE relnamespace = 'target'::regnamespace AND relkind = 'i' ORDER BY 1;
-- Triggers fire, and what they change is what is stored: verify says so.
SELECT * FROM pg_temp.import_with('CREATE TRIGGER note AFTER INSERT ON %t FOR EACH ROW EXECUTE FUNCTION et.note_row()');
SELECT * FROM et.fired ORDER BY 1, 2;
SELECT * FROM pg_temp.import_with($$ DO 'BEGIN IF ''%t'' = ''target.sale'' THEN
    CREATE TRIGGER twice BEFORE INSERT ON target.sale FOR EACH ROW EXECUTE FUNCTION et.double_amount(); END IF; END' $$);
-- A rule that swallows rows is found by the count.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.import_with('CREATE RULE lost AS ON INSERT TO %t DO INSTEAD NOTHING') $$);
-- A check.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.import_with('ALTER TABLE %t ADD CHECK (id < 3)') $$);
-- Another owner, another column, another access method, no log.
SELECT * FROM pg_temp.import_with('ALTER TABLE %t OWNER TO regress_et_owner');
SELECT relname, relowner::regrole FROM pg_class WHERE relnamespace = 'target'::regnamespace AND relkind = 'r' ORDER BY 1;
SELECT * FROM pg_temp.import_with($$ ALTER TABLE %t ADD COLUMN tenant int NOT NULL DEFAULT 7 $$);
SELECT * FROM target.sale ORDER BY id;
SELECT * FROM pg_temp.import_with('ALTER TABLE %t SET ACCESS METHOD heap2');
SELECT relname, amname FROM pg_class c JOIN pg_am a ON a.oid = relam WHERE relnamespace = 'target'::regnamespace AND relkind = 'r' ORDER BY 1;
SELECT * FROM pg_temp.import_with('ALTER TABLE %t SET UNLOGGED');
-- A column of another type, a dropped column, a dropped table: nothing is written.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.import_with('ALTER TABLE %t ALTER COLUMN id TYPE int') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.import_with('ALTER TABLE %t DROP COLUMN id') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.import_with('DROP TABLE %t') $$);

-- Row security that is forced on the importing role: its policies decide, not the heap.
DROP SCHEMA target CASCADE;
SET ROLE regress_et_importer;
SET et.commands = 'ALTER TABLE %t ENABLE ROW LEVEL SECURITY; ALTER TABLE %t FORCE ROW LEVEL SECURITY';
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'target') $$);
SET et.commands = 'ALTER TABLE %t ENABLE ROW LEVEL SECURITY; ALTER TABLE %t FORCE ROW LEVEL SECURITY; CREATE POLICY all_rows ON %t USING (true)';
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('views.db'), schema => 'target');
SELECT count(*) FROM target.sale;
-- verify shows the owner what is only forced away from it.
SELECT table_name, target_rows, matches FROM migrate.verify_sqlite(pg_temp.file('views.db'), schema => 'target');
RESET ROLE;
DROP EVENT TRIGGER regress_et;
DROP SCHEMA target, et CASCADE;
DROP ACCESS METHOD heap2;
SELECT format('REVOKE CREATE ON DATABASE %I FROM regress_et_importer', current_database()) \gexec
DROP ROLE regress_et_owner, regress_et_importer;

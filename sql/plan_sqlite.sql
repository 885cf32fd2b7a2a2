-- The plan is what the import will run: the same objects, in the order of the phases.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
SELECT count(*) AS runs FROM migrate.runs \gset

SELECT step, phase, object_name, sql, note FROM migrate.plan_sqlite(pg_temp.file('indexes.db'), schema => 'p') ORDER BY step;
SELECT phase, object_name, sql, note FROM migrate.plan_sqlite(pg_temp.file('foreign_keys.db'), schema => 'p') WHERE phase IN ('foreign_key', 'data');
SELECT phase, object_name, sql, note FROM migrate.plan_sqlite(pg_temp.file('dirty.db'), schema => 'p', tables => '{item,flag}', options => '{"on_type_mismatch": "null"}');
SELECT phase, object_name, sql, note FROM migrate.plan_sqlite(pg_temp.file('generated.db'), schema => 'p') WHERE phase NOT IN ('schema', 'key', 'sequence', 'analyze');
SELECT phase, object_name, sql FROM migrate.plan_sqlite(pg_temp.file('views.db'), tables => '{customer}', options => '{"analyze": false, "constraints": false, "sequences": false}');
-- An owner and a schema with a name that needs quotes.
SELECT phase, object_name, sql FROM migrate.plan_sqlite(pg_temp.file('views.db'), schema => 'My "own"', options => '{"owner": "pg_database_owner"}');

-- Every file: steps count up, phases stand in their order, rows have no statement, all else has one but
-- what only a look at the rows decides.
CREATE TEMP TABLE fixture (file text PRIMARY KEY);
INSERT INTO fixture VALUES ('dirty.db'), ('foreign_keys.db'), ('generated.db'), ('hostile.db'), ('indexes.db'),
    ('names.db'), ('shop.db'), ('times.db'), ('types.db'), ('views.db'), ('whole.db');
SELECT file, max(step) = count(*) AND min(step) = 1 AS steps,
    bool_and(phase = ANY ('{schema,table,data,key,index,foreign_key,check,sequence,view,comment,analyze}')) AS phases,
    array_agg(array_position('{schema,table,data,key,index,foreign_key,check,sequence,view,comment,analyze}', phase) ORDER BY step)
        = array_agg(array_position('{schema,table,data,key,index,foreign_key,check,sequence,view,comment,analyze}', phase)
            ORDER BY array_position('{schema,table,data,key,index,foreign_key,check,sequence,view,comment,analyze}', phase)) AS in_order,
    bool_and((phase = 'data') = (sql IS NULL) OR phase = 'check' AND note IS NOT NULL) AS has_sql
FROM fixture, migrate.plan_sqlite(pg_temp.file(file), schema => 'p') GROUP BY file ORDER BY file;

-- What makes up a schema, a line each.
CREATE FUNCTION pg_temp.made(of_schema text) RETURNS SETOF text LANGUAGE plpgsql AS
$$
DECLARE
    sequence regclass; last bigint; called boolean;
BEGIN
    RETURN QUERY
        SELECT relation || ' ' || columns FROM pg_temp.columns_of(of_schema)
        UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = of_schema::regnamespace AND contype <> 'n'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = of_schema
        UNION ALL SELECT viewname || ' ' || definition FROM pg_views WHERE schemaname = of_schema
        UNION ALL SELECT pg_describe_object(classoid, objoid, objsubid) || ' ' || description FROM pg_description
        WHERE objoid IN (SELECT oid FROM pg_class WHERE relnamespace = of_schema::regnamespace);
    FOR sequence IN SELECT oid::regclass FROM pg_class WHERE relnamespace = of_schema::regnamespace AND relkind = 'S' LOOP
        EXECUTE format('SELECT last_value, is_called FROM %s', sequence) INTO last, called;
        RETURN NEXT sequence || ' ' || last || ' ' || called;
    END LOOP;
END
$$;
-- Runs the plan's statements by hand.
CREATE FUNCTION pg_temp.run_plan(file text) RETURNS bigint LANGUAGE plpgsql AS
$$
DECLARE
    step record; steps bigint := 0;
BEGIN
    FOR step IN SELECT * FROM migrate.plan_sqlite(pg_temp.file(file), schema => 'p') ORDER BY step LOOP
        CONTINUE WHEN step.sql IS NULL;
        EXECUTE step.sql;
        steps := steps + 1;
    END LOOP;
    RETURN steps;
END
$$;
CREATE TEMP TABLE planned (file text, thing text);
CREATE TEMP TABLE imported (file text, thing text);
DO $$
DECLARE
    file text;
BEGIN
    FOR file IN SELECT f.file FROM fixture f LOOP
        PERFORM pg_temp.run_plan(file);
        INSERT INTO planned SELECT file, t FROM pg_temp.made('p') t;
        DROP SCHEMA p CASCADE;
        PERFORM migrate.import_sqlite(pg_temp.file(file), schema => 'p');
        INSERT INTO imported SELECT file, t FROM pg_temp.made('p') t;
        DROP SCHEMA p CASCADE;
    END LOOP;
END
$$;
SELECT count(*) > 100 AS many FROM imported;
-- What only rows can break: orphans, and values that an expression does not make.
SELECT 'planned' AS side, * FROM (TABLE planned EXCEPT TABLE imported) d
UNION ALL SELECT 'imported', * FROM (TABLE imported EXCEPT TABLE planned) d ORDER BY 2, 3, 1;

-- Planning changed nothing; only the imports left records.
SELECT to_regnamespace('p');
SELECT count(*) - :runs AS new_runs FROM migrate.runs;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.plan_sqlite(NULL) $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.plan_sqlite(pg_temp.file('wide_1601.db'), schema => 'p') $$);

-- Files whose first megabyte says less than the whole: long ones without a last line end, of old
-- Macintosh lines, with bytes that are no text; and what is no CSV file at all.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE SCHEMA samples;
SET search_path = samples;
SET client_min_messages = error;
CREATE FUNCTION pg_temp.write(name text, bytes bytea) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    written oid := lo_from_bytea(0, bytes);
BEGIN
    PERFORM lo_export(written, pg_temp.file(name));
    PERFORM lo_unlink(written);
END
$$;
CREATE FUNCTION pg_temp.load(name text, target text, options jsonb DEFAULT '{}')
    RETURNS TABLE (rows_read bigint, rows_loaded bigint, rows_rejected bigint, first_note text) LANGUAGE sql AS
$$ SELECT rows_read, rows_loaded, rows_rejected, split_part(notes, E'\n', 1)
   FROM migrate.import_csv(pg_temp.file(name), target, options) $$;

-- 1.4 MB, the last line without its end
SELECT pg_temp.write('sample_long.csv', convert_to('id,name' || string_agg(E'\n' || i || ',name ' || i, ''), 'UTF8'))
FROM generate_series(1, 80000) AS i \g /dev/null
SELECT * FROM pg_temp.load('sample_long.csv', 'long');
SELECT count(*), sum(id), max(name) FROM long;

-- 1.3 MB of UTF-16 that are half of it as UTF-8
SELECT pg_temp.write('sample_wide.csv', '\xfffe' || decode(regexp_replace(encode(convert_to(
    'id,name' || string_agg(E'\n' || i || ',x', ''), 'UTF8'), 'hex'), '(..)', '\100', 'g'), 'hex'))
FROM generate_series(1, 80000) AS i \g /dev/null
SELECT * FROM pg_temp.load('sample_wide.csv', 'wide');
SELECT count(*), sum(id), max(name) FROM wide;

-- 5 MB whose lines end with CR, with and without an LF in each record
SELECT pg_temp.write('sample_mac.csv', convert_to('id,name' || string_agg(E'\r' || i || ',"name' || repeat('x', 50) || '"', ''), 'UTF8'))
FROM generate_series(1, 80000) AS i \g /dev/null
SELECT * FROM pg_temp.load('sample_mac.csv', 'mac');
SELECT count(*), sum(id), min(length(name)) FROM mac;
SELECT pg_temp.write('sample_mac.csv', convert_to('id,name' || string_agg(E'\r' || i || E',"name\n' || repeat('x', 50) || '"', ''), 'UTF8'))
FROM generate_series(1, 80000) AS i \g /dev/null
SELECT * FROM pg_temp.load('sample_mac.csv', 'mac');
SELECT count(*), sum(id), min(length(name)) FROM mac;

-- A line of its own for bytes that are no text, and for a zero byte
SELECT pg_temp.write('sample_sjis.csv', '\x612c620a8ea92c310a83ff2c320a8ea92c330a8e002c340a8ea92c35') \g /dev/null
SELECT * FROM pg_temp.load('sample_sjis.csv', 'sjis', '{"encoding": "SJIS", "header": true, "on_error": "reject"}');
SELECT * FROM sjis;
SELECT line_first, line_last, sqlstate, reason, raw FROM migrate.rejects WHERE run_id = pg_temp.last_run() ORDER BY line_first;

-- A header that cannot be read is not passed over
SELECT pg_temp.write('sample_header.csv', '\x69642c6e00616d650a312c416e6e0a322c426f620a') \g /dev/null
SELECT line_first, sqlstate, error, raw_text FROM migrate.check_csv(pg_temp.file('sample_header.csv'), 'samples.header');
SELECT * FROM pg_temp.load('sample_header.csv', 'header', '{"on_error": "reject"}');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('sample_header.csv'), 'h', '{"header": true}') $$);

-- A table that cannot be made
SELECT pg_temp.write('sample_columns.csv', convert_to(string_agg('c' || i, ','), 'UTF8')) FROM generate_series(1, 2000) AS i \g /dev/null
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.check_csv(pg_temp.file('sample_columns.csv'), 'columns') $$);

-- Other formats
SELECT pg_temp.write('sample_book.csv', '\x504b030414000600') \g /dev/null
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.sniff_csv(pg_temp.file('sample_book.csv')) $$);
SELECT pg_temp.write('sample_bzip2.csv', '\x425a6839314159265359') \g /dev/null
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_csv(pg_temp.file('sample_bzip2.csv'), 't') $$);

-- Names spelled with a combining accent are those of the table, and of another column
SELECT pg_temp.write('sample_accents.csv', convert_to(E'id,cafe\u0301,\u00FCber\n1,a,b\n', 'UTF8')) \g /dev/null
CREATE TABLE accents (id bigint, U&"caf\00E9" text, U&"\00FCber" text);
SELECT * FROM pg_temp.load('sample_accents.csv', 'accents');
SELECT * FROM accents;
SELECT * FROM pg_temp.load('sample_accents.csv', 'new_accents');
SELECT attname, length(attname) FROM pg_attribute WHERE attrelid = 'new_accents'::regclass AND attnum > 0;

-- Any byte escapes a quote, as in COPY
SELECT pg_temp.write('sample_escape.csv', convert_to(E'id,name\n1,"a ]"b]" ]] c"\n', 'UTF8')) \g /dev/null
SELECT * FROM pg_temp.load('sample_escape.csv', 'escapes', '{"escape": "]"}');
SELECT * FROM escapes;
SELECT escape, evidence FROM migrate.sniff_csv(pg_temp.file('sample_escape.csv'), '{"escape": "]"}');

-- 2 MB that need an escape, and single quotes, only behind the first one
SELECT pg_temp.write('sample_late_escape.csv', convert_to('id,name,note' || string_agg(
    CASE WHEN i < 90000 THEN E'\n' || i || ',name,plain' ELSE E'\n' || i || E',"a \\"b\\", c",plain' END, '' ORDER BY i) || E'\n', 'UTF8'))
FROM generate_series(1, 110000) AS i \g /dev/null
SELECT * FROM pg_temp.load('sample_late_escape.csv', 'late_escape');
SELECT name, count(*) FROM late_escape GROUP BY name ORDER BY name;
SELECT pg_temp.write('sample_late_quote.csv', convert_to('id,name,note' || string_agg(
    CASE WHEN i < 90000 THEN E'\n' || i || ',name,plain' ELSE E'\n' || i || E',\'a, b\',plain' END, '' ORDER BY i) || E'\n', 'UTF8'))
FROM generate_series(1, 110000) AS i \g /dev/null
SELECT * FROM pg_temp.load('sample_late_quote.csv', 'late_quote');
SELECT name, count(*) FROM late_quote GROUP BY name ORDER BY name;

-- The zone as Rails writes it
SELECT pg_temp.write('sample_zone.csv', convert_to(E'id,at\n1,2021-05-25 04:55:03 UTC\n2,2021-05-25 04:55:03.5 UTC\n', 'UTF8')) \g /dev/null
SELECT * FROM pg_temp.load('sample_zone.csv', 'zone');
SELECT id, at AT TIME ZONE 'UTC' AS at, pg_typeof(at) FROM zone ORDER BY id;
DROP SCHEMA samples CASCADE;

-- Values that do not fit, text that is no text, and texts that mean NULL, under each policy.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

-- widen, the default: no value is lost.
SELECT table_name, rows_read, rows_loaded, rows_rejected, notes
FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => 'widen');
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema = 'widen' ORDER BY table_name, ordinal_position;
SELECT * FROM widen.item ORDER BY id;
SELECT * FROM widen.day ORDER BY id;
SELECT * FROM widen.code ORDER BY id;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('dirty.db'), schema => 'widen');

-- error
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'),
    schema => 'err', tables => '{item}', options => '{"on_type_mismatch": "error"}') $$);

-- null: counted; a NOT NULL that would break is left off.
SELECT table_name, rows_loaded, rows_rejected, notes
FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => 'nulls', tables => '{item,day}',
    options => '{"on_type_mismatch": "null"}');
SELECT * FROM nulls.item ORDER BY id;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('dirty.db'), schema => 'nulls', tables => '{item,day}');

-- reject: counted and kept with their raw bytes.
SELECT table_name, rows_read, rows_loaded, rows_rejected, notes
FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => 'rejects', tables => '{item,code}',
    options => '{"on_type_mismatch": "reject"}');
SELECT * FROM rejects.item ORDER BY id;
SELECT table_name, row_id, column_name, sqlstate, reason, value, raw
FROM migrate.rejects WHERE run_id = pg_temp.last_run() ORDER BY reject_id;
SELECT table_name, source_rows, target_rows, matches, detail
FROM migrate.verify_sqlite(pg_temp.file('dirty.db'), schema => 'rejects', tables => '{item,code}');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'),
    schema => 'limited', options => '{"on_type_mismatch": "reject", "reject_limit": 1}') $$);

-- Both ways at once.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('dirty.db'),
    schema => 'limited', options => '{"on_type_mismatch": "reject", "reject_limit": 0}') $$);
SELECT table_name, rows_loaded, rows_rejected FROM migrate.import_sqlite(pg_temp.file('dirty.db'),
    schema => 'limited', tables => '{item}', options => '{"on_type_mismatch": "reject", "reject_limit": 2}');
DROP SCHEMA limited CASCADE;

-- null texts
SELECT table_name, rows_loaded, notes
FROM migrate.import_sqlite(pg_temp.file('dirty.db'), schema => 'texts', tables => '{flag,day}',
    options => '{"null": ["n/a", "NULL", "", "2024-02-30"]}');
SELECT * FROM texts.flag ORDER BY id;
SELECT * FROM texts.day ORDER BY id;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('dirty.db'), schema => 'texts', tables => '{flag,day}');

-- invalid_text
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('bad_text.db'), schema => 'bt') $$);
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('bad_text.db'), schema => 'bt', tables => '{latin}') $$);
SELECT table_name, rows_loaded, notes
FROM migrate.import_sqlite(pg_temp.file('bad_text.db'), schema => 'bt_replace', options => '{"invalid_text": "replace"}');
SELECT * FROM bt_replace.note ORDER BY id;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('bad_text.db'), schema => 'bt_replace');
SELECT table_name, rows_loaded, rows_rejected, notes
FROM migrate.import_sqlite(pg_temp.file('bad_text.db'), schema => 'bt_reject', options => '{"invalid_text": "reject"}');
SELECT table_name, row_id, column_name, sqlstate, reason, value, raw FROM migrate.rejects
WHERE run_id = pg_temp.last_run() ORDER BY reject_id;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('bad_text.db'), schema => 'bt_reject');

DROP SCHEMA widen, nulls, rejects, texts, bt_replace, bt_reject CASCADE;

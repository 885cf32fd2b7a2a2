-- sniff_csv: what a file looks like, and the call that imports it without looking again.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers
CREATE SCHEMA sniffed;
SET search_path = sniffed;
\x
SELECT delimiter, quote, escape, newline, encoding, header, skip_lines, jsonb_pretty(columns) AS columns, row_estimate,
       confidence > 0.5 AS is_confident, evidence, create_table,
       replace(import_call, current_setting('test.fixtures'), '…') AS import_call
FROM migrate.sniff_csv(pg_temp.file('csv/orders.csv'));
SELECT delimiter, quote, escape, newline, encoding, header, skip_lines, columns, row_estimate, evidence, create_table
FROM migrate.sniff_csv(pg_temp.file('csv/semicolon.csv'));
SELECT delimiter, newline, encoding, header, skip_lines, columns, row_estimate, evidence
FROM migrate.sniff_csv(pg_temp.file('csv/pipes.txt'));
SELECT delimiter, newline, encoding, header, skip_lines, row_estimate, evidence FROM migrate.sniff_csv(pg_temp.file('csv/latin1.csv'));
SELECT delimiter, newline, encoding, header, skip_lines, row_estimate, evidence FROM migrate.sniff_csv(pg_temp.file('csv/utf16le.csv'));
SELECT delimiter, newline, encoding, header, skip_lines, row_estimate, evidence FROM migrate.sniff_csv(pg_temp.file('csv/cr.csv'));
SELECT delimiter, quote, header, columns FROM migrate.sniff_csv(pg_temp.file('csv/numbers.csv'), '{"delimiter": ";", "quote": ""}');
SELECT columns FROM migrate.sniff_csv(pg_temp.file('csv/ambiguous.csv'), '{"date_order": "mdy"}');
\x
-- The call imports the same.
SELECT import_call FROM migrate.sniff_csv(pg_temp.file('csv/semicolon.csv')) \gset
SELECT rows_loaded FROM migrate.import_csv(pg_temp.file('csv/semicolon.csv'), 'detected');
SELECT replace(:'import_call', 'sniffed.semicolon', 'sniffed.given') AS call \gset
CREATE TEMP TABLE given_result AS :call
SELECT rows_loaded, notes FROM given_result;
SELECT * FROM sniffed.detected EXCEPT SELECT * FROM sniffed.given;
SELECT * FROM pg_temp.columns_of('sniffed');
DROP SCHEMA sniffed CASCADE;

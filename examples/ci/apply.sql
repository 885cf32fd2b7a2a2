-- psql -X -f apply.sql, with the bundle's path in $BUNDLE: applies what is pending, or nothing at all.
\set ON_ERROR_STOP on
\encoding UTF8
\set files `cat "$BUNDLE"`
SELECT version, name, action, execution_time_ms, message
FROM migrate.apply_versioned(files => :'files'::jsonb, options => '{"lock_wait": "5min"}');
SELECT version, name, status, applied_at, problem
FROM migrate.list_versioned(files => :'files'::jsonb);

-- What tenant_key, its companions and the rows of a file can be told: nothing is made before.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

CREATE FUNCTION pg_temp.refused(file text, options jsonb, tables text DEFAULT NULL) RETURNS TABLE (field text, value text)
LANGUAGE sql AS
$$ SELECT * FROM pg_temp.error_of(format('SELECT * FROM migrate.import_sqlite(%L, schema => ''never'', tables => %L, options => %L)',
                                         pg_temp.file(file), tables, options)) $$;

-- Rows without a tenant, and rows that cross.
SELECT * FROM pg_temp.refused('tenant_gaps.db', '{"tenant_key": "org"}');
SELECT * FROM pg_temp.refused('tenant_gaps.db', '{"tenant_key": "ORG"}', '{team}');
SELECT * FROM pg_temp.error_of(format('SELECT * FROM migrate.plan_sqlite(%L, options => ''{"tenant_key": "org"}'')',
                                      pg_temp.file('tenant_gaps.db')));
-- More rows than an error names.
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "country"}');

SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "acount_id"}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "x"}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": ""}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": true}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "account_id", "tenant_unique_keep": ["users.mail"]}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "account_id", "tenant_unique_keep": 7}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_unique_keep": "users"}');
SELECT * FROM pg_temp.refused('tenants.db', '{"row_security": true}');
SELECT * FROM pg_temp.refused('tenants.db', '{"distribute": true, "tenant_key": null}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "account_id", "row_security": "tenant"}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "account_id", "row_security": "a.b''; DROP TABLE x; --"}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "account_id", "row_security": "app."}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "account_id", "row_security": 1}');
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "account_id", "row_security": true, "distribute": true}');
-- Citus is not in this database.
SELECT * FROM pg_temp.refused('tenants.db', '{"tenant_key": "account_id", "distribute": true}');
SELECT * FROM pg_temp.error_of(format('SELECT * FROM migrate.plan_sqlite(%L, options => ''{"tenant_key": "account_id", "distribute": true}'')',
                                      pg_temp.file('tenants.db')));
SELECT to_regnamespace('never') IS NULL AS is_untouched;
SELECT option, type, default_value, allowed_values, meaning FROM migrate.options('import_sqlite')
WHERE option IN ('tenant_key', 'tenant_unique_keep', 'row_security', 'distribute');

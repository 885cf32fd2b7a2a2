-- Option row_security: a tenant sees its rows, its owner too, and verify sees all.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

CREATE ROLE tenant_owner;
CREATE ROLE tenant_app;
GRANT pg_read_server_files TO tenant_owner;
GRANT CREATE ON DATABASE :DBNAME TO tenant_owner;
SET ROLE tenant_owner;
-- The table's owner is held too, so that this also shows that the load, its count and its keys come
-- before the policies.
SELECT table_name, rows_loaded FROM migrate.import_sqlite(pg_temp.file('tenants.db'), schema => 'ten',
    options => '{"tenant_key": "account_id", "row_security": true, "verify": "digest"}');
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, p.polname, pg_get_expr(p.polqual, p.polrelid),
       pg_get_expr(p.polqual, p.polrelid) = pg_get_expr(p.polwithcheck, p.polrelid) AS same_check
FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relnamespace = 'ten'::regnamespace AND c.relkind = 'r' ORDER BY 1;
SELECT count(*) FROM ten.tasks;
SET app.tenant = '2';
SELECT count(*), min(account_id), max(account_id) FROM ten.tasks;
SELECT count(*) FROM ten.open_tasks;
INSERT INTO ten.coupons (account_id, code) VALUES (3, 'X'); -- ERROR
SELECT table_name, target_rows, matches FROM migrate.verify_sqlite(pg_temp.file('tenants.db'), schema => 'ten');
-- The force holds again afterwards.
SELECT count(*) FROM ten.tasks;
RESET app.tenant;
SELECT count(*) FROM ten.tasks;
GRANT USAGE ON SCHEMA ten TO tenant_app;
GRANT SELECT ON ALL TABLES IN SCHEMA ten TO tenant_app;
RESET ROLE;
GRANT pg_read_server_files TO tenant_app;
-- Who does not own the tables cannot see past their policies, by verify_sqlite neither.
SET ROLE tenant_app;
SET app.tenant = '1';
SELECT count(*) FROM ten.users;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.verify_sqlite(pg_temp.file('tenants.db'), schema => 'ten',
    options => '{"tenant_key": "account_id"}') $$);
RESET ROLE;
RESET app.tenant;
SELECT bool_and(matches) FROM migrate.verify_sqlite(pg_temp.file('tenants.db'), schema => 'ten', options => '{"tenant_key": "account_id"}');
DROP SCHEMA ten CASCADE;

-- Another setting, another type of tenant; the plan has the statements.
SELECT phase, object_name, sql FROM migrate.plan_sqlite(pg_temp.file('tenant_shapes.db'), schema => 'ten',
    tables => '{box,shelf}', options => '{"tenant_key": "shop_id", "row_security": "my_app.current.shop"}')
WHERE phase = 'policy';
SELECT count(*) FROM migrate.import_sqlite(pg_temp.file('tenant_shapes.db'), schema => 'ten',
    options => '{"tenant_key": "shop_id", "row_security": "my_app.current.shop", "owner": "tenant_owner"}');
GRANT USAGE ON SCHEMA ten TO tenant_app;
GRANT SELECT ON ALL TABLES IN SCHEMA ten TO tenant_app;
SET ROLE tenant_app;
SET my_app.current.shop = 's';
SELECT shop_id, count(*) FROM ten.box GROUP BY 1;
RESET ROLE;
DROP SCHEMA ten CASCADE;
REVOKE CREATE ON DATABASE :DBNAME FROM tenant_owner;
DROP ROLE tenant_owner, tenant_app;

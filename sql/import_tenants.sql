-- Option tenant_key: keys led by the tenant, children filled from their parents, and every join of
-- before with the tenant in it.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

-- The plan shows every rewritten key.
SELECT phase, object_name, sql FROM migrate.plan_sqlite(pg_temp.file('tenants.db'), schema => 'ten',
    options => '{"tenant_key": "account_id"}') WHERE phase IN ('key', 'index', 'foreign_key', 'view') ORDER BY step;
SELECT table_name, rows_read, rows_loaded, notes FROM migrate.import_sqlite(pg_temp.file('tenants.db'),
    schema => 'ten', options => '{"tenant_key": "account_id", "verify": "digest"}');
SELECT object_type, source_name, target_name, status, reason, source_sql FROM migrate.report(pg_temp.last_run())
WHERE status = 'adapted' AND object_type <> 'view';
SELECT * FROM pg_temp.columns_of('ten');
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
WHERE connamespace = 'ten'::regnamespace AND contype IN ('p', 'u', 'f') ORDER BY conrelid::regclass::text, conname;
-- The last run's options count.
SELECT table_name, source_rows, target_rows, matches, detail
FROM migrate.verify_sqlite(pg_temp.file('tenants.db'), schema => 'ten');
UPDATE ten.reaction_log SET account_id = 1 WHERE (account_id, comment_id, user_id)
    IN (SELECT account_id, comment_id, user_id FROM ten.reaction_log ORDER BY 2 LIMIT 1); -- ERROR
UPDATE ten.invoice_lines SET number = NULL, account_id = 2 WHERE id = 9;
SELECT table_name, matches, detail
FROM migrate.verify_sqlite(pg_temp.file('tenants.db'), schema => 'ten') WHERE NOT matches;

-- Every foreign key as a join: of the plain import by the old columns, of the other with the tenant.
SELECT count(*) FROM migrate.import_sqlite(pg_temp.file('tenants.db'), schema => 'plain');
CREATE FUNCTION pg_temp.joined(child regclass, parent regclass, of_child name[], of_parent name[],
                               OUT n bigint, OUT digest text) LANGUAGE plpgsql AS
$$
DECLARE
    condition text := (SELECT string_agg(format('c.%I = p.%I', a, b), ' AND ')
                       FROM unnest(of_child, of_parent) u (a, b));
BEGIN
    EXECUTE format('SELECT count(*), md5(string_agg(r, chr(10) ORDER BY r COLLATE "C")) FROM
        (SELECT (to_jsonb(c) - ''account_id'')::text || (to_jsonb(p) - ''account_id'')::text AS r
         FROM %s c JOIN %s p ON %s) j', child, parent, condition) INTO n, digest;
END
$$;
CREATE VIEW pg_temp.keys AS
SELECT connamespace::regnamespace::text AS schema, conrelid, confrelid,
       (SELECT array_agg(attname ORDER BY i) FROM unnest(conkey) WITH ORDINALITY k (n, i)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = n) AS of_child,
       (SELECT array_agg(attname ORDER BY i) FROM unnest(confkey) WITH ORDINALITY k (n, i)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = n) AS of_parent
FROM pg_constraint WHERE contype = 'f' AND connamespace::regnamespace::text IN ('ten', 'plain');
CREATE VIEW pg_temp.joins AS
SELECT schema, (SELECT relname FROM pg_class WHERE oid = conrelid) AS child,
       (SELECT relname FROM pg_class WHERE oid = confrelid) AS parent, of_child,
       CASE WHEN cardinality(of_child) > 1 AND schema = 'ten' AND of_child[1] IN ('account_id', 'id')
            THEN of_child[2:] ELSE of_child END AS old, joined.*
FROM pg_temp.keys, pg_temp.joined(conrelid::regclass, confrelid::regclass, of_child, of_parent) joined;
SELECT child, parent, t.of_child, t.n, t.digest = p.digest AND t.n = p.n AS is_same
FROM pg_temp.joins t JOIN pg_temp.joins p USING (child, parent)
WHERE t.schema = 'ten' AND p.schema = 'plain' AND (t.old = p.of_child OR child = 'invoice_lines') ORDER BY child, t.of_child;
SELECT count(*) FILTER (WHERE schema = 'ten') = count(*) FILTER (WHERE schema = 'plain') AS is_complete FROM pg_temp.keys;

-- Over all levels at once, and to the global tables.
WITH before AS (
    SELECT l.at, r.emoji, c.body, t.title, p.slug, u.email, k.name, x.name AS currency
    FROM plain.reaction_log l JOIN plain.reactions r USING (comment_id, user_id)
    JOIN plain.comments c ON c.id = r.comment_id JOIN plain.tasks t ON t.id = c.task_id
    JOIN plain.projects p ON p.slug = t.project_slug JOIN plain.users u ON u.id = p.lead_id
    LEFT JOIN plain.countries k ON k.code = u.country LEFT JOIN (SELECT code, id::text AS name FROM plain.currencies) x ON x.code = p.currency
), afterwards AS (
    SELECT l.at, r.emoji, c.body, t.title, p.slug, u.email, k.name, x.name AS currency
    FROM ten.reaction_log l JOIN ten.reactions r USING (account_id, comment_id, user_id)
    JOIN ten.comments c ON c.account_id = r.account_id AND c.id = r.comment_id
    JOIN ten.tasks t ON t.account_id = c.account_id AND t.id = c.task_id
    JOIN ten.projects p ON p.account_id = t.account_id AND p.slug = t.project_slug
    JOIN ten.users u ON u.account_id = p.account_id AND u.id = p.lead_id
    LEFT JOIN ten.countries k ON k.code = u.country LEFT JOIN (SELECT code, id::text AS name FROM ten.currencies) x ON x.code = p.currency
)
SELECT (SELECT count(*) FROM before) AS rows_before, (SELECT count(*) FROM afterwards) AS rows_afterwards,
       (SELECT count(*) FROM (TABLE before EXCEPT ALL TABLE afterwards) d) AS differ;
SELECT (SELECT count(*) FROM plain.open_tasks) AS before, (SELECT count(*) FROM ten.open_tasks) AS afterwards,
       (SELECT count(*) FROM (TABLE plain.open_tasks EXCEPT TABLE ten.open_tasks) d) AS differ;
SELECT count(*) FROM (TABLE plain.joined EXCEPT ALL TABLE ten.joined) d;

-- ON DELETE SET NULL takes the reference away, never the tenant.
DELETE FROM ten.comments WHERE account_id = 2;
SELECT id, account_id, lead_id FROM ten.projects WHERE lead_id = 7 ORDER BY id;
DELETE FROM ten.users WHERE (account_id, id) = (2, 7);
SELECT id, account_id, lead_id FROM ten.projects WHERE id IN (7, 37) ORDER BY id;
-- Two tenants may use one address now, one tenant may not twice.
INSERT INTO ten.users (account_id, email) VALUES (1, 'u1@x.org');
INSERT INTO ten.users (account_id, email) VALUES (1, 'u1@x.org'); -- ERROR
DROP SCHEMA ten, plain CASCADE;

-- Keys that stay unique across tenants; the foreign key to one stays as it was, and is checked.
SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('tenants.db'), schema => 'kept',
    options => '{"tenant_key": "account_id", "tenant_unique_keep": ["users.email", "Projects.projects_slug", "coupons", "users.users_nick"]}')
WHERE notes LIKE '%unique%' OR table_name = 'kept.users';
SELECT conrelid::regclass, pg_get_constraintdef(oid), convalidated FROM pg_constraint
WHERE connamespace = 'kept'::regnamespace AND contype IN ('u', 'f') AND conrelid::regclass::text ~ 'users|tasks|uses' ORDER BY conrelid::regclass::text, 2;
SELECT bool_and(matches) FROM migrate.verify_sqlite(pg_temp.file('tenants.db'), schema => 'kept');
DROP SCHEMA kept CASCADE;

-- Some of the tables, under other names, with another type of tenant; made again without.
SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('tenants.db'), schema => 'part',
    tables => '{uses,comments,countries}',
    options => '{"tenant_key": "Account_Id", "identifiers": "preserve", "types": {"*.account_id": "integer"}, "foreign_keys": false}');
SELECT table_name, notes IS NULL AS is_silent FROM migrate.import_sqlite(pg_temp.file('tenants.db'), schema => 'part',
    tables => '{uses,comments,countries}', options => '{"mode": "replace"}');
SELECT * FROM pg_temp.columns_of('part');
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('tenants.db'), schema => 'part', tables => '{uses,comments,countries}');
-- The caller's options stand over the run's.
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('tenants.db'), schema => 'part',
    tables => '{uses,comments,countries}', options => '{"tenant_key": "account_id"}');
SELECT count(*) FROM migrate.import_sqlite(pg_temp.file('tenants.db'), schema => 'dry',
    options => '{"tenant_key": "account_id", "row_security": true, "dry_run": true}');
DROP SCHEMA part CASCADE;

-- Shapes: a cycle, six levels, two ways, what is no key, and values that compare equal.
SELECT table_name, rows_loaded, notes FROM migrate.import_sqlite(pg_temp.file('tenant_shapes.db'), schema => 'shapes',
    options => '{"tenant_key": "shop_id", "verify": "digest"}');
SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'shapes'::regnamespace AND contype IN ('p', 'u', 'f') ORDER BY conrelid::regclass::text, 2;
SELECT * FROM shapes.box ORDER BY id;
SELECT * FROM shapes.l3 ORDER BY id;
DROP SCHEMA shapes CASCADE;

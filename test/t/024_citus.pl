# Option distribute: a coordinator and two workers on loopback ports; rows go to their shards, verify
# is right, and a join on the tenant column runs on the workers.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($library) = split /\n/, (run_command([ 'pg_config', '--pkglibdir' ]))[0];
plan skip_all => 'Citus is not installed beside this PostgreSQL' unless -e "$library/citus.so";

my $path = fixture('tenants.db');
my @nodes = map { start_node($_) } qw(coordinator worker_a worker_b);
my $coordinator = $nodes[0];
my $options = '{"tenant_key": "account_id", "distribute": true, "verify": "digest"}';
my $import = "SET client_min_messages = error; SELECT sum(rows_loaded)
	FROM migrate.import_sqlite('$path', schema => 'app', options => '$options')";

sub start_node
{
	my ($name) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init;
	$node->append_conf('postgresql.conf', $_)
	  foreach ("shared_preload_libraries = 'citus'", "listen_addresses = '127.0.0.1'", 'fsync = off',
		'max_prepared_transactions = 20', 'citus.shard_count = 6', 'citus.enable_statistics_collection = off');
	$node->start;
	return $node;
}

sub scalar_of { return $coordinator->safe_psql('postgres', $_[0]) }

# What a statement of the coordinator is told to do where.
sub explained { return scalar_of("SET citus.explain_all_tasks = on; EXPLAIN (COSTS OFF) $_[0]") }

# Without the extension in the database, and with no word of tenants.
scalar_of('CREATE EXTENSION migrate');
my (undef, undef, $err) = $coordinator->psql('postgres', "\\set VERBOSITY verbose\n$import");
like($err, qr/ERROR:  0A000: option "distribute" needs the extension "citus"\nDETAIL:  It is not installed in this database.\nHINT:  Install Citus, add its workers and run CREATE EXTENSION citus, or leave the option out./,
	'without Citus it is an error that says so');
(undef, undef, $err) = $coordinator->psql('postgres', "SELECT * FROM migrate.import_sqlite('$path', options => '{\"distribute\": true}')");
like($err, qr/option "distribute" needs the option "tenant_key"/, 'it needs a tenant');
(undef, undef, $err) = $coordinator->psql('postgres', "SELECT * FROM migrate.import_sqlite('$path',
	options => '{\"distribute\": true, \"tenant_key\": \"account_id\", \"row_security\": true}')");
like($err, qr/options "distribute" and "row_security" cannot be combined/, 'nor can it be combined with policies');

$_->safe_psql('postgres', 'CREATE EXTENSION citus') foreach @nodes;
scalar_of("SELECT citus_set_coordinator_host('127.0.0.1', " . $coordinator->port . ')');
scalar_of("SELECT citus_add_node('127.0.0.1', " . $_->port . ')') foreach @nodes[ 1, 2 ];

is(scalar_of($import), '3048', 'every row is loaded');
is(scalar_of("SELECT count(*) FILTER (WHERE citus_table_type = 'distributed'),
	count(*) FILTER (WHERE citus_table_type = 'reference'), count(DISTINCT colocation_id) FILTER (WHERE citus_table_type = 'distributed')
	FROM citus_tables WHERE table_name::text LIKE 'app.%'"), '11|3|1', 'tenant tables are distributed side by side, the others are reference tables');
is(scalar_of("SELECT count(DISTINCT nodeport) FROM citus_shards WHERE table_name = 'app.comments'::regclass"), '2', 'their shards lie on both workers');
is(scalar_of("SELECT bool_and(matches), sum(target_rows) FROM migrate.verify_sqlite('$path', schema => 'app')"), 't|3048', 'verify finds every row');
is(scalar_of("SELECT string_agg(conrelid::regclass || ' ' || pg_get_constraintdef(oid), chr(10) ORDER BY conrelid::regclass::text)
	FROM pg_constraint WHERE connamespace = 'app'::regnamespace AND contype = 'f' AND NOT convalidated"), '', 'every foreign key is validated');
is(scalar_of("SELECT string_agg(source_name || ' ' || status, ',' ORDER BY source_name) FROM migrate.report((SELECT max(run_id) FROM migrate.runs))
	WHERE object_type IN ('primary key', 'foreign key', 'unique', 'index', 'sequence') AND status = 'skipped'"),
	'accounts(owner_id) skipped', 'only the key from a reference table to a distributed one is left out');

# Joins on the tenant column run where the rows are.
my $join = 'FROM app.comments c JOIN app.tasks t ON t.account_id = c.account_id AND t.id = c.task_id
	JOIN app.projects p ON p.account_id = t.account_id AND p.slug = t.project_slug LEFT JOIN app.currencies k ON k.code = p.currency';
my $text = explained("SELECT count(*) $join");
like($text, qr/Task Count: 6/, 'the join is a task for each shard');
my %ports = map { $_ => 1 } $text =~ /port=(\d+)/g;
is(join(',', sort keys %ports), join(',', sort map { $_->port } @nodes[ 1, 2 ]), 'and runs on the workers');
like($text, qr/Join/, 'as a join there');
unlike($text, qr/Distributed Subplan|Merge Join.*Custom Scan/s, 'no rows are fetched to be joined');
like(explained("SELECT count(*) $join WHERE c.account_id = 2"), qr/Task Count: 1\b/, "one tenant's is on one worker");
is(scalar_of("SELECT count(*), count(DISTINCT c.id), count(k.id) $join"), '1029|1029|515', 'and gives the rows of before');

# The keys hold on the shards, and the identity goes on.
(undef, undef, $err) = $coordinator->psql('postgres', 'INSERT INTO app.tasks (account_id, id, project_slug) VALUES (1, 3, \'p3\')');
like($err, qr/duplicate key value/, 'a key of a shard');
(undef, undef, $err) = $coordinator->psql('postgres', "INSERT INTO app.tasks (account_id, id, project_slug) VALUES (1, 7000, 'p1')");
like($err, qr/violates foreign key constraint/, 'a reference to another tenant');
is(scalar_of("INSERT INTO app.coupons (account_id, code) VALUES (1, 'new') RETURNING id"), '4', 'the identity goes on');
is(scalar_of("SELECT string_agg(table_name, ',') FROM migrate.verify_sqlite('$path', schema => 'app') WHERE NOT matches"), 'app.coupons', 'verify sees the new row');

# Again, and not at all.
(my $again = $import) =~ s/"verify"/"mode": "replace", "verify"/;
is(scalar_of($again), '3048', 'mode replace');
(my $dry = $import) =~ s/'app'/'dry'/;
$dry =~ s/"verify"/"dry_run": true, "verify"/;
is(scalar_of($dry), '3048', 'a dry run');
is(scalar_of("SELECT count(*) FROM citus_tables WHERE table_name::text LIKE 'dry.%'"), '0', 'leaves nothing');
# Types that the values change: the table is made, distributed and filled again.
my $odd = make_database('odd.db', "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT, n INTEGER);
	CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a, x BLOB, j JSON, d DATETIME, m DECIMAL(9, 2));
	WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 2500)
	INSERT INTO a SELECT i, 't' || i % 9, CASE WHEN i = 2400 THEN 'many' ELSE i END FROM s;
	INSERT INTO b SELECT id, id, zeroblob(id % 7), '{\"a\":' || id || '}', datetime(1700000000 + id, 'unixepoch'), id / 4.0 FROM a;
	UPDATE b SET x = NULL, j = NULL, d = NULL, m = NULL WHERE id % 5 = 0");
is(scalar_of("SET client_min_messages = error; SELECT sum(rows_loaded) FROM migrate.import_sqlite('$odd', schema => 'odd',
	options => '{\"tenant_key\": \"t\", \"distribute\": true}')"), '5000', 'a table that is typed anew');
is(scalar_of("SELECT bool_and(matches), count(*) FROM migrate.verify_sqlite('$odd', schema => 'odd')"), 't|2', 'holds every value');

# --- syncs --------------------------------------------------------------------------------------

# The file as it is later: rows changed, new and gone at all levels, children that move to another
# parent, a key that is used again, and unique values that rows exchange.
my $later = make_database('later.db', ".restore $path
	UPDATE users SET nick = 'Other' || id WHERE id % 7 = 0;
	UPDATE users SET email = 'tmp' WHERE id = 1;
	UPDATE users SET email = 'u1\@x.org' WHERE id = 4;
	UPDATE users SET email = 'u4\@x.org' WHERE id = 1;
	UPDATE accounts SET name = 'tmp' WHERE id = 1;
	UPDATE accounts SET name = 'Ant' WHERE id = 2;
	UPDATE accounts SET name = 'Bee' WHERE id = 1;
	INSERT INTO countries VALUES ('it', 'Italy');
	UPDATE countries SET name = 'Deutschland' WHERE code = 'de';
	INSERT INTO projects VALUES (100, 2, 'new-a', 1, 101, NULL), (101, 2, 'new-b', NULL, NULL, 'CHF');
	INSERT INTO tasks VALUES (1000, 'new-a', 'A task', 1, 1001), (1001, 'new-b', 'B task', 1, NULL);
	INSERT INTO comments VALUES (2000, 1000, 1, 'new');
	INSERT INTO reactions VALUES (2000, 1, 'x');
	UPDATE tasks SET project_slug = 'new-a' WHERE project_slug = 'p4';
	UPDATE tasks SET project_slug = 'new-b', number = number + 5000 WHERE project_slug = 'p10';
	UPDATE projects SET parent_id = NULL WHERE parent_id = 10;
	DELETE FROM projects WHERE slug = 'p10';
	DELETE FROM reactions WHERE comment_id IN (SELECT id FROM comments WHERE task_id = 599);
	DELETE FROM comments WHERE task_id = 599;
	DELETE FROM tasks WHERE id = 599;
	DELETE FROM tasks WHERE id = 600;
	INSERT INTO tasks VALUES (600, 'p60', 'Reused', 600, NULL);
	DELETE FROM invoice_lines WHERE id = 4;
	UPDATE invoices SET total = 8 WHERE account_id = 2;
	INSERT INTO invoices VALUES (2, 2, 5);
	INSERT INTO invoice_lines VALUES (10, 2, 2, 'second');");

# What a sync said of each table, and what it did to the rows of a table wherever they are.
sub synced
{
	my ($file, $schema, $more) = @_;
	my $answer = scalar_of("SET client_min_messages = error; SELECT replace(table_name, '$schema.', ''), inserted, updated, deleted,
		unchanged, notes FROM migrate.sync_sqlite('$file', '$schema', exclude => '{reaction_log}',
		options => '{\"tenant_key\": \"account_id\", \"delete\": true" . ($more // '') . "}') ORDER BY 1");
	return $answer;
}

sub written
{
	my ($table) = @_;
	return scalar_of("SELECT string_agg(result, ' ' ORDER BY shardid) FROM run_command_on_shards('$table',
		'SELECT string_agg(xmin || ctid::text, \$\$,\$\$ ORDER BY ctid) FROM %s')");
}

scalar_of("SET client_min_messages = error; DROP SCHEMA app CASCADE");
scalar_of($import);
(my $plain = $import) =~ s/"distribute": true, //;
$plain =~ s/'app'/'plain'/;
scalar_of($plain);
my $wanted = synced($later, 'plain', ', "delete_limit": "50%"');
like($wanted, qr/^projects\|2\|1\|1\|58\|$/m, 'what a sync of plain tables does');
is(synced($later, 'app', ', "delete_limit": "50%"'), $wanted, 'is what it does to those of Citus');
like($wanted, qr/^accounts\|0\|2\|0\|1\|rows exchanged values of a unique key: those had other values in between$/m, 'in a reference table too');
is(scalar_of("SELECT string_agg(table_name, ',') FROM migrate.verify_sqlite('$later', schema => 'app') WHERE NOT matches"), '', 'verify finds every row as it should be');
is(scalar_of("SELECT count(*) FROM ((TABLE app.tasks EXCEPT TABLE plain.tasks) UNION ALL (TABLE plain.tasks EXCEPT TABLE app.tasks)) t"), '0', 'and so does a join');
my $before = join '/', map { written("app.$_") } qw(accounts users projects tasks comments);
unlike(synced($later, 'app'), qr/^\w+\|(0\|0\|[^0]|0\|[^0]|[^0])/m, 'the second time nothing is left to do');
is(join('/', map { written("app.$_") } qw(accounts users projects tasks comments)), $before, 'and nothing is written to any shard');

# A tenant's own file says nothing of the others.
my $one = make_database('one.db', ".restore $later
	DELETE FROM comments WHERE coalesce((SELECT account_id FROM tasks t JOIN projects p ON p.slug = t.project_slug WHERE t.id = task_id),
		(SELECT account_id FROM users u WHERE u.id = user_id)) <> 2;
	DELETE FROM reactions WHERE comment_id NOT IN (SELECT id FROM comments);
	DELETE FROM tasks WHERE project_slug NOT IN (SELECT slug FROM projects WHERE account_id = 2);
	DELETE FROM projects WHERE account_id <> 2;
	DELETE FROM invoice_lines WHERE account_id <> 2; DELETE FROM invoices WHERE account_id <> 2;
	DELETE FROM uses WHERE code <> 'B'; DELETE FROM coupons WHERE account_id <> 2;
	DELETE FROM settings WHERE account_id <> 2; DELETE FROM users WHERE account_id <> 2;
	DELETE FROM accounts WHERE id <> 2;
	UPDATE comments SET body = 'of one' WHERE id = 2000; DELETE FROM reactions WHERE comment_id = 2000;");
my $others = scalar_of("SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM app.tasks t WHERE account_id <> 2")
  . scalar_of("SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM app.comments c WHERE account_id <> 2");
my $said = synced($one, 'app', ', "delete_limit": "90%"');
like($said, qr/^comments\|0\|1\|\d+\|\d+\|.*rows of tenants that the source does not hold/m, "a tenant's file");
like($said, qr/^reactions\|0\|0\|\d+\|/m, 'takes rows of the tenant away');
is(scalar_of("SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM app.tasks t WHERE account_id <> 2")
	  . scalar_of("SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM app.comments c WHERE account_id <> 2"), $others, "and none of the others'");
is(synced($later, 'app', ', "delete_limit": "90%"') =~ /^comments\|\d+\|1\|0\|/m ? 'back' : 'lost', 'back', 'all together again');

# An error in the last table undoes everything, on the workers too.
my $bad = make_database('bad.db', ".restore $later
	UPDATE users SET nick = nick || '!'; DELETE FROM comments WHERE id = 2000 OR id = 1; INSERT INTO tasks VALUES (3000, 'p1', 'never', 9, NULL);
	UPDATE coupons SET code = 'tmp' WHERE id = 1; UPDATE uses SET code = 'tmp' WHERE code = 'A';
	DELETE FROM reactions WHERE comment_id IN (1, 2000);");
$before = join '/', map { written("app.$_") } qw(users tasks comments reactions coupons);
(undef, undef, $err) = $coordinator->psql('postgres', "SET client_min_messages = error; SELECT * FROM migrate.sync_sqlite('$bad', 'app',
	exclude => '{reaction_log}', options => '{\"tenant_key\": \"account_id\", \"delete\": true}')");
like($err, qr/ERROR:  update or delete on table "\w+" violates foreign key constraint/, 'a constraint of a shard');
is(join('/', map { written("app.$_") } qw(users tasks comments reactions coupons)), $before, 'leaves every shard as it was');
(undef, undef, $err) = $coordinator->psql('postgres', "SET client_min_messages = error; SELECT * FROM migrate.sync_sqlite('$one', 'app',
	exclude => '{reaction_log}', options => '{\"tenant_key\": \"account_id\", \"delete\": true, \"delete_limit\": 0}')");
like($err, qr/ERROR:  sync would delete \d+ of \d+ rows of table app\.\w+\nDETAIL:  The option "delete_limit" allows 0 rows\./, 'the limit holds');

# Columns of all kinds, cascades, and files that are no database.
my $folder = data_folder();
chmod 0777, $folder;
scalar_of(q{SET client_min_messages = error; CREATE SCHEMA kinds; SET search_path = kinds, public;
	CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE TYPE pair AS (x int, y text);
	CREATE TABLE zone (id int PRIMARY KEY, code varchar(4) NOT NULL UNIQUE);
	CREATE TABLE item (t int, id bigserial, m mood, d positive, p pair, a text[], j json, n numeric(9,2) NOT NULL, b bytea, at timestamptz,
		day date[], u uuid NOT NULL, up bigint, zone int, PRIMARY KEY (t, id), UNIQUE (t, u), UNIQUE (t, n));
	CREATE TABLE part (t int, id int, item bigint, name text COLLATE "C", PRIMARY KEY (t, id));
	SELECT create_reference_table('zone'), create_distributed_table('item', 't'), create_distributed_table('part', 't');
	ALTER TABLE item ADD FOREIGN KEY (t, up) REFERENCES item;
	ALTER TABLE item ADD FOREIGN KEY (zone) REFERENCES zone ON DELETE CASCADE;
	ALTER TABLE part ADD FOREIGN KEY (t, item) REFERENCES item ON DELETE CASCADE;
	CREATE TABLE here (id int PRIMARY KEY, zone int REFERENCES zone)});

sub kinds_file
{
	my ($name, $state) = @_;
	return make_database($name, "CREATE TABLE zone (id INTEGER PRIMARY KEY, code TEXT);
		CREATE TABLE item (t INTEGER, id INTEGER, m TEXT, d INTEGER, p TEXT, a TEXT, j TEXT, n NUMERIC, b BLOB, at TEXT, day TEXT, u TEXT,
			up INTEGER, zone INTEGER, PRIMARY KEY (t, id));
		CREATE TABLE part (t INTEGER, id INTEGER, item INTEGER, name TEXT, PRIMARY KEY (t, id));
		CREATE TABLE here (id INTEGER PRIMARY KEY, zone INTEGER);
		WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 20) INSERT INTO zone SELECT i, 'z' || i FROM s;
		WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 400)
		INSERT INTO item SELECT 1 + i % 7, i, CASE i % 2 WHEN 0 THEN 'sad' ELSE 'ok' END, i, '(' || i || ',\"a,b\")', '[\"x\", \"y' || i || '\"]',
			'{\"j\":  ' || i || '}', i + 0.25, zeroblob(i % 3), '2024-03-02 00:00:00+00', '[\"2024-02-' || (10 + i % 9) || '\"]',
			'00000000-0000-0000-0000-000000000' || (500 + i), CASE WHEN i > 70 THEN i - 70 END, 1 + i % 18 FROM s;
		WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 25000)
		INSERT INTO part SELECT 1 + i % 7, i, 1 + (i - 1) % 399, 'part ' || i FROM s WHERE i % 7 = (1 + (i - 1) % 399) % 7;
		INSERT INTO here VALUES (1, 1), (2, 19);
		" . ($state // ''));
}

sub kinds
{
	my ($file, $options, $tables) = @_;
	return scalar_of("SET client_min_messages = error; SET datestyle = 'SQL, DMY';
		SELECT replace(table_name, 'kinds.', ''), inserted, updated, deleted, unchanged, notes
		FROM migrate.sync_sqlite('$file', 'kinds'" . ($tables ? ", '$tables'" : '') . ", options => '{" . ($options // '') . "}') ORDER BY 1");
}

my $kinds = kinds_file('kinds.db');
my $parts = scalar_of("SELECT count(*) FROM generate_series(1, 25000) i WHERE i % 7 = (1 + (i - 1) % 399) % 7");
is(kinds($kinds), "here|2|0|0|0|\nitem|400|0|0|0|\npart|$parts|0|0|0|\nzone|20|0|0|0|", 'empty tables are filled');
is(kinds($kinds), "here|0|0|0|2|\nitem|0|0|0|400|\npart|0|0|0|$parts|\nzone|0|0|0|20|", 'types of all kinds are told to be the same');
is(scalar_of("INSERT INTO kinds.item (t, n, u) VALUES (1, 0.5, gen_random_uuid()) RETURNING id > 400"), 't', 'the sequence goes on');
my $changed = kinds_file('changed.db', "UPDATE item SET m = 'sad', p = '(0,c)', a = '[]', j = '{}', b = NULL, at = '2024-05-01 00:00:00+00',
		day = '[\"2024-05-06\"]' WHERE id % 100 = 1;
	UPDATE item SET u = '00000000-0000-0000-0000-00000000' || (1501 + 2 * 393 - id) , n = 2 * 393 - id + 0.25 WHERE id IN (392, 394);
	UPDATE item SET u = CASE id WHEN 371 THEN '00000000-0000-0000-0000-000000000878' ELSE '00000000-0000-0000-0000-000000000871' END,
		n = CASE id WHEN 371 THEN 378.25 ELSE 371.25 END WHERE id IN (371, 378);
	UPDATE zone SET code = CASE id WHEN 1 THEN 'z2' ELSE 'z1' END WHERE id IN (1, 2);
	UPDATE part SET name = name || '.';
	UPDATE here SET zone = 30 WHERE id = 2; INSERT INTO zone VALUES (30, 'z19'); DELETE FROM zone WHERE id = 19;");
like(kinds($changed, '"delete": true, "delete_limit": "50%"'), qr/^here\|0\|1\|0\|1\|
item\|0\|\d+\|1\|\d+\|rows exchanged values of a unique key: those had other values in between
part\|0\|$parts\|0\|0\|
zone\|1\|2\|1\|17\|rows exchanged values of a unique key: those had other values in between$/, 'and to differ');
is(scalar_of("SELECT bool_and(matches), count(*) FROM migrate.verify_sqlite('$changed', schema => 'kinds')"), 't|4', 'as verify says');
is(scalar_of("SELECT count(*) FROM (SELECT DISTINCT day FROM kinds.item WHERE id % 100 = 1) d WHERE day = '{2024-05-06}'"), '1', 'a date is no other date on the shards');
my $fewer = kinds_file('fewer.db', 'DELETE FROM zone WHERE id = 18 OR id = 20;');
scalar_of("UPDATE kinds.item SET zone = 18 WHERE id = 390; UPDATE kinds.item SET zone = 1 WHERE zone = 18 AND id <> 390");
like(kinds($fewer, '"delete": true, "delete_limit": "50%"', '{zone, here}'), qr/^here\|0\|1\|0\|1\|
zone\|1\|2\|3\|15\|rows exchanged values of a unique key: those had other values in between
1 row of table kinds.item went along \(ON DELETE CASCADE\)\n\d+ rows of table kinds.part went along \(ON DELETE CASCADE\)$/,
	'a row of a reference table takes others along');

scalar_of("COPY (SELECT t, id, item, CASE WHEN id % 50 = 0 THEN 'new' ELSE name END AS name FROM kinds.part WHERE id % 100 <> 1 ORDER BY md5(id::text))
	TO '$folder/part.csv' WITH (FORMAT csv, HEADER)");
my $csv = "SET client_min_messages = error; SELECT inserted, updated, deleted FROM migrate.sync_csv('$folder/part.csv', 'kinds.part', '{t, id}', '{\"delete\": true}')";
like(scalar_of($csv), qr/^0\|\d+\|\d+$/, 'a CSV file');
is(scalar_of("SELECT count(*) FILTER (WHERE id % 50 = 0 AND name = 'new'), count(*) FILTER (WHERE id % 100 = 1) FROM kinds.part"),
	scalar_of("SELECT count(*) FILTER (WHERE id % 50 = 0), 0 FROM kinds.part"), 'and its rows');
is(scalar_of($csv), '0|0|0', 'and again');
scalar_of("UPDATE kinds.part SET name = 'other' WHERE id % 50 = 0");
(my $marked = $csv) =~ s/"delete": true/"watermark": "name"/;
like(scalar_of($marked), qr/^0\|\d+\|0$/, 'a watermark');

# A constraint that is deferred from the beginning is the transaction's last word; and a row stays in its shard.
scalar_of("SET client_min_messages = error; CREATE SCHEMA late; CREATE TABLE late.node (t int, id int, up int, PRIMARY KEY (t, id));
	SELECT create_distributed_table('late.node', 't');
	ALTER TABLE late.node ADD CONSTRAINT up FOREIGN KEY (t, up) REFERENCES late.node DEFERRABLE INITIALLY DEFERRED");
my $ring = 'CREATE TABLE node (t INTEGER, id INTEGER, up INTEGER, PRIMARY KEY (t, id)); INSERT INTO node VALUES (1, 1, 2), (1, 2, 1)';
my $late = sub { return "SET client_min_messages = error; SELECT inserted, updated FROM migrate.sync_sqlite('$_[0]', 'late')" };
is(scalar_of($late->(make_database('ring.db', $ring))), '2|0', 'rows that refer to each other');
(undef, undef, $err) = $coordinator->psql('postgres', $late->(make_database('orphan.db', "$ring, (1, 3, 9)")));
like($err, qr/ERROR:  insert or update on table "node" violates foreign key constraint "up"\nDETAIL:  Key \(1, 9\) is not present in table "node"\./, 'an orphan');
is(scalar_of('SELECT count(*) FROM late.node'), '2', 'undoes everything');
scalar_of("COPY (VALUES (1, 3, 9)) TO '$folder/orphan.csv' WITH (FORMAT csv)");
(undef, undef, $err) = $coordinator->psql('postgres', "SELECT * FROM migrate.import_csv('$folder/orphan.csv', 'late.node',
	'{\"header\": false, \"columns\": [\"t\", \"id\", \"up\"]}')");
like($err, qr/ERROR:  insert or update on table "node" violates foreign key constraint "up"/, 'an orphan of a CSV file');
is(scalar_of('SELECT count(*) FROM late.node'), '2', 'is not there either');
scalar_of("COPY (VALUES (2, 1, NULL), (1, 2, 1)) TO '$folder/moved.csv'");
(undef, undef, $err) = $coordinator->psql('postgres', "SELECT * FROM migrate.sync_csv('$folder/moved.csv', 'late.node', '{id}',
	'{\"delimiter\": \"\\t\", \"header\": false, \"columns\": [\"t\", \"id\", \"up\"], \"null\": \"\\\\N\"}')");
like($err, qr/ERROR:  modifying the partition value of rows is not allowed/, 'a row that would go to another shard');

# Loads into tables that are there: references to rows that come later, and rows that are there.
scalar_of("SET client_min_messages = error; CREATE SCHEMA fill; SET search_path = fill;
	CREATE TABLE tree (t int, id int, up int, day date[], PRIMARY KEY (t, id));
	CREATE TABLE egg (t int, id int, hen int, PRIMARY KEY (t, id)); CREATE TABLE hen (t int, id int, egg int, PRIMARY KEY (t, id));
	SELECT create_distributed_table('tree', 't'), create_distributed_table('egg', 't'), create_distributed_table('hen', 't');
	ALTER TABLE tree ADD FOREIGN KEY (t, up) REFERENCES tree DEFERRABLE;
	ALTER TABLE egg ADD FOREIGN KEY (t, hen) REFERENCES hen DEFERRABLE; ALTER TABLE hen ADD FOREIGN KEY (t, egg) REFERENCES egg");
my $fill = make_database('fill.db', "CREATE TABLE tree (t INTEGER, id INTEGER, up INTEGER, day TEXT, PRIMARY KEY (t, id));
	CREATE TABLE egg (t INTEGER, id INTEGER, hen INTEGER, PRIMARY KEY (t, id));
	CREATE TABLE hen (t INTEGER, id INTEGER, egg INTEGER, PRIMARY KEY (t, id));
	WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 60000)
	INSERT INTO tree SELECT i % 2, i, CASE WHEN i < 30000 THEN 60000 - i END, '[\"2024-02-03\"]' FROM s;
	WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 20000) INSERT INTO egg SELECT i % 3, i, i FROM s;
	INSERT INTO hen SELECT t, id, id FROM egg");
my $load = "SET client_min_messages = error; SET datestyle = 'SQL, DMY'; SELECT sum(rows_loaded), min(notes)
	FROM migrate.import_sqlite('$fill', 'fill', '{tree}', options => '{\"mode\": \"append\", \"on_conflict\": \"nothing\"}')";
scalar_of("INSERT INTO fill.tree VALUES (1, 1, NULL, NULL)");
like(scalar_of($load), qr/\|not analyzed, as Citus cannot in the transaction that fills it$/, 'on_conflict "nothing"');
is(scalar_of('SELECT count(*), count(up), count(*) FILTER (WHERE day IS NULL) FROM fill.tree'), '60000|29998|1', 'leaves a row as it is');
scalar_of("TRUNCATE fill.tree");
is(scalar_of("SET client_min_messages = error; SELECT sum(rows_loaded) FROM migrate.import_sqlite('$fill', 'fill', options => '{\"mode\": \"append\"}')"),
	'100000', 'references to rows of later batches, and around a cycle');
is(scalar_of("SELECT bool_and(matches), count(*) FROM migrate.verify_sqlite('$fill', 'fill')"), 't|3', 'are all there');
is(scalar_of("SELECT count(*) FROM fill.tree WHERE day = '{2024-02-03}'"), '60000', 'and so are arrays');

stop_server($_) foreach @nodes;
done_testing();

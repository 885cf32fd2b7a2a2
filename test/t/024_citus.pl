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

stop_server($_) foreach @nodes;
done_testing();

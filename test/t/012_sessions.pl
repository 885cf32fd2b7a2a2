# What other sessions see of an import, and what they may do meanwhile: progress, several imports at
# once, a schema that is dropped under it, two-phase commit, the snapshot cache of subtransactions.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
my $rows = 500_000;
my $path = make_database('big.db', rows_sql($rows)
	. "CREATE TABLE dirty (n INTEGER); INSERT INTO dirty SELECT CASE WHEN id % 2 = 0 THEN id ELSE 'x' || id END FROM t;");
my $shop = fixture('views.db');

# Progress
my $session = MigrateTest::Client->psql($node);
$session->query('SET client_min_messages = error;');
$session->send("SELECT sum(rows_loaded), sum(rows_rejected) FROM migrate.import_sqlite('$path', schema => 'p', options => '{\"on_type_mismatch\": \"reject\"}');");
my $watcher = MigrateTest::Client->psql($node);
ok( $watcher->until("SELECT command = 'COPY FROM' AND relid <> 0 AND bytes_processed > 0
		AND tuples_processed > 1000 FROM pg_stat_progress_copy WHERE pid = $session->{pid};", $session),
	'pg_stat_progress_copy shows the rows of a table while it loads');
ok( $watcher->until("SELECT tuples_excluded > 1000 FROM pg_stat_progress_copy WHERE pid = $session->{pid};", $session),
	'and those that are rejected');
is($session->wait, (1.5 * $rows) . '|' . ($rows / 2), 'the import ends');
is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_stat_progress_copy'), '0', 'no progress stays behind');

# Several at once: into schemas of their own side by side, into one schema one after the other.
my @sessions = map { MigrateTest::Client->psql($node) } 1 .. 4;
$_->query('SET client_min_messages = error; BEGIN;') foreach @sessions;
$sessions[$_]->send("SELECT count(*) FROM migrate.import_sqlite('$shop', schema => 'side_$_');") foreach 0 .. 3;
is($_->wait, '2', 'an import into a schema of its own waits for nobody') foreach @sessions;
$_->query('ROLLBACK; BEGIN;') foreach @sessions;
is($sessions[0]->query("SELECT count(*) FROM migrate.import_sqlite('$shop', schema => 'same');"), '2', 'one import into a schema');
$sessions[1]->send("SELECT count(*) FROM migrate.import_sqlite('$shop', schema => 'same');");
ok( $node->poll_query_until('postgres', "SELECT wait_event = 'advisory' FROM pg_stat_activity WHERE pid = $sessions[1]->{pid}"),
	'the second waits');
$sessions[0]->query('ROLLBACK;');
is($sessions[1]->wait, '2', 'and goes on when the first is undone');
$sessions[2]->query("SET lock_timeout = '200ms';");
like( $sessions[2]->query("SELECT count(*) FROM migrate.import_sqlite('$shop', schema => 'same');"),
	qr/ERROR: .*lock timeout/, 'lock_timeout ends the wait');
$sessions[1]->query('COMMIT;');

# A schema that another session drops
$node->safe_psql('postgres', 'CREATE SCHEMA fragile');
$sessions[0]->query('BEGIN; SET client_min_messages = error;');
is($sessions[0]->query("SELECT count(*) FROM migrate.import_sqlite('$shop', schema => 'fragile');"), '2', 'an import into a schema that is there');
$sessions[3]->query('ROLLBACK;');
$sessions[3]->send('DROP SCHEMA fragile CASCADE;');
ok( $node->poll_query_until('postgres', "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $sessions[3]->{pid}"),
	'its DROP by another session waits');
$sessions[0]->query('COMMIT;');
$sessions[3]->wait;
is($node->safe_psql('postgres', "SELECT count(*) FROM pg_class c WHERE NOT EXISTS (SELECT FROM pg_namespace n WHERE n.oid = c.relnamespace)"),
	'0', 'and no table is left without a schema');
$_->finish foreach @sessions;

# Two-phase commit
$node->safe_psql('postgres', "SET client_min_messages = error; BEGIN;
	SELECT count(*) FROM migrate.import_sqlite('$shop', schema => 'prepared'); PREPARE TRANSACTION 'p'");
is($node->safe_psql('postgres', "SELECT to_regclass('prepared.sale') IS NULL"), 't', 'a prepared import is not seen');
$node->restart;
$node->safe_psql('postgres', "COMMIT PREPARED 'p'");
is($node->safe_psql('postgres', "SELECT bool_and(matches) FROM migrate.verify_sqlite('$shop', schema => 'prepared')"),
	't', 'and whole when it is committed, after a restart');

# Over 64 subtransactions with xids make every other session's snapshots slow until commit.
my $keys = "CREATE TABLE p (id INTEGER PRIMARY KEY);" . join '',
  map { "CREATE TABLE t$_ (id INTEGER PRIMARY KEY, u INTEGER UNIQUE, p INTEGER REFERENCES p, n INTEGER CHECK (n > 0), s TEXT);
	CREATE INDEX i$_ ON t$_ (n); CREATE INDEX e$_ ON t$_ (lower(s)); INSERT INTO t$_ VALUES (1, 1, NULL, 1, 'a');" } 1 .. 40;
my $many = make_database('many_keys.db', "PRAGMA synchronous = OFF; BEGIN; $keys COMMIT;");
my $overflow = 'SELECT subxact_count, subxact_overflowed FROM pg_stat_get_backend_idset() b, pg_stat_get_backend_subxact(b)'
  . ' WHERE pg_stat_get_backend_pid(b) = pg_backend_pid()';
my $orphans = make_database('orphans.db', "BEGIN; CREATE TABLE p (id INTEGER PRIMARY KEY);" . join('',
	map { "CREATE TABLE t$_ (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p); INSERT INTO t$_ VALUES (1, 7);" } 1 .. 100) . ' COMMIT;');
SKIP:
{
	skip 'pg_stat_get_backend_subxact is new in PostgreSQL 16', 2 if $node->safe_psql('postgres', 'SHOW server_version_num') < 160000;
	foreach my $file ($many, $orphans)
	{
		like( $node->safe_psql('postgres', "SET client_min_messages = error; BEGIN;
			SELECT count(*) FROM migrate.import_sqlite('$file', schema => 'many'); $overflow"),
			qr/^\d+\n\d+\|f$/, 'hundreds of definitions, also ones that fail, do not overflow the cache of subtransactions');
	}
}
is( $node->safe_psql('postgres', "SET client_min_messages = error;
	SELECT count(*) FROM migrate.import_sqlite('$orphans', schema => 'orphans');
	SELECT count(*) FROM pg_constraint WHERE connamespace = 'orphans'::regnamespace AND contype = 'f' AND NOT convalidated"),
	"101\n100", 'each of them ends in its fallback');
# Where it cannot be read: subtransactions take xids, and each definition would have one.
my $used = $node->safe_psql('postgres', "SET client_min_messages = error;
	SELECT pg_current_xact_id()::text::bigint AS before \\gset
	SELECT count(*) AS n FROM migrate.import_sqlite('$many', schema => 'many_too') \\gset
	SELECT pg_current_xact_id()::text::bigint - :before");
cmp_ok($used, '<', 66, "an import with 200 definitions uses $used transaction ids");
stop_server($node);
done_testing();

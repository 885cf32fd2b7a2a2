# The bulk writer makes pages, WAL and the visibility map itself: they are what the server's own
# would be, after a crash, on a standby and to a logical decoder, whatever the wal_level.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# Rows of every length: tiny, near the limit of TOAST, behind it, compressible, empty; more rows in
# a page than there are line pointers for; no row.
my $path = make_database('pages.db', rows_sql(20_000) . q{
CREATE TABLE empty (a INTEGER PRIMARY KEY, b TEXT);
CREATE TABLE one (a INTEGER PRIMARY KEY, b TEXT);
INSERT INTO one VALUES (1, 'x');
CREATE TABLE nulls_only (a TEXT);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5000) INSERT INTO nulls_only SELECT NULL FROM s;
CREATE TABLE wide (a INTEGER PRIMARY KEY, b TEXT, c BLOB);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 600)
  INSERT INTO wide SELECT i, hex(randomblob(i * 5)), CASE WHEN i % 100 = 0 THEN randomblob(20000) WHEN i % 3 = 0 THEN zeroblob(i * 100) END FROM s;
});
my @tables = qw(t empty one nulls_only wide);

my @contrib = qw(amcheck pg_visibility);

# Everything that can be wrong with the pages of a schema, as one line; empty when nothing is.
sub damage
{
	my ($node, $schema) = @_;
	my @checks = map {
		my $table = "'$schema.$_'";
		"SELECT '$_: ' || msg FROM verify_heapam($table, check_toast => true)",
		  "SELECT '$_: not frozen ' || t_ctid FROM pg_check_frozen($table)",
		  "SELECT '$_: not visible ' || t_ctid FROM pg_check_visible($table)"
	} @tables;
	return $node->safe_psql('postgres', join ' UNION ALL ', @checks);
}

# Blocks of the heap, and of those how many the map calls visible and frozen.
sub map_of
{
	my ($node, $schema) = @_;
	return $node->safe_psql('postgres', join ' UNION ALL ', map {
		"SELECT '$_', pg_relation_size('$schema.$_') / 8192 - all_visible, pg_relation_size('$schema.$_') / 8192 - all_frozen
			FROM pg_visibility_map_summary('$schema.$_')"
	} @tables);
}
my $full_map = join "\n", map { "$_|0|0" } @tables;
my $no_map = qr/^t\|[1-9]\d*\|[1-9]/m;

sub import_into
{
	my ($node, $schema, $options) = @_;
	$node->safe_psql('postgres', "SET client_min_messages = error;
		SELECT count(*) FROM migrate.import_sqlite('$path', schema => '$schema', options => '" . ($options // '{}') . "')");
	return;
}

sub matches
{
	my ($node, $schema) = @_;
	return $node->safe_psql('postgres', "SELECT bool_and(matches), count(*) FROM migrate.verify_sqlite('$path', schema => '$schema')");
}

sub new_node
{
	my ($name, $level, @settings) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(allows_streaming => $level eq 'replica', extra => ['--data-checksums']);
	$node->append_conf('postgresql.conf', $_)
	  foreach ("wal_level = $level", 'max_wal_senders = ' . ($level eq 'minimal' ? 0 : 4), @settings);
	$node->start;
	my $found = $node->safe_psql('postgres', "SELECT count(*) FROM pg_available_extensions WHERE name IN ('amcheck', 'pg_visibility')");
	plan skip_all => "contrib modules @contrib are not installed" if $found < @contrib;
	$node->safe_psql('postgres', "CREATE EXTENSION $_") foreach 'migrate', @contrib;
	return $node;
}

# A standby that compares each page it has replayed with the primary's.
my $primary = new_node('primary', 'replica', "wal_consistency_checking = 'all'");
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
import_into($primary, 'frozen');
import_into($primary, 'plain', '{"freeze": false}');
$primary->safe_psql('postgres', "BEGIN; SAVEPOINT s; SET client_min_messages = error;
	SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'gone'); ROLLBACK TO s; COMMIT");
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
foreach my $node ($primary, $standby)
{
	my $name = $node->name;
	foreach my $schema (qw(frozen plain))
	{
		is(damage($node, $schema), '', "pages of schema $schema are sound on the $name");
		is(matches($node, $schema), 't|5', 'and hold the rows');
	}
	is(map_of($node, 'frozen'), $full_map, "the visibility map on the $name has all pages of frozen rows");
	like(map_of($node, 'plain'), $no_map, 'and none of rows that are not frozen');
}
my $vacuumed = $primary->safe_psql('postgres', 'VACUUM (FREEZE) plain.wide; INSERT INTO frozen.one VALUES (2, \'y\');
	DELETE FROM frozen.wide WHERE a % 2 = 0; VACUUM frozen.wide; SELECT count(*) FROM frozen.wide');
is($vacuumed, 300, 'the tables can be written and vacuumed');
is(damage($primary, 'frozen'), '', 'and are sound afterwards');

# A crash right after the commit, and one with a checkpoint in the middle of the load.
import_into($primary, 'crashed');
$primary->stop('immediate');
$primary->start;
is(damage($primary, 'crashed') . matches($primary, 'crashed'), 't|5', 'after a crash all is there');
is(map_of($primary, 'crashed'), $full_map, 'and in the map');
my $big = make_database('big.db', rows_sql(300_000));
my $import = MigrateTest::Client->psql($primary);
$import->start_import($primary, $big, 'during', 1000);
$primary->safe_psql('postgres', 'CHECKPOINT') foreach 1 .. 3;
like($import->wait, qr/^300000$/m, 'an import during which checkpoints end');
$import->finish;
$primary->safe_psql('postgres', 'CHECKPOINT');
$primary->stop('immediate');
$primary->start;
is( $primary->safe_psql('postgres', "SELECT (SELECT count(*) FROM verify_heapam('during.t')),
		(SELECT matches FROM migrate.verify_sqlite('$big', schema => 'during'))"),
	'0|t', 'loses nothing by a crash');
stop_server($standby);
stop_server($primary);

# Without WAL for a new table, the commit flushes what was written.
my $minimal = new_node('minimal', 'minimal', 'wal_skip_threshold = 0');
import_into($minimal, 'm');
$minimal->stop('immediate');
$minimal->start;
is(damage($minimal, 'm') . matches($minimal, 'm'), 't|5', 'wal_level minimal: after a crash all is there');
is(map_of($minimal, 'm'), $full_map, 'and in the map');
stop_server($minimal);

# A logical decoder sees each row.
SKIP: {
	my $logical = new_node('logical', 'logical');
	my ($code) = $logical->psql('postgres', q{SELECT pg_create_logical_replication_slot('s', 'test_decoding')});
	skip 'module test_decoding is not installed', 3 if $code;
	import_into($logical, 'l');
	is( $logical->safe_psql('postgres', q{SELECT count(*) FILTER (WHERE data LIKE 'table l.t: INSERT:%'),
		count(*) FILTER (WHERE data LIKE 'table l.wide: INSERT:%'), bool_or(data LIKE '%unchanged-toast%')
		FROM pg_logical_slot_get_changes('s', NULL, NULL)}),
		'20000|600|f', 'wal_level logical: a decoder sees every row and every long value');
	is(damage($logical, 'l') . matches($logical, 'l'), 't|5', 'and the pages are sound');
	stop_server($logical);
}
done_testing();

# Rows of a committed import survive an immediate stop, also those of a table that was widened and
# loaded again in the same transaction; with wal_level minimal and replica.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

# Table n is widened by its last row: emptied, made anew and loaded again.
my $path = make_database('widened.db', "PRAGMA journal_mode = OFF; BEGIN;
CREATE TABLE n (id INTEGER PRIMARY KEY, n INTEGER, name TEXT);
CREATE TABLE plain (id INTEGER PRIMARY KEY, body BLOB);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 30000)
INSERT INTO n SELECT i, i, 'name ' || i FROM s;
INSERT INTO n VALUES (30001, 'not a number', 'last');
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 300)
INSERT INTO plain SELECT i, randomblob(i * 40) FROM s;
CREATE INDEX n_n ON n (n); COMMIT;");
my $verify = "SELECT string_agg(matches::text, ',') FROM migrate.verify_sqlite('$path', schema => '%s')";

foreach my $level (qw(minimal replica))
{
	my $node = start_server($level, "wal_level = $level", 'max_wal_senders = 0', 'wal_skip_threshold = 0',
		'autovacuum = off');
	$node->safe_psql('postgres', "CHECKPOINT; SET client_min_messages = warning;
		SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'before', options => '{\"dry_run\": true}');
		BEGIN; SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'undone'); ROLLBACK;
		SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'one');
		BEGIN; SAVEPOINT a; SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'two');
		ROLLBACK TO a; SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'two');
		RELEASE a; COMMIT;
		SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'one', options => '{\"mode\": \"replace\"}');");
	$node->stop('immediate');
	$node->start;
	foreach my $schema (qw(one two))
	{
		is( $node->safe_psql('postgres', "SELECT count(*), count(DISTINCT id), max(length(n)) FROM $schema.n"),
			'30001|30001|12', "wal_level $level: every row of $schema is there after a crash");
		is( $node->safe_psql('postgres', "SET enable_seqscan = off; SELECT id FROM $schema.n WHERE n = 'not a number'"),
			'30001', 'its index finds them');
		is($node->safe_psql('postgres', sprintf($verify, $schema)), 'true,true', 'and they match the file');
	}
	is( $node->safe_psql('postgres', "SELECT to_regnamespace('before'), to_regnamespace('undone'), count(*) FROM migrate.runs"),
		'||4', 'what was undone is not there, its dry run\'s record is');
	# Frozen rows of a subtransaction that aborts must not stay visible.
	is( $node->safe_psql('postgres', "SET client_min_messages = warning;
		BEGIN; CREATE SCHEMA three; SAVEPOINT a; CREATE TABLE three.kept (a int); SAVEPOINT b;
		SELECT 'rows', sum(rows_loaded) FROM migrate.import_sqlite('$path', schema => 'three');
		ROLLBACK TO b; COMMIT; SELECT count(*) FROM pg_class WHERE relnamespace = 'three'::regnamespace"),
		"rows|30301\n1", 'an import that a savepoint undoes leaves no table');
	stop_server($node);
}
done_testing();

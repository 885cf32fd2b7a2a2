# What the TAP tests share: a server with the extension, and SQLite files made by the sqlite3 CLI.
package MigrateTest;

use strict;
use warnings;
use Exporter 'import';
use File::Temp qw(tempdir);
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(start_server make_database data_folder fixture rows_sql);

# A running server with the extension in database postgres; settings as further arguments.
sub start_server
{
	my ($name, @settings) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init;
	$node->append_conf('postgresql.conf', $_) foreach ('fsync = off', @settings);
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION migrate');
	return $node;
}

# A folder of this test that the server can read.
my $folder;
sub data_folder
{
	$folder //= tempdir(CLEANUP => 1);
	return $folder;
}

# Makes a SQLite file from SQL and returns its path.
sub make_database
{
	my ($name, $sql) = @_;
	my $path = data_folder() . "/$name";
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'sqlite3', '-batch', '-bail', '-init', '/dev/null', $path ],
		'<', \$sql, '>', \$out, '2>', \$err)
	  or die "could not make $path: $err";
	return $path;
}

# A fixture of test/data, as make_fixtures.sh made it.
sub fixture { return "$ENV{MIGRATE_FIXTURES}/$_[0]"; }

# SQL that fills table t with so many rows of 8 mixed columns.
sub rows_sql
{
	my ($rows) = @_;
	return "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; BEGIN;
CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, name TEXT, code VARCHAR(20), x REAL,
  amount DECIMAL(10, 2), at DATETIME, day DATE);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < $rows)
INSERT INTO t SELECT i, i * 7 % 1000, 'name of row ' || i, 'c' || (i % 1000), i * 0.5, i % 1000 + 0.25,
  datetime(1700000000 + i, 'unixepoch'), date(1700000000 + i * 60, 'unixepoch') FROM s; COMMIT;";
}

1;

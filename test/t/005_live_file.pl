# The source is somebody's live file: nothing is created beside it, locks are waited for and kept,
# and a change while it is read is an error.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
my $folder = data_folder();

sub import_file
{
	my ($path, $schema, $options) = @_;
	$options //= '{}';
	return $node->psql('postgres',
		"SELECT table_name, rows_loaded, notes FROM migrate.import_sqlite('$path', schema => '$schema', options => '$options')");
}

# A WAL database, cleanly closed: read as it is, nothing left beside it.
mkdir "$folder/wal";
make_database('wal/w.db', 'PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2);');
my $before = listing("$folder/wal");
my ($code, $out, $err) = import_file("$folder/wal/w.db", 'wal_closed');
is($code, 0, 'a cleanly closed WAL database is imported') or diag $err;
like($out, qr/wal_closed\.t\|2\|/, 'with its rows');
like($out, qr/-wal/, 'and a note on the -wal file');
is(listing("$folder/wal"), $before, 'nothing is created or changed beside it');

# The same in a folder that the server cannot write.
chmod 0555, "$folder/wal";
($code, $out, $err) = import_file("$folder/wal/w.db", 'wal_read_only');
is($code, 0, 'a read-only directory with a WAL file works') or diag $err;
chmod 0755, "$folder/wal";

# Open in its application: -wal and -shm are there.
my ($in, $sqlite_out) = ('', '');
my $application = IPC::Run::start([ 'sqlite3', '-batch', '-init', '/dev/null', "$folder/wal/w.db" ],
	'<', \$in, '>', \$sqlite_out, '2>&1');
$in .= "INSERT INTO t VALUES (3);\nSELECT 'inserted';\n";
$application->pump until $sqlite_out =~ /inserted/;
my @names = split /\n/, listing("$folder/wal");
is(scalar @names, 3, 'the application keeps -wal and -shm');
($code, $out, $err) = import_file("$folder/wal/w.db", 'wal_open');
is($code, 0, 'a WAL database in use is imported') or diag $err;
like($out, qr/wal_open\.t\|3\|/, 'with what is in its -wal');
$sqlite_out = '';
$in .= "INSERT INTO t VALUES (4);\nSELECT 'again';\n";
$application->pump until $sqlite_out =~ /again|rror/;
unlike($sqlite_out, qr/rror/, 'and the application can go on writing');
$in .= ".quit\n";
$application->finish;

# A -wal without its -shm
my $orphan = fixture('wal_no_shm.db');
($code, $out, $err) = import_file($orphan, 'wal_orphan');
like($err, qr/-shm/, 'a -wal without its -shm is an error');
like($err, qr/HINT/, 'that says what to do');

# Locked by a writer in rollback mode: waited for, then an error.
my $locked = make_database('locked.db', 'CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1);');
($in, $sqlite_out) = ('', '');
$application = IPC::Run::start([ 'sqlite3', '-batch', '-init', '/dev/null', $locked ],
	'<', \$in, '>', \$sqlite_out, '2>&1');
$in .= "BEGIN EXCLUSIVE;\nSELECT 'locked';\n";
$application->pump until $sqlite_out =~ /locked/;
($code, $out, $err) = import_file($locked, 'locked', '{"lock_timeout": "200ms"}');
like($err, qr/locked/, 'a file that its application holds is an error after lock_timeout');
$in .= "COMMIT;\nSELECT 'free';\n";
$application->pump until $sqlite_out =~ /free/;
($code, $out, $err) = import_file($locked, 'locked');
is($code, 0, 'and imported when it is free') or diag $err;
$in .= ".quit\n";
$application->finish;

# A directory and a file that the server may not read
my $hidden = make_database('hidden.db', 'CREATE TABLE t (a);');
chmod 0000, $hidden;
SKIP: {
	skip 'root reads everything', 2 if $> == 0;
	($code, $out, $err) = import_file($hidden, 'hidden');
	my $user = getpwuid($>);
	like($err, qr/ermission denied/, 'a file without rights is an error');
	like($err, qr/"\Q$user\E"/, "that names the server's user");
}
chmod 0600, $hidden;
($code, $out, $err) = import_file($folder, 'directory');
like($err, qr/is a directory/, 'a directory is an error');

# Hot journal
SKIP: {
	skip 'MIGRATE_TEST_DATA is not set', 2 unless $ENV{MIGRATE_TEST_DATA};
	mkdir "$folder/hot";
	system('cp', glob("$ENV{MIGRATE_TEST_DATA}/sqlite_corrupt/built/hot_journal.db*"), "$folder/hot/");
	$before = listing("$folder/hot");
	($code, $out, $err) = import_file("$folder/hot/hot_journal.db", 'hot');
	like($err, qr/journal/, 'a hot journal is an error');
	is(listing("$folder/hot"), $before, 'and it is left alone');
}

# Whatever its journal mode was, and whatever reads it: nothing is left beside the file.
foreach my $mode (qw(delete truncate persist memory off wal))
{
	mkdir "$folder/$mode";
	my $file = make_database("$mode/m.db", "PRAGMA journal_mode = $mode; PRAGMA page_size = 512; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
		INSERT INTO t VALUES (1, 'x'); UPDATE t SET b = 'y';");
	chmod 0555, "$folder/$mode" if $mode eq 'persist';
	$before = listing("$folder/$mode");
	($code, $out, $err) = $node->psql('postgres', "SET client_min_messages = error; SELECT count(*) FROM migrate.inspect_sqlite('$file');
		SELECT count(*) > 0 FROM migrate.plan_sqlite('$file', schema => 'm_$mode');
		SELECT rows_loaded FROM migrate.import_sqlite('$file', schema => 'm_$mode');
		SELECT matches FROM migrate.verify_sqlite('$file', schema => 'm_$mode');
		SELECT pages > 0 FROM migrate.backup_sqlite('$file', '$folder/$mode.backup')");
	is($out, "2\nt\n1\nt\nt", "every function reads a file in journal mode $mode") or diag $err;
	is(listing("$folder/$mode"), $before, 'and leaves its folder as it was');
	chmod 0755, "$folder/$mode";
}

# Backup of a file in use
my $target = "$folder/backup.db";
$out = $node->safe_psql('postgres', "SELECT bytes, pages, length(sha256) FROM migrate.backup_sqlite('$folder/wal/w.db', '$target')");
like($out, qr/^\d+\|\d+\|64$/, 'a backup is made');
($code, $out, $err) = import_file($target, 'backup');
like($out, qr/backup\.t\|4\|/, 'and imports');
($code, $out, $err) = $node->psql('postgres', "SELECT * FROM migrate.backup_sqlite('$folder/wal/w.db', '$target')");
like($err, qr/could not create file .*: File exists/, 'it never overwrites');
stop_server($node);
done_testing();

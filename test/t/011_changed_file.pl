# A source that changes while it is read: an error, never a mixture, never a crash. The file's own
# locks keep a writer out until the last row is read, and no longer.
use strict;
use warnings;
use Fcntl qw(SEEK_SET);
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
my $rows = 600_000;

# An import whose rows are on their way.
sub begin_import
{
	my ($path, $schema) = @_;
	my $session = MigrateTest::Client->psql($node);
	$session->start_import($node, $path, $schema, 10_000);
	return $session;
}

# One statement of another program; "database is locked" at once where it may not write.
sub write_to
{
	my ($path, $sql) = @_;
	my $application = start_application($path);
	my $text = $application->query($sql);
	$application->finish;
	return $text;
}

my $insert = "INSERT INTO t (id, name) VALUES (10000000, 'new');";

# Rollback mode: a writer is locked out while rows are read, and let in when they are. What the
# transaction does afterwards with the same path disturbs nobody.
my $path = make_database('rollback.db', rows_sql($rows));
my $session = begin_import($path, 'rollback');
like(write_to($path, $insert), qr/database is locked/, 'a writer is locked out while rows are read');
$session->send("SELECT 'read', length(pg_read_binary_file('$path', 0, 16));");
my $text = $session->wait;
like($text, qr/^$rows$/m, 'the import ends');
like($text, qr/^read\|16$/m, 'and the session may read the file itself');
is(write_to($path, $insert), '', 'the writer gets in afterwards');
is( $session->query("BEGIN; SET client_min_messages = error;
	SELECT rows_loaded FROM migrate.import_sqlite('$path', schema => 'again');"),
	$rows + 1, 'the next import reads what it wrote');
is(write_to($path, "DELETE FROM t WHERE id = 10000000;"), '',
	'while a transaction that has imported is open, the file is free');
$session->finish;

# What drops our lock (closing any descriptor of the file in the same process does) lets a writer
# in: that is found.
$node->safe_psql('postgres', "CREATE FUNCTION peek() RETURNS event_trigger LANGUAGE plpgsql AS
	\$\$ BEGIN PERFORM pg_read_binary_file('$path', 0, 16); END \$\$;
	CREATE EVENT TRIGGER peek ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION peek()");
$session = begin_import($path, 'torn');
is(write_to($path, $insert), '', 'a writer gets in when somebody in the backend closes the file');
like($session->wait, qr/was changed while it was read/, 'the import says so');
$session->finish;
$node->safe_psql('postgres', 'DROP EVENT TRIGGER peek');

# A WAL database without -wal is read as it is, without any lock.
my $wal = make_database('wal.db', rows_sql($rows) . 'PRAGMA journal_mode = WAL;');
$session = begin_import($wal, 'wal');
is(write_to($wal, "$insert PRAGMA wal_checkpoint(TRUNCATE);"), '0|0|0', 'a writer of a WAL database is not locked out');
like($session->wait, qr/ERROR: .*was changed while it was read/, 'the import says that the file was changed');
is($session->query("SELECT to_regnamespace('wal') IS NULL;"), 't', 'and leaves nothing');
$session->finish;

# Truncated while it is read: an error, and the server stays up (a mapped file would be SIGBUS).
my $started = $node->safe_psql('postgres', 'SELECT pg_postmaster_start_time()');
foreach my $file ($path, $wal)
{
	$session = begin_import($file, 'cut');
	truncate $file, 1_000_000 or die "could not truncate: $!";
	like($session->wait, qr/ERROR: .*(malformed|corrupt|truncated|changed|damaged)/,
		'a file that is cut off while it is read is an error');
	is($session->query("SELECT to_regnamespace('cut') IS NULL;"), 't', 'in a session that goes on');
	$session->finish;
}
is($node->safe_psql('postgres', 'SELECT pg_postmaster_start_time()'), $started, 'the server never went down');

# Overwritten in place by something that knows nothing of SQLite
$path = make_database('overwritten.db', rows_sql($rows));
$session = begin_import($path, 'overwritten');
open(my $handle, '+<', $path) or die;
binmode $handle;
seek $handle, -s $path >> 1, SEEK_SET;
print $handle "\xff" x 8_000_000;
close $handle;
like($session->wait, qr/ERROR: /, 'a file that is overwritten while it is read is an error');
is($session->query("SELECT to_regnamespace('overwritten') IS NULL;"), 't', 'that leaves nothing');
$session->finish;
stop_server($node);
done_testing();

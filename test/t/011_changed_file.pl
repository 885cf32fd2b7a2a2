# A source that changes while it is read: an error, never a mixture, never a crash. The file's own
# locks keep a writer out until the last row is read, and no longer.
use strict;
use warnings;
use Fcntl qw(SEEK_SET);
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
my $rows = 40_000;

# An import is stopped in the middle of its reading: every table "t" that is made gets a trigger
# that waits, at each batch, while this session holds a lock.
my $gate = MigrateTest::Client->psql($node);
$node->safe_psql('postgres', <<'END');
CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NULL; END $$;
CREATE FUNCTION add_gate() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity ~ '\.t$') THEN
        EXECUTE (SELECT format('CREATE TRIGGER gate AFTER INSERT ON %s EXECUTE FUNCTION public.wait_here()', object_identity)
            FROM pg_event_trigger_ddl_commands() WHERE object_identity ~ '\.t$');
    END IF;
END $$;
CREATE EVENT TRIGGER add_gate ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION add_gate();
END

# An import that has read its first rows and waits.
sub begin_import
{
	my ($path, $schema) = @_;
	my $session = MigrateTest::Client->psql($node);
	$gate->query('SELECT pg_advisory_lock(42);');
	$session->send("SELECT rows_loaded FROM migrate.import_sqlite('$path', schema => '$schema');");
	$gate->until("SELECT count(*) = 1 FROM pg_locks WHERE pid = $session->{pid} AND locktype = 'advisory' AND NOT granted;", $session)
	  or die 'the import did not wait: ' . $session->wait;
	return $session;
}

# Lets it go on, and gives what it said.
sub end_import
{
	my ($session) = @_;
	$gate->query('SELECT pg_advisory_unlock(42);');
	return $session->wait;
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
like(end_import($session), qr/^$rows$/m, 'the import ends');
is($session->query("SELECT length(pg_read_binary_file('$path', 0, 16));"), 16, 'and the session may read the file itself');
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
like(end_import($session), qr/was changed while it was read/, 'the import says so');
$session->finish;
$node->safe_psql('postgres', 'DROP EVENT TRIGGER peek');

# A WAL database without -wal is read as it is, without any lock.
my $wal = make_database('wal.db', rows_sql($rows) . 'PRAGMA journal_mode = WAL;');
$session = begin_import($wal, 'wal');
is(write_to($wal, "$insert PRAGMA wal_checkpoint(TRUNCATE);"), '0|0|0', 'a writer of a WAL database is not locked out');
like(end_import($session), qr/ERROR: .*was changed while it was read/, 'the import says that the file was changed');
is($session->query("SELECT to_regnamespace('wal') IS NULL;"), 't', 'and leaves nothing');
$session->finish;

# Truncated while it is read: an error, and the server stays up (a mapped file would be SIGBUS).
my $started = $node->safe_psql('postgres', 'SELECT pg_postmaster_start_time()');
my $without_rowid = "PRAGMA journal_mode = OFF; CREATE TABLE t (a TEXT PRIMARY KEY, b BLOB) WITHOUT ROWID;
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < $rows) INSERT INTO t SELECT printf('%08d', i), randomblob(20) FROM s;";
# What is missing reads as zeros: the last bytes of a value, too.
foreach my $cut (600_000, -2048, -100, -4)
{
	unlink $path, $wal;
	make_database('rollback.db', rows_sql($rows));
	make_database('wal.db', rows_sql($rows) . 'PRAGMA journal_mode = WAL;');
	unlink data_folder() . '/without_rowid.db';
	foreach my $file ($path, $wal, make_database('without_rowid.db', $without_rowid))
	{
		$session = begin_import($file, 'cut');
		truncate $file, $cut < 0 ? (-s $file) + $cut : $cut or die "could not truncate: $!";
		like(end_import($session), qr/ERROR: /, 'a file that is cut off while it is read is an error');
		is($session->query("SELECT to_regnamespace('cut') IS NULL;"), 't', 'in a session that goes on');
		$session->finish;
	}
}
is($node->safe_psql('postgres', 'SELECT pg_postmaster_start_time()'), $started, 'the server never went down');

# Overwritten in place by something that knows nothing of SQLite
$path = make_database('overwritten.db', rows_sql($rows));
$session = begin_import($path, 'overwritten');
open(my $handle, '+<', $path) or die;
binmode $handle;
seek $handle, -s $path >> 1, SEEK_SET;
print $handle "\xff" x 400_000;
close $handle;
like(end_import($session), qr/ERROR: /, 'a file that is overwritten while it is read is an error');
is($session->query("SELECT to_regnamespace('overwritten') IS NULL;"), 't', 'that leaves nothing');
$session->finish;
$gate->finish;
stop_server($node);
done_testing();

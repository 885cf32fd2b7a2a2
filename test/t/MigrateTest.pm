# What the TAP tests share: a server with the extension, sessions that go on in the background, and
# SQLite files made by the sqlite3 CLI.
package MigrateTest;

use strict;
use warnings;
use Exporter 'import';
use File::Temp qw(tempdir);
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(start_server stop_server make_database data_folder fixture rows_sql listing
  start_application);

# A running server with the extension in database postgres; settings as further arguments.
sub start_server
{
	my ($name, @settings) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init;
	$node->append_conf('postgresql.conf', $_)
	  foreach ('fsync = off', 'log_statement = none', 'max_prepared_transactions = 4', @settings);
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION migrate');
	return $node;
}

# What no test may leave in the server's log: crashes, failed assertions, and warnings about things
# that the extension left open.
my $accident = qr/TRAP: |PANIC: |was terminated by signal (?!9)|resource was not closed|leak(ed|:)
	|not owned by resource owner|transaction left non-empty|internal error|cache lookup failed/x;

# Stops the server; a test of its own: nothing went wrong in it unseen.
sub stop_server
{
	my ($node) = @_;
	$node->stop;
	my @found = grep { /$accident/ } split /\n/, slurp_file($node->logfile);
	is(join("\n", @found), '', 'the log of ' . $node->name . ' has no crash and no leak');
	return;
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

# Names, modes, owners, sizes and times of everything in a folder.
sub listing
{
	my ($directory) = @_;
	opendir(my $handle, $directory) or die "could not open $directory: $!";
	my @names = sort grep { !/^\.\.?$/ } readdir($handle);
	closedir $handle;
	return join "\n", map { my @s = stat "$directory/$_"; "$_ @s[2, 4, 7, 9]" } @names;
}

# A sqlite3 CLI that stays open on a file.
sub start_application { return MigrateTest::Client->new('sqlite3', '-batch', '-init', '/dev/null', @_); }

# A program that reads commands and prints their results, for as long as the test wants it.
package MigrateTest::Client;

use strict;
use warnings;

sub new
{
	my ($class, @command) = @_;
	my $self = bless { in => '', out => '', err => '', echoes => 0, echo => "SELECT '%s';" }, $class;
	$self->{run} = IPC::Run::start(\@command, '<', \$self->{in}, '>', \$self->{out}, '2>', \$self->{err},
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	return $self;
}

# A psql of the server; its errors do not end it.
sub psql
{
	my ($class, $node, @options) = @_;
	my $self = $class->new('psql', '-XAtq', @options, '-d', $node->connstr('postgres'));
	$self->{echo} = '\echo %s';
	$self->{pid} = $self->query('SELECT pg_backend_pid();');
	return $self;
}

# Sends a command and does not wait for its end.
sub send
{
	my ($self, $sql) = @_;
	$self->{in} .= "$sql\n" . sprintf($self->{echo}, 'done ' . ++$self->{echoes}) . "\n";
	$self->{run}->pump_nb;
	return;
}

# Waits for the end of all that was sent; what it printed, errors after the results.
sub wait
{
	my ($self) = @_;
	my $end = "done $self->{echoes}\n";
	$self->{run}->pump until index($self->{out}, $end) >= 0 || !$self->{run}->pumpable;
	$self->{run}->pump_nb;
	my $text = $self->{out} . $self->{err};
	$self->{$_} = '' foreach qw(out err);
	$text =~ s/^done \d+\n//mg;
	chomp $text;
	return $text;
}

sub query
{
	my ($self, $sql) = @_;
	$self->send($sql);
	return $self->wait;
}

# Asks again and again, without a pause, until the answer is true: a load that one waits for may be
# over in a fraction of a second. False when `other`, a session at work, ended meanwhile.
sub until
{
	my ($self, $sql, $other) = @_;
	my $deadline = time + $PostgreSQL::Test::Utils::timeout_default;
	while (time < $deadline)
	{
		return 1 if $self->query($sql) eq 't';
		return 0 if $other && $other->is_done;
	}
	return 0;
}

sub is_done
{
	my ($self) = @_;
	$self->{run}->pump_nb;
	return index($self->{out}, "done $self->{echoes}\n") >= 0;
}

# Sends an import, and waits until so many of its rows are there.
sub start_import
{
	my ($self, $node, $path, $schema, $rows) = @_;
	my $watcher = MigrateTest::Client->psql($node);
	$self->send("SELECT rows_loaded FROM migrate.import_sqlite('$path', schema => '$schema');");
	$watcher->until("SELECT tuples_processed >= $rows FROM pg_stat_progress_copy WHERE pid = $self->{pid};", $self)
	  or die 'the import was never seen at work: ' . $self->wait;
	$watcher->finish;
	return;
}

sub finish
{
	my ($self) = @_;
	$self->{in} = '';
	eval { $self->{run}->finish };
	return $self->{out} . $self->{err};
}

# Ends the program at once, as when a client's machine goes away.
sub kill
{
	my ($self) = @_;
	$self->{run}->kill_kill(grace => 0);
	return;
}

1;

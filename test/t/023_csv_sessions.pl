# A CSV import among other things that happen: cancelled, killed, run twice at once, its file changed
# under it, large files and many, savepoints, standbys, dumps, other roles.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf', $_)
  foreach ('fsync = off', 'log_statement = none', 'restart_after_crash = on', 'client_min_messages = warning');
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION migrate');
my $folder = data_folder();

sub write_csv
{
	my ($name, @parts) = @_;
	my $path = "$folder/$name";
	open my $handle, '>:raw', $path or die "could not write $path: $!";
	print $handle $_ foreach @parts;
	close $handle;
	return $path;
}

# Rows of four columns, about 50 bytes each.
sub rows
{
	my ($first, $last) = @_;
	return join '', map { "$_,name of row $_," . $_ * 0.25 . ",2024-01-" . sprintf("%02d", $_ % 28 + 1) . "\n" } $first .. $last;
}

# The error of a statement; empty when there is none.
sub failure
{
	my ($sql, @options) = @_;
	my (undef, undef, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\n$sql", @options);
	return $err;
}

sub ask { return $node->safe_psql('postgres', @_); }

sub import
{
	my ($path, $target, $options) = @_;
	return "SELECT sum(rows_loaded), count(notes ~ 'loaded this file: passed over' OR NULL) FROM migrate.import_csv('$path', '$target', '"
	  . ($options // '{}') . "')";
}

my $header = "id,name,amount,day\n";
my $big = write_csv('big.csv', $header, map { rows($_ * 1000, $_ * 1000 + 999) } 1 .. 800);
my $rows = 800_000;
my $types = '{"types": {"id": "bigint", "name": "text", "amount": "numeric", "day": "date"}}';
my $nothing = "SELECT to_regnamespace('s') IS NULL AND to_regclass('public.big') IS NULL
	AND NOT EXISTS (SELECT FROM migrate.runs) AND NOT EXISTS (SELECT FROM migrate.rejects)";

# Sends an import and waits until some of its rows are there.
sub start_loading
{
	my ($session, $sql) = @_;
	my $watcher = MigrateTest::Client->psql($node);
	$session->send("$sql;");
	$watcher->until("SELECT tuples_processed >= 20000 FROM pg_stat_progress_copy WHERE pid = $session->{pid};", $session)
	  or die 'the import was never seen at work: ' . $session->wait;
	$watcher->finish;
	return;
}

# --- an end in the middle -----------------------------------------------------------------------

my $session = MigrateTest::Client->psql($node);
foreach my $options ('{}', $types, '{"on_error": "reject"}', '{"raw": true}')
{
	start_loading($session, import($big, 's.big', $options));
	my $start = time;
	ask("SELECT pg_cancel_backend($session->{pid})");
	like($session->wait, qr/canceling statement due to user request/, "an import with $options is cancelled");
	my $took = time - $start;
	cmp_ok($took, '<', 2, "at once (took $took)");
}
is($session->query("$nothing;"), 't', 'and nothing of them stays');

foreach my $call ("sniff_csv('$big')", "check_csv('$big')", "import_csv('$big', 'big')", "import_csv('$big', 'big', '$types')")
{
	# What looks at the first megabyte alone is soon done.
	my $limit = $call =~ /^sniff/ ? '5ms' : '100ms';
	my $start = time;
	like(failure("SET statement_timeout = '$limit'; SELECT * FROM migrate.$call"), qr/ERROR:  57014/, "statement_timeout stops $call");
	cmp_ok(time - $start, '<', 2, 'within a second of the limit');
}
is(ask($nothing), 't', 'and nothing stays');

ask('CREATE TABLE before AS SELECT 1 AS x; CREATE TABLE there (id bigint, name text, amount numeric, day date)');
foreach my $target (qw(s.big there))
{
	$session = MigrateTest::Client->psql($node);
	start_loading($session, import($big, $target));
	kill 'KILL', $session->{pid};
	unlike($session->finish, qr/^$rows\|/m, "an import into $target does not end before it is killed");
	ok($node->poll_query_until('postgres', 'SELECT true'), 'the server recovers');
	is(ask("$nothing AND NOT EXISTS (SELECT FROM there) AND EXISTS (SELECT FROM before)"), 't', 'nothing of it stays');
}
is(ask(import($big, 's.big')), "$rows|0", 'and the import can run again');

# --- two at once --------------------------------------------------------------------------------

mkdir "$folder/nightly";
write_csv("nightly/$_.csv", $header, rows($_ * 100, $_ * 100 + 99)) foreach 1 .. 9;
my $glob = "$folder/nightly/*.csv";
my @sessions = map { MigrateTest::Client->psql($node) } 1 .. 3;

# The second waits for the first and then finds its files loaded, whatever its snapshot is.
foreach my $level ('READ COMMITTED', 'REPEATABLE READ')
{
	my $target = 'nightly_' . lc substr $level, 0, 4;
	ask("CREATE TABLE $target (id bigint, name text, amount numeric, day date)");
	$_->query("BEGIN ISOLATION LEVEL $level; SELECT count(*) FROM $target;") foreach @sessions[ 0, 1 ];
	is($sessions[0]->query(import($glob, $target) . ';'), '900|0', "$level: one session loads the files of a glob");
	$sessions[1]->send(import($glob, $target) . ';');
	ok($node->poll_query_until('postgres', "SELECT wait_event = 'advisory' FROM pg_stat_activity WHERE pid = $sessions[1]->{pid}"),
		'another waits');
	$sessions[0]->query('COMMIT;');
	is($sessions[1]->wait, '0|9', 'and finds them loaded');
	$sessions[1]->query('COMMIT;');
	is(ask("SELECT count(*), count(DISTINCT id) FROM $target"), '900|900', 'each file is loaded once');
}

# Without waiting for each other's start, and into a table that is not there yet.
foreach my $round (1 .. 3)
{
	$_->send(import($glob, "race$round") . ';') foreach @sessions;
	my @answers = sort map { $_->wait } @sessions;
	is("@answers", '0|9 0|9 900|0', 'of three sessions one makes the table and loads the files') or diag("@answers");
	is(ask("SELECT count(*), count(DISTINCT id) FROM race$round"), '900|900', 'each file once');
}

my ($one, $two) = map { "$folder/nightly/$_.csv" } 1, 2;
foreach my $end ('COMMIT', 'ROLLBACK')
{
	$sessions[0]->query('BEGIN;');
	is($sessions[0]->query(import($one, "fresh.$end") . ';'), '100|0', 'a session makes a table and its schema');
	$sessions[1]->send(import($two, "fresh.$end") . ';');
	ok($node->poll_query_until('postgres', "SELECT wait_event = 'advisory' FROM pg_stat_activity WHERE pid = $sessions[1]->{pid}"),
		'another that wants to waits');
	$sessions[0]->query("$end;");
	is($sessions[1]->wait, '100|0', 'and goes on');
	is(ask("SELECT count(*) FROM fresh." . lc $end), $end eq 'COMMIT' ? '200' : '100', "after $end with the rows that were committed");
}
$sessions[0]->query('BEGIN;');
$sessions[0]->query(import($one, 'held') . ';');
like(failure(import($one, 'held', '{"lock_timeout": "200ms"}')), qr/ERROR:  55P03/, 'option lock_timeout ends the wait');
$sessions[0]->query('ROLLBACK;');
$_->finish foreach @sessions;

# --- a file that changes ------------------------------------------------------------------------

# The first batch of an import waits in a trigger while this session holds a lock.
my $gate = MigrateTest::Client->psql($node);
ask(<<'END');
CREATE TABLE gated (id bigint, name text, amount numeric, day date);
CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NULL; END $$;
CREATE TRIGGER gate AFTER INSERT ON gated EXECUTE FUNCTION wait_here();
END
my %changes = (
	appended => sub { open my $handle, '>>', $_[0]; print $handle rows(1, 2); close $handle; },
	truncated => sub { truncate $_[0], 1_000_000; },
	emptied => sub { truncate $_[0], 0; },
	overwritten => sub { open my $handle, '+<', $_[0]; print $handle 'x' x 100; close $handle; },
	replaced => sub { write_csv('other.csv', $header, rows(1, 10)); rename "$folder/other.csv", $_[0]; },
	removed => sub { unlink $_[0]; },
);
foreach my $change (sort keys %changes)
{
	my $path = write_csv('changing.csv', $header, rows(1, 100_000));
	$session = MigrateTest::Client->psql($node, '-v', 'VERBOSITY=verbose');
	$gate->query('SELECT pg_advisory_lock(42);');
	$session->send(import($path, 'gated') . ';');
	$gate->until("SELECT count(*) = 1 FROM pg_locks WHERE pid = $session->{pid} AND locktype = 'advisory' AND NOT granted;", $session)
	  or die 'the import did not wait: ' . $session->wait;
	$changes{$change}->($path);
	$gate->query('SELECT pg_advisory_unlock(42);');
	like($session->wait, qr/ERROR:  55006: file ".*" was changed while it was read/, "a file that is $change while it is read is an error");
	is($session->query('SELECT count(*) FROM gated;'), '0', 'that leaves nothing');
	$session->finish;
}
$gate->finish;

# --- memory, and many files ---------------------------------------------------------------------

# The growth of the backend's anonymous memory while a statement runs, in kB, and what it gave.
sub growth
{
	my ($sql) = @_;
	my $status = "SELECT 'kb', substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\\s+(\\d+)')::bigint";
	my $out = ask("$status;\n$sql;\n$status;");
	my @kb = $out =~ /^kb\|(\d+)$/mg;
	$out =~ s/^kb\|.*\n?//mg;
	chomp $out;
	return ($kb[1] - $kb[0], $out);
}

my $block = rows(1_000_000, 1_019_999);
my $copies = int 200_000_000 / length $block;
my $plain = write_csv('plain.csv', $header, ($block) x $copies);
ask(import($one, 'warm')); # caches of the catalog
foreach my $options ($types, '{}')
{
	my ($kb, $out) = growth(import($plain, 'plain', $options));
	is($out, 20_000 * $copies . '|0', 'a file of ' . int((-s $plain) / 1e6) . ' MB is loaded');
	cmp_ok($kb, '<', 65536, "with $kb kB of memory");
	ask('DROP TABLE plain');
}
unlink $plain;

# Fields in quotes with line ends; every tenth record does not fit.
my $quoted_block = join '', map { my $n = $_ % 10 ? $_ : 'none'; "\"$n\",\"a \"\"name\"\"\nin two lines, $_\",\"0.5\",\"2024-01-01\"\n" } 1 .. 20_000;
$copies = int 64_000_000 / length $quoted_block;
my $quoted = write_csv('quoted.csv', $header, ($quoted_block) x $copies);
my ($kb, $out) = growth(import($quoted, 'quoted', $types =~ s/}}$/}, "on_error": "reject"}/r));
is($out, 18_000 * $copies . '|0', 'a quoted file of ' . int((-s $quoted) / 1e6) . ' MB with rejects is loaded');
cmp_ok($kb, '<', 65536, "with $kb kB of memory");
is(ask("SELECT count(*) FROM migrate.rejects"), 2_000 * $copies, 'and all rejects are kept');
unlink $quoted;

mkdir "$folder/many";
write_csv(sprintf('many/%04d.csv', $_), $header, rows($_, $_ + 4)) foreach 1 .. 3000;
my $start = time;
my ($kb_many, $sums) = growth(import("$folder/many", 'many', '{"filename_column": "file"}'));
my $took = time - $start;
is($sums, '15000|0', '3,000 files of a folder are loaded');
cmp_ok($kb_many, '<', 65536, "with $kb_many kB of memory");
cmp_ok($took, '<', 120, "in $took seconds");
is(ask(import("$folder/many", 'many', '{"filename_column": "file"}')), '0|3000', 'and none a second time');

my $long = write_csv('long.csv', "a,b\n1,x\n2,", 'y' x 70_000_000, "\n3,z\n");
like(failure(import($long, 'long')), qr/ERROR:  [0-9A-Z]{5}: .*max_line_size|HINT:  .*max_line_size/s, 'a line over max_line_size is an error that names the option');
is(ask("SELECT rows_loaded, rows_rejected FROM migrate.import_csv('$long', 'long', '{\"on_error\": \"reject\"}')"), '2|1', 'or a reject');
is(ask("SELECT rows_loaded FROM migrate.import_csv('$long', 'longer', '{\"max_line_size\": \"100 MB\"}')"), '3', 'or loaded');
is(ask('SELECT max(length(b)) FROM longer'), '70000000', 'whole');
unlink $long;

# --- transactions -------------------------------------------------------------------------------

my $count = 'SELECT count(*) FROM undone';
ask('CREATE TABLE undone (id bigint, name text, amount numeric, day date)');
is(ask("BEGIN; SAVEPOINT s; " . import($one, 'undone') . "; ROLLBACK TO s; $count; " . import($one, 'undone') . "; COMMIT; $count"),
	"100|0\n0\n100|0\n100", 'a savepoint takes back rows and the memory of the file');
is(ask("BEGIN; " . import($one, 'fresh_one') . "; SAVEPOINT s; " . import($two, 'fresh_one') . "; ROLLBACK TO s; " . import($two, 'fresh_one') . ";
	SELECT count(*) FROM fresh_one; ROLLBACK; SELECT to_regclass('fresh_one') IS NULL"),
	"100|0\n100|0\n100|0\n200\nt", 'also with a table that is new in the transaction');
is(ask("BEGIN; SAVEPOINT s; " . import($one, 'frozen') . "; ROLLBACK TO s; CREATE TABLE frozen (x int); SELECT count(*) FROM frozen; ROLLBACK"),
	"100|0\n0", 'no frozen row outlives its subtransaction');
my $broken = write_csv('broken.csv', $header, rows(1, 50_000), "none,x,y,z\n");
is(ask(<<"END"), "22P02\n0|100", 'plpgsql catches the error of an import and goes on');
CREATE FUNCTION try_import(path text) RETURNS text LANGUAGE plpgsql AS \$\$
BEGIN
	PERFORM migrate.import_csv(path, 'undone', '{"types": {"id": "bigint"}}');
	RETURN 'loaded';
EXCEPTION WHEN invalid_text_representation THEN
	RETURN SQLSTATE;
END \$\$;
TRUNCATE undone;
SELECT try_import('$broken');
SELECT count(*), (SELECT rows_loaded FROM migrate.import_csv('$one', 'undone', '{"loaded_files": "load"}')) FROM undone;
END

# Files of the folder that a session holds open.
sub open_files
{
	my ($pid) = @_;
	return scalar grep { index(readlink($_) // '', $folder) == 0 } glob "/proc/$pid/fd/*";
}
$session = MigrateTest::Client->psql($node);
is($session->query("SELECT count(*) FROM generate_series(1, 100) g WHERE try_import('$broken') = '22P02';"), '100', 'a hundred errors are caught');
is($session->query("SELECT count(*) FROM migrate.import_csv('$folder/many', 'closed', '{\"mode\": \"create\"}');"), '3000', 'many files are imported');
is(open_files($session->{pid}), 0, 'and no file is open any more');
$session->finish;

# --- what may not write -------------------------------------------------------------------------

like(failure('BEGIN READ ONLY; ' . import($one, 'undone')), qr/ERROR:  25006/, 'a read-only transaction imports nothing');
is(ask("BEGIN READ ONLY; SELECT header FROM migrate.sniff_csv('$one'); SELECT count(*) FROM migrate.check_csv('$one', 'undone')"),
	"t\n0", 'but sniffs and checks');
is(ask("BEGIN READ ONLY; SELECT line_first, column_name, sqlstate FROM migrate.check_csv('$broken', 'undone')"),
	"50002|id|22P02\n50002|amount|22P02\n50002|day|22007", 'and names what does not fit');

$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
ask('TRUNCATE undone; ' . import($two, 'undone', '{"loaded_files": "load"}'));
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is($standby->safe_psql('postgres', 'SELECT count(*) FROM undone'), '100', 'a standby gets the rows');
is($standby->safe_psql('postgres', "SELECT header FROM migrate.sniff_csv('$one'); SELECT count(*) FROM migrate.check_csv('$one', 'undone');
	SELECT count(*) FROM migrate.check_csv('$one'); SELECT line_first FROM migrate.check_csv('$broken', 'undone') LIMIT 1"),
	"t\n0\n0\n50002", 'sniff_csv and check_csv work on it');
foreach my $call (import($one, 'x'), import($one, 'x', '{"dry_run": true}'), 'SELECT * FROM migrate.retry_rejects(1)')
{
	my (undef, undef, $err) = $standby->psql('postgres', "\\set VERBOSITY verbose\n$call");
	like($err, qr/ERROR:  25006/, 'what writes is refused on it');
}
stop_server($standby);

# --- dump and restore ---------------------------------------------------------------------------

ask('CREATE DATABASE shop', extra_params => []);
$node->safe_psql('shop', 'CREATE EXTENSION migrate; ' . import($glob, 'loaded'));
command_ok([ 'pg_dump', '-Fc', '-f', "$folder/shop.dump", '-d', $node->connstr('shop') ], 'a database is dumped');
ask('CREATE DATABASE restored');
command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('restored'), "$folder/shop.dump" ], 'and restored');
write_csv('nightly/10.csv', $header, rows(1000, 1099));
is($node->safe_psql('restored', import($glob, 'loaded')), '100|9', 'the restored one knows which files it holds');

# --- rights -------------------------------------------------------------------------------------

ask(<<'END');
CREATE ROLE reader; GRANT pg_read_server_files TO reader; CREATE ROLE plain; CREATE ROLE other; CREATE ROLE team; GRANT team TO reader;
GRANT CREATE ON SCHEMA public TO reader, team;
CREATE TABLE guarded (id bigint, name text, amount numeric, day date);
CREATE TABLE ruled (LIKE guarded); ALTER TABLE ruled ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON ruled FOR INSERT TO reader WITH CHECK (id <= 150); GRANT INSERT, SELECT ON ruled TO reader;
END
sub as { return "SET ROLE $_[0]; $_[1]"; }
like(failure(as('plain', import($one, 'mine'))), qr/ERROR:  42501: permission denied to read server files/, 'a role without pg_read_server_files reads nothing');
like(failure(as('plain', "SELECT * FROM migrate.$_('$one')")), qr/ERROR:  42501/, "nor by $_") foreach qw(sniff_csv check_csv);
like(failure(as('reader', import($one, 'guarded'))), qr/ERROR:  42501: permission denied for table guarded/, 'nobody writes into a table without INSERT');
like(failure(as('reader', import($one, 'guarded', '{"mode": "truncate"}'))), qr/ERROR:  42501/, 'nor empties it');
ask('GRANT INSERT (id, name) ON guarded TO reader');
like(failure(as('reader', import($one, 'guarded'))), qr/ERROR:  42501/, 'INSERT on some columns is not enough for others');
my $narrow = write_csv('narrow.csv', "id,name\n1,x\n");
is(ask(as('reader', import($narrow, 'guarded'))), '1|0', 'but for those columns');
like(failure(as('reader', import($one, 'elsewhere.t'))), qr/ERROR:  42501: permission denied for database/, 'a schema needs CREATE on the database');
is(ask(as('reader', import($one, 'mine')) . "; SELECT tableowner FROM pg_tables WHERE tablename = 'mine'"), "100|0\nreader", 'a new table is its maker\'s');
is(ask(as('reader', import($one, 'teams', '{"owner": "team"}')) . "; SELECT tableowner FROM pg_tables WHERE tablename = 'teams'"), "100|0\nteam",
	'or of a role of his');
like(failure(as('reader', import($one, 'others', '{"owner": "other"}'))), qr/ERROR:  42501/, 'but not of another');
ask('TRUNCATE ruled');
my $allowed = write_csv('allowed.csv', $header, rows(1, 50));
is(ask(as('reader', import($allowed, 'ruled'))), '50|0', 'row security lets pass what it allows');
like(failure(as('reader', import($one, 'ruled', "{\"on_error\": \"$_\"}"))), qr/ERROR:  42501: new row violates row-level security policy/,
	"and refuses the rest, with on_error $_") foreach qw(stop reject);
is(ask('SELECT count(*) FROM ruled'), '50', 'of which nothing stays');
is(ask(as('other', 'SELECT count(*) FROM migrate.runs') . '; RESET ROLE; SELECT count(*) > 10 FROM migrate.runs'), "0\nt", 'nobody else sees the runs');

# --- event triggers that change a new table -----------------------------------------------------

ask(<<'END');
CREATE FUNCTION change_table() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
	name text := (SELECT object_identity FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table' LIMIT 1);
BEGIN
	EXECUTE format(current_setting('test.change'), name, split_part(name, '.', 2));
END $$;
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;
CREATE EVENT TRIGGER change_table ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION change_table();
END
my %expected = (
	'CREATE UNIQUE INDEX ON %s (id)' => 'SET enable_seqscan = off; SELECT count(*) FROM changed WHERE id = 150|1',
	'ALTER TABLE %s ADD CHECK (id > 0)' => 'SELECT count(*) FROM changed|100',
	'ALTER TABLE %s ADD COLUMN made timestamptz NOT NULL DEFAULT now()' => 'SELECT count(made) FROM changed|100',
	'CREATE TRIGGER t BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION public.shout()' => "SELECT name FROM changed WHERE id = 101|NAME OF ROW 101",
	'ALTER TABLE %s ENABLE ROW LEVEL SECURITY' => 'SELECT count(*) FROM changed|100',
	'ALTER TABLE %s SET UNLOGGED' => 'SELECT count(*) FROM changed|100',
);
foreach my $change (sort keys %expected)
{
	my ($query, $answer) = $expected{$change} =~ /(.*)\|(.*)/;
	my (undef, $out, $err) = $node->psql('postgres', "SET test.change = '$change'; BEGIN; " . import($one, 'changed') . "; $query; ROLLBACK");
	is("$out$err", "100|0\n$answer", "an event trigger that does $change is obeyed");
}
foreach my $change ('DROP TABLE %s', 'ALTER TABLE %s ALTER COLUMN id TYPE numeric(20, 2)', 'ALTER TABLE %s RENAME TO renamed', 'ALTER TABLE %s DROP COLUMN name', 'ALTER TABLE %s ADD CHECK (id > 150)', 'ALTER TABLE %s ADD COLUMN x int NOT NULL')
{
	like(failure("SET test.change = '$change'; " . import($one, 'changed')), qr/^psql.*ERROR:  (?!XX)\w{5}: /, "after $change the import fails in words");
	is(ask("SELECT to_regclass('changed') IS NULL AND to_regclass('renamed') IS NULL"), 't', 'and leaves nothing');
}
ask('DROP EVENT TRIGGER change_table');

stop_server($node);
done_testing();

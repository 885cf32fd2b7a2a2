# A sync among other things that happen: cancelled, killed, run again, run twice at once, with much
# to do and with little memory; the source and the table agree in the end.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $node = start_server('main', 'restart_after_crash = on', 'client_min_messages = warning');
my $folder = data_folder();
my $rows = 200_000;

sub ask { return $node->safe_psql('postgres', @_); }

# State `state` of the rows: every 50th has another name, every 97th is not there.
sub write_state
{
	my ($name, $state, $order) = @_;
	ask("COPY (SELECT g AS id, 'name ' || CASE WHEN g % 50 = $state THEN $state ELSE 0 END || ' of ' || g AS name,
		(g % 1000)::numeric(10,2) AS amount, '2024-01-01'::date + g % 300 AS day
		FROM generate_series(1, $rows) g WHERE g % 97 <> $state ORDER BY $order)
		TO '$folder/$name' WITH (FORMAT csv, HEADER)");
	return "$folder/$name";
}

chmod 0777, $folder;
my @states = map { write_state("state$_.csv", $_, 'g') } 0 .. 2;
my $shuffled = write_state('shuffled.csv', 1, 'md5(g::text)');

sub sync
{
	my ($path, $options) = @_;
	return "SELECT inserted, updated, deleted, unchanged FROM migrate.sync_csv('$path', 'synced', '{id}', '"
	  . ($options // '{"delete": true}') . "')";
}

# What the table has is what the file says, by another way of reading it.
ask("CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;");
sub differences
{
	my ($path) = @_;
	ask("DROP FOREIGN TABLE IF EXISTS wanted; CREATE FOREIGN TABLE wanted (id bigint, name text, amount numeric(10,2), day date)
		SERVER files OPTIONS (filename '$path', format 'csv', header 'true')");
	return ask('SELECT count(*) FROM ((TABLE wanted EXCEPT TABLE synced) UNION ALL (TABLE synced EXCEPT TABLE wanted)) d');
}

ask('CREATE TABLE synced (id bigint PRIMARY KEY, name text UNIQUE, amount numeric(10,2), day date); CREATE INDEX ON synced (day);');

# --- again and again ----------------------------------------------------------------------------

my $present = $rows - int($rows / 97);
is(ask(sync($states[0])), "$present|0|0|0", 'an empty table is filled');
is(ask(sync($states[0])), "0|0|0|$present", 'and the second time there is nothing to do');
is(differences($states[0]), '0', 'the table is what the file says');
foreach my $path ($states[1], $states[2], $shuffled, $states[0])
{
	like(ask(sync($path)), qr/^2\d{3}\|[1-9]\d{3}\|2\d{3}\|/, "a thousandth part changes by $path");
	is(differences($path), '0', 'the table is what the file says');
	like(ask(sync($path)), qr/^0\|0\|0\|/, 'and the second time there is nothing to do');
}

# --- an end in the middle -----------------------------------------------------------------------

# Every row that is written takes its time, so that there is a middle.
ask(<<'END');
CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.002); RETURN NEW; END $$;
CREATE TRIGGER linger BEFORE INSERT OR UPDATE ON synced FOR EACH ROW EXECUTE FUNCTION linger();
END
my $before = ask('SELECT count(*), sum(hashtext(s::text)) FROM synced s');
foreach my $wait (0.01, 0.05, 0.2, 0.5, 1, 2)
{
	my (undef, undef, $err) = $node->psql('postgres', 'SET statement_timeout = ' . int($wait * 1000) . '; ' . sync($states[1]));
	like($err, qr/canceling statement due to statement timeout/, "a sync is cancelled after $wait seconds");
	is(ask('SELECT count(*), sum(hashtext(s::text)) FROM synced s'), $before, 'and nothing of it stays');
}
foreach my $wait (0.1, 1, 3)
{
	my $session = MigrateTest::Client->psql($node);
	$session->send(sync($states[1]) . ';');
	select undef, undef, undef, $wait;
	kill 'KILL', $session->{pid};
	$session->finish;
	ok($node->poll_query_until('postgres', 'SELECT true'), "the server recovers from a kill after $wait seconds");
	is(ask('SELECT count(*), sum(hashtext(s::text)) FROM synced s'), $before, 'and nothing of the sync stays');
}
ask('DROP TRIGGER linger ON synced');
like(ask(sync($states[1])), qr/^2\d{3}\|[1-9]\d{3}\|2\d{3}\|/, 'the next sync does it');
is(differences($states[1]), '0', 'and the table is what the file says');

# --- two at once --------------------------------------------------------------------------------

my @sessions = map { MigrateTest::Client->psql($node) } 1 .. 3;
foreach my $round (1 .. 3)
{
	my $path = $states[ $round % 2 ? 2 : 1 ];
	$_->send(sync($path) . ';') foreach @sessions;
	my @answers = sort map { $_->wait } @sessions;
	is(scalar(grep { /^0\|0\|0\|$present$|^0\|0\|0\|\d+$/ } @answers), 2, 'of three sessions one has something to do')
	  or diag("@answers");
	is(differences($path), '0', 'and the table is what the file says');
}
# An older snapshot must not lead to rows that are written twice.
$sessions[0]->query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM synced;');
ask(sync($states[1]));
$sessions[0]->send(sync($states[0]) . ';');
like($sessions[0]->wait, qr/could not serialize access|duplicate key value/, 'a snapshot that is too old is an error');
$sessions[0]->query('ROLLBACK;');
is(differences($states[1]), '0', 'that changes nothing');
$_->finish foreach @sessions;

# --- memory -------------------------------------------------------------------------------------

my $status = "SELECT 'kb', substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\\s+(\\d+)')::bigint";
foreach my $path ($states[2], $states[1], $shuffled)
{
	my @kb = ask("SELECT count(*) FROM migrate.options('sync_csv');\n$status;\n" . sync($path) . ";\n$status;") =~ /^kb\|(\d+)$/mg;
	cmp_ok($kb[1] - $kb[0], '<', 40_000, "a sync of $path leaves little memory behind (" . ($kb[1] - $kb[0]) . ' kB)');
}

# --- the mark of a closed source outlives a dump ------------------------------------------------

ask("SELECT migrate.close_source('$states[0]', 'public')");
$node->command_ok([ 'pg_dump', '-Fc', '-f', "$folder/dump", $node->connstr('postgres') ], 'the database is dumped');
ask('CREATE DATABASE restored');
$node->command_ok([ 'pg_restore', '-d', $node->connstr('restored'), "$folder/dump" ], 'and restored');
my (undef, undef, $err) = $node->psql('restored', sync($states[0]));
like($err, qr/is closed for schema "public"/, 'a closed source is closed there too');
(undef, undef, $err) = $node->psql('postgres', sync($states[0]));
like($err, qr/is closed for schema "public"/, 'as it is here');
symlink $states[0], "$folder/link.csv";
(undef, undef, $err) = $node->psql('postgres', sync("$folder/link.csv"));
like($err, qr/is closed for schema "public"/, 'under the name of a link too');

stop_server($node);
done_testing();

# Writes to SQLite files through foreign tables beside other programs and through crashes: savepoints
# against a local table, all or nothing for the file's other users, locks, kill -9, WAL mode, values
# as the sqlite3 program shows them.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main', 'restart_after_crash = on');
my $path = make_database('w.db', 'CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, v TEXT); CREATE TABLE parent (id INTEGER PRIMARY KEY);
	CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);');
my $wal = make_database('wal.db', 'PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER);');
$node->safe_psql('postgres', <<"END");
CREATE SERVER w FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$path', writable 'true');
CREATE SERVER wal FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$wal', writable 'true');
CREATE FOREIGN TABLE f (id bigint, n bigint, v text) SERVER w OPTIONS (table 't');
CREATE FOREIGN TABLE child (id bigint) SERVER w;
CREATE FOREIGN TABLE wal (id bigint, n bigint) SERVER wal OPTIONS (table 't');
CREATE TABLE l (id bigint PRIMARY KEY, n bigint, v text);
CREATE TABLE beside (a int);
END
my $session = MigrateTest::Client->psql($node);
my $application = start_application($path);
$application->query('PRAGMA busy_timeout = 0;');

sub cli
{
	my ($file, $sql) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'sqlite3', '-batch', '-init', '/dev/null', $file ], '<', \$sql, '>', \$out, '2>', \$err);
	chomp $out;
	return $out . $err;
}

# --- Savepoints: the same statements on a local table and on the foreign one.
srand(20240229);

# One statement on table %s, which may fail in both alike.
sub random_write
{
	my $id = 1 + int(rand(30));
	my $n = int(rand(1000));
	my $what = int(rand(6));
	return "INSERT INTO %s VALUES ($id, $n, 'v$n') ON CONFLICT DO NOTHING" if $what == 0;
	return "INSERT INTO %s SELECT $id + g, $n, 's' FROM generate_series(1, 3) g ON CONFLICT DO NOTHING" if $what == 1;
	return "UPDATE %s SET n = n + $n, v = v || 'x' WHERE id % 3 = " . $id % 3 =~ s/%/%%/r if $what == 2;
	return "DO \$\$ BEGIN UPDATE %s SET id = id + 100 WHERE id = $id; EXCEPTION WHEN unique_violation THEN NULL; END \$\$" if $what == 3;
	return "DELETE FROM %s WHERE id > $id AND id < $id + 5" if $what == 4;
	return "DO \$\$ BEGIN INSERT INTO %s VALUES ($id + 200, $n, 'try'); INSERT INTO %1\$s VALUES ($id, $n, 'try'), ($id, 0, 'again'); EXCEPTION WHEN unique_violation THEN NULL; END \$\$";
}

# A transaction of random statements and nested savepoints.
sub random_transaction
{
	my @open;
	my @statements = ('BEGIN');
	foreach (1 .. 5 + int(rand(25)))
	{
		my $dice = rand();
		if ($dice < 0.2) { push @open, 's' . int(rand(4)); push @statements, "SAVEPOINT $open[-1]"; }
		elsif ($dice < 0.4 && @open)
		{
			my $level = int(rand(@open));
			my $name = $open[$level];
			# The innermost of the name is meant.
			$level++ while grep { $_ eq $name } @open[ $level + 1 .. $#open ];
			my $is_release = rand() < 0.4;
			push @statements, ($is_release ? 'RELEASE ' : 'ROLLBACK TO ') . $name;
			splice @open, $is_release ? $level : $level + 1;
		}
		else
		{
			my $write = random_write();
			push @statements, sprintf($write, 'l') =~ s/%%/%/gr, sprintf($write, 'f') =~ s/%%/%/gr;
		}
	}
	push @statements, rand() < 0.75 ? 'COMMIT' : 'ROLLBACK';
	return map { "$_;" } @statements;
}

my $compare = q{SELECT count(*) FROM ((SELECT * FROM l EXCEPT ALL SELECT * FROM f) UNION ALL (SELECT * FROM f EXCEPT ALL SELECT * FROM l)) d;};
my @different;
foreach my $round (1 .. 60)
{
	my @statements = random_transaction();
	my $output = $session->query(join "\n", @statements);
	my $differences = $session->query($compare);
	push @different, "round $round: $differences, $output\n" . join("\n", @statements) if $differences ne '0' || $output ne '';
	last if @different;
}
is(join("\n", @different), '', '60 random transactions with nested savepoints do the same to a local table and to the file');
is(cli($path, 'SELECT id, n, v FROM t ORDER BY id;'), $node->safe_psql('postgres', 'SELECT * FROM l ORDER BY id'), 'as the sqlite3 program sees it too');

# --- The file's other users see all or nothing.
$session->query('TRUNCATE f;');
is($session->query("BEGIN; INSERT INTO f SELECT i, i, 'x' FROM generate_series(1, 1000) i; SELECT count(*) FROM f;"), '1000', 'a transaction sees its rows');
is($application->query('SELECT count(*) FROM t;'), '0', 'another program sees none of them');
like($application->query('INSERT INTO t VALUES (1, 1, NULL);'), qr/locked/, 'and cannot write meanwhile');
is($session->query('COMMIT;'), '', 'it commits');
is($application->query('SELECT count(*) FROM t;'), '1000', 'and the other program sees all');
is($application->query('PRAGMA journal_mode; PRAGMA integrity_check;'), "delete\nok", 'in a sound file');
is(scalar(() = listing(data_folder()) =~ /w\.db-/g), 0, 'with no journal left beside it');

# --- Locks.
is($application->query('BEGIN IMMEDIATE;'), '', 'another program takes the write lock');
my $start = time;
like($session->query("SET lock_timeout = '300ms'; INSERT INTO f VALUES (2001);"), qr/could not lock SQLite database.*Another program holds its lock/s, 'lock_timeout ends the wait');
like($session->query("RESET lock_timeout; SET statement_timeout = '300ms'; UPDATE f SET n = 0;"), qr/canceling statement due to statement timeout/, 'so does statement_timeout');
cmp_ok(time - $start, '<', 5, 'both in time');
is($session->query('RESET statement_timeout; SELECT count(*) FROM f;'), '1000', 'reading goes on');
$session->send("INSERT INTO f VALUES (2001, 1, 'waited');");
select undef, undef, undef, 0.5;
is($application->query('COMMIT;'), '', 'the lock is given back');
is($session->wait, '', 'and the write that waited goes on');
is($application->query('BEGIN; SELECT count(*) FROM t;'), '1001', 'another program reads in a transaction');
like($session->query("SET lock_timeout = '300ms'; BEGIN; INSERT INTO beside VALUES (1); INSERT INTO f VALUES (2002); COMMIT;"), qr/could not lock SQLite database/, 'which the commit cannot wait for');
is($session->query('RESET lock_timeout; SELECT count(*) FROM beside;'), '0', 'so that the whole transaction is undone');
is($application->query('COMMIT; SELECT count(*) FROM t WHERE id = 2002;'), '0', 'in the file as well');
like($session->query('BEGIN; INSERT INTO beside VALUES (1); INSERT INTO child VALUES (1); COMMIT;'), qr/could not commit: a row breaks a foreign key\nDETAIL:  SQLite says: FOREIGN KEY constraint failed./, 'a deferred foreign key fails at the commit');
is($session->query('SELECT count(*) FROM beside;'), '0', 'and undoes the transaction');
# A cursor's read transaction becomes a writing one, which nobody may forestall.
is($session->query('BEGIN; DECLARE c CURSOR FOR SELECT id FROM f; FETCH 1 FROM c;'), '1', 'a cursor reads');
is($application->query('BEGIN IMMEDIATE;'), '', 'another program begins to write');
like($session->query('INSERT INTO f VALUES (2003);'), qr/could not lock SQLite database/, 'the session of the cursor cannot');
is($session->query('ROLLBACK;') . $application->query('ROLLBACK;'), '', 'both give up');

# --- PREPARE TRANSACTION.
like($session->query("BEGIN; DELETE FROM f; PREPARE TRANSACTION 'x';"), qr/cannot PREPARE a transaction that has written to a SQLite database/, 'a transaction that wrote is not prepared');
is($application->query('SELECT count(*) FROM t;'), '1001', 'and its rows are there');

# --- A backend that dies in the middle leaves the file as it was.
my $dying = MigrateTest::Client->psql($node);
is($dying->query("BEGIN; INSERT INTO f SELECT i, i, repeat('x', 500) FROM generate_series(10000, 60000) i; UPDATE f SET v = 'all'; SELECT count(*) FROM f;"), '51002',
	'a transaction larger than the page cache has written to the file');
like(listing(data_folder()), qr/w\.db-journal/, 'beside its journal');
kill 9, $dying->{pid};
$dying->finish;
$session->finish;
$node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
is(cli($path, 'PRAGMA integrity_check; SELECT count(*), min(v), max(v) FROM t;'), "ok\n1001|waited|x", 'killed, it is undone by whoever opens the file next');
$session = MigrateTest::Client->psql($node);
is($session->query("SELECT count(*) FROM f;"), '1001', 'the foreign table sees the same');
# The same once more, undone by the server itself, as nobody else comes.
$application->finish;
$dying = MigrateTest::Client->psql($node);
$dying->query("BEGIN; INSERT INTO f SELECT i, i, repeat('x', 500) FROM generate_series(10000, 60000) i;");
kill 9, $dying->{pid};
$dying->finish;
$session->finish;
$node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
$session = MigrateTest::Client->psql($node);
is($session->query('INSERT INTO f VALUES (3000); SELECT count(*) FROM f;'), '1002', 'a writing server plays the journal back itself');
is(scalar(() = listing(data_folder()) =~ /w\.db-/g), 0, 'and nothing is left beside the file');

# --- WAL mode.
is($session->query('INSERT INTO wal VALUES (1, 1); SELECT count(*) FROM wal;'), '1', 'a file in WAL mode that is the server\'s own is written');
$session->finish;
$node->poll_query_until('postgres', "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $session->{pid})") or die 'the session does not end';
unlike(listing(data_folder()), qr/wal\.db-/, 'at the end of the session its -wal is gone');
is(cli($wal, 'SELECT count(*) FROM t;'), '1', 'and the row is in the file');
$application = start_application($wal);
$application->query('PRAGMA busy_timeout = 0;');
is($application->query('INSERT INTO t VALUES (2, 2);'), '', 'the application writes');
$session = MigrateTest::Client->psql($node);
is($session->query('BEGIN; INSERT INTO wal VALUES (3, 3); SELECT count(*) FROM wal;'), '3', 'beside it the server does');
is($application->query('SELECT count(*) FROM t;'), '2', 'which the application sees');
is($session->query('COMMIT;') . $application->query('SELECT count(*) FROM t;'), '3', 'after the commit');
is($session->query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM wal;'), '3', 'REPEATABLE READ reads');
is($application->query('INSERT INTO t VALUES (4, 4);'), '', 'the application writes once more');
like($session->query('UPDATE wal SET n = 0;'), qr/could not write to SQLite database.*changed since this transaction read it\nHINT:  The transaction might succeed if retried/s, 'a write on the old state is refused');
is($session->query('ROLLBACK; BEGIN ISOLATION LEVEL REPEATABLE READ; UPDATE wal SET n = 0 WHERE id = 4; SELECT count(*) FROM wal; COMMIT;'), '4', 'one that begins with the write is not');
$application->finish;
chmod 0444, $wal;
like($session->query('SELECT migrate.disconnect() > 0; INSERT INTO wal VALUES (9, 9);'), qr/^t\n.*cannot write to SQLite database/s, 'a file of the wrong mode is not written');
is($session->query('SELECT count(*) FROM wal;'), '4', 'but read');

# --- Errors leave nothing open.
my $files = sub { my @open = glob "/proc/$session->{pid}/fd/*"; return scalar @open; };
my $fail = sub {
	$session->query("DO \$\$ BEGIN FOR i IN 1 .. 500 LOOP BEGIN INSERT INTO f VALUES (i, i, NULL), (i, i, NULL); EXCEPTION WHEN unique_violation THEN NULL; END; END LOOP; END \$\$;");
	$session->query('INSERT INTO f VALUES (1);') foreach 1 .. 50;
	$session->query('SELECT count(*) FROM f;');
	return $files->();
};
my $before = $fail->();
is($fail->(), $before, 'after 550 errors no more files are open');

# --- Values: what went in comes out, here and in the sqlite3 program.
my $values = make_database('values.db', 'CREATE TABLE v (id INTEGER PRIMARY KEY, i INTEGER, r REAL, n NUMERIC, t TEXT, b BLOB, d DATE, s DATETIME, e INTEGER, x);');
$node->safe_psql('postgres', <<"END");
CREATE SERVER v FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database '$values', writable 'true', batch_size '7');
CREATE FOREIGN TABLE v (id bigint, i bigint, r float8, n numeric, t text, b bytea, d date, s timestamp, e timestamptz OPTIONS (epoch 'microseconds'), x numeric) SERVER v;
CREATE TABLE wanted (LIKE v);
SELECT setseed(0.25);
INSERT INTO wanted SELECT g, ((random() - 0.5) * power(2, g % 63))::bigint, (random() - 0.5) * power(10.0::float8, g % 600 - 300), round((random() * 1e9)::numeric, g % 5),
	CASE WHEN g % 11 > 0 THEN translate(md5(g::text), '0123', E'ä\\n\\'"') END, decode(repeat(md5(g::text), g % 4), 'hex'), date '0001-01-01' + (random() * 3652058)::int,
	timestamp '1900-01-01' + random() * interval '200 years', timestamptz '1970-01-01' + random() * interval '100 years', (random() * 1e12)::numeric / (1 + g % 1000)
	FROM generate_series(1, 3000) g;
INSERT INTO v SELECT * FROM wanted;
END
is($session->query('SELECT count(*) FROM v JOIN wanted w USING (id) WHERE v.* IS DISTINCT FROM w.*;'), '0', '3000 rows of random values are read as they were written');
is($session->query("UPDATE v SET (i, r, n, t, b, d, s, e, x) = (SELECT i, r, n, t, b, d, s, e, x FROM wanted w WHERE w.id = 3001 - v.id);
	SELECT count(*) FROM v JOIN wanted w ON v.id = 3001 - w.id WHERE (v.i, v.r, v.n, v.t, v.b, v.d, v.s, v.e, v.x) IS DISTINCT FROM (w.i, w.r, w.n, w.t, w.b, w.d, w.s, w.e, w.x);"), '0',
	'and as they were updated');
is(cli($values, "SELECT i, hex(t), hex(b), d, strftime('%Y-%m-%d %H:%M', s), e FROM v ORDER BY id;"),
	$node->safe_psql('postgres', "SELECT i, upper(encode(convert_to(coalesce(t, ''), 'UTF8'), 'hex')), upper(encode(b, 'hex')), d, to_char(s, 'YYYY-MM-DD HH24:MI'),
	(extract(epoch FROM e) * 1000000)::bigint FROM wanted ORDER BY id DESC"), 'the sqlite3 program shows the same');
is(cli($values, "SELECT DISTINCT typeof(i), typeof(r), typeof(b), typeof(d), typeof(s), typeof(e) FROM v;"), 'integer|real|blob|text|text|integer', 'in the storage classes of the columns');
$session->finish;
stop_server($node);
done_testing();

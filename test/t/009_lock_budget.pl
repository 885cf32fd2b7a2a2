# A database whose locks would not fit the server's lock table is found before the first DDL; with
# max_locks_per_transaction raised it imports, and other sessions go on meanwhile.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main', 'max_connections = 20', 'max_locks_per_transaction = 64');
my $many = fixture('many_tables.db');
my $end_of_ddl = "CREATE TABLE seen (tag text);
CREATE FUNCTION note_ddl() RETURNS event_trigger LANGUAGE plpgsql AS \$\$
BEGIN RAISE WARNING 'DDL ran: %', tg_tag; END \$\$;
CREATE EVENT TRIGGER note_ddl ON ddl_command_start EXECUTE FUNCTION note_ddl()";
$node->safe_psql('postgres', $end_of_ddl);
my ($code, $out, $err) =
  $node->psql('postgres', "\\set VERBOSITY verbose\nSELECT * FROM migrate.import_sqlite('$many', schema => 'many')");
like($err, qr/ERROR:  53200/, '3,000 tables are refused');
like($err, qr/max_locks_per_transaction/, 'with the name of the setting');
my ($needed) = $err =~ /max_locks_per_transaction\D+(\d+)/;
ok($needed, "and the value to set: " . ($needed // 'none')) or diag $err;
unlike($err, qr/DDL ran/, 'before the first DDL');

$node->safe_psql('postgres', 'DROP EVENT TRIGGER note_ddl');
$node->append_conf('postgresql.conf', "max_locks_per_transaction = $needed");
$node->restart;
my $tables = join '', map { "CREATE TABLE t$_ (a INTEGER PRIMARY KEY, b TEXT); CREATE INDEX i$_ ON t$_ (b); INSERT INTO t$_ VALUES ($_, 'x');" } 1 .. 2000;
my $path = make_database('2000.db', "PRAGMA synchronous = OFF; BEGIN; $tables COMMIT;");
my $session = MigrateTest::Client->psql($node);
is( $session->query("BEGIN; SET client_min_messages = error;
	SELECT count(*), sum(rows_loaded) FROM migrate.import_sqlite('$path', schema => 'many');"),
	'2000|2000', 'with that value 2,000 tables with a key and an index are imported');
my $held = $node->safe_psql('postgres', "SELECT count(*) FROM pg_locks WHERE pid = $session->{pid}");
cmp_ok($held, '>', 10_000, "while the transaction holds its $held locks");
$node->safe_psql('postgres', join ';', map { "CREATE TABLE other$_ (a int PRIMARY KEY, b text)" } 1 .. 100);
pass('another session makes 100 tables');
is($session->query('COMMIT; SELECT count(*) FROM pg_tables WHERE schemaname = \'many\';'), '2000', 'and it commits');
$session->finish;
stop_server($node);
done_testing();

# Databases in other encodings: text is converted or refused by option invalid_text; SQL_ASCII keeps
# bytes as they are.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
$node->safe_psql('postgres', "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
$node->safe_psql('postgres', "CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
$node->safe_psql($_, 'CREATE EXTENSION migrate') foreach qw(latin bytes);

my $path = make_database('text.db',
	"CREATE TABLE \"gr\x{c3}\x{b6}\x{c3}\x{9f}e\" (id INTEGER PRIMARY KEY, name TEXT);
	 INSERT INTO \"gr\x{c3}\x{b6}\x{c3}\x{9f}e\" VALUES (1, '\x{c3}\x{a4}'), (2, '\x{e2}\x{82}\x{ac}');");

my ($code, $out, $err) = $node->psql('latin', "SELECT * FROM migrate.import_sqlite('$path', schema => 'l')");
like($err, qr/holds text that the server's encoding cannot hold/, 'a character that LATIN1 lacks is an error');
like($err, qr/Row 2/, 'that names the row');
$out = $node->safe_psql('latin', "SET client_min_messages = warning;
	SELECT rows_loaded, rows_rejected FROM migrate.import_sqlite('$path', schema => 'l', options => '{\"invalid_text\": \"reject\"}')");
is($out, '1|1', 'or rejected');
is($node->safe_psql('latin', "SELECT relname = convert_from('\\x6772f6df65', 'LATIN1') FROM pg_class WHERE relnamespace = 'l'::regnamespace AND relkind = 'r'"),
	't', 'names are converted');
is( $node->safe_psql('latin', "SELECT matches, detail FROM migrate.verify_sqlite('$path', schema => 'l', options => '{\"invalid_text\": \"reject\"}')"),
	't|1 source row was rejected as the run agreed', 'and it verifies');
is($node->safe_psql('latin', "SELECT matches FROM migrate.verify_sqlite('$path', schema => 'l', options => '{\"invalid_text\": \"replace\"}')"),
	'f', 'but not as something else');
$out = $node->safe_psql('latin', "SET client_min_messages = warning;
	SELECT rows_loaded, rows_rejected FROM migrate.import_sqlite('$path', schema => 'r', options => '{\"invalid_text\": \"replace\"}')");
is($out, '2|0', 'or it has a question mark');
is( $node->safe_psql('latin', "SELECT matches, detail FROM migrate.verify_sqlite('$path', schema => 'r', options => '{\"invalid_text\": \"replace\"}')"),
	't|column "name": 1 text has replaced characters as agreed', 'which verifies too');
is($node->safe_psql("latin", "SET client_encoding = UTF8; UPDATE r.\"gr\x{c3}\x{b6}\x{c3}\x{9f}e\" SET name = 'x' WHERE id = 2;
	SELECT matches FROM migrate.verify_sqlite('$path', schema => 'r', options => '{\"invalid_text\": \"replace\"}')"),
	'f', 'and a later change does not');

$out = $node->safe_psql('bytes', "SET client_min_messages = warning;
	SELECT rows_loaded FROM migrate.import_sqlite('$path', schema => 'b')");
is($out, '2', 'SQL_ASCII takes all bytes');
is( $node->safe_psql('bytes', "SELECT matches FROM migrate.verify_sqlite('$path', schema => 'b')"),
	't', 'and it verifies');
stop_server($node);
done_testing();

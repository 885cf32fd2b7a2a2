# The extension's tables survive pg_dump and pg_restore, also by a database owner who is no
# superuser; imported tables do not depend on the extension.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
my $path = fixture('views.db');
my $folder = data_folder();

$node->safe_psql('postgres', q(
	CREATE ROLE owner LOGIN; GRANT pg_read_server_files TO owner; CREATE DATABASE shop OWNER owner;));
$node->safe_psql('shop', 'CREATE EXTENSION migrate');
my $import = "SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'shop')";
$node->safe_psql('shop', $import, extra_params => [ '-U', 'owner' ]);
is( $node->safe_psql('shop', 'SELECT run_by, tables FROM migrate.runs'),
	'owner|2', 'a plain role imports');

# A whole dump by the owner, restored into a new database.
command_ok([ 'pg_dump', '-Fc', '-U', 'owner', '-f', "$folder/shop.dump", '-d', $node->connstr('shop') ],
	'the database owner dumps');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('restored'), "$folder/shop.dump" ],
	'and it restores');
my $report = 'SELECT object_type, source_name, status FROM migrate.report(1) ORDER BY 1, 2';
is( $node->safe_psql('restored', $report),
	$node->safe_psql('shop', $report),
	'the report of the run is the same');
is( $node->safe_psql('restored', "SELECT max(run_id) FROM migrate.runs"), '1', 'the run is there');
$node->safe_psql('restored', "SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'again')");
is( $node->safe_psql('restored', "SELECT max(run_id) FROM migrate.runs"), '2',
	'and the next run has the next number');
is( $node->safe_psql('restored', "SELECT bool_and(matches) FROM migrate.verify_sqlite('$path', schema => 'shop')"),
	't', 'the restored tables hold what the file holds');

# A schema alone, into a database without the extension: the way to managed services.
command_ok([ 'pg_dump', '-n', 'shop', '-f', "$folder/schema.sql", '-d', $node->connstr('shop') ],
	'the schema alone is dumped');
unlike(slurp_file("$folder/schema.sql"), qr/migrate/, 'nothing in it names the extension');
$node->safe_psql('postgres', 'CREATE DATABASE plain');
command_ok([ 'psql', '-X', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('plain'), '-f', "$folder/schema.sql" ],
	'and restores on a server without it');
is( $node->safe_psql('plain', 'SELECT count(*) FROM shop.per_city'), '2', 'views work there');

# A run of a role that is gone disturbs nobody.
$node->safe_psql('shop', 'REASSIGN OWNED BY owner TO postgres; ALTER DATABASE shop OWNER TO postgres');
$node->safe_psql('shop', 'DROP OWNED BY owner');
$node->safe_psql($_, 'DROP OWNED BY owner') foreach qw(restored plain postgres);
$node->safe_psql('postgres', 'DROP ROLE owner');
is($node->safe_psql('shop', 'SELECT count(*) FROM migrate.runs'), '0',
	'after DROP ROLE its runs are not shown, and nothing fails');
stop_server($node);
done_testing();

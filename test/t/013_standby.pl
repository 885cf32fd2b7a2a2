# On a hot standby the functions that only look work; those that write are refused.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $path = fixture('views.db');
my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1);
$primary->start;
$primary->safe_psql('postgres', "CREATE EXTENSION migrate; SET client_min_messages = error;
	SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'shop')");
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
$primary->safe_psql('postgres', "SET client_min_messages = error;
	SELECT count(*) FROM migrate.import_sqlite('$path', schema => 'later')");
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));

cmp_ok($standby->safe_psql('postgres', "SELECT count(*) FROM migrate.inspect_sqlite('$path')"), '>', 5, 'inspect works on a standby');
is( $standby->safe_psql('postgres', "SELECT md5(string_agg(sql, ';' ORDER BY step)) FROM migrate.plan_sqlite('$path', schema => 'x')"),
	$primary->safe_psql('postgres', "SELECT md5(string_agg(sql, ';' ORDER BY step)) FROM migrate.plan_sqlite('$path', schema => 'x')"),
	'plan says the same as on the primary');
is($standby->safe_psql('postgres', "SELECT bool_and(matches), count(*) FROM migrate.verify_sqlite('$path', schema => '$_')"),
	't|2', "verify finds the rows of $_, that were loaded without single-row WAL records") foreach qw(shop later);
is($standby->safe_psql('postgres', 'SELECT count(*) > 2 FROM migrate.report(1)'), 't', 'report works');
my $folder = data_folder();
foreach my $call ("import_sqlite('$path', schema => 'x')", "import_sqlite('$path', schema => 'x', options => '{\"dry_run\": true}')", 'forget_run(1)')
{
	my (undef, undef, $err) = $standby->psql('postgres', "\\set VERBOSITY verbose\nSELECT * FROM migrate.$call");
	like($err, qr/ERROR:  25006.*(recovery|read-only)/, "$call is refused");
}
stop_server($standby);
stop_server($primary);
done_testing();

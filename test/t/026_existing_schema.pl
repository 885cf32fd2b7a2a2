# Real applications' databases go into the schemas that their ORMs build on PostgreSQL
# (test/data/orm), and verify_sqlite says that every table matches; a second append with on_conflict
# changes nothing; sequences stand behind the keys.
use strict;
use warnings;
use File::Basename qw(dirname);
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'MIGRATE_TEST_DATA is not set' unless $ENV{MIGRATE_TEST_DATA};

my $schemas = dirname(__FILE__) . '/../data/orm';
my $node = start_server('main');
my @files = sort grep { -f && !/-(wal|shm|journal)$/ } glob("'$ENV{MIGRATE_TEST_DATA}/sqlite'/app_*");
cmp_ok(scalar @files, '>', 0, 'there are files');

# The file of Entity Framework Core is empty: rows as that writes them, with upper-case GUIDs and
# seven digits of a second.
my ($core) = grep { /efcore/ } @files;
my $filled = data_folder() . '/app_multitenant_inventory_efcore.sqlite';
run_log([ 'sqlite3', '-batch', "file:$core?immutable=1", ".backup $filled" ]);
run_log([ 'sqlite3', '-batch', '-bail', $filled, <<'END' ]);
INSERT INTO "Tenants" VALUES ('0B9F7C1E-52F0-4C39-8D5A-6B6F1D2C3A4B', 'Acme', '2024-02-29 12:34:56.7896543');
INSERT INTO "Users" VALUES ('5A3C1F00-0000-4000-8000-00000000000A', 'a@acme.test', 'hash', '0B9F7C1E-52F0-4C39-8D5A-6B6F1D2C3A4B', 'Admin');
INSERT INTO "Products" VALUES ('6A3C1F00-0000-4000-8000-00000000000B', '0B9F7C1E-52F0-4C39-8D5A-6B6F1D2C3A4B', 'Tea', 'T-1', 5, '2024-03-01 00:00:00', '0001-01-01 00:00:00');
END
push @files, $filled;

foreach my $path (@files)
{
	my $name = $path =~ s{.*/}{}r =~ s/\.[a-z0-9]+$//r;
	my $ddl = slurp_file("$schemas/$name.sql");
	my ($code, $out, $err) = $node->psql('postgres', <<"END");
\\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE SCHEMA app;
SET LOCAL search_path = app;
$ddl
SET LOCAL search_path = public;
SELECT 'loaded', count(*), sum(rows_loaded), sum(rows_read - rows_loaded)
  FROM migrate.import_sqlite('$path', 'app', options => '{"mode": "append", "verify": "digest"}');
SELECT 'differs', table_name, detail
  FROM migrate.verify_sqlite('$path', 'app', options => '{"mode": "append"}') WHERE NOT matches;
SELECT 'behind', object_name, detail FROM migrate.health('app') WHERE check_name = 'sequence_behind' AND NOT ok;
SELECT 'again', sum(rows_loaded), sum(rows_updated), sum(rows_read - rows_skipped)
  FROM migrate.import_sqlite('$path', 'app', options => '{"mode": "append", "on_conflict": "update"}');
ROLLBACK;
END
	is($code, 0, "$name loads") or diag $err;
	like($out, qr/^loaded\|\d+\|\d+\|0$/m, "$name: every row is loaded");
	unlike($out, qr/^differs/m, "$name matches");
	unlike($out, qr/^behind/m, "$name: sequences are past the keys");
	like($out, qr/^again\|0\|0\|0$/m, "$name: a second append finds nothing to do");
}
stop_server($node);
done_testing();

# Every database of a folder of real ones imports with default options, and verify_sqlite says that
# every table matches; the plan is what the import runs.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'MIGRATE_TEST_DATA is not set' unless $ENV{MIGRATE_TEST_DATA};

my $node = start_server('main');
my @files = sort grep { -f && !/-(wal|shm|journal)$/ } glob("'$ENV{MIGRATE_TEST_DATA}/sqlite'/*");
cmp_ok(scalar @files, '>', 0, 'there are files');
foreach my $path (@files)
{
	my $name = $path =~ s{.*/}{}r;
	my $quoted = $path =~ s/'/''/gr;
	my ($code, $out, $err) = $node->psql('postgres', <<"END");
\\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
SELECT 'tables', count(*), sum(rows_read - rows_loaded) FROM migrate.import_sqlite('$quoted', schema => 'corpus');
SELECT 'differs', table_name, detail FROM migrate.verify_sqlite('$quoted', schema => 'corpus') WHERE NOT matches;
ROLLBACK;
END
	is($code, 0, "$name imports") or diag $err;
	unlike($out, qr/^differs/m, "$name matches");
	unlike($out, qr/^tables\|\d+\|[1-9]/m, "$name: no row is left out");
}
stop_server($node);
done_testing();

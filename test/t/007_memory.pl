# Memory stays flat however large the file: the backend's anonymous memory grows by less than 64 MB
# while rows load, and wide values travel alone.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
my $status = "substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\\s+(\\d+)')::bigint";

sub growth
{
	my ($path, $schema) = @_;
	my $out = $node->safe_psql('postgres', <<"END");
SET client_min_messages = warning;
SELECT 'kb', $status;
SELECT sum(rows_loaded) FROM migrate.import_sqlite('$path', schema => '$schema', options => '{"indexes": false, "constraints": false, "analyze": false}');
SELECT 'kb', substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\\s+(\\d+)')::bigint;
END
	my @kb = $out =~ /^kb\|(\d+)$/mg;
	return $kb[1] - $kb[0];
}

my $small = growth(make_database('small.db', rows_sql(100_000)), 'small');
my $large = growth(make_database('large.db', rows_sql(1_000_000)), 'large');
note "growth: $small kB for 100,000 rows, $large kB for 1,000,000";
cmp_ok($large, '<', 65536, 'under 64 MB for a million rows');
cmp_ok($large - $small, '<', 16384, 'and it does not grow with the file');

my $blobs = make_database('blobs.db', "CREATE TABLE b (id INTEGER PRIMARY KEY, body BLOB);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 60)
INSERT INTO b SELECT i, randomblob(8000000) FROM s;");
my $wide = growth($blobs, 'blobs');
note "growth: $wide kB for 60 blobs of 8 MB";
cmp_ok($wide, '<', 65536, 'large values travel alone');
stop_server($node);
done_testing();

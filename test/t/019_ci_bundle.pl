# The road of a CI job, with the scripts of examples/ci: a folder that the server cannot see, bundled
# into one JSON file, applied through psql by a role without rights on server files.
use strict;
use warnings;
use File::Basename qw(basename);
use File::Path qw(make_path);
use IPC::Run ();
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $scripts = "$ENV{MIGRATE_TREE}/examples/ci";
my $node = start_server('main');
my $work = data_folder();
$node->safe_psql('postgres', 'CREATE ROLE deployer LOGIN');

sub write_bytes
{
	my ($path, $bytes) = @_;
	(my $parent = $path) =~ s{/[^/]*$}{};
	make_path($parent);
	open my $handle, '>:raw', $path or die "could not make $path: $!";
	print $handle $bytes;
	close $handle;
	return;
}

# The bundle's path, or what the script said when it failed.
sub bundle
{
	my ($folder) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'sh', "$scripts/bundle.sh", $folder ], '>', \$out, '2>', \$err) or return $err;
	write_bytes("$folder.json", $out);
	return "$folder.json";
}

# A run of apply.sql in a database, as the role of the job.
sub apply
{
	my ($database, $bundle) = @_;
	local $ENV{BUNDLE} = $bundle;
	local $ENV{PGUSER} = 'deployer';
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr($database), '-f', "$scripts/apply.sql" ], '<', \'', '>', \$out, '2>', \$err);
	return $out . $err;
}

sub new_database
{
	my ($name) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name OWNER deployer");
	$node->safe_psql($name, 'CREATE EXTENSION migrate; GRANT ALL ON SCHEMA public TO deployer');
	return;
}

# What the folder form and the files form make of the same files.
my $columns = 'version, name, status, checksum, has_down, problem';

# The sample.
new_database('sample');
make_path("$work/sample");
write_bytes("$work/sample/" . basename($_), slurp_file($_)) foreach glob("$scripts/migrations/*.sql");
my $said = apply('sample', bundle("$work/sample"));
like($said, qr/^001\|add_stock\|applied\|\d+\|\n002\|fill_stock\|applied\|\d+\|\n001\|add_stock\|applied\|/m, 'the sample is applied');
is( $node->safe_psql('sample', "SELECT string_agg(name, ' ' ORDER BY id), obj_description('stock'::regclass) FROM stock"),
	'Bücher a "quoted" name|What lies in the store: "bücher", c:\temp, and so on', 'as it is written');
like(apply('sample', "$work/sample.json"), qr/NOTICE:  nothing to apply$/m, 'and once');
is($node->safe_psql('sample', "SELECT rolname FROM pg_roles JOIN pg_class ON relowner = pg_roles.oid WHERE relname = 'stock'"), 'deployer', 'by the role of the job');
like( scalar(($node->psql('sample', "SET ROLE deployer; SELECT * FROM migrate.list_versioned('$work/sample')"))[2]),
	qr/ERROR:  permission denied to read server files/, 'which may not read the folder');

# 300 files of 1000 bytes each, in folders as Prisma names them.
new_database('large');
foreach my $number (1 .. 300)
{
	my $sql = qq{-- Größe "$number"\nCREATE TABLE "t $number" (\n\ti int DEFAULT $number\n);\nCOMMENT ON TABLE "t $number" IS '\\};
	$sql .= '.' x (1021 - length $sql) . "';\n";
	write_bytes(sprintf("$work/large/%04d_table %d/migration.sql", $number, $number), $sql);
}
write_bytes("$work/large/migration_lock.toml", qq{provider = "postgresql"\n});
write_bytes("$work/large/.hidden/0400_no/migration.sql", 'nonsense');
write_bytes("$work/large/README.md", 'nonsense');
my $bundle = bundle("$work/large");
cmp_ok(-s $bundle, '>', 300_000, 'a large bundle');
$said = apply('large', $bundle);
is(scalar(() = $said =~ /\|applied\|\d+\|$/mg), 300, '300 files are applied');
is( $node->safe_psql('large', "SELECT count(*), count(DISTINCT checksum), bool_and(status = 'applied' AND problem IS NULL) FROM migrate.list_versioned('$work/large')"),
	'300|300|t', 'the folder form finds them applied, with their checksums');

# Text that JSON, the shell and psql each have a meaning for.
new_database('hostile');
my %texts = (
	'001_bom_UP.sql' => "\xEF\xBB\xBFSELECT 'with a BOM';\r\nSELECT 'and CR LF';\r\n",
	'002_no_end_UP.sql' => "SELECT 'no line end'",
	'003_ends_UP.sql' => "\n\nSELECT 'more line ends';\n\n\n",
	'004_marks_UP.sql' => qq{CREATE TABLE marks AS SELECT '"\\ \\\\ \\n \\u0041 '' \$HOME `id` :files :''files'' %s & \\&\t\x0B\x01\x1F\x7F' AS m;\n},
	'005_wide_UP.sql' => "CREATE TABLE wide AS SELECT 'ä€𝄞\xE2\x80\xA8' AS w;\n",
	'006_empty_UP.sql' => '',
	"007_it's \"a\" \\name ü_UP.sql" => "SELECT 7;\n",
	'008_dots_UP.sql' => 'SELECT 8;.' =~ s/\.$//r . "\n-- .",
	'nested/deeper/009_x_UP.sql' => "SELECT 9;\r",
	'nested/deeper/009_x_DOWN.sql' => 'SELECT -9;');
write_bytes("$work/hostile/$_", $texts{$_}) foreach keys %texts;
$said = apply('hostile', bundle("$work/hostile"));
is(scalar(() = $said =~ /\|applied\|\d+\|$/mg), 9, 'hostile files are applied') or diag $said;
is( $node->safe_psql('hostile', "SELECT string_agg(concat_ws('|', $columns), E'\n') FROM migrate.list_versioned('$work/hostile')"),
	$node->safe_psql('hostile', "SELECT string_agg(concat_ws('|', $columns), E'\n') FROM migrate.list_versioned(pg_read_file('$work/hostile.json')::jsonb)"),
	'as folder and as bundle they are the same');
is( $node->safe_psql('hostile', 'SELECT count(*) FROM migrate.verify_versioned(\'' . "$work/hostile')"), 0, 'without a problem');
is($node->safe_psql('hostile', 'SELECT encode(convert_to(m, \'UTF8\'), \'hex\') FROM marks'),
	unpack('H*', qq{"\\ \\\\ \\n \\u0041 ' \$HOME `id` :files :'files' %s & \\&\t\x0B\x01\x1F\x7F}), 'byte for byte');
is($node->safe_psql('hostile', 'SELECT octet_length(w) FROM wide'), 12, 'wide characters too');
foreach my $name (keys %texts)
{
	my $quoted = $name =~ s/'/''/gr;
	is( $node->safe_psql('hostile', "SELECT encode(sha256(convert_to(pg_read_file('$work/hostile.json')::jsonb ->> '$quoted', 'UTF8')), 'hex')"),
		$node->safe_psql('hostile', "SELECT encode(sha256(pg_read_binary_file('$work/hostile/$quoted')), 'hex')"),
		"$name: the text is the file's");
}

# What is no folder of migrations.
like(bundle("$work/none"), qr{bundle.sh: "$work/none" is not a folder$}, 'no folder');
make_path("$work/empty");
like(bundle("$work/empty"), qr{bundle.sh: there is no migration in "$work/empty"$}, 'an empty one');
write_bytes("$work/wide/001_a_UP.sql", "S\0E\0L\0");
like(bundle("$work/wide"), qr{bundle.sh: file "001_a_UP.sql" is not UTF-8: it has NUL bytes$}, 'UTF-16');
write_bytes("$work/locked/001_a_UP.sql", 'SELECT 1');
chmod 0, "$work/locked/001_a_UP.sql";
like(bundle("$work/locked"), qr{bundle.sh: file "001_a_UP.sql" cannot be read$}, 'a file without rights');
write_bytes("$work/latin/001_a_UP.sql", "SELECT '\xE4';\n");
like(apply('hostile', bundle("$work/latin")), qr/invalid multibyte character/, 'Latin 1 is refused by psql');

stop_server($node);
done_testing();

# Every CSV file of a folder of real and of broken ones imports without an option, or is refused in
# words that check_csv says too. What is loaded equals what COPY reads, and what the authors of the
# files say: csv-spectrum's JSON, Pollock's cleaned files, the answers of DuckDB's, csvkit's and
# commons-csv's own tests.
use strict;
use warnings;
use File::Find ();
use JSON::PP;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'MIGRATE_TEST_DATA is not set' unless $ENV{MIGRATE_TEST_DATA};

my $data = $ENV{MIGRATE_TEST_DATA};
my $duckdb = 'csv/duckdb/data/csv';
my $json = JSON::PP->new->utf8->allow_nonref;

sub is_table { return $_[0] =~ /\.(csv|tsv|dat|gz|gzz|zst|bz2)(\.|$)/; }

sub list_files
{
	my ($choose) = @_;
	my @files;
	my $add = sub { push @files, substr($_, length($data) + 1) if -f && $choose->($_) };
	File::Find::find({ wanted => $add, no_chdir => 1 }, grep { -d } "$data/csv", "$data/csv_hostile");
	return sort @files;
}

sub quoted { return "'" . $_[0] =~ s/'/''/gr . "'"; }

# --- on the server ------------------------------------------------------------------------------

my $node = start_server('main');
$node->safe_psql('postgres', <<'END');
CREATE SCHEMA corpus;

-- The rows of a table as arrays of texts, in the order in which they were loaded.
CREATE FUNCTION corpus.rows_of(name text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
	list text;
	found json;
BEGIN
	SELECT string_agg(format('%I::text', attname), ', ' ORDER BY attnum) INTO list
	FROM pg_attribute WHERE attrelid = name::regclass AND attnum > 0;
	EXECUTE format('SELECT json_agg(ARRAY[%s] ORDER BY ctid) FROM %s', list, name) INTO found;
	RETURN coalesce(found, '[]');
END $$;

-- What COPY makes of the file in the same dialect, beside what import_csv does.
CREATE FUNCTION corpus.compare_with_copy(path text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found record;
	differing bigint;
BEGIN
	SELECT * INTO found FROM migrate.sniff_csv(path);
	IF length(found.delimiter) <> 1 OR found.quote = '' OR found.skip_lines <> 0 OR found.encoding = 'UTF-16'
		OR found.evidence ~ 'are comments' THEN
		RETURN 'no COPY';
	END IF;
	PERFORM migrate.import_csv(path, 'corpus.ours', '{"all_text": true}');
	CREATE TABLE corpus.theirs (LIKE corpus.ours);
	BEGIN
		EXECUTE format('COPY corpus.theirs FROM %L (FORMAT csv, DELIMITER %L, QUOTE %L, ESCAPE %L, HEADER %s, ENCODING %L)',
			path, found.delimiter, found.quote, found.escape, found.header::text, found.encoding);
	EXCEPTION WHEN bad_copy_file_format OR character_not_in_repertoire OR untranslatable_character THEN
		RETURN 'refused';
	END;
	SELECT count(*) INTO differing FROM (
		(TABLE corpus.ours EXCEPT ALL TABLE corpus.theirs) UNION ALL
		(TABLE corpus.theirs EXCEPT ALL TABLE corpus.ours)) AS d;
	RETURN CASE differing WHEN 0 THEN 'equal' ELSE 'differs' END;
END $$;
END

# Runs one SQL text for each item, and returns what each printed: JSON a line, or the error.
sub ask_each
{
	my ($sql_of, @items) = @_;
	my $script = "SET statement_timeout = '60s';\nSET client_min_messages = error;\n";
	$script .= "\\echo ## $_\n" . $sql_of->($items[$_]) . "ROLLBACK;\n" foreach 0 .. $#items;
	my ($out, $err) = ('', '');
	my $file = data_folder() . '/script.sql';
	open my $handle, '>:raw', $file or die "could not write $file: $!";
	print $handle $script;
	close $handle;
	IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-f', $file ], '>', \$out, '2>', \$err);
	my %answers;
	foreach my $part (split /^## /m, $out)
	{
		my ($number, $lines) = split /\n/, $part, 2;
		$answers{ $items[$number] } = $lines if defined $number && $number =~ /^\d+$/;
	}
	return \%answers;
}

# --- every file ---------------------------------------------------------------------------------

my @files = list_files(\&is_table);
cmp_ok(scalar @files, '>', 1000, 'there are files');

# Why a file is refused, in the words of import_csv: a refusal that is not named here is a failure.
my %refused;
foreach (split /\n/, slurp_file("$ENV{MIGRATE_TREE}/test/t/021_csv_refusals.txt"))
{
	my ($file, $message) = split /\t/;
	$refused{$file} = $message;
}

my $imported = ask_each(sub {
	my $path = quoted("$data/$_[0]");
	return <<"END";
BEGIN;
SELECT to_json(r) FROM migrate.import_csv($path, 'corpus.loaded') AS r;
\\if :ERROR
\\echo refused :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
ROLLBACK; BEGIN;
\\else
SELECT count(*) FROM corpus.loaded;
ROLLBACK; BEGIN;
\\endif
\\echo check
SELECT to_json(error) FROM migrate.check_csv($path, 'corpus.loaded');
\\if :ERROR
\\echo refused :LAST_ERROR_MESSAGE
\\endif
END
}, @files);

my %read;
my (@broken, @unnamed, @unchecked, @unaccounted, @internal, @accepted);
foreach my $file (@files)
{
	my ($result, $check) = split /^check\n/m, $imported->{$file} // '';
	my @checked = split /\n/, $check // '';
	s/^refused // foreach @checked;
	s/"\Q$data\E[^"]*"/""/g foreach @checked;
	if ($result =~ /^refused (\S+) (.*)/)
	{
		my ($code, $message) = ($1, $2 =~ s/"\Q$data\E[^"]*"/""/r);
		push @internal, "$file: $code $message" if $code =~ /^(XX|57|53)/;
		push @unnamed, "$file\t$message" if ($refused{$file} // '') ne $message;
		push @unchecked, "$file: $message" unless grep { index($_, $message) >= 0 } @checked;
		next;
	}
	my ($line, $count) = split /\n/, $result;
	my $row = eval { $json->decode($line) };
	push @broken, "$file: $result" and next unless $row && defined $count;
	push @accepted, $file if $refused{$file};
	push @unchecked, "$file: @checked" if @checked;
	my $fates = 0;
	$fates += $row->{"rows_$_"} foreach qw(loaded updated rejected skipped);
	push @unaccounted, $file if $row->{rows_read} != $fates || $row->{rows_loaded} != $count;
	$read{$file} = $row;
}
sub is_none { is(join("\n", @{ $_[0] }), '', $_[1]); return; }
is_none(\@broken, 'every file gives one row or an error');
is_none(\@internal, 'no error is an internal one, a crash or a lack of resources');
is_none(\@unnamed, 'every refusal is a known one');
is_none(\@accepted, 'every file that is known as refused is refused');
is_none(\@unchecked, 'check_csv names what is wrong where import_csv refuses, and nothing else');
is_none(\@unaccounted, 'records read = loaded + updated + rejected + skipped, and all loaded are there');
note(scalar(@files) . ' files: ' . keys(%read) . ' imported, ' . keys(%refused) . ' refused by name');

# --- what COPY reads ----------------------------------------------------------------------------

# COPY joins the lines between two stray quotes; here they are text.
my %apart = ("$duckdb/page_namespacepage_title_sample.csv" => 1);

my $compared = ask_each(sub {
	return 'BEGIN; SELECT corpus.compare_with_copy(' . quoted("$data/$_[0]") . ");\n";
}, sort keys %read);
my %by_copy;
push @{ $by_copy{ $compared->{$_} =~ s/\n.*//sr } }, $_ foreach sort keys %$compared;
is_none([ grep { !$apart{$_} } @{ $by_copy{differs} // [] } ], 'what COPY accepts has the values of COPY');
cmp_ok(scalar @{ $by_copy{equal} }, '>', 700, 'COPY accepts most of the files');
is_none([ map { @{ $by_copy{$_} } } grep { !/^(equal|differs|refused|no COPY)$/ } keys %by_copy ], 'COPY was asked for all');
note('COPY: ' . join ', ', map { scalar(@{ $by_copy{$_} }) . " $_" } sort keys %by_copy);

stop_server($node);
done_testing();

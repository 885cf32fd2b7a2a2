# Every CSV file of a folder of real and of broken ones imports without an option, or is refused in
# words that check_csv says too. What is loaded equals what COPY reads, and what the authors of the
# files say: csv-spectrum's JSON, Pollock's cleaned files, the answers of DuckDB's, csvkit's and
# commons-csv's own tests.
use strict;
use warnings;
use CsvExpected;
use File::Find ();
use JSON::PP;
use List::Util qw(uniq);
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

# --- on the server ------------------------------------------------------------------------------

my $node = start_server('main');
$node->safe_psql('postgres', <<'END');
CREATE SCHEMA corpus;

-- A query whose result is the same for the same rows in any order.
CREATE FUNCTION corpus.digest_query(row_text text, of_table text) RETURNS text LANGUAGE sql AS
$$ SELECT format('SELECT ROW(count(*), sum(hashtextextended(%s, 0)))::text FROM %s AS t', row_text, of_table) $$;

-- What COPY makes of the file in the same dialect, beside what import_csv does with all_text, which
-- stays as corpus.ours.
CREATE FUNCTION corpus.compare_with_copy(path text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found record;
	differs boolean;
BEGIN
	PERFORM migrate.import_csv(path, 'corpus.ours', '{"all_text": true}');
	SELECT * INTO found FROM migrate.sniff_csv(path, '{"all_text": true}');
	IF length(found.delimiter) <> 1 OR found.quote = '' OR found.skip_lines <> 0 OR found.encoding = 'UTF-16'
		OR found.evidence ~ 'are comments' THEN
		RETURN 'no COPY';
	END IF;
	CREATE TABLE corpus.theirs (LIKE corpus.ours);
	BEGIN
		EXECUTE format('COPY corpus.theirs FROM %L (FORMAT csv, DELIMITER %L, QUOTE %L, ESCAPE %L, HEADER %s, ENCODING %L)',
			path, found.delimiter, found.quote, found.escape, found.header::text, found.encoding);
	EXCEPTION WHEN bad_copy_file_format OR character_not_in_repertoire OR untranslatable_character THEN
		RETURN 'refused';
	END;
	EXECUTE format('SELECT (%s) IS DISTINCT FROM (%s)', corpus.digest_query('t::text', 'corpus.ours'),
		corpus.digest_query('t::text', 'corpus.theirs')) INTO differs;
	RETURN CASE WHEN differs THEN 'differs' ELSE 'equal' END;
END $$;

-- What the server's input functions make of the texts, beside the values of corpus.loaded.
CREATE FUNCTION corpus.compare_with_casts() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	loaded text;
	casts text;
	differs boolean;
BEGIN
	SELECT format('ROW(%s)::text', string_agg(format('%I', attname), ', ' ORDER BY attnum)),
		format('ROW(%s)::text', string_agg(format('%I::%s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum))
	INTO loaded, casts
	FROM pg_attribute WHERE attrelid = 'corpus.loaded'::regclass AND attnum > 0;
	EXECUTE format('SELECT (%s) IS DISTINCT FROM (%s)', corpus.digest_query(loaded, 'corpus.loaded'),
		corpus.digest_query(casts, 'corpus.ours')) INTO differs;
	RETURN CASE WHEN differs THEN 'differs' ELSE 'equal' END;
EXCEPTION WHEN data_exception THEN
	RETURN 'no cast';
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
SELECT corpus.compare_with_copy($path);
SELECT corpus.compare_with_casts();
ROLLBACK; BEGIN;
\\endif
\\echo check
SELECT to_json(error) FROM migrate.check_csv($path, 'corpus.loaded');
\\if :ERROR
\\echo refused :LAST_ERROR_MESSAGE
\\endif
END
}, @files);

my (%read, %by_copy, %by_cast);
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
	my ($line, $count, $as_copy, $as_cast) = split /\n/, $result;
	my $row = eval { $json->decode($line) };
	push @broken, "$file: $result" and next unless $row && defined $as_cast;
	push @accepted, $file if $refused{$file};
	push @unchecked, "$file: @checked" if @checked;
	my $fates = 0;
	$fates += $row->{"rows_$_"} foreach qw(loaded updated rejected skipped);
	push @unaccounted, $file if $row->{rows_read} != $fates || $row->{rows_loaded} != $count;
	$read{$file} = $row;
	push @{ $by_copy{$as_copy} }, $file;
	push @{ $by_cast{$as_cast} }, $file;
}
sub is_none { is(join("\n", @{ $_[0] }), '', $_[1]); return; }
is_none(\@broken, 'every file gives one row or an error');
is_none(\@internal, 'no error is an internal one, a crash or a lack of resources');
is_none(\@unnamed, 'every refusal is a known one');
is_none(\@accepted, 'every file that is known as refused is refused');
is_none(\@unchecked, 'check_csv names what is wrong where import_csv refuses, and nothing else');
is_none(\@unaccounted, 'records read = loaded + updated + rejected + skipped, and all loaded are there');
note(scalar(@files) . ' files: ' . keys(%read) . ' imported, ' . keys(%refused) . ' refused by name');

# --- how many records Python's csv module finds -------------------------------------------------

my @miscounted;
my $counted = $json->decode(slurp_file("$data/expected/csv.json"));
my @counted = grep { $read{"csv/real/$_"} } sort keys %$counted;
foreach my $name (@counted)
{
	my $row = $read{"csv/real/$name"};
	my $above = $row->{notes} =~ /, a header/ ? 1 : 0;
	$above += $1 if $row->{notes} =~ /, (\d+) lines? above the table/;
	push @miscounted, "$name: $row->{rows_read} and $above instead of $counted->{$name}{records}"
	  if $row->{rows_read} + $above != $counted->{$name}{records};
}
is_none(\@miscounted, 'records are as many as Python finds');
note(scalar(@counted) . ' files have the records that Python finds');

# --- what COPY and casts make of them -----------------------------------------------------------

# COPY joins the lines between two stray quotes; here they are text.
my %apart = ("$duckdb/page_namespacepage_title_sample.csv" => 1);

is_none([ grep { !$apart{$_} } @{ $by_copy{differs} // [] } ], 'what COPY accepts has the values of COPY');
cmp_ok(scalar @{ $by_copy{equal} }, '>', 700, 'COPY accepts most of the files');
note('COPY: ' . join ', ', map { scalar(@{ $by_copy{$_} }) . " $_" } sort keys %by_copy);

# Dates in another order, and decimal commas, are read by import_csv alone.
is_none($by_cast{differs} // [], 'what the input function of a type accepts has its value');
cmp_ok(scalar @{ $by_cast{equal} }, '>', 800, 'input functions accept most of the values');
note('casts: ' . join ', ', map { scalar(@{ $by_cast{$_} }) . " $_" } sort keys %by_cast);

# --- what the authors of the files expect -------------------------------------------------------

# What the authors' reader takes for granted, in our options, by the file and the options of the case:
# their types, their order of day and month, no quoting, blank lines and preambles as they count them.
my $true = JSON::PP::true;
my $false = JSON::PP::false;
my %taken_for_granted = (
	'14512.csv {}' => { trim => 'all' },
	'14512_og.csv {"delimiter":",","escape":"\"","quote":"\""}' => { all_text => $true, trim => 'all' },
	'17705.csv {}' => { all_text => $true },
	'17738.csv {"header":false,"skip":3}' => { delimiter => "\x1f", quote => '' },
	'17738.csv {"header":false,"skip":4}' => { delimiter => "\x1f", quote => '' },
	'17738_rn.csv {"delimiter":";","header":false,"skip":3}' => { quote => '' },
	'comments/simple.csv {"skip":2}' => { comment => '#', header => $false, skip => 5 },
	'dates.csv {}' => { date_order => 'dmy' },
	'escape.csv {"header":false}' => { quote => '' },
	'headers/undetected_type.csv {"delimiter":";"}' => { all_text => $true },
	'inconsistencies/line_with_spaces.csv {"header":false,"ragged":"pad"}' => { skip => 0 },
	'multi_quote.csv {"ragged":"pad"}' => { DateStyle => 'ISO, DMY', types => { datecol => 'date' } },
	'null_comparison.csv {}' => { force_null => 'str' },
	'rejects_sniffer.csv {"on_error":"ignore"}' => { decimal => '.' },
	'test/dateformat.csv {}' => { date_order => 'dmy' },
	'timestamp_timezone.csv {}' => { types => { time => 'timestamptz' } },
	'timestamp_with_tz.csv {}' => { types => { timestamps => 'timestamptz' } });

# Where we read a file in another way than its authors all the same, and why.
my %reasons = (
	'COPY reads it so' => [ 'csv/commons-csv/src/test/resources/org/apache/commons/csv/CSVFileParser/test.csv',
		map { "$duckdb/$_" } qw(bad_escape.csv unescaped_quotes/stops.csv unescaped_quotes/unescaped_quote.csv) ],
	'a misplaced thousands mark makes no number' => [ map { "$duckdb/thousands_separator/$_" } qw(integers.csv
		thousands_broken.csv) ],
	'the cleaned file has other values or fewer lines' => [ map { "csv/real/pollock/csv/$_" } qw(2004-2016.csv
		Copy_of_2016-17_Q3_Final_V2.csv mos-oct-dec-2014.csv) ]);
my %reason_of = map { my $reason = $_; map { ($_ => $reason) } @{ $reasons{$reason} } } keys %reasons;

my @expected = expected_cases($node, $data, \%refused, list_files(sub { $_[0] =~ /\.test(_slow)?$/ }));
my %case_of = map { ("$expected[$_]{file} $_" => $expected[$_]) } 0 .. $#expected;
my @granted;
foreach my $case (values %case_of)
{
	my $key = substr($case->{file}, 1 + length $duckdb) . ' ' . $json->canonical->encode($case->{options});
	my $reading = $taken_for_granted{$key} or next;
	push @granted, $key;
	$case->{options} = { %{ $case->{options} }, %$reading };
	$case->{style} = delete $case->{options}{DateStyle};
}
is_deeply([ uniq sort @granted ], [ sort keys %taken_for_granted ], 'all that is taken for granted is needed');
my $answers = ask_each(sub {
	my $case = $case_of{ $_[0] };
	my ($path, $options) = map { quoted($_) } "$data/$case->{file}", $json->canonical->encode($case->{options});
	my $style = quoted($case->{style} // 'ISO, MDY');
	return <<"END";
BEGIN;
SET LOCAL DateStyle = $style;
SELECT rows_read FROM migrate.import_csv($path, 'corpus.loaded', $options);
\\if :ERROR
\\echo refused :LAST_ERROR_MESSAGE
\\else
COPY corpus.loaded TO STDOUT;
\\endif
END
}, sort keys %case_of);
my (%equal, %explained, @different);
foreach my $key (sort keys %case_of)
{
	my $case = $case_of{$key};
	my ($first, $rows) = split /\n/, $answers->{$key}, 2;
	my $difference = $first =~ /^refused/ ? $first : difference(copied_rows($rows), $case);
	$equal{ $case->{from} }++, next if $difference eq '';
	my $reason = $reason_of{ $case->{file} };
	$explained{$reason}++, next if $reason;
	push @different, "$case->{file} " . $json->canonical->encode($case->{options}) . "\t$difference";
}
is_none(\@different, 'values are those that the authors of the files expect');
is_none([ grep { !$explained{$_} } sort keys %reasons ], 'every reason for a difference is needed');
note("$_: $equal{$_} equal") foreach sort keys %equal;
note("$explained{$_} differ: $_") foreach sort keys %explained;

stop_server($node);
done_testing();

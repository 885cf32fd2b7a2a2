# What the authors of CSV files say that is in them, for the test of the corpus: csv-spectrum's JSON,
# Pollock's cleaned files, the answers of DuckDB's, csvkit's and commons-csv's own tests.
package CsvExpected;

use strict;
use warnings;
use Encode qw(decode);
use Exporter 'import';
use JSON::PP;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(quoted copied_rows expected_cases difference);

my $json = JSON::PP->new->utf8;
my $duckdb = 'csv/duckdb/data/csv';
my $data;
my $node;
my %refused;

# Each comparison: a file, the options of import_csv, and the rows that its authors expect.
my @expected;

# A text as SQL has it.
sub quoted { return "'" . $_[0] =~ s/'/''/gr . "'"; }

# The rows that COPY TO STDOUT printed; undef for NULL.
my %escaped = (t => "\t", n => "\n", r => "\r", b => "\b", f => "\f", v => "\x0b", '\\' => '\\');

sub copied_rows
{
	my ($text) = @_;
	my @rows;
	foreach my $line (split /\n/, decode('UTF-8', $text))
	{
		my @cells = map { $_ eq '\N' ? undef : s/\\(.)/$escaped{$1}/gr } split /\t/, $line, -1;
		push @rows, @cells ? \@cells : [''];
	}
	return \@rows;
}

# csv-spectrum: an array of objects of texts beside each file.
sub read_spectrum
{
	foreach my $path (glob "'$data/csv/csv-spectrum/json/'*.json")
	{
		my ($name) = $path =~ m{([^/]+)\.json$};
		my $file = "csv/csv-spectrum/csvs/$name.csv";
		my ($header) = split /\r?\n/, slurp_file("$data/$file");
		my @names = split /,/, $header;
		my $objects = $json->decode(slurp_file($path));
		push @expected, { from => 'csv-spectrum', file => $file, options => { all_text => JSON::PP::true },
			rows => [ map { my $object = $_; [ map { $object->{$_} } @names ] } @$objects ] };
	}
	return;
}

# Pollock: the same table, cleaned by hand.
sub read_pollock
{
	my $folder = 'csv/real/pollock';
	foreach my $path (glob "'$data/$folder/clean/'*.csv")
	{
		my ($name) = $path =~ m{([^/]+)$};
		next if $refused{"$folder/clean/$name"};
		my $about = $json->decode(slurp_file("$data/$folder/parameters/${name}_parameters.json"));
		my $columns = join ', ', map { "c$_ text" } 1 .. $about->{n_columns};
		# COPY keeps the order of the file in a table of its own transaction.
		my $rows = $node->safe_psql('postgres', "BEGIN; CREATE TABLE corpus.clean ($columns);
			COPY corpus.clean FROM " . quoted($path) . " (FORMAT csv, NULL '\\N');
			COPY corpus.clean TO STDOUT; ROLLBACK;");
		push @expected, { from => 'Pollock', file => "$folder/csv/$name", options => { all_text => JSON::PP::true },
			rows => copied_rows($rows), has_header => 1 };
	}
	return;
}

# csvkit: what its tools make of a file, and one table in several encodings.
sub read_csvkit
{
	my %options = ('test_locale.csv' => { decimal => ',', thousands => '.' });
	my %result = (
		'blanks.csv' => [ [ '', 'NA', 'N/A', 'NONE', 'NULL', '.' ] ],
		'dummy.csv.gz' => [ [ 1, 2, 3 ] ],
		'dummy.tsv' => [ [ 1, 2, 3 ] ],
		'mac_newlines.csv' => [ [ 1, 2, 3 ], [ "Once upon\ra time", 5, 6 ] ],
		'test_date_format.csv' => [ ['2014-01-02'], ['2012-12-31'] ],
		'test_latin1.csv' => [ [ 1, 2, 3 ], [ 4, 5, "\x{a9}" ] ],
		'test_locale.csv' => [ [ '1.7', '200000000', '' ] ],
		'test_skip_lines.csv' => [ [ 1, 2, 3 ] ],
		map { ("test_$_.csv" => [ [ 1, 2, 3 ], [ 4, 5, "\x{2a4}" ] ]) } qw(utf8 utf8_bom utf16_big utf16_little));
	push @expected, { from => 'csvkit', file => "csv/csvkit/examples/$_", options => $options{$_} // {}, rows => $result{$_} }
	  foreach sort keys %result;
	return;
}

# commons-csv: "4:[a, b, c, d]" is a record of four fields, with those of `file` in its first line.
sub read_commons
{
	my $folder = 'csv/commons-csv/src/test/resources/org/apache/commons/csv/CSVFileParser';
	foreach my $path (glob "'$data/$folder/'*.txt")
	{
		my ($first, undef, @lines) = split /\n/, slurp_file($path);
		next unless $first =~ /^(\S+\.csv) IgnoreEmpty=true(?: CommentStart=(.))?$/;
		my ($file, $comment) = ($1, $2 // '');
		my @rows = map { /^\d+:\[(.*)\]$/ ? [ split /, /, $1, -1 ] : () } @lines;
		my $widest = (sort { $b <=> $a } map { scalar @$_ } @rows)[0];
		push @$_, ('') x ($widest - @$_) foreach @rows;
		push @expected, { from => 'commons-csv', file => "$folder/$file", rows => \@rows,
			options => { all_text => JSON::PP::true, comment => $comment, delimiter => ',', header => JSON::PP::false,
				quote => '"', ragged => 'pad', skip => 0 } };
	}
	return;
}

# DuckDB's options that change nothing here, and those that import_csv has by another name.
my %pass = map { $_ => 1 } qw(auto_detect strict_mode buffer_size parallel sample_size max_line_size);
my %same = (delim => 'delimiter', sep => 'delimiter', delimiter => 'delimiter', quote => 'quote', escape => 'escape',
	nullstr => 'null', skip => 'skip', comment => 'comment', thousands => 'thousands', decimal_separator => 'decimal');

# False for an option that has no counterpart.
sub duckdb_option
{
	my ($name, $value, $options) = @_;
	my $is_true = $value =~ /^(true|1)$/i ? JSON::PP::true : JSON::PP::false;
	return 1 if $pass{$name} || ($name eq 'escape' && $value eq "''");
	return 0 if $name !~ /^(header|all_varchar|null_padding|ignore_errors)$/ && !$same{$name};
	if ($name eq 'header') { $options->{header} = $is_true }
	elsif ($name eq 'all_varchar') { $options->{all_text} = $is_true }
	elsif ($name eq 'null_padding') { $options->{ragged} = 'pad' if $is_true }
	elsif ($name eq 'ignore_errors') { $options->{on_error} = 'ignore' if $is_true }
	elsif ($value =~ /^'(.*)'$/s) { my $text = $1 =~ s/\\t/\t/gr; $options->{ $same{$name} } = $text; }
	else { $options->{ $same{$name} } = $value =~ /^\d+$/ ? 0 + $value : $value }
	return 1;
}

sub duckdb_options
{
	my ($list) = @_;
	my %options;
	while ($list =~ s/^\s*,\s*(\w+)\s*=\s*('[^']*'|[\w.]+)\s*//)
	{
		return undef unless duckdb_option(lc $1, $2, \%options);
	}
	return $list eq '' ? \%options : undef;
}

# The cells below "----": a row a line between tabs, or a cell a line.
sub duckdb_rows
{
	my ($text, $columns) = @_;
	return undef if $text =~ /hashing to|<REGEX>|^<FILE>/;
	my @lines = split /\n/, $text;
	return [ map { [ split /\t/, $_, -1 ] } @lines ] unless grep { tr/\t// != $columns - 1 } @lines;
	return undef if @lines % $columns;
	my @rows;
	push @rows, [ splice @lines, 0, $columns ] while @lines;
	return \@rows;
}

my $duckdb_file = qr/'\{DATA_DIR\}\/csv\/([^'*?\[]+)'/;

sub read_duckdb_test
{
	my ($test) = @_;
	my $text = decode('UTF-8', slurp_file("$data/$test"));
	while ($text =~ /^query (\w+)(?: (\w+))?[^\n]*\n(.*?)\n----\n(?:(?=\n)|(.*?)\n(?:\n|\z))/msg)
	{
		my ($types, $sort, $sql, $answer) = ($1, $2, $3, $4 // '');
		$sql =~ s/\s+/ /g;
		next unless $sql =~ /^(select count\(\*\) from|select \* from|from) (?:read_csv(?:_auto)?\( ?$duckdb_file ?(.*?) ?\)|$duckdb_file)( order by (?:all|1))? ?;? ?$/i;
		my ($what, $file, $list, $order) = (lc $1, $2 // $4, $3 // '', $5);
		my $options = duckdb_options($list);
		my $rows = duckdb_rows($answer, length $types);
		next unless $options && $rows && !$refused{"$duckdb/$file"} && -f "$data/$duckdb/$file";
		push @expected, { from => 'DuckDB', file => "$duckdb/$file", options => $options, rows => $rows,
			is_sorted => defined $order || ($sort // '') eq 'rowsort', is_count => $what =~ /count/ };
	}
	return;
}

# All comparisons but those of files that are refused anyway.
sub expected_cases
{
	my ($server, $folder, $refused, @tests) = @_;
	($node, $data, %refused) = ($server, $folder, %$refused);
	@expected = ();
	read_spectrum();
	read_pollock();
	read_csvkit();
	read_commons();
	read_duckdb_test($_) foreach @tests;
	return @expected;
}

# Not with leading zeros, which are text.
my $number = qr/^-?(?:0|[1-9]\d*|(?=\.\d))(?:\.\d*)?(?:e[-+]?\d+)?$/i;
my %truth = (t => 1, true => 1, f => 0, false => 0);

# One cell in both hands: NULL, texts, numbers by value, times with or without their zeros.
sub is_same_cell
{
	my ($ours, $theirs) = @_;
	return $theirs eq 'NULL' || $theirs eq '' || $theirs eq '(empty)' unless defined $ours;
	return 1 if $ours eq $theirs || ($ours eq '' && $theirs eq '(empty)');
	return abs($ours - $theirs) <= 1e-9 * abs $theirs if $ours =~ $number && $theirs =~ $number;
	my ($a, $b) = map { $truth{ lc $_ } // $_ } $ours, $theirs;
	return 1 if $a eq $b;
	s/\+00$//, s/( 00:00:00|\.0+)$//, s/(\.\d*[1-9])0+$/$1/ foreach $a, $b;
	return $a eq $b;
}

sub row_difference
{
	my ($ours, $theirs) = @_;
	return @$ours . ' columns instead of ' . @$theirs if @$ours != @$theirs;
	my ($first) = grep { !is_same_cell($ours->[$_], $theirs->[$_]) } 0 .. $#$ours;
	return '' unless defined $first;
	return "column $first: " . ($ours->[$first] // 'NULL') . " instead of $theirs->[$first]";
}

# The first difference between a table's rows and those of a case in words, or nothing.
sub difference
{
	my ($ours, $case) = @_;
	my @theirs = @{ $case->{rows} };
	return $theirs[0][0] == @$ours ? '' : scalar(@$ours) . " rows instead of $theirs[0][0]" if $case->{is_count};
	my @ours = @$ours;
	shift @theirs if $case->{has_header} && @theirs == @ours + 1;
	if ($case->{is_sorted})
	{
		my $key = sub { return join '|', map { $_ // 'NULL' } @{ $_[0] } };
		@ours = sort { $key->($a) cmp $key->($b) } @ours;
		@theirs = sort { $key->($a) cmp $key->($b) } @theirs;
	}
	foreach my $i (0 .. $#theirs)
	{
		last if $i > $#ours;
		my $words = row_difference($ours[$i], $theirs[$i]);
		return 'row ' . ($i + 1) . ": $words" if $words ne '';
	}
	return @ours == @theirs ? '' : scalar(@ours) . ' rows instead of ' . @theirs;
}

1;

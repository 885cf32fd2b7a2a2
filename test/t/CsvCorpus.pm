# Generated CSV files: values of every type as COPY takes them, in every dialect that COPY knows.
# The generator's seed is fixed, so that each run has the same files.
package CsvCorpus;

use strict;
use warnings;
use Exporter 'import';
use JSON::PP ();

our @EXPORT = qw(write_file random_file plain_file value_file value_types shape_files);

# A generator of its own: the modules of the tests take numbers from Perl's.
my $state = 20240304;

sub random
{
	$state = ($state * 1103515245 + 12345) & 0x7fffffff;
	return $_[0] * $state / 0x80000000;
}

sub write_file
{
	my ($path, $bytes) = @_;
	open my $handle, '>:raw', $path or die "could not write $path: $!";
	print $handle $bytes;
	close $handle;
	return;
}

sub pick { return $_[ int random(scalar @_) ]; }
sub chance { return random(1) < $_[0]; }
sub digits { return join '', map { int random(10) } 1 .. $_[0]; }

# --- values -------------------------------------------------------------------------------------

# Texts that one parser or another trips over.
my @texts = ('', ' ', '  x', 'x  ', "\t", 'a', 'NULL', 'null', '\\N', '\\', '\\\\', '\\.', '"', '""', "'", '-', '+', '0',
	'00012', '1.5', 'true', 'x,y', 'x;y', 'x|y', "x\ty", "two\nlines", "two\r\nlines", "a\rb", "\n", "x\n", 'she said "hi"',
	'"quoted"', 'a"b', "it's", '~', '#', '# no comment', '--', '{"a": 1}', '{1,2}', "\xc3\xa4\xc3\xb6\xc3\xbc",
	"\xe2\x82\xac", "\xe6\x97\xa5\xe6\x9c\xac", "\xf0\x9f\x98\x80", "\xc2\xa0", "\xe2\x80\xa8", "\x01", "\x1a", "\x7f", "\xef\xbb\xbf");
my @words = qw(alpha beta gamma delta epsilon zeta eta theta iota kappa);

sub random_text
{
	return pick(@texts) if chance(0.6);
	return join pick(' ', '', ', ', "\n"), map { pick(@words, @texts) } 1 .. 1 + int random(4);
}

sub random_date { return sprintf '%04d-%02d-%02d', 1900 + int random(200), 1 + int random(12), 1 + int random(28); }
sub dmy_date { return sprintf '%02d%s%02d%s%04d', 1 + int random(28), $_[0], 1 + int random(12), $_[0], 1900 + int random(200); }
sub random_time { return sprintf '%02d:%02d:%02d%s', int random(24), int random(60), int random(60), pick('', '.5', '.123456', '.000001'); }

my %random = (
	'smallint' => sub { int(random(65536)) - 32768 },
	'integer' => sub { pick('-', '') . int random(2_000_000_000) },
	'bigint' => sub { pick('-', '', '') . (1 + int random(8)) . digits(18) },
	'numeric' => sub { pick('-', '') . (1 + int random(9)) . digits(int random(30)) . pick('', '.' . digits(1 + int random(20))) },
	'numeric(10,2)' => sub { pick('-', '') . int(random(1e7)) . pick('', '.5', '.25', '.125', '.995', '.00') },
	'real' => sub { pick('-', '') . random(1000) },
	'double precision' => sub { pick('-', '') . random(1) . pick('', 'e10', 'e-200', 'E+5') },
	'boolean' => sub { pick(qw(t f true false TRUE False yes no on off 1 0 y n tr)) },
	'text' => \&random_text,
	'varchar(40)' => sub { substr pick(@words), 0, 40 },
	'varchar' => \&random_text,
	'char(12)' => sub { pick(@words) . pick('', ' ', '  ') },
	'date' => sub { pick(random_date(), dmy_date('/'), dmy_date('.')) },
	'timestamp' => sub { pick(random_date(), dmy_date('/')) . pick(' ', ' ', 'T') . random_time() },
	'timestamptz' => sub { random_date() . ' ' . random_time() . pick('', 'Z', '+02', '-05:30', ' UTC', ' America/New_York') },
	'time' => \&random_time,
	'interval' => sub { pick('1 day', '2:03:04', '1 year 2 mons', '-3 days +04:05', 'P1Y2M', '5 minutes ago') },
	'uuid' => sub { join '-', map { sprintf "%0${_}x", int random(16**4) } 8, 4, 4, 4, 12 },
	'json' => sub { pick('{"a": 1}', '[1, 2, "x"]', '"t"', 'null', '  {"b" : {"c":[]}} ', '1.50') },
	'jsonb' => sub { pick('{"a": 1, "a": 2}', '[1,2,"\u00e4"]', '"t"', 'null', '1.50', '{}') },
	'bytea' => sub { pick('\\x00ff', 'abc', '\\x', 'a\\\\b', '\\001x', "\\xDE AD") },
	'integer[]' => sub { pick('{}', '{1,2,3}', '{NULL,-1}', '{{1,2},{3,4}}', '[0:1]={5,6}') },
	'text[]' => sub { pick('{a,b}', '{"a,b","c\\"d"}', '{NULL,"NULL"}', '{"two words"}') },
	'mood' => sub { pick('sad', 'ok', 'happy', 'two words', ' x', '') },
	'positive' => sub { 1 + int random(1000) },
	'short_text' => sub { pick(@words) },
	'inet' => sub { pick('10.0.0.1', '10.1.2.0/24', '::1', 'fe80::1/64') },
);
my @type_names = sort keys %random;

# --- dialects -----------------------------------------------------------------------------------

# A value as a field that COPY reads as this value: undef is NULL.
sub field
{
	my ($value, $dialect, $is_alone) = @_;
	return $dialect->{null} unless defined $value;
	my ($delimiter, $quote, $escape) = @$dialect{qw(delimiter quote escape)};
	my $must = $value eq $dialect->{null} || $value eq '\\.' || $value =~ /[\r\n]/ || index($value, $delimiter) >= 0
	  || index($value, $quote) >= 0 || ($is_alone && $value eq '');
	return $value unless $must || chance(0.2);
	my ($before, $after) = ('', '');
	# Quotes may begin and end within a field. (A line end there is for shape_files: several such
	# fields look like text with quotes.)
	if (!$dialect->{is_plain} && chance(0.3) && $value =~ /^(\w+)([^\r\n]*?)(\w*)\z/ && length $2)
	{
		($before, $value, $after) = ($1, $2, $3);
	}
	$value =~ s/([\Q$quote$escape\E])/$escape$1/g;
	return "$before$quote$value$quote$after";
}

sub random_dialect
{
	my $dialect = {
		delimiter => pick(',', ',', ';', "\t", '|', ':', "\x01", '~'),
		quote => pick('"', '"', '"', "'", '`', "\x02"),
		null => pick('', '', '', 'NULL', '\\N', 'n/a', '-'),
		newline => pick("\n", "\n", "\r\n", "\r"),
		header => chance(0.5),
	};
	$dialect->{escape} = chance(0.2) ? '\\' : $dialect->{quote};
	return $dialect;
}

sub literal { return "E'" . join('', map { sprintf '\\x%02x', ord } split //, $_[0]) . "'"; }

sub names_of { return map { "c$_" } 1 .. $_[0]; }

# The options of COPY and of import_csv that say the same.
sub options_of
{
	my ($dialect) = @_;
	my $word = $dialect->{header} ? 'true' : 'false';
	my @copy = ("HEADER $word", map { uc($_) . ' ' . literal($dialect->{$_}) } qw(delimiter quote escape null));
	my %ours = map { $_ => $dialect->{$_} } qw(delimiter quote escape null);
	$ours{header} = $dialect->{header} ? JSON::PP::true : JSON::PP::false;
	foreach my $option (qw(force_null force_not_null))
	{
		next unless $dialect->{$option};
		push @copy, uc($option) . ' (' . join(', ', @{ $dialect->{$option} }) . ')';
		$ours{$option} = $dialect->{$option};
	}
	return (copy => \@copy, ours => \%ours);
}

sub lines_of
{
	my ($dialect, $types, $rows) = @_;
	my @lines;
	my $value = sub { return chance(0.15) ? undef : $random{ $_[0] }->() };
	push @lines, [ names_of(scalar @$types) ] if $dialect->{header};
	push @lines, [ map { $value->($_) } @$types ] foreach 1 .. $rows;
	my $is_alone = @$types == 1;
	my @texts = map { join $dialect->{delimiter}, map { field($_, $dialect, $is_alone) } @$_ } @lines;
	my $end = chance(0.2) ? '' : $dialect->{newline};
	return join($dialect->{newline}, @texts) . $end;
}

# A file of random columns in a random dialect.
sub random_file
{
	my ($path) = @_;
	my $dialect = random_dialect();
	my @types = map { chance(0.4) ? 'text' : pick(@type_names) } 1 .. 1 + int random(8);
	my @names = names_of(scalar @types);
	# NULL in quotes is NULL for these columns; for some types the empty text is no value.
	$dialect->{force_null} = [ grep { chance(0.5) } @names ] if chance(0.2);
	my @text = grep { $types[ substr($_, 1) - 1 ] =~ /^(text|varchar)$/ } @names;
	$dialect->{force_not_null} = [ grep { chance(0.5) } @text ] if chance(0.2) && @text;
	delete $dialect->{$_} foreach grep { $dialect->{$_} && !@{ $dialect->{$_} } } qw(force_null force_not_null);
	write_file($path, lines_of($dialect, \@types, 5 + int random(30)));
	my %case = (path => $path, columns => columns_of(@types), options_of($dialect));
	# What COPY has no option for is not left to detection.
	my %given = (skip => 0, comment => '', header_match => 'position', $dialect->{newline} eq "\r" ? (newline => 'cr') : ());
	$case{ours}{$_} = $given{$_} foreach keys %given;
	return \%case;
}

sub columns_of
{
	my (@types) = @_;
	return join ', ', map { "c$_ $types[$_ - 1]" } 1 .. @types;
}

# A file that leaves no doubt about its dialect: the options are import_csv's to find.
sub plain_file
{
	my ($path) = @_;
	my $dialect = { %{ random_dialect() }, delimiter => pick(',', ';', "\t", '|'), quote => '"', escape => '"', null => '',
		is_plain => 1, header => 1 };
	$dialect->{newline} = pick("\n", "\r\n");
	my @types = ('integer', pick('date', 'uuid', 'timestamptz'), map { pick(@type_names) } 1 .. 1 + int random(5));
	@types = map { /^(text|varchar|mood|bytea|char)/ ? 'varchar(40)' : $_ } @types;
	write_file($path, lines_of($dialect, \@types, 20 + int random(30)));
	return { path => $path, columns => columns_of(@types), options_of($dialect), ours => {} };
}

# --- single values ------------------------------------------------------------------------------

my $whole = [ '0', '-0', '+1', ' 7 ', '007', '1.0', '1e3', '1_000', '0x1F', '0b1', '0o7', '', ' ', '-', '32767', '32768', '-32768',
	'-32769', '2147483647', '2147483648', '-2147483648', '9223372036854775807', '9223372036854775808', '-9223372036854775808',
	'1,000', '1 000', "\t5", "5\n", '１' ];
my $decimal = [ @$whole, '1.50', '.5', '5.', '-.5', '1e400', '1E-400', '1.5e+3', 'NaN', 'nan', 'Infinity', '-inf', '+inf', '0.000',
	'1.005', '1.015', '-1.005', '2.675', '99999999.994', '99999999.995', '99999999.999', '123456789012345678901234567890.123456789',
	'0.1', '0.30000000000000004', '1.7976931348623157e308', '4.9e-324', '1.00000017881393432617187499', '16777217', '16777219',
	'9007199254740993', '0.1000000000000000055511151231257827', '3.4028235e38', '3.4028236e38', '1e-46', '1e-45', '7.006492321624085e-46',
	'-0.0', '1.234,5', '1.234', '1,5', '0x10', '1__0', '1e', 'e5', '--1', '000000000000000000000001.5' ];
my $dates = [ '2024-02-29', '2023-02-29', '2024-2-9', '24-02-09', '09/02/2024', '9/2/24', '02/29/2024', '31/12/2024', '31.12.2024',
	'20240209', '2024.040', '2024-040', 'J2451187', 'January 8, 1999', '8 Jan 1999', '1999-Jan-08', '08-Jan-99', 'infinity',
	'-infinity', 'epoch', '0044-03-15 BC', '44-03-15 BC', '10000-01-01', '5874897-12-31', '5874898-01-01', '0000-01-01', '0001-01-01',
	'2024-02-09 ', ' 2024-02-09', '2024-02-09 10:20:30', '2024-02-09T10:20', '2024/02/09', '2024-13-01', '2024-00-10', '2024-01-32',
	'99-01-01', '1/2/3', '2024-02-09+05', 'Mon Feb 09 2024', '02-09-2024', '2024 02 09' ];
my $moments = [ @$dates, '2024-03-31 02:30:00', '2024-10-27 02:30:00', '2024-10-27 02:30:00+01', '2024-06-01 24:00:00', '2024-06-01 24:00:01',
	'2024-06-30 23:59:60', '2024-06-30 23:59:60.5', '2024-06-01 10:20', '2024-06-01 10', '2024-06-01T10:20:30Z', '2024-06-01T10:20:30.1234567',
	'2024-06-01 10:20:30.9999995', '2024-06-01 10:20:30.9999994', '2024-06-01 10:20:30 PM', '2024-06-01 10:20:30 AM', '01/06/2024 1:02 pm',
	'2024-06-01 13:02 PM', '2024-06-01 12:00 AM', '2024-06-01 10:20:30+5', '2024-06-01 10:20:30+0530', '2024-06-01 10:20:30 -05:30:15',
	'2024-06-01 10:20:30 CET', '2024-06-01 10:20:30 Europe/Paris', '2024-06-01 10:20:30 EST5EDT', '2024-06-01 10:20:30+16',
	'2024-06-01 10:20:30.5 Z', '2024-06-01 10:20:60', '2024-06-01 10:60:00', '294276-12-31 23:59:59.999999', '294277-01-01',
	'4714-11-24 00:00:00 BC', '1890-01-01 00:00:00', '1893-03-31 23:55:00', '1945-05-24 02:30', '2050-07-01 00:00', '20240601T102030',
	'20240601 102030', '2024-06-01 10:20:30,5', '2024-06-01  10:20:30', '2024-06-01t10:20:30z', 'Sat Jun 01 10:20:30 2024 CEST' ];
my $times = [ '10:20', '10:20:30', '1:2:3', '24:00:00', '24:00:01', '23:59:60', '10:20:30.1234567', '9:05 pm', '9:05:00 PM', '12:00 AM', '102030',
	'10', '10:20:30+02', 'allballs', '10:20:30 Europe/Berlin', '25:00', ' 10:20 ', '10:20:30.', '10.20', '0:0', '13:00 PM', '00:00 AM' ];

my %values = (
	'smallint' => $whole, 'integer' => $whole, 'bigint' => $whole, 'positive' => $whole, 'oid' => $whole,
	'numeric' => $decimal, 'numeric(10,2)' => $decimal, 'numeric(3,5)' => $decimal, 'numeric(5,-2)' => $decimal, 'numeric(18,4)' => $decimal,
	'real' => $decimal, 'double precision' => $decimal, 'money' => $decimal,
	'boolean' => [ qw(t f T F true false TRUE False tr fal yes no y n YES No on off of o ON 1 0 2 wahr tru truee), ' true ', '', ' ', 'o n' ],
	'date' => $dates, 'timestamp' => $moments, 'timestamptz' => $moments, 'timestamp(0)' => $moments, 'timestamptz(3)' => $moments,
	'time' => $times, 'timetz' => $times, 'time(2)' => $times,
	'interval' => [ '1', '1 day', '-1 day +2:03', 'P1Y2M3DT4H5M6S', '1-2', '1 2:03:04', '@ 1 hour ago', '1.5 weeks', '2:60', 'x', '1 mon -1 day' ],
	'text' => \@texts, 'varchar(4)' => [ @texts, 'abcd', 'abcde', 'abcd ', "abcd\t", 'abc  ', "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f ", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9fx" ],
	'char(4)' => [ @texts, 'abcd', 'abcde', 'abcd  ', 'abc' ], '"char"' => [ 'a', '', '\\001', "\xc3\xa4", 'ab' ], 'name' => [ 'x', 'y' x 70 ],
	'bpchar' => \@texts, 'mood' => [ 'sad', 'Sad', ' sad', '', ' x', 'two words' ], 'short_text' => [ 'never', 'ever', 'much too long a text', 'x            ' ],
	'needed' => [ 'x', '', undef ], 'citext_like' => [],
	'uuid' => [ 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}',
		'a0eebc999c0b4ef8bb6d6bb9bd380a11', 'a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1', ' a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
		'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g' ],
	'json' => [ '{"a":1}', '{"a":1,"a":2}', ' [1 , 2] ', '"\\u0000"', '"\\ud83d\\ude00"', '"\\ud83d"', '01', '{a:1}', '1.', '""', '', "[1,\n2]", '1e400', "\"\t\"", 'nul', '-0' ],
	'bytea' => [ '\\xdeadbeef', '\\xDE AD', '\\x', '\\xabc', '\\xzz', 'plain', '\\\\', '\\001\\377', '\\400', '\\', "\xc3\xa4", 'a\\nb', "\\x00\n11" ],
	'integer[]' => [ '{}', '{1, 2 ,3}', '{NULL,null}', '{{1},{2}}', '[2:3]={1,2}', '{1,}', '{', '{1}x', '{"1"}' ],
	'text[]' => [ '{a, b ,"c "}', '{""}', '{\\"}', '{"\\\\"}', '{a,{b}}', "{\"x\ny\"}" ],
	'inet' => [ '10.0.0.1', '10.0.0.1/8', '10.1/16', '::ffff:1.2.3.4', '1.2.3' ], 'point' => [ '(1,2)', '1,2', '( 1 , 2.5e1 )' ],
	'int4range' => [ '[1,5)', '(1,5]', 'empty', '[,]' ], 'bit(3)' => [ '101', '1010', 'X5', 'B101' ], 'tsvector' => [ "a:1 'b c'", "it''s" ],
	'xml' => [ '<a/>', '<a>', 'text' ],
);
$values{jsonb} = $values{json};
delete $values{citext_like};

sub value_types
{
	return map { { name => $_ =~ s/\W/_/gr, type => $_, values => $values{$_} } } sort keys %values;
}

# A file of one column with a value of the type, in quotes and without where that is possible.
sub value_file
{
	my ($path, $type, $value) = @_;
	my $bare = defined $value && $value !~ /[",\r\n]/ && $value ne '' && $value ne '\\.' ? "1,$value\n" : '';
	my $quoted = defined $value ? '2,"' . $value =~ s/"/""/gr . "\"\n" : "2,\n";
	write_file($path, $bare . $quoted);
	return { path => $path, columns => "id int, v $type->{type}", copy => ['HEADER false'],
		ours => { header => JSON::PP::false, delimiter => ',', quote => '"', escape => '"' } };
}

# --- shapes -------------------------------------------------------------------------------------

sub shape_files
{
	my ($folder, $version) = @_;
	my $ours = { header => JSON::PP::false, delimiter => ',', quote => '"', escape => '"', skip => 0 };
	my @cases;
	my $add = sub {
		my ($name, $columns, $bytes, $options, @copy) = @_;
		write_file("$folder/shape.$name.csv", $bytes);
		push @cases, { path => "$folder/shape.$name.csv", columns => $columns, copy => [ 'HEADER false', @copy ],
			ours => { %$ours, %{ $options // {} } } };
	};
	my $two = 'a text, b text';
	my $wide = join(',', map { $_ % 3 ? 't' : 'off' } 1 .. 1600) . "\n";
	my $wide_quoted = join(',', map { "\"$_\"" } 1 .. 1600) . "\n";
	my $many_quotes = '"' . '""' x 20_000 . "\",\"\"\n";
	$add->('wide', join(', ', map { "c$_ bool" } 1 .. 1600), $wide x 5);
	$add->('wide_quoted', join(', ', map { "c$_ int" } 1 .. 1600), $wide_quoted x 5);
	$add->('one_blank', 'a text', "x\n\n\"\"\n\ny\n");
	$add->('one_blank_end', 'a text', "x\n\n\n");
	$add->('one_blank_crlf', 'a text', "x\r\n\r\n\"\"\r\n\r\ny\r\n");
	$add->('one_blank_int', 'a int', "1\n\n2\n\n");
	$add->('one_blank_start', 'a text', "\n\nx\n");
	$add->('one_blank_only', 'a text', "\n\n\n");
	$add->('empty', $two, '');
	$add->('no_newline', $two, "a,b\nc,d");
	$add->('no_newline_quoted', $two, "a,b\nc,\"d\ne\"");
	$add->('cr', $two, "a,b\rc,\"d\re\"\r");
	$add->('crlf_quoted_lf', $two, "a,\"x\ny\"\r\nb,\"x\ry\"\r\n");
	$add->('lf_quoted_crlf', $two, "a,\"x\r\ny\"\nb,\"x\ry\"\n");
	$add->('inner_quotes', $two, "a\"b,c\"d,x\"\"y\n\"a\"b\"c\",\"\"\"\"\n\"a\",\"b\"c\na\"\"b,\"\"\"a\"\"\"\n");
	$add->('inner_newline', $two, "a\"b\nc\"d,e\nf,g\"\n\"h\n");
	$add->('blanks', $two, " a , \"b\" \n\"c\" , d\n  ,\"  \"\n\t,\t\"x\"\n");
	$add->('empties', $two, ",\n\"\",\"\"\n,\"\"\n\"\",\n");
	$add->('nulls', $two, "NULL,\"NULL\"\n,\"\"\nnull,NULLx\n", { null => 'NULL' }, "NULL 'NULL'");
	$add->('force_null', $two, "NULL,\"NULL\"\n\"NULL\",NULL\n,\n", { null => 'NULL', force_null => ['b'] }, "NULL 'NULL'", 'FORCE_NULL (b)');
	$add->('force_not_null', $two, "NULL,NULL\n\"\",\n", { null => 'NULL', force_not_null => ['a'] }, "NULL 'NULL'", 'FORCE_NOT_NULL (a)');
	$add->('force_both', $two, "NULL,NULL\n\"NULL\",\"NULL\"\n,\n", { null => 'NULL', force_null => ['a'], force_not_null => ['a'] },
		"NULL 'NULL'", 'FORCE_NULL (a)', 'FORCE_NOT_NULL (a)');
	$add->('backslash', $two, "\"a\\\"b\",\"c\\\\d\"\n\"e\\f\",g\\h\n\"i\\,j\",\"\\n\"\n", { escape => '\\' }, "ESCAPE '\\'");
	$add->('backslash_plain', $two, "\"a\\\",b\n\\N,\\x41\n\"c\\\\\",\"\\\"\n");
	$add->('single_quote', $two, "'a''b','c\"d'\n'e,f',\"g\n", { quote => "'", escape => "'" }, "QUOTE ''''", "ESCAPE ''''");
	$add->('quote_delimits_nothing', $two, "a\tb\nc \"d\te\" f\tg\n", { delimiter => "\t" }, "DELIMITER E'\\t'");
	$add->('bom_is_text', 'a text', "x\n\xef\xbb\xbfy\n");
	$add->('controls', $two, "\x01,\x02\n\x1b,\x7f\n\x0b,\x0c\n");
	$add->('marker_quoted', $two, "a,b\n\"\\.\",c\nd,\\.\n\\.x,\\..\n");
	$add->('marker_alone', 'a text', "a\n\\.\nb\n") if $version >= 180000;
	$add->('long_field', $two, 'a,' . 'x' x 3_000_000 . "\n\"" . "y\n" x 500_000 . "\",b\n");
	$add->('many_quotes', $two, $many_quotes x 20);
	$add->('many_lines', $two, "\"a\nb\",c\n" x 50_000);
	$add->('comment', $two, "#a,b\nc,#d\n# e,f\n");
	$add->('generated', 'a int, b int GENERATED ALWAYS AS (a * 2) STORED, c text', "1,x\n2,y\n");
	$add->('identity', 'a int GENERATED BY DEFAULT AS IDENTITY, b text', "5,x\n6,y\n");
	$add->('header_odd', 'a text, b text', "b x,a y\n1,2\n", { header => JSON::PP::true, header_match => 'position' }, 'HEADER true');
	$cases[-1]{copy} = ['HEADER true'];
	$add->('header_quoted', 'a text, b text', "\"a\",\"b\"\n1,2\n", { header => JSON::PP::true });
	$cases[-1]{copy} = ['HEADER true'];
	return @cases;
}

1;

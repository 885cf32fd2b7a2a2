# What COPY reads, import_csv reads: for generated files of every type, dialect and encoding the table
# that import_csv fills equals the one that COPY fills with the same options.
use strict;
use warnings;
use CsvCorpus;
use JSON::PP;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_server('main');
my $folder = data_folder();
my $json = JSON::PP->new->canonical->allow_nonref;
my $version = $node->safe_psql('postgres', 'SHOW server_version_num');

sub quoted { return "'" . $_[0] =~ s/'/''/gr . "'"; }

# --- the comparison -----------------------------------------------------------------------------

my $functions = <<'END';
CREATE EXTENSION IF NOT EXISTS migrate;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'two words', ' x', '');
CREATE DOMAIN short_text AS varchar(12) CHECK (VALUE <> 'never');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN needed AS text NOT NULL;

-- 'equal' with the number of rows, or what differs; NULL for a refusal is told by whom it is.
CREATE FUNCTION parity(columns text, path text, copy_options text, ours jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	refused text;
	failed text;
	count bigint;
	differing text;
BEGIN
	DROP TABLE IF EXISTS a, b;
	EXECUTE format('CREATE TABLE a (%s)', columns);
	CREATE TABLE b (LIKE a INCLUDING ALL);
	BEGIN
		EXECUTE format('COPY a FROM %L (FORMAT csv%s)', path, copy_options);
	EXCEPTION WHEN OTHERS THEN
		refused := SQLERRM;
	END;
	BEGIN
		PERFORM migrate.import_csv(path, 'b', ours || '{"loaded_files": "load"}');
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS differing = PG_EXCEPTION_CONTEXT;
		failed := SQLERRM || coalesce(' at ' || differing, '');
	END;
	IF refused IS NOT NULL THEN
		RETURN 'COPY refuses: ' || refused;
	ELSIF failed IS NOT NULL THEN
		RETURN 'import_csv refuses: ' || failed;
	END IF;
	EXECUTE 'SELECT count(*), string_agg(side || t, E''\n'') FROM (
			SELECT ''copy '' AS side, t FROM (SELECT whole::text AS t FROM a AS whole EXCEPT ALL SELECT whole::text FROM b AS whole) x
			UNION ALL
			SELECT ''ours '', t FROM (SELECT whole::text AS t FROM b AS whole EXCEPT ALL SELECT whole::text FROM a AS whole) y
			ORDER BY 2, 1 LIMIT 6) d'
		INTO count, differing;
	IF count > 0 THEN
		RETURN 'differ: ' || differing;
	END IF;
	SELECT count(*) INTO count FROM a;
	RETURN 'equal ' || count;
END $$;
END

my $settings = "SET client_min_messages = error; SET DateStyle = 'SQL, DMY';
SET TimeZone = 'Europe/Berlin'; SET IntervalStyle = 'sql_standard';\n";

# What parity() says of each case, in one session.
sub compare_all
{
	my ($database, @cases) = @_;
	my $script = $settings;
	foreach my $i (0 .. $#cases)
	{
		my $case = $cases[$i];
		my $copy = join '', map { ", $_" } @{ $case->{copy} };
		$script .= "\\echo ## $i\nSELECT parity(" . join(', ', map { quoted($_) } $case->{columns}, $case->{path}, $copy,
			$json->encode($case->{ours})) . ");\n";
	}
	my $file = "$folder/script.sql";
	write_file($file, $script);
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr($database), '-f', $file ], '>', \$out, '2>', \$err);
	foreach my $part (split /^## /m, $out)
	{
		my ($number, $answer) = split /\n/, $part, 2;
		$cases[$number]{answer} = $answer =~ s/\n\z//r if defined $number && $number =~ /^\d+$/;
	}
	$_->{answer} //= 'nothing was said' foreach @cases;
	diag($err) if $err;
	return;
}

# Every case is equal, but for those whose files COPY refuses; of these there are at most so many.
sub check_all
{
	my ($what, $most_refused, @cases) = @_;
	my @differing = grep { $_->{answer} !~ /^(equal|COPY refuses)/ } @cases;
	my $words = join "\n", map { "$_->{path}: $_->{answer}\n    $_->{columns}\n    @{$_->{copy}}" . $json->encode($_->{ours}) }
	  @differing[0 .. ($#differing > 9 ? 9 : $#differing)];
	is($words, '', "$what: " . scalar(@cases) . ' files equal COPY');
	my @refused = grep { $_->{answer} =~ /^COPY refuses/ } @cases;
	cmp_ok(scalar @refused, '<=', $most_refused, "of $what COPY refuses at most $most_refused")
	  or diag(join "\n", map { "$_->{path}: $_->{answer}" } @refused);
	my $rows = 0;
	$rows += $_->{answer} =~ /^equal (\d+)/ ? $1 : 0 foreach @cases;
	note "$what: $rows rows, " . scalar(@refused) . ' files refused by COPY';
	return $rows;
}

sub run_cases
{
	my ($database, $what, $most_refused, @cases) = @_;
	compare_all($database, @cases);
	return check_all($what, $most_refused, @cases);
}

$node->safe_psql('postgres', $functions);

# --- generated files ----------------------------------------------------------------------------

my @files = map { random_file("$folder/file_$_.csv") } 1 .. 300;
cmp_ok(run_cases('postgres', 'random files', 0, @files), '>', 3000, 'they have rows');

# --- every value by itself ----------------------------------------------------------------------

# Where the values of a column are in one file, one that COPY refuses would hide the others.
foreach my $type (value_types())
{
	my @cases = map { value_file("$folder/value.$type->{name}.$_.csv", $type, $type->{values}[$_]) }
	  0 .. $#{ $type->{values} };
	# Some value is one of the type; xml is known only to servers that were built with it.
	my $least = $type->{name} eq 'xml' ? 0 : 1;
	run_cases('postgres', "values of $type->{name}", @cases - $least, @cases);
}

# --- shapes -------------------------------------------------------------------------------------

run_cases('postgres', 'odd shapes', 0, shape_files($folder, $version));

# --- what is detected ---------------------------------------------------------------------------

my @plain = map { plain_file("$folder/plain_$_.csv") } 1 .. 100;
cmp_ok(run_cases('postgres', 'files read without an option', 0, @plain), '>', 1000, 'they have rows');

# --- encodings ----------------------------------------------------------------------------------

# Characters of an encoding, and bytes within them that look like delimiters and quotes, as the
# server itself writes them.
$node->safe_psql('postgres', <<'END');
CREATE FUNCTION characters(encoding text, second text) RETURNS TABLE (c text) LANGUAGE plpgsql AS $$
DECLARE
	point int;
BEGIN
	FOREACH point IN ARRAY ARRAY(SELECT generate_series(1, 1535) UNION ALL SELECT generate_series(7680, 65535, 13)
		UNION ALL SELECT generate_series(8192, 9999) UNION ALL VALUES (65374), (65293), (8214), (12316))
	LOOP
		CONTINUE WHEN point BETWEEN 55296 AND 57343;
		BEGIN
			c := chr(point);
			-- COPY goes straight from one encoding to the other, import_csv by way of UTF-8: where EUC_JP
			-- has two codes for one character (IBM's, in SJIS) they choose different ones.
			IF convert_from(convert_to(c, encoding), encoding) = c
				AND convert(convert_to(c, encoding), encoding, second) = convert_to(c, second) THEN
				RETURN NEXT;
			END IF;
		EXCEPTION WHEN untranslatable_character OR character_not_in_repertoire OR undefined_function OR invalid_parameter_value OR feature_not_supported THEN
			NULL;
		END;
	END LOOP;
END $$;
END

# A file in that encoding of characters that a database of the other one can hold.
sub encoded_file
{
	my ($encoding, $second) = @_;
	my $path = "$folder/encoded.$encoding.$second.csv";
	$node->safe_psql('postgres', "SET client_min_messages = error; COPY (SELECT c, repeat(c, 3) || '|' || c, 'x' || c || '\"' || c || E'\\\\' FROM characters('$encoding', '$second') c)
		TO '$path' (FORMAT csv, ENCODING '$encoding', DELIMITER '|', ESCAPE E'\\\\')");
	return { path => $path, columns => 'a text, b varchar, c text', copy => [ "ENCODING '$encoding'", "DELIMITER '|'", "ESCAPE E'\\\\'" ],
		ours => { encoding => $encoding, delimiter => '|', quote => '"', escape => '\\', header => JSON::PP::false } };
}

my @single = qw(LATIN1 LATIN2 LATIN3 LATIN4 LATIN5 LATIN6 LATIN7 LATIN8 LATIN9 LATIN10 ISO_8859_5 ISO_8859_6 ISO_8859_7 ISO_8859_8
  WIN866 WIN874 WIN1250 WIN1251 WIN1252 WIN1253 WIN1254 WIN1255 WIN1256 WIN1257 WIN1258 KOI8R KOI8U);
my @several = qw(EUC_JP EUC_JIS_2004 EUC_CN EUC_KR EUC_TW);
my @clients = qw(UTF8 SJIS SHIFT_JIS_2004 BIG5 GBK GB18030 UHC JOHAB);
cmp_ok(run_cases('postgres', 'files in every encoding', 0, map { encoded_file($_, 'UTF8') } @single, @several, @clients),
	'>', 30_000, 'they have rows');

# A database in each encoding, and files in its own, in UTF-8 and in those with a conversion of their own.
my %others = (EUC_JP => ['SJIS'], EUC_CN => [], EUC_KR => [], EUC_TW => ['BIG5'], EUC_JIS_2004 => ['SHIFT_JIS_2004'],
	LATIN2 => ['WIN1250'], KOI8R => [qw(WIN1251 WIN866 ISO_8859_5)], WIN1251 => [qw(KOI8R WIN866 ISO_8859_5)],
	WIN866 => [qw(WIN1251 KOI8R ISO_8859_5)], ISO_8859_5 => [qw(KOI8R WIN1251 WIN866)]);
foreach my $encoding (@single, @several)
{
	my $database = lc $encoding;
	$node->safe_psql('postgres', "CREATE DATABASE $database ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
	$node->safe_psql($database, $functions);
	my @cases = map { encoded_file($_, $encoding) } $encoding, 'UTF8', @{ $others{$encoding} // [] };
	run_cases($database, "files in a database in $encoding", 0, @cases);
}

# Where the server knows no encoding, COPY keeps the bytes of the file, whatever it is told; import_csv
# makes UTF-8 of all. (There \u00e4 in a jsonb is an error.)
$node->safe_psql('postgres', "CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
$node->safe_psql('bytes', $functions);
run_cases('bytes', 'UTF-8 in a database in SQL_ASCII', 5, encoded_file('UTF8', 'UTF8'), map { $files[$_] } 0 .. 50);

stop_server($node);
done_testing();

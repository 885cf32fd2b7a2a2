# Real databases as foreign tables: what IMPORT FOREIGN SCHEMA makes of each file holds, value for
# value and type for type, what import_sqlite makes of it, and after ANALYZE the planner's number of
# rows is within a factor of 2 of the truth. MIGRATE_TEST_DATA names the folder.
use strict;
use warnings;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $folder = ($ENV{MIGRATE_TEST_DATA} // '') . '/sqlite';
plan skip_all => 'MIGRATE_TEST_DATA names no folder of databases' unless -d $folder;

my $node = start_server('main', 'max_locks_per_transaction = 512');
$node->safe_psql('postgres', <<'END');
CREATE FUNCTION probe(path text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    t record; differing bigint; truth bigint; estimate bigint; plan json;
BEGIN
    EXECUTE format('CREATE SERVER file FOREIGN DATA WRAPPER migrate_sqlite OPTIONS (database %L)', path);
    CREATE SCHEMA f;
    IMPORT FOREIGN SCHEMA main FROM SERVER file INTO f;
    PERFORM * FROM migrate.import_sqlite(path, schema => 'l', options => '{"views": false}');
    FOR t IN SELECT c.oid, c.relname, l.oid AS copy,
            string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum) AS columns
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        LEFT JOIN pg_class l ON l.relname = c.relname AND l.relnamespace = to_regnamespace('l') AND l.relkind = 'r'
        WHERE c.relnamespace = 'f'::regnamespace AND c.relkind = 'f' GROUP BY 1, 2, 3 LOOP
        EXECUTE format('SELECT count(*) FROM f.%I', t.relname) INTO truth;
        IF t.copy IS NOT NULL THEN
            IF t.columns <> (SELECT string_agg(format('%s %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
                             FROM pg_attribute WHERE attrelid = t.copy AND attnum > 0) THEN
                RETURN NEXT t.relname || ': other types';
            END IF;
            EXECUTE format('SELECT count(*) FROM ((SELECT md5(x::text) FROM f.%1$I x EXCEPT ALL SELECT md5(x::text) FROM l.%1$I x)
                UNION ALL (SELECT md5(x::text) FROM l.%1$I x EXCEPT ALL SELECT md5(x::text) FROM f.%1$I x)) d', t.relname) INTO differing;
            IF differing > 0 THEN RETURN NEXT t.relname || ': ' || differing || ' rows differ'; END IF;
        END IF;
        EXECUTE format('ANALYZE f.%I', t.relname);
        EXECUTE format('EXPLAIN (FORMAT json) SELECT * FROM f.%I', t.relname) INTO plan;
        estimate := plan -> 0 -> 'Plan' ->> 'Plan Rows';
        IF estimate NOT BETWEEN greatest(truth, 1) / 2.0 AND greatest(truth, 1) * 2 THEN
            RETURN NEXT format('%s: %s rows estimated, %s found', t.relname, estimate, truth);
        END IF;
    END LOOP;
    DROP SERVER file CASCADE;
    DROP SCHEMA f;
    DROP SCHEMA l CASCADE;
END $$;
END

opendir(my $handle, $folder) or die "could not open $folder: $!";
foreach my $name (sort grep { -f "$folder/$_" && !/-(wal|shm|journal)$/ } readdir $handle)
{
	my ($code, $out, $err) = $node->psql('postgres', "SET client_min_messages = error; SELECT probe('$folder/$name')");
	is("$out$err", '', "$name: the same rows and types, and honest estimates");
}
closedir $handle;
stop_server($node);
done_testing();

# Folders of migrations of real projects: each lists completely, is applied from nothing as far as its
# own text allows, is up to date afterwards, and is rolled back exactly as far as psql gets with the
# same DOWN scripts, a transaction each.
use strict;
use warnings;
use JSON::PP;
use MigrateTest;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'MIGRATE_TEST_DATA is not set' unless $ENV{MIGRATE_TEST_DATA};
my $root = "$ENV{MIGRATE_TEST_DATA}/migrations";
plan skip_all => "there is no folder $root" unless -d $root;

my $node = start_server('main');
my $version = $node->safe_psql('postgres', 'SHOW server_version_num');
my $relax = '{"non_transactional": "relax"}';
my $expected = decode_json(slurp_file("$ENV{MIGRATE_TEST_DATA}/expected/migrations_pg15.json"));
my ($database, $folder);

# The folder at work, and an empty database for it.
sub begin_folder
{
	($folder, my $setup) = @_;
	($database = $folder) =~ s/\W/_/g;
	$folder = "$root/$folder";
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, 'CREATE EXTENSION migrate; ' . ($setup // ''));
	return;
}

sub ask { return $node->safe_psql($database, "SET client_min_messages = warning; $_[0]"); }

sub error_of
{
	my ($sql) = @_;
	my ($code, $out, $err) = $node->psql($database, "SET client_min_messages = warning;\n$sql");
	return $code == 0 ? 'no error' : $err;
}

sub apply_sql
{
	my ($target, $options) = @_;
	$target = defined $target ? "'$target'" : 'NULL';
	return "SELECT count(*), sum(statements) FROM migrate.apply_versioned('$folder', $target, '" . ($options // '{}') . "');";
}

# Counts: migrations, those with a DOWN, and problems that the list names.
sub lists
{
	my ($migrations, $downs, $problems) = @_;
	is( ask("SELECT count(version), count(*) FILTER (WHERE status = 'pending'), count(*) FILTER (WHERE has_down), count(problem)
			FROM migrate.list_versioned('$folder')"),
		"$migrations|$migrations|$downs|$problems", "$database lists completely");
	return;
}

sub is_up_to_date
{
	my ($migrations) = @_;
	is( ask("SELECT count(*) FILTER (WHERE status = 'applied'), count(*) FILTER (WHERE version IS NOT NULL AND problem IS NOT NULL)
			FROM migrate.list_versioned('$folder')"),
		"$migrations|0", "$database is applied, without a problem");
	my ($code, $out, $err) = $node->psql($database, apply_sql());
	is("$code $out", '0 0|', "$database: a second apply does nothing");
	like($err, qr/NOTICE:  nothing to apply/, "$database: and says so");
	return;
}

# Relations that are left, without the bookkeeping.
my $relations = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname !~ '^pg_'
	AND nspname NOT IN ('information_schema', 'migrate') AND relname !~ '^(schema_migrations|__diesel)'";

# The schema as text. Newer versions of pg_dump write a random word.
sub schema
{
	my ($out, $err) = run_command([ 'pg_dump', '--schema-only', '--no-comments', '-N', 'migrate', '-T', 'public.schema_migrations*',
		'-d', $node->connstr($database) ]);
	return join "\n", grep { /\S/ && !/^(--|\\)/ } split /\n/, $out;
}

# All is undone but for the versions whose DOWN psql cannot run either: those, newest first, each
# with its file and error, are then taken out of the history by hand, as a person would go on.
sub rolls_back
{
	my ($left, @failing) = @_;
	my $options = '{"cascade": true, "non_transactional": "relax"}';
	my $all = ask('SELECT count(*) FROM schema_migrations');
	my $undone = 0;
	my $undo = sub {
		my ($first) = @_;
		$undone += ask("SELECT count(*) FROM migrate.rollback_versioned('$folder', '$first', '$options') WHERE action = 'rolled_back'")
		  if defined $first && length $first;
	};
	my $number = "string_to_array(version, '.')::numeric[]";
	my $first = ask("SELECT version FROM schema_migrations ORDER BY $number LIMIT 1");
	# What does not even parse is found before the rest is run.
	my ($stop) = ((grep { $_->[1] =~ /syntax..?error/ } @failing), @failing);
	like(error_of("SELECT count(*) FROM migrate.rollback_versioned('$folder', '$first', '$options');"),
		qr/$stop->[1].*\nnothing of this call was rolled back/s, "$database: what cannot be undone stops all of it")
	  if $stop && $stop->[1] !~ /no DOWN/;
	foreach my $case (@failing)
	{
		my ($failed, $error) = @$case;
		$undo->(ask("SELECT version FROM schema_migrations WHERE $number > string_to_array('$failed', '.')::numeric[]
			ORDER BY $number LIMIT 1"));
		like(error_of("SELECT count(*) FROM migrate.rollback_versioned('$folder', options => '$options');"),
			$error, "$database: $failed cannot be undone, as with psql");
		ask("DELETE FROM schema_migrations WHERE version = '$failed'");
	}
	$undo->(ask("SELECT version FROM schema_migrations ORDER BY $number LIMIT 1"));
	is($undone, $all - @failing, "$database: everything else is undone");
	is(ask('SELECT count(*) FROM schema_migrations'), 0, "$database: the history is empty");
	is(ask($relations), $left, "$database: what is left is what psql leaves");
	return;
}

# What another program of the same files would say: a place in a file, after the error's text.
sub at
{
	my ($error, $file, $line) = @_;
	return qr/ERROR:  \Q$error\E\n.*migration file "\Q$file\E", line $line, statement \d+ of \d+\nnothing of this call was/s;
}

sub downs_failing_at
{
	my ($suffix, @cases) = @_;
	return map { [ $_->[0], qr/ERROR:  \Q$_->[2]\E.*migration file "\Q$_->[1]$suffix\E", line \d+/s ] } @cases;
}

subtest 'golang-migrate, and the same files by another convention' => sub {
	foreach my $case ([ 'golang-migrate-reportportal', '.up.sql', '.down.sql' ], [ 'updown-reportportal-renamed', '_UP.sql', '_DOWN.sql' ])
	{
		my ($name, $up, $down) = @$case;
		begin_folder($name);
		lists(132, 132, 0);
		like(error_of(apply_sql()), at('invalid transaction termination', "40_attachment_creation_date_fill$up", 1),
			"$database: a procedure that commits has no place in one transaction");
		is(ask($relations), 0, "$database: nothing is there");
		$node->safe_psql($database, "CALL migrate.apply_versioned_each('$folder')");
		is_up_to_date(132);
		rolls_back(10, downs_failing_at($down,
			[ 202, '202_update_project_table', 'column "project_type" of relation "project" contains null values' ],
			[ 201, '201_drop_table_onboarding', 'column "creation_date" does not exist' ],
			[ 200, '200_migrate_org_roles', 'null value in column "organization_id" of relation "project" violates not-null constraint' ],
			[ 199, '199_organization_tables', 'cannot drop type organization_role_enum because other objects depend on it' ],
			[ 89, '89_update_onboarding', 'relation "onboarding" does not exist' ],
			[ 80, '80_update_onboarding', 'relation "onboarding" does not exist' ],
			[ 66, '66_onboarding_update', 'relation "onboarding" does not exist' ],
			[ 55, '55_onboarding_fix', 'relation "onboarding" does not exist' ],
			[ 53, '53_onboarding', 'table "onboarding" does not exist' ],
			[ 32, '32_create_item_idx', 'index "item_idx" does not exist' ]));
	}
};

subtest 'goose' => sub {
	begin_folder('goose-e2b-infra');
	lists(131, 131, 0);
	like( error_of(apply_sql()),
		at('CREATE INDEX CONCURRENTLY cannot run inside a transaction block', '20250506112836_builds_status_index.sql', 4),
		'CONCURRENTLY is refused before anything runs');
	like(error_of(apply_sql(undef, $relax)),
		at('invalid transaction termination', '20260210120001_add_env_and_build_source_columns.sql', 53),
		'a procedure that commits is not');
	is(ask($relations), 0, 'nothing is there');
	$node->safe_psql($database, "CALL migrate.apply_versioned_each('$folder', options => '$relax')");
	is_up_to_date(131);
	rolls_back(33, downs_failing_at('.sql',
		[ '20250910072612', '20250910072612_access_tokens_id_non_nullable', 'column "id" is in a primary key' ],
		[ '20250910063940', '20250910063940_make_raw_keys_nullable', 'syntax error at or near "TABLE"' ]));
};

subtest 'diesel' => sub {
	begin_folder('diesel-lemmy', 'CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now())');
	lists(342, 342, 0);
	my $is_15 = $version < 160000;
	if ($is_15)
	{
		like(error_of(apply_sql()), qr{ERROR:  subquery in FROM must have an alias\n.*migration file "2025-08-01-000016_smoosh-tables-together/up.sql", line 6, statement 1 of 46\nnothing of this call was applied}s,
			'what the server cannot parse is found before anything runs');
		is(ask($relations), 0, 'nothing is there');
		is(ask(apply_sql('20250801000015')), '247|1799', 'all before it are applied');
	}
	else
	{
		ask(apply_sql());
		is_up_to_date(342);
	}
	# The older DOWN scripts do not make anew the views that their predecessors drop.
	my @cases = ($is_15
		? ([ '2025-08-01-000012_no-individual-inboxes', 'constraint "person_shared_inbox_url_not_null" for table "person" does not exist' ],
			[ '2024-03-06-104706_local_image_user_opt', 'syntax error at or near "NOT"' ],
			[ '2021-02-02-153240_apub_columns', 'column "shared_inbox_url" of relation "community" does not exist' ])
		: [ '2021-02-02-153240_apub_columns', 'cannot drop column inbox_url of table user_ because other objects depend on it' ]);
	push @cases, map { [ split /: / ] } split /\n/, <<'END';
2020-10-13-212240_create_report_tables: view "comment_report_view" does not exist
2020-08-06-205355_update_community_post_count: view "community_view" does not exist
2020-08-03-000110_add_preferred_usernames_banners_and_icons: view "site_view" does not exist
2020-07-18-234519_add_unique_community_user_actor_ids: cannot drop function generate_unique_changeme() because other objects depend on it
2020-07-12-100442_add_post_title_to_comments_view: view "user_mention_view" does not exist
2020-07-08-202609_add_creator_published: view "user_mention_view" does not exist
2020-06-30-135809_remove_mat_views: table "user_fast" does not exist
2020-05-05-210233_add_activitypub_for_private_messages: materialized view "private_message_mview" does not exist
2020-04-21-123957_remove_unique_user_constraints: index "idx_user_name_lower_actor_id" does not exist
2020-04-14-163701_update_views_for_activitypub: view "user_view" does not exist
2020-04-07-135912_add_user_community_apub_constraints: view "user_view" does not exist
2020-03-06-202329_add_post_iframely_data: view "post_view" does not exist
2020-02-08-145624_add_post_newest_activity_time: view "post_view" does not exist
2020-02-07-210055_add_comment_subscribed: view "reply_view" does not exist
2020-02-06-165953_change_post_title_length: view "post_view" does not exist
2020-02-02-004806_add_case_insensitive_usernames: index "idx_user_name_lower" does not exist
2020-01-29-030825_create_user_mention_materialized_view: view "user_mention_mview" does not exist
2020-01-29-011901_create_reply_materialized_view: view "reply_view" does not exist
2020-01-21-001001_create_private_message: trigger "refresh_private_message" for table "private_message" does not exist
2020-01-13-025151_create_materialized_views: trigger "refresh_user" for table "user_" does not exist
2020-01-02-172755_add_show_avatar_and_email_notifications_to_user: view "user_view" does not exist
2020-01-01-200418_add_email_to_user_view: view "user_view" does not exist
2019-12-29-164820_add_avatar: view "user_mention_view" does not exist
2019-12-11-181820_add_site_fields: view "site_view" does not exist
2019-10-19-052737_create_user_mention: view "user_mention_view" does not exist
2019-09-09-042010_add_stickied_posts: view "post_view" does not exist
2019-09-05-230317_add_mod_ban_views: view "post_view" does not exist
2019-08-29-040006_add_community_count: view "site_view" does not exist
2019-08-11-000918_add_nsfw_columns: view "community_view" does not exist
2019-06-01-222649_remove_admin: column "fedi_name" of relation "user_" does not exist
2019-05-02-051656_community_view_hot_rank: view "community_view" does not exist
2019-04-29-175834_add_delete_columns: view "reply_view" does not exist
2019-04-11-144915_create_mod_views: view "mod_remove_post_view" does not exist
2019-04-08-015947_create_user_view: view "user_view" does not exist
2019-04-03-155309_create_comment_view: view "reply_view" does not exist
2019-04-03-155205_create_community_view: view "community_view" does not exist
2019-03-30-212058_create_post_view: view "post_view" does not exist
2019-03-05-233828_create_comment: cannot drop table comment because other objects depend on it
2019-03-03-163336_create_post: cannot drop table post because other objects depend on it
2019-02-27-170003_create_community: cannot drop table community because other objects depend on it
2019-02-26-002946_create_user: cannot drop table user_ because other objects depend on it
END
	rolls_back(80, downs_failing_at('/down.sql', map {
		my $number = $_->[0] =~ s/_.*//r =~ s/-//gr;
		[ $number, @$_ ]
	} @cases));
};

subtest 'sqitch' => sub {
	begin_folder('sqitch-bcgov-cas-cif');
	my $before = schema();
	lists(334, 334, 1);
	is(ask("SELECT name, problem FROM migrate.list_versioned('$folder') WHERE version IS NULL"),
		'revert/mutations/create_user_from_session_002_create_after_cif_user_update.sql|is not in "sqitch.plan"',
		'a script that the plan does not name is reported');
	my $copy = at('psql command "\copy" cannot run inside the server', 'deploy/data/insert_json_schema_form_data.sql', 11);
	like(error_of(apply_sql()), $copy, 'programs of psql are refused before anything runs');
	is(ask($relations), 0, 'nothing is there');
	# What psql could not run without those programs is recorded only, here as there.
	my @copies = (185, 202, 227, 228, 229, 233, 235, 237, 243, 262, 293, 299, 306, 308, 310, 314);
	my $applied = 0;
	foreach my $version (@copies)
	{
		$applied += ask("SELECT count(*) FROM migrate.apply_versioned('$folder', '" . ($version - 1) . "')");
		is(ask("SELECT version, action FROM migrate.apply_versioned('$folder', '$version', '{\"record_only\": true}')"),
			"$version|recorded", "$version is recorded");
	}
	$applied += ask("SELECT count(*) FROM migrate.apply_versioned('$folder')");
	is($applied, $expected->{'sqitch-bcgov-cas-cif'}{up}{ok}, 'as many files are applied as with psql');
	is_up_to_date(334);
	ask('DELETE FROM schema_migrations WHERE version IN (' . join(', ', map { "'$_'" } @copies) . ')');
	rolls_back(0);
	is(schema(), $before, 'and the schema is what it was');
};

subtest 'one convention of a project of its own' => sub {
	begin_folder('updown-sylte-discord-bot');
	lists(8, 7, 0);
	ask(apply_sql('0'));
	my $before = schema();
	is(ask(apply_sql()), '7|30', 'the rest is applied');
	is_up_to_date(8);
	rolls_back(3, [ '000', qr/ERROR:  migration "000" has no DOWN script\nDETAIL:  Its file "000_up__migrations.sql" has none\./ ]);
	is(schema(), $before, 'and the schema is that of version 000');
};

subtest 'Flyway and Prisma: no way back' => sub {
	begin_folder('flyway-conductor');
	lists(21, 0, 0);
	is( ask("SELECT string_agg(version, ' ') FROM migrate.list_versioned('$folder')"),
		'1 2 3 4 5 6 7 8 9 10 10.1 11 12 13.1 13.2 14 15 16 17 18 18.1', 'three folders are one series');
	like( error_of(apply_sql()),
		at('DROP INDEX CONCURRENTLY cannot run inside a transaction block', 'migration_postgres/V9__indexing_index_fix.sql', 2),
		'CONCURRENTLY is refused');
	is(ask(apply_sql(undef, $relax)), '21|150', 'and relaxed');
	is_up_to_date(21);
	like(error_of("SELECT * FROM migrate.rollback_versioned('$folder');"), qr/ERROR:  migration "18.1" has no DOWN script\n/, 'there is no undo');
	begin_folder('prisma-umami');
	lists(19, 0, 0);
	is(ask(apply_sql()), '19|177', 'folders of Prisma are applied');
	is_up_to_date(19);
};

subtest 'dbmate, for an image with roles and extensions of its own' => sub {
	begin_folder('dbmate-supabase-postgres', 'CREATE ROLE supabase_admin');
	lists(34, 34, 0);
	# Of the three that the file makes in lines 19 to 21, no server has the last.
	my ($missing, $line) = split /\|/, ask("SELECT x, 18 + n FROM unnest(ARRAY['uuid-ossp', 'pgcrypto', 'pgjwt']) WITH ORDINALITY AS e (x, n)
		WHERE x NOT IN (SELECT name FROM pg_available_extensions) ORDER BY n LIMIT 1");
	like(error_of(apply_sql()), at("extension \"$missing\" is not available", 'init-scripts/00000000000000-initial-schema.sql', $line),
		'an extension that is not there is an error with its place');
	is(ask($relations), 0, 'nothing is there');
	like(error_of("CALL migrate.apply_versioned_each('$folder');"), qr/ERROR:  extension "$missing" is not available/, 'with a commit after each file too');
	is(ask("SELECT to_regclass('schema_migrations') IS NULL"), 't', 'and nothing is recorded');
};

stop_server($node);
done_testing();

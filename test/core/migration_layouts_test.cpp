// The names of every layout: which files are migrations, of which version, in which direction.
#include "migration_files.hpp"

#include "catch.hpp"

using namespace migrate::core::versioned;

TEST_CASE("pairs of UP and DOWN files", "[versioned][layout]") {
    SECTION("NNN_name_UP.sql, in any case, with either separator") {
        const MigrationSet set = read_names({"000_init_schema_migrations.sql", "001_a_UP.sql",
                                             "001_a_DOWN.sql", "002_b_up.sql", "002_b_Down.sql",
                                             "003-c-up.sql", "003-c-down.sql", "004_UP.sql"});
        CHECK(rows(set) == Lines{"000|init_schema_migrations|plain|000_init_schema_migrations.sql|",
                                 "001|a|up_down|001_a_UP.sql|001_a_DOWN.sql",
                                 "002|b|up_down|002_b_up.sql|002_b_Down.sql",
                                 "003|c|up_down|003-c-up.sql|003-c-down.sql",
                                 "004||up_down|004_UP.sql|"});
        CHECK(problems(set).empty());
    }
    SECTION("NNN_up__name.sql: the version pairs them, not the name") {
        const MigrationSet set = read_names(
            {"005_down__custom_role.sql", "005_up__custom_roles.sql", "000_up__migrations.sql"});
        CHECK(rows(set) ==
              Lines{"000|migrations|up_down|000_up__migrations.sql|",
                    "005|custom_roles|up_down|005_up__custom_roles.sql|005_down__custom_role.sql"});
    }
    SECTION("versions with dots and dates") {
        CHECK(rows(read_names({"1.2_x_UP.sql", "2020-01-31_y_UP.sql", "20210101_120000_z_UP.sql",
                               "20210101_1200_z_UP.sql"})) ==
              Lines{"1.2|x|up_down|1.2_x_UP.sql|", "20200131|y|up_down|2020-01-31_y_UP.sql|",
                    "20210101.1200|z|up_down|20210101_1200_z_UP.sql|",
                    "20210101.120000|z|up_down|20210101_120000_z_UP.sql|"});
        CHECK(versions(read_names({"001_404_page_UP.sql", "2_3_UP.sql"})) == Lines{"001", "2"});
    }
    SECTION("numbers order them, not text") {
        CHECK(versions(read_names({"100_c_UP.sql", "9_a_UP.sql", "10_b_UP.sql"})) ==
              Lines{"9", "10", "100"});
    }
}

TEST_CASE("golang-migrate and node-pg-migrate name pairs alike", "[versioned][layout]") {
    CHECK(rows(read_names({"1_init.up.sql", "1_init.down.sql", "20210101_120000_x.up.sql"})) ==
          Lines{"1|init|golang-migrate|1_init.up.sql|1_init.down.sql",
                "20210101|120000_x|golang-migrate|20210101_120000_x.up.sql|"});
    CHECK(rows(read_names({"1600000000000_a.up.sql", "20210101120000123_b.up.sql",
                           "20210101120000123_b.down.sql"})) ==
          Lines{"1600000000000|a|node-pg-migrate|1600000000000_a.up.sql|",
                "20210101120000123|b|node-pg-migrate|20210101120000123_b.up.sql|"
                "20210101120000123_b.down.sql"});
    SECTION("a direction within the name is none") {
        CHECK(rows(read_names({"7_tear_down.up.sql", "7_tear_down.down.sql"})) ==
              Lines{"7|tear_down|golang-migrate|7_tear_down.up.sql|7_tear_down.down.sql"});
    }
    SECTION("names that only resemble golang-migrate's are pairs all the same") {
        CHECK(rows(read_names({"1.5-x.up.sql", "2.UP.sql"})) ==
              Lines{"1.5|x|up_down|1.5-x.up.sql|", "2||up_down|2.UP.sql|"});
    }
}

TEST_CASE("Flyway: V, U, B and R", "[versioned][layout]") {
    const MigrationSet set = read_names(
        {"pg/V10__poll.sql", "notify/V10.1__notify.sql", "pg/V2__1009_Fix.sql", "pg/V1_2__x.sql",
         "U10__poll_back.sql", "R__b_view.sql", "R__a_view.sql", "B10__base.sql",
         "V3__shut_down.sql", "V20210101_120000__t.sql", "V4__.sql", "V5___y.sql"});
    CHECK(rows(set) == Lines{"1.2|x|flyway|pg/V1_2__x.sql|",
                             "2|1009_Fix|flyway|pg/V2__1009_Fix.sql|",
                             "3|shut_down|flyway|V3__shut_down.sql|", "4||flyway|V4__.sql|",
                             "5|_y|flyway|V5___y.sql|", "10|base|flyway|B10__base.sql|",
                             "10|poll|flyway|pg/V10__poll.sql|U10__poll_back.sql",
                             "10.1|notify|flyway|notify/V10.1__notify.sql|",
                             "20210101.120000|t|flyway|V20210101_120000__t.sql|",
                             "R__a_view|a_view|flyway|R__a_view.sql|",
                             "R__b_view|b_view|flyway|R__b_view.sql|"});
    CHECK(problems(set).empty());
    CHECK(set.migrations[5].kind == MigrationKind::baseline);
    CHECK(set.migrations[6].kind == MigrationKind::versioned);
    CHECK(set.migrations[9].kind == MigrationKind::repeatable);
}

TEST_CASE("Flyway's side files", "[versioned][layout]") {
    const MigrationSet set = read_folder(
        {{"V1__a.sql", "x"},
         {"V1__a.sql.conf", "# slow\r\nencoding = UTF-8\r\nexecuteInTransaction = false\r\n"},
         {"V2__b.sql", "x"},
         {"V2__b.sql.conf", "executeInTransaction=true\n"},
         {"U2__b.sql", "x"},
         {"U2__b.sql.conf", "executeInTransaction:false"},
         {"V3__c.sql", "x"},
         {"V3__c.sql.conf", "\nshouldExecute=${run}"},
         {"other.conf", "executeInTransaction=false"}});
    REQUIRE(versions(set) == Lines{"1", "2", "3"});
    CHECK_FALSE(set.migrations[0].up.is_transactional);
    CHECK(set.migrations[0].up.directive_line == 3);
    CHECK(set.migrations[0].up.directive_file == "V1__a.sql.conf");
    CHECK(set.migrations[1].up.is_transactional);
    CHECK(set.migrations[1].up.directive_file.empty());
    REQUIRE(set.migrations[1].down);
    CHECK_FALSE(set.migrations[1].down->is_transactional);
    CHECK(problems(set) ==
          Lines{"!V3__c.sql.conf: sets \"shouldExecute\", which is not supported, in line 2"});
}

TEST_CASE("folders of Prisma and diesel", "[versioned][layout]") {
    SECTION("Prisma, with a DOWN made by hand") {
        CHECK(rows(read_names({"20210101000000_init/migration.sql", "migration_lock.toml",
                               "db/20210102000000_b/migration.sql",
                               "db/20210102000000_b/down.sql"})) ==
              Lines{"20210101000000|init|prisma|20210101000000_init/migration.sql|",
                    "20210102000000|b|prisma|db/20210102000000_b/migration.sql|"
                    "db/20210102000000_b/down.sql"});
    }
    SECTION("diesel: the folder up to its first _ without hyphens is the version") {
        const MigrationSet set = read_names(
            {"00000000000000_diesel_initial_setup/up.sql",
             "00000000000000_diesel_initial_setup/down.sql", "2020-01-01-000001_a-b/up.sql",
             "2020-01-01-000001_a-b/down.sql", "2026-03-08-202630-0000_c/up.sql"});
        CHECK(versions(set) == Lines{"00000000000000", "20200101000001", "202603082026300000"});
        CHECK(set.migrations[1].name == "a-b");
        CHECK(set.migrations[1].down->file == "2020-01-01-000001_a-b/down.sql");
        CHECK(problems(set).empty());
    }
    SECTION("diesel's metadata.toml holds for both directions") {
        const MigrationSet set =
            read_folder({{"2020-01-01-000001_a/up.sql", "x"},
                         {"2020-01-01-000001_a/down.sql", "x"},
                         {"2020-01-01-000001_a/metadata.toml", "run_in_transaction = false # why"},
                         {"2020-01-01-000002_b/up.sql", "x"}});
        CHECK_FALSE(set.migrations[0].up.is_transactional);
        CHECK_FALSE(set.migrations[0].down->is_transactional);
        CHECK(set.migrations[1].up.is_transactional);
    }
    SECTION("their tools order as text: said where it differs") {
        CHECK(problems(read_names({"9_a/migration.sql", "10_b/migration.sql"})) ==
              Lines{"10_b/migration.sql: follows \"9_a/migration.sql\" here, as a number; prisma "
                    "runs it before"});
    }
    SECTION("a folder without a number") {
        CHECK(problems(read_names({"init/up.sql", "migration.sql", "12ab_x/down.sql"})) ==
              Lines{"12ab_x/down.sql: is in no folder that begins with a number: expected a name "
                    "such as \"001_name/down.sql\"",
                    "init/up.sql: is in no folder that begins with a number: expected a name such "
                    "as \"001_name/up.sql\"",
                    "migration.sql: is in no folder that begins with a number: expected a name "
                    "such as \"001_name/migration.sql\""});
    }
}

TEST_CASE("plain files", "[versioned][layout]") {
    CHECK(rows(read_names(
              {"001_a.sql", "002-b.sql", "003.sql", "sub/1.5_c.sql", "2024-02-29-d.sql"})) ==
          Lines{"001|a|plain|001_a.sql|", "1.5|c|plain|sub/1.5_c.sql|", "002|b|plain|002-b.sql|",
                "003||plain|003.sql|", "20240229|d|plain|2024-02-29-d.sql|"});
    SECTION("what other tools write at the head of a file that runs outside a transaction") {
        const MigrationSet set =
            read_folder({{"1_sqlx.sql", "-- no-transaction\nx"},
                         {"2_graphile.sql", "--! Previous: -\n--! Hash: sha1:0\n\n"
                                            "--! no-transaction\nx"},
                         {"3_atlas.sql", "-- atlas:txmode none\n\nx"},
                         {"4_late.sql", "x;\n--! no-transaction\n"},
                         {"5_late.sql", "-- note\n-- no-transaction\nx"}});
        std::string lines;
        for (const Migration &migration : set.migrations) {
            CHECK(migration.up.is_transactional == (migration.up.directive_line == 0));
            lines += std::to_string(migration.up.directive_line);
        }
        CHECK(lines == "14100");
    }
}

TEST_CASE("files beside migrations are silently fine", "[versioned][layout]") {
    const MigrationSet set =
        read_names({"README", "readme.txt", "README.sql", "notes.md", "atlas.sum", "package.lock",
                    "flyway.toml", "10_run.sh", "flyway.conf", ".hidden.sql", ".git/001_x.sql",
                    "a/.b/002_x_UP.sql", "x.txt", "logo.png", "db.sqlite"});
    CHECK(set.migrations.empty());
    CHECK(problems(set).empty());
    CHECK(read_migrations({}).migrations.empty());
}

TEST_CASE("near misses are told with what was expected", "[versioned][layout]") {
    const auto reason = [](const std::string &name) {
        const MigrationSet set = read_names({name});
        CHECK(set.migrations.empty());
        REQUIRE(set.problems.size() == 1);
        CHECK(set.problems[0].file == name);
        CHECK_FALSE(set.problems[0].is_error);
        return set.problems[0].reason;
    };
    CHECK(reason("001-foo.SQL") == "ends in \".SQL\": expected \".sql\"");
    CHECK(reason("01_x_UPP.sql") ==
          "has an unknown direction \"UPP\": expected \"_UP.sql\" or \"_DOWN.sql\"");
    CHECK(reason("01_x_dwon.sql") ==
          "has an unknown direction \"dwon\": expected \"_UP.sql\" or \"_DOWN.sql\"");
    CHECK(reason("V1_x.sql") ==
          "has no \"__\" before its name: expected a name such as \"V1__name.sql\"");
    CHECK(reason("v1__x.sql") ==
          "begins with \"v\", not with an upper case letter: expected a name "
          "such as \"V1__name.sql\"");
    CHECK(reason("R_x.sql") ==
          "has no \"__\" before its name: expected a name such as \"R__name.sql\"");
    CHECK(reason("R__.sql") == "has no name: expected a name such as \"R__name.sql\"");
    CHECK(reason("V1a__x.sql") ==
          "has no version of digits before \"__\": expected a name such as \"V1__name.sql\"");
    CHECK(reason("V1__Seed.java") == "does not end in \".sql\"");
    CHECK(reason("x.sql") == "has no number: expected a name such as \"001_name.sql\"");
    CHECK(reason("seeds/x_UP.sql") == "has no number: expected a name such as \"001_name_UP.sql\"");
    CHECK(reason("x.up.sql") == "has no number: expected a name such as \"001_name.up.sql\"");
    CHECK(reason(".up.sql") == "has no number: expected a name such as \"001_name.up.sql\"");
    CHECK(reason("001 x.sql") ==
          "has \" \" behind its number: expected a name such as \"001_name.sql\"");
    CHECK(reason("001.x.sql") ==
          "has \".\" behind its number: expected a name such as \"001_name.sql\"");
    CHECK(reason("001x.up.sql") ==
          "has \"x\" behind its number: expected a name such as \"001_name.sql\"");
    CHECK(reason("001_x.py") == "does not end in \".sql\"");
    CHECK(reason("001_x.sql.bak") == "does not end in \".sql\"");
    CHECK(reason("beforeMigrate.sql") == "is a callback of Flyway, which is never run");
    CHECK(reason("before.sql") == "has no number: expected a name such as \"001_name.sql\"");
    SECTION("words that only resemble a direction") {
        CHECK(problems(read_names({"1_town.sql", "2_own.sql", "3_ups.sql", "4_download.sql",
                                   "5_app.sql", "6_shutdown.sql", "7_setup.sql"}))
                  .empty());
    }
}

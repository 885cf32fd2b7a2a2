// Folders of migrations as a whole: pairs, order, what is an error.
#include "migration_files.hpp"

#include "catch.hpp"

#include <algorithm>
#include <chrono>

using namespace migrate::core::versioned;

TEST_CASE("texts lose their byte order mark and their line ends' kind", "[versioned][set]") {
    CHECK(normalized_text("") == "");
    CHECK(normalized_text("a\r\nb\rc\nd\r") == "a\nb\nc\nd\n");
    CHECK(normalized_text("\r\r\n\n\r") == "\n\n\n\n");
    CHECK(normalized_text("\xEF\xBB\xBF\xEF\xBB\xBFx") == "\xEF\xBB\xBFx");
    CHECK(normalized_text("\xEF\xBB") == "\xEF\xBB");
}

TEST_CASE("a file of one direction is its script as a whole", "[versioned][set]") {
    const MigrationSet set = read_folder({{"9_z.sql", "z"},
                                          {"001_a_DOWN.sql", "b\r"},
                                          {"001_a_UP.sql", "\xEF\xBB\xBF"
                                                           "a;\r\nb;"}});
    REQUIRE(set.migrations.size() == 2);
    const Script &up = set.migrations[0].up;
    CHECK(up.text == "a;\nb;");
    CHECK(up.body == up.text);
    CHECK(up.source == 2);
    CHECK(up.file == "001_a_UP.sql");
    REQUIRE(set.migrations[0].down);
    CHECK(set.migrations[0].down->text == "b\n");
    CHECK(set.migrations[0].down->source == 1);
}

TEST_CASE("layouts may be mixed in one folder", "[versioned][set]") {
    const MigrationSet set = read_folder({{"4_goose.sql", "-- +goose Up\nA;"},
                                          {"1_plain.sql", "A;"},
                                          {"002_up_UP.sql", "A;"},
                                          {"3_g.up.sql", "A;"},
                                          {"3.0_g_DOWN.sql", "A;"},
                                          {"V2.5__f.sql", "A;"}});
    CHECK(rows(set) == Lines{"1|plain|plain|1_plain.sql|", "002|up|up_down|002_up_UP.sql|",
                             "2.5|f|flyway|V2.5__f.sql|",
                             "3|g|golang-migrate|3_g.up.sql|3.0_g_DOWN.sql",
                             "4|goose|goose|4_goose.sql|"});
    CHECK(problems(set).empty());
}

TEST_CASE("two files of one version are an error that names both", "[versioned][set]") {
    CHECK(problems(read_names({"1_b.sql", "001_a.sql"})) ==
          Lines{"!1_b.sql: has the same version as \"001_a.sql\": \"1\" equals \"001\""});
    const MigrationSet set = read_names({"001_a_UP.sql", "1_b.up.sql", "1.0_c.sql", "V1__d.sql"});
    CHECK(versions(set) == Lines{"001"});
    CHECK(problems(set) ==
          Lines{"!1.0_c.sql: has the same version as \"001_a_UP.sql\": \"1.0\" equals \"001\"",
                "!1_b.up.sql: has the same version as \"001_a_UP.sql\": \"1\" equals \"001\"",
                "!V1__d.sql: has the same version as \"001_a_UP.sql\": \"1\" equals \"001\""});
    SECTION("in different folders too") {
        CHECK(problems(read_names({"a/V1__x.sql", "b/V1__y.sql"})).size() == 1);
        CHECK(problems(read_names({"a/R__x.sql", "b/R__x.sql"})) ==
              Lines{"!b/R__x.sql: has the same version as \"a/R__x.sql\": \"R__x\" equals "
                    "\"R__x\""});
    }
    SECTION("a baseline is beside its version, once") {
        CHECK(problems(read_names({"B2__a.sql", "V2__b.sql"})).empty());
        CHECK(problems(read_names({"B2__a.sql", "B2.0__b.sql"})).size() == 1);
    }
    SECTION("sqitch's places are versions as well") {
        const MigrationSet mixed =
            read_folder({{"db/sqitch.plan", "a 2020-01-01T00:00:00Z A <a@b>\n"},
                         {"db/deploy/a.sql", "A;"},
                         {"01_x.sql", "A;"}});
        CHECK(problems(mixed) == Lines{"!01_x.sql: has the same version as \"db/deploy/a.sql\": "
                                       "\"01\" equals \"1\""});
    }
}

TEST_CASE("DOWN files that fit no UP, or the same one, are errors", "[versioned][set]") {
    CHECK(problems(read_names({"001_a_DOWN.sql"})) ==
          Lines{"!001_a_DOWN.sql: is a DOWN without an UP of version \"001\""});
    CHECK(problems(read_names({"1_a_UP.sql", "1_a_DOWN.sql", "01_b_DOWN.sql"})) ==
          Lines{"!1_a_DOWN.sql: is a second DOWN of version \"1\" beside \"01_b_DOWN.sql\""});
    CHECK(problems(read_folder(
              {{"1_a.sql", "-- +goose Up\nA;\n-- +goose Down\nB;\n"}, {"1_a_DOWN.sql", "B;"}})) ==
          Lines{"!1_a_DOWN.sql: is a second DOWN of version \"1\" beside \"1_a.sql\""});
    CHECK(problems(read_names({"U3__x.sql", "B3__x.sql"})) ==
          Lines{"!U3__x.sql: is a DOWN without an UP of version \"3\""});
    SECTION("they are not listed as migrations") {
        CHECK(read_names({"001_a_DOWN.sql"}).migrations.empty());
    }
}

TEST_CASE("texts that PostgreSQL cannot hold are errors, and nothing of them runs",
          "[versioned][set]") {
    using namespace std::string_literals;
    const MigrationSet set = read_folder({{"1_a.sql", "x;\n\ny \xC3("},
                                          {"2_b_UP.sql", "\xFF\xFEx\0"s},
                                          {"3_c.sql", "-- migrate:up\n\0"s},
                                          {"4_d.sql", "x"},
                                          {"4_d_DOWN.sql", "\xED\xA0\x80"}});
    CHECK(problems(set) == Lines{"!1_a.sql: is not valid UTF-8 in line 3",
                                 "!2_b_UP.sql: is UTF-16 text: expected UTF-8",
                                 "!3_c.sql: has a NUL byte in line 2",
                                 "!4_d_DOWN.sql: is not valid UTF-8 in line 1"});
    REQUIRE(versions(set) == Lines{"1", "2", "3", "4"});
    for (int i = 0; i < 3; ++i)
        CHECK(set.migrations[i].up.text.empty());
    CHECK(set.migrations[0].up.body == "x;\n\ny \xC3(");
    CHECK(set.migrations[3].up.text == "x");
    CHECK(set.migrations[3].down->text.empty());
    SECTION("names as well") {
        const MigrationSet named = read_names({"1_caf\xE9.sql", "caf\xE9.jpg"});
        CHECK(named.migrations.empty());
        CHECK(problems(named) ==
              Lines{"!1_caf\xEF\xBF\xBD.sql: has a name that is not valid UTF-8"});
    }
}

TEST_CASE("baselines come before their version, repeatable migrations last", "[versioned][set]") {
    CHECK(rows(read_names({"R__z.sql", "V2__b.sql", "B2__c.sql", "V10__d.sql", "V1.9__a.sql",
                           "R__a.sql", "B9__e.sql"})) ==
          Lines{"1.9|a|flyway|V1.9__a.sql|", "2|c|flyway|B2__c.sql|", "2|b|flyway|V2__b.sql|",
                "9|e|flyway|B9__e.sql|", "10|d|flyway|V10__d.sql|", "R__a|a|flyway|R__a.sql|",
                "R__z|z|flyway|R__z.sql|"});
}

TEST_CASE("the order of the files that are given does not matter", "[versioned][set]") {
    std::vector<std::string> names{"1_a_UP.sql", "1_b_DOWN.sql", "01_c.sql", "02_x_UPP.sql",
                                   "R__r.sql",   "3_d_DOWN.sql", "2_e.sql",  "x.sql"};
    const MigrationSet sorted = read_names(names);
    std::sort(names.begin(), names.end());
    do {
        const MigrationSet set = read_names(names);
        REQUIRE(rows(set) == rows(sorted));
        REQUIRE(problems(set) == problems(sorted));
    } while (std::next_permutation(names.begin(), names.end()) && names[0] == "01_c.sql");
}

TEST_CASE("only texts that matter are asked for", "[versioned][set]") {
    for (const char *name :
         {"001_x.sql", "a/x.sql", "V1__x.sql.conf", "a/metadata.toml", "db/sqitch.plan"})
        CHECK(needs_text(name));
    for (const char *name : {"001_x.SQL", "logo.png", "README.sql", ".x.sql", "sqitch.conf",
                             "migration_lock.toml", "", "a/"})
        CHECK_FALSE(needs_text(name));
}

TEST_CASE("ten thousand files, and one long one, take no time to speak of", "[versioned][set]") {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::string> names;
    for (int i = 0; i < 10000; ++i)
        names.push_back("m/" + std::to_string(i) + (i % 2 == 0 ? "_x_UP.sql" : "_x.sql"));
    CHECK(read_names(names).migrations.size() == 10000);

    std::string text = "-- migrate:up\n";
    for (int i = 0; i < 100000; ++i)
        text += "INSERT INTO t VALUES (1);\n";
    CHECK(read_folder({{"1_x.sql", text + "-- migrate:down\n"}}).migrations[0].up.body.size() ==
          2600000);
    CHECK(
        read_folder({{"1_x.sql", std::string(1000000, '/') + "\n-- migrate:up"}}).problems.size() ==
        1);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

TEST_CASE("every layout has its tool's name", "[versioned][set]") {
    std::string names;
    for (int layout = 0; layout <= static_cast<int>(Layout::sqitch); ++layout)
        names += std::string(layout_name(static_cast<Layout>(layout))) + " ";
    CHECK(names == "up_down plain golang-migrate flyway dbmate goose sql-migrate node-pg-migrate "
                   "prisma diesel sqitch ");
}

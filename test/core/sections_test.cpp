// Files with both directions: the directives of dbmate, goose, sql-migrate and node-pg-migrate.
#include "migration_files.hpp"

#include "catch.hpp"

using namespace migrate::core::versioned;

namespace {

Migration read_one(const std::string &text) {
    const MigrationSet set = read_folder({{"001_x.sql", text}});
    CHECK(problems(set).empty());
    REQUIRE(set.migrations.size() == 1);
    return set.migrations[0];
}

// The error of a file, whose migration stays in the set with nothing to run.
std::string error_of(const std::string &text) {
    const MigrationSet set = read_folder({{"001_x.sql", text}});
    REQUIRE(set.migrations.size() == 1);
    CHECK(set.migrations[0].up.text.empty());
    CHECK(set.migrations[0].up.body == normalized_text(text));
    CHECK_FALSE(set.migrations[0].down);
    REQUIRE(set.problems.size() == 1);
    CHECK(set.problems[0].is_error);
    return set.problems[0].reason;
}

} // namespace

TEST_CASE("dbmate's sections", "[versioned][directives]") {
    SECTION("positions stay, the other direction is blank") {
        const Migration migration =
            read_one("\xEF\xBB\xBF-- \xC3\xA4\r\n-- migrate:up\r\nCREATE TABLE t ();\r\n\r\n"
                     "-- migrate:down\r\nDROP TABLE t;\r\n");
        CHECK(migration.layout == Layout::dbmate);
        CHECK(migration.up.text == "     \n             \nCREATE TABLE t ();\n\n"
                                   "               \n             \n");
        CHECK(migration.up.body == "CREATE TABLE t ();\n\n");
        REQUIRE(migration.down);
        CHECK(migration.down->text == "     \n             \n                  \n\n"
                                      "               \nDROP TABLE t;\n");
        CHECK(migration.down->body == "DROP TABLE t;\n");
        CHECK(migration.down->file == "001_x.sql");
        CHECK(migration.up.is_transactional);
    }
    SECTION("options, for each direction") {
        const Migration migration = read_one("--migrate:up  transaction:false \nA;\n"
                                             "--  migrate:down transaction:true\nB;");
        CHECK_FALSE(migration.up.is_transactional);
        CHECK(migration.up.directive_line == 1);
        CHECK(migration.down->is_transactional);
        CHECK(migration.down->directive_line == 0);
        CHECK(migration.down->body == "B;");
    }
    SECTION("an empty DOWN is one, none is none") {
        CHECK(read_one("-- migrate:up\nA;\n-- migrate:down").down);
        CHECK_FALSE(read_one("-- migrate:up\nA;\n").down);
        CHECK(read_one("-- migrate:up").up.body.empty());
    }
    SECTION("comments stand in front of it, statements do not") {
        CHECK(read_one("-- a\n\n/* b; /* c */ */\n-- migrate:up\nA;").up.body == "A;");
        CHECK(error_of("A;\n-- migrate:up\nB;") ==
              "has SQL before the first \"migrate:up\" in line 2");
        CHECK(error_of("-- migrate: these\nA;\n-- migrate:up\nB;") ==
              "has SQL before the first \"migrate:up\" in line 3");
    }
    SECTION("any name that begins with digits will do") {
        const MigrationSet set = read_folder({{"20200102tear_down.sql", "-- migrate:up\nA;"},
                                              {"20200101_tear_down.sql", "-- migrate:up\nA;"},
                                              {"3.sql", "-- migrate:up\nA;"}});
        CHECK(rows(set) == Lines{"3||dbmate|3.sql|",
                                 "20200101|tear_down|dbmate|20200101_tear_down.sql|",
                                 "20200102|tear_down|dbmate|20200102tear_down.sql|"});
        CHECK(problems(set).size() == 1); // dbmate would run 3 last
    }
    SECTION("what dbmate does not take") {
        CHECK(error_of("-- migrate:down\nB;\n-- migrate:up\nA;") ==
              "has \"migrate:down\" before \"migrate:up\" in line 1");
        CHECK(error_of("-- migrate:down\nB;") ==
              "has \"migrate:down\" before \"migrate:up\" in line 1");
        CHECK(error_of("-- migrate:up\nA;\n-- migrate:down\nB;\n-- migrate:up\nC;") ==
              "has a second \"migrate:up\" in line 5");
        CHECK(error_of("-- migrate:upp\nA;\n-- migrate:down\nB;") ==
              "has an unknown directive \"migrate:upp\" in line 1");
        CHECK(error_of("-- migrate:up\nA;\n  -- migrate:down\nB;") ==
              "has blanks where dbmate takes none: expected \"-- migrate:down\" in line 3");
        CHECK(error_of("-- migrate: up\nA;") ==
              "has blanks where dbmate takes none: expected \"-- migrate:up\" in line 1");
        CHECK(
            error_of("-- migrate:up env:PASSWORD\nA;") ==
            "has the option \"env:PASSWORD\" of \"migrate:up\", which is not supported, in line 1");
    }
}

TEST_CASE("goose's annotations", "[versioned][directives]") {
    SECTION("statements, in any case of letters") {
        const Migration migration =
            read_one("-- +goose Up\n-- +goose StatementBegin\nA;\n-- +goose StatementEnd\n"
                     "--+goose down\nB;\n");
        CHECK(migration.layout == Layout::goose);
        CHECK(migration.up.body == "-- +goose StatementBegin\nA;\n-- +goose StatementEnd\n");
        CHECK(migration.down->body == "B;\n");
        CHECK(migration.up.is_transactional);
    }
    SECTION("NO TRANSACTION holds for both directions, wherever it stands") {
        for (const char *text : {"-- +goose NO TRANSACTION\n-- +goose Up\nA;\n-- +goose Down\nB;\n",
                                 "-- +goose no transaction\n-- +goose Up\n-- +goose Down\n"}) {
            const Migration migration = read_one(text);
            CHECK_FALSE(migration.up.is_transactional);
            CHECK_FALSE(migration.down->is_transactional);
            CHECK(migration.down->directive_line == 1);
        }
        CHECK(read_one("-- +goose Up\nA;\n-- +goose NO TRANSACTION\n").up.directive_line == 3);
    }
    SECTION("what goose does not take, or a server cannot do") {
        CHECK(error_of("-- +goose Up\nA;\n-- +goose Down\nB;\n-- +goose Up\nC;") ==
              "has a second \"+goose Up\" in line 5");
        CHECK(error_of("-- +goose Down\nB;\n") ==
              "has \"+goose Down\" before \"+goose Up\" in line 1");
        CHECK(error_of("A;\n-- +goose Up\nB;") ==
              "has SQL before the first \"+goose Up\" in line 2");
        CHECK(error_of("-- +goose StatementBegin\n-- +goose Up\n") ==
              "has \"+goose StatementBegin\" before \"+goose Up\" in line 1");
        CHECK(error_of("-- +goose Up\n-- +goose StatementBegin\nA;\n") ==
              "has no StatementEnd for the StatementBegin in line 2");
        CHECK(error_of("-- +goose Up\n-- +goose StatementBegin\nA;\n-- +goose Down\n"
                       "-- +goose StatementEnd") ==
              "has \"+goose Down\" in line 4 within the statement that begins in line 2");
        CHECK(error_of("-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementBegin\n") ==
              "has a second \"+goose StatementBegin\" in line 3 without an end of the first in "
              "line 2");
        CHECK(error_of("-- +goose Up\nA;\n-- +goose StatementEnd\n") ==
              "has \"+goose StatementEnd\" without a beginning in line 3");
        CHECK(error_of("-- +goose Upp\nA;") == "has an unknown directive \"+goose Upp\" in line 1");
        CHECK(error_of("-- +goose Up\nA;\n -- +goose Down\nB;") ==
              "has blanks before \"-- +goose Down\", which goose does not take, in line 3");
        CHECK(error_of("-- +goose NO TRANSACTION\nA;") == "has no \"+goose Up\"");
        CHECK(error_of("-- +goose Up\n-- +goose ENVSUB ON\nA;\n-- +goose ENVSUB OFF") ==
              "uses \"+goose ENVSUB ON\", which is not supported, in line 2");
        CHECK(read_one("-- +goose Up\n-- +goose ENVSUB OFF\nA;").up.is_transactional);
    }
}

TEST_CASE("sql-migrate's sections", "[versioned][directives]") {
    SECTION("of one direction are joined, in any order") {
        const Migration migration =
            read_one("-- +migrate Down notransaction\nD1;\n-- +migrate Up\nU1;\n"
                     "-- +migrate StatementBegin\nU2;\n-- +migrate StatementEnd\n"
                     "-- +migrate Down\nD2;\n-- +migrate Up notransaction\nU3;\n");
        CHECK(migration.layout == Layout::sql_migrate);
        CHECK(migration.up.body == "U1;\n-- +migrate StatementBegin\nU2;\n"
                                   "-- +migrate StatementEnd\nU3;\n");
        CHECK(migration.down->body == "D1;\nD2;\n");
        CHECK_FALSE(migration.up.is_transactional);
        CHECK(migration.up.directive_line == 10);
        CHECK(migration.down->directive_line == 1);
    }
    SECTION("what it passes over silently is an error") {
        CHECK(error_of("-- +migrate Upp\nA;\n") ==
              "has an unknown directive \"+migrate Upp\" in line 1");
        CHECK(error_of("-- +migrate up\nA;\n") ==
              "has an unknown directive \"+migrate up\" in line 1");
        CHECK(error_of("-- +migrate Up no-transaction\nA;\n") ==
              "has an unknown option \"no-transaction\" of \"+migrate Up\" in line 1");
        CHECK(error_of("--+migrate Up\nA;\n") ==
              "has other blanks than sql-migrate takes: expected \"-- +migrate Up\" in line 1");
        CHECK(error_of("A;\n-- +migrate Up\nB;\n") ==
              "has SQL before the first \"+migrate Up\" in line 2");
        CHECK(error_of("-- +migrate Down\nA;\n") == "has no \"+migrate Up\"");
        CHECK(error_of("-- +migrate Up\n-- +migrate StatementBegin\nA;\n") ==
              "has no StatementEnd for the StatementBegin in line 2");
    }
}

TEST_CASE("node-pg-migrate's markers", "[versioned][directives]") {
    SECTION("are comments of many forms") {
        const Migration migration =
            read_one("-- note\n-- Up Migration\nA;\n  ---- down   migrations follow\nB;\n");
        CHECK(migration.layout == Layout::node_pg_migrate);
        CHECK(migration.up.body == "A;\n");
        CHECK(migration.down->body == "B;\n");
        CHECK(read_one("--UP MIGRATION\nA;").layout == Layout::node_pg_migrate);
    }
    SECTION("in either order, the first of each") {
        const Migration migration = read_one("-- Down Migration\nB;\n-- Up Migration\nA;\n"
                                             "-- Down Migration\nC;\n");
        CHECK(migration.up.body == "A;\n-- Down Migration\nC;\n");
        CHECK(migration.down->body == "B;\n");
    }
    SECTION("without UP, what stands before DOWN is the UP") {
        const Migration migration = read_one("A;\n-- Down Migration\nB;\n");
        CHECK(migration.up.body == "A;\n");
        CHECK(migration.up.text == "A;\n                 \n  \n");
        CHECK(migration.down->body == "B;\n");
    }
    SECTION("SQL that it would drop is an error") {
        CHECK(error_of("A;\n-- Up Migration\nB;\n") ==
              "has SQL before the first \"-- Up Migration\" in line 2");
        CHECK(error_of("A;\n-- Down Migration\nB;\n-- Up Migration\nC;\n") ==
              "has SQL before the first \"-- Down Migration\" and \"-- Up Migration\" in line 4");
        CHECK(error_of("-- Down Migration\nB;\n") == "has no \"-- Up Migration\"");
    }
    SECTION("mean nothing in other tools' files") {
        const Migration migration =
            read_one("-- Up migration of users\n-- migrate:up\nA;\n-- down migration\nB;\n");
        CHECK(migration.layout == Layout::dbmate);
        CHECK(migration.up.body == "A;\n-- down migration\nB;\n");
        const MigrationSet pair = read_folder(
            {{"001_x_UP.sql", "-- Up migration\nA;\n-- down migration: see the other"}});
        CHECK(pair.migrations[0].layout == Layout::up_down);
        CHECK(pair.migrations[0].up.body == pair.migrations[0].up.text);
    }
}

TEST_CASE("the first tool that names itself has the file", "[versioned][directives]") {
    CHECK(read_one("-- +goose Up\n-- migrate:up\nA;\n").layout == Layout::goose);
    CHECK(read_one("-- migrate:up\n-- +goose Upp\n").layout == Layout::dbmate);
    CHECK(read_one("SELECT '\n-- not +goose Up\n';\n").layout == Layout::plain);
    CHECK(read_one("-- migrate:users\nA;\n").layout == Layout::plain);
    CHECK(read_one("").layout == Layout::plain);
}

#include "core/sqlite/sql_parser.hpp"

#include "catch.hpp"
#include "tree_dump.hpp"

#include <sqlite3.h>

#include <memory>

using migrate::core::ForeignKey;
using migrate::core::ForeignKeyAction;
using migrate::core::SourceExpression;
using migrate::core::sqlite::ColumnClauses;
using migrate::core::sqlite::IndexClauses;
using migrate::core::sqlite::parse_create_index;
using migrate::core::sqlite::parse_create_table;
using migrate::core::sqlite::TableClauses;
using migrate::test::dump;
using Names = std::vector<std::string>;

namespace {

TableClauses table(const std::string &body, const std::string &options = "") {
    return parse_create_table("CREATE TABLE t(" + body + ")" + options);
}

ColumnClauses column(const std::string &definition) {
    TableClauses clauses = table(definition);
    REQUIRE(clauses.problem.empty());
    return std::move(clauses.columns.at(0));
}

// "text -> tree", or the problem.
std::string show(const SourceExpression &expression) {
    return expression.text + " -> " +
           (expression.tree ? dump(expression.tree.get()) : "!" + expression.problem);
}

std::string show(const std::optional<SourceExpression> &expression) {
    return expression ? show(*expression) : "none";
}

// What PRAGMA table_xinfo says of the only column.
std::string type_in_sqlite(const std::string &definition) {
    sqlite3 *raw = nullptr;
    REQUIRE(sqlite3_open(":memory:", &raw) == SQLITE_OK);
    const std::unique_ptr<sqlite3, int (*)(sqlite3 *)> database(raw, sqlite3_close);
    REQUIRE(sqlite3_exec(raw, ("CREATE TABLE t(" + definition + ", z)").c_str(), nullptr, nullptr,
                         nullptr) == SQLITE_OK);
    sqlite3_stmt *row = nullptr;
    REQUIRE(sqlite3_prepare_v2(raw, "PRAGMA table_xinfo(t)", -1, &row, nullptr) == SQLITE_OK);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt *)> statement(row, sqlite3_finalize);
    REQUIRE(sqlite3_step(row) == SQLITE_ROW);
    return reinterpret_cast<const char *>(sqlite3_column_text(row, 2));
}

} // namespace

TEST_CASE("declared types are those of PRAGMA table_xinfo", "[sqlite][create_parser]") {
    for (const char *definition : {"a",
                                   "a integer",
                                   "a Text",
                                   "a VARCHAR ( 10 , 2 )",
                                   "a unsigned   big /* x */ int",
                                   "a DOUBLE\nPRECISION(1)",
                                   "a \"my type\"",
                                   "a 'str' x",
                                   "a [br] `q`",
                                   "a INT GENERATED",
                                   "a int generated always AS (1)",
                                   "a generated always AS (1)",
                                   "a varchar(3) generated always AS (1)",
                                   "a int AS (1)",
                                   "a VARCHAR(+10,-2.5)",
                                   "a blob --c\n",
                                   "a \"integer\"",
                                   "a INTEGER (5)",
                                   "a key desc",
                                   "a \"\"",
                                   "a decimal(10,5) NOT NULL",
                                   "a int always",
                                   "a NULL"}) {
        INFO(definition);
        CHECK(column(definition).declared_type == type_in_sqlite(definition));
    }
    CHECK(column("a unsigned big int").declared_type == "unsigned big int");
    CHECK(column("a varchar(10,2)").declared_type == "varchar(10,2)");
    CHECK(table("a varchar(max)").problem == "syntax error near \"max\"");
    CHECK(table("a varchar(1,2,3)").problem == "syntax error near \",\"");
    CHECK(table("a left").problem == "syntax error near \"left\"");
}

TEST_CASE("column names in all quotings", "[sqlite][create_parser]") {
    const TableClauses clauses =
        table("a, \"b \"\" c\" INT, [d e], `f`, 'g' TEXT, key, desc TEXT, left, \"\" INT");
    CHECK(clauses.problem.empty());
    Names names;
    for (const ColumnClauses &found : clauses.columns) {
        names.push_back(found.name);
    }
    CHECK(names == Names{"a", "b \" c", "d e", "f", "g", "key", "desc", "left", ""});
}

TEST_CASE("create parser: defaults", "[sqlite][create_parser]") {
    const auto value = [](const std::string &text) {
        return show(column("a INT DEFAULT " + text).default_value);
    };
    CHECK(value("1") == "1 -> 1");
    CHECK(value("- 1.5") == "- 1.5 -> (- r:1.5)");
    CHECK(value("+2") == "+2 -> (+ 2)");
    CHECK(value("-9223372036854775808") == "-9223372036854775808 -> -9223372036854775808");
    CHECK(value("'it''s'") == "'it''s' -> 'it's'");
    CHECK(value("x'00'") == "x'00' -> x'00'");
    CHECK(value("NULL NOT NULL") == "NULL -> NULL");
    CHECK(value("current_timestamp") == "current_timestamp -> CURRENT_timestamp");
    CHECK(value("TRUE") == "TRUE -> TRUE");
    CHECK(value("-CURRENT_DATE") == "-CURRENT_DATE -> (- CURRENT_date)");
    SECTION("a bare name is a string") {
        CHECK(value("abc") == "abc -> 'abc'");
        CHECK(value("\"a b\"") == "\"a b\" -> 'a b'");
        CHECK(value("[a b]") == "[a b] -> 'a b'");
        CHECK(value("\"true\"") == "\"true\" -> 'true'");
        CHECK(value("key") == "key -> 'key'");
    }
    SECTION("in parentheses") {
        CHECK(value("( datetime ( 'now' ) )") == "datetime ( 'now' ) -> (datetime() 'now')");
        CHECK(value("((1))") == "(1) -> 1");
        CHECK(value("(/* c */ 1 + 2)") == "1 + 2 -> (+ 1 2)");
        CHECK(value("(abc)") == "abc -> abc");
    }
    CHECK(value("1 DEFAULT 2") == "2 -> 2"); // the last one counts
    SECTION("a bad expression is told in it and stops nothing") {
        const TableClauses clauses = table("a DEFAULT (1 +) NOT NULL, b DEFAULT (?), c");
        CHECK(clauses.problem.empty());
        REQUIRE(clauses.columns.size() == 3);
        CHECK(show(clauses.columns[0].default_value) == "1 + -> !syntax error near \")\"");
        CHECK(clauses.columns[0].is_not_null);
        CHECK(show(clauses.columns[1].default_value) == "? -> !a bind variable");
    }
    CHECK(table("a DEFAULT -b").problem == "syntax error near \"b\"");
    CHECK(table("a DEFAULT left").problem == "syntax error near \"left\"");
    CHECK(parse_create_table("CREATE TABLE t(a DEFAULT (1").problem ==
          "a closing parenthesis is missing");
}

TEST_CASE("column constraints in any order and number", "[sqlite][create_parser]") {
    const ColumnClauses found = column("a TEXT NOT NULL ON CONFLICT IGNORE COLLATE \"nocase\" "
                                       "CONSTRAINT d DEFAULT 'x' NULL ON CONFLICT FAIL");
    CHECK(found.is_not_null);
    CHECK(found.collation == "NOCASE");
    CHECK(show(found.default_value) == "'x' -> 'x'");
    CHECK_FALSE(found.is_primary_key);
    CHECK(table("a NOT NULL ON CONFLICT x").problem == "syntax error near \"x\"");
    CHECK(table("a CONSTRAINT c CONSTRAINT d UNIQUE").uniques.at(0).name == "d");
}

TEST_CASE("create parser: primary keys", "[sqlite][create_parser]") {
    SECTION("of a column") {
        const TableClauses clauses =
            table("id INTEGER CONSTRAINT pk PRIMARY KEY ASC ON CONFLICT REPLACE AUTOINCREMENT");
        CHECK(clauses.problem.empty());
        CHECK(clauses.primary_key_name == "pk");
        CHECK(clauses.columns[0].is_primary_key);
        CHECK(clauses.columns[0].is_autoincrement);
        CHECK_FALSE(clauses.columns[0].is_primary_key_descending);
        CHECK(column("a INTEGER PRIMARY KEY DESC").is_primary_key_descending);
    }
    SECTION("of the table") {
        const TableClauses clauses =
            table("a, Id INTEGER, CONSTRAINT \"p k\" PRIMARY KEY "
                  "(id COLLATE nocase DESC AUTOINCREMENT) ON CONFLICT FAIL");
        CHECK(clauses.problem.empty());
        CHECK(clauses.primary_key_name == "p k");
        CHECK(clauses.columns[1].is_autoincrement);
        CHECK_FALSE(clauses.columns[0].is_autoincrement);
        CHECK_FALSE(clauses.columns[1].is_primary_key);
        CHECK_FALSE(clauses.columns[1].is_primary_key_descending);
    }
    CHECK(table("a, PRIMARY KEY (a + 1)").problem ==
          "an expression in a PRIMARY KEY or UNIQUE constraint");
}

TEST_CASE("unique constraints in the order of the text", "[sqlite][create_parser]") {
    const TableClauses clauses =
        table("A UNIQUE, b CONSTRAINT ub UNIQUE ON CONFLICT ABORT, \"true\", "
              "CONSTRAINT u UNIQUE (a, \"B\" COLLATE NOCASE DESC), UNIQUE ('b', true)");
    CHECK(clauses.problem.empty());
    REQUIRE(clauses.uniques.size() == 4);
    CHECK(clauses.uniques[0].columns == Names{"A"});
    CHECK(clauses.uniques[0].name.empty());
    CHECK(clauses.uniques[1].name == "ub");
    CHECK(clauses.uniques[2].name == "u");
    CHECK(clauses.uniques[2].columns == Names{"A", "b"});
    CHECK(clauses.uniques[3].columns == Names{"b", "true"});
}

TEST_CASE("checks of columns and of the table", "[sqlite][create_parser]") {
    const TableClauses clauses =
        table("a CONSTRAINT n NOT NULL CHECK ( a > ')' ), "
              "b CONSTRAINT c CHECK (b), CHECK (a <> b) ON CONFLICT IGNORE "
              "CONSTRAINT e CHECK (a IN (1, 2)), CHECK (RAISE(IGNORE))");
    CHECK(clauses.problem.empty());
    REQUIRE(clauses.checks.size() == 5);
    CHECK(clauses.checks[0].name.empty()); // "n" is the name of NOT NULL
    CHECK(show(clauses.checks[0].expression) == "a > ')' -> (> a ')')");
    CHECK(clauses.checks[1].name == "c");
    CHECK(show(clauses.checks[2].expression) == "a <> b -> (<> a b)");
    CHECK(clauses.checks[3].name == "e");
    CHECK(show(clauses.checks[3].expression) == "a IN (1, 2) -> (in a 1 2)");
    CHECK(show(clauses.checks[4].expression) == "RAISE(IGNORE) -> !the function RAISE");
}

TEST_CASE("create parser: generated columns", "[sqlite][create_parser]") {
    SECTION("the short and the long form") {
        const ColumnClauses stored = column("a INT GENERATED ALWAYS AS ( b * 2 ) STORED NOT NULL");
        CHECK(stored.declared_type == "INT");
        CHECK(show(stored.generation) == "b * 2 -> (* b 2)");
        CHECK(stored.is_generation_stored);
        CHECK(stored.is_not_null);
        const ColumnClauses plain = column("a AS (b) virtual UNIQUE");
        CHECK(show(plain.generation) == "b -> b");
        CHECK_FALSE(plain.is_generation_stored);
        CHECK(show(column("a varchar(9) generated always as (b)").generation) == "b -> b");
    }
    CHECK(table("a AS (b) other").problem == "syntax error near \"other\"");
    CHECK(table("a varchar(9) GENERATED AS (b)").problem == "syntax error near \"AS\"");
}

TEST_CASE("create parser: foreign keys", "[sqlite][create_parser]") {
    SECTION("of a column") {
        const TableClauses clauses = table(
            "a CONSTRAINT f REFERENCES \"p q\" (x) ON DELETE SET NULL ON UPDATE CASCADE MATCH full "
            "NOT NULL DEFERRABLE INITIALLY DEFERRED");
        CHECK(clauses.problem.empty());
        REQUIRE(clauses.foreign_keys.size() == 1);
        const ForeignKey &key = clauses.foreign_keys[0];
        CHECK(key.name == "f");
        CHECK(key.parent_table == "p q");
        CHECK(key.parent_columns == Names{"x"});
        CHECK(key.on_delete == ForeignKeyAction::set_null);
        CHECK(key.on_update == ForeignKeyAction::cascade);
        CHECK(key.is_deferrable);
        CHECK(key.is_initially_deferred);
        CHECK(clauses.columns[0].is_not_null);
        CHECK(clauses.foreign_key_columns == std::vector<Names>{{"a"}});
    }
    SECTION("of the table, in the order of the text and with the columns' own spelling") {
        const TableClauses clauses =
            table("A, b REFERENCES q, CONSTRAINT f FOREIGN KEY (B, a) REFERENCES p (x, y) "
                  "ON DELETE RESTRICT ON UPDATE SET DEFAULT ON INSERT CASCADE NOT DEFERRABLE "
                  "INITIALLY DEFERRED, FOREIGN KEY (a) REFERENCES r ON DELETE NO ACTION");
        CHECK(clauses.problem.empty());
        REQUIRE(clauses.foreign_keys.size() == 3);
        CHECK(clauses.foreign_keys[0].parent_table == "q");
        CHECK(clauses.foreign_keys[0].parent_columns.empty());
        CHECK(clauses.foreign_keys[1].name == "f");
        CHECK(clauses.foreign_keys[1].parent_columns == Names{"x", "y"});
        CHECK(clauses.foreign_keys[1].on_delete == ForeignKeyAction::restrict);
        CHECK(clauses.foreign_keys[1].on_update == ForeignKeyAction::set_default);
        CHECK_FALSE(clauses.foreign_keys[1].is_deferrable);
        CHECK_FALSE(clauses.foreign_keys[1].is_initially_deferred);
        CHECK(clauses.foreign_keys[2].on_delete == ForeignKeyAction::no_action);
        CHECK(clauses.foreign_key_columns == std::vector<Names>{{"b"}, {"b", "A"}, {"A"}});
    }
    SECTION("DEFERRABLE is about the last key before it") {
        const TableClauses clauses = table("a REFERENCES p, b DEFERRABLE INITIALLY IMMEDIATE");
        CHECK(clauses.foreign_keys[0].is_deferrable);
        CHECK_FALSE(clauses.foreign_keys[0].is_initially_deferred);
        CHECK(table("a DEFERRABLE").problem.empty());
    }
    // What old versions let pass, and files may hold.
    CHECK(table("a, FOREIGN KEY (a COLLATE nocase DESC) REFERENCES p (x ASC)").problem.empty());
    CHECK(table("a REFERENCES p ON DELETE").problem == "syntax error near \")\"");
    CHECK(table("a, FOREIGN KEY a REFERENCES p").problem == "syntax error near \"a\"");
}

TEST_CASE("table constraints without commas", "[sqlite][create_parser]") {
    const TableClauses clauses =
        table("a, b, CONSTRAINT c CHECK (a) UNIQUE (a) PRIMARY KEY (b) CONSTRAINT d "
              "FOREIGN KEY (a) REFERENCES p CONSTRAINT lonely");
    CHECK(clauses.problem.empty());
    CHECK(clauses.checks.at(0).name == "c");
    CHECK(clauses.uniques.at(0).name.empty());
    CHECK(clauses.foreign_keys.at(0).name == "d");
    CHECK(table("a, CONSTRAINT lonely, UNIQUE (a)").uniques.at(0).name.empty());
}

TEST_CASE("table options in any order", "[sqlite][create_parser]") {
    CHECK(table("a", " WITHOUT ROWID").is_without_rowid);
    CHECK(table("a", " strict;").is_strict);
    const TableClauses both = table("a", " STRICT, without /* no */ rowid -- end");
    CHECK(both.problem.empty());
    CHECK(both.is_strict);
    CHECK(both.is_without_rowid);
    CHECK(table("a", " STRICT WITHOUT ROWID").problem == "syntax error near \"WITHOUT\"");
    CHECK(table("a", " \"strict\"").problem == "syntax error near \"\"strict\"\"");
    CHECK(table("a", " STRICT,").problem == "syntax error at the end of the text");
}

TEST_CASE("the head of CREATE TABLE", "[sqlite][create_parser]") {
    for (const char *sql :
         {"create table t(a)", "CREATE TEMP TABLE t(a)",
          "CREATE TEMPORARY TABLE IF NOT EXISTS main.\"t\"(a);",
          "/* x */ CREATE -- y\nTABLE 'sqlite_t' (a) ; ;", "CREATE TABLE if(a)"}) {
        CHECK(parse_create_table(sql).problem.empty());
    }
    CHECK(parse_create_table("CREATE TABLE t AS SELECT 1").problem == "CREATE TABLE … AS SELECT");
    CHECK(parse_create_table("CREATE VIRTUAL TABLE t USING fts5(a)").problem == "a virtual table");
    CHECK(parse_create_table("CREATE TABLE t()").problem == "syntax error near \")\"");
    CHECK(parse_create_table("CREATE TABLE t(a,)").problem == "syntax error near \")\"");
    CHECK(parse_create_table("CREATE TABLE t(a); DROP TABLE t").problem ==
          "syntax error near \"DROP\"");
    CHECK(parse_create_table("CREATE TABLE t(a [b)").problem == "unterminated quoted name");
    CHECK(parse_create_table("").problem == "syntax error at the end of the text");
    CHECK(parse_create_table(std::string("CREATE TABLE t(a)\0x", 19)).problem.empty());
    SECTION("what was understood before a problem stays") {
        const TableClauses clauses = table("a INT, b ~");
        CHECK(clauses.problem == "syntax error near \"~\"");
        CHECK(clauses.columns.at(0).name == "a");
    }
}

TEST_CASE("CREATE INDEX", "[sqlite][create_parser]") {
    SECTION("terms, collations and directions") {
        const IndexClauses index =
            parse_create_index("CREATE UNIQUE INDEX IF NOT EXISTS main.\"i\" ON t(a, b COLLATE "
                               "nocase DESC, \"c d\" ASC, "
                               "lower(e) , (f COLLATE rtrim COLLATE binary), 'g', desc desc)");
        CHECK(index.problem.empty());
        CHECK(index.is_unique);
        REQUIRE(index.columns.size() == 7);
        CHECK(show(index.columns[0].expression) == "a -> a");
        CHECK(index.columns[0].column == -1);
        CHECK(show(index.columns[1].expression) == "b COLLATE nocase -> b");
        CHECK(index.columns[1].collation == "NOCASE");
        CHECK(index.columns[1].is_descending);
        CHECK(show(index.columns[2].expression) == "\"c d\" -> \"c d\"");
        CHECK_FALSE(index.columns[2].is_descending);
        CHECK(show(index.columns[3].expression) == "lower(e) -> (lower() e)");
        CHECK(show(index.columns[4].expression) == "(f COLLATE rtrim COLLATE binary) -> f");
        CHECK(index.columns[4].collation == "BINARY");
        CHECK(show(index.columns[5].expression) == "'g' -> \"g\"");
        CHECK(show(index.columns[6].expression) == "desc -> desc");
        CHECK(index.columns[6].is_descending);
        CHECK_FALSE(index.predicate);
    }
    SECTION("COLLATE inside an expression stays") {
        const IndexClauses index = parse_create_index("CREATE INDEX i ON t(a COLLATE nocase || b)");
        CHECK(show(index.columns.at(0).expression) ==
              "a COLLATE nocase || b -> (|| (collate[NOCASE] a) b)");
        CHECK(index.columns[0].collation.empty());
    }
    SECTION("partial") {
        const IndexClauses index =
            parse_create_index("CREATE INDEX i ON t(a) WHERE b IS NOT NULL AND c = ';' ;");
        CHECK(index.problem.empty());
        CHECK(show(index.predicate) ==
              "b IS NOT NULL AND c = ';' -> (AND (not-null? b) (= c ';'))");
    }
    SECTION("a bad term or predicate is told in it") {
        const IndexClauses index =
            parse_create_index("CREATE INDEX i ON t(f(?, 1) DESC, b b, c) WHERE ?1");
        CHECK(index.problem.empty());
        REQUIRE(index.columns.size() == 3);
        CHECK(index.columns[0].expression->problem == "a bind variable");
        CHECK(index.columns[0].is_descending);
        CHECK(index.columns[1].expression->problem == "syntax error near \"b\"");
        CHECK(show(index.columns[2].expression) == "c -> c");
        CHECK(show(index.predicate) == "?1 -> !a bind variable");
    }
    SECTION("statements that are not understood") {
        CHECK(parse_create_index("CREATE INDEX i ON t").problem ==
              "syntax error at the end of the text");
        CHECK(parse_create_index("CREATE INDEX i ON t(a) WITH x").problem ==
              "syntax error near \"WITH\"");
        CHECK(parse_create_index("CREATE TABLE t(a)").problem == "syntax error near \"TABLE\"");
        CHECK(parse_create_index("CREATE INDEX i ON t()").columns.size() == 1);
    }
}

TEST_CASE("hostile tables stay cheap", "[sqlite][create_parser]") {
    CHECK(table("a DEFAULT (" + std::string(150'000, '(')).problem ==
          "a closing parenthesis is missing");
    std::string columns = "a0";
    std::string names = "a0";
    for (int i = 1; i < 40'000; ++i) {
        columns += ",a" + std::to_string(i);
        names += ",a" + std::to_string(i);
    }
    const TableClauses clauses = table(columns + ",UNIQUE(" + names + ")");
    CHECK(clauses.problem.empty());
    CHECK(clauses.uniques.at(0).columns.size() == 40'000);
    const TableClauses check =
        table("a CHECK (" + std::string(1'000, '(') + std::string(1'000, ')') + "), b NOT NULL");
    CHECK(check.problem.empty());
    CHECK(check.checks.at(0).expression.problem ==
          "the expression is nested more than 200 levels deep");
    CHECK(check.columns.at(1).is_not_null);
}

#include "core/sqlite/catalog.hpp"
#include "core/sqlite/shadow_tables.hpp"
#include "sqlite_fixture.hpp"

#include <algorithm>

using namespace migrate::core;
using namespace migrate::core::sqlite;
using namespace migrate::core::test;

namespace {

class Catalog {
  public:
    explicit Catalog(const std::string &sql)
        : database_(Database::open(make_database(dir_.file("x.db"), sql), {})) {
        database_->begin_read();
        schema_ = read_catalog(*database_);
    }
    const Schema &schema() const { return schema_; }
    const Table &table(const std::string &name) const {
        const auto found = std::ranges::find(schema_.tables, name, &Table::name);
        REQUIRE(found != schema_.tables.end());
        return *found;
    }

  private:
    TempDir dir_;
    std::unique_ptr<Database> database_;
    Schema schema_;
};

const Index &index_of(const Table &table, const std::string &name) {
    const auto found = std::ranges::find(table.indexes, name, &Index::name);
    REQUIRE(found != table.indexes.end());
    return *found;
}

} // namespace

TEST_CASE("columns of an ordinary table", "[sqlite][catalog]") {
    const Catalog catalog("CREATE TABLE \"My \"\"Table\"(Id Integer PRIMARY KEY AUTOINCREMENT, "
                          "name VARCHAR(20) NOT NULL COLLATE nocase DEFAULT 'x''y', "
                          "price DECIMAL(10, 2) DEFAULT (1 + 2), plain, z TEXT COLLATE rtrim)");
    const Table &table = catalog.table("My \"Table");
    CHECK(table.kind == TableKind::ordinary);
    CHECK(table.problem.empty());
    CHECK_FALSE(table.is_without_rowid);
    CHECK_FALSE(table.is_strict);
    CHECK(table.is_autoincrement);
    CHECK(table.rowid_alias == 0);
    CHECK(table.primary_key == std::vector<int>{0});
    CHECK(table.indexes.empty());
    REQUIRE(table.columns.size() == 5);
    CHECK(table.columns[0].name == "Id");
    CHECK(table.columns[0].declared_type == "INTEGER");
    CHECK(table.columns[0].key_position == 1);
    CHECK(table.columns[1].declared_type == "VARCHAR(20)");
    CHECK(table.columns[1].is_not_null);
    CHECK(table.columns[1].collation == "NOCASE");
    REQUIRE(table.columns[1].default_value);
    CHECK(table.columns[1].default_value->tree->text == "x'y");
    REQUIRE(table.columns[2].default_value);
    CHECK(table.columns[2].default_value->tree->kind == ExpressionKind::binary);
    CHECK(table.columns[3].declared_type.empty());
    CHECK(table.columns[3].collation == "BINARY");
    CHECK_FALSE(table.columns[3].default_value);
    CHECK(table.columns[4].collation == "RTRIM");
}

TEST_CASE("which integer key is the rowid", "[sqlite][catalog]") {
    struct Case {
        const char *columns;
        int alias;
    };
    const Case each = GENERATE(
        Case{"a, id INTEGER PRIMARY KEY", 1}, Case{"id INT PRIMARY KEY", -1},
        Case{"id INTEGER PRIMARY KEY DESC", -1}, Case{"id INTEGER, PRIMARY KEY(id DESC)", 0},
        Case{"id INTEGER, PRIMARY KEY(id)", 0}, Case{"id integer primary key asc", 0},
        Case{"id BIGINTEGER PRIMARY KEY", -1}, Case{"id INTEGER, b, PRIMARY KEY(id, b)", -1},
        Case{"id INTEGER", -1}, Case{"id INTEGER(8) PRIMARY KEY", -1});
    INFO(each.columns);
    const Catalog catalog(std::string("CREATE TABLE t(") + each.columns + ")");
    CHECK(catalog.table("t").rowid_alias == each.alias);
    CHECK_FALSE(catalog.table("t").is_without_rowid);
    CHECK(catalog.table("t").problem.empty());
}

TEST_CASE("WITHOUT ROWID and STRICT", "[sqlite][catalog]") {
    const Catalog catalog(
        "CREATE TABLE w(id INTEGER PRIMARY KEY, rowid, _rowid_, oid) WITHOUT ROWID;"
        "CREATE TABLE s(a INT NOT NULL, b ANY) STRICT;"
        "CREATE TABLE both(a TEXT, b TEXT, PRIMARY KEY(b, a)) STRICT, WITHOUT ROWID;"
        "CREATE TABLE r(a, b, c, PRIMARY KEY(a, b, c))");
    CHECK(catalog.table("w").is_without_rowid);
    CHECK(catalog.table("w").rowid_alias == -1);
    CHECK(catalog.table("w").columns[0].is_not_null);
    CHECK(catalog.table("s").is_strict);
    CHECK_FALSE(catalog.table("s").is_without_rowid);
    CHECK(catalog.table("both").is_strict);
    CHECK(catalog.table("both").is_without_rowid);
    CHECK(catalog.table("both").primary_key == std::vector<int>{1, 0});
    CHECK_FALSE(catalog.table("r").is_without_rowid);
    for (const Table &table : catalog.schema().tables)
        CHECK(table.problem.empty());
}

TEST_CASE("indexes and constraints", "[sqlite][catalog]") {
    const Catalog catalog(
        "CREATE TABLE t(a TEXT, b, c COLLATE NOCASE, CONSTRAINT pk PRIMARY KEY(b, a), "
        "CONSTRAINT only_c UNIQUE(C), CHECK (a <> ''), CONSTRAINT positive CHECK (b > 0));"
        "CREATE INDEX z ON t(lower(a), b DESC, c COLLATE RTRIM) WHERE b > 5;"
        "CREATE UNIQUE INDEX \"a \"\"q\" ON t(c, b)");
    const Table &table = catalog.table("t");
    CHECK(table.problem.empty());
    CHECK(table.primary_key == std::vector<int>{1, 0});
    CHECK(table.primary_key_name == "pk");
    REQUIRE(table.checks.size() == 2);
    CHECK(table.checks[0].name.empty());
    CHECK(table.checks[1].name == "positive");
    REQUIRE(table.checks[1].expression.tree);

    REQUIRE(table.indexes.size() == 4);
    CHECK(std::ranges::is_sorted(table.indexes, {}, &Index::name));
    const Index &primary = index_of(table, "sqlite_autoindex_t_1");
    CHECK(primary.origin == IndexOrigin::primary_key);
    CHECK(primary.constraint_name == "pk");
    CHECK(primary.is_unique);
    REQUIRE(primary.columns.size() == 2);
    CHECK(primary.columns[0].column == 1);
    const Index &unique = index_of(table, "sqlite_autoindex_t_2");
    CHECK(unique.origin == IndexOrigin::unique_constraint);
    CHECK(unique.constraint_name == "only_c");
    CHECK(unique.columns[0].collation == "NOCASE");
    const Index &z = index_of(table, "z");
    CHECK(z.origin == IndexOrigin::create_index);
    CHECK_FALSE(z.is_unique);
    CHECK(z.sql.starts_with("CREATE INDEX z"));
    REQUIRE(z.columns.size() == 3);
    CHECK(z.columns[0].column == -1);
    REQUIRE(z.columns[0].expression);
    CHECK(z.columns[0].expression->tree->text == "lower");
    CHECK(z.columns[1].column == 1);
    CHECK(z.columns[1].is_descending);
    CHECK_FALSE(z.columns[0].is_descending);
    CHECK(z.columns[2].collation == "RTRIM");
    REQUIRE(z.predicate);
    CHECK(z.predicate->tree);
    const Index &quoted = index_of(table, "a \"q");
    CHECK(quoted.is_unique);
    CHECK_FALSE(quoted.predicate);
    REQUIRE(quoted.columns.size() == 2);
    CHECK(quoted.columns[1].column == 1);
    CHECK_FALSE(quoted.columns[1].expression);
}

TEST_CASE("foreign keys keep the order of the text", "[sqlite][catalog]") {
    const Catalog catalog(
        "CREATE TABLE p(id INTEGER PRIMARY KEY, x, y, UNIQUE(x, y));"
        "CREATE TABLE c(a INT REFERENCES p, b INT, "
        "d INT CONSTRAINT dk REFERENCES P(Id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, "
        "CONSTRAINT two FOREIGN KEY(B, a) REFERENCES p(x, y) ON UPDATE SET NULL "
        "ON DELETE SET DEFAULT, FOREIGN KEY(b) REFERENCES missing ON DELETE RESTRICT)");
    const auto &keys = catalog.table("c").foreign_keys;
    CHECK(catalog.table("c").problem.empty());
    REQUIRE(keys.size() == 4);
    CHECK(keys[0].columns == std::vector<int>{0});
    CHECK(keys[0].parent_table == "p");
    CHECK(keys[0].parent_columns.empty());
    CHECK(keys[0].on_delete == ForeignKeyAction::no_action);
    CHECK_FALSE(keys[0].is_deferrable);
    CHECK(keys[1].name == "dk");
    CHECK(keys[1].parent_table == "P");
    CHECK(keys[1].parent_columns == std::vector<std::string>{"Id"});
    CHECK(keys[1].on_delete == ForeignKeyAction::cascade);
    CHECK(keys[1].is_deferrable);
    CHECK(keys[1].is_initially_deferred);
    CHECK(keys[2].name == "two");
    CHECK(keys[2].columns == std::vector<int>{1, 0});
    CHECK(keys[2].on_update == ForeignKeyAction::set_null);
    CHECK(keys[2].on_delete == ForeignKeyAction::set_default);
    CHECK(keys[3].parent_table == "missing");
    CHECK(keys[3].on_delete == ForeignKeyAction::restrict);
}

TEST_CASE("catalog: generated columns", "[sqlite][catalog]") {
    const Catalog catalog(
        "CREATE TABLE t(a INT, v INT GENERATED ALWAYS AS (a * 2), s TEXT AS (a || 'x') STORED, "
        "big AS (zeroblob(900000000)), r AS (printf('%*d', a, 1)) VIRTUAL, j AS (json_extract(a, "
        "'$')), "
        "stored_bad AS (printf('%d', a)) STORED);"
        "CREATE INDEX i ON t(json_extract(a, '$.x'))");
    const Table &table = catalog.table("t");
    CHECK(table.problem.empty());
    REQUIRE(table.columns.size() == 7);
    CHECK(table.columns[0].generated == Generated::none);
    CHECK(table.columns[1].generated == Generated::is_virtual);
    CHECK(table.columns[1].declared_type == "INT");
    REQUIRE(table.columns[1].generation);
    CHECK(table.columns[1].generation->tree->op == "*");
    CHECK(table.columns[1].unreadable.empty());
    CHECK(table.columns[2].generated == Generated::stored);
    REQUIRE(table.columns[2].generation);
    CHECK(table.columns[3].unreadable.find("zeroblob") != std::string::npos);
    CHECK(table.columns[4].unreadable.find("printf") != std::string::npos);
    CHECK(table.columns[5].unreadable.empty());
    CHECK(table.columns[6].unreadable.empty());
}

TEST_CASE("a generated column that doubles itself without end", "[sqlite][catalog]") {
    std::string sql = "CREATE TABLE t(c0 INT";
    for (int i = 1; i <= 40; ++i)
        sql += ", c" + std::to_string(i) + " AS (c" + std::to_string(i - 1) + " + c" +
               std::to_string(i - 1) + ")";
    const Catalog catalog(sql + ")");
    const Table &table = catalog.table("t");
    CHECK(table.columns[5].unreadable.empty());
    CHECK(table.columns[40].unreadable.find("too complex") != std::string::npos);
}

TEST_CASE("virtual tables and their shadows", "[sqlite][catalog]") {
    const Catalog catalog(
        "CREATE VIRTUAL TABLE Docs USING fts5(title, body);"
        "CREATE TABLE notes_content(id INTEGER PRIMARY KEY, body);"
        "CREATE VIRTUAL TABLE notes USING fts5(body, content='notes_content', content_rowid='id');"
        "CREATE VIRTUAL TABLE old USING fts4(body);"
        "CREATE VIRTUAL TABLE \"box es\" USING rtree(id, x0, x1);"
        "CREATE TABLE docs_extra(a); CREATE TABLE old_node(a); CREATE TABLE docs_(a)");
    const auto kind = [&](const std::string &name) { return catalog.table(name).kind; };
    CHECK(kind("Docs") == TableKind::virtual_table);
    CHECK(catalog.table("Docs").module == "fts5");
    CHECK(catalog.table("Docs").columns.empty());
    CHECK(catalog.table("old").module == "fts4");
    CHECK(catalog.table("box es").module == "rtree");
    for (const char *name : {"Docs_data", "Docs_idx", "Docs_content", "Docs_docsize", "Docs_config",
                             "notes_data", "notes_idx", "old_segdir", "old_stat", "old_content",
                             "box es_node", "box es_rowid", "box es_parent"}) {
        INFO(name);
        CHECK(kind(name) == TableKind::shadow);
    }
    CHECK(catalog.table("Docs_data").module == "Docs");
    CHECK(kind("notes_content") == TableKind::ordinary);
    CHECK(kind("docs_extra") == TableKind::ordinary);
    CHECK(kind("docs_") == TableKind::ordinary);
    CHECK(kind("old_node") == TableKind::ordinary);
}

TEST_CASE("a module is found whatever stands before it", "[sqlite][catalog]") {
    CHECK(virtual_module("CREATE VIRTUAL TABLE t USING fts5(a)") == "fts5");
    CHECK(virtual_module(" /* x */ create--\n virtual table if not exists a USING \"My\"(a)") ==
          "my");
    CHECK(virtual_module("\xef\xbb\xbf"
                         "CREATE/**/VIRTUAL TABLE t USING x") == "x");
    CHECK(virtual_module("CREATE VIRTUAL TABLE t USING bad(')") == "");
    CHECK_FALSE(virtual_module("CREATE TABLE virtual(a)"));
    CHECK_FALSE(virtual_module("CREATE /* VIRTUAL */ TABLE t(a)"));
    CHECK_FALSE(virtual_module(""));
    CHECK_FALSE(virtual_module("/* open"));
}

TEST_CASE("an unknown module, collation or function stops nothing", "[sqlite][catalog]") {
    const Catalog catalog(
        "CREATE TABLE good(a); CREATE TABLE m(a); CREATE TABLE m_data(a); "
        "CREATE TABLE coll(a TEXT, b AS (a)); CREATE TABLE func(a, b AS (abs(a)));"
        "PRAGMA writable_schema = ON;"
        "UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE m USING nobody(a)', rootpage = 0 "
        "WHERE name = 'm';"
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE coll(a TEXT COLLATE klingon, "
        "b AS (a < 1))' WHERE name = 'coll';"
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE func(a, b AS (mine(a)))' "
        "WHERE name = 'func'");
    CHECK(catalog.table("good").kind == TableKind::ordinary);
    CHECK(catalog.table("m").kind == TableKind::virtual_table);
    CHECK(catalog.table("m").module == "nobody");
    CHECK(catalog.table("m_data").kind == TableKind::shadow);
    CHECK(catalog.table("coll").columns[0].collation == "KLINGON");
    CHECK(catalog.table("coll").columns[1].unreadable.find("klingon") != std::string::npos);
    CHECK(catalog.table("func").columns[1].unreadable.find("mine") != std::string::npos);
}

TEST_CASE("views, triggers, internal tables and sequences", "[sqlite][catalog]") {
    const Catalog catalog(
        "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a);"
        "CREATE TABLE u(id INTEGER PRIMARY KEY AUTOINCREMENT);"
        "CREATE VIEW v(x, y) AS SELECT id, a FROM t;"
        "CREATE VIEW broken AS SELECT * FROM nowhere JOIN nobody USING (z);"
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t; END;"
        "INSERT INTO sqlite_sequence VALUES ('t', 41), ('t', 77), ('u', 'many'); ANALYZE");
    REQUIRE(catalog.schema().views.size() == 2);
    CHECK(catalog.schema().views[0].column_names == std::vector<std::string>{"x", "y"});
    CHECK(catalog.schema().views[0].select);
    CHECK(catalog.schema().views[1].name == "broken");
    REQUIRE(catalog.schema().triggers.size() == 1);
    CHECK(catalog.schema().triggers[0].name == "tr");
    CHECK(catalog.schema().triggers[0].table == "t");
    CHECK(catalog.table("sqlite_sequence").kind == TableKind::internal);
    CHECK(catalog.table("sqlite_stat1").kind == TableKind::internal);
    CHECK(catalog.table("t").sequence == 77);
    CHECK_FALSE(catalog.table("u").sequence);
    CHECK(catalog.schema().encoding == "UTF-8");
}

TEST_CASE("a text that the parser gives up is told", "[sqlite][catalog]") {
    // SQLite reads texts of any length, our tokenizer a million bytes.
    const Catalog catalog("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT NOT NULL COLLATE NOCASE "
                          "REFERENCES t, b AS (a || 'x'), CHECK (a > 0) /*" +
                          std::string(1'100'000, '*') + "*/); CREATE INDEX i ON t(lower(a)) /*" +
                          std::string(1'100'000, '*') +
                          "*/ WHERE a > 5; CREATE VIEW v AS SELECT 1 /*" +
                          std::string(1'100'000, '*') + "*/ AS one");
    const Table &table = catalog.table("t");
    CHECK_FALSE(table.problem.empty());
    REQUIRE(table.columns.size() == 3);
    CHECK(table.rowid_alias == 0);
    CHECK(table.columns[1].is_not_null);
    CHECK(table.columns[1].collation == "NOCASE");
    CHECK(table.columns[2].generated == Generated::is_virtual);
    REQUIRE(table.columns[2].generation);
    CHECK_FALSE(table.columns[2].generation->tree);
    CHECK_FALSE(table.columns[2].generation->problem.empty());
    REQUIRE(table.foreign_keys.size() == 1);
    CHECK(table.foreign_keys[0].columns == std::vector<int>{1});
    // A partial index never becomes a full one, an expression never a column.
    const Index &index = index_of(table, "i");
    REQUIRE(index.predicate);
    CHECK_FALSE(index.predicate->tree);
    CHECK_FALSE(index.predicate->problem.empty());
    REQUIRE(index.columns.size() == 1);
    CHECK(index.columns[0].column == -1);
    REQUIRE(index.columns[0].expression);
    CHECK_FALSE(index.columns[0].expression->problem.empty());
    REQUIRE(catalog.schema().views.size() == 1);
    CHECK_FALSE(catalog.schema().views[0].problem.empty());
}

TEST_CASE("UTF-16 schemas and names outside ASCII", "[sqlite][catalog]") {
    const std::string encoding = GENERATE("UTF-16le", "UTF-16be");
    const Catalog catalog("PRAGMA encoding = '" + encoding +
                          "'; CREATE TABLE \"größe\"(\"ß\" TEXT DEFAULT 'ä', "
                          "g AS (\"ß\" || 'é'))");
    CHECK(catalog.schema().encoding == encoding);
    const Table &table = catalog.table("größe");
    CHECK(table.problem.empty());
    CHECK(table.columns[0].name == "ß");
    CHECK(table.columns[0].default_value->tree->text == "ä");
    CHECK(table.columns[1].generation->tree);
}

TEST_CASE("altered tables and odd names", "[sqlite][catalog]") {
    const Catalog catalog(
        "CREATE TABLE a(x INT /* first */, y TEXT -- last\n);"
        "ALTER TABLE a ADD COLUMN z REAL DEFAULT 1.5; ALTER TABLE a RENAME COLUMN x TO \"x y\";"
        "ALTER TABLE a RENAME TO b; ALTER TABLE b DROP COLUMN y;"
        "CREATE TABLE \"\"(\"\" INT); CREATE TABLE [select]([from], `group` INT);"
        "CREATE TABLE c AS SELECT 1 AS one, 'x' AS \"two words\"");
    CHECK(catalog.table("b").problem.empty());
    REQUIRE(catalog.table("b").columns.size() == 2);
    CHECK(catalog.table("b").columns[0].name == "x y");
    CHECK(catalog.table("b").columns[1].default_value);
    CHECK(catalog.table("").columns.size() == 1);
    CHECK(catalog.table("select").columns[1].name == "group");
    CHECK(catalog.table("c").columns[1].name == "two words");
    for (const Table &table : catalog.schema().tables) {
        INFO(table.name);
        CHECK(table.problem.empty());
    }
}

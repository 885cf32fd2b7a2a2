#include "core/sqlite/table_catalog.hpp"

#include "core/sqlite/authorizer.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/key_catalog.hpp"
#include "core/sqlite/sql_parser.hpp"
#include "core/sqlite/statement.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

// Values of table_xinfo's column "hidden" (pragma.html).
constexpr std::int64_t kHiddenVirtual = 2;
constexpr std::int64_t kHiddenStored = 3;

std::string upper(std::string text) {
    for (char &c : text)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

Generated generated_kind(std::int64_t hidden) {
    if (hidden == kHiddenVirtual)
        return Generated::is_virtual;
    return hidden == kHiddenStored ? Generated::stored : Generated::none;
}

// The collation and AUTOINCREMENT as SQLite's own parser read them.
void add_metadata(const Database &database, Table &table, Column &column) {
    const char *collation = nullptr;
    int is_autoincrement = 0;
    const int result = sqlite3_table_column_metadata(database.handle(), "main", table.name.c_str(),
                                                     column.name.c_str(), nullptr, &collation,
                                                     nullptr, nullptr, &is_autoincrement);
    if (result != SQLITE_OK)
        database.fail(result, "read the schema of table " + shown(quote_name(table.name)));
    column.collation = collation == nullptr ? "BINARY" : upper(collation);
    table.is_autoincrement = table.is_autoincrement || is_autoincrement != 0;
}

Column read_column(const Statement &row) {
    Column column;
    column.name = row.text(1);
    column.declared_type = row.text(2);
    column.is_not_null = row.integer(3) != 0;
    if (!row.is_null(4))
        column.default_value = parse_expression(row.text(4));
    column.key_position = static_cast<int>(row.integer(5));
    column.generated = generated_kind(row.integer(6));
    return column;
}

void read_columns(const Database &database, Table &table) {
    const std::string doing = "read the schema of table " + shown(quote_name(table.name));
    Statement rows(database, "PRAGMA main.table_xinfo(" + quote_name(table.name) + ")", doing);
    while (rows.step())
        table.columns.push_back(read_column(rows));
    for (Column &column : table.columns)
        add_metadata(database, table, column);
}

void order_primary_key(Table &table) {
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.columns[i].key_position > 0)
            table.primary_key.push_back(static_cast<int>(i));
    std::ranges::sort(table.primary_key, {}, [&](int column) {
        return table.columns[static_cast<std::size_t>(column)].key_position;
    });
}

// A column's place in the text. Both are in the order of declaration; the search is for texts that
// do not say what SQLite read.
ColumnClauses *clauses_of(TableClauses &clauses, std::size_t place, const std::string &name) {
    if (place < clauses.columns.size() && is_same_name(clauses.columns[place].name, name))
        return &clauses.columns[place];
    const auto found = std::ranges::find_if(
        clauses.columns, [&](const ColumnClauses &each) { return is_same_name(each.name, name); });
    return found == clauses.columns.end() ? nullptr : &*found;
}

void add_generation(Column &column, ColumnClauses *clauses) {
    if (column.generated == Generated::none)
        return;
    if (clauses != nullptr && clauses->generation) {
        column.generation = std::move(clauses->generation);
        return;
    }
    column.generation.emplace();
    column.generation->problem = "the expression was not found in the CREATE TABLE text";
}

void add_problem(Table &table, const std::string &sentence) {
    if (!table.problem.empty())
        table.problem += ' ';
    table.problem += sentence;
}

void merge_columns(Table &table, TableClauses &clauses) {
    bool is_same = clauses.columns.size() == table.columns.size();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        Column &column = table.columns[i];
        ColumnClauses *text = clauses_of(clauses, i, column.name);
        is_same = is_same && text != nullptr;
        add_generation(column, text);
    }
    if (!is_same && clauses.problem.empty())
        add_problem(table, "The CREATE TABLE text names other columns than SQLite reads.");
}

// The function that an opcode of EXPLAIN calls, or "": P4 reads "name(count of arguments)".
std::string called_function(const Statement &opcode) {
    const std::string name = opcode.text(1);
    if (name != "Function" && name != "PureFunc")
        return "";
    const std::string call = opcode.text(5);
    return call.substr(0, call.rfind('('));
}

// Why the virtual column cannot be read, or "". The authorizer is no help: SQLite resolved the
// expression when it loaded the schema, and asks nobody then. The program that would run tells.
std::string why_unreadable(const Database &database, const Table &table, const Column &column) {
    const std::string sql = "EXPLAIN SELECT migrate_t." + quote_name(column.name) + " FROM main." +
                            quote_name(table.name) + " AS migrate_t NOT INDEXED";
    sqlite3_stmt *probe = nullptr;
    const int result =
        sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_NO_VTAB, &probe, nullptr);
    sqlite3_finalize(probe);
    if (result == SQLITE_NOMEM) // SQLITE_LIMIT_VDBE_OP answers so too
        return "its generation expression is too complex";
    if (result != SQLITE_OK)
        return "its generation expression cannot be computed: " +
               shown(sqlite3_errmsg(database.handle()));
    Statement opcodes(database, sql, "read the schema");
    while (opcodes.step())
        if (const std::string name = called_function(opcodes);
            !name.empty() && !is_allowed_function(name))
            return "its generation expression calls " + shown(name) +
                   "(), which is not run on behalf of a file";
    return "";
}

// Only the value of a virtual column is computed by reading it.
void find_unreadable(const Database &database, Table &table) {
    for (Column &column : table.columns)
        if (column.generated == Generated::is_virtual)
            column.unreadable = why_unreadable(database, table, column);
}

} // namespace

bool is_same_name(const std::string &left, const std::string &right) noexcept {
    return left.size() == right.size() && sqlite3_stricmp(left.c_str(), right.c_str()) == 0;
}

void describe_table(const Database &database, const IndexTexts &index_texts, Table &table) {
    read_columns(database, table);
    order_primary_key(table);
    TableClauses clauses = parse_create_table(table.sql);
    table.problem = clauses.problem;
    merge_columns(table, clauses);
    table.is_strict = clauses.is_strict;
    table.primary_key_name = clauses.primary_key_name;
    table.checks = std::move(clauses.checks);
    read_indexes(database, index_texts, clauses, table);
    read_foreign_keys(database, clauses, table);
    find_unreadable(database, table);
    if (table.is_without_rowid != clauses.is_without_rowid && clauses.problem.empty())
        add_problem(table, "The CREATE TABLE text and SQLite differ on WITHOUT ROWID.");
}

} // namespace migrate::core::sqlite

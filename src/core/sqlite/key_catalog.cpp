#include "core/sqlite/key_catalog.hpp"

#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/statement.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

std::string upper(std::string text) {
    for (char &c : text)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

std::string pragma(std::string_view name, const std::string &argument) {
    return "PRAGMA main." + std::string(name) + "(" + quote_name(argument) + ")";
}

std::string doing_for(const Table &table) {
    return "read the schema of table " + shown(quote_name(table.name));
}

IndexOrigin origin_of(const std::string &letter) {
    if (letter == "pk")
        return IndexOrigin::primary_key;
    return letter == "u" ? IndexOrigin::unique_constraint : IndexOrigin::create_index;
}

// Reads the key terms; says whether the rowid follows them, as in every index of a rowid table.
bool read_terms(const Database &database, const Table &table, Index &index) {
    bool has_rowid = false;
    Statement rows(database, pragma("index_xinfo", index.name), doing_for(table));
    while (rows.step()) {
        const std::int64_t column = rows.integer(1); // -1 the rowid, -2 an expression
        if (rows.integer(5) == 0) {
            has_rowid = has_rowid || column == -1;
            continue;
        }
        KeyColumn &term = index.columns.emplace_back();
        if (column >= 0 && column < static_cast<std::int64_t>(table.columns.size()))
            term.column = static_cast<int>(column);
        term.is_descending = rows.integer(3) != 0;
        term.collation = upper(rows.text(4));
    }
    return has_rowid;
}

SourceExpression unknown_expression(const std::string &problem) {
    SourceExpression expression;
    expression.problem =
        problem.empty() ? "the expression was not found in the CREATE INDEX text" : problem;
    return expression;
}

// What the pragmas do not tell: expressions and the predicate. A partial index whose predicate was
// not understood keeps one with a problem, so that it never becomes a full index.
void merge_index_text(Index &index, bool is_partial) {
    IndexClauses clauses;
    if (!index.sql.empty())
        clauses = parse_create_index(index.sql);
    const bool is_same = clauses.columns.size() == index.columns.size();
    for (std::size_t i = 0; i < index.columns.size(); ++i) {
        KeyColumn &term = index.columns[i];
        if (term.column >= 0)
            continue;
        if (is_same && clauses.columns[i].expression)
            term.expression = std::move(clauses.columns[i].expression);
        else
            term.expression = unknown_expression(clauses.problem);
    }
    if (!is_partial)
        return;
    index.predicate = std::move(clauses.predicate);
    if (!index.predicate)
        index.predicate = unknown_expression(clauses.problem);
}

bool has_columns(const Index &index, const Table &table, const std::vector<std::string> &names) {
    return std::ranges::equal(
        index.columns, names, [&](const KeyColumn &term, const std::string &name) {
            return term.column >= 0 &&
                   is_same_name(table.columns[static_cast<std::size_t>(term.column)].name, name);
        });
}

std::string constraint_name(const Index &index, const Table &table, const TableClauses &clauses) {
    if (index.origin == IndexOrigin::primary_key)
        return clauses.primary_key_name;
    if (index.origin == IndexOrigin::unique_constraint)
        for (const UniqueClause &unique : clauses.uniques)
            if (has_columns(index, table, unique.columns))
                return unique.name;
    return "";
}

// INTEGER PRIMARY KEY is the rowid itself and has no index; INTEGER PRIMARY KEY DESC has one
// (lang_createtable, "ROWIDs and the INTEGER PRIMARY KEY").
int rowid_alias(const Table &table) {
    if (table.primary_key.size() != 1 || table.is_without_rowid)
        return -1;
    const int column = table.primary_key.front();
    const auto &type = table.columns[static_cast<std::size_t>(column)].declared_type;
    const bool has_index = std::ranges::any_of(
        table.indexes, [](const Index &index) { return index.origin == IndexOrigin::primary_key; });
    return !has_index && is_same_name(type, "INTEGER") ? column : -1;
}

ForeignKeyAction action_of(const std::string &words) {
    if (words == "CASCADE")
        return ForeignKeyAction::cascade;
    if (words == "SET NULL")
        return ForeignKeyAction::set_null;
    if (words == "SET DEFAULT")
        return ForeignKeyAction::set_default;
    return words == "RESTRICT" ? ForeignKeyAction::restrict : ForeignKeyAction::no_action;
}

int column_named(const Table &table, const std::string &name) {
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (is_same_name(table.columns[i].name, name))
            return static_cast<int>(i);
    return -1;
}

// The keys as the pragma gives them: the last of the text first.
std::vector<ForeignKey> listed_foreign_keys(const Database &database, const Table &table) {
    std::vector<ForeignKey> keys;
    Statement rows(database, pragma("foreign_key_list", table.name), doing_for(table));
    std::int64_t last_id = -1;
    while (rows.step()) {
        if (keys.empty() || rows.integer(0) != last_id) {
            ForeignKey &key = keys.emplace_back();
            key.parent_table = rows.text(2);
            key.on_update = action_of(rows.text(5));
            key.on_delete = action_of(rows.text(6));
            last_id = rows.integer(0);
        }
        keys.back().columns.push_back(column_named(table, rows.text(3)));
        if (!rows.is_null(4)) // the parent's columns were left out
            keys.back().parent_columns.push_back(rows.text(4));
    }
    return keys;
}

bool is_same_key(const Table &table, const ForeignKey &listed, const ForeignKey &written,
                 const std::vector<std::string> &columns) {
    return is_same_name(listed.parent_table, written.parent_table) &&
           std::ranges::equal(listed.parent_columns, written.parent_columns, is_same_name) &&
           std::ranges::equal(listed.columns, columns, [&](int column, const std::string &name) {
               return column >= 0 && column == column_named(table, name);
           });
}

} // namespace

void read_indexes(const Database &database, const IndexTexts &index_texts,
                  const TableClauses &clauses, Table &table) {
    Statement rows(database, pragma("index_list", table.name), doing_for(table));
    while (rows.step()) {
        Index &index = table.indexes.emplace_back();
        index.name = rows.text(1);
        index.is_unique = rows.integer(2) != 0;
        index.origin = origin_of(rows.text(3));
        const auto text = index_texts.find(index.name);
        if (text != index_texts.end())
            index.sql = text->second;
        const bool has_rowid = read_terms(database, table, index);
        if (index.origin == IndexOrigin::primary_key && !has_rowid)
            table.is_without_rowid = true;
        merge_index_text(index, rows.integer(4) != 0);
        index.constraint_name = constraint_name(index, table, clauses);
    }
    std::ranges::sort(table.indexes, {}, &Index::name);
    table.rowid_alias = rowid_alias(table);
}

void read_foreign_keys(const Database &database, TableClauses &clauses, Table &table) {
    table.foreign_keys = listed_foreign_keys(database, table);
    std::ranges::reverse(table.foreign_keys);
    std::vector<bool> is_taken(clauses.foreign_keys.size(), false);
    for (ForeignKey &key : table.foreign_keys) {
        // The first match that is left: two equal keys differ by their name at most.
        for (std::size_t i = 0; i < clauses.foreign_keys.size(); ++i) {
            ForeignKey &written = clauses.foreign_keys[i];
            if (is_taken[i] || i >= clauses.foreign_key_columns.size() ||
                !is_same_key(table, key, written, clauses.foreign_key_columns[i]))
                continue;
            is_taken[i] = true;
            key.name = std::move(written.name);
            key.is_deferrable = written.is_deferrable;
            key.is_initially_deferred = written.is_initially_deferred;
            break;
        }
    }
}

} // namespace migrate::core::sqlite

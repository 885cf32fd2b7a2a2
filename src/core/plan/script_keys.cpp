// Phase key: primary keys and UNIQUE, and the terms that indexes share with them.
#include "core/plan/script_writer.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// Of the types that option "types" can name, those of the core distribution without a btree.
constexpr std::string_view kUnordered[] = {
    "aclitem", "box",   "cid",     "circle", "json", "jsonpath",      "line",        "lseg",
    "path",    "point", "polygon", "xid",    "xml",  "txid_snapshot", "pg_snapshot",
};

bool is_unordered_name(std::string_view name) {
    return std::find(std::begin(kUnordered), std::end(kUnordered), name) != std::end(kUnordered);
}

// A duplicate breaks a key only when none of its columns is NULL.
std::string not_null_condition(const std::vector<std::string> &terms) {
    std::vector<std::string> conditions;
    for (const std::string &term : terms)
        conditions.push_back(term + " IS NOT NULL");
    return join_list(conditions, " AND ");
}

// How many rows share a key with another, and the keys.
std::string duplicate_probe(const std::string &table, const std::vector<std::string> &terms,
                            std::string_view predicate) {
    const std::string list = join_list(terms);
    const std::string key = terms.size() == 1 ? list : "ROW(" + list + ")";
    std::string where = not_null_condition(terms);
    if (!predicate.empty())
        where.append(" AND (").append(predicate).append(")");
    return "SELECT COALESCE(pg_catalog.sum(probe.n), 0)::bigint, pg_catalog.string_agg(probe.k, "
           "', ' ORDER BY probe.i) FILTER (WHERE probe.i <= 10) FROM (SELECT pg_catalog.count(*) "
           "AS n, pg_catalog.row_number() OVER (ORDER BY " +
           list + ") AS i, pg_catalog.left(CAST(" + key + " AS text), 60) AS k FROM " + table +
           " WHERE " + where + " GROUP BY " + list + " HAVING pg_catalog.count(*) > 1) AS probe";
}

std::vector<KeyColumn> primary_key_columns(const Table &table) {
    for (const Index &index : table.indexes) {
        if (index.origin != IndexOrigin::primary_key)
            continue;
        // It carries the collations; of a table WITHOUT ROWID it may name more than the key.
        std::vector<KeyColumn> columns;
        for (const int column : table.primary_key) {
            KeyColumn &key = columns.emplace_back();
            key.column = column;
            for (const KeyColumn &indexed : index.columns) {
                if (indexed.column == column)
                    key.collation = indexed.collation;
            }
        }
        return columns;
    }
    std::vector<KeyColumn> columns;
    for (const int column : table.primary_key)
        columns.emplace_back().column = column;
    return columns;
}

// The columns as the file has them.
std::string list_of(const Table &table, const std::vector<KeyColumn> &columns,
                    const std::optional<KeyRewrite> &rewrite) {
    if (rewrite)
        return source_column_list(table, rewrite->columns);
    std::vector<int> numbers;
    for (const KeyColumn &column : columns)
        numbers.push_back(column.column);
    return source_column_list(table, numbers);
}

// SQLite lets NULL into the primary key of a rowid table (Quirks, section 5).
bool holds_null(const TablePlan &table, const std::vector<std::size_t> &columns) {
    const TableFacts &facts = table.facts;
    return facts.is_known && facts.nulls.size() == table.columns.size() &&
           std::any_of(columns.begin(), columns.end(),
                       [&](std::size_t column) { return facts.nulls[column] > 0; });
}

// A foreign key refers to the columns as they are, so a primary key is over them; that SQLite does
// not tell their case apart is kept by an index beside it.
KeyTerms without_lower(const TablePlan &table, const KeyTerms &key) {
    KeyTerms plain;
    plain.columns = key.columns;
    for (const std::size_t column : key.columns)
        plain.terms.push_back(quote_identifier(table.columns[column].name));
    plain.ordered = plain.terms;
    return plain;
}

} // namespace

bool has_btree(const Type &type) {
    if (type.kind == TypeKind::other)
        return !is_unordered_name(type.name);
    return type.kind != TypeKind::json;
}

std::string key_definition(std::string_view kind, const std::string &name,
                           const std::string &columns) {
    std::string text = name.empty() ? "" : "CONSTRAINT " + display_identifier(name) + " ";
    return text.append(kind).append(" (").append(columns).append(")");
}

void ScriptWriter::write_keys(std::size_t table) {
    write_primary_key(table);
    for (const Index &index : planned(table).source->indexes) {
        if (index.origin == IndexOrigin::unique_constraint)
            write_unique(table, index);
    }
}

// A constraint of the source keeps its name when no other relation has it.
std::string ScriptWriter::key_name(const std::string &source_name, const std::string &made) {
    const std::string clean = clean_name(source_name, options().identifiers);
    if (!source_name.empty() && !relations_.is_taken(clean))
        return relations_.take_made(clean);
    return relations_.take_made(made);
}

std::string ScriptWriter::made_key_name(std::size_t table, const KeyTerms &key,
                                        std::string_view label) const {
    std::vector<std::string> names;
    for (const std::size_t column : key.columns)
        names.push_back(planned(table).columns[column].name);
    return make_object_name(planned(table).name, join_list(names, "_"), label);
}

void ScriptWriter::write_primary_key(std::size_t table) {
    const Table &source = *planned(table).source;
    if (source.primary_key.empty())
        return;
    const std::vector<KeyColumn> columns = primary_key_columns(source);
    const std::string list = list_of(source, columns, source.primary_key_rewrite);
    TableObject object{"primary key",
                       source.primary_key_name.empty() ? "(" + list + ")" : source.primary_key_name,
                       "", key_definition("PRIMARY KEY", source.primary_key_name, list)};
    KeyTerms key = key_terms(table, columns);
    if (!options().constraints)
        key.problem = "option \"constraints\" is false";
    if (!key.problem.empty()) {
        add_skipped(table, std::move(object), key.problem);
        return;
    }
    if (source.primary_key_rewrite)
        key.changes.push_back(source.primary_key_rewrite->reason);
    const bool has_nulls = holds_null(planned(table), key.columns);
    if (has_nulls)
        key.changes.push_back("it holds NULL: UNIQUE instead of PRIMARY KEY");
    if (key.has_lower)
        key.changes.push_back("COLLATE NOCASE: a unique index over lower() beside it");
    const std::string name =
        key_name(source.primary_key_name, make_object_name(planned(table).name, "", "pkey"));
    object.target = display_of(table, name);
    const int record = add_record(table, std::move(object), join_list(key.changes, "; "));
    Statement &statement = add_statement(Phase::key, table, name);
    statement.record = record;
    statement.sql = "ALTER TABLE " + states_[table].sql + " ADD CONSTRAINT " +
                    quote_identifier(name) + (has_nulls ? " UNIQUE (" : " PRIMARY KEY (") +
                    column_list(table, key.columns) + ")";
    const KeyTerms plain = without_lower(planned(table), key);
    add_unique_fallback(statement, table, plain, name, "");
    states_[table].constraints.reserve(name);
    states_[table].keys.emplace_back(key.columns.begin(), key.columns.end());
    if (key.has_lower)
        write_lower_index(table, key, relations_.take_made(made_key_name(table, key, "lower_idx")),
                          record);
}

void ScriptWriter::write_unique(std::size_t table, const Index &index) {
    const Table &source = *planned(table).source;
    const std::string list = list_of(source, index.columns, index.rewrite);
    TableObject object{"unique",
                       index.constraint_name.empty() ? "(" + list + ")" : index.constraint_name, "",
                       key_definition("UNIQUE", index.constraint_name, list)};
    KeyTerms key = key_terms(table, index.columns);
    if (!options().constraints)
        key.problem = "option \"constraints\" is false";
    if (!key.problem.empty()) {
        add_skipped(table, std::move(object), key.problem);
        return;
    }
    if (index.rewrite)
        key.changes.push_back(index.rewrite->reason);
    if (key.has_lower)
        key.changes.push_back("COLLATE NOCASE: a unique index over lower()");
    const std::string name =
        key_name(index.constraint_name, made_key_name(table, key, key.has_lower ? "idx" : "key"));
    object.target = display_of(table, name);
    const int record = add_record(table, std::move(object), join_list(key.changes, "; "));
    if (key.has_lower) {
        write_lower_index(table, key, name, record);
        return;
    }
    Statement &statement = add_statement(Phase::key, table, name);
    statement.record = record;
    statement.sql = "ALTER TABLE " + states_[table].sql + " ADD CONSTRAINT " +
                    quote_identifier(name) + " UNIQUE (" + column_list(table, key.columns) + ")";
    add_unique_fallback(statement, table, key, name, "");
    states_[table].constraints.reserve(name);
    states_[table].keys.emplace_back(key.columns.begin(), key.columns.end());
}

void ScriptWriter::write_lower_index(std::size_t table, const KeyTerms &key, std::string_view name,
                                     int record) {
    Statement &statement = add_statement(Phase::index, table, name);
    statement.record = record;
    statement.sql = "CREATE UNIQUE INDEX " + quote_identifier(name) + " ON " + states_[table].sql +
                    " (" + join_list(key.terms) + ")";
    add_unique_fallback(statement, table, key, name, "");
}

// What is unique in SQLite may not be so here (converted values, case): then the index stays, and
// the keys are told.
void ScriptWriter::add_unique_fallback(Statement &statement, std::size_t table, const KeyTerms &key,
                                       std::string_view name, std::string_view predicate) const {
    statement.can_fail = true;
    statement.fallback_sql = "CREATE INDEX " + quote_identifier(name) + " ON " +
                             states_[table].sql + " (" + join_list(key.ordered) + ")";
    if (!predicate.empty())
        statement.fallback_sql.append(" WHERE (").append(predicate).append(")");
    statement.fallback_note = "its keys are not unique in PostgreSQL: a plain index instead";
    statement.probe_sql = duplicate_probe(states_[table].sql, key.terms, predicate);
}

KeyTerms ScriptWriter::key_terms(std::size_t table, const std::vector<KeyColumn> &columns) const {
    KeyTerms key;
    std::set<std::string> seen;
    for (const KeyColumn &column : columns) {
        KeyTerms one;
        if (column.column >= 0)
            add_column_term(table, column, one);
        else
            add_expression_term(table, column, one);
        key.changes.insert(key.changes.end(), one.changes.begin(), one.changes.end());
        if (key.problem.empty())
            key.problem = one.problem;
        // SQLite takes a column twice, and passes over the second; PostgreSQL refuses it.
        if (!one.problem.empty() || !seen.insert(one.terms.front()).second)
            continue;
        key.terms.push_back(one.terms.front());
        key.ordered.push_back(one.ordered.front());
        key.columns.insert(key.columns.end(), one.columns.begin(), one.columns.end());
        key.has_lower |= one.has_lower;
    }
    if (key.terms.size() > kMaxKeyColumns)
        key.problem = "PostgreSQL allows no more than 32 columns in a key or index";
    if (key.terms.empty() && key.problem.empty())
        key.problem = "it names no column";
    return key;
}

void ScriptWriter::add_column_term(std::size_t table, const KeyColumn &term, KeyTerms &key) const {
    const auto &sources = planned(table).source->columns;
    const int found = find_plan_column(plan_, table, term.column);
    if (found < 0) {
        const auto source = static_cast<std::size_t>(term.column);
        key.problem = source < sources.size()
                          ? "column \"" + sources[source].name + "\" is not imported"
                          : "it names an unknown column";
        return;
    }
    const auto index = static_cast<std::size_t>(found);
    const ColumnPlan &column = planned(table).columns[index];
    const Column &source = source_column(table, index);
    if (!has_btree(column.type)) {
        key.problem = "values of type " + column.type.sql() + " of column \"" + source.name +
                      "\" have no order to index";
        return;
    }
    const std::string &collation = term.collation.empty() ? source.collation : term.collation;
    const bool is_text = column.type.is_text_like() && column.type.kind != TypeKind::citext;
    key.has_lower = is_text && collation == "NOCASE";
    if (is_text && !collation.empty() && collation != "BINARY" && collation != "NOCASE")
        key.changes.push_back("collation " + collation + " is not carried over");
    const std::string name = quote_identifier(column.name);
    key.columns.push_back(index);
    key.terms.push_back(key.has_lower ? "pg_catalog.lower(" + name + ")" : name);
    key.ordered.push_back(key.terms.back() + (term.is_descending ? " DESC" : ""));
}

} // namespace migrate::core::plan

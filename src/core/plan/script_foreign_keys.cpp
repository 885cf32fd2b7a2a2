// Phase foreign_key.
#include "core/plan/script_writer.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

std::string_view action_sql(ForeignKeyAction action) {
    switch (action) {
    case ForeignKeyAction::restrict:
        return "RESTRICT";
    case ForeignKeyAction::cascade:
        return "CASCADE";
    case ForeignKeyAction::set_null:
        return "SET NULL";
    case ForeignKeyAction::set_default:
        return "SET DEFAULT";
    case ForeignKeyAction::no_action:
        break;
    }
    return "";
}

// The clauses after the columns. MATCH is left out: SQLite reads it and enforces none.
// `written` lists the columns that ON DELETE SET … writes, "" for all.
std::string clauses(const ForeignKey &key, const std::string &written) {
    std::string sql;
    if (key.on_update != ForeignKeyAction::no_action)
        sql.append(" ON UPDATE ").append(action_sql(key.on_update));
    if (key.on_delete != ForeignKeyAction::no_action)
        sql.append(" ON DELETE ").append(action_sql(key.on_delete)).append(written);
    if (key.is_initially_deferred)
        sql += " DEFERRABLE INITIALLY DEFERRED";
    else if (key.is_deferrable)
        sql += " DEFERRABLE";
    return sql;
}

bool writes_null_or_default(ForeignKeyAction action) {
    return action == ForeignKeyAction::set_null || action == ForeignKeyAction::set_default;
}

} // namespace

namespace {

// As the file has it.
ForeignKey original_of(const ForeignKey &key) {
    ForeignKey original = key;
    if (!key.rewrite)
        return original;
    original.columns = key.rewrite->columns;
    original.parent_columns = key.rewrite->parent_columns;
    original.on_update = key.rewrite->on_update;
    return original;
}

} // namespace

std::string foreign_key_definition(const Table &table, const ForeignKey &rewritten) {
    const ForeignKey key = original_of(rewritten);
    std::string text =
        key_definition("FOREIGN KEY", key.name, source_column_list(table, key.columns));
    text += " REFERENCES " + display_identifier(key.parent_table);
    std::vector<std::string> parents;
    for (const std::string &name : key.parent_columns)
        parents.push_back(display_identifier(name));
    if (!parents.empty())
        text += " (" + join_list(parents) + ")";
    return text + clauses(key, "");
}

// Why PostgreSQL would refuse the key whatever the data are, "" when it would not.
std::string ScriptWriter::why_no_foreign_key(std::size_t table, const ForeignKey &key,
                                             const ResolvedKey &resolved) const {
    if (!options().foreign_keys)
        return "option \"foreign_keys\" is false";
    if (!resolved.is_good())
        return resolved.problem;
    if (options().distribute && tenant_of(table) < 0 && tenant_of(resolved.parent) >= 0)
        return "a reference table of Citus cannot refer to a distributed one";
    if (resolved.columns.size() > kMaxKeyColumns)
        return "PostgreSQL allows no more than 32 columns in a key";
    const TablePlan &child = planned(table);
    const TablePlan &parent = planned(resolved.parent);
    const std::set<std::size_t> wanted(resolved.parent_columns.begin(),
                                       resolved.parent_columns.end());
    const auto &keys = states_[resolved.parent].keys;
    if (wanted.size() != resolved.parent_columns.size() ||
        std::find(keys.begin(), keys.end(), wanted) == keys.end()) {
        std::vector<int> sources;
        for (const std::size_t column : resolved.parent_columns)
            sources.push_back(parent.columns[column].source);
        return "parent table \"" + parent.source->name + "\" has no primary key or UNIQUE over (" +
               source_column_list(*parent.source, sources) + ") here";
    }
    for (std::size_t i = 0; i < resolved.columns.size(); ++i) {
        const Type &from = child.columns[resolved.columns[i]].type;
        const Type &to = parent.columns[resolved.parent_columns[i]].type;
        if (!can_refer(from, to))
            return "column \"" + source_column(table, resolved.columns[i]).name + "\" is " +
                   from.sql() + " and its parent \"" +
                   source_column(resolved.parent, resolved.parent_columns[i]).name + "\" is " +
                   to.sql();
        // PostgreSQL, CREATE TABLE, GENERATED: no action may write into a generated column.
        if (!states_[table].generation[resolved.columns[i]].empty() &&
            (writes_null_or_default(key.on_delete) || writes_null_or_default(key.on_update) ||
             key.on_update == ForeignKeyAction::cascade))
            return "its action would write into a generated column";
    }
    return "";
}

// " (a, b)": the columns that ON DELETE SET … writes, "" for all.
std::string ScriptWriter::set_list(std::size_t table, const ForeignKey &key) const {
    std::vector<std::size_t> columns;
    for (const int source : key.set_columns) {
        const int column = find_plan_column(plan_, table, source);
        if (column >= 0)
            columns.push_back(static_cast<std::size_t>(column));
    }
    return columns.empty() ? "" : " (" + column_list(table, columns) + ")";
}

// A row is an orphan when no column of its key is NULL and no parent has the key (MATCH SIMPLE).
std::string ScriptWriter::orphan_probe(std::size_t table, const ResolvedKey &key) const {
    std::vector<std::string> not_null;
    std::vector<std::string> equal;
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
        const ColumnPlan &from = planned(table).columns[key.columns[i]];
        const ColumnPlan &to = planned(key.parent).columns[key.parent_columns[i]];
        const bool is_citext =
            from.type.kind == TypeKind::citext && to.type.kind == TypeKind::citext;
        // The equality of an extension's type lies in no schema of our search_path.
        const std::string operation =
            is_citext ? " OPERATOR(" + print_options_.citext_schema + ".=) " : " = ";
        not_null.push_back("child." + quote_identifier(from.name) + " IS NOT NULL");
        equal.push_back("parent." + quote_identifier(to.name) + operation + "child." +
                        quote_identifier(from.name));
    }
    return row_probe(row_key(table, "child"), "FROM " + states_[table].sql + " AS child WHERE " +
                                                  join_list(not_null, " AND ") +
                                                  " AND NOT EXISTS (SELECT FROM " +
                                                  states_[key.parent].sql + " AS parent WHERE " +
                                                  join_list(equal, " AND ") + ")");
}

std::string ScriptWriter::foreign_key_name(std::size_t table, const ForeignKey &key,
                                           const ResolvedKey &resolved) {
    Namer &constraints = states_[table].constraints;
    if (!key.name.empty())
        return constraints.take(key.name).name;
    std::vector<std::string> names;
    for (const std::size_t column : resolved.columns)
        names.push_back(planned(table).columns[column].name);
    return constraints.take_made(
        make_object_name(planned(table).name, join_list(names, "_"), "fkey"));
}

// Where the tenant is in the key, Citus takes no action that writes NULL or a default into any of
// its columns, and none that follows an update. What is left off, "" for nothing.
std::string ScriptWriter::fit_actions(std::size_t table, ForeignKey &key) const {
    const int tenant = planned(table).source->tenant_column;
    if (!options().distribute || tenant_of(table) < 0 ||
        std::ranges::find(key.columns, tenant) == key.columns.end())
        return "";
    std::string left_off;
    if (key.on_update == ForeignKeyAction::cascade || writes_null_or_default(key.on_update)) {
        left_off.append("ON UPDATE ").append(action_sql(key.on_update));
        key.on_update = ForeignKeyAction::no_action;
    }
    if (writes_null_or_default(key.on_delete)) {
        left_off.append(left_off.empty() ? "" : " and ");
        left_off.append("ON DELETE ").append(action_sql(key.on_delete));
        key.on_delete = ForeignKeyAction::no_action;
    }
    return left_off.empty() ? "" : left_off + " left off, which Citus does not do";
}

void ScriptWriter::write_foreign_key(std::size_t table, const ForeignKey &given) {
    const Table &source = *planned(table).source;
    const std::string definition = foreign_key_definition(source, given);
    ForeignKey key = given;
    std::string change = fit_actions(table, key);
    if (key.rewrite)
        change = key.rewrite->reason + (change.empty() ? "" : "; ") + change;
    const ResolvedKey resolved = resolve_foreign_key(plan_, table, key);
    TableObject object{"foreign key",
                       key.name.empty()
                           ? "(" + source_column_list(source, original_of(key).columns) + ")"
                           : key.name,
                       "", definition};
    const std::string problem = why_no_foreign_key(table, key, resolved);
    if (!problem.empty()) {
        add_skipped(table, std::move(object), problem);
        return;
    }
    const std::string name = foreign_key_name(table, key, resolved);
    object.target = display_of(table, name);
    const int record = add_record(table, std::move(object), std::move(change));
    Statement &statement = add_statement(Phase::foreign_key, table, name);
    statement.record = record;
    statement.sql = "ALTER TABLE " + states_[table].sql + " ADD CONSTRAINT " +
                    quote_identifier(name) + " FOREIGN KEY (" +
                    column_list(table, resolved.columns) + ") REFERENCES " +
                    states_[resolved.parent].sql + " (" +
                    column_list(resolved.parent, resolved.parent_columns) + ")" +
                    clauses(key, set_list(table, key));
    statement.can_fail = true;
    statement.is_foreign_key = true;
    statement.fallback_sql = statement.sql + " NOT VALID";
    statement.fallback_note = "added NOT VALID: rows without a parent";
    statement.probe_sql = orphan_probe(table, resolved);
}

} // namespace migrate::core::plan

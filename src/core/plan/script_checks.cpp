// Phases check (with the probe of generated columns) and sequence.
#include "core/plan/script_writer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// The only column that an expression names, "" when there are more or none: PostgreSQL names a
// CHECK after it.
std::string only_column(const Expression &root) {
    std::string name;
    std::vector<const Expression *> open{&root};
    while (!open.empty()) {
        const Expression *expression = open.back();
        open.pop_back();
        if (expression == nullptr)
            continue;
        if (expression->kind == ExpressionKind::column && !expression->path.empty()) {
            const std::string found = fold_ascii(expression->path.back());
            if (!name.empty() && name != found)
                return "";
            name = found;
        }
        for (const ExpressionPtr &operand : expression->operands)
            open.push_back(operand.get());
    }
    return name;
}

std::int64_t last_value(const Type &type) {
    if (type.kind == TypeKind::other && type.name == "integer")
        return std::numeric_limits<std::int32_t>::max();
    if (type.kind == TypeKind::other && type.name == "smallint")
        return std::numeric_limits<std::int16_t>::max();
    return std::numeric_limits<std::int64_t>::max();
}

// json has no equality; an extension's lies in no schema of our search_path.
bool compares_as_text(const Type &type) {
    return type.kind == TypeKind::json || type.kind == TypeKind::citext ||
           type.kind == TypeKind::other;
}

} // namespace

void ScriptWriter::write_check(std::size_t table, const Check &check) {
    Namer &constraints = states_[table].constraints;
    std::string column;
    const std::string only =
        check.expression.tree == nullptr ? "" : only_column(*check.expression.tree);
    for (const BoundColumn &bound : states_[table].columns) {
        if (fold_ascii(bound.source_name) == only)
            column = bound.target_name;
    }
    const std::string name =
        check.name.empty()
            ? constraints.take_made(make_object_name(planned(table).name, column, "check"))
            : constraints.take(check.name).name;
    TableObject object{"check", check.name.empty() ? name : check.name, display_of(table, name),
                       check.expression.text};
    Printed printed;
    if (!options().constraints)
        printed.problem = "option \"constraints\" is false";
    else if (check.expression.tree == nullptr)
        printed.problem = check.expression.problem.empty() ? "its text was not understood"
                                                           : check.expression.problem;
    else
        printed = print_check(*check.expression.tree, states_[table].columns, print_options_);
    if (!printed.is_good()) {
        add_skipped(table, std::move(object), printed.problem);
        return;
    }
    const int record = add_record(table, std::move(object), join_list(printed.notes, "; "));
    Statement &statement = add_statement(Phase::check, table, name);
    statement.record = record;
    statement.sql = "ALTER TABLE " + states_[table].sql + " ADD CONSTRAINT " +
                    quote_identifier(name) + " CHECK (" + printed.sql + ")";
    statement.can_fail = true;
    statement.fallback_sql = statement.sql + " NOT VALID";
    statement.fallback_note = "added NOT VALID: rows of the file break it";
    statement.probe_sql =
        row_probe(row_key(table, "item"),
                  "FROM " + states_[table].sql + " AS item WHERE NOT (" + printed.sql + ")");
}

// The column was filled with the source's own values; where the expression gives others, the values
// stay and the expression goes. IF EXISTS, because it may be gone already.
void ScriptWriter::write_generated_probe(std::size_t table, std::size_t index) {
    const std::string &expression = states_[table].generation[index];
    if (expression.empty())
        return;
    const ColumnPlan &column = planned(table).columns[index];
    const std::string cast = compares_as_text(column.type) ? "::text" : "";
    const std::string name = "item." + quote_identifier(column.name);
    Statement &statement = add_statement(Phase::check, table, column.name);
    statement.record = states_[table].generation_records[index];
    statement.can_fail = true;
    statement.probe_sql = row_probe(row_key(table, "item"),
                                    "FROM " + states_[table].sql + " AS item WHERE " + name + cast +
                                        " IS DISTINCT FROM (" + expression + ")" + cast);
    statement.fallback_sql = "ALTER TABLE " + states_[table].sql + " ALTER COLUMN " +
                             quote_identifier(column.name) + " DROP EXPRESSION IF EXISTS";
    statement.fallback_note = "a plain column with the values: the expression gives others";
}

// greatest(1, max(sqlite_sequence, max(id)) + 1), so that no value comes a second time. At the end
// of the type there is no such value: the sequence is left used up, and the next INSERT that
// relies on it fails as in SQLite (SQLITE_FULL).
void ScriptWriter::write_sequence(std::size_t table) {
    const TablePlan &plan = planned(table);
    const Table &source = *plan.source;
    const auto found = std::find_if(plan.columns.begin(), plan.columns.end(),
                                    [](const ColumnPlan &column) { return column.is_identity; });
    TableObject object{"sequence", "", "", ""};
    if (found == plan.columns.end()) {
        if (source.is_autoincrement)
            add_skipped(table, std::move(object),
                        options().sequences ? "its column is no identity"
                                            : "option \"sequences\" is false");
        return;
    }
    const auto index = static_cast<std::size_t>(found - plan.columns.begin());
    object.target = display_of(table, found->name);
    std::int64_t last = source.sequence.value_or(0);
    if (plan.facts.is_known && index < plan.facts.max_integers.size())
        last = std::max(last, plan.facts.max_integers[index].value_or(0));
    const bool is_used_up = last >= last_value(found->type);
    const std::string reason = is_used_up ? "no value is left after " + std::to_string(last) : "";
    Statement &statement = add_statement(Phase::sequence, table, found->name);
    if (source.is_autoincrement)
        statement.record = add_record(table, std::move(object), reason);
    else if (is_used_up)
        add_note(table,
                 "sequence of column \"" + source_column(table, index).name + "\": " + reason);
    statement.note = reason;
    const std::int64_t next = is_used_up ? last : std::max<std::int64_t>(last, 0) + 1;
    // Citus does not take RESTART. What setval() does is not undone, but the sequence is new and
    // goes with the transaction.
    if (is_used_up)
        statement.sql = sequence_start_sql(table, found->name, last_value(found->type), true);
    else if (options().distribute)
        statement.sql = sequence_start_sql(table, found->name, next, false);
    else
        statement.sql = "ALTER TABLE " + states_[table].sql + " ALTER COLUMN " +
                        quote_identifier(found->name) + " RESTART WITH " + std::to_string(next);
}

std::string ScriptWriter::sequence_start_sql(std::size_t table, const std::string &column,
                                             std::int64_t value, bool is_called) const {
    return "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(" +
           quote_literal(states_[table].sql).value_or("NULL") + ", " +
           quote_literal(column).value_or("NULL") + "), " + std::to_string(value) +
           (is_called ? ", true)" : ", false)");
}

} // namespace migrate::core::plan

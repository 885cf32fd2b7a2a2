// The statements around the rows of tables that are there before, and the fate of what the source
// has beside rows: the target has its own.
#include "core/plan/script_writer.hpp"

#include "core/plan/parent_fill.hpp"
#include "core/plan/sequence_sql.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

constexpr char kOwnReason[] = "the target has its own";

const char *trigger_verb(char state) {
    switch (state) {
    case 'A':
        return " ENABLE ALWAYS TRIGGER ";
    case 'R':
        return " ENABLE REPLICA TRIGGER ";
    default:
        return " ENABLE TRIGGER ";
    }
}

bool can_be_analyzed(const TargetTable &target) {
    return target.is_owned &&
           (target.kind == TargetKind::table || target.kind == TargetKind::partitioned);
}

} // namespace

Script ScriptWriter::write_append() {
    const LoadStrategy strategy = load_strategy(plan_);
    for (std::size_t table = 0; table < states_.size(); ++table)
        write_triggers(table);
    write_truncate();
    for (const LateKey &late : strategy.deferred)
        write_deferral(late);
    for (std::size_t table = 0; table < states_.size(); ++table) {
        if (planned(table).target == nullptr)
            continue;
        record_target(table);
        write_data(table);
        write_target_sequences(table);
        if (options().analyze && can_be_analyzed(*planned(table).target))
            add_statement(Phase::analyze, table, "").sql = "ANALYZE " + states_[table].sql;
    }
    for (const LateKey &late : strategy.late_keys)
        add_statement(Phase::foreign_key, late.table, late.key->name).note =
            "its columns are filled when all tables are loaded";
    for (const LateKey &late : strategy.deferred)
        write_late_check(late);
    for (std::size_t table = 0; table < states_.size(); ++table)
        write_deferred_again(table);
    record_other_tables();
    record_target_views();
    record_triggers();
    std::stable_sort(
        script_.statements.begin(), script_.statements.end(),
        [](const Statement &left, const Statement &right) { return left.phase < right.phase; });
    return std::move(script_);
}

std::string ScriptWriter::constraint_sql(const std::string &name) const {
    return quote_identifier(plan_.request().target_schema) + "." + quote_identifier(name);
}

// In one statement, so that tables may refer to each other.
void ScriptWriter::write_truncate() {
    if (options().mode != Mode::truncate)
        return;
    std::vector<std::string> tables;
    for (std::size_t table = 0; table < states_.size(); ++table) {
        if (planned(table).target != nullptr)
            tables.push_back(states_[table].sql);
    }
    if (tables.empty())
        return;
    Statement &statement = script_.statements.emplace_back();
    statement.phase = Phase::table;
    statement.object = display_identifier(plan_.request().target_schema);
    statement.sql = "TRUNCATE " + join_list(tables);
}

// Each trigger by its name: those that are off already stay so.
void ScriptWriter::write_triggers(std::size_t table) {
    if (options().triggers || planned(table).target == nullptr)
        return;
    for (const TargetTrigger &trigger : planned(table).target->triggers) {
        const std::string alter = "ALTER TABLE ONLY " + trigger.relation_sql;
        const std::string name = quote_identifier(trigger.name);
        add_statement(Phase::table, table, trigger.name).sql = alter + " DISABLE TRIGGER " + name;
        add_statement(Phase::check, table, trigger.name).sql =
            alter + trigger_verb(trigger.state) + name;
    }
}

void ScriptWriter::write_deferral(const LateKey &late) {
    if (late.key->is_initially_deferred)
        return;
    Statement &statement = add_statement(Phase::table, late.table, late.key->name);
    statement.sql = "SET CONSTRAINTS " + constraint_sql(late.key->name) + " DEFERRED";
}

// Checked inside the call, so that it fails itself and not the COMMIT, with the rows named.
void ScriptWriter::write_late_check(const LateKey &late) {
    if (late.key->is_initially_deferred)
        return; // see write_deferred_again
    Statement &statement = add_statement(Phase::foreign_key, late.table, late.key->name);
    statement.sql = "SET CONSTRAINTS " + constraint_sql(late.key->name) + " IMMEDIATE";
    statement.can_fail = statement.is_required = statement.is_foreign_key = true;
    statement.probe_sql = target_orphan_probe(late.table, *late.key);
}

// The table's own deferred constraints are checked inside the call too, and then wait again.
void ScriptWriter::write_deferred_again(std::size_t table) {
    const TargetTable *target = planned(table).target;
    if (target == nullptr)
        return;
    for (const std::string &name : target->deferred) {
        const auto key =
            std::find_if(target->foreign_keys.begin(), target->foreign_keys.end(),
                         [&](const TargetForeignKey &each) { return each.name == name; });
        Statement &check = add_statement(Phase::foreign_key, table, name);
        check.sql = "SET CONSTRAINTS " + constraint_sql(name) + " IMMEDIATE";
        check.can_fail = check.is_required = true;
        if (key != target->foreign_keys.end()) {
            check.is_foreign_key = true;
            check.probe_sql = target_orphan_probe(table, *key);
        }
        add_statement(Phase::check, table, name).sql =
            "SET CONSTRAINTS " + constraint_sql(name) + " DEFERRED";
    }
}

std::string ScriptWriter::target_orphan_probe(std::size_t table,
                                              const TargetForeignKey &key) const {
    const TargetTable &target = *planned(table).target;
    std::vector<std::string> not_null;
    std::vector<std::string> equal;
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
        const TargetColumn &column = target.columns[static_cast<std::size_t>(key.columns[i])];
        const std::string child = "child." + quote_identifier(column.name);
        not_null.push_back(child + " IS NOT NULL");
        equal.push_back("parent." + quote_identifier(key.parent_columns[i]) + " = " + child);
    }
    std::vector<std::string> names;
    for (const ColumnPlan &column : planned(table).columns) {
        if (column.is_key)
            names.push_back("child." + quote_identifier(column.name));
    }
    std::string row = names.empty() ? "child.ctid" : join_list(names);
    if (names.size() > 1)
        row = "ROW(" + row + ")";
    return row_probe(row, "FROM " + states_[table].sql + " AS child WHERE " +
                              join_list(not_null, " AND ") + " AND NOT EXISTS (SELECT FROM " +
                              key.parent_sql + " AS parent WHERE " + join_list(equal, " AND ") +
                              ")");
}

void ScriptWriter::write_target_sequences(std::size_t table) {
    for (const ColumnPlan &column : planned(table).columns) {
        if (column.target == nullptr || column.target->sequence_sql.empty() || !options().sequences)
            continue;
        Statement &statement = add_statement(Phase::sequence, table, column.name);
        statement.sql = raise_sequence_sql(column.target->sequence_sql, states_[table].sql,
                                           quote_identifier(column.name));
        statement.note = "only upwards; not undone with the transaction";
        statement.can_fail = true;
    }
}

void ScriptWriter::record_target(std::size_t table) {
    const TablePlan &plan = planned(table);
    TableObject object;
    object.type = "table";
    object.target = states_[table].display;
    object.source_sql = plan.source->sql;
    push_record(table, std::move(object), Fate::imported,
                options().mode == Mode::truncate ? "the table was emptied and filled"
                                                 : "rows were appended to the table");
    for (const LeftOutColumn &left_out : plan.left_out) {
        const Column &column = plan.source->columns[static_cast<std::size_t>(left_out.source)];
        if (column.generated == Generated::none && column.lookups.empty())
            add_skipped(table, {"column", column.name, "", ""}, left_out.reason);
        else // it has no record, or that of a generated column
            add_note(table, "column \"" + column.name + "\" left out: " + left_out.reason);
    }
    for (const ColumnPlan &column : plan.columns) {
        const Column &source = plan.source->columns[static_cast<std::size_t>(column.source)];
        if (!source.lookups.empty())
            add_note(table, "column \"" + column.name + "\": " + describe_lookups(source.lookups));
    }
    record_excluded_objects(*plan.source, kOwnReason);
}

void ScriptWriter::record_target_views() {
    for (std::size_t i = 0; i < plan_.schema().views.size(); ++i) {
        const View &view = plan_.schema().views[i];
        push_loose("view", view.name,
                   plan_.selection().views[i] ? std::string(kOwnReason)
                                              : left_out_reason(plan_.request(), view.name),
                   view.sql);
    }
}

} // namespace migrate::core::plan

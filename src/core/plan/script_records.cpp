// The records of what is not imported: every object of the source ends in one.
#include "core/plan/script_writer.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

bool mentions_localtime(const std::string &sql) {
    return fold_ascii(sql).find("localtime") != std::string::npos;
}

// CONSTRAINT name, or the columns in parentheses behind the table's name.
std::string object_name(const Table &table, const std::string &name, const std::string &columns) {
    return table.name + (name.empty() ? "(" + columns + ")" : "." + name);
}

std::string key_columns(const Table &table, const Index &index) {
    if (index.rewrite)
        return source_column_list(table, index.rewrite->columns);
    std::vector<int> columns;
    for (const KeyColumn &column : index.columns)
        columns.push_back(column.column);
    return source_column_list(table, columns);
}

// The tool whose table it is, nullptr for a table that the caller left out.
const char *tool_of_left_out(const Plan &plan, const Table &table) {
    for (const ToolTable &left_out : plan.tool_tables()) {
        if (left_out.table == &table)
            return left_out.tool;
    }
    return nullptr;
}

std::string text_of(const std::optional<SourceExpression> &expression) {
    return expression ? expression->text : std::string();
}

} // namespace

std::string left_out_reason(const PlanRequest &request, std::string_view name) {
    const bool is_excluded =
        std::any_of(request.exclude.begin(), request.exclude.end(),
                    [&](const std::string &text) { return NamePattern(text).matches(name); });
    return is_excluded ? "excluded by the caller" : "not among the tables that the caller named";
}

void ScriptWriter::push_loose(std::string type, std::string name, std::string reason,
                              std::string sql) {
    script_.records.push_back(
        {std::move(type), std::move(name), "", Fate::skipped, std::move(reason), std::move(sql)});
}

void ScriptWriter::record_other_tables() {
    for (std::size_t i = 0; i < plan_.schema().tables.size(); ++i) {
        const Table &table = plan_.schema().tables[i];
        switch (table.kind) {
        case TableKind::virtual_table:
            push_loose("virtual table", table.name,
                       "a virtual table of module \"" + table.module + "\"", table.sql);
            break;
        case TableKind::shadow:
            push_loose("shadow table", table.name,
                       "private data of the virtual table \"" + table.module + "\"", table.sql);
            break;
        case TableKind::internal:
            push_loose("table", table.name, "a table of SQLite's own", table.sql);
            break;
        case TableKind::ordinary:
            if (!plan_.selection().tables[i]) {
                const char *tool = tool_of_left_out(plan_, table);
                const std::string reason = tool == nullptr
                                               ? left_out_reason(plan_.request(), table.name)
                                               : std::string(tool) + " keeps it for itself";
                push_loose("table", table.name, reason, table.sql);
                record_excluded_objects(table, reason);
            }
        }
    }
}

void ScriptWriter::record_excluded_objects(const Table &table, const std::string &reason) {
    for (const Column &column : table.columns) {
        if (column.generated != Generated::none)
            push_loose("generated column", table.name + "." + column.name, reason,
                       text_of(column.generation));
        if (column.default_value)
            push_loose("default", table.name + "." + column.name, reason,
                       text_of(column.default_value));
    }
    if (!table.primary_key.empty()) {
        const auto &rewrite = table.primary_key_rewrite;
        const std::string columns =
            source_column_list(table, rewrite ? rewrite->columns : table.primary_key);
        push_loose("primary key", object_name(table, table.primary_key_name, columns), reason,
                   key_definition("PRIMARY KEY", table.primary_key_name, columns));
    }
    for (const Index &index : table.indexes) {
        const std::string columns = key_columns(table, index);
        if (index.origin == IndexOrigin::create_index)
            push_loose("index", table.name + "." + index.name, reason, index.sql);
        else if (index.origin == IndexOrigin::unique_constraint)
            push_loose("unique", object_name(table, index.constraint_name, columns), reason,
                       key_definition("UNIQUE", index.constraint_name, columns));
    }
    for (const ForeignKey &key : table.foreign_keys)
        push_loose("foreign key",
                   object_name(
                       table, key.name,
                       source_column_list(table, key.rewrite ? key.rewrite->columns : key.columns)),
                   reason, foreign_key_definition(table, key));
    for (std::size_t i = 0; i < table.checks.size(); ++i) {
        const Check &check = table.checks[i];
        push_loose("check", object_name(table, check.name, "check " + std::to_string(i + 1)),
                   reason, check.expression.text);
    }
    if (table.is_autoincrement)
        push_loose("sequence", table.name, reason, "");
}

void ScriptWriter::record_triggers() {
    for (const Trigger &trigger : plan_.schema().triggers) {
        std::string reason = "triggers are not translated";
        if (mentions_localtime(trigger.sql))
            reason += "; it reads the local time: option \"timezone\" names the zone of the values";
        push_loose("trigger", trigger.name, std::move(reason), trigger.sql);
    }
}

} // namespace migrate::core::plan

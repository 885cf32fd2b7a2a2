#include "core/plan/script.hpp"

#include "core/plan/script_writer.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {

std::string_view phase_name(Phase phase) noexcept {
    switch (phase) {
    case Phase::schema:
        return "schema";
    case Phase::table:
        return "table";
    case Phase::data:
        return "data";
    case Phase::key:
        return "key";
    case Phase::index:
        return "index";
    case Phase::foreign_key:
        return "foreign_key";
    case Phase::check:
        return "check";
    case Phase::sequence:
        return "sequence";
    case Phase::view:
        return "view";
    case Phase::policy:
        return "policy";
    case Phase::comment:
        return "comment";
    case Phase::analyze:
        break;
    }
    return "analyze";
}

std::string_view fate_name(Fate fate) noexcept {
    switch (fate) {
    case Fate::imported:
        return "imported";
    case Fate::adapted:
        return "adapted";
    case Fate::skipped:
        break;
    }
    return "skipped";
}

std::string display_name(std::string_view schema, std::string_view relation) {
    if (schema.empty())
        return display_identifier(relation);
    return display_identifier(schema) + "." + display_identifier(relation);
}

Script write_script(const Plan &plan) {
    if (plan.targets() != nullptr)
        return ScriptWriter(plan).write_append();
    return ScriptWriter(plan).write();
}

namespace {

std::string counted(const ColumnCount &count, std::string_view one, std::string_view many) {
    std::string text = std::to_string(count.count) + " ";
    text += count.count == 1 ? one : many;
    return text;
}

void add_count(std::vector<std::string> &notes, const std::string &column, const ColumnCount &count,
               const std::string &what) {
    if (count.count > 0)
        notes.push_back("column \"" + column + "\": " + what + ", first in row " +
                        std::to_string(count.first_row) + ": " + count.first_value);
}

std::string rounded_unit(const Type &type) {
    if (type.length < 0 || type.length >= 6)
        return "microseconds";
    return std::to_string(type.length) + " digits of a second";
}

} // namespace

std::vector<std::string> load_notes(const TablePlan &table,
                                    const std::vector<ColumnStatistics> &statistics,
                                    std::int64_t rejected) {
    std::vector<std::string> notes;
    for (std::size_t i = 0; i < std::min(statistics.size(), table.columns.size()); ++i) {
        const ColumnStatistics &column = statistics[i];
        const auto source = static_cast<std::size_t>(table.columns[i].source);
        const std::string name = replace_controls(table.source->columns[source].name);
        add_count(notes, name, column.nulled,
                  counted(column.nulled, "value", "values") + " set to NULL");
        add_count(notes, name, column.null_text,
                  counted(column.null_text, "text", "texts") + " read as NULL");
        add_count(notes, name, column.replaced,
                  "invalid text replaced in " + counted(column.replaced, "value", "values"));
        add_count(notes, name, column.rounded,
                  counted(column.rounded, "time", "times") + " rounded to " +
                      rounded_unit(table.columns[i].type));
        add_count(notes, name, column.read_by_input,
                  counted(column.read_by_input, "text", "texts") + " read as type " +
                      table.columns[i].type.sql() + " does");
    }
    if (rejected > 0)
        notes.push_back(std::to_string(rejected) + (rejected == 1 ? " row" : " rows") +
                        " rejected");
    return notes;
}

} // namespace migrate::core::plan

// How the records of one file become rows of its table.
#include "fn/csv_run.hpp"

#include "core/csv/column_plan.hpp"
#include "core/error.hpp"
#include "pg/error_bridge.hpp"

#include <algorithm>

#include "pg/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace migrate::fn {
namespace {

using core::csv::ColumnOrigin;
using core::csv::OnError;
using core::csv::RecordColumn;
using core::csv::RecordPlan;
using core::csv::ServerText;
using core::csv::TableColumn;
using pg::call_core;

// Whether the column is filled by the load; the others of an existing table get their defaults.
bool is_filled(const CsvTable &table, const CsvFile &file, std::size_t i) {
    const TableColumn &column = table.columns.columns[i];
    if (column.is_generated)
        return false;
    return column.origin != ColumnOrigin::field || file.match.fields[i] >= 0 ||
           !table.columns.is_existing;
}

// Keys that the file lacks would be NULL or a default in every row.
void check_keys(const core::csv::CsvOptions &options, const RecordPlan &plan) {
    if (options.on_conflict == core::csv::OnConflict::error)
        return;
    for (const std::string &key : options.key)
        if (std::ranges::none_of(
                plan.columns, [&](const RecordColumn &column) { return column.rule.name == key; }))
            throw core::Error(core::sqlstate::kInvalidParameterValue,
                              "option \"key\" names column \"" + key + "\", which file \"" +
                                  plan.file_name + "\" does not have");
}

RecordColumn record_column(const CsvState &state, const CsvTable &table, const CsvFile &file,
                           std::size_t i, ServerText server) {
    std::optional<core::csv::ValueFormat> format;
    if (i < table.findings.size() && table.findings[i])
        format = table.findings[i]->format;
    if (i < file.formats.size() && file.formats[i])
        format = *file.formats[i];
    return core::csv::plan_column(table.columns.columns[i], file.match.fields[i], format,
                                  state.options, file.survey.found.dialect, server);
}

// What option "raw" calls the fields: as the header does, where no two are the same.
std::vector<std::string> names_of_fields(const CsvState &state, const CsvFile &file) {
    std::vector<std::string> names;
    for (const core::csv::ColumnName &name : core::csv::name_columns(
             file.survey.header, file.survey.width, state.options.identifiers)) {
        const std::string &original = name.original.empty() ? name.name : name.original;
        const bool is_taken = std::ranges::find(names, original) != names.end();
        names.push_back(is_taken ? name.name : original);
    }
    return names;
}

RecordPlan make_plan(const CsvRun &run, const CsvTable &table, const CsvFile &file,
                     ServerText server) {
    const CsvState &state = *run.call->state;
    RecordPlan plan;
    plan.file_name = file.path;
    plan.width = state.options.raw ? 0 : file.survey.width;
    plan.ragged = state.options.ragged;
    plan.has_ragged = state.options.has_ragged;
    plan.trim = state.options.trim;
    plan.on_error = state.options.on_error;
    plan.wants_problems = run.is_check;
    plan.keeps_raw = plan.on_error == OnError::ignore || plan.on_error == OnError::reject ||
                     run.is_check || state.options.raw;
    plan.constant = run.started_at;
    plan.newline = file.survey.found.dialect.newline;
    plan.unit = file.unit;
    plan.field_names = names_of_fields(state, file);
    for (std::size_t i = 0; i < table.columns.columns.size(); i++)
        if (is_filled(table, file, i))
            plan.columns.push_back(record_column(state, table, file, i, server));
    check_keys(state.options, plan);
    return plan;
}

} // namespace

void plan_records(CsvRun *run, CsvTable *table, CsvFile *file) {
    CsvState *state = run->call->state;
    const ServerText server = {run->call->is_utf8_server, GetDatabaseEncoding() != PG_SQL_ASCII};
    call_core([&] {
        state->converter =
            std::make_unique<core::csv::RecordConverter>(make_plan(*run, *table, *file, server));
        const auto &columns = state->converter->plan().columns;
        state->batch = std::make_unique<core::Batch>(columns.size());
        state->kinds.clear();
        state->names.clear();
        state->types.clear();
        for (std::size_t i = 0; i < table->columns.columns.size(); i++) {
            const TableColumn &column = table->columns.columns[i];
            if (!is_filled(*table, *file, i))
                continue;
            state->kinds.push_back(column.type.kind);
            state->names.push_back(column.name.c_str());
            state->types.push_back(column.type_sql.c_str());
        }
    });
    const auto count = static_cast<int>(state->kinds.size());
    run->inputs = pg::make_input_columns(state->kinds.data(), state->types.data(), count);
    run->types = static_cast<Oid *>(palloc(sizeof(Oid) * (count + 1)));
    for (int i = 0; i < count; i++)
        run->types[i] = run->inputs[i].type;
}

} // namespace migrate::fn

// migrate.sniff_csv: how a file is written and what its columns hold, by every record of it.
#include "fn/csv_call.hpp"

#include "core/csv/effective_options.hpp"
#include "core/error.hpp"
#include "core/plan/naming.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/result_set.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
}

namespace migrate::fn {
namespace {

using core::csv::json_text;
using pg::call_core;

void check_one_file(const CsvCall *call) {
    const std::size_t files = call->state->texts.size();
    if (files != 1)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("path \"%s\" names %zu files", call->path, files),
                        errhint("Name one of them, or look at all with migrate.check_csv().")));
}

// What the columns would be in a table of their own.
void plan_new_table(CsvCall *call) {
    find_targets(call);
    CsvTable &table = call->state->tables.front();
    table.relation = InvalidOid;
    survey_files(call);
    infer_types(call);
}

std::string columns_json(const CsvTable &table) {
    std::string json = "[";
    for (std::size_t i = 0; i < table.columns.columns.size(); i++) {
        const core::csv::TableColumn &column = table.columns.columns[i];
        json += (i > 0 ? ", {\"name\": " : "{\"name\": ") + json_text(column.name);
        json += ", \"header\": " + (column.original.empty()
                                        ? std::string("null")
                                        : json_text(core::plan::replace_controls(column.original)));
        json += ", \"type\": " + json_text(column.type_sql);
        if (i < table.findings.size() && table.findings[i]) {
            const core::csv::InferredType &finding = *table.findings[i];
            json += ", \"values\": " + std::to_string(finding.values) +
                    ", \"nulls\": " + std::to_string(finding.nulls) +
                    ", \"evidence\": " + json_text(finding.evidence);
        }
        json += "}";
    }
    return json + "]";
}

std::string evidence_of(const CsvFile &file) {
    std::string evidence = file.notes;
    for (const std::string &sentence : file.survey.evidence)
        evidence += (evidence.empty() ? "" : "\n") + sentence;
    return evidence;
}

std::string statements_of(const CsvTable &table) {
    std::string text;
    for (const std::string &statement :
         core::csv::create_statements(table.schema, table.name, table.columns, {}))
        text += (text.empty() ? "" : "\n") + statement + ";";
    return text;
}

// Texts of the result, in UTF-8.
struct Texts {
    std::string columns;
    std::string evidence;
    std::string statements;
    std::string call;
    std::string newline;
};

void write_texts(const CsvTable &table, Texts &texts) {
    const CsvFile &file = table.files.front();
    texts.columns = columns_json(table);
    texts.evidence = evidence_of(file);
    texts.statements = statements_of(table);
    texts.newline = core::plan::fold_ascii(file.survey.found.newline);
    texts.call = core::csv::import_call(
        file.path, table.display_name,
        core::csv::effective_options(file.survey, file.encoding, table.columns, table.findings));
}

void return_finding(FunctionCallInfo fcinfo, const CsvTable &table, const Texts &texts,
                    int64 records) {
    const core::csv::FileSurvey &survey = table.files.front().survey;
    const core::csv::Dialect &dialect = survey.found.dialect;
    const char quote[] = {dialect.quote, '\0'};
    const bool is_doubled = dialect.escape == core::csv::kDoubled;
    const char escape[] = {is_doubled ? dialect.quote : dialect.escape, '\0'};
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_text(&row, dialect.delimiter.c_str());
    pg::set_text(&row, quote);
    pg::set_text(&row, escape);
    pg::set_text(&row, texts.newline.c_str());
    pg::set_text(&row, table.files.front().encoding.c_str());
    pg::set_boolean(&row, survey.has_header());
    pg::set_datum(&row, Int32GetDatum(static_cast<int32>(survey.found.skip_lines)));
    pg::set_datum(&row, DirectFunctionCall1(
                            jsonb_in, CStringGetDatum(pg::server_text(texts.columns.c_str()))));
    pg::set_bigint(&row, records);
    pg::set_datum(&row, Float8GetDatum(survey.confidence));
    pg::set_text(&row, texts.evidence.c_str());
    pg::set_text(&row, texts.statements.c_str());
    pg::set_text(&row, texts.call.c_str());
    pg::finish_row(&row);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_sniff_csv);

PGDLLEXPORT Datum migrate_sniff_csv(PG_FUNCTION_ARGS) {
    using namespace migrate;
    pg::open_result(fcinfo);
    fn::CsvCall *call = fn::begin_csv_call(fcinfo, {-1, 1});
    fn::check_one_file(call);
    fn::plan_new_table(call);
    auto *texts = pg::own<fn::Texts>(call->memory, [] { return std::make_unique<fn::Texts>(); });
    const fn::CsvTable &table = call->state->tables.front();
    pg::call_core([&] { fn::write_texts(table, *texts); });
    fn::return_finding(fcinfo, table, *texts, table.records);
    fn::end_csv_call(call);
    return (Datum)0;
}
}

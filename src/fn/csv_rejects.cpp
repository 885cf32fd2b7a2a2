// What was wrong with records: into the store of rejects, the limit on them, and the notes.
#include "fn/csv_run.hpp"

#include "core/note_lines.hpp"
#include "core/plan/naming.hpp"
#include "pg/error_bridge.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using core::add_line;
using core::counted;
using core::csv::FileStatistics;
using core::csv::Happening;
using core::csv::RecordProblem;
using pg::call_core;

constexpr int kMostShown = 20; // rejects in an error's DETAIL

void store_problem(CsvRun *run, const RecordProblem &problem) {
    pg::RejectRow row = {};
    row.source = pg::server_text(run->file->path.c_str());
    row.table_name = pg::server_text(run->table->display_name.c_str());
    row.line_first = problem.first_line;
    row.line_last = problem.last_line;
    if (!problem.column.empty()) {
        row.column_name = pg::server_text(problem.column.c_str());
        row.value = pg::server_text(problem.value.c_str());
    }
    row.sqlstate = problem.code;
    row.reason = pg::server_text(problem.reason.c_str());
    row.raw = problem.raw.data();
    row.raw_size = problem.raw.size();
    pg::store_reject(run->rejects, row);
}

int64 rejected_so_far(const CsvRun *run) {
    return run->rejected + run->call->state->converter->statistics().rows_rejected;
}

[[noreturn]] void fail_limit(const CsvRun *run, const char *limit) {
    const bool has_kept = run->call->state->options.on_error != core::csv::OnError::ignore;
    ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
                    errmsg("rejected rows exceed the reject limit of %s", limit),
                    has_kept ? errdetail("%s", pg::describe_rejects(run->rejects, kMostShown)) : 0,
                    errhint("Raise the option \"reject_limit\", or mend the rows: "
                            "migrate.check_csv() lists all of them.")));
    pg_unreachable();
}

void note_happening(std::string &notes, const Happening &happening, const char *one,
                    const char *many, const char *what) {
    if (happening.count == 0)
        return;
    std::string line = counted(happening.count, one, many) + what + ", the first at line " +
                       std::to_string(happening.first_line);
    if (!happening.first_value.empty())
        line += ": " + happening.first_value;
    add_line(notes, line);
}

void note_columns(std::string &notes, const core::csv::RecordPlan &plan,
                  const std::vector<Happening> &happenings, const char *what) {
    for (std::size_t i = 0; i < happenings.size(); i++) {
        const std::string words = " of column \"" + plan.columns[i].rule.name + "\" " + what;
        note_happening(notes, happenings[i], "value", "values", words.c_str());
    }
}

void note_records(std::string &notes, const FileStatistics &statistics) {
    note_happening(notes, statistics.blank_lines, "blank line", "blank lines",
                   statistics.blank_lines.count == 1 ? " was passed over" : " were passed over");
    note_happening(notes, statistics.padded, "record", "records",
                   " had too few fields and got NULL");
    note_happening(notes, statistics.truncated, "record", "records",
                   " had too many fields, which were dropped");
    note_happening(notes, statistics.trailing_delimiters, "record", "records",
                   " ended with a delimiter");
    note_happening(notes, statistics.joined, "record", "records",
                   " went over several lines because of a quote inside an unquoted field");
}

} // namespace

void keep_problems(CsvRun *run) {
    CsvState *state = run->call->state;
    call_core([&] { state->problems = state->converter->take_problems(); });
    for (const RecordProblem &problem : state->problems)
        store_problem(run, problem);
    const auto &limit = state->options.reject_limit.rows;
    if (limit && !run->is_check && rejected_so_far(run) > *limit)
        fail_limit(run, psprintf(INT64_FORMAT, static_cast<int64>(*limit)));
}

void check_reject_share(const CsvRun *run) {
    const auto &limit = run->call->state->options.reject_limit.percent;
    if (!limit || run->is_check || run->read == 0)
        return;
    const double share =
        100.0 * static_cast<double>(run->rejected) / static_cast<double>(run->read);
    if (share > *limit)
        fail_limit(run, psprintf("%g%%", *limit));
}

void note_statistics(CsvRun *run, CsvFile *file) {
    CsvState *state = run->call->state;
    call_core([&] {
        const core::csv::RecordPlan &plan = state->converter->plan();
        note_records(file->notes, file->statistics);
        note_columns(file->notes, plan, file->statistics.nulled, "became NULL");
        note_columns(file->notes, plan, file->statistics.rounded, "rounded to microseconds");
        if (file->duplicates > 0)
            add_line(file->notes,
                     counted(file->duplicates, "record has", "records have") +
                         " a key that another record of the file has too: of each key the " +
                         (state->options.on_conflict == core::csv::OnConflict::update ? "last"
                                                                                      : "first") +
                         " one counts");
        if (file->statistics.rows_rejected > 0)
            add_line(file->notes,
                     counted(file->statistics.rows_rejected, "record was", "records were") +
                         (state->options.on_error == core::csv::OnError::ignore
                              ? " ignored"
                              : " rejected, see migrate.rejects"));
    });
}

} // namespace migrate::fn

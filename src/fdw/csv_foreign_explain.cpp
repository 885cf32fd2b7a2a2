// EXPLAIN of a scan: the files, how they are read, and which columns are converted.
#include "fdw/csv_fdw.hpp"

#include "pg/error_bridge.hpp"

extern "C" {
#include "commands/explain.h"
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif
}

namespace migrate::fdw {
namespace {

using pg::call_core;

constexpr std::size_t kMostShown = 20; // files

List *describe_files(CsvTableScan *scan, bool with_sizes) {
    CsvScanState *state = scan->state;
    List *lines = NIL;
    for (std::size_t i = 0; i < state->settled.size() && i < kMostShown; i++) {
        if (!state->settled[i]) {
            (void)open_csv_file(scan, static_cast<int>(i));
            close_csv_file(scan);
        }
        call_core([&] {
            state->text = core::csv::describe_file(*state->settled[i]);
            if (with_sizes)
                state->text += ", " + std::to_string(state->settled[i]->stamp.size) + " bytes";
        });
        lines = lappend(lines, pg::server_text(state->text.c_str()));
    }
    if (state->settled.size() > kMostShown)
        lines = lappend(lines, psprintf("and %zu more", state->settled.size() - kMostShown));
    return lines;
}

List *converted_columns(const CsvTableScan *scan) {
    List *names = NIL;
    for (int i = 0; i < scan->count; i++) {
        const std::string &name =
            scan->table->state->own_names[static_cast<std::size_t>(scan->places[i])];
        names = lappend(names, pg::server_text(name.c_str()));
    }
    return names;
}

// A line a file for people, a list for programs.
void show_files(List *files, ExplainState *output) {
    if (output->format != EXPLAIN_FORMAT_TEXT)
        return ExplainPropertyList("CSV Files", files, output);
    ListCell *cell = nullptr;
    foreach (cell, files)
        ExplainPropertyText("CSV File", static_cast<char *>(lfirst(cell)), output);
}

void explain(ForeignScanState *node, ExplainState *output) {
    CsvTableScan *scan = static_cast<CsvExecution *>(node->fdw_state)->scan;
    if (scan->state->settled.empty()) {
        list_files(scan->table);
        call_core([&] { scan->state->settled.resize(scan->table->state->files.size()); });
    }
    show_files(describe_files(scan, output->costs), output);
    if (scan->count > 0)
        ExplainPropertyList("Columns Converted", converted_columns(scan), output);
}

} // namespace

void set_csv_explaining(FdwRoutine *routine) {
    routine->ExplainForeignScan = explain;
}

} // namespace migrate::fdw

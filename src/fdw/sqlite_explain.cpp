// EXPLAIN of a scan: the SQL that SQLite gets, and which conditions it was not told of, and why.
#include "fdw/clause.hpp"
#include "fdw/executor_scan.hpp"
#include "fdw/sqlite_fdw.hpp"
#include "pg/error_bridge.hpp"

extern "C" {
#include "commands/explain.h"
#include "nodes/plannodes.h"
#include "utils/ruleutils.h"
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif
}

namespace migrate::fdw {
namespace {

using pg::call_core;

// What became of a condition; NULL when SQLite was told.
const char *why_local(ForeignScanState *node, Node *clause, int *pushed) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    Index varno = reinterpret_cast<ForeignScan *>(node->ss.ps.plan)->scan.scanrelid;
    const char *reason = nullptr;
    if (read_clause(varno, clause, &reason) == NIL)
        return reason;
    const auto place = static_cast<std::size_t>((*pushed)++);
    const core::fdw::ScanQuery &query = state->scan->state->query;
    if (place >= query.reasons.size() || query.reasons[place].empty())
        return nullptr;
    return pg::server_text(query.reasons[place].c_str());
}

void explain_aggregates(ForeignScanState *node, ExecutorScan *state, ExplainState *output) {
    const char *reason = nullptr;
    const char *sql = show_aggregates(node, state, &reason);
    ExplainPropertyText("SQLite Query", sql, output);
    if (reason != nullptr)
        ExplainPropertyText("Counted Locally", reason, output);
}

void explain(ForeignScanState *node, ExplainState *output) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    Plan *plan = node->ss.ps.plan;
    if (state->count_rows != nullptr) {
        explain_aggregates(node, state, output);
        return;
    }
    if (!state->is_started) {
        evaluate_operands(node, Known::constants);
        call_core([&] { state->scan->state->request.is_ranged = plan->parallel_aware; });
        write_query(state->scan);
    }
    ExplainPropertyText("SQLite Query", pg::server_text(state->scan->state->query.sql.c_str()),
                        output);
    const core::fdw::ScanQuery &query = state->scan->state->query;
    if (!query.order_reason.empty())
        ExplainPropertyText("Sorted Locally", pg::server_text(query.order_reason.c_str()), output);
    if (!query.limit_reason.empty())
        ExplainPropertyText("Limited Locally", pg::server_text(query.limit_reason.c_str()), output);
    List *context = set_deparse_context_plan(output->deparse_cxt, plan, NIL);
    List *lines = NIL;
    ListCell *cell = nullptr;
    int pushed = 0;
    foreach (cell, plan->qual) {
        auto *clause = static_cast<Node *>(lfirst(cell));
        const char *reason = why_local(node, clause, &pushed);
        if (reason != nullptr)
            lines =
                lappend(lines, psprintf("%s: %s", deparse_expression(clause, context, false, false),
                                        reason));
    }
    if (lines != NIL)
        ExplainPropertyList("Checked Only Locally", lines, output);
}

} // namespace

void set_explaining(FdwRoutine *routine) {
    routine->ExplainForeignScan = explain;
}

} // namespace migrate::fdw

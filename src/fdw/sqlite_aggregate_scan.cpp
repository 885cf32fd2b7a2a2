// Runs a plan of aggregates: SQLite's answer where it is exact, else the rows are counted here.
#include "fdw/aggregate_plan.hpp"
#include "fdw/clause.hpp"
#include "fdw/executor_scan.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/plannodes.h"
}

namespace migrate::fdw {

struct AggregateScan {
    AggregateState *state;
    int count;       // of aggregates
    List *columns;   // attributes behind them in the scan's row
    Datum *values;   // by attribute
    bool *nulls;     // by attribute
    int64 *numbers;  // an aggregate each
    bool *is_number; // … and whether it is not NULL
    bool is_done;
};

namespace {

using core::fdw::AggregateAnswer;
using core::fdw::CheckedColumn;
using core::fdw::Comparison;
using core::fdw::Family;
using pg::call_core;
using Kind = core::fdw::Aggregate::Kind;

CheckedColumn checked_column(const TableScan *scan, int attribute) {
    const SourceColumn &column = scan->source->columns[attribute - 1];
    CheckedColumn checked;
    checked.column = column.source;
    checked.family = column.type.kind == core::TypeKind::bigint ? Family::integer : Family::text;
    checked.least = column.type.min_integer;
    checked.most = column.type.max_integer;
    return checked;
}

// NULL is NULL in any class of storage: nothing to check.
bool is_checked(List *stored_condition) {
    int operand = -1;
    return stored_leaf(stored_condition, &operand).comparison != Comparison::is_null;
}

List *checked_attributes(List *stored, List *conditions) {
    List *attributes = NIL;
    for (int i = 2; i < list_length(stored); i += 2)
        if (list_nth_int(stored, i) > 0)
            attributes = list_append_unique_int(attributes, list_nth_int(stored, i));
    for (int i = 0; i < list_length(conditions); i++) {
        ListCell *cell = nullptr;
        foreach (cell, static_cast<List *>(list_nth(conditions, i))) {
            auto *leaf = static_cast<List *>(lfirst(cell));
            if (is_checked(leaf))
                attributes = list_append_unique_int(attributes, linitial_int(leaf));
        }
    }
    return attributes;
}

// --- the answer of SQLite

bool ask_sqlite(TableScan *scan, AggregateState *state) {
    for (;;) {
        const AggregateAnswer::Kind kind = call_core([&] {
            state->answer = core::fdw::run_aggregates(**scan->source->lease, scan->state->request,
                                                      state->query);
            return state->answer.kind;
        });
        if (kind != AggregateAnswer::Kind::interrupted)
            return kind == AggregateAnswer::Kind::exact;
        CHECK_FOR_INTERRUPTS();
    }
}

void take_answer(AggregateScan *aggregates) {
    call_core([&] {
        for (int i = 0; i < aggregates->count; i++) {
            const auto &value = aggregates->state->answer.values[static_cast<std::size_t>(i)];
            aggregates->is_number[i] = value.has_value();
            aggregates->numbers[i] = value.value_or(0);
        }
    });
}

// --- rows that are counted here

int64 integer_of(Oid type, Datum value) {
    switch (type) {
    case INT2OID:
        return DatumGetInt16(value);
    case INT4OID:
        return DatumGetInt32(value);
    default:
        return DatumGetInt64(value);
    }
}

void add_value(AggregateScan *aggregates, int number, Kind kind, int64 value) {
    int64 *held = &aggregates->numbers[number];
    bool *is_held = &aggregates->is_number[number];
    if (kind == Kind::count || kind == Kind::count_rows)
        ++*held;
    else if (!*is_held || (kind == Kind::min ? value < *held : value > *held))
        *held = value;
    *is_held = true;
}

void add_row(AggregateScan *aggregates, TableScan *scan, List *stored) {
    for (int i = 0; i < aggregates->count; i++) {
        int attribute = list_nth_int(stored, 2 * i + 2);
        Kind kind = stored_aggregate(scan->source, stored, i).kind;
        if (attribute == 0) {
            add_value(aggregates, i, kind, 0);
            continue;
        }
        Oid type = TupleDescAttr(scan->source->descriptor, attribute - 1)->atttypid;
        if (!aggregates->nulls[attribute - 1])
            add_value(aggregates, i, kind, integer_of(type, aggregates->values[attribute - 1]));
    }
}

void start_numbers(AggregateScan *aggregates, TableScan *scan, List *stored) {
    for (int i = 0; i < aggregates->count; i++) {
        Kind kind = stored_aggregate(scan->source, stored, i).kind;
        aggregates->numbers[i] = 0;
        aggregates->is_number[i] = kind == Kind::count || kind == Kind::count_rows;
    }
}

void show_columns(TupleTableSlot *slot, const AggregateScan *aggregates) {
    ExecClearTuple(slot);
    memset(slot->tts_isnull, true, sizeof(bool) * slot->tts_tupleDescriptor->natts);
    for (int i = 0; i < list_length(aggregates->columns); i++) {
        int attribute = list_nth_int(aggregates->columns, i);
        slot->tts_values[aggregates->count + i] = aggregates->values[attribute - 1];
        slot->tts_isnull[aggregates->count + i] = aggregates->nulls[attribute - 1];
    }
    ExecStoreVirtualTuple(slot);
}

bool next_counted_row(ForeignScanState *node, ExecutorScan *state) {
    AggregateScan *aggregates = state->count_rows;
    ExprContext *context = node->ss.ps.ps_ExprContext;
    ResetExprContext(context);
    memset(aggregates->nulls, true, sizeof(bool) * state->scan->source->count);
    MemoryContext caller = MemoryContextSwitchTo(context->ecxt_per_tuple_memory);
    const bool is_row = next_row(state->scan, aggregates->values, aggregates->nulls);
    MemoryContextSwitchTo(caller);
    return is_row;
}

void count_here(ForeignScanState *node, ExecutorScan *state) {
    AggregateScan *aggregates = state->count_rows;
    ExprContext *context = node->ss.ps.ps_ExprContext;
    TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
    List *stored = plan_part(node, PlanPart::aggregates);
    start_numbers(aggregates, state->scan, stored);
    write_query(state->scan);
    start_scan(state->scan);
    while (next_counted_row(node, state)) {
        show_columns(slot, aggregates);
        context->ecxt_scantuple = slot;
        if (ExecQual(node->fdw_recheck_quals, context))
            add_row(aggregates, state->scan, stored);
    }
}

// --- the row

Datum number_datum(Oid type, int64 number) {
    switch (type) {
    case INT2OID:
        return Int16GetDatum(static_cast<int16>(number));
    case INT4OID:
        return Int32GetDatum(static_cast<int32>(number));
    default:
        return Int64GetDatum(number);
    }
}

TupleTableSlot *store_row(TupleTableSlot *slot, const AggregateScan *aggregates) {
    ExecClearTuple(slot);
    memset(slot->tts_isnull, true, sizeof(bool) * slot->tts_tupleDescriptor->natts);
    for (int i = 0; i < aggregates->count; i++) {
        if (!aggregates->is_number[i])
            continue;
        Oid type = TupleDescAttr(slot->tts_tupleDescriptor, i)->atttypid;
        slot->tts_values[i] = number_datum(type, aggregates->numbers[i]);
        slot->tts_isnull[i] = false;
    }
    return ExecStoreVirtualTuple(slot);
}

} // namespace

AggregateState *make_aggregates(MemoryContext context, TableScan *scan, List *stored,
                                List *conditions) {
    auto *state =
        pg::own<AggregateState>(context, [] { return std::make_unique<AggregateState>(); });
    const int count = (list_length(stored) - 1) / 2;
    List *checked = checked_attributes(stored, conditions);
    call_core([&] {
        for (int i = 0; i < count; i++)
            state->request.aggregates.push_back(stored_aggregate(scan->source, stored, i));
        for (int i = 0; i < list_length(checked); i++)
            state->request.checked.push_back(checked_column(scan, checked->elements[i].int_value));
    });
    return state;
}

void set_sample_operands(TableScan *scan, List *conditions) {
    for (int i = 0; i < list_length(conditions); i++) {
        List *leaves = static_cast<List *>(list_nth(conditions, i));
        for (int j = 0; j < list_length(leaves); j++) {
            int operand = -1;
            (void)stored_leaf(static_cast<List *>(list_nth(leaves, j)), &operand);
            if (operand >= 0)
                set_sample_operand(scan, i, j);
        }
    }
}

void write_aggregate_query(TableScan *scan, AggregateState *state) {
    call_core([&] {
        state->query = core::fdw::write_aggregates(**scan->source->lease, scan->state->request,
                                                   state->request);
    });
}

void begin_aggregates(ForeignScanState *node, ExecutorScan *state) {
    List *stored = plan_part(node, PlanPart::aggregates);
    List *conditions = plan_part(node, PlanPart::conditions);
    auto *aggregates = static_cast<AggregateScan *>(palloc0(sizeof(AggregateScan)));
    aggregates->columns = plan_part(node, PlanPart::columns);
    state->scan = open_scan(CurrentMemoryContext, static_cast<Oid>(linitial_int(stored)),
                            aggregates->columns, conditions);
    aggregates->state = make_aggregates(CurrentMemoryContext, state->scan, stored, conditions);
    aggregates->count = (list_length(stored) - 1) / 2;
    const int natts = state->scan->source->count;
    aggregates->values = static_cast<Datum *>(palloc0(sizeof(Datum) * (natts + 1)));
    aggregates->nulls = static_cast<bool *>(palloc0(sizeof(bool) * (natts + 1)));
    aggregates->numbers = static_cast<int64 *>(palloc0(sizeof(int64) * (aggregates->count + 1)));
    aggregates->is_number = static_cast<bool *>(palloc0(sizeof(bool) * (aggregates->count + 1)));
    state->count_rows = aggregates;
}

TupleTableSlot *iterate_aggregates(ForeignScanState *node, ExecutorScan *state) {
    AggregateScan *aggregates = state->count_rows;
    if (state->is_started)
        return ExecClearTuple(node->ss.ss_ScanTupleSlot);
    state->is_started = true;
    evaluate_operands(node, true);
    write_aggregate_query(state->scan, aggregates->state);
    const bool may_ask = call_core([&] { return aggregates->state->query.reason.empty(); });
    if (may_ask && ask_sqlite(state->scan, aggregates->state))
        take_answer(aggregates);
    else
        count_here(node, state);
    return store_row(node->ss.ss_ScanTupleSlot, aggregates);
}

const char *show_aggregates(ForeignScanState *node, ExecutorScan *state, const char **reason) {
    AggregateState *aggregates = state->count_rows->state;
    if (!state->is_started) {
        evaluate_operands(node, false);
        write_aggregate_query(state->scan, aggregates);
    }
    const core::fdw::AggregateQuery &query = aggregates->query;
    *reason = query.reason.empty() ? nullptr : pg::server_text(query.reason.c_str());
    if (*reason == nullptr && state->is_started &&
        aggregates->answer.kind != AggregateAnswer::Kind::exact)
        *reason = "SQLite found values that the columns' types cannot read";
    return pg::server_text(query.sql.c_str());
}

} // namespace migrate::fdw

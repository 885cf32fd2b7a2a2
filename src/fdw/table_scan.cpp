#include "fdw/table_scan.hpp"

#include "fdw/clause.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"

#include <utility>
#include <vector>

#include "pg/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
#include "utils/lsyscache.h"
}

namespace migrate::fdw {
namespace {

using core::Fetch;
using pg::call_core;

// The first batch is small: a query with a LIMIT wants no more, and a cursor shows a row at once.
constexpr int64 kFirstRows = 32;
constexpr int64 kMostRows = 1000;

Form_pg_attribute attribute_of(const TableScan *scan, AttrNumber attribute) {
    return TupleDescAttr(scan->source->descriptor, attribute - 1);
}

// A column that was dropped stays NULL.
List *existing_columns(const ForeignSource *source, List *columns) {
    List *existing = NIL;
    ListCell *cell = nullptr;
    foreach (cell, columns) {
        auto attribute = static_cast<AttrNumber>(lfirst_int(cell));
        if (TupleDescAttr(source->descriptor, attribute - 1)->attisdropped)
            continue;
        check_column(source, attribute);
        existing = lappend_int(existing, attribute);
    }
    return existing;
}

void prepare_datums(TableScan *scan, List *columns) {
    scan->count = list_length(columns);
    scan->kinds = static_cast<core::TypeKind *>(palloc(sizeof(core::TypeKind) * (scan->count + 1)));
    auto *names = static_cast<const char **>(palloc(sizeof(char *) * (scan->count + 1)));
    auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * (scan->count + 1)));
    for (int i = 0; i < scan->count; i++) {
        auto attribute = static_cast<AttrNumber>(list_nth_int(columns, i));
        scan->kinds[i] = scan->source->columns[attribute - 1].type.kind;
        names[i] = pg::utf8_text(NameStr(attribute_of(scan, attribute)->attname));
        types[i] = attribute_of(scan, attribute)->atttypid;
    }
    scan->columns =
        pg::make_datum_columns(scan->source->descriptor, scan->kinds, names, scan->count, types);
}

// Whether a value may be refused only when its Datum is made.
bool may_fail(const TableScan *scan) {
    for (int i = 0; i < scan->count; i++)
        if (scan->kinds[i] == core::TypeKind::other || scan->kinds[i] == core::TypeKind::jsonb)
            return true;
    return false;
}

void prepare_rows(TableScan *scan, List *columns) {
    auto *sql = static_cast<const char **>(palloc0(sizeof(char *) * (scan->count + 1)));
    for (int i = 0; i < scan->count; i++) {
        Form_pg_attribute attribute =
            attribute_of(scan, static_cast<AttrNumber>(list_nth_int(columns, i)));
        sql[i] = scan->kinds[i] == core::TypeKind::other
                     ? pg::type_sql(attribute->atttypid, attribute->atttypmod)
                     : "";
    }
    scan->may_fail = may_fail(scan);
    call_core([&] {
        const ForeignSource *source = scan->source;
        ScanState *state = scan->state;
        state->request.wants_row_id = scan->may_fail;
        std::vector<core::fdw::RowColumn> rows;
        state->request.relation = source->found;
        for (int i = 0; i < scan->count; i++) {
            const auto attribute = static_cast<AttrNumber>(columns->elements[i].int_value);
            state->request.columns.push_back(scan_column(source, attribute));
            rows.push_back(row_column(source, attribute, sql[i]));
        }
        state->rows =
            std::make_unique<core::fdw::ScanRows>(source->found->table->name, std::move(rows));
        state->reader = std::make_unique<core::fdw::QueryReader>(
            (*source->lease)->database(), *source->found, state->request.columns);
    });
}

void add_condition(TableScan *scan, List *leaves) {
    core::fdw::ScanRequest *request = &scan->state->request;
    call_core([&] { request->conditions.emplace_back(); });
    ListCell *cell = nullptr;
    foreach (cell, leaves) {
        int operand = -1;
        Leaf leaf = stored_leaf(static_cast<List *>(lfirst(cell)), &operand);
        check_column(scan->source, leaf.attribute);
        call_core([&] {
            core::fdw::Condition condition;
            condition.column = scan->source->columns[leaf.attribute - 1].source;
            condition.family = leaf.family;
            condition.comparison = leaf.comparison;
            request->conditions.back().push_back(std::move(condition));
            request->tested.push_back(scan_column(scan->source, leaf.attribute));
        });
    }
}

// An error of an input function names the place in the file.
void describe_place(void *argument) {
    auto *scan = static_cast<TableScan *>(argument);
    const int64 row = scan->state->rows->batch().row_id(static_cast<std::size_t>(scan->position));
    auto column = static_cast<std::size_t>(scan->failing_column);
    errcontext("column \"%s\" of SQLite table \"%s\", row " INT64_FORMAT,
               pg::server_text(scan->state->rows->converter().rules()[column].name.c_str()),
               pg::server_text(scan->source->found->table->name.c_str()), row);
}

inline void make_values(TableScan *scan, Datum *values, bool *nulls) {
    const core::Cell *cells =
        scan->state->rows->batch().row(static_cast<std::size_t>(scan->position));
    for (int i = 0; i < scan->count; i++) {
        const pg::DatumColumn &column = scan->columns[i];
        scan->failing_column = i;
        values[column.attribute] = pg::nullable_datum(cells[i], column, &nulls[column.attribute]);
    }
}

void make_described_values(TableScan *scan, Datum *values, bool *nulls) {
    ErrorContextCallback callback;
    callback.callback = describe_place;
    callback.arg = scan;
    callback.previous = error_context_stack;
    error_context_stack = &callback;
    make_values(scan, values, nulls);
    error_context_stack = callback.previous;
}

void store_values(TableScan *scan, Datum *values, bool *nulls) {
    if (scan->may_fail)
        make_described_values(scan, values, nulls);
    else
        make_values(scan, values, nulls);
}

void convert_batch(TableScan *scan) {
    core::fdw::ScanRows *rows = scan->state->rows.get();
    call_core([&] { rows->convert(); });
    pg::convert_encoding(rows->batch(), rows->converter(), scan->source->table);
    call_core([&] { rows->collect_rejects(); });
    pg::apply_time_zone(rows->batch(), scan->kinds, scan->zone);
}

// Fills the batch; false at the end.
bool fetch_batch(TableScan *scan) {
    ScanState *state = scan->state;
    Fetch fetch = Fetch::interrupted;
    const auto most = static_cast<std::size_t>(scan->wanted_rows);
    if (scan->is_at_end)
        return false;
    scan->batch_rows = scan->position = 0;
    while (fetch == Fetch::interrupted) {
        CHECK_FOR_INTERRUPTS();
        fetch = call_core([&] { return state->reader->fetch(state->rows->batch(), most); });
        // What came before the interruption is as good as any other batch.
        if (fetch == Fetch::interrupted && !state->rows->batch().is_empty())
            break;
    }
    scan->is_at_end = state->reader->is_done();
    scan->batches++;
    scan->batch_rows = static_cast<int64>(state->rows->batch().rows());
    if (scan->range_rows >= 0)
        scan->range_rows += scan->batch_rows;
    if (scan->batch_rows > 0)
        convert_batch(scan);
    scan->wanted_rows = Min(scan->wanted_rows * 4, kMostRows);
    return scan->batch_rows > 0;
}

// Moves to the next row; false at the end.
bool advance(TableScan *scan) {
    if (scan->position + 1 < scan->batch_rows) {
        scan->position++;
        return true;
    }
    return fetch_batch(scan);
}

} // namespace

TableScan *open_scan(MemoryContext context, Oid relation, List *columns, List *conditions) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    auto *scan = static_cast<TableScan *>(palloc0(sizeof(TableScan)));
    scan->range_rows = -1;
    scan->source = open_source(context, relation);
    // Later than the lease, so it goes before it: callbacks run in reverse order.
    scan->state = pg::own<ScanState>(context, [] { return std::make_unique<ScanState>(); });
    if (scan->source->timezone != nullptr)
        scan->zone = pg::find_time_zone(scan->source->timezone);
    List *existing = existing_columns(scan->source, columns);
    prepare_datums(scan, existing);
    prepare_rows(scan, existing);
    ListCell *cell = nullptr;
    foreach (cell, conditions)
        add_condition(scan, static_cast<List *>(lfirst(cell)));
    MemoryContextSwitchTo(caller);
    return scan;
}

void write_query(TableScan *scan) {
    ScanState *state = scan->state;
    core::fdw::Lease *lease = scan->source->lease;
    call_core([&] { state->query = core::fdw::write_query(**lease, state->request); });
}

void start_scan(TableScan *scan) {
    ScanState *state = scan->state;
    call_core([&] { state->reader->start(state->query); });
    scan->position = -1;
    scan->batch_rows = 0;
    scan->wanted_rows = kFirstRows;
    scan->is_at_end = false;
    scan->batches = 0;
}

bool rewind_scan(TableScan *scan) {
    if (!scan->is_at_end || scan->batches != 1)
        return false;
    scan->position = -1;
    return true;
}

bool next_row(TableScan *scan, Datum *values, bool *nulls) {
    if (!advance(scan))
        return false;
    const auto row = static_cast<std::size_t>(scan->position);
    core::fdw::ScanRows *rows = scan->state->rows.get();
    if (rows->is_rejected(row))
        call_core(
            [&] { rows->fail(row, scan->state->reader->row_id_of(rows->batch().row_id(row))); });
    store_values(scan, values, nulls);
    return true;
}

bool next_good_row(TableScan *scan, Datum *values, bool *nulls, int64 *skipped) {
    while (advance(scan)) {
        if (scan->state->rows->is_rejected(static_cast<std::size_t>(scan->position))) {
            ++*skipped;
            continue;
        }
        store_values(scan, values, nulls);
        return true;
    }
    return false;
}

void close_scan(TableScan *scan) {
    ScanState *state = scan->state;
    call_core([&] {
        state->reader.reset();
        state->seek.reset();
    });
    close_source(scan->source);
}

} // namespace migrate::fdw

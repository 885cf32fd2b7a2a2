// Aggregates that SQLite computes: from the plan's plain lists to core's request.
#pragma once

#include "core/fdw/aggregate_query.hpp"
#include "fdw/sqlite_fdw.hpp"
#include "fdw/table_scan.hpp"

#include "pg/postgres.hpp"

namespace migrate::fdw {

// Owned by a memory context.
struct AggregateState {
    core::fdw::AggregateRequest request;
    core::fdw::AggregateQuery query;
    core::fdw::AggregateAnswer answer;
};

// `stored` are the relation, then function and attribute of each aggregate.
core::fdw::Aggregate stored_aggregate(const ForeignSource *source, List *stored, int number);

// What SQLite is asked, and what it has to check: each column that the aggregates or the conditions
// name.
AggregateState *make_aggregates(MemoryContext context, TableScan *scan, List *stored,
                                List *conditions);

// Values that stand for those that are not known yet.
void set_sample_operands(TableScan *scan, List *conditions);

// Writes the query for the operands as they are.
void write_aggregate_query(TableScan *scan, AggregateState *state);

} // namespace migrate::fdw

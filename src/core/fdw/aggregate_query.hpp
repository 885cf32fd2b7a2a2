// count, min and max computed by SQLite in one statement, together with the proof that PostgreSQL
// would have found the same: how many of the rows hold something that the foreign columns' types
// cannot read. Where that is not none, the rows are PostgreSQL's to read.
//
//     const AggregateQuery query = write_aggregates(*lease, request, aggregates);
//     if (query.reason.empty()) answer = run_aggregates(*lease, request, query);
#pragma once

#include "core/fdw/scan_query.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core::fdw {

struct Aggregate {
    enum class Kind : std::uint8_t { count_rows, count, min, max };
    Kind kind = Kind::count_rows;
    int column = -1; // index into Table::columns; -1: of rows
};

// A column that the aggregates or the conditions name, and what its type can read.
struct CheckedColumn {
    int column = 0;
    Family family = Family::integer; // integer or text
    std::int64_t least = 0;          // integers alone
    std::int64_t most = 0;
};

struct AggregateRequest {
    std::vector<Aggregate> aggregates;
    std::vector<CheckedColumn> checked;
};

struct AggregateQuery {
    std::string sql; // the aggregates, then the number of rows that cannot be read, where any are
    std::vector<Operand> values;
    std::string reason; // why SQLite cannot be asked; empty when it can
    std::size_t count = 0;
    bool has_check = false;
};

struct AggregateAnswer {
    enum class Kind : std::uint8_t { exact, not_exact, interrupted };
    Kind kind = Kind::not_exact;
    std::vector<std::optional<std::int64_t>> values; // nothing: NULL
};

AggregateQuery write_aggregates(Connection &connection, const ScanRequest &request,
                                const AggregateRequest &aggregates);
// After `interrupted` it may be asked again. Throws Error as QueryReader::fetch does.
AggregateAnswer run_aggregates(Connection &connection, const ScanRequest &request,
                               const AggregateQuery &query);

// "" when all integers that the column's type reads are kept as integers, so that SQLite may count
// and compare them; else why not.
std::string why_uncounted(const Relation &relation, int column);

} // namespace migrate::core::fdw

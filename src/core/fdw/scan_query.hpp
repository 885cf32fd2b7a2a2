// The SELECT that a scan of a foreign table runs in SQLite.
//
//     const ScanQuery query = write_query(*lease, request);
//     query.sql … SELECT migrate_t."id", migrate_t."price" FROM main."item" AS migrate_t WHERE …
#pragma once

#include "core/fdw/condition.hpp"
#include "core/fdw/connection.hpp"
#include "core/fdw/predicate.hpp"
#include "core/fdw/rowid_ranges.hpp"
#include "core/fdw/scan_order.hpp"
#include "core/type.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core::fdw {

// A column of the foreign table as the scan reads it.
struct ScanColumn {
    int source = 0; // index into Table::columns
    EpochUnit epoch = EpochUnit::none;
};

struct ScanRequest {
    const Relation *relation = nullptr;
    std::vector<ScanColumn> columns;      // those that are read, in the order of the cells
    std::vector<ScanColumn> tested;       // those that conditions name
    std::vector<Alternatives> conditions; // joined by AND
    std::optional<ScanOrder> order;       // wished for
    std::optional<std::int64_t> limit;    // no more rows than this are wanted
    bool is_ranged = false;               // a range of rowids is read at a time
    bool wants_row_id = true;             // with each row; else it is looked for when it is asked
};

// What the conditions of a request become.
struct WhereClause {
    std::string sql; // " WHERE …" or ""
    std::vector<Operand> values;
    std::vector<std::string> reasons; // a condition each: empty when it is pushed, else why not
    std::size_t pushed = 0;           // conditions that are
    Keeps keeps = Keeps::exact;       // superset where one of them is not pushed
    bool is_searched = false;         // an index may find the rows
};

// `?` stand for the values, in their order. The result has the cells and then, maybe, the rowid.
struct ScanQuery {
    std::string sql;
    std::vector<Operand> values;
    bool has_row_id = false;
    std::string
        row_id_sql; // finds the rowid of the n-th row after those of the values; "": nothing
    std::vector<std::string> reasons; // as in WhereClause
    std::size_t pushed = 0;           // as in WhereClause
    bool is_ordered = false;          // the rows come in the order that was wished for
    std::string order_reason;         // why they do not
    bool is_limited = false;          // SQLite stops after the rows that are wanted
    std::string limit_reason;         // why it does not, where it was asked to
};

// The values of the range stand last. A limit is pushed only where every row that SQLite would
// count is one that the query wants.
//
// Asks an index, where there is one, whether a column of text holds nothing else; needs the read
// transaction in which the query will run.
ScanQuery write_query(Connection &connection, const ScanRequest &request);

// The same for the conditions alone.
WhereClause write_where(Connection &connection, const ScanRequest &request);

// Where the next range begins and ends.
void set_range(ScanQuery &query, const RowidRange &range);

// The column's affinity (datatype3, 3.1); a column ANY of a STRICT table has none.
plan::Affinity affinity_in(const Table &table, int column) noexcept;

// Text that is a number counts as one where SQLite leaves such text alone, in columns of no or TEXT
// affinity; in others a text is one that SQLite itself could not read as a number.
bool takes_number_text(const Relation &relation, int column) noexcept;

} // namespace migrate::core::fdw

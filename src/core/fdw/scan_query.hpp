// The SELECT that a scan of a foreign table runs in SQLite.
//
//     const ScanQuery query = write_query(*lease, request);
//     query.sql … SELECT migrate_t."id", migrate_t."price" FROM main."item" AS migrate_t WHERE …
#pragma once

#include "core/fdw/condition.hpp"
#include "core/fdw/connection.hpp"
#include "core/fdw/predicate.hpp"
#include "core/type.hpp"

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
};

// `?` stand for the values, in their order. The result has the cells and then, maybe, the rowid.
struct ScanQuery {
    std::string sql;
    std::vector<Operand> values;
    bool has_row_id = false;
    // A condition each: empty when it is pushed, else why not.
    std::vector<std::string> reasons;
    std::size_t pushed = 0; // conditions that are
};

// Asks an index, where there is one, whether a column of text holds nothing else; needs the read
// transaction in which the query will run.
ScanQuery write_query(Connection &connection, const ScanRequest &request);

// The column's affinity (datatype3, 3.1); a column ANY of a STRICT table has none.
plan::Affinity affinity_in(const Table &table, int column) noexcept;

// Text that is a number counts as one where SQLite leaves such text alone, in columns of no or TEXT
// affinity; in others a text is one that SQLite itself could not read as a number.
bool takes_number_text(const Relation &relation, int column) noexcept;

} // namespace migrate::core::fdw

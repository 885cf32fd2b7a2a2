// Which of SQLite's orders are PostgreSQL's. SQLite sorts by storage class first (NULL, numbers,
// text, blobs; datatype3, 4.1), so an order is the same only where all that a column's type can
// read is of one class.
#pragma once

#include "core/fdw/condition.hpp"
#include "core/fdw/connection.hpp"

#include <string>

namespace migrate::core::fdw {

struct ScanOrder {
    int column = 0;                  // index into Table::columns
    Family family = Family::integer; // of the foreign column's type: integer, or bytewise text
    bool is_descending = false;
    bool nulls_first = false;
};

// "" when SQLite gives the rows in the column's order without sorting, else why it does not; rows
// that cannot be read may stand anywhere. Needs the read transaction in which the query will run:
// only an index can tell what a column of text holds.
std::string why_unordered(Connection &connection, const Relation &relation, int column,
                          Family family);

// " INDEXED BY …" or " NOT INDEXED": how the table is walked in that order.
std::string order_access(const Table &table, int column);
// " ORDER BY …".
std::string order_clause(const Table &table, const ScanOrder &order);

} // namespace migrate::core::fdw

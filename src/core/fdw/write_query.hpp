// The INSERT, UPDATE or DELETE that a write on a foreign table runs in SQLite, a row at a time.
//
//     write_sql(request) … UPDATE main."item" SET "price" = ? WHERE rowid = ?
#pragma once

#include "core/fdw/relation.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace migrate::core::fdw {

enum class WriteKind : std::uint8_t { insert, update, remove };

struct WriteRequest {
    WriteKind kind = WriteKind::insert;
    const Relation *relation = nullptr;
    // Indexes into Table::columns, in the order of the values.
    std::vector<int> columns;
    // Those that name the row of an UPDATE or DELETE, after the others; none: the rowid does.
    std::vector<int> keys;
    std::vector<int> returned; // read back from the row as it was written or deleted
    bool skips_conflicts = false;
};

std::string write_sql(const WriteRequest &request);

// Throws Error 0A000 or 42809 unless rows of the relation can be written: a view, a table that is
// not the application's own. `by_rowid`: its rows must be named by the rowid.
void check_target(const Relation &relation, bool by_rowid);

} // namespace migrate::core::fdw

// What a foreign table reads in a SQLite file.
#pragma once

#include "core/schema.hpp"

namespace migrate::core::fdw {

// A table or view of the file that can be scanned.
struct Relation {
    const Table *table = nullptr; // a view has no rowid, keys or indexes
    bool is_view = false;
};

// How large a table is, as far as a look at the file tells.
struct TableSize {
    double rows = 0;
    double pages = 0;
    double page_size = 4096;
};

} // namespace migrate::core::fdw

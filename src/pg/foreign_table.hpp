// The history tables of other tools: found, trusted and read, never written.
//
// All calls stand between SPI_connect and SPI_finish, under pinned settings, but for the caller's
// search_path and time zone, which come as text.
#pragma once

#include "core/versioned/foreign_history.hpp"

#include <string>
#include <vector>

#include "pg/postgres.hpp"

namespace migrate::pg {

// What a search finds; owned by the caller.
struct ForeignTables {
    std::vector<core::versioned::CandidateTable> candidates;
    std::vector<Oid> relations;       // one a candidate
    std::vector<std::string> schemas; // where they were looked for
};

// Every relation on the search path, and in the tools' own schemas, that has the name of a tool's
// table.
void find_foreign_tables(const char *search_path, ForeignTables *found);

// Reads the table as its owner, after it was found to be an ordinary permanent one, the caller to
// have SELECT on it, and its owner to be trusted or it to be harmless. A time without zone is taken
// as one of `time_zone`. Stays locked against being dropped until the transaction ends. Errors:
// 42809, 42501.
void read_foreign_table(Oid relation, core::versioned::Tool tool, const char *time_zone,
                        std::vector<core::versioned::ForeignRow> *rows);

} // namespace migrate::pg

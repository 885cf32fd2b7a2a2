// Compares a SQLite file with the tables that hold it now, value by value, on both sides by routes
// of their own (core/verify).
#pragma once

#include "fn/sqlite_call.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace migrate::fn {

// The outcome for one table of the file. Texts in UTF-8.
struct TableVerdict {
    std::string display_name; // of the target
    std::int64_t source_rows = 0;
    std::int64_t target_rows = 0;
    std::string source_digest;
    std::string target_digest;
    bool matches = false;
    std::string detail; // "" when there is nothing to say
};

// Verifies one table of the plan (its position in Plan::tables) against the relation of that name
// in the call's schema, as the target's own catalog describes it. Between begin_call and end_call.
// A missing relation or column does not match, and detail says so.
void verify_table(SqliteCall *call, std::size_t table, TableVerdict *verdict);

// Verifies every table of the plan; raises 22000 naming the first that does not match (option
// "verify": "digest").
void check_digests(SqliteCall *call);

} // namespace migrate::fn

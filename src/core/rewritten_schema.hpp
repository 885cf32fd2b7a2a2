// What a schema holds of columns and keys that are not as the file has them, since
// core/plan/tenancy rewrote it. Plain data; part of core/schema.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace migrate::core {

// How a column that the file does not hold comes by its value: from the row of a parent that the
// columns of the row point at; the parent may look it up in turn.
struct Lookup {
    std::string parent_table;
    std::vector<std::string> columns;        // of the row
    std::vector<std::string> parent_columns; // a key of the parent, in the same order
    std::string value_column;                // of the parent, "" when its own lookups find it
    std::vector<Lookup> lookups;             // of the parent
};

enum class ForeignKeyAction : std::uint8_t { no_action, restrict, cascade, set_null, set_default };

// A key as the file has it, where it was changed since (core/plan/tenancy.hpp), and the change.
struct KeyRewrite {
    std::vector<int> columns;
    std::vector<std::string> parent_columns; // of a foreign key, as ForeignKey has them
    ForeignKeyAction on_update = ForeignKeyAction::no_action;
    std::string reason;
};

} // namespace migrate::core

// The table that says what a PostgreSQL value becomes in a SQLite column, so that a reading of the
// written cell gives the value back. What SQLite's affinity (datatype3, 3.1) would change is bound
// in a form that it leaves alone, or refused.
//
//     make_stored(cell, column, arena)      // in place; false: nothing would read back as the
//     value
#pragma once

#include "core/batch.hpp"
#include "core/cell_converter.hpp"
#include "core/plan/type_choice.hpp"

namespace migrate::core::fdw {

struct StoredColumn {
    ColumnRule rule; // how it is read
    // Of the value that comes, in the form that core/cell.hpp has for it; numeric and jsonb as
    // text. Another than rule.type.kind for a domain, which is read by its own input function.
    TypeKind kind = TypeKind::text;
    plan::Affinity affinity = plan::Affinity::blob;
    bool is_blob = false;      // declared as such: a uuid is written as 16 bytes
    bool is_utf16 = false;     // the file keeps text as UTF-16, which loses U+FFFE and U+FFFF
    bool is_zone_told = false; // the server's naive times are not in UTC
    bool is_float4 = false;    // a text of kind float8's digits that is read as text
};

bool make_stored(Cell &cell, const StoredColumn &column, Batch &arena);

// What SQLite makes of a bound value by the column's affinity: text is left alone, as make_stored
// binds no text that an affinity would change.
void apply_affinity(Cell &cell, plan::Affinity affinity, Batch &arena);

// Whether SQLite takes the text for a number where the affinity wants one.
bool looks_like_number(std::string_view text) noexcept;

} // namespace migrate::core::fdw

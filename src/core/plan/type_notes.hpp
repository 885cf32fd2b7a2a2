// The sentences about a column's type that go into the notes of its table.
#pragma once

#include "core/import_options.hpp"
#include "core/plan/profile.hpp"
#include "core/type.hpp"

#include <string>
#include <string_view>

namespace migrate::core::plan {

struct TypeChange {
    Type from;
    Type to;
};

// Why the column has not the type that its declaration proposes. `unit` is what its numbers count.
// Example: column "price": numeric instead of bigint, 2 of 9 values do not fit, first in row 4: 0.5
std::string widened_note(std::string_view column, const TypeChange &change, EpochUnit unit,
                         const ColumnProfile &profile, EpochChoice epoch);

// What the numbers of a date or time column were read as, with the earliest and latest time.
std::string epoch_note(std::string_view column, EpochUnit unit, const ColumnProfile &profile);

// Which classes of values an undeclared column mixes, and the type that holds them.
std::string mixture_note(std::string_view column, const Type &type, const ColumnProfile &profile);

} // namespace migrate::core::plan

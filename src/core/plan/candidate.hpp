// A type that a column may get, and how many of its values stand against it.
#pragma once

#include "core/cell.hpp"
#include "core/type.hpp"

#include <cstdint>
#include <string>

namespace migrate::core::plan {

// A value remembered for a note.
struct Sample {
    std::int64_t row_id = 0;
    std::string value; // describe_cell
};

// A type and how many of the column's values it cannot hold.
struct Candidate {
    Type type;
    EpochUnit epoch = EpochUnit::none; // what its numbers were counted as
    std::int64_t misfits = 0;
    std::int64_t number_misfits = 0;   // those of them that are integers and reals
    Sample first;                      // the first value that does not fit
    Sample first_other;                // the first of them that is no number
    bool is_refused_elsewhere = false; // by a value of a column that was merged in
    bool fits() const noexcept { return misfits == 0 && !is_refused_elsewhere; }
};

// What convert_cell (core/convert.hpp) would say yes to without looking further: a shortcut, so
// that a value of a common class costs no conversion. It never says yes where convert_cell says
// misfit, which test/core/profile_test.cpp shows over random cells.
bool surely_fits(const Type &type, const Cell &cell) noexcept;

} // namespace migrate::core::plan

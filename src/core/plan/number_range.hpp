// The extremes of the numbers of a column and the unit of time that they can be counted in.
#pragma once

#include "core/cell.hpp"
#include "core/type.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace migrate::core::plan {

// The units that a number can count, in the order of the bits of a mask.
inline constexpr std::array<EpochUnit, 6> kEpochUnits = {
    EpochUnit::seconds,     EpochUnit::milliseconds, EpochUnit::microseconds,
    EpochUnit::nanoseconds, EpochUnit::julian,       EpochUnit::apple,
};

// The numbers that a column holds but zero, which is the zero of any unit.
class NumberRange {
  public:
    void add(const Cell &number); // an integer or a real; zero changes nothing
    void merge(const NumberRange &other);

    bool is_empty() const noexcept { return !min_integer_ && !min_real_; }
    // The extremes as doubles; 0 when empty.
    double lowest() const noexcept;
    double highest() const noexcept;
    // The one unit in which every number lies between 2000-01-01 and 2100-01-01, or none. The
    // ranges of the units do not overlap; Apple's seconds are not among them, as they overlap with
    // the seconds of 1990 to 2069.
    EpochUnit unit() const noexcept;
    // Unix time whatever the years: the unit by the largest number, so that it lies before 5138.
    EpochUnit unix_unit() const noexcept;
    // Exact cells of the extremes: up to two integers and two reals. What holds of an interval
    // holds of all numbers when it holds of these.
    std::array<Cell, 4> extremes(std::size_t &count) const noexcept;
    Cell lowest_cell() const noexcept;
    Cell highest_cell() const noexcept;

  private:
    void add_integer(std::int64_t value) noexcept;
    void add_real(double value) noexcept;

    std::optional<std::int64_t> min_integer_;
    std::optional<std::int64_t> max_integer_;
    std::optional<double> min_real_;
    std::optional<double> max_real_;
};

} // namespace migrate::core::plan

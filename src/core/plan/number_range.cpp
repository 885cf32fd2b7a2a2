#include "core/plan/number_range.hpp"

#include <algorithm>
#include <cmath>

#include "core/core_only.hpp"

namespace migrate::core::plan {

namespace {

// 2000-01-01 and 2100-01-01 in seconds since 1970 and in Julian days.
constexpr double kSeconds2000 = 946684800.0;
constexpr double kSeconds2100 = 4102444800.0;
constexpr double kJulian2000 = 2451544.5;
constexpr double kJulian2100 = 2488069.5;

struct UnitRange {
    EpochUnit unit;
    double from;
    double to;
};

constexpr std::array<UnitRange, 5> kUnitRanges = {{
    {EpochUnit::seconds, kSeconds2000, kSeconds2100},
    {EpochUnit::milliseconds, kSeconds2000 * 1e3, kSeconds2100 * 1e3},
    {EpochUnit::microseconds, kSeconds2000 * 1e6, kSeconds2100 * 1e6},
    {EpochUnit::nanoseconds, kSeconds2000 * 1e9, kSeconds2100 * 1e9},
    {EpochUnit::julian, kJulian2000, kJulian2100},
}};

// At most one range can hold a number only while no two of them overlap.
constexpr bool ranges_are_disjoint() {
    for (const UnitRange &a : kUnitRanges) {
        for (const UnitRange &b : kUnitRanges) {
            if (a.unit != b.unit && a.from <= b.to && b.from <= a.to) {
                return false;
            }
        }
    }
    return true;
}
static_assert(ranges_are_disjoint());

template <typename Number>
void widen_range(std::optional<Number> &lowest, std::optional<Number> &highest, Number value) {
    if (!lowest || value < *lowest) {
        lowest = value;
    }
    if (!highest || value > *highest) {
        highest = value;
    }
}

template <typename Number>
Cell cell_of(Number value) {
    Cell cell;
    if constexpr (std::is_same_v<Number, double>) {
        cell.set_real(value);
    } else {
        cell.set_integer(value);
    }
    return cell;
}

} // namespace

void NumberRange::add_integer(std::int64_t value) noexcept {
    if (value != 0) {
        widen_range(min_integer_, max_integer_, value);
    }
}

void NumberRange::add_real(double value) noexcept {
    if (value != 0 && !std::isnan(value)) {
        widen_range(min_real_, max_real_, value);
    }
}

void NumberRange::add(const Cell &number) {
    if (number.storage == StorageClass::integer) {
        add_integer(number.integer);
    } else if (number.storage == StorageClass::real) {
        add_real(number.real);
    }
}

void NumberRange::merge(const NumberRange &other) {
    std::size_t count = 0;
    const std::array<Cell, 4> cells = other.extremes(count);
    for (std::size_t i = 0; i < count; ++i) {
        add(cells[i]);
    }
}

std::array<Cell, 4> NumberRange::extremes(std::size_t &count) const noexcept {
    std::array<Cell, 4> cells;
    count = 0;
    if (min_integer_) {
        cells[count++] = cell_of(*min_integer_);
        cells[count++] = cell_of(*max_integer_);
    }
    if (min_real_) {
        cells[count++] = cell_of(*min_real_);
        cells[count++] = cell_of(*max_real_);
    }
    return cells;
}

Cell NumberRange::lowest_cell() const noexcept {
    const bool is_real = min_real_ && (!min_integer_ || *min_real_ < double(*min_integer_));
    return is_real ? cell_of(*min_real_) : cell_of(min_integer_.value_or(0));
}

Cell NumberRange::highest_cell() const noexcept {
    const bool is_real = max_real_ && (!max_integer_ || *max_real_ > double(*max_integer_));
    return is_real ? cell_of(*max_real_) : cell_of(max_integer_.value_or(0));
}

double NumberRange::lowest() const noexcept {
    const Cell cell = lowest_cell();
    return cell.storage == StorageClass::real ? cell.real : double(cell.integer);
}

double NumberRange::highest() const noexcept {
    const Cell cell = highest_cell();
    return cell.storage == StorageClass::real ? cell.real : double(cell.integer);
}

EpochUnit NumberRange::unit() const noexcept {
    if (is_empty()) {
        return EpochUnit::none;
    }
    for (const UnitRange &range : kUnitRanges) {
        if (lowest() >= range.from && highest() <= range.to) {
            return range.unit;
        }
    }
    return EpochUnit::none;
}

EpochUnit NumberRange::unix_unit() const noexcept {
    // 1e11 is the year 5138 in seconds and 1973 in milliseconds, and so on by thousands.
    const double largest = std::max(std::fabs(lowest()), std::fabs(highest()));
    if (largest < 1e11) {
        return EpochUnit::seconds;
    }
    if (largest < 1e14) {
        return EpochUnit::milliseconds;
    }
    return largest < 1e17 ? EpochUnit::microseconds : EpochUnit::nanoseconds;
}

} // namespace migrate::core::plan

// Numbers that count time since an epoch (option "epoch", types.md), read into microseconds since
// 2000-01-01 00:00 UTC.
//
//     auto instant = instant_of(1700000000.25, EpochUnit::seconds);
#pragma once

#include "core/type.hpp"

#include <cstdint>
#include <optional>

namespace migrate::core::value {

struct Instant {
    std::int64_t micros = 0; // since 2000-01-01 00:00 UTC
    bool is_rounded = false; // the number counts more finely than whole microseconds
};

// The instant that a number counts, when it lies in the years 0001 to 9999; 0 is the epoch itself
// in every unit, also as Julian day 0. Nothing for EpochUnit::none. A real is rounded when no whole
// microsecond reads back to it.
std::optional<Instant> instant_of(std::int64_t number, EpochUnit unit) noexcept;
std::optional<Instant> instant_of(double number, EpochUnit unit) noexcept;

} // namespace migrate::core::value

// The words of the column option "epoch": what a number in a date or time column counts.
#pragma once

#include "core/type.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace migrate::core::fdw {

// In the order of EpochUnit.
inline constexpr std::array<std::string_view, 7> kEpochWords = {
    "none", "seconds", "milliseconds", "microseconds", "nanoseconds", "julian", "2001"};

inline std::string_view epoch_word(EpochUnit unit) noexcept {
    return kEpochWords[static_cast<std::size_t>(unit)];
}

inline std::optional<EpochUnit> epoch_of_word(std::string_view word) noexcept {
    for (std::size_t i = 0; i < kEpochWords.size(); i++)
        if (kEpochWords[i] == word)
            return static_cast<EpochUnit>(i);
    return std::nullopt;
}

} // namespace migrate::core::fdw

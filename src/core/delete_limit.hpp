// How many rows of a table a sync may delete (option delete_limit): a number, or a share of the
// rows that the table has.
#pragma once

#include "core/option_value.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace migrate::core {

struct DeleteLimit {
    std::optional<std::int64_t> rows; // else `percent` counts
    double percent = 10;

    bool allows(std::int64_t deleted, std::int64_t present) const noexcept;
};

// A number of rows, or text such as "5%". Throws Error 22023.
DeleteLimit read_delete_limit(std::string_view option, const OptionValue &value);

} // namespace migrate::core

// The one table of the options of the SQLite functions: what migrate.options() prints and what the
// parser reads by.
#pragma once

#include "core/import_options.hpp"
#include "core/option_value.hpp"

#include <span>

namespace migrate::core {

struct OptionRow {
    OptionDescription description;
    // Reads a value of the caller's into its place; throws Error 22023.
    void (*read)(ImportOptions &options, const OptionDescription &row, const OptionValue &value);
};

// In the order of the documentation.
std::span<const OptionRow> option_rows() noexcept;
// The descriptions alone, in the same order.
std::span<const OptionDescription> option_descriptions() noexcept;

} // namespace migrate::core

// The one table of the options of the SQLite functions: what migrate.options() prints and what the
// parser reads by.
#pragma once

#include "core/import_options.hpp"
#include "core/option_parser.hpp"

#include <span>

namespace migrate::core {

// In the order of the documentation.
std::span<const OptionRow<ImportOptions>> option_rows() noexcept;
// The descriptions alone, in the same order.
std::span<const OptionDescription> option_descriptions() noexcept;

} // namespace migrate::core

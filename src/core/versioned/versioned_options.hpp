// The options of the versioned functions.
#pragma once

#include "core/import_options.hpp"
#include "core/option_value.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace migrate::core::versioned {

enum class Allowance : unsigned char { error, allow };
enum class NonTransactional : unsigned char { error, relax };
enum class Direction : unsigned char { up, down };

struct VersionedOptions {
    std::string history = "schema_migrations";
    Allowance out_of_order = Allowance::error;
    Allowance changed = Allowance::error;
    Allowance missing = Allowance::error;
    NonTransactional non_transactional = NonTransactional::error;
    bool record_only = false;
    std::int64_t lock_wait_ms = 0;
    std::string lock_timeout = "5s"; // as the setting lock_timeout takes it
    bool cascade = false;
    Direction direction = Direction::up;
    std::string role; // empty: the caller
};

// What migrate.options() prints; empty for a function that is none of the versioned ones.
std::span<const OptionDescription> describe_options(std::string_view function_name) noexcept;

// Checks and reads the caller's object; throws Error 22023.
VersionedOptions parse_versioned_options(const OptionValue &options);

} // namespace migrate::core::versioned

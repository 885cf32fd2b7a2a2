#include "core/versioned/versioned_options.hpp"

#include "core/option_parser.hpp"

#include "core/core_only.hpp"

namespace migrate::core::versioned {
namespace {

constexpr std::string_view kFunctions[] = {
    "init_versioned",       "list_versioned",     "plan_versioned",   "apply_versioned",
    "apply_versioned_each", "rollback_versioned", "verify_versioned", "test_versioned",
    "baseline_versioned",   "repair_versioned",   "adopt_versioned",
};

void read_lock_wait(VersionedOptions &options, const OptionDescription &row,
                    const OptionValue &value) {
    options.lock_wait_ms = read_duration_ms(row.name, value);
}

void read_lock_timeout(VersionedOptions &options, const OptionDescription &row,
                       const OptionValue &value) {
    options.lock_timeout = std::to_string(read_duration_ms(row.name, value)) + "ms";
}

using Row = OptionRow<VersionedOptions>;

constexpr Row kRows[] = {
    {{"history", "string", "schema_migrations", nullptr,
      "the history table; looked for along the search_path, created in its first schema"},
     read_string<&VersionedOptions::history>},
    {{"out_of_order", "string", "error", "error, allow",
      "a pending migration whose version is lower than one that is applied"},
     read_enum<&VersionedOptions::out_of_order>},
    {{"changed", "string", "error", "error, allow",
      "an applied migration whose file has another checksum now"},
     read_enum<&VersionedOptions::changed>},
    {{"missing", "string", "error", "error, allow", "an applied migration whose file is gone"},
     read_enum<&VersionedOptions::missing>},
    {{"non_transactional", "string", "error", "error, relax",
      "statements that cannot run in a transaction; relax: CREATE and DROP INDEX CONCURRENTLY run "
      "in their plain form, VACUUM is left out"},
     read_enum<&VersionedOptions::non_transactional>},
    {{"record_only", "boolean", "false", nullptr,
      "true: pending migrations up to the target are marked as applied, not run"},
     read_flag<&VersionedOptions::record_only>},
    {{"lock_wait", "string or number", "0", nullptr,
      "how long to wait for another runner: \"30s\", \"5min\", or milliseconds"},
     read_lock_wait},
    {{"lock_timeout", "string or number", "5s", nullptr,
      "how long a statement of the files waits for a lock; 0 waits for ever"},
     read_lock_timeout},
    {{"cascade", "boolean", "false", nullptr, "true: a rollback undoes later migrations first"},
     read_flag<&VersionedOptions::cascade>},
    {{"direction", "string", "up", "up, down", "of plan_versioned: down plans a rollback"},
     read_enum<&VersionedOptions::direction>},
    {{"role", "string", nullptr, nullptr, "SET ROLE for the statements of the files"},
     read_string<&VersionedOptions::role>},
};

constexpr auto kDescriptions = descriptions_of(kRows);

} // namespace

std::span<const OptionDescription> describe_options(std::string_view function_name) noexcept {
    const bool is_known = std::ranges::find(kFunctions, function_name) != std::end(kFunctions);
    return is_known ? std::span<const OptionDescription>(kDescriptions)
                    : std::span<const OptionDescription>();
}

VersionedOptions parse_versioned_options(const OptionValue &options) {
    return parse_options<VersionedOptions>(kRows, options);
}

} // namespace migrate::core::versioned

#include "core/import_options.hpp"

#include "core/csv/csv_options.hpp"
#include "core/error.hpp"
#include "core/option_table.hpp"
#include "core/versioned/versioned_options.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core {

namespace {

constexpr std::string_view kFunctions[] = {"import_sqlite", "plan_sqlite", "verify_sqlite",
                                           "sync_sqlite"};

// Options that say nothing without another one were meant to do something.
void require_tenant_key(const ImportOptions &options) {
    const char *given = !options.tenant_unique_keep.empty() ? "tenant_unique_keep"
                        : !options.row_security.empty()     ? "row_security"
                        : options.distribute                ? "distribute"
                                                            : nullptr;
    if (given == nullptr || !options.tenant_key.empty())
        return;
    throw Error(sqlstate::kInvalidParameterValue,
                "option \"" + std::string(given) + "\" needs the option \"tenant_key\"")
        .with_hint("Name the column that holds the tenant in the option \"tenant_key\".");
}

} // namespace

std::span<const OptionDescription> describe_options(std::string_view function_name) {
    const bool is_known = std::ranges::find(kFunctions, function_name) != std::end(kFunctions);
    if (is_known)
        return option_descriptions();
    const auto of_csv = csv::describe_options(function_name);
    return of_csv.empty() ? versioned::describe_options(function_name) : of_csv;
}

ImportOptions parse_import_options(const OptionValue &options) {
    ImportOptions parsed = parse_options<ImportOptions>(option_rows(), options);
    require_tenant_key(parsed);
    // A setting of the session does not reach the workers, where the rows are.
    if (parsed.distribute && !parsed.row_security.empty())
        throw Error(sqlstate::kFeatureNotSupported,
                    "options \"distribute\" and \"row_security\" cannot be combined")
            .with_detail("Citus does not hand the setting that policies read to its workers.");
    if (parsed.deletes && !parsed.watermarks.empty())
        throw Error(sqlstate::kInvalidParameterValue,
                    "options \"delete\" and \"watermark\" exclude each other")
            .with_detail("Below the watermark nothing is read, so nothing can be told missing.");
    return parsed;
}

} // namespace migrate::core

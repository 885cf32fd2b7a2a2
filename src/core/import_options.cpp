#include "core/import_options.hpp"

#include "core/csv/csv_options.hpp"
#include "core/option_table.hpp"
#include "core/versioned/versioned_options.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core {

namespace {

constexpr std::string_view kFunctions[] = {"import_sqlite", "plan_sqlite", "verify_sqlite",
                                           "sync_sqlite"};

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
    if (parsed.deletes && !parsed.watermarks.empty())
        throw Error(sqlstate::kInvalidParameterValue,
                    "options \"delete\" and \"watermark\" exclude each other")
            .with_detail("Below the watermark nothing is read, so nothing can be told missing.");
    return parsed;
}

} // namespace migrate::core

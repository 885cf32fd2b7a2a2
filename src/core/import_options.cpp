#include "core/import_options.hpp"

#include "core/error.hpp"
#include "core/option_reader.hpp"
#include "core/option_table.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core {

namespace {

constexpr std::string_view kFunctions[] = {"import_sqlite", "plan_sqlite", "verify_sqlite"};

[[noreturn]] void fail_unknown(const std::string &name) {
    std::vector<std::string_view> valid;
    for (const OptionRow &row : option_rows()) {
        valid.emplace_back(row.description.name);
    }
    const std::string nearest = nearest_name(name, valid);
    throw Error(sqlstate::kInvalidParameterValue, "invalid option \"" + name + "\"")
        .with_hint(nearest.empty() ? "Valid options are " + quote_list(valid, "and") + "."
                                   : "Perhaps you meant the option \"" + nearest + "\".");
}

const OptionRow &find_row(const std::string &name) {
    const std::span<const OptionRow> rows = option_rows();
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const OptionRow &row) {
        return name == row.description.name;
    });
    if (found == rows.end()) {
        fail_unknown(name);
    }
    return *found;
}

} // namespace

std::span<const OptionDescription> describe_options(std::string_view function_name) {
    const bool is_known = std::find(std::begin(kFunctions), std::end(kFunctions), function_name) !=
                          std::end(kFunctions);
    return is_known ? option_descriptions() : std::span<const OptionDescription>();
}

ImportOptions parse_import_options(const OptionValue &options) {
    ImportOptions parsed;
    if (options.kind == OptionKind::null) {
        return parsed;
    }
    if (options.kind != OptionKind::object) {
        throw wrong_type("options", "an object", options);
    }
    for (const auto &[name, value] : options.members) {
        const OptionRow &row = find_row(name);
        row.read(parsed, row.description, value);
    }
    return parsed;
}

} // namespace migrate::core

#include "core/plan/kept_keys.hpp"

#include "core/error.hpp"
#include "core/import_options.hpp"
#include "core/plan/naming.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// CREATE INDEX gives a name; UNIQUE may, and has columns to be called by.
std::string name_of(const Table &table, const Index &index) {
    if (index.origin == IndexOrigin::create_index)
        return table.name + "." + index.name;
    if (!index.constraint_name.empty())
        return table.name + "." + index.constraint_name;
    std::string columns;
    for (const KeyColumn &column : index.columns) {
        columns += columns.empty() ? "" : ", ";
        columns +=
            column.column < 0 ? "?" : table.columns[static_cast<std::size_t>(column.column)].name;
    }
    return table.name + "." + columns;
}

std::vector<std::string> nameable(const Schema &schema) {
    std::vector<std::string> names;
    for (const Table &table : schema.tables) {
        if (table.kind != TableKind::ordinary)
            continue;
        names.push_back(table.name);
        for (const Index &index : table.indexes)
            if (index.is_unique && index.origin != IndexOrigin::primary_key)
                names.push_back(name_of(table, index));
    }
    return names;
}

[[noreturn]] void fail_unknown(const std::string &given, const std::vector<std::string> &names) {
    Error error(sqlstate::kInvalidParameterValue,
                "invalid value for option \"tenant_unique_keep\": \"" + given + "\"");
    std::string hint =
        "Write a table, or \"table.key\"; a key without a name is called by its columns.";
    const std::string nearest =
        nearest_name(given, std::vector<std::string_view>(names.begin(), names.end()));
    if (!nearest.empty())
        hint += " Perhaps you meant \"" + nearest + "\".";
    throw std::move(error)
        .with_detail("No table and no UNIQUE or unique index of the file has this name.")
        .with_hint(std::move(hint));
}

} // namespace

KeptKeys::KeptKeys(const std::vector<std::string> &names, const Schema &schema) {
    if (names.empty())
        return;
    const std::vector<std::string> known = nameable(schema);
    for (const std::string &name : names) {
        const std::string folded = fold_ascii(name);
        if (std::ranges::none_of(
                known, [&](const std::string &each) { return fold_ascii(each) == folded; }))
            fail_unknown(name, known);
        names_.push_back(folded);
    }
}

bool KeptKeys::holds(const Table &table, const Index &index) const {
    const std::string of_table = fold_ascii(table.name);
    const std::string of_key = fold_ascii(name_of(table, index));
    return std::ranges::any_of(
        names_, [&](const std::string &name) { return name == of_table || name == of_key; });
}

} // namespace migrate::core::plan

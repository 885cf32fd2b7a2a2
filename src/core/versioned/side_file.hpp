// The settings that stand beside a script: Flyway's V2__x.sql.conf, diesel's metadata.toml.
#pragma once

#include "core/versioned/migration_set.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace migrate::core::versioned {

// Where each file is among those that were given, by its name.
using FileIndex = std::unordered_map<std::string_view, std::size_t>;

// Takes what the side file of a script says, if there is one: whether it runs in a transaction.
// What cannot be done is told in `problems`.
void apply_side_file(const std::vector<SourceFile> &files, const FileIndex &index, Layout layout,
                     Script &script, std::vector<FileProblem> &problems);

} // namespace migrate::core::versioned

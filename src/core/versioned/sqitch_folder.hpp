// The migrations of a sqitch project: what its plan names, with the scripts in deploy/ and revert/.
#pragma once

#include "core/versioned/migration_set.hpp"
#include "core/versioned/side_file.hpp"

#include <string_view>
#include <vector>

namespace migrate::core::versioned {

// Whether a file is a plan, which makes everything in its folder sqitch's.
bool is_sqitch_plan(std::string_view path) noexcept;

// Appends the changes of the plan at files[plan], in its order, and what is wrong with them to
// `set`. `members` are the places of the other files in the plan's folder and below.
void read_sqitch_folder(const std::vector<SourceFile> &files, const FileIndex &index,
                        std::size_t plan, const std::vector<std::size_t> &members,
                        MigrationSet &set);

} // namespace migrate::core::versioned

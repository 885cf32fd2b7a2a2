// What the name of a file says: the layout, the version, the direction, or why it is no migration.
//
//     FileName name = read_file_name("db/003_add_stock_UP.sql");   // up_down, "003", "add_stock"
//
// Each tool's own rule is cited where it is applied.
#pragma once

#include "core/versioned/migration_set.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace migrate::core::versioned {

enum class FileRole : std::uint8_t {
    other,     // no migration, and nobody takes it for one
    migration, //
    near_miss, // it looks like a migration; `reason` says why it is none
};

enum class FileDirection : std::uint8_t {
    up,
    down,
    by_content, // up, or both: the file's directives tell
};

struct FileName {
    FileRole role = FileRole::other;
    Layout layout = Layout::plain;
    MigrationKind kind = MigrationKind::versioned;
    FileDirection direction = FileDirection::by_content;
    std::string version; // of Migration; of a near miss only where it begins with digits
    std::string name;
    std::string reason; // of a near miss
};

// `path` is relative to the folder, with "/" between folders.
FileName read_file_name(std::string_view path);

// What dbmate, goose, sql-migrate and node-pg-migrate take of a name when the content is theirs:
// the digits at its start are the version, whatever follows. Nothing for a name that has none.
std::optional<FileName> read_tool_name(std::string_view path, Layout tool);

// Hidden files and folders, and companions of migrations (README, *.md, *.toml, *.lock, *.sh,
// *.conf).
bool is_companion(std::string_view path) noexcept;

// The last part of a path, and the parts before it with their "/".
std::string_view base_name(std::string_view path) noexcept;
std::string_view folder_of(std::string_view path) noexcept;

} // namespace migrate::core::versioned

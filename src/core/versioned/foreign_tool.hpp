// The tools whose history adopt_versioned reads, and the tables in which they keep it.
//
//     FoundTable found = find_tool(candidates, read_tool("auto"), {"public"});
//     for (const ToolColumn &column : columns_of(found.tool)) …
//
// Tools that share a table's name are told apart by its columns.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::versioned {

enum class Tool : unsigned char {
    flyway,
    dbmate,
    golang_migrate,
    goose,
    prisma,
    alembic,
    rails,
    sqitch,
    node_pg_migrate,
    sql_migrate,
    diesel,
    sqlx,
    refinery,
    supabase,
};

// "flyway", "golang-migrate", …; with static storage.
const char *tool_name(Tool tool) noexcept;

// The tool that the caller named, in any case and with "_" for "-"; nothing for "auto". Throws
// Error 22023 with the nearest name or all of them.
std::optional<Tool> read_tool(std::string_view given);

// The names of all tables that tools keep, each once, and the schemas that are looked in when the
// search path has none of them; with static storage.
std::span<const char *const> tool_tables() noexcept;
std::span<const char *const> tool_schemas() noexcept;

// A relation that has one of those names. Names in UTF-8.
struct CandidateTable {
    std::string schema;
    std::string name;
    std::string qualified; // for messages
    std::vector<std::string> columns;
    bool is_on_path = true; // false: in one of tool_schemas()
};

struct FoundTable {
    Tool tool;
    std::size_t table; // place in the candidates
};

// The table of the chosen tool, or of the only one that has any. `candidates` stand in the order of
// the search path, of which the first one counts; `schemas` says for messages where they were
// looked for. Throws Error 42P01 when there is none, 22023 when there are several tools.
FoundTable find_tool(const std::vector<CandidateTable> &candidates, std::optional<Tool> chosen,
                     const std::vector<std::string> &schemas);

// A column that is read of a tool's table: as text, or as microseconds since 2000-01-01.
struct ToolColumn {
    const char *name;
    bool is_time = false;
};
std::span<const ToolColumn> columns_of(Tool tool) noexcept;
// The column by which rows are sorted: the order in which the tool wrote them where it matters.
const char *order_of(Tool tool) noexcept;

} // namespace migrate::core::versioned

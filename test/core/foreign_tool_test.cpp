#include "core/versioned/foreign_tool.hpp"

#include "core/error.hpp"

#include "catch.hpp"

#include <algorithm>

using namespace migrate::core;
using namespace migrate::core::versioned;

namespace {

using Names = std::vector<std::string>;

const Names kFlywayColumns{"installed_rank", "version",  "description",  "type",
                           "script",         "checksum", "installed_by", "installed_on",
                           "execution_time", "success"};
const Names kSqitchColumns{"change_id", "script_hash",  "change",        "project",
                           "note",      "committed_at", "committer_name"};

CandidateTable table(std::string name, Names columns, std::string schema = "public",
                     bool is_on_path = true) {
    return {schema, name, schema + "." + name, std::move(columns), is_on_path};
}

// "tool place", or "code: message" of the error.
std::string find(const std::vector<CandidateTable> &candidates, std::string_view tool = "auto") {
    try {
        const FoundTable found = find_tool(candidates, read_tool(tool), {"public", "app"});
        return std::string(tool_name(found.tool)) + " " + std::to_string(found.table);
    } catch (const Error &error) {
        return std::string(error.code()) + ": " + error.message();
    }
}

std::string detail_of(const std::vector<CandidateTable> &candidates, std::string_view tool) {
    try {
        find_tool(candidates, read_tool(tool), {"public"});
    } catch (const Error &error) {
        return error.detail();
    }
    return "found";
}

} // namespace

TEST_CASE("a tool is named in any case, with either separator", "[versioned][adopt]") {
    CHECK(read_tool("Flyway") == Tool::flyway);
    CHECK(read_tool("golang_migrate") == Tool::golang_migrate);
    CHECK(read_tool("NODE-PG-MIGRATE") == Tool::node_pg_migrate);
    CHECK(read_tool("Auto") == std::nullopt);
    for (const char *name :
         {"flyway", "dbmate", "golang-migrate", "goose", "prisma", "alembic", "rails", "sqitch",
          "node-pg-migrate", "sql-migrate", "diesel", "sqlx", "refinery", "supabase"})
        CHECK(tool_name(*read_tool(name)) == std::string(name));
}

TEST_CASE("an unknown tool is an error with the nearest one", "[versioned][adopt]") {
    const auto hint_of = [](std::string_view given) {
        try {
            read_tool(given);
        } catch (const Error &error) {
            CHECK(std::string(error.code()) == "22023");
            return error.hint();
        }
        return std::string();
    };
    CHECK(hint_of("alembik") == "Perhaps you meant \"alembic\".");
    CHECK(hint_of("").starts_with("Valid tools are \"auto\", \"flyway\", "));
}

TEST_CASE("tools that share a table's name are told apart by columns", "[versioned][adopt]") {
    CHECK(find({table("schema_migrations", {"version"})}) == "dbmate 0");
    CHECK(find({table("schema_migrations", {"version", "dirty"})}) == "golang-migrate 0");
    CHECK(find({table("schema_migrations", {"version", "statements", "name"})}) == "supabase 0");
    CHECK(find({table("schema_migrations", {"version"}),
                table("ar_internal_metadata", {"key", "value"})}) == "rails 0");
    // The companion of another schema says nothing.
    CHECK(find({table("schema_migrations", {"version"}),
                table("ar_internal_metadata", {"key", "value"}, "app")}) == "dbmate 0");
    // Our own, and one of nobody's.
    CHECK(find({table("schema_migrations", {"version", "name", "applied_at"})})
              .starts_with("42P01: "));
    CHECK(find({table("schema_migrations", {"id"})}).starts_with("42P01: "));
    CHECK(find({table("changes", {"id", "change"})}).starts_with("42P01: "));
}

TEST_CASE("who names a tool is believed", "[versioned][adopt]") {
    const CandidateTable versions = table("schema_migrations", {"version"});
    const CandidateTable companion = table("ar_internal_metadata", {"key"});
    CHECK(find({versions}, "rails") == "rails 0");
    CHECK(find({versions, companion}, "dbmate") == "dbmate 0");
    CHECK(find({versions}, "golang-migrate") == "42P01: history of golang-migrate does not exist");
    CHECK(find({versions, table("flyway_schema_history", kFlywayColumns)}, "flyway") == "flyway 1");
}

TEST_CASE("the first table of the path counts, a tool's own schema last", "[versioned][adopt]") {
    CHECK(find({table("schema_migrations", {"version"}),
                table("schema_migrations", {"version"}, "app")}) == "dbmate 0");
    CHECK(find({table("changes", kSqitchColumns, "sqitch", false)}) == "sqitch 0");
    CHECK(find({table("changes", kSqitchColumns, "app"),
                table("changes", kSqitchColumns, "sqitch", false)}) == "sqitch 0");
    // A table of another tool in a schema that is not on the path is nobody's.
    CHECK(find({table("flyway_schema_history", kFlywayColumns, "sqitch", false)})
              .starts_with("42P01: "));
    CHECK(find({table("schema_migrations", {"version"}, "supabase_migrations", false)})
              .starts_with("42P01: "));
}

TEST_CASE("several tools are an error that names them", "[versioned][adopt]") {
    CHECK(find({table("schema_migrations", {"version"}),
                table("flyway_schema_history", kFlywayColumns, "app")}) ==
          "22023: there are histories of several tools: \"flyway\", \"dbmate\"");
}

TEST_CASE("what was looked for is said", "[versioned][adopt]") {
    CHECK(detail_of({}, "goose") == "Looked for \"goose_db_version\" in schema \"public\".");
    CHECK(detail_of({table("schema_migrations", {"version"})}, "golang-migrate") ==
          "Looked for \"schema_migrations\" in schema \"public\". Table public.schema_migrations "
          "has other columns.");
    const std::string all = detail_of({}, "auto");
    for (const char *name : tool_tables())
        CHECK((all.find('"' + std::string(name) + '"') == std::string::npos) ==
              (std::string_view(name) == "ar_internal_metadata"));
}

TEST_CASE("every tool's table is looked for, with columns to read", "[versioned][adopt]") {
    for (int i = 0; i <= static_cast<int>(Tool::supabase); ++i) {
        const Tool tool = static_cast<Tool>(i);
        INFO(tool_name(tool));
        Names columns{order_of(tool), "statements"};
        for (const ToolColumn &column : columns_of(tool))
            if (column.name != std::string_view(order_of(tool)))
                columns.emplace_back(column.name);
        if (tool == Tool::dbmate || tool == Tool::rails)
            columns = {"version"};
        const bool is_found = std::ranges::any_of(tool_tables(), [&](const char *name) {
            return find({table(name, columns)}, tool_name(tool)) ==
                   std::string(tool_name(tool)) + " 0";
        });
        CHECK(is_found);
    }
}

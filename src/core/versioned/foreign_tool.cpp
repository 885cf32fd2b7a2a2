#include "core/versioned/foreign_tool.hpp"

#include "core/error.hpp"
#include "core/import_options.hpp"
#include "core/versioned/script_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/core_only.hpp"

namespace migrate::core::versioned {
namespace {

// The tables as the tools' own sources create them. Places in these lists are those of
// foreign_history.cpp.
constexpr ToolColumn kFlyway[] = {
    {"version"},        {"type"},    {"script"}, {"checksum"}, {"installed_on", true},
    {"execution_time"}, {"success"},
};
constexpr ToolColumn kVersions[] = {{"version"}};
constexpr ToolColumn kGolangMigrate[] = {{"version"}, {"dirty"}};
constexpr ToolColumn kGoose[] = {{"version_id"}, {"is_applied"}, {"tstamp", true}};
constexpr ToolColumn kPrisma[] = {{"migration_name"},
                                  {"checksum"},
                                  {"started_at", true},
                                  {"finished_at", true},
                                  {"rolled_back_at", true}};
constexpr ToolColumn kAlembic[] = {{"version_num"}};
constexpr ToolColumn kSqitch[] = {
    {"project"}, {"change"}, {"change_id"}, {"script_hash"}, {"committed_at", true}};
constexpr ToolColumn kNodePgMigrate[] = {{"name"}, {"run_on", true}};
constexpr ToolColumn kSqlMigrate[] = {{"id"}, {"applied_at", true}};
constexpr ToolColumn kDiesel[] = {{"version"}, {"run_on", true}};
constexpr ToolColumn kSqlx[] = {
    {"version"}, {"success"}, {"installed_on", true}, {"execution_time"}, {"checksum"}};
constexpr ToolColumn kRefinery[] = {{"version"}, {"applied_on", true}};

constexpr const char *kRailsMark = "ar_internal_metadata";

struct ToolTable {
    Tool tool;
    const char *name;
    const char *table;
    const char *schema; // the tool's own; nullptr: it follows the search path
    std::span<const ToolColumn> columns;
    const char *order;
    const char *mark = nullptr;    // a further column that tells it from others
    bool has_other_columns = true; // false: the columns above are all
};

// In the order of Tool.
constexpr ToolTable kTools[] = {
    {Tool::flyway, "flyway", "flyway_schema_history", nullptr, kFlyway, "installed_rank"},
    {Tool::dbmate, "dbmate", "schema_migrations", nullptr, kVersions, "version", nullptr, false},
    {Tool::golang_migrate, "golang-migrate", "schema_migrations", nullptr, kGolangMigrate,
     "version"},
    {Tool::goose, "goose", "goose_db_version", nullptr, kGoose, "id"},
    {Tool::prisma, "prisma", "_prisma_migrations", nullptr, kPrisma, "started_at"},
    {Tool::alembic, "alembic", "alembic_version", nullptr, kAlembic, "version_num"},
    {Tool::rails, "rails", "schema_migrations", nullptr, kVersions, "version", nullptr, false},
    {Tool::sqitch, "sqitch", "changes", "sqitch", kSqitch, "committed_at"},
    {Tool::node_pg_migrate, "node-pg-migrate", "pgmigrations", nullptr, kNodePgMigrate, "id"},
    {Tool::sql_migrate, "sql-migrate", "gorp_migrations", nullptr, kSqlMigrate, "id"},
    {Tool::diesel, "diesel", "__diesel_schema_migrations", nullptr, kDiesel, "version"},
    {Tool::sqlx, "sqlx", "_sqlx_migrations", nullptr, kSqlx, "version"},
    {Tool::refinery, "refinery", "refinery_schema_history", nullptr, kRefinery, "version"},
    {Tool::supabase, "supabase", "schema_migrations", "supabase_migrations", kVersions, "version",
     "statements"},
};

constexpr const char *kTables[] = {
    "flyway_schema_history", "schema_migrations", "goose_db_version",
    "_prisma_migrations",    "alembic_version",   "changes",
    "pgmigrations",          "gorp_migrations",   "__diesel_schema_migrations",
    "_sqlx_migrations",      kRailsMark,          "refinery_schema_history",
};
constexpr const char *kSchemas[] = {"sqitch", "supabase_migrations"};

const ToolTable &table_of(Tool tool) noexcept {
    return kTools[static_cast<std::size_t>(tool)];
}

std::string folded(std::string_view given) {
    std::string name(given);
    for (char &c : name) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        c = c == '_' ? '-' : c;
    }
    return name;
}

std::string join_names(const std::vector<std::string_view> &names) {
    std::string text;
    for (const std::string_view name : names)
        text.append(text.empty() ? "" : ", ").append(quoted(name));
    return text;
}

[[noreturn]] void fail_unknown(std::string_view given) {
    std::vector<std::string_view> names{"auto"};
    for (const ToolTable &table : kTools)
        names.emplace_back(table.name);
    const std::string nearest = nearest_name(folded(given), names);
    throw Error(sqlstate::kInvalidParameterValue,
                "invalid value for argument \"tool\": " + quoted(given))
        .with_hint(nearest.empty() ? "Valid tools are " + join_names(names) + "."
                                   : "Perhaps you meant " + quoted(nearest) + ".");
}

bool has_column(const CandidateTable &candidate, std::string_view name) {
    return std::ranges::find(candidate.columns, name) != candidate.columns.end();
}

bool has_shape(const CandidateTable &candidate, const ToolTable &table) {
    const bool has_all = std::ranges::all_of(table.columns, [&](const ToolColumn &column) {
        return has_column(candidate, column.name);
    });
    return candidate.name == table.table && has_all && has_column(candidate, table.order) &&
           (table.mark == nullptr || has_column(candidate, table.mark)) &&
           (table.has_other_columns || candidate.columns.size() == table.columns.size()) &&
           (candidate.is_on_path || (table.schema != nullptr && candidate.schema == table.schema));
}

class Search {
  public:
    Search(const std::vector<CandidateTable> &candidates, std::optional<Tool> chosen)
        : candidates_(candidates), chosen_(chosen) {}

    // The first table of each tool.
    std::vector<FoundTable> run() const;

  private:
    bool is_of(const CandidateTable &candidate, const ToolTable &table) const;

    const std::vector<CandidateTable> &candidates_;
    std::optional<Tool> chosen_;
};

// dbmate's table and Rails' are alike, but Rails keeps a second one beside it. Who names one of the
// two is believed.
bool Search::is_of(const CandidateTable &candidate, const ToolTable &table) const {
    if ((chosen_ && *chosen_ != table.tool) || !has_shape(candidate, table))
        return false;
    if (chosen_ || (table.tool != Tool::rails && table.tool != Tool::dbmate))
        return true;
    const bool is_rails = std::ranges::any_of(candidates_, [&](const CandidateTable &other) {
        return other.name == kRailsMark && other.schema == candidate.schema;
    });
    return is_rails == (table.tool == Tool::rails);
}

std::vector<FoundTable> Search::run() const {
    std::vector<FoundTable> found;
    for (const ToolTable &table : kTools) {
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            if (is_of(candidates_[i], table)) {
                found.push_back({table.tool, i});
                break;
            }
        }
    }
    return found;
}

// Tables that have a name that was looked for, but other columns.
std::string other_tables(const std::vector<CandidateTable> &candidates,
                         const std::vector<std::string_view> &names) {
    std::string text;
    for (const CandidateTable &candidate : candidates)
        if (candidate.name != kRailsMark && candidate.is_on_path &&
            std::ranges::find(names, candidate.name) != names.end())
            text.append(" Table " + candidate.qualified + " has other columns.");
    return text;
}

std::string named_schemas(const std::vector<std::string> &schemas) {
    return (schemas.size() == 1 ? "schema " : "schemas ") +
           join_names({schemas.begin(), schemas.end()});
}

[[noreturn]] void fail_none(const std::vector<CandidateTable> &candidates,
                            std::optional<Tool> chosen, const std::vector<std::string> &schemas) {
    std::vector<std::string_view> names;
    for (const ToolTable &table : kTools) {
        const bool is_new = std::ranges::find(names, table.table) == names.end();
        if (is_new && (!chosen || *chosen == table.tool))
            names.emplace_back(table.table);
    }
    throw Error(sqlstate::kUndefinedTable,
                chosen ? "history of " + std::string(tool_name(*chosen)) + " does not exist"
                       : "history of another tool does not exist")
        .with_detail("Looked for " + join_names(names) + " in " + named_schemas(schemas) + "." +
                     other_tables(candidates, names))
        .with_hint("Set search_path to the schema that holds it.");
}

[[noreturn]] void fail_several(const std::vector<CandidateTable> &candidates,
                               const std::vector<FoundTable> &found) {
    std::vector<std::string_view> names;
    std::string detail;
    for (const FoundTable &table : found) {
        names.emplace_back(tool_name(table.tool));
        detail.append(detail.empty() ? "" : " ")
            .append("Table " + candidates[table.table].qualified + " is of " +
                    tool_name(table.tool) + ".");
    }
    throw Error(sqlstate::kInvalidParameterValue,
                "there are histories of several tools: " + join_names(names))
        .with_detail(detail)
        .with_hint("Name the one to adopt with the argument \"tool\".");
}

} // namespace

const char *tool_name(Tool tool) noexcept {
    return table_of(tool).name;
}

std::optional<Tool> read_tool(std::string_view given) {
    const std::string name = folded(given);
    if (name == "auto")
        return std::nullopt;
    const auto *found =
        std::ranges::find_if(kTools, [&](const ToolTable &table) { return name == table.name; });
    if (found == std::end(kTools))
        fail_unknown(given);
    return found->tool;
}

std::span<const char *const> tool_tables() noexcept {
    return kTables;
}

std::span<const char *const> tool_schemas() noexcept {
    return kSchemas;
}

FoundTable find_tool(const std::vector<CandidateTable> &candidates, std::optional<Tool> chosen,
                     const std::vector<std::string> &schemas) {
    const std::vector<FoundTable> found = Search(candidates, chosen).run();
    if (found.empty())
        fail_none(candidates, chosen, schemas);
    if (found.size() > 1)
        fail_several(candidates, found);
    return found.front();
}

std::span<const ToolColumn> columns_of(Tool tool) noexcept {
    return table_of(tool).columns;
}

const char *order_of(Tool tool) noexcept {
    return table_of(tool).order;
}

} // namespace migrate::core::versioned

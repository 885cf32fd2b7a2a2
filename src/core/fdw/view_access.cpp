#include "core/fdw/view_access.hpp"

#include "core/sqlite/authorizer.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/statement.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

using namespace std::string_view_literals;

// Sorted. What only a view can call: functions over rows. None takes its size from an argument.
constexpr std::array kRowFunctions = {
    "avg"sv,        "cume_dist"sv,  "dense_rank"sv, "first_value"sv, "group_concat"sv, "lag"sv,
    "last_value"sv, "lead"sv,       "nth_value"sv,  "ntile"sv,       "percent_rank"sv, "rank"sv,
    "row_number"sv, "string_agg"sv, "sum"sv,        "total"sv};
static_assert(std::ranges::is_sorted(kRowFunctions));

bool is_view_function(const char *name) noexcept {
    return name != nullptr && (sqlite::is_allowed_function(name) ||
                               std::ranges::binary_search(kRowFunctions, std::string_view(name)));
}

extern "C" int migrate_authorize_view(void *, int action, const char *, const char *second,
                                      const char *, const char *inside) noexcept {
    switch (action) {
    case SQLITE_TRANSACTION:
    case SQLITE_PRAGMA: // of our own statements
        return inside == nullptr ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return is_view_function(second) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

} // namespace

void allow_views(const sqlite::Database &database) {
    int now = 0;
    sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_ENABLE_VIEW, 1, &now);
    sqlite3_set_authorizer(database.handle(), migrate_authorize_view, nullptr);
}

Table describe_view(const sqlite::Database &database, const std::string &name) {
    const sqlite::Statement rows(database, "SELECT * FROM main." + sqlite::quote_name(name),
                                 "read view " + sqlite::shown(sqlite::quote_name(name)));
    Table view;
    view.name = name;
    view.is_without_rowid = true;
    for (int i = 0; i < sqlite3_column_count(rows.handle()); ++i) {
        Column column;
        column.name = sqlite3_column_name(rows.handle(), i);
        const char *type = sqlite3_column_decltype(rows.handle(), i);
        column.declared_type = type == nullptr ? "" : type;
        column.collation = "BINARY";
        view.columns.push_back(std::move(column));
    }
    return view;
}

} // namespace migrate::core::fdw

#include "core/sqlite/write_access.hpp"

#include "core/error.hpp"
#include "core/sqlite/authorizer.hpp"
#include "core/sqlite/file_probe.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <sys/stat.h>
#include <unistd.h>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

using namespace std::string_view_literals;

// As deep as triggers and foreign key actions may call each other.
constexpr int kMaxTriggerDepth = 100;

// Sorted. What triggers and views call beside the functions that any reader may call.
constexpr std::array kFunctions = {"avg"sv,
                                   "changes"sv,
                                   "count"sv,
                                   "cume_dist"sv,
                                   "current_date"sv,
                                   "current_time"sv,
                                   "current_timestamp"sv,
                                   "dense_rank"sv,
                                   "first_value"sv,
                                   "format"sv,
                                   "group_concat"sv,
                                   "lag"sv,
                                   "last_insert_rowid"sv,
                                   "last_value"sv,
                                   "lead"sv,
                                   "nth_value"sv,
                                   "ntile"sv,
                                   "percent_rank"sv,
                                   "printf"sv,
                                   "random"sv,
                                   "randomblob"sv,
                                   "rank"sv,
                                   "row_number"sv,
                                   "string_agg"sv,
                                   "sum"sv,
                                   "total"sv,
                                   "total_changes"sv};
static_assert(std::ranges::is_sorted(kFunctions));

bool is_function(const char *name) noexcept {
    if (name == nullptr)
        return false;
    std::array<char, 32> lower{};
    for (std::size_t i = 0; i + 1 < lower.size() && name[i] != '\0'; ++i)
        lower[i] = static_cast<char>(name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i]);
    const std::string_view word(lower.data());
    return is_allowed_function(word) || std::ranges::binary_search(kFunctions, word);
}

bool is_ordinary_table(const void *schema, const char *name) noexcept {
    if (schema == nullptr || name == nullptr)
        return false;
    return std::ranges::any_of(static_cast<const Schema *>(schema)->tables, [&](const Table &each) {
        return each.kind == TableKind::ordinary && sqlite3_stricmp(each.name.c_str(), name) == 0;
    });
}

extern "C" int migrate_authorize_write(void *schema, int action, const char *first,
                                       const char *second, const char *,
                                       const char *inside) noexcept {
    switch (action) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_PRAGMA: // of our own statements
        return inside == nullptr ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        // Our own TRUNCATE … RESTART IDENTITY.
        if (inside == nullptr && first != nullptr && first == "sqlite_sequence"sv)
            return SQLITE_OK;
        return is_ordinary_table(schema, first) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return is_function(second) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

void set_switch(sqlite3 *handle, int name, int value) {
    int now = 0;
    if (sqlite3_db_config(handle, name, value, &now) != SQLITE_OK || now != value)
        throw Error(sqlstate::kInternalError, "the SQLite library refuses a setting");
}

std::string folder_of(const std::string &path) {
    const std::size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

} // namespace

bool may_make_wal(sqlite3 *handle) {
    const std::string path = sqlite3_db_filename(handle, "main");
    if (size_of_file(path + "-shm") >= 0 && size_of_file(path + "-wal") >= 0)
        return ::access((path + "-shm").c_str(), R_OK | W_OK) == 0 &&
               ::access((path + "-wal").c_str(), R_OK | W_OK) == 0;
    struct stat file {};
    struct stat folder {};
    if (stat(path.c_str(), &file) != 0 || stat(folder_of(path).c_str(), &folder) != 0)
        return false;
    // New files of a folder with the set-group-ID bit get its group.
    const gid_t group = (folder.st_mode & S_ISGID) != 0 ? folder.st_gid : getegid();
    return file.st_uid == geteuid() && file.st_gid == group;
}

void unlock_writing(sqlite3 *handle) {
    set_switch(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1);
    set_switch(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 1);
    set_switch(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1);
    set_switch(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, kMaxTriggerDepth);
    sqlite3_exec(handle, "PRAGMA query_only = OFF", nullptr, nullptr, nullptr);
}

void allow_writes(sqlite3 *handle, const Schema *schema) noexcept {
    // SQLite hands the pointer on to the rules, which only read it.
    sqlite3_set_authorizer(handle, migrate_authorize_write, const_cast<Schema *>(schema));
}

} // namespace migrate::core::sqlite

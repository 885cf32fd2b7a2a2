#include "core/sqlite/readonly_vfs.hpp"

#include "core/error.hpp"

#include <sqlite3.h>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

constexpr char kName[] = "migrate_readonly";

sqlite3_vfs *base_of(sqlite3_vfs *vfs) noexcept {
    return static_cast<sqlite3_vfs *>(vfs->pAppData);
}

extern "C" {

int migrate_vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *out_flags) noexcept {
    file->pMethods = nullptr;
    constexpr int kAllowed = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL |
                             SQLITE_OPEN_SUPER_JOURNAL;
    // Temporary files have no business on disk: temp_store is MEMORY.
    if (name == nullptr || (flags & kAllowed) == 0)
        return SQLITE_CANTOPEN;
    flags &= ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_DELETEONCLOSE);
    sqlite3_vfs *base = base_of(vfs);
    return base->xOpen(base, name, file, flags | SQLITE_OPEN_READONLY, out_flags);
}

int migrate_vfs_delete(sqlite3_vfs *, const char *, int) noexcept {
    return SQLITE_READONLY;
}

int migrate_vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) noexcept {
    return base_of(vfs)->xAccess(base_of(vfs), name, flags, result);
}

int migrate_vfs_full_pathname(sqlite3_vfs *vfs, const char *name, int size, char *out) noexcept {
    return base_of(vfs)->xFullPathname(base_of(vfs), name, size, out);
}

} // extern "C"

// The base layer's clock, randomness and error texts take no state from the struct, so its
// functions serve this copy as they are; loading libraries is taken out.
sqlite3_vfs make_vfs(sqlite3_vfs *base) {
    sqlite3_vfs vfs = *base;
    vfs.pNext = nullptr;
    vfs.zName = kName;
    vfs.pAppData = base;
    vfs.xOpen = migrate_vfs_open;
    vfs.xDelete = migrate_vfs_delete;
    vfs.xAccess = migrate_vfs_access;
    vfs.xFullPathname = migrate_vfs_full_pathname;
    vfs.xDlOpen = nullptr;
    vfs.xDlError = nullptr;
    vfs.xDlSym = nullptr;
    vfs.xDlClose = nullptr;
    return vfs;
}

sqlite3_vfs *base_vfs() {
    sqlite3_initialize();
    sqlite3_vfs *base = sqlite3_vfs_find("unix");
    if (base == nullptr)
        base = sqlite3_vfs_find(nullptr);
    if (base == nullptr)
        throw Error(sqlstate::kInternalError, "the SQLite library has no file layer");
    return base;
}

} // namespace

const char *readonly_vfs_name() {
    // SQLite keeps the pointer for the life of the process.
    static sqlite3_vfs vfs = make_vfs(base_vfs());
    static const int registered = sqlite3_vfs_register(&vfs, 0);
    if (registered != SQLITE_OK)
        throw Error(sqlstate::kInternalError, "could not register a SQLite file layer");
    return kName;
}

} // namespace migrate::core::sqlite

#include "core/fdw/snapshot_mark.hpp"

#include <sys/stat.h>

#include "core/core_only.hpp"

namespace migrate::core::fdw {

bool mark_snapshot(const sqlite::Database &database, SnapshotMark *mark) noexcept {
    // What this connection wrote itself is not in the file yet.
    const bool has_written = sqlite3_txn_state(database.handle(), "main") == SQLITE_TXN_WRITE;
    if (has_written || (database.is_wal() && !database.is_immutable()))
        return false;
    struct stat status {};
    if (stat(database.path().c_str(), &status) != 0)
        return false;
    // Asked after the look at the path: what was found there is the opened file then.
    int is_moved = 0;
    if (sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_HAS_MOVED, &is_moved) !=
            SQLITE_OK ||
        is_moved != 0)
        return false;
    mark->device = status.st_dev;
    mark->inode = status.st_ino;
    mark->size = database.state().size;
    mark->mtime_ns = database.state().mtime_ns;
    mark->change_counter = database.state().change_counter;
    mark->is_immutable = database.is_immutable();
    return true;
}

} // namespace migrate::core::fdw

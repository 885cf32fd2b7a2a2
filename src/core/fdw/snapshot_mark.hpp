// Whether two processes that opened one file read the same state of it.
//
// A reader in rollback-journal mode holds a shared lock under which nobody commits: whoever begins
// to read while it is held finds the same rows. In WAL mode the second reader would see what was
// committed meanwhile; a file opened as immutable is compared with what it was.
#pragma once

#include "core/sqlite/database.hpp"

#include <cstdint>

namespace migrate::core::fdw {

// Plain data without pointers, so that it can lie in shared memory.
struct SnapshotMark {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t mtime_ns = 0;
    std::uint32_t change_counter = 0;
    bool is_immutable = false;
    bool operator==(const SnapshotMark &) const = default;
};

// Fills the mark; false where another process cannot be sure to read what this read transaction
// reads. Needs the read transaction.
bool mark_snapshot(const sqlite::Database &database, SnapshotMark *mark) noexcept;

} // namespace migrate::core::fdw

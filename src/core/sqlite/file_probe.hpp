// What can be said of a file before SQLite reads a page of it: whether the path is usable, and
// from its first bytes what it is when it is no SQLite database.
//
//     check_path("/data/shop.db", "postgres");
//     check_header("/data/shop.db", read_header(handle));
//
// Nothing here opens the file: stat() and access() look from outside, and the bytes come from
// SQLite's own file object (closing another descriptor would drop every lock on the file).
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace migrate::core::sqlite {

// The first bytes of a file, as many as there are up to 512, and its size.
struct FileHeader {
    std::string bytes;
    std::int64_t size = 0;

    // The header's read version is 2 (fileformat2, 1.3.3).
    bool is_wal() const noexcept;
    std::int64_t page_size() const noexcept; // 0 when it is none that SQLite knows
    std::uint32_t page_count() const noexcept;
    std::uint32_t change_counter() const noexcept;
    // The header counts more pages than the file has.
    bool is_truncated() const noexcept;
};

// Throws Error unless `path` is absolute and names a regular file that is not empty and that the
// effective user may read: 22023, 58P01, 42501, 42809 or XX001.
void check_path(const std::string &path, const std::string &os_user);

// Throws 42501 when the file exists and the effective user may not read it.
void check_readable(const std::string &path, const std::string &os_user);

// Size of the file at `path`, or -1 when there is none.
std::int64_t size_of_file(const std::string &path) noexcept;

// "file:///data/my%20shop.db?<parameters>": every byte of the path but [A-Za-z0-9/._-] is encoded,
// so that nothing in a name is read as a parameter.
std::string file_uri(const std::string &path, std::string_view parameters);

// The header of the open main database of `handle`. Throws 58030 when it cannot be read.
FileHeader read_header(sqlite3 *handle, const std::string &path);

// Throws XX001 (0A000 for a newer version) in words that say what the file is unless it begins as
// a SQLite 3 database does.
void check_header(const std::string &path, const FileHeader &header);

// Text from a file or path for a message: control characters become "_" (types.md, rule 5).
std::string shown(std::string_view text);

// Error text of a system error number.
std::string system_message(int error_number);

} // namespace migrate::core::sqlite

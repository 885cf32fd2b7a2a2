// Opening a data file so that nothing but a regular file is ever opened and nobody is waited for.
//
//     FileHandle file = open_regular_file("/data/a.csv", "postgres");
//     FileStamp stamp = stamp_of(file.get());
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace migrate::core::csv {

// What tells whether a file was changed or replaced.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0; // bytes
    std::int64_t mtime_ns = 0;
    bool operator==(const FileStamp &) const = default;
};

// Closes a file. Its stream is used for nothing else: reads go to the descriptor below it.
struct CloseFile {
    void operator()(std::FILE *file) const noexcept { std::fclose(file); }
};
using FileHandle = std::unique_ptr<std::FILE, CloseFile>;

// Opens for reading. `os_user` is named in permission errors. Throws Error 22023 for a path that is
// not absolute, 58P01, 42501, 42809 for a directory or special file, 58030 for what else the system
// says.
FileHandle open_regular_file(const std::string &path, const std::string &os_user);

// The stamp of an open file. Throws 58030.
FileStamp stamp_of(std::FILE *file);
// The stamp of the file that has the path now; false when there is none.
bool stamp_at(const std::string &path, FileStamp &stamp) noexcept;

// A path for a message: control characters become "_" (types.md, rule 5).
std::string shown_path(std::string_view path);
// What the system says of an errno.
std::string system_text(int error_number);

} // namespace migrate::core::csv

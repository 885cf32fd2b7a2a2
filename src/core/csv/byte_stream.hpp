// The bytes of a file, unpacked where it is compressed.
//
//     ByteStream stream(path, {});
//     while (std::size_t size = stream.read(buffer, sizeof(buffer))) { … }
//     stream.check_unchanged();
#pragma once

#include "core/csv/gzip_inflater.hpp"
#include "core/csv/open_file.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace migrate::core::csv {

enum class Compression : std::uint8_t { automatic, none, gzip };

struct StreamOptions {
    Compression compression = Compression::automatic; // by the magic bytes, not by the name
    std::string os_user; // the server's operating system user, named in permission errors
};

class ByteStream {
  public:
    // Opens a regular file by its absolute path. Throws Error 58P01 missing; 42501 permission,
    // naming the server's user and the directory; 42809 a directory, a FIFO or another special
    // file (it never waits for the other end); 22023 no absolute path; XX001 no gzip file where
    // the option says so; 0A000 a format that only looks like a file of text by its name; 58030
    // else.
    ByteStream(const std::string &path, const StreamOptions &options);

    // Up to `size` unpacked bytes; 0 only at the end. Throws 58030 when the file cannot be read,
    // 55006 when it has got another size, XX001 when its gzip data are damaged, truncated or
    // followed by something else.
    std::size_t read(char *bytes, std::size_t size);
    // Up to `size` bytes of the file itself from `offset` on, without a move of what read() reads.
    std::size_t read_at(std::int64_t offset, char *bytes, std::size_t size) const;
    // Begins again at the first byte.
    void rewind();
    // Goes on at a byte of a file that is not compressed.
    void seek(std::int64_t offset);

    const std::string &path() const noexcept { return path_; }
    bool is_compressed() const noexcept { return is_compressed_; }
    // Size of the file, and how much of it was read: packed bytes where it is compressed.
    std::int64_t size() const noexcept { return stamp_.size; }
    std::int64_t bytes_read() const noexcept { return bytes_read_; }
    // As the file was when it was opened.
    const FileStamp &stamp() const noexcept { return stamp_; }
    // Throws 55006 when the file was written to since, or another file has its path.
    void check_unchanged() const;
    [[noreturn]] void fail_changed() const;

  private:
    std::size_t read_file(char *bytes, std::size_t size);
    std::size_t read_unpacked(char *bytes, std::size_t size);
    void choose_format(Compression compression);
    bool begins_as_gzip() const;
    void check_format() const;
    [[noreturn]] void fail_read(int error_number) const;

    std::string path_;
    FileHandle file_;
    FileStamp stamp_;
    bool is_compressed_ = false;
    std::unique_ptr<GzipInflater> inflater_;
    std::vector<char> packed_; // what the inflater reads
    std::int64_t bytes_read_ = 0;
};

} // namespace migrate::core::csv

#include "core/csv/byte_stream.hpp"

#include "core/csv/open_file.hpp"
#include "core/error.hpp"

#include <cerrno>

#include <sys/types.h>
#include <unistd.h>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::size_t kPackedSize = std::size_t{64} << 10;
constexpr char kGzipMagic[] = "\x1F\x8B";
constexpr char kGzipMethod = 8; // deflate, the only one there is (RFC 1952, 2.3.1)
struct OtherFormat {
    std::string_view magic;
    const char *name;
};

// What people name by mistake, and what no text begins with.
using namespace std::string_view_literals;
constexpr OtherFormat kOtherFormats[] = {
    {"\x28\xB5\x2F\xFD"sv, "compressed with zstd"},
    {"\xFD\x37zXZ\0"sv, "compressed with xz"},
    {"PK\x03\x04"sv, "a ZIP archive or an Office document"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "an Office document"},
    {"SQLite format 3\0"sv, "a SQLite database"},
};
constexpr std::string_view kBzip2Magic = "BZh";
constexpr std::string_view kBzip2Block = "\x31\x41\x59\x26\x53\x59"; // behind the level

const char *other_format(std::string_view head) noexcept {
    for (const OtherFormat &each : kOtherFormats)
        if (head.starts_with(each.magic))
            return each.name;
    if (head.starts_with(kBzip2Magic) &&
        head.substr(kBzip2Magic.size() + 1).starts_with(kBzip2Block))
        return "compressed with bzip2";
    return nullptr;
}

constexpr char kChangedHint[] = "Let the program that writes it finish, then import it again.";

} // namespace

ByteStream::ByteStream(const std::string &path, const StreamOptions &options)
    : path_(path), file_(open_regular_file(path, options.os_user)), stamp_(stamp_of(file_.get())) {
    choose_format(options.compression);
    rewind();
}

void ByteStream::choose_format(Compression compression) {
    if (compression == Compression::none)
        return;
    is_compressed_ = begins_as_gzip();
    if (!is_compressed_ && compression == Compression::gzip)
        throw Error(sqlstate::kDataCorrupted,
                    "file \"" + shown_path(path_) + "\" is not compressed with gzip")
            .with_hint("Leave out the option \"compression\": it is detected.");
    if (!is_compressed_)
        check_format();
}

void ByteStream::check_format() const {
    char bytes[16] = {};
    const char *const found = other_format({bytes, read_at(0, bytes, sizeof(bytes))});
    if (found != nullptr)
        throw Error(sqlstate::kFeatureNotSupported,
                    "file \"" + shown_path(path_) + "\" is " + found)
            .with_hint("Unpack it or save it as CSV first; of compressed files gzip is read.");
}

bool ByteStream::begins_as_gzip() const {
    char bytes[3] = {};
    return read_at(0, bytes, sizeof(bytes)) == sizeof(bytes) &&
           std::string_view(bytes, 2) == kGzipMagic && bytes[2] == kGzipMethod;
}

std::size_t ByteStream::read(char *bytes, std::size_t size) {
    if (!is_compressed_)
        return read_file(bytes, size);
    try {
        return read_unpacked(bytes, size);
    } catch (const Error &error) { // the inflater does not know whose data they are
        if (std::string_view(error.code()) != sqlstate::kDataCorrupted)
            throw;
        throw Error(sqlstate::kDataCorrupted,
                    "could not unpack file \"" + shown_path(path_) + "\": " + error.message())
            .with_detail(error.detail())
            .with_hint(error.hint());
    }
}

std::size_t ByteStream::read_unpacked(char *bytes, std::size_t size) {
    while (!inflater_->is_done()) {
        if (inflater_->needs_input())
            inflater_->give({packed_.data(), read_file(packed_.data(), packed_.size())});
        if (const std::size_t unpacked = inflater_->take(bytes, size); unpacked != 0)
            return unpacked;
    }
    return 0;
}

std::size_t ByteStream::read_at(std::int64_t offset, char *bytes, std::size_t size) const {
    const ssize_t count = pread(fileno(file_.get()), bytes, size, offset);
    if (count < 0)
        fail_read(errno);
    return static_cast<std::size_t>(count);
}

std::size_t ByteStream::read_file(char *bytes, std::size_t size) {
    ssize_t count = 0;
    do
        count = ::read(fileno(file_.get()), bytes, size);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        fail_read(errno);
    bytes_read_ += count;
    // A record that is cut short by another program is not the file's fault. (Files of /proc have
    // no size.)
    if (stamp_.size != 0 &&
        (bytes_read_ > stamp_.size || (count == 0 && size != 0 && bytes_read_ < stamp_.size)))
        fail_changed();
    return static_cast<std::size_t>(count);
}

void ByteStream::seek(std::int64_t offset) {
    if (lseek(fileno(file_.get()), offset, SEEK_SET) != offset)
        fail_read(errno);
    bytes_read_ = offset;
}

void ByteStream::rewind() {
    seek(0);
    if (is_compressed_) {
        packed_.resize(kPackedSize);
        inflater_ = std::make_unique<GzipInflater>();
    }
}

void ByteStream::check_unchanged() const {
    FileStamp now;
    if (stamp_of(file_.get()) == stamp_ && stamp_at(path_, now) && now == stamp_)
        return;
    fail_changed();
}

void ByteStream::fail_changed() const {
    throw Error(sqlstate::kObjectInUse,
                "file \"" + shown_path(path_) + "\" was changed while it was read")
        .with_detail("Its size, its time of change or the file itself is another one than at the "
                     "begin.")
        .with_hint(kChangedHint);
}

void ByteStream::fail_read(int error_number) const {
    throw Error(sqlstate::kIoError,
                "could not read file \"" + shown_path(path_) + "\": " + system_text(error_number));
}

} // namespace migrate::core::csv

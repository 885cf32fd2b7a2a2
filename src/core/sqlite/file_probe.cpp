#include "core/sqlite/file_probe.hpp"

#include "core/error.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

constexpr char kAbsoluteHint[] = "Give the absolute path of a file on the server.";
constexpr std::size_t kMaxPath = 504; // the unix layer's 512, less "-journal"
constexpr char kServerHint[] = "The path is read by the server, not by the client.";

std::string quoted(std::string_view path) {
    return "\"" + shown(path) + "\"";
}

Error not_a_path(const std::string &path, std::string detail) {
    return Error(sqlstate::kInvalidParameterValue,
                 "invalid path of a SQLite database: " + quoted(path))
        .with_detail(std::move(detail))
        .with_hint(kAbsoluteHint);
}

void check_form(const std::string &path) {
    if (path.empty())
        throw not_a_path(path, "The path is empty.");
    if (path == ":memory:")
        throw not_a_path(path, "A database in memory has nothing to read.");
    if (path.starts_with("file:"))
        throw not_a_path(path, "A URI is not a path.");
    if (path.front() != '/')
        throw not_a_path(path, "The path is relative.");
    if (path.find('\0') != std::string::npos)
        throw not_a_path(path, "The path holds a zero byte.");
    if (path.size() > kMaxPath)
        throw not_a_path(path,
                         "SQLite reads paths of up to " + std::to_string(kMaxPath) + " bytes.");
}

// The first directory on the way to `path` that the effective user may not search, or "".
std::string unsearchable_directory(const std::string &path) {
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
        const std::string directory = path.substr(0, slash);
        if (faccessat(AT_FDCWD, directory.c_str(), X_OK, AT_EACCESS) != 0 && errno == EACCES)
            return directory;
    }
    return "";
}

Error permission_error(const std::string &path, const std::string &os_user) {
    const std::string who = os_user.empty() ? "The server's operating system user"
                                            : "Operating system user " + quoted(os_user);
    const std::string directory = unsearchable_directory(path);
    const std::string what = directory.empty()
                                 ? " may not read the file."
                                 : " may not search directory " + quoted(directory) + ".";
    return Error(sqlstate::kInsufficientPrivilege,
                 "could not open file " + quoted(path) + ": " + system_message(EACCES))
        .with_detail(who + what)
        .with_hint("Grant that user the right, or copy the file to a place where it has it.");
}

[[noreturn]] void fail_stat(const std::string &path, const std::string &os_user, int number) {
    if (number == EACCES)
        throw permission_error(path, os_user);
    const std::string message =
        "could not open SQLite database " + quoted(path) + ": " + system_message(number);
    if (number == ENOENT || number == ENOTDIR)
        throw Error(sqlstate::kUndefinedFile, message).with_hint(kServerHint);
    if (number == ENAMETOOLONG)
        throw Error(sqlstate::kInvalidParameterValue, message);
    throw Error(sqlstate::kIoError, message);
}

std::string kind_of(mode_t mode) {
    if (S_ISDIR(mode))
        return "a directory";
    if (S_ISFIFO(mode))
        return "a named pipe";
    if (S_ISSOCK(mode))
        return "a socket";
    return "a device";
}

std::uint32_t big_endian(std::string_view bytes, std::size_t offset, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count && offset + i < bytes.size(); ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
    return value;
}

bool is_unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '.' || c == '_' || c == '-';
}

} // namespace

bool FileHeader::is_wal() const noexcept {
    return bytes.size() > 19 && bytes[19] == 2;
}

std::int64_t FileHeader::page_size() const noexcept {
    const std::uint32_t size = big_endian(bytes, 16, 2);
    if (size == 1) // stands for 65536
        return 65536;
    return size >= 512 && (size & (size - 1)) == 0 ? size : 0;
}

std::uint32_t FileHeader::page_count() const noexcept {
    return big_endian(bytes, 28, 4);
}

std::uint32_t FileHeader::change_counter() const noexcept {
    return big_endian(bytes, 24, 4);
}

bool FileHeader::is_truncated() const noexcept {
    // The count holds only when the version-valid-for number (offset 92) is the change counter.
    const bool is_counted = bytes.size() >= 100 && big_endian(bytes, 92, 4) == change_counter();
    return size < page_size() || (is_counted && page_count() * page_size() > size);
}

void check_path(const std::string &path, const std::string &os_user) {
    check_form(path);
    struct stat status {};
    if (stat(path.c_str(), &status) != 0)
        fail_stat(path, os_user, errno);
    if (!S_ISREG(status.st_mode))
        throw Error(sqlstate::kWrongObjectType, "cannot read SQLite database " + quoted(path) +
                                                    ": it is " + kind_of(status.st_mode))
            .with_hint("Give the path of the database file itself.");
    check_readable(path, os_user);
    if (status.st_size == 0)
        throw Error(sqlstate::kDataCorrupted, "SQLite database " + quoted(path) + " is empty")
            .with_detail("The file has 0 bytes.")
            .with_hint("A program that was given a wrong path leaves such a file: check the path.");
}

void check_readable(const std::string &path, const std::string &os_user) {
    if (faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) != 0 && errno == EACCES)
        throw permission_error(path, os_user);
}

std::int64_t size_of_file(const std::string &path) noexcept {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 ? static_cast<std::int64_t>(status.st_size) : -1;
}

std::string file_uri(const std::string &path, std::string_view parameters) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string uri = "file://"; // an empty authority: the path may begin with two slashes
    for (const char c : path) {
        if (is_unreserved(c)) {
            uri += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        uri += '%';
        uri += kDigits[byte >> 4];
        uri += kDigits[byte & 15];
    }
    return uri.append("?").append(parameters);
}

FileHeader read_header(sqlite3 *handle, const std::string &path) {
    constexpr int kBytes = 512;
    FileHeader header;
    sqlite3_file *file = nullptr;
    sqlite3_int64 size = 0;
    if (sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        file == nullptr || file->pMethods == nullptr ||
        file->pMethods->xFileSize(file, &size) != SQLITE_OK)
        throw Error(sqlstate::kIoError, "could not read file " + quoted(path));
    header.size = size;
    header.bytes.resize(kBytes);
    const int result = file->pMethods->xRead(file, header.bytes.data(), kBytes, 0);
    if (result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ)
        throw Error(sqlstate::kIoError, "could not read file " + quoted(path) + ": " +
                                            system_message(sqlite3_system_errno(handle)));
    if (size < kBytes)
        header.bytes.resize(static_cast<std::size_t>(size));
    return header;
}

std::string shown(std::string_view text) {
    std::string copy(text);
    for (char &c : copy)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '_';
    return copy;
}

std::string system_message(int error_number) {
    if (error_number == 0)
        return "input/output error";
    return std::generic_category().message(error_number);
}

} // namespace migrate::core::sqlite

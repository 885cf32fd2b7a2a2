#include "core/csv/open_file.hpp"

#include "core/error.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

std::string quoted(std::string_view path) {
    return "\"" + shown_path(path) + "\"";
}

void check_form(const std::string &path) {
    const char *detail = nullptr;
    if (path.empty())
        detail = "The path is empty.";
    else if (path.front() != '/')
        detail = "The path is relative.";
    else if (path.find('\0') != std::string::npos)
        detail = "The path holds a zero byte.";
    if (detail != nullptr)
        throw Error(sqlstate::kInvalidParameterValue, "invalid path of a CSV file: " + quoted(path))
            .with_detail(detail)
            .with_hint("Give the absolute path of a file on the server.");
}

// The first directory on the way to `path` that the effective user may not search, or "".
std::string closed_directory(const std::string &path) {
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
        std::string directory = path.substr(0, slash);
        if (faccessat(AT_FDCWD, directory.c_str(), X_OK, AT_EACCESS) != 0 && errno == EACCES)
            return directory;
    }
    return "";
}

Error no_permission(const std::string &path, const std::string &os_user, int number) {
    const std::string directory = closed_directory(path);
    const std::string who = os_user.empty() ? "The server's operating system user"
                                            : "Operating system user " + quoted(os_user);
    return Error(sqlstate::kInsufficientPrivilege,
                 "could not open file " + quoted(path) + ": " + system_text(number))
        .with_detail(who + (directory.empty()
                                ? " may not read the file."
                                : " may not search directory " + quoted(directory) + "."))
        .with_hint("Grant that user the right, or copy the file to a place where it has it.");
}

[[noreturn]] void fail_open(const std::string &path, const std::string &os_user, int number) {
    if (number == EACCES || number == EPERM)
        throw no_permission(path, os_user, number);
    const std::string message = "could not open file " + quoted(path) + ": " + system_text(number);
    if (number == ENOENT || number == ENOTDIR)
        throw Error(sqlstate::kUndefinedFile, message)
            .with_hint("The path is read by the server, not by the client.");
    if (number == ENAMETOOLONG)
        throw Error(sqlstate::kInvalidParameterValue, message);
    // A socket, or a device without a driver behind it, cannot be opened at all.
    if (number == ENXIO || number == ENODEV)
        throw Error(sqlstate::kWrongObjectType, message);
    throw Error(sqlstate::kIoError, message);
}

const char *kind_of(mode_t mode) noexcept {
    if (S_ISDIR(mode))
        return "a directory";
    return S_ISFIFO(mode) ? "a named pipe" : "a device";
}

FileStamp stamp_from(const struct stat &status) noexcept {
    FileStamp stamp;
    stamp.device = status.st_dev;
    stamp.inode = status.st_ino;
    stamp.size = status.st_size;
    stamp.mtime_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    return stamp;
}

FileHandle handle_of(int descriptor, const std::string &path) {
    FileHandle file(fdopen(descriptor, "r"));
    if (file == nullptr) {
        const int number = errno;
        close(descriptor);
        throw Error(number == ENOMEM ? sqlstate::kOutOfMemory : sqlstate::kIoError,
                    "could not open file " + quoted(path) + ": " + system_text(number));
    }
    return file;
}

} // namespace

FileHandle open_regular_file(const std::string &path, const std::string &os_user) {
    check_form(path);
    // Without O_NONBLOCK a FIFO would keep the backend waiting for a writer.
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        fail_open(path, os_user, errno);
    FileHandle file = handle_of(descriptor, path);
    struct stat status {};
    if (fstat(descriptor, &status) != 0)
        fail_open(path, os_user, errno);
    if (!S_ISREG(status.st_mode))
        throw Error(sqlstate::kWrongObjectType,
                    "cannot read CSV file " + quoted(path) + ": it is " + kind_of(status.st_mode))
            .with_hint("Give the path of the file itself.");
    return file;
}

FileStamp stamp_of(std::FILE *file) {
    struct stat status {};
    if (fstat(fileno(file), &status) != 0)
        throw Error(sqlstate::kIoError, "could not look at a file: " + system_text(errno));
    return stamp_from(status);
}

bool stamp_at(const std::string &path, FileStamp &stamp) noexcept {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0)
        return false;
    stamp = stamp_from(status);
    return true;
}

std::string shown_path(std::string_view path) {
    std::string shown(path);
    for (char &c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = '_';
    return shown;
}

std::string system_text(int error_number) {
    return std::generic_category().message(error_number);
}

} // namespace migrate::core::csv

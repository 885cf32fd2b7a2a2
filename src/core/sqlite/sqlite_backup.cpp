// backup_database: SQLite's online backup into a file of our own.
#include "core/error.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/sqlite_source.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

constexpr int kPagesAStep = 256;

std::string name_of(const std::string &path) {
    return "\"" + shown(path) + "\"";
}

class Descriptor {
  public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    int number() const noexcept { return number_; }

  private:
    int number_;
};

// The backup's file from its creation on: removed again unless it is kept.
class NewFile {
  public:
    explicit NewFile(std::string path);
    NewFile(const NewFile &) = delete;
    NewFile &operator=(const NewFile &) = delete;
    ~NewFile() {
        if (is_kept_)
            return;
        ::unlink(path_.c_str());
        for (const char *side : {"-journal", "-wal", "-shm"})
            ::unlink((path_ + side).c_str());
    }
    void keep() noexcept { is_kept_ = true; }

  private:
    std::string path_;
    bool is_kept_ = false;
};

[[noreturn]] void fail_create(const std::string &path, int number) {
    const std::string message =
        "could not create file " + name_of(path) + ": " + system_message(number);
    if (number == EEXIST)
        throw Error(sqlstate::kDuplicateFile, message)
            .with_hint("A backup is never written over a file: name another one.");
    if (number == EACCES || number == EPERM || number == EROFS)
        throw Error(sqlstate::kInsufficientPrivilege, message);
    throw Error(number == ENOENT || number == ENOTDIR ? sqlstate::kUndefinedFile
                                                      : sqlstate::kIoError,
                message)
        .with_hint("The path is written by the server, not by the client.");
}

NewFile::NewFile(std::string path) : path_(std::move(path)) {
    if (!path_.starts_with('/') || path_.find('\0') != std::string::npos)
        throw Error(sqlstate::kInvalidParameterValue,
                    "path of a backup must be absolute: " + name_of(path_));
    // SQLite would take side files of an earlier database for those of the new one.
    for (const char *side : {"-journal", "-wal", "-shm"})
        if (size_of_file(path_ + side) >= 0)
            fail_create(path_ + side, EEXIST);
    const Descriptor file(
        ::open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.number() < 0)
        fail_create(path_, errno);
}

using Handle = std::unique_ptr<sqlite3, CloseHandle>;

[[noreturn]] void fail_write(const std::string &path, sqlite3 *handle, int result) {
    if ((result & 0xff) == SQLITE_NOMEM)
        throw Error(sqlstate::kOutOfMemory, "out of memory");
    const int number = sqlite3_system_errno(handle);
    throw Error((result & 0xff) == SQLITE_FULL ? "53100" : sqlstate::kIoError,
                "could not write backup " + name_of(path) + ": " +
                    (number != 0 ? system_message(number) : sqlite3_errmsg(handle)));
}

void run(const std::string &path, sqlite3 *handle, const char *sql) {
    const int result = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK)
        fail_write(path, handle, result);
}

Handle open_target(const std::string &path) {
    sqlite3 *handle = nullptr;
    const int result = sqlite3_open_v2(file_uri(path, "mode=rw").c_str(), &handle,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI |
                                           SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
                                       nullptr);
    Handle target(handle);
    if (result != SQLITE_OK)
        fail_write(path, handle, result);
    sqlite3_extended_result_codes(handle, 1);
    // Nobody else knows the file yet: no lock is shared and no journal needed.
    run(path, handle,
        "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; "
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; "
        "PRAGMA synchronous = OFF");
    return target;
}

struct FinishBackup {
    void operator()(sqlite3_backup *backup) const noexcept { sqlite3_backup_finish(backup); }
};

// Copies all pages inside the source's read transaction. False: the flag stopped it.
bool copy_pages(const Database &source, sqlite3 *target, const std::string &path,
                BackupResult &result) {
    const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
        sqlite3_backup_init(target, "main", source.handle(), "main"));
    if (!backup)
        fail_write(path, target, sqlite3_extended_errcode(target));
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        if (source.is_interrupted())
            return false;
        code = sqlite3_backup_step(backup.get(), kPagesAStep);
    }
    result.pages = sqlite3_backup_pagecount(backup.get());
    if (code == SQLITE_DONE)
        return true;
    const int kind = code & 0xff;
    const bool is_write =
        kind == SQLITE_FULL || kind == SQLITE_READONLY ||
        (kind == SQLITE_IOERR && code != SQLITE_IOERR_READ && code != SQLITE_IOERR_SHORT_READ);
    if (is_write)
        fail_write(path, target, code);
    source.fail(code, "copy SQLite database");
}

void sync_path(const std::string &path, int flags) {
    const Descriptor file(::open(path.c_str(), flags | O_CLOEXEC));
    if (file.number() < 0 || ::fsync(file.number()) != 0)
        throw Error(sqlstate::kIoError,
                    "could not fsync file " + name_of(path) + ": " + system_message(errno));
}

} // namespace

BackupResult backup_database(const std::string &path, const std::string &backup_path,
                             const OpenOptions &options) {
    const std::unique_ptr<Database> source = Database::open(path, options);
    source->begin_read();
    NewFile file(backup_path);
    BackupResult result;
    Handle target = open_target(backup_path);
    if (!copy_pages(*source, target.get(), backup_path, result))
        return result;
    source->end_read();
    // A copy of a WAL database says WAL too; alone in its folder it needs none.
    run(backup_path, target.get(), "PRAGMA journal_mode = DELETE");
    target.reset();
    // SQLite is done with the file, so opening it by hand drops no lock.
    sync_path(backup_path, O_RDWR);
    const std::string folder = backup_path.substr(0, backup_path.rfind('/'));
    sync_path(folder.empty() ? "/" : folder, O_RDONLY | O_DIRECTORY);
    file.keep();
    result.bytes = size_of_file(backup_path);
    result.is_done = true;
    return result;
}

} // namespace migrate::core::sqlite

// Database::fail: SQLite's result codes in the words of the user (sqlite.org/rescode.html).
#include "core/error.hpp"
#include "core/sqlite/database.hpp"
#include "core/sqlite/file_probe.hpp"

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

std::string name_of(const std::string &path) {
    return "SQLite database \"" + shown(path) + "\"";
}

// What to do where the application's own side files must be worked in first.
std::string settle_hint(const std::string &path, std::string_view statement) {
    return "Open and close the database once with its application, or run: sqlite3 \"" +
           shown(path) + "\" \"" + std::string(statement) +
           "\", or take a copy with migrate.backup_sqlite where the application runs.";
}

Error hot_journal(const std::string &path) {
    return Error(sqlstate::kObjectNotInPrerequisiteState,
                 "cannot read " + name_of(path) + ": a transaction on it was not finished")
        .with_detail("The rollback journal beside it must be played back into the file before "
                     "its data can be trusted, and this function never writes to the file.")
        .with_hint(settle_hint(path, "PRAGMA schema_version"));
}

Error wal_without_index(const std::string &path) {
    return Error(sqlstate::kObjectNotInPrerequisiteState,
                 "cannot read " + name_of(path) + ": its -wal file needs its application")
        .with_detail("The -wal file beside it holds changes that are not in the database file "
                     "yet, and reading them without a valid -shm file would change the folder.")
        .with_hint(settle_hint(path, "PRAGMA wal_checkpoint(TRUNCATE)"));
}

} // namespace

void Database::fail_changed() const {
    throw Error(sqlstate::kObjectInUse, name_of(path_) + " was changed while it was read")
        .with_hint("Stop the program that writes to it, or read a copy.");
}

void Database::fail_busy() const {
    if (is_interrupted())
        fail(SQLITE_INTERRUPT, "");
    throw Error(sqlstate::kLockNotAvailable, "could not lock " + name_of(path_))
        .with_detail("Another program held its lock for more than " +
                     std::to_string(options_.busy_timeout_ms) + " ms.")
        .with_hint("Try again when that program is idle, or raise option \"lock_timeout\".");
}

void Database::fail_damaged(int result, std::string_view doing) const {
    const FileHeader header = read_header(handle_.get(), path_);
    if (header.is_truncated() && !header.is_wal())
        throw Error(sqlstate::kDataCorrupted, name_of(path_) + " is truncated")
            .with_detail("Its header counts " + std::to_string(header.page_count()) + " pages of " +
                         std::to_string(header.page_size()) + " bytes, the file has " +
                         std::to_string(header.size) + " bytes.")
            .with_hint("Copy the file again, or restore it from a backup.");
    if ((result & 0xff) == SQLITE_NOTADB)
        throw Error(sqlstate::kDataCorrupted,
                    "file \"" + shown(path_) + "\" is encrypted or not a SQLite database")
            .with_hint("Decrypt an encrypted database first with the program that made it.");
    throw Error(sqlstate::kDataCorrupted,
                "could not " + std::string(doing) + ": " + shown(sqlite3_errmsg(handle_.get())))
        .with_hint("The file is damaged. The sqlite3 program's command \".recover\" may save what "
                   "is left.")
        .with_context(name_of(path_));
}

// SQLITE_CANTOPEN says little: the usual reasons are looked up again for their own words.
void Database::fail_unopened(int, std::string_view doing) const {
    const int number = sqlite3_system_errno(handle_.get());
    check_path(path_, options_.os_user);
    for (const char *side : {"-journal", "-wal", "-shm"})
        check_readable(path_ + side, options_.os_user);
    const char *real_path = sqlite3_db_filename(handle_.get(), "main");
    if (real_path != nullptr && size_of_file(std::string(real_path) + "-wal") > 0)
        throw wal_without_index(path_);
    throw Error(sqlstate::kIoError,
                "could not " + std::string(doing) + ": " +
                    (number != 0 ? system_message(number) : sqlite3_errmsg(handle_.get())))
        .with_context(name_of(path_));
}

void Database::fail(int result, std::string_view doing) const {
    const std::string message = "could not " + std::string(doing) + ": ";
    switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        fail_busy();
    case SQLITE_INTERRUPT:
        throw Error(sqlstate::kQueryCanceled, "canceled while reading " + name_of(path_));
    case SQLITE_NOMEM:
        throw Error(sqlstate::kOutOfMemory, "out of memory")
            .with_detail("SQLite could not " + std::string(doing) + ".")
            .with_context(name_of(path_));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        fail_damaged(result, doing);
    case SQLITE_READONLY:
        if (result == SQLITE_READONLY_ROLLBACK)
            throw hot_journal(path_);
        throw wal_without_index(path_);
    case SQLITE_CANTOPEN:
        fail_unopened(result, doing);
    case SQLITE_IOERR:
        throw Error(sqlstate::kIoError,
                    message + system_message(sqlite3_system_errno(handle_.get())))
            .with_context(name_of(path_));
    case SQLITE_TOOBIG:
        throw Error(sqlstate::kProgramLimitExceeded, message + "a value is too large")
            .with_context(name_of(path_));
    case SQLITE_AUTH:
        throw Error(sqlstate::kFeatureNotSupported, message + shown(sqlite3_errmsg(handle_.get())))
            .with_context(name_of(path_));
    default:
        // A schema format number beyond 4 (fileformat2, 1.3.10).
        if (std::string_view(sqlite3_errmsg(handle_.get())) == "unsupported file format")
            throw Error(sqlstate::kFeatureNotSupported,
                        name_of(path_) + " has an unsupported version")
                .with_detail("Its schema format is newer than SQLite " +
                             std::string(sqlite3_libversion()) + " knows.");
        throw Error(sqlstate::kDataCorrupted, message + shown(sqlite3_errmsg(handle_.get())))
            .with_context(name_of(path_));
    }
}

} // namespace migrate::core::sqlite

#include "core/fdw/write_errors.hpp"

#include "core/error.hpp"
#include "core/sqlite/file_probe.hpp"

#include <array>
#include <cerrno>
#include <string>

#include <unistd.h>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

constexpr char kRaisedByTrigger[] = "P0001";
constexpr char kUniqueViolation[] = "23505";
constexpr char kCheckViolation[] = "23514";
constexpr char kIntegrityViolation[] = "23000";
constexpr char kDiskFull[] = "53100";
constexpr char kSerializationFailure[] = "40001";

struct Constraint {
    int result;
    const char *code;
    const char *what;
};

constexpr std::array kConstraints = {
    Constraint{SQLITE_CONSTRAINT_UNIQUE, kUniqueViolation, "a row breaks a unique key"},
    Constraint{SQLITE_CONSTRAINT_PRIMARYKEY, kUniqueViolation, "a row breaks the primary key"},
    Constraint{SQLITE_CONSTRAINT_ROWID, kUniqueViolation, "a row breaks the primary key"},
    Constraint{SQLITE_CONSTRAINT_NOTNULL, sqlstate::kNotNullViolation,
               "a row has NULL in a column that must not be NULL"},
    Constraint{SQLITE_CONSTRAINT_FOREIGNKEY, sqlstate::kForeignKeyViolation,
               "a row breaks a foreign key"},
    Constraint{SQLITE_CONSTRAINT_CHECK, kCheckViolation, "a row breaks a check constraint"},
    Constraint{SQLITE_CONSTRAINT_TRIGGER, kRaisedByTrigger, "a trigger refuses a row"},
    Constraint{SQLITE_CONSTRAINT_DATATYPE, sqlstate::kDatatypeMismatch,
               "a value has the wrong type"}};

std::string name_of(const sqlite::Database &database) {
    return "SQLite database \"" + sqlite::shown(database.path()) + "\"";
}

[[noreturn]] void fail_constraint(const sqlite::Database &database, int result,
                                  std::string_view doing) {
    const std::string says =
        "SQLite says: " + sqlite::shown(sqlite3_errmsg(database.handle())) + ".";
    for (const Constraint &each : kConstraints)
        if (each.result == result)
            throw Error(each.code, "could not " + std::string(doing) + ": " + each.what)
                .with_detail(says);
    throw Error(kIntegrityViolation, "could not " + std::string(doing) + ": a constraint is broken")
        .with_detail(says);
}

[[noreturn]] void fail_locked(const sqlite::Database &database, int result) {
    if (result == SQLITE_BUSY_SNAPSHOT)
        throw Error(kSerializationFailure, "could not write to " + name_of(database) +
                                               ": it was changed since this transaction read it")
            .with_hint("The transaction might succeed if retried.");
    if (database.is_interrupted())
        database.fail(SQLITE_INTERRUPT, "");
    throw Error(sqlstate::kLockNotAvailable, "could not lock " + name_of(database))
        .with_detail("Another program holds its lock.")
        .with_hint("Try again when that program is idle, or set \"lock_timeout\" to wait longer.");
}

std::string folder_of(const std::string &path) {
    const std::size_t slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace

void fail_write(const sqlite::Database &database, int result, std::string_view doing) {
    const std::string message = "could not " + std::string(doing) + ": ";
    switch (result & 0xff) {
    case SQLITE_CONSTRAINT:
        fail_constraint(database, result, doing);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        fail_locked(database, result);
    case SQLITE_MISMATCH:
        throw Error(sqlstate::kDatatypeMismatch, message + "the key of a row must be an integer");
    case SQLITE_FULL:
        throw Error(kDiskFull, message + "the disk or the database is full")
            .with_context(name_of(database));
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        if (result != SQLITE_READONLY_ROLLBACK && result != SQLITE_READONLY_RECOVERY)
            fail_read_only(database);
        database.fail(result, doing);
    case SQLITE_ERROR:
    case SQLITE_AUTH:
        throw Error(sqlstate::kFeatureNotSupported, message + "SQLite refuses the statement")
            .with_detail("SQLite says: " + sqlite::shown(sqlite3_errmsg(database.handle())) + ".")
            .with_hint("A trigger of the file may use what is not allowed here: virtual tables, "
                       "or functions that do more than compute.");
    default:
        database.fail(result, doing);
    }
}

void fail_read_only(const sqlite::Database &database) {
    const std::string &path = database.path();
    const std::string &user = database.options().os_user;
    const char *real_path = sqlite3_db_filename(database.handle(), "main");
    for (const std::string &each : {std::string(real_path), folder_of(real_path)})
        if (::access(each.c_str(), W_OK) != 0)
            throw Error(sqlstate::kInsufficientPrivilege, "cannot write to " + name_of(database) +
                                                              ": " + sqlite::system_message(errno))
                .with_detail("The operating system user \"" + user + "\" cannot write to \"" +
                             sqlite::shown(each) + "\".")
                .with_hint("SQLite writes the file and, in its folder, a journal.");
    if (sqlite::read_header(database.handle(), path).is_wal())
        throw Error(sqlstate::kObjectNotInPrerequisiteState,
                    "cannot write to " + name_of(database) +
                        ": it is in WAL mode and its application does not have it open")
            .with_detail("The -wal and -shm files that SQLite would make beside it would belong to "
                         "the operating system user \"" +
                         user + "\" and lock the application out.")
            .with_hint("Open the database with its application first, let \"" + user +
                       "\" and its group own the file, or run: sqlite3 \"" + sqlite::shown(path) +
                       "\" \"PRAGMA journal_mode = DELETE\".");
    database.fail(SQLITE_CANTOPEN, "write to " + name_of(database));
}

} // namespace migrate::core::fdw

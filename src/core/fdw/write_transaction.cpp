#include "core/fdw/write_transaction.hpp"

#include "core/error.hpp"
#include "core/fdw/write_errors.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/statement.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

constexpr char kTransactionRollback[] = "40000";

std::string savepoint(int level) {
    return "migrate_" + std::to_string(level);
}

} // namespace

void WriteTransaction::run(const std::string &sql, std::string_view doing) const {
    const int result = sqlite3_exec(database_->handle(), sql.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK)
        fail_write(*database_, sqlite3_extended_errcode(database_->handle()), doing);
}

bool WriteTransaction::try_run(const std::string &sql) const noexcept {
    return sqlite3_exec(database_->handle(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

void WriteTransaction::begin() {
    run("BEGIN IMMEDIATE", "begin a transaction");
}

// There is no statement for this but one that writes; one that finds nothing to write will do.
void WriteTransaction::upgrade(const Schema &schema) {
    const auto table = std::ranges::find(schema.tables, TableKind::ordinary, &Table::kind);
    if (table != schema.tables.end())
        run("DELETE FROM main." + sqlite::quote_name(table->name) + " WHERE 0",
            "begin a transaction");
}

// After errors such as a full disk SQLite ends the whole transaction.
bool WriteTransaction::is_lost() const noexcept {
    return is_broken_ || sqlite3_get_autocommit(database_->handle()) != 0;
}

void WriteTransaction::check() const {
    if (is_lost())
        throw Error(kTransactionRollback, "transaction in SQLite database \"" +
                                              sqlite::shown(database_->path()) +
                                              "\" was rolled back by SQLite")
            .with_detail("An earlier error, such as a full disk or a cancel, undid all that this "
                         "transaction had written to the file.");
}

void WriteTransaction::save(int level) {
    check();
    for (; level_ < level; ++level_)
        run("SAVEPOINT " + savepoint(level_ + 1), "set a savepoint");
}

void WriteTransaction::release(int level) {
    if (level_ < level)
        return;
    check();
    run("RELEASE " + savepoint(level), "release a savepoint");
    level_ = level - 1;
}

void WriteTransaction::undo(int level) noexcept {
    if (level_ < level)
        return;
    level_ = level - 1;
    if (is_lost())
        return;
    try {
        if (!try_run("ROLLBACK TO " + savepoint(level)) || !try_run("RELEASE " + savepoint(level)))
            is_broken_ = true;
    } catch (...) { // no memory for the name
        is_broken_ = true;
    }
}

void WriteTransaction::commit() {
    check();
    run("COMMIT", "commit");
}

void WriteTransaction::roll_back() noexcept {
    if (sqlite3_get_autocommit(database_->handle()) == 0)
        sqlite3_exec(database_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace migrate::core::fdw

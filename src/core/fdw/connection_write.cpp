// The writing half of Connection.
#include "core/error.hpp"
#include "core/fdw/connection.hpp"
#include "core/fdw/write_errors.hpp"

#include "core/core_only.hpp"

namespace migrate::core::fdw {

void Connection::set_busy_timeout(std::int64_t limit_ms) noexcept {
    options_.busy_timeout_ms = limit_ms;
    if (database_ != nullptr)
        database_->set_busy_timeout(limit_ms);
}

void Connection::forget_rows() noexcept {
    only_text_.clear();
    sizes_.clear();
}

// In REPEATABLE READ planning alone has opened a read transaction, from which no row was taken yet:
// a new one may see a later state, and can wait for the lock.
void Connection::begin_write() {
    if (has_written())
        return;
    if (is_reading_ && leases_ == 0 && !has_scanned_) {
        is_reading_ = false;
        database_->end_read();
    }
    if (!is_reading_) {
        start_writing();
        return;
    }
    if (sqlite3_db_readonly(database_->handle(), "main") != 0)
        fail_read_only(*database_);
    WriteTransaction transaction(*database_);
    transaction.upgrade(schema_);
    writing_ = transaction;
}

void Connection::start_writing() {
    const bool is_fresh = database_ == nullptr || is_stale();
    if (is_fresh)
        open();
    // What kept the file from being written may be over.
    if (!is_fresh && sqlite3_db_readonly(database_->handle(), "main") != 0)
        open();
    if (sqlite3_db_readonly(database_->handle(), "main") != 0)
        fail_read_only(*database_);
    WriteTransaction transaction(*database_);
    restore_authorizer();
    transaction.begin();
    writing_ = transaction;
    is_reading_ = true;
    has_scanned_ = false;
    forget_rows();
    try {
        refresh_catalog();
    } catch (...) {
        undo_write();
        throw;
    }
}

void Connection::commit_write() {
    writing_->commit();
    writing_.reset();
    is_reading_ = is_held_ = false;
    database_->forget_read();
}

void Connection::undo_write() noexcept {
    if (!has_written())
        return;
    writing_->roll_back();
    writing_.reset();
    is_reading_ = is_held_ = false;
    database_->forget_read();
    forget_rows();
}

} // namespace migrate::core::fdw

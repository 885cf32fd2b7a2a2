#include "core/sqlite/statement.hpp"

#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

Statement::Statement(const Database &database, std::string_view sql, std::string doing)
    : database_(&database), doing_(std::move(doing)) {
    sqlite3_stmt *statement = nullptr;
    // No statement of ours may touch a virtual table: its module would run on hostile data.
    const int result =
        sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_NO_VTAB, &statement, nullptr);
    statement_.reset(statement);
    if (result != SQLITE_OK)
        database.fail(result, doing_);
}

void Statement::bind(int position, std::string_view text) {
    const int result = sqlite3_bind_text64(statement_.get(), position, text.data(), text.size(),
                                           SQLITE_TRANSIENT, SQLITE_UTF8);
    if (result != SQLITE_OK)
        database_->fail(result, doing_);
}

void Statement::bind(int position, std::int64_t value) {
    const int result = sqlite3_bind_int64(statement_.get(), position, value);
    if (result != SQLITE_OK)
        database_->fail(result, doing_);
}

bool Statement::step() {
    const int result = step_code();
    if (result == SQLITE_ROW)
        return true;
    if (result == SQLITE_DONE)
        return false;
    database_->fail(result, doing_);
}

bool Statement::is_null(int column) const noexcept {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const noexcept {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
    const auto *bytes = sqlite3_column_text(statement_.get(), column);
    if (bytes == nullptr)
        return "";
    // The size is asked after the text: it counts the bytes of the encoding asked for last.
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return std::string(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(size));
}

std::string quote_name(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

} // namespace migrate::core::sqlite

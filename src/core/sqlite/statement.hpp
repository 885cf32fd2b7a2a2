// A prepared statement of a Database. Owns the handle; the Database must outlive it.
#pragma once

#include "core/sqlite/database.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace migrate::core::sqlite {

struct FinalizeStatement {
    void operator()(sqlite3_stmt *statement) const noexcept { sqlite3_finalize(statement); }
};

class Statement {
  public:
    // `doing` completes "could not …" in errors.
    Statement(const Database &database, std::string_view sql, std::string doing);

    void bind(int position, std::string_view text);
    void bind(int position, std::int64_t value);
    // True for a row, false at the end; throws Error otherwise (57014 when the flag stopped it).
    bool step();
    // The same, but gives back SQLite's result code; throws for nothing.
    int step_code() noexcept { return sqlite3_step(statement_.get()); }
    void reset() noexcept { sqlite3_reset(statement_.get()); }

    bool is_null(int column) const noexcept;
    std::int64_t integer(int column) const noexcept;
    std::string text(int column) const; // "" for NULL; bytes as they are, NULs too

    sqlite3_stmt *handle() const noexcept { return statement_.get(); }
    const Database &database() const noexcept { return *database_; }
    const std::string &doing() const noexcept { return doing_; }

  private:
    const Database *database_;
    std::string doing_;
    std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement_;
};

// "name" with quotes doubled: an identifier for SQLite's own SQL.
std::string quote_name(std::string_view name);

} // namespace migrate::core::sqlite

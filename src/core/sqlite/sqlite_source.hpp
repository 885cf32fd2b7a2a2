// A SQLite file as a Source of rows.
//
//     auto source = SqliteSource::open("/data/shop.db", options);
//     auto reader = source->read(table, {0, 1, 2});
#pragma once

#include "core/source.hpp"
#include "core/sqlite/database.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace migrate::core::sqlite {

class SqliteSource final : public Source {
  public:
    // Opens the file, begins the read transaction and reads the catalog.
    static std::unique_ptr<SqliteSource> open(const std::string &path, const OpenOptions &options);

    const Schema &schema() const override { return schema_; }
    // For core/plan/tenancy, before anything is planned of it or points into it.
    Schema &mutable_schema() noexcept { return schema_; }
    // After that: throws Error 23502 or 23503 for the rows whose tenant is not known or not that of
    // the rows they refer to (core/sqlite/tenant_check.hpp).
    void check_tenants() const;
    // A cell over max_value_size throws Error 54000 with table, column and row. Rows of a rowid
    // table carry their rowid; others their ordinal from 1.
    std::unique_ptr<RowReader> read(const Table &table, const std::vector<int> &columns) override;
    void finish() override { database_->end_read(); }

    const Database &database() const noexcept { return *database_; }
    // Number of rows (SQLite's count(*)).
    std::int64_t count_rows(const Table &table) const;
    // Smallest and largest of the column's non-zero numbers, nothing when it holds none.
    std::optional<std::pair<double, double>> number_range(const Table &table, int column) const;

  private:
    SqliteSource(std::unique_ptr<Database> database, Schema schema)
        : database_(std::move(database)), schema_(std::move(schema)) {}

    std::unique_ptr<Database> database_;
    Schema schema_;
};

struct BackupResult {
    std::int64_t bytes = 0;
    std::int64_t pages = 0;
    bool is_done = false; // false: stopped by the interrupt flag; nothing is left behind
};

// SQLite's online backup of `path` into the new file `backup_path`, which must not exist (58P02)
// and is made with mode 0600. On any failure or interruption the new file is removed.
BackupResult backup_database(const std::string &path, const std::string &backup_path,
                             const OpenOptions &options);

} // namespace migrate::core::sqlite

// The opened SQLite file of one foreign server, shared by all scans of a backend.
//
//     auto connection = std::make_shared<Connection>("/data/shop.db", options);
//     Lease lease(connection);                       // the read transaction begins
//     const Relation *item = lease->find("item");
//     … scan … lease.finish();                       // the last one ends it
//
// From the first lease to the end of the last one there is one read transaction, so that all scans
// of a statement see one state of the file, and an idle session keeps no lock on it.
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/database.hpp"

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace migrate::core::fdw {

// A table or view of the file that can be scanned.
struct Relation {
    const Table *table = nullptr; // a view has no rowid, keys or indexes
    bool is_view = false;
};

// How large a table is, as far as a look at the file tells.
struct TableSize {
    double rows = 0;
    double pages = 0;
    double page_size = 4096;
};

class Connection {
  public:
    Connection(std::string path, const sqlite::OpenOptions &options)
        : path_(std::move(path)), options_(options) {}

    const std::string &path() const noexcept { return path_; }

    // These need a lease.
    const sqlite::Database &database() const noexcept { return *database_; }
    const Schema &schema() const noexcept { return schema_; }
    // The table or view that the name means: spelled like that, or but for the case of ASCII
    // letters. nullptr when there is none. Good until the read transaction ends. Throws Error for a
    // virtual table and for a view that cannot be read.
    const Relation *find(std::string_view name);
    // Lets views be read, in this transaction and later ones.
    void use_views();
    // Estimated from sqlite_stat1, the greatest rowid and the file's size; remembered until the
    // file changes.
    TableSize size(const Relation &relation);

    // Whether the column stores nothing but text and NULL, as an index tells in this very
    // transaction; false where no index can. `column` is an index into Table::columns.
    bool has_only_text(const Relation &relation, int column);

    // Keeps the read transaction beyond the last lease, until release().
    void hold() noexcept { is_held_ = true; }
    // Ends what hold() kept, if no lease is open. Throws Error 55006 when the file was changed.
    void release();
    bool is_in_use() const noexcept { return leases_ > 0 || is_held_; }

  private:
    friend class Lease;
    void acquire();
    void give_back();        // throws as release() does
    void abandon() noexcept; // the same without a word
    void start_reading();
    void stop_reading();
    void open();
    bool is_stale() const noexcept;
    void refresh_catalog();
    std::int64_t pragma_value(const char *sql) const;
    void restore_authorizer() const;
    const Relation *keep(const Table *table, bool is_view);

    std::string path_;
    sqlite::OpenOptions options_;
    std::unique_ptr<sqlite::Database> database_;
    Schema schema_;
    std::optional<std::int64_t> schema_version_; // nothing: not read yet
    std::optional<std::int64_t> data_version_;
    std::list<Table> views_;                                 // described when asked for
    std::map<std::string, Relation, std::less<>> relations_; // by the table's name
    std::map<std::string, TableSize, std::less<>> sizes_;    // by the table's name
    std::map<std::pair<std::string, int>, bool> only_text_;  // of this read transaction
    int leases_ = 0;
    bool is_reading_ = false;
    bool is_held_ = false;
    bool has_views_ = false; // allow_views was called
};

// A share in a connection's read transaction. An object that goes without finish() gives it back
// and swallows what might be wrong: something else is wrong already.
class Lease {
  public:
    explicit Lease(std::shared_ptr<Connection> connection);
    Lease(const Lease &) = delete;
    Lease &operator=(const Lease &) = delete;
    ~Lease();
    // Throws Error 55006 when the file was changed while it was read.
    void finish();
    Connection *operator->() const noexcept { return connection_.get(); }
    Connection &operator*() const noexcept { return *connection_; }

  private:
    std::shared_ptr<Connection> connection_;
};

} // namespace migrate::core::fdw

// The SQLite transaction behind the writes of one PostgreSQL transaction, with a savepoint of
// SQLite's for each subtransaction that writes.
//
//     WriteTransaction writes(database);
//     writes.begin(1);
//     writes.save(2);      // before a write at nesting level 2
//     writes.undo(2);      // ROLLBACK TO the level's savepoint, which goes
//     writes.commit();
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/database.hpp"

#include <string>
#include <string_view>

namespace migrate::core::fdw {

class WriteTransaction {
  public:
    // The Database must outlive it.
    explicit WriteTransaction(const sqlite::Database &database) : database_(&database) {}

    // Takes the write lock. Throws Error 55P03 when another program holds it for longer than the
    // connection waits.
    void begin();
    // The same inside the read transaction that the connection has already: 40001 when the file
    // was changed since that began, 55P03 at once when another program is writing.
    void upgrade(const Schema &schema);

    // Savepoints for all levels down to `level`; the outermost transaction is level 1. Throws as
    // check() does.
    void save(int level);
    // Throws 40000 when SQLite has rolled the transaction back by itself: what is read then lacks
    // what was written.
    void check() const;
    // The subtransaction of that level was committed.
    void release(int level);
    // … was rolled back. What goes wrong shows at the next save() or at commit().
    void undo(int level) noexcept;

    // Throws Error and leaves the transaction as it is: 55P03 when readers hold their locks for too
    // long, 23503 for a deferred foreign key, 53100 for a full disk, 40000 as check().
    void commit();
    void roll_back() noexcept;

  private:
    bool is_lost() const noexcept;
    void run(const std::string &sql, std::string_view doing) const;
    bool try_run(const std::string &sql) const noexcept;

    const sqlite::Database *database_;
    int level_ = 1; // of the innermost savepoint
    bool is_broken_ = false;
};

} // namespace migrate::core::fdw

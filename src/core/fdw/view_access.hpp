// Reading a view of a SQLite file: the one moment in which SQLite may run SQL that the file brings.
//
//     const ViewAccess access(database);
//     Statement rows(database, "SELECT … FROM main.\"v\"", …);
//
// While it lives, views are on and the authorizer lets a view's body read tables and call the
// functions of the closed list, the aggregates and the window functions; nothing else. Statements
// prepared meanwhile may be stepped afterwards.
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/database.hpp"

#include <string>

namespace migrate::core::fdw {

class ViewAccess {
  public:
    explicit ViewAccess(const sqlite::Database &database);
    ViewAccess(const ViewAccess &) = delete;
    ViewAccess &operator=(const ViewAccess &) = delete;
    ~ViewAccess();

  private:
    sqlite3 *handle_;
};

// A view as a table without rowid: its columns with the types that SQLite knows of them, "" for an
// expression. Throws Error when the view cannot be read: it calls a function that is not on the
// list, names a virtual table, or is not valid.
Table describe_view(const sqlite::Database &database, const std::string &name);

} // namespace migrate::core::fdw

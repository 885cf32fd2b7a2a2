// A SQLite file as foreign tables: the tables and views of the file with the names and types that
// an import would give them (types.md), as CREATE FOREIGN TABLE statements.
//
//     ForeignSchema schema(lease, options);
//     for (std::size_t i = 0; i < schema.names().size(); ++i) schema.choose(i);
//     while (schema.profile_some()) …            // every value of the chosen ones is read
//     schema.statements("shop")
#pragma once

#include "core/fdw/connection.hpp"
#include "core/fdw/query_reader.hpp"
#include "core/plan/plan.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace migrate::core::fdw {

class ForeignSchema {
  public:
    // The connection must be leased for as long as this lives. What cannot be read at all (a
    // virtual table, a view that calls an unknown function) has no name here, but a note.
    ForeignSchema(Connection &connection, const plan::PlanRequest &request);

    // The names in PostgreSQL.
    const std::vector<std::string> &names() const noexcept { return names_; }
    struct Note {
        std::string name; // in the file
        std::string text;
    };
    const std::vector<Note> &notes() const noexcept { return notes_; }
    void choose(std::size_t table) { chosen_.push_back(table); }

    // Reads the next rows of the chosen tables; false after the last, when the types are decided.
    bool profile_some();
    // One statement a chosen table.
    std::vector<std::string> statements(const std::string &server) const;

  private:
    void add_views();
    void start_profile(std::size_t table);
    std::string statement(const plan::TablePlan &table, const std::string &server) const;

    Connection *connection_;
    Schema schema_; // views as tables
    std::unique_ptr<plan::Plan> plan_;
    std::vector<std::string> names_;
    std::vector<Note> notes_;
    std::vector<std::size_t> chosen_;
    // While values are read:
    std::size_t next_ = 0; // in chosen_
    std::unique_ptr<plan::TableProfile> profile_;
    std::unique_ptr<QueryReader> reader_;
    std::unique_ptr<Batch> batch_;
};

} // namespace migrate::core::fdw

// Virtual tables and the ordinary tables in which their modules keep data, told apart by texts and
// names alone: a virtual table is never named in a statement.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::sqlite {

// The module's name when `sql` is a CREATE VIRTUAL TABLE ("" when it is not readable), else
// nothing.
std::optional<std::string> virtual_module(std::string_view sql);

// Finds the virtual table that a shadow table serves (vtab.html, 2.17): its name, "_" and a suffix
// that the module uses.
class ShadowTables {
  public:
    // Remembers the virtual table `name`, created by `sql`.
    void add(const std::string &name, std::string_view sql);
    // The virtual table that owns the table `name`, or nullptr.
    const std::string *owner_of(const std::string &name) const;

  private:
    struct Owner {
        std::string name;
        std::vector<std::string_view> suffixes;
    };
    std::map<std::string, Owner> owners_; // by the name in lower case
};

} // namespace migrate::core::sqlite

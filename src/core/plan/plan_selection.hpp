// Which tables and views of a file the caller chose: the arguments `tables` and `exclude`.
#pragma once

#include "core/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::plan {

// One pattern: a source name, quoted as in SQL when it holds a dot; outside of quotes * and ? are
// wildcards. Compared as SQLite compares names, without the case of ASCII letters.
class NamePattern {
  public:
    explicit NamePattern(std::string_view text);
    bool matches(std::string_view name) const;
    bool has_wildcard() const noexcept { return has_wildcard_; }
    const std::string &name() const noexcept { return pattern_; } // folded, without quotes

  private:
    std::string pattern_;
    bool has_wildcard_ = false;
};

// By the indexes of Schema::tables and Schema::views. Only ordinary tables are ever chosen.
struct Selection {
    std::vector<bool> tables;
    std::vector<bool> views;
};

// All when `tables` is empty, else those that a pattern matches; less those that match `exclude`.
// Throws Error 42P01 for a pattern that matches nothing, with the nearest name, and 42809 for one
// that names a table which is never imported.
Selection select_relations(const Schema &schema, const std::vector<std::string> &tables,
                           const std::vector<std::string> &exclude);

} // namespace migrate::core::plan

// Names of the source as names of PostgreSQL: folded by option "identifiers", cut to 63 bytes on a
// character boundary, kept apart from system columns and from each other by stable suffixes.
//
//     Namer relations(options.identifiers, NameSpace::relation);
//     Named name = relations.take("Order Details");   // order details, with why it changed
#pragma once

#include "core/import_options.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace migrate::core::plan {

inline constexpr std::size_t kMaxNameBytes = 63; // NAMEDATALEN - 1

// A control character becomes _, and so does a byte that is no character: the name, or a note that
// holds it, would print as something else than it is (types.md, rule 5).
std::string replace_controls(std::string_view name);

// ASCII lower case: how SQLite compares names.
std::string fold_ascii(std::string_view name);

// Folding alone: ASCII lower case, as it is, or snake_case (OrderItems → order_items).
std::string fold_name(std::string_view name, Identifiers identifiers);

// Folded, cut and without control characters, but not kept apart from any other name: for names
// that stand alone (the columns of a view).
std::string clean_name(std::string_view name, Identifiers identifiers);

// "orders" "customer_id" "fkey" → orders_customer_id_fkey, both names cut in turns until the whole
// fits, as PostgreSQL makes its names (makeObjectName). `second` may be empty.
std::string make_object_name(std::string_view first, std::string_view second,
                             std::string_view label);

// "name", quoted only where PostgreSQL needs it (quote_identifier of ruleutils.c): for people.
std::string display_identifier(std::string_view name);

enum class NameSpace : unsigned char { relation, column, constraint };

struct Named {
    std::string name;
    // Why it is not the source's spelling, as a note without the names: "folded to lower case",
    // "cut to 63 bytes", "is a system column", "the name is taken", "control characters replaced".
    std::string note;
    bool is_only_folded = false; // nothing but the case changed
};

// Gives each name once. Names taken first keep their spelling; the order of the source decides.
class Namer {
  public:
    Namer(Identifiers identifiers, NameSpace space);
    Named take(std::string_view source_name);
    // A name that is made, not read (orders_pkey): folded already, suffixed when taken.
    std::string take_made(std::string_view name);
    void reserve(std::string_view target_name);
    bool is_taken(std::string_view target_name) const { return taken_.contains(target_name); }

  private:
    std::string make_unique(std::string name);

    Identifiers identifiers_;
    NameSpace space_;
    std::set<std::string, std::less<>> taken_;
    // The next suffix to try of a name: a file with many equal names costs no search.
    std::map<std::string, std::size_t, std::less<>> next_suffix_;
};

} // namespace migrate::core::plan

// Comparisons with SQLite's affinities, storage classes and collations (datatype3, sections 4-7).
#pragma once

#include "core/plan/printed_value.hpp"

#include <string>
#include <string_view>

namespace migrate::core::plan {

// Both sides as PostgreSQL compares them alike.
struct AlignedPair {
    std::string left;
    std::string right;
    std::string op_schema = "pg_catalog"; // that of citext for a citext comparison
    // Not empty when the values never are equal, as text is no number: "<" tells that the left
    // side sorts first, ">" the right, "<>" neither.
    std::string fixed_order;
};
AlignedPair align(PrintContext &context, std::string_view op, const PrintedValue &left,
                  const PrintedValue &right);

// op: = <> < <= > >= IS "IS NOT". The result is boolean.
PrintedValue compare(PrintContext &context, std::string_view op, const PrintedValue &left,
                     const PrintedValue &right);

// The value as ORDER BY, min() and max() order it, text by bytes; throws for types without order.
std::string ordered(PrintContext &context, const PrintedValue &value);
// Throws unless PostgreSQL tells the values apart as SQLite does (GROUP BY, DISTINCT, UNION).
void check_distinct(const PrintedValue &value, std::string_view what);
// The value as an index holds it: NOCASE and RTRIM applied.
std::string with_collation(PrintContext &context, const PrintedValue &value);

} // namespace migrate::core::plan

// A condition of a query on a foreign table, as plain data: what the WHERE clause says of one
// column, with its operand as PostgreSQL computed it. core/fdw/predicate.hpp makes SQLite's SQL of
// it, or refuses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace migrate::core::fdw {

// What the operator compares, after PostgreSQL's own rules have chosen it.
enum class Family : std::uint8_t {
    any,     // nothing: IS [NOT] NULL
    integer, // smallint, integer, bigint
    real,    // double precision
    numeric, // numeric
    text,    // text and varchar: equality that is bytewise, order only where that is bytewise too
    boolean,
    moment, // date, timestamp, timestamptz
};

enum class Comparison : std::uint8_t {
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    any_of, // = ANY (array)
    is_null,
    is_not_null,
    is_true,  // and IS NOT FALSE but for NULL
    is_false, // boolean columns alone
};

// The value that the column is compared with.
struct Operand {
    enum class Kind : std::uint8_t {
        null,
        integer, // family moment: days since 2000-01-01, the day in which the moment lies
        real,
        text,    // in UTF-8; family numeric: plain decimal digits
        unknown, // one that no rule takes (infinity, NaN): the condition is not pushed this time
    };
    Kind kind = Kind::null;
    std::int64_t integer = 0;
    double real = 0;
    std::string text;
};

struct Condition {
    int column = 0; // index into Table::columns
    Family family = Family::any;
    Comparison comparison = Comparison::equal;
    std::vector<Operand> operands; // one; any_of: the elements; none for IS …
};

// Alternatives, joined by OR.
using Alternatives = std::vector<Condition>;

} // namespace migrate::core::fdw

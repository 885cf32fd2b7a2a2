// One value in a form that both sides of a verification agree on, made by two routes that share no
// code with the import's conversion: the source's from its cell, the target's from the text that
// PostgreSQL's output function prints.
//
// The target's actual column type decides the form; the settings of the target's text are pinned
// (DateStyle ISO, IntervalStyle postgres, TimeZone UTC, extra_float_digits 3, bytea_output hex).
#pragma once

#include "core/cell.hpp"
#include "core/import_options.hpp"
#include "core/type.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::verify {

// A column as the target's catalog has it, and what the run agreed to.
struct VerifyColumn {
    std::string source_name;
    std::string target_name;
    // smallint and integer count as bigint, real as double precision, char(n) as varchar; a time of
    // fewer than six digits of a second has them as its length.
    Type type;
    bool is_float4 = false;
    bool is_blank_padded = false; // char(n)
    EpochUnit epoch = EpochUnit::none;
    TypeMismatch on_mismatch = TypeMismatch::widen;
    InvalidText invalid_text = InvalidText::error;
    std::vector<std::string> null_texts;
    bool is_key = false; // part of the key that rows are matched by
    // Text such as "12.50" counts as its number in bigint, numeric and double precision columns
    // when it is written as PostgreSQL would print it.
    bool takes_number_text = true;
    // False on a server that keeps bytes as they are (SQL_ASCII): only NUL is invalid then.
    bool is_utf8_checked = true;
    std::int64_t min_integer = std::numeric_limits<std::int64_t>::min(); // kind bigint
    std::int64_t max_integer = std::numeric_limits<std::int64_t>::max();
    bool is_array = false; // kind other
    bool is_json_array = false;
    bool refuses_numbers = false; // kind other: a number fits no value of it
};

enum class Agreement : unsigned char {
    exact,
    rounded,  // to microseconds
    nulled,   // a misfit under on_type_mismatch: null, or a NULL text
    replaced, // invalid text under invalid_text: replace
    rejected, // the whole row is not expected in the target
    misfit,   // no value of the target's type can equal this one
    naive,    // a local time of a zone other than UTC: `out` holds its microseconds as text, and
              // the caller moves it to UTC (only when is_utc_zone is false)
};

// Appends the canonical bytes of a source cell. NULL, text, blob and number are kept apart by a
// leading tag.
Agreement canonical_source(const Cell &cell, const VerifyColumn &column, bool is_utc_zone,
                           std::string &out);

// Appends the canonical bytes of a target value; nullopt is NULL.
void canonical_target(std::optional<std::string_view> text, const VerifyColumn &column,
                      std::string &out);

// The canonical bytes of a timestamptz that the caller moved to UTC.
void canonical_instant(std::int64_t microseconds_since_2000, std::string &out);

// The unit in which both numbers lie between the years 2000 and 2100, or none (types.md).
EpochUnit unit_of_range(double lowest, double highest) noexcept;

} // namespace migrate::core::verify

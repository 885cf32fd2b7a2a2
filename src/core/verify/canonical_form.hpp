// The bytes of the canonical form, and what its makers share. Private to core/verify.
//
// A canonical value is one tag byte and a payload. Bytes of fixed width are big-endian, so that the
// form does not depend on the machine:
//
//     n            NULL
//     b t|f        boolean
//     i digits     bigint                      d 121e-1     numeric (digits, exponent of ten)
//     f 8 bytes    double precision            F 4 bytes    real
//     s bytes      text, json                  x bytes      bytea
//     D 8 bytes    date, days since 2000       T 8 bytes    time, microseconds
//     Z 8 bytes    timestamp, microseconds     u 16 bytes   uuid
//     J text       jsonb, keys sorted
//     ! …          source value of another type, never equal to any target value
//     ? …          target text that its own type cannot print (never expected)
#pragma once

#include "core/cell.hpp"
#include "core/verify/canonical.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace migrate::core::verify {

namespace tag {
inline constexpr char kNull = 'n';
inline constexpr char kBoolean = 'b';
inline constexpr char kInteger = 'i';
inline constexpr char kDecimal = 'd';
inline constexpr char kFloat8 = 'f';
inline constexpr char kFloat4 = 'F';
inline constexpr char kText = 's';
inline constexpr char kBytes = 'x';
inline constexpr char kDate = 'D';
inline constexpr char kTime = 'T';
inline constexpr char kInstant = 'Z';
inline constexpr char kUuid = 'u';
inline constexpr char kJsonb = 'J';
inline constexpr char kMisfit = '!';
inline constexpr char kUnreadable = '?';
} // namespace tag

// PostgreSQL's infinity and -infinity of dates and timestamps.
inline constexpr std::int64_t kInfinity = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kMinusInfinity = std::numeric_limits<std::int64_t>::min();

// What became of a source value, before the policies of the options.
enum class Outcome : unsigned char {
    exact,
    rounded, // to microseconds
    naive,   // a local time; its microseconds were appended as text
    misfit,  // nothing was appended
    invalid, // text that is not valid; nothing was appended
};

// Appends the canonical form of a source value that is not NULL.
Outcome append_source(const Cell &cell, const VerifyColumn &column, bool is_utc_zone,
                      std::string &out);

// A tag and a number of 8 bytes.
void append_number(char tag, std::int64_t value, std::string &out);
// The number behind a tag; `bytes` are the 8 bytes of the payload.
std::int64_t read_number(std::string_view bytes) noexcept;

// A tag and bytes.
void append_bytes(char tag, std::string_view bytes, std::string &out);

// The form of kind `other`: a text that a type of the caller's printed or will read.
void append_free_text(std::string_view text, std::string &out);

// The form of a number for double precision and real columns.
void append_float(double value, bool is_float4, std::string &out);

} // namespace migrate::core::verify

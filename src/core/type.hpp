// A PostgreSQL type as a plan names it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace migrate::core {

enum class TypeKind : std::uint8_t {
    boolean,
    bigint,
    numeric,
    float8,
    text,
    varchar,
    bytea,
    date,
    time,
    timestamp,
    timestamptz,
    json,
    jsonb,
    uuid,
    citext,
    other, // one that the caller named in option "types"; PostgreSQL's input function decides
};

struct Type {
    TypeKind kind = TypeKind::text;
    // varchar(n): n; numeric(p,s): p; digits of a second of a time that has fewer than six; -1 for
    // none.
    std::int32_t length = -1;
    std::int32_t scale = 0; // numeric(p,s): s
    std::string name;       // kind other: the type's SQL as PostgreSQL formatted it

    // The SQL of the type, built-in names without quotes or schema ("timestamp with time zone").
    // citext is printed as "citext": the caller of the printer qualifies it.
    std::string sql() const;
    bool is_text_like() const noexcept; // text, varchar, citext
    bool is_time_like() const noexcept; // date, timestamp, timestamptz
    bool operator==(const Type &) const = default;
};

Type make_type(TypeKind kind);
Type make_varchar(std::int32_t length);
Type make_numeric(std::int32_t precision, std::int32_t scale);

// What a number in a date or time column counts (option "epoch").
enum class EpochUnit : std::uint8_t {
    none,         // nothing: numbers are not times
    seconds,      // since 1970, fractions allowed
    milliseconds, // since 1970
    microseconds,
    nanoseconds,
    julian, // Julian day number, days since noon of -4713-11-24
    apple,  // seconds since 2001-01-01
};

// "seconds since 1970-01-01", "milliseconds since 1970-01-01", …: the words of a note.
std::string_view epoch_unit_words(EpochUnit unit) noexcept;

} // namespace migrate::core

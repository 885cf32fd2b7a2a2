// One value of a row, as a source stores it and, after conversion, as PostgreSQL takes it.
//
// A cell is 16 bytes and owns nothing: its bytes live in the Batch that holds the row, until that
// batch is cleared.
#pragma once

#include <cstdint>
#include <string_view>

namespace migrate::core {

// SQLite's storage classes (https://www.sqlite.org/datatype3.html, section 2).
enum class StorageClass : std::uint8_t { null, integer, real, text, blob };

// The word that messages and notes use: "null", "integer", "real", "text", "blob".
std::string_view storage_class_name(StorageClass storage) noexcept;

// After conversion (core/convert.hpp) the column's type says how to read the cell:
//
//   boolean                 integer 0 or 1
//   bigint                  integer
//   double precision        real
//   numeric                 integer / 10^scale with `scale` digits after the point, or text:
//                           plain decimal digits such as -12.50 or 1e300
//   date                    integer: days since 2000-01-01
//   time                    integer: microseconds since midnight
//   timestamp, timestamptz  integer: microseconds since 2000-01-01 00:00:00 (UTC)
//   uuid                    blob of 16 bytes
//   text, varchar, citext, json, jsonb, other   text
//   bytea                   blob
struct Cell {
    StorageClass storage = StorageClass::null;
    // Set on a timestamptz whose text named no zone: `integer` then counts local time of the
    // option "timezone", and the PostgreSQL layer moves it to UTC when that zone is not UTC.
    bool is_naive = false;
    // Of a converted numeric that is an integer: 1250 with scale 2 is 12.50. Else 0.
    std::uint8_t scale = 0;
    std::uint32_t size = 0; // bytes of text or blob
    union {
        std::int64_t integer = 0;
        double real;
        // Text and blobs from Batch::store: 4 writable bytes precede them, on a 4-byte boundary
        // (room for a varlena header), and a NUL follows them that `size` does not count.
        const char *bytes;
    };

    bool is_null() const noexcept { return storage == StorageClass::null; }
    std::string_view view() const noexcept { return {bytes, size}; }
    void set_null() noexcept { storage = StorageClass::null; }
    void set_integer(std::int64_t value) noexcept {
        storage = StorageClass::integer;
        integer = value;
    }
    void set_decimal(std::int64_t value, int digits) noexcept {
        set_integer(value);
        scale = static_cast<std::uint8_t>(digits);
    }
    void set_real(double value) noexcept {
        storage = StorageClass::real;
        real = value;
    }
};
static_assert(sizeof(Cell) == 16);

} // namespace migrate::core

// How a CSV file is written: what separates fields, what quotes them, what ends a line.
//
//     Dialect dialect;            // RFC 4180, as COPY ... (FORMAT csv) reads it
//     dialect.delimiter = ";";
//     check_dialect(dialect);
#pragma once

#include <cstdint>
#include <string>

namespace migrate::core::csv {

// How a quote stands inside a quoted field: doubled (RFC 4180, 2.7), or behind one ASCII byte, such
// as \". With such an escape a doubled quote is none: "a""b" is ab, as COPY (ESCAPE '\') has it,
// and the escape is plain before anything but a quote or another escape.
inline constexpr char kDoubled = '\0';

enum class Newline : std::uint8_t {
    automatic, // LF, with or without CR before it, mixed at will; a lone CR is data
    lf,        // LF; CR before it is data
    crlf,      // CR LF; either alone is data
    cr,        // CR; LF is data
};

// What a quote means that follows other bytes of an unquoted field.
enum class InnerQuote : std::uint8_t {
    copy,    // COPY's way: it opens a quoted part, a"b,c"d is the one field ab,cd
    literal, // it is a character like others: 5" pipe. Only a quote that begins a field opens one,
             // and what follows its closing quote is taken as it stands
};

struct Dialect {
    std::string delimiter = ","; // 1 to 4 bytes of UTF-8
    char quote = '"';            // '\0': no quoting at all
    char escape = kDoubled;
    InnerQuote inner_quote = InnerQuote::copy;
    Newline newline = Newline::automatic;
    std::string comment; // a record whose first line begins with it is none; empty: no comments
    std::int64_t max_line_size = std::int64_t{64} << 20; // bytes of a line, and of a whole record

    bool operator==(const Dialect &) const = default;
};

// Throws Error 22023 for a dialect that no file can be read by: a delimiter that is empty, longer
// than 4 bytes, no text, or holds the quote, the escape or a line end; a quote that is no ASCII
// character, or is the escape too; an escape that is none; a comment with a line end; a
// max_line_size below 1.
void check_dialect(const Dialect &dialect);

} // namespace migrate::core::csv

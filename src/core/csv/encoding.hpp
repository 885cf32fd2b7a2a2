// What an encoding is to core: UTF-8 is taken as it is, UTF-16 is converted here, and any other is
// a name that the PostgreSQL layer converts by, a block of whole lines at a time.
//
//     EncodingGuess guess = detect_encoding(sample, is_whole_file);
//     LineReader lines(stream, guess.encoding, dialect);
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace migrate::core::csv {

enum class Charset : std::uint8_t { utf8, utf16_le, utf16_be, other };

struct Encoding {
    Charset charset = Charset::utf8;
    std::string name = "UTF8"; // PostgreSQL's name for it where it has one
    std::size_t bom_size = 0;  // bytes of byte order mark that the file begins with

    bool operator==(const Encoding &) const = default;
};

struct EncodingGuess {
    Encoding encoding;
    // A byte order mark, or every byte of the file is valid. False for valid UTF-8 of which only a
    // part was seen, and for the guess of a single-byte encoding.
    bool is_certain = false;
    // Bytes of no valid UTF-8 were found and a single-byte encoding was guessed: say so to the
    // user.
    bool is_guess = false;
    std::string evidence; // a sentence: "The byte 0xE9 at offset 17 is no UTF-8."
};

// The encoding of a file by its first bytes: by the byte order mark, else UTF-16 by the parity of
// its zero bytes, else UTF-8 when all of `sample` is valid, else WIN1252 (LATIN1 where a byte that
// WIN1252 lacks occurs) as a guess. `is_whole_file` tells that nothing follows the sample.
EncodingGuess detect_encoding(std::string_view sample, bool is_whole_file);

// The same for a file that is ASCII up to `offset`, where `bytes` begin: UTF-8 when they are valid,
// else a single-byte encoding as a guess. `is_end` tells that nothing follows them.
EncodingGuess detect_behind_ascii(std::string_view bytes, std::size_t offset, bool is_end);

// The encoding that the caller's option names; the sample tells whether the file begins with the
// byte order mark of it, and for "utf-16" which one it is. An unknown name is Charset::other: the
// server knows more names than core.
Encoding named_encoding(std::string_view name, std::string_view sample);

// Every encoding that PostgreSQL takes from a client reads ASCII bytes as ASCII.
bool is_ascii(std::string_view bytes) noexcept;

} // namespace migrate::core::csv

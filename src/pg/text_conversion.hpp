// Text of a file's encoding into UTF-8, by the server's own conversions: the very ones that COPY
// uses, so that both read the same characters.
//
//     TextConversion *conversion = open_conversion("latin1");
//     if (!convert_to_utf8(conversion, bytes, size, &text)) … the bytes are no text in it
#pragma once

#include <cstddef>

#include "pg/postgres.hpp"

namespace migrate::pg {

struct TextConversion;

// 22023 for a name of an encoding that the server does not know.
void check_encoding_name(const char *encoding);
// Finds the encoding by any of the names that the server knows. Lives in the current memory
// context. 22023 for a name that it does not know, 42883 without a conversion into UTF-8.
TextConversion *open_conversion(const char *encoding);
// Gives back what it took, which may be several times a file's block.
void close_conversion(TextConversion *conversion);
// The server's own name of it: "LATIN1".
const char *conversion_name(const TextConversion *conversion);

// The text lives until the next call with this conversion. Returns false when some of the bytes are
// no text in the encoding; `text` is then what comes before them.
struct ConvertedBytes {
    const char *bytes;
    std::size_t size;
};
bool convert_to_utf8(TextConversion *conversion, const char *bytes, std::size_t size,
                     ConvertedBytes *text);

} // namespace migrate::pg

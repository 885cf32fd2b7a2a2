#include "pg/text_conversion.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"
}

namespace migrate::pg {

struct TextConversion {
    MemoryContext memory;
    int encoding;
    Oid proc; // invalid: the bytes are UTF-8 already and are only checked
    char *buffer;
    Size room;
};

namespace {

// A function of conversion takes an int; longer bytes go in parts, cut between characters.
constexpr std::size_t kPartSize = std::size_t{16} << 20;

// The end of the last whole character within `size` bytes.
std::size_t whole_characters(int encoding, const char *bytes, std::size_t size) {
    std::size_t end = 0;
    while (end < size) {
        auto length = static_cast<std::size_t>(pg_encoding_mblen(encoding, bytes + end));
        if (end + length > size)
            break;
        end += length;
    }
    return end;
}

std::size_t part_of(const TextConversion *conversion, const char *bytes, std::size_t size) {
    if (size <= kPartSize)
        return size;
    std::size_t end = whole_characters(conversion->encoding, bytes, kPartSize);
    return end > 0 ? end : size;
}

void make_room(TextConversion *conversion, Size room) {
    if (room <= conversion->room)
        return;
    if (conversion->buffer != nullptr)
        pfree(conversion->buffer);
    conversion->buffer = nullptr;
    conversion->buffer = static_cast<char *>(MemoryContextAllocHuge(conversion->memory, room));
    conversion->room = room;
}

// How many of the bytes were converted; what they became is behind `used` in the buffer.
std::size_t convert_part(TextConversion *conversion, const char *bytes, std::size_t size,
                         std::size_t used) {
    auto *source = reinterpret_cast<unsigned char *>(const_cast<char *>(bytes));
    auto *target = reinterpret_cast<unsigned char *>(conversion->buffer + used);
    Size room = Min(conversion->room - used, static_cast<Size>(PG_INT32_MAX));
    int converted =
        pg_do_encoding_conversion_buf(conversion->proc, conversion->encoding, PG_UTF8, source,
                                      static_cast<int>(size), target, static_cast<int>(room), true);
    return static_cast<std::size_t>(converted);
}

} // namespace

void check_encoding_name(const char *encoding) {
    if (pg_char_to_encoding(encoding) < 0)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for option \"encoding\": \"%s\"", encoding),
                        errhint("Use \"auto\", \"utf-16\", or a name of PostgreSQL's, such as "
                                "\"UTF8\", \"LATIN1\" or \"WIN1252\".")));
}

TextConversion *open_conversion(const char *encoding) {
    check_encoding_name(encoding);
    int number = pg_char_to_encoding(encoding);
    auto *conversion = static_cast<TextConversion *>(palloc0(sizeof(TextConversion)));
    conversion->memory = CurrentMemoryContext;
    conversion->encoding = number;
    if (number != PG_UTF8)
        conversion->proc = FindDefaultConversionProc(number, PG_UTF8);
    if (number != PG_UTF8 && !OidIsValid(conversion->proc))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
                        errmsg("encoding \"%s\" cannot be converted to UTF8", encoding)));
    return conversion;
}

void close_conversion(TextConversion *conversion) {
    if (conversion->buffer != nullptr)
        pfree(conversion->buffer);
    pfree(conversion);
}

const char *conversion_name(const TextConversion *conversion) {
    return pg_encoding_to_char(conversion->encoding);
}

bool convert_to_utf8(TextConversion *conversion, const char *bytes, std::size_t size,
                     ConvertedBytes *text) {
    if (!OidIsValid(conversion->proc)) {
        *text = {bytes, static_cast<std::size_t>(
                            pg_encoding_verifymbstr(PG_UTF8, bytes, static_cast<int>(size)))};
        return text->size == size;
    }
    make_room(conversion, size * MAX_CONVERSION_GROWTH + 1);
    std::size_t used = 0;
    std::size_t done = 0;
    while (done < size) {
        std::size_t part = part_of(conversion, bytes + done, size - done);
        std::size_t converted = convert_part(conversion, bytes + done, part, used);
        used += strlen(conversion->buffer + used);
        done += converted;
        if (converted < part)
            break;
    }
    *text = {conversion->buffer, used};
    return done == size;
}

} // namespace migrate::pg

#include "pg/normal_form.hpp"

#include <cstring>

#include "pg/postgres.hpp"

extern "C" {
#include "common/unicode_norm.h"
#include "mb/pg_wchar.h"
}

namespace migrate::pg {
namespace {

unsigned char *bytes_of(char *text) {
    return reinterpret_cast<unsigned char *>(text);
}

// The code points with a 0 behind them.
pg_wchar *decode(const char *text) {
    const std::size_t size = strlen(text);
    auto *points = static_cast<pg_wchar *>(palloc((size + 1) * sizeof(pg_wchar)));
    char *copy = pstrdup(text);
    std::size_t count = 0;
    for (std::size_t at = 0; at < size; at += pg_utf_mblen(bytes_of(copy + at)))
        points[count++] = utf8_to_unicode(bytes_of(copy + at));
    points[count] = 0;
    return points;
}

char *encode(const pg_wchar *points) {
    std::size_t count = 0;
    while (points[count] != 0)
        count++;
    auto *text = static_cast<char *>(palloc(count * MAX_MULTIBYTE_CHAR_LEN + 1));
    char *end = text;
    for (std::size_t i = 0; i < count; i++) {
        unicode_to_utf8(points[i], bytes_of(end));
        end += pg_utf_mblen(bytes_of(end));
    }
    *end = '\0';
    return text;
}

bool is_ascii(const char *text) {
    for (; *text != '\0'; text++)
        if ((*text & 0x80) != 0)
            return false;
    return true;
}

} // namespace

const char *compose_name(const char *text) {
    if (is_ascii(text))
        return text;
    const pg_wchar *points = decode(text);
    if (unicode_is_normalized_quickcheck(UNICODE_NFC, points) == UNICODE_NORM_QC_YES)
        return text;
    const char *composed = encode(unicode_normalize(UNICODE_NFC, points));
    return strcmp(composed, text) == 0 ? text : composed;
}

} // namespace migrate::pg

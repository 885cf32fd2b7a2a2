#include "pg/error_bridge.hpp"

#include "core/error.hpp"

#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "mb/pg_wchar.h"
}

namespace migrate::pg {
namespace {

template <std::size_t size>
void copy_text(char (&target)[size], const std::string &text) noexcept {
    std::size_t length = text.size() < size - 1 ? text.size() : size - 1;
    // Cut on a character boundary: step back over UTF-8 continuation bytes.
    while (length < text.size() && length > 0 && (text[length] & 0xC0) == 0x80)
        --length;
    std::memcpy(target, text.data(), length);
    target[length] = '\0';
}

void box_error(ErrorBox *box, const core::Error &error) noexcept {
    std::memcpy(box->sqlstate, error.code(), 6);
    copy_text(box->message, error.message());
    // A name of the file may hold a line break, which would forge a line of the log (types.md).
    for (char *byte = box->message; *byte != '\0'; ++byte)
        if (static_cast<unsigned char>(*byte) < 0x20 || *byte == 0x7f)
            *byte = '_';
    copy_text(box->detail, error.detail());
    copy_text(box->hint, error.hint());
    copy_text(box->context, error.context());
}

void box_plain(ErrorBox *box, const char *sqlstate, const char *message) noexcept {
    std::memcpy(box->sqlstate, sqlstate, 6);
    std::strncpy(box->message, message, sizeof(box->message) - 1);
    box->message[sizeof(box->message) - 1] = '\0';
    box->detail[0] = box->hint[0] = box->context[0] = '\0';
}

// Text that the server's encoding cannot hold, byte by byte: ASCII stays, all else becomes '?'.
void replace_non_ascii(char *text) {
    for (; *text; ++text)
        if (static_cast<unsigned char>(*text) >= 0x80)
            *text = '?';
}

} // namespace

void box_current_exception(ErrorBox *box) noexcept {
    box->is_set = true;
    try {
        throw;
    } catch (const core::Error &error) {
        box_error(box, error);
    } catch (const std::bad_alloc &) {
        box_plain(box, core::sqlstate::kOutOfMemory, "out of memory");
    } catch (const std::length_error &) {
        box_plain(box, core::sqlstate::kOutOfMemory, "out of memory");
    } catch (const std::exception &error) {
        box_plain(box, core::sqlstate::kInternalError, error.what());
    } catch (...) {
        box_plain(box, core::sqlstate::kInternalError, "unknown exception");
    }
}

char *server_text_or_null(const char *utf8) {
    int encoding = GetDatabaseEncoding();
    int length = static_cast<int>(std::strlen(utf8));
    if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII)
        return pg_verify_mbstr(encoding, utf8, length, true) ? pstrdup(utf8) : nullptr;
    Oid proc = FindDefaultConversionProc(PG_UTF8, encoding);
    if (!OidIsValid(proc))
        return nullptr;
    Size room = static_cast<Size>(length) * MAX_CONVERSION_GROWTH + 1;
    auto *target = static_cast<unsigned char *>(MemoryContextAllocHuge(CurrentMemoryContext, room));
    auto *source = reinterpret_cast<unsigned char *>(const_cast<char *>(utf8));
    int converted = pg_do_encoding_conversion_buf(proc, PG_UTF8, encoding, source, length, target,
                                                  static_cast<int>(Min(room, PG_INT32_MAX)), true);
    return converted == length ? reinterpret_cast<char *>(target) : nullptr;
}

char *server_text(const char *utf8) {
    char *text = server_text_or_null(utf8);
    if (text != nullptr)
        return text;
    text = pstrdup(utf8);
    replace_non_ascii(text);
    return text;
}

char *utf8_text(const char *text) {
    return pg_server_to_any(text, static_cast<int>(std::strlen(text)), PG_UTF8);
}

void raise_error(const ErrorBox *box) {
    if (std::strcmp(box->sqlstate, core::sqlstate::kQueryCanceled) == 0)
        CHECK_FOR_INTERRUPTS();
    const char *state = box->sqlstate;
    ereport(ERROR, (errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
                    errmsg("%s", server_text(box->message)),
                    box->detail[0] ? errdetail("%s", server_text(box->detail)) : 0,
                    box->hint[0] ? errhint("%s", server_text(box->hint)) : 0,
                    box->context[0] ? errcontext("%s", server_text(box->context)) : 0));
    pg_unreachable();
}

} // namespace migrate::pg

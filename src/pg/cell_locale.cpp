// The two conversions that need the server: local times to UTC, and UTF-8 to the server's encoding.
#include "pg/cell_datum.hpp"

#include "core/error.hpp"
#include "pg/error_bridge.hpp"

#include <string>

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "mb/pg_wchar.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"
}

namespace migrate::pg {
namespace {

using core::Batch;
using core::Cell;
using core::StorageClass;
using core::TypeKind;

bool is_server_text(TypeKind kind) {
    return kind != TypeKind::bytea && kind != TypeKind::numeric && kind != TypeKind::uuid;
}

// What became of a text on its way into the server's encoding.
struct ConvertedText {
    char *bytes; // palloc'd
    bool is_whole;
};

ConvertedText text_to_server(Oid proc, const Cell &cell) {
    Size room = static_cast<Size>(cell.size) * MAX_CONVERSION_GROWTH + 1;
    auto *target = static_cast<unsigned char *>(MemoryContextAllocHuge(CurrentMemoryContext, room));
    int converted = pg_do_encoding_conversion_buf(
        proc, PG_UTF8, GetDatabaseEncoding(),
        reinterpret_cast<unsigned char *>(const_cast<char *>(cell.bytes)),
        static_cast<int>(cell.size), target, static_cast<int>(Min(room, PG_INT32_MAX)), true);
    return {reinterpret_cast<char *>(target), converted == static_cast<int>(cell.size)};
}

Oid conversion_from_utf8() {
    Oid proc = FindDefaultConversionProc(PG_UTF8, GetDatabaseEncoding());
    if (!OidIsValid(proc))
        elog(ERROR, "no conversion from UTF8 to %s", GetDatabaseEncodingName());
    return proc;
}

// Every character that the encoding lacks becomes '?': converted one character at a time.
char *replace_unconvertible(Oid proc, const Cell &cell) {
    StringInfoData out;
    initStringInfo(&out);
    for (uint32 i = 0; i < cell.size;) {
        int length = pg_encoding_mblen(PG_UTF8, cell.bytes + i);
        Cell character = cell;
        character.bytes = cell.bytes + i;
        character.size = static_cast<uint32>(length);
        ConvertedText converted = text_to_server(proc, character);
        appendStringInfoString(&out, converted.is_whole ? converted.bytes : "?");
        pfree(converted.bytes);
        i += static_cast<uint32>(length);
    }
    return out.data;
}

[[noreturn]] void refuse_text(const core::RowConverter &converter, const char *table, int64 row_id,
                              std::size_t column) {
    call_core([&] {
        throw core::Error(core::sqlstate::kUntranslatableCharacter,
                          "column \"" + converter.rules()[column].name + "\" of SQLite table \"" +
                              table + "\" holds text that the server's encoding cannot hold")
            .with_detail("Row " + std::to_string(row_id) + " holds a character that encoding \"" +
                         GetDatabaseEncodingName() + "\" lacks.")
            .with_hint("Use the option \"invalid_text\" with \"replace\" or \"reject\", or a "
                       "database with encoding UTF8.");
    });
    pg_unreachable();
}

void convert_cell_encoding(Oid proc, Batch &batch, core::RowConverter &converter, const char *table,
                           std::size_t row, std::size_t column) {
    Cell &cell = batch.row(row)[column];
    ConvertedText converted = text_to_server(proc, cell);
    if (!converted.is_whole) {
        switch (converter.rules()[column].invalid_text) {
        case core::InvalidText::error:
            refuse_text(converter, table, batch.row_id(row), column);
        case core::InvalidText::reject:
            call_core([&] {
                converter.reject(batch, row, column, core::sqlstate::kUntranslatableCharacter,
                                 "the server's encoding cannot hold the text");
            });
            return;
        case core::InvalidText::replace:
            converted.bytes = replace_unconvertible(proc, cell);
        }
    }
    call_core([&] { batch.set_bytes(cell, StorageClass::text, converted.bytes); });
}

bool is_ascii(const Cell &cell) {
    for (uint32 i = 0; i < cell.size; i++)
        if (IS_HIGHBIT_SET(cell.bytes[i]))
            return false;
    return true;
}

} // namespace

void convert_encoding(Batch &batch, core::RowConverter &converter, const char *table) {
    if (!is_server_encoding_limited())
        return;
    Oid proc = conversion_from_utf8();
    for (std::size_t row = 0; row < batch.rows(); row++) {
        for (std::size_t column = 0; column < batch.columns(); column++) {
            const Cell &cell = batch.row(row)[column];
            if (batch.is_rejected(row))
                break;
            if (cell.storage == StorageClass::text &&
                is_server_text(converter.rules()[column].type.kind) && !is_ascii(cell))
                convert_cell_encoding(proc, batch, converter, table, row, column);
        }
    }
}

bool convert_cell_text(Batch &batch, Cell &cell, TypeKind kind) {
    if (cell.storage != StorageClass::text || !is_server_text(kind) || is_ascii(cell))
        return true;
    ConvertedText converted = text_to_server(conversion_from_utf8(), cell);
    if (converted.is_whole)
        call_core([&] { batch.set_bytes(cell, StorageClass::text, converted.bytes); });
    pfree(converted.bytes);
    return converted.is_whole;
}

bool is_server_encoding_limited() {
    return GetDatabaseEncoding() != PG_UTF8 && GetDatabaseEncoding() != PG_SQL_ASCII;
}

const char *text_with_replacements(const Cell &cell, TypeKind kind) {
    if (cell.storage != StorageClass::text || !is_server_text(kind) || is_ascii(cell) ||
        !pg_verify_mbstr(PG_UTF8, cell.bytes, static_cast<int>(cell.size), true))
        return nullptr;
    Oid proc = conversion_from_utf8();
    ConvertedText converted = text_to_server(proc, cell);
    pfree(converted.bytes);
    if (converted.is_whole)
        return nullptr;
    char *replaced = replace_unconvertible(proc, cell);
    return pg_server_to_any(replaced, static_cast<int>(strlen(replaced)), PG_UTF8);
}

pg_tz *find_time_zone(const char *name) {
    if (pg_strcasecmp(name, "UTC") == 0)
        return nullptr;
    pg_tz *zone = pg_tzset(name);
    if (zone == nullptr || !pg_tz_acceptable(zone))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for option \"timezone\": \"%s\"", name),
                        errhint("Valid names are those of the view pg_timezone_names.")));
    return zone;
}

int64 local_to_utc(int64 local, pg_tz *zone) {
    struct pg_tm parts;
    fsec_t fraction = 0;
    if (timestamp2tm(local, nullptr, &parts, &fraction, nullptr, nullptr) != 0)
        return local;
    int offset = DetermineTimeZoneOffset(&parts, zone); // seconds west of UTC
    return local + static_cast<int64>(offset) * USECS_PER_SEC;
}

void apply_time_zone(Batch &batch, const TypeKind *kinds, pg_tz *zone) {
    if (zone == nullptr)
        return;
    for (std::size_t column = 0; column < batch.columns(); column++) {
        if (kinds[column] != TypeKind::timestamptz)
            continue;
        for (std::size_t row = 0; row < batch.rows(); row++) {
            Cell &cell = batch.row(row)[column];
            if (!cell.is_null() && cell.is_naive)
                cell.integer = local_to_utc(cell.integer, zone);
        }
    }
}

} // namespace migrate::pg

#include "fdw/slot_cells.hpp"

#include "core/fdw/scan_query.hpp"
#include "pg/error_bridge.hpp"

#include <string>

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
#include "mb/pg_wchar.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"
}

namespace migrate::fdw {
namespace {

using core::Cell;
using core::StorageClass;
using core::TypeKind;

bool is_number(TypeKind kind) {
    return kind == TypeKind::boolean || kind == TypeKind::bigint || kind == TypeKind::numeric ||
           kind == TypeKind::float8;
}

// A domain over a number is written as that number; any other one as its text, which is what its
// input function reads.
TypeKind written_kind(const SourceColumn &column, Oid base, int32 typmod) {
    if (base == FLOAT4OID)
        return TypeKind::float8;
    TypeKind kind = pg::column_type(base, typmod).kind;
    if (column.type.kind != TypeKind::other || is_number(kind))
        return column.type.kind == TypeKind::bytea ? TypeKind::bytea : kind;
    return TypeKind::other;
}

Cell text_cell(const char *text, Size size) {
    const auto length = static_cast<int>(size);
    const char *utf8 = pg_server_to_any(text, length, PG_UTF8);
    Cell cell;
    cell.storage = StorageClass::text;
    cell.bytes = utf8;
    cell.size = static_cast<uint32>(utf8 == text ? size : strlen(utf8));
    return cell;
}

Cell bytes_cell(const char *bytes, Size size) {
    Cell cell;
    cell.storage = StorageClass::blob;
    cell.bytes = bytes;
    cell.size = static_cast<uint32>(size);
    return cell;
}

Cell varlena_cell(Datum value, bool is_text) {
    struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);
    return is_text ? text_cell(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes))
                   : bytes_cell(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
}

Cell printed_cell(const WrittenColumn &column, Datum value) {
    const char *text = OutputFunctionCall(const_cast<FmgrInfo *>(&column.output), value);
    Size size = strlen(text);
    while (column.is_padded && size > 0 && text[size - 1] == ' ')
        size--;
    return text_cell(text, size);
}

Cell integer_cell(int64 value) {
    Cell cell;
    cell.set_integer(value);
    return cell;
}

int64 integer_of(Oid type, Datum value) {
    switch (type) {
    case INT2OID:
        return DatumGetInt16(value);
    case INT4OID:
        return DatumGetInt32(value);
    default:
        return DatumGetInt64(value);
    }
}

// The shortest text of a float4 is what its input function is given when it is read.
Cell real_cell(const WrittenColumn &column, Datum value) {
    Cell cell;
    cell.set_real(
        column.type == FLOAT4OID
            ? strtod(OutputFunctionCall(const_cast<FmgrInfo *>(&column.output), value), nullptr)
            : DatumGetFloat8(value));
    return cell;
}

} // namespace

WrittenColumn written_column(const ForeignSource *source, AttrNumber attribute) {
    Form_pg_attribute form = TupleDescAttr(source->descriptor, attribute - 1);
    int32 typmod = form->atttypmod;
    WrittenColumn column = {};
    column.attribute = attribute;
    column.type = getBaseTypeAndTypmod(form->atttypid, &typmod);
    column.kind = written_kind(source->columns[attribute - 1], column.type, typmod);
    column.is_padded = column.type == BPCHAROID;
    Oid output = InvalidOid;
    bool is_varlena = false;
    getTypeOutputInfo(form->atttypid, &output, &is_varlena);
    fmgr_info(output, &column.output);
    return column;
}

core::fdw::StoredColumn stored_column(const ForeignSource *source, const WrittenColumn &column,
                                      const char *sql) {
    const core::Table &table = *source->found->table;
    const int index = source->columns[column.attribute - 1].source;
    const std::string &declared = table.columns.at(static_cast<std::size_t>(index)).declared_type;
    core::fdw::StoredColumn stored;
    stored.rule = row_column(source, column.attribute, sql).rule;
    stored.kind = column.kind;
    stored.affinity = core::fdw::affinity_in(table, index);
    stored.is_blob = stored.affinity == core::plan::Affinity::blob && !declared.empty();
    stored.is_utf16 = (*source->lease)->schema().encoding != "UTF-8";
    stored.is_zone_told =
        source->timezone != nullptr && pg_strcasecmp(source->timezone, "UTC") != 0;
    stored.is_float4 = column.type == FLOAT4OID;
    return stored;
}

bool needs_settings(const WrittenColumn &column) {
    return column.kind == TypeKind::other || column.type == FLOAT4OID;
}

Cell value_cell(const WrittenColumn &column, Datum value, bool is_null) {
    if (is_null)
        return {};
    switch (column.kind) {
    case TypeKind::boolean:
        return integer_cell(DatumGetBool(value) ? 1 : 0);
    case TypeKind::bigint:
        return integer_cell(integer_of(column.type, value));
    case TypeKind::float8:
        return real_cell(column, value);
    case TypeKind::date:
        return integer_cell(DatumGetDateADT(value));
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return integer_cell(DatumGetInt64(value));
    case TypeKind::uuid:
        return bytes_cell(reinterpret_cast<const char *>(DatumGetUUIDP(value)->data), UUID_LEN);
    case TypeKind::bytea:
        return varlena_cell(value, false);
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::citext:
    case TypeKind::json:
        return varlena_cell(value, true);
    case TypeKind::numeric:
    case TypeKind::jsonb:
    case TypeKind::other:
        break;
    }
    return printed_cell(column, value);
}

} // namespace migrate::fdw

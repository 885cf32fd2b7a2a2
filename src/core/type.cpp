#include "core/type.hpp"

#include "core/core_only.hpp"

namespace migrate::core {
namespace {

std::string varchar_sql(const Type &type) {
    if (type.length < 0)
        return "character varying";
    return "character varying(" + std::to_string(type.length) + ")";
}

std::string numeric_sql(const Type &type) {
    if (type.length < 0)
        return "numeric";
    return "numeric(" + std::to_string(type.length) + "," + std::to_string(type.scale) + ")";
}

// "time(3) without time zone"
std::string time_sql(const char *name, const Type &type, const char *zone) {
    if (type.length < 0)
        return std::string(name) + zone;
    return std::string(name) + "(" + std::to_string(type.length) + ")" + zone;
}

} // namespace

// The names are those of PostgreSQL's format_type.
std::string Type::sql() const {
    switch (kind) {
    case TypeKind::boolean:
        return "boolean";
    case TypeKind::bigint:
        return "bigint";
    case TypeKind::numeric:
        return numeric_sql(*this);
    case TypeKind::float8:
        return "double precision";
    case TypeKind::text:
        return "text";
    case TypeKind::varchar:
        return varchar_sql(*this);
    case TypeKind::bytea:
        return "bytea";
    case TypeKind::date:
        return "date";
    case TypeKind::time:
        return time_sql("time", *this, " without time zone");
    case TypeKind::timestamp:
        return time_sql("timestamp", *this, " without time zone");
    case TypeKind::timestamptz:
        return time_sql("timestamp", *this, " with time zone");
    case TypeKind::json:
        return "json";
    case TypeKind::jsonb:
        return "jsonb";
    case TypeKind::uuid:
        return "uuid";
    case TypeKind::citext:
        return "citext";
    case TypeKind::other:
        break;
    }
    return name;
}

bool Type::is_text_like() const noexcept {
    return kind == TypeKind::text || kind == TypeKind::varchar || kind == TypeKind::citext;
}

bool Type::is_time_like() const noexcept {
    return kind == TypeKind::date || kind == TypeKind::timestamp || kind == TypeKind::timestamptz;
}

Type make_type(TypeKind kind) {
    Type type;
    type.kind = kind;
    return type;
}

Type make_varchar(std::int32_t length) {
    Type type = make_type(TypeKind::varchar);
    type.length = length;
    return type;
}

Type make_numeric(std::int32_t precision, std::int32_t scale) {
    Type type = make_type(TypeKind::numeric);
    type.length = precision;
    type.scale = scale;
    return type;
}

std::string_view epoch_unit_words(EpochUnit unit) noexcept {
    switch (unit) {
    case EpochUnit::none:
        break;
    case EpochUnit::seconds:
        return "seconds since 1970-01-01";
    case EpochUnit::milliseconds:
        return "milliseconds since 1970-01-01";
    case EpochUnit::microseconds:
        return "microseconds since 1970-01-01";
    case EpochUnit::nanoseconds:
        return "nanoseconds since 1970-01-01";
    case EpochUnit::julian:
        return "Julian days";
    case EpochUnit::apple:
        return "seconds since 2001-01-01";
    }
    return "plain numbers";
}

} // namespace migrate::core

#include "core/plan/printer_coerce.hpp"

#include "core/plan/printer_literals.hpp"
#include "core/plan/printer_time.hpp"

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

std::string integer_of_boolean(const std::string &sql) {
    return cast("CAST(" + sql + " AS pg_catalog.int4)", TypeKind::bigint);
}

std::string literal_condition(const PrintedValue &value) {
    const SourceLiteral &literal = *value.literal;
    if (literal.kind == ExpressionKind::null_literal)
        return cast("NULL", TypeKind::boolean);
    if (!is_number_literal(literal))
        refuse("a string is used as a condition");
    const bool is_true =
        literal.kind == ExpressionKind::real_literal ? literal.real != 0 : literal.integer != 0;
    return is_true ? "TRUE" : "FALSE";
}

// What SQLite stores for the instants of a column whose numbers became times.
PrintedValue number_of_time(const PrintContext &context, const PrintedValue &value,
                            std::string_view what) {
    const std::string seconds =
        call("extract", {"E'epoch'", value.is_kind(TypeKind::timestamptz)
                                         ? call("timezone", {"E'UTC'", value.sql})
                                         : timestamp_of(context, value)});
    switch (value.epoch) {
    case EpochUnit::seconds:
        return printed(seconds, TypeKind::numeric);
    case EpochUnit::milliseconds:
        return printed(cast(infix(seconds, "*", "1000"), TypeKind::bigint), TypeKind::bigint);
    case EpochUnit::microseconds:
        return printed(cast(infix(seconds, "*", "1000000"), TypeKind::bigint), TypeKind::bigint);
    default:
        refuse(std::string(what) + " is used on " + type_words(value));
    }
}

std::string number_as_type(PrintContext &context, const PrintedValue &value, const Type &type) {
    if (value.is_kind(TypeKind::boolean)) {
        const std::string integer = integer_of_boolean(value.sql);
        return type.kind == TypeKind::bigint ? integer : cast(context, integer, type);
    }
    const bool is_wider =
        value.is_number() && (value.is_kind(TypeKind::bigint) || type.kind == TypeKind::float8);
    if (!is_wider)
        refuse("mixes " + type_words(value) + " and " + type.sql());
    return cast(context, value.sql, type);
}

std::string literal_as_type(PrintContext &context, const PrintedValue &value, const Type &type,
                            EpochUnit epoch) {
    if (value.is_null())
        return cast(context, "NULL", type);
    const std::optional<std::string> sql = literal_sql(context, *value.literal, type, epoch);
    if (!sql)
        refuse("mixes " + type_words(value) + " and " + type.sql());
    const bool has_type = sql->starts_with("CAST(") || sql->starts_with("pg_catalog.") ||
                          type.kind == TypeKind::boolean;
    return has_type ? *sql : cast(context, *sql, type);
}

} // namespace

std::string type_words(const PrintedValue &value) {
    if (!value.literal)
        return value.type.sql();
    switch (value.literal->kind) {
    case ExpressionKind::null_literal:
        return "NULL";
    case ExpressionKind::string_literal:
        return "a string";
    case ExpressionKind::blob_literal:
        return "a blob";
    default:
        return "a number";
    }
}

void check_no_collate(const PrintedValue &value) {
    if (value.is_collation_explicit && value.collation != "BINARY")
        refuse("COLLATE " + value.collation + " stands inside an expression");
}

std::string condition_of(const PrintContext &, const PrintedValue &value) {
    if (value.literal)
        return literal_condition(value);
    if (value.is_kind(TypeKind::boolean))
        return value.sql;
    if (value.is_number())
        return infix(value.sql, "<>", "0");
    refuse(type_words(value) + " is used as a condition");
}

PrintedValue number_of(PrintContext &context, const PrintedValue &value, std::string_view what) {
    if (value.is_null() || value.is_number())
        return value;
    if (value.literal && value.literal->kind == ExpressionKind::string_literal) {
        if (const std::optional<SourceLiteral> number = number_from_text(value.literal->text))
            return printed_literal(*number);
    } else if (value.literal && value.literal->kind == ExpressionKind::boolean_literal) {
        SourceLiteral number = *value.literal;
        number.kind = ExpressionKind::integer_literal;
        return printed_literal(number);
    } else if (value.literal && is_number_literal(*value.literal)) {
        return value;
    } else if (value.is_kind(TypeKind::boolean)) {
        return printed(integer_of_boolean(value.sql), TypeKind::bigint);
    } else if (!value.digits.empty()) {
        return printed(value.digits, TypeKind::bigint);
    } else if (!value.literal && value.type.is_time_like() && value.epoch != EpochUnit::none) {
        return number_of_time(context, value, what);
    }
    refuse(std::string(what) + " is used on " + type_words(value));
}

std::string text_of(PrintContext &context, const PrintedValue &value, std::string_view what) {
    if (value.is_json_text)
        refuse(std::string(what) + " is used on what json_extract finds, whose type is not known");
    if (value.literal)
        return literal_as_type(context, value, make_type(TypeKind::text), EpochUnit::none);
    switch (value.type.kind) {
    case TypeKind::text:
    case TypeKind::varchar:
        return value.sql;
    case TypeKind::citext:
    case TypeKind::bigint:
        return cast(value.sql, TypeKind::text);
    case TypeKind::boolean:
        return "(CASE WHEN " + value.sql + " THEN E'1' WHEN NOT " + value.sql + " THEN E'0' END)";
    case TypeKind::numeric:
        context.note("numeric values become text with all their digits");
        return cast(call("trim_scale", {value.sql}), TypeKind::text);
    default:
        break;
    }
    // The texts of date() and datetime() are known; those of a timestamp column are not.
    if (value.is_kind(TypeKind::date) && value.epoch == EpochUnit::none)
        return format_moment(context, timestamp_of(context, value), "%Y-%m-%d").sql;
    if (!value.literal && !value.moment.empty())
        return format_moment(context, value.moment,
                             value.is_kind(TypeKind::time) ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S")
            .sql;
    refuse(std::string(what) + " is used on " + type_words(value));
}

std::string as_type(PrintContext &context, const PrintedValue &value, const Type &type,
                    EpochUnit epoch) {
    if (value.literal)
        return literal_as_type(context, value, type, epoch);
    if (type.kind == TypeKind::citext || value.type.kind == TypeKind::citext)
        return value.type.kind == type.kind ? value.sql : cast(context, value.sql, type);
    if (value.type.kind == type.kind || (value.is_text_like() && type.is_text_like()))
        return value.sql;
    return number_as_type(context, value, type);
}

std::string as_itself(PrintContext &context, const PrintedValue &value) {
    return as_type(context, value, value.type, EpochUnit::none);
}

std::string timestamp_of(const PrintContext &context, const PrintedValue &value) {
    if (!value.moment.empty())
        return value.moment;
    if (value.is_kind(TypeKind::date))
        return cast(value.sql, TypeKind::timestamp);
    if (value.is_kind(TypeKind::timestamp))
        return value.sql;
    if (value.is_kind(TypeKind::timestamptz))
        return call("timezone", {literal_text(context, context.options.timezone), value.sql});
    refuse(type_words(value) + " is used as a time");
}

std::string from_timestamp(const std::string &timestamp, TypeKind kind, const std::string &zone) {
    if (kind == TypeKind::timestamp)
        return timestamp;
    return kind == TypeKind::timestamptz ? call("timezone", {zone, timestamp})
                                         : cast(timestamp, kind);
}

} // namespace migrate::core::plan

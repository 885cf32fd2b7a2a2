// The one type of several values, and the value of a column.
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_literals.hpp"

#include <algorithm>
#include <cmath>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

bool is_numeric_kind(TypeKind kind) {
    return kind == TypeKind::bigint || kind == TypeKind::numeric || kind == TypeKind::float8;
}

bool is_flag_literal(const PrintedValue &value) {
    if (!value.literal || !is_number_literal(*value.literal))
        return false;
    const std::optional<std::int64_t> whole = whole_number(*value.literal);
    return value.literal->kind != ExpressionKind::real_literal && whole &&
           (*whole == 0 || *whole == 1);
}

bool is_time_kind(TypeKind kind) {
    return kind == TypeKind::date || kind == TypeKind::time || kind == TypeKind::timestamp ||
           kind == TypeKind::timestamptz;
}

// TRUE among constants is the number 1.
PrintedValue constants_only(std::span<const PrintedValue> values) {
    PrintedValue common = printed("", TypeKind::text);
    bool is_first = true;
    for (const PrintedValue &value : values) {
        if (value.is_null())
            continue;
        const TypeKind kind = value.type.kind;
        const TypeKind had = common.type.kind;
        if (is_first || kind == had) {
            common.type = value.type;
        } else if ((is_numeric_kind(kind) || kind == TypeKind::boolean) &&
                   (is_numeric_kind(had) || had == TypeKind::boolean)) {
            const bool is_real = kind == TypeKind::float8 || had == TypeKind::float8;
            common.type = make_type(is_real ? TypeKind::float8 : TypeKind::bigint);
            common.may_be_whole = is_real;
        } else {
            refuse("mixes text, numbers or blobs");
        }
        is_first = false;
    }
    return common;
}

// Widens `common` so that it takes `value` too; both typed.
void widen(PrintedValue &common, const PrintedValue &value) {
    const TypeKind had = common.type.kind;
    const TypeKind kind = value.type.kind;
    if (had == kind || (common.type.is_text_like() && value.type.is_text_like())) {
        if (!(common.type == value.type))
            common.type = make_type(common.type.is_text_like() ? TypeKind::text : had);
        common.may_be_whole = common.may_be_whole || value.may_be_whole;
        return;
    }
    const bool are_numbers = (is_numeric_kind(had) || had == TypeKind::boolean) &&
                             (is_numeric_kind(kind) || kind == TypeKind::boolean);
    if (!are_numbers)
        refuse("mixes " + common.type.sql() + " and " + value.type.sql());
    const bool is_real = had == TypeKind::float8 || kind == TypeKind::float8;
    const bool is_decimal = had == TypeKind::numeric || kind == TypeKind::numeric;
    common.type = make_type(is_real      ? TypeKind::float8
                            : is_decimal ? TypeKind::numeric
                                         : TypeKind::bigint);
    common.may_be_whole = common.may_be_whole || is_real;
}

// A constant that the type of the others must take.
void admit_literal(PrintedValue &common, const PrintedValue &value) {
    const TypeKind kind = common.type.kind;
    const bool is_number = is_number_literal(*value.literal);
    if (kind == TypeKind::boolean && is_number && !is_flag_literal(value)) {
        common.type = make_type(value.type.kind);
        common.may_be_whole = value.type.kind == TypeKind::float8;
    } else if (kind == TypeKind::bigint && value.literal->kind == ExpressionKind::real_literal) {
        common.type = make_type(TypeKind::float8);
        common.may_be_whole = true;
    } else if (kind == TypeKind::numeric && is_number) {
        common.type = make_type(TypeKind::numeric); // without the limit of (p,s)
    } else if (kind == TypeKind::float8 && is_number) {
        common.may_be_whole =
            common.may_be_whole || value.literal->kind != ExpressionKind::real_literal;
    } else if (common.type.is_text_like() &&
               value.literal->kind == ExpressionKind::string_literal) {
        common.type = make_type(TypeKind::text);
    } else if (is_number != (is_numeric_kind(kind) || kind == TypeKind::boolean) &&
               !(is_time_kind(kind) && common.epoch != EpochUnit::none)) {
        if (!is_time_kind(kind) && kind != TypeKind::uuid)
            refuse("mixes " + type_words(value) + " and " + common.type.sql());
    }
}

std::string units_per_second(EpochUnit epoch) {
    switch (epoch) {
    case EpochUnit::seconds:
        return "1";
    case EpochUnit::milliseconds:
        return "1000";
    case EpochUnit::microseconds:
        return "1000000";
    default:
        refuse("a computed number is used as a time");
    }
}

// A number of a column whose numbers became times.
std::string time_of_number(const std::string &number, const Type &type, EpochUnit epoch) {
    std::string seconds = cast(number, TypeKind::float8);
    if (epoch != EpochUnit::seconds)
        seconds = infix(seconds, "/", cast(units_per_second(epoch), TypeKind::float8));
    const std::string instant = call("to_timestamp", {seconds});
    if (type.kind == TypeKind::timestamptz)
        return instant;
    return from_timestamp(call("timezone", {"E'UTC'", instant}), type.kind, "E'UTC'");
}

[[noreturn]] void refuse_column(const PrintedValue &value, const Type &type) {
    refuse(type_words(value) + " is no value of a column of type " + type.sql());
}

std::string time_column_value(PrintContext &context, const PrintedValue &value, const Type &type,
                              EpochUnit epoch) {
    if (value.is_now && type.kind == TypeKind::timestamptz)
        return "CURRENT_TIMESTAMP";
    if (type.is_time_like() && epoch != EpochUnit::none && !value.digits.empty())
        return time_of_number(value.digits, type, epoch);
    if (value.is_number() && type.is_time_like())
        return time_of_number(value.sql, type, epoch);
    if (value.is_now && type.kind == TypeKind::timestamp)
        return value.moment;
    if (value.type.kind == type.kind)
        return value.sql;
    const bool shows_date = value.type.is_time_like() || !value.moment.empty();
    if (!shows_date || value.is_kind(TypeKind::time) || type.kind == TypeKind::time)
        refuse_column(value, type);
    if (!value.moment.empty() && type.kind == TypeKind::date && !value.is_kind(TypeKind::date))
        context.note("only the date of the time is kept");
    return from_timestamp(timestamp_of(context, value), type.kind,
                          value.is_utc ? "E'UTC'"
                                       : literal_text(context, context.options.timezone));
}

std::string literal_column_value(PrintContext &context, const PrintedValue &value, const Type &type,
                                 EpochUnit epoch) {
    const SourceLiteral &literal = *value.literal;
    if (value.is_null())
        return "NULL";
    if (const std::optional<std::string> sql = literal_sql(context, literal, type, epoch))
        return *sql;
    if (literal.kind == ExpressionKind::string_literal && literal.text.empty())
        refuse("the empty string is no value of a column of type " + type.sql());
    refuse_column(value, type);
}

} // namespace

PrintedValue common_type(std::span<const PrintedValue> values) {
    const auto typed = std::find_if(values.begin(), values.end(),
                                    [](const PrintedValue &value) { return !value.literal; });
    if (typed == values.end())
        return constants_only(values);
    PrintedValue common;
    common.type = typed->type;
    common.epoch = typed->epoch;
    common.may_be_whole = typed->may_be_whole;
    for (const PrintedValue &value : values) {
        check_no_collate(value);
        if (value.is_json_text)
            refuse("uses what json_extract finds, whose type is not known");
        if (!value.literal)
            widen(common, value);
        if (common.collation.empty())
            common.collation = value.collation;
    }
    for (const PrintedValue &value : values)
        if (value.literal && !value.is_null())
            admit_literal(common, value);
    return common;
}

std::string as_column_value(PrintContext &context, const PrintedValue &value, const Type &type,
                            EpochUnit epoch) {
    if (value.is_json_text)
        refuse("stores what json_extract finds, whose type is not known");
    if (value.literal)
        return literal_column_value(context, value, type, epoch);
    if (type.is_time_like() || type.kind == TypeKind::time)
        return time_column_value(context, value, type, epoch);
    // Text affinity turns numbers into text (datatype3, section 3); a length is left to the
    // assignment, which refuses a longer text where a cast would cut it.
    if (type.is_text_like())
        return text_of(context, value, "text");
    if (type.kind == TypeKind::boolean && value.is_number())
        return condition_of(context, value);
    if (type.kind == TypeKind::bigint && !value.digits.empty())
        return value.digits;
    if (type.kind == TypeKind::other)
        refuse("the column's type " + type.name + " was chosen by the caller");
    if (value.type.kind == type.kind)
        return value.sql;
    if (type.kind == TypeKind::numeric && value.is_kind(TypeKind::float8))
        return cast(value.sql, TypeKind::numeric);
    if (!value.is_kind(TypeKind::boolean) && !value.is_number())
        refuse_column(value, type);
    return as_type(context, value, make_type(type.kind), epoch);
}

} // namespace migrate::core::plan

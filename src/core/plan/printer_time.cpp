#include "core/plan/printer_time.hpp"

#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_literals.hpp"
#include "core/value/date_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// A time as SQLite counts with it: a timestamp without zone, in UTC unless "localtime" moved it.
struct Moment {
    std::string sql;
    bool is_now = false;         // the current time, not shifted
    bool is_utc = false;         // surely in UTC
    bool is_month_start = false; // then adding months is the same in both
};

constexpr std::string_view kNowUtc = "pg_catalog.timezone(E'UTC', CURRENT_TIMESTAMP)";

Moment now(PrintContext &context) {
    context.is_immutable = false;
    return {std::string(kNowUtc), true, true, false};
}

std::string words_of(std::string_view modifier) {
    return "the time modifier \"" + std::string(modifier) + "\" has no equivalent";
}

bool is_unixepoch(const PrintedValue &argument) {
    return argument.literal && argument.literal->kind == ExpressionKind::string_literal &&
           lower_ascii(argument.literal->text) == "unixepoch";
}

// A number and 'unixepoch': seconds since 1970, or a column whose seconds became times.
Moment unix_moment(PrintContext &context, const PrintedValue &value) {
    if (value.is_kind(TypeKind::timestamptz) && value.epoch == EpochUnit::seconds)
        return {call("timezone", {"E'UTC'", value.sql}), false, true, false};
    if (value.is_kind(TypeKind::timestamp) && value.epoch == EpochUnit::seconds)
        return {value.sql, false, true, false};
    const PrintedValue number = number_of(context, value, "the time modifier \"unixepoch\"");
    const std::string seconds =
        as_type(context, number, make_type(TypeKind::float8), EpochUnit::none);
    return {call("timezone", {"E'UTC'", call("to_timestamp", {seconds})}), false, true, false};
}

Moment base_moment(PrintContext &context, const PrintedValue &value) {
    if (value.literal) {
        if (value.literal->kind != ExpressionKind::string_literal)
            refuse("a time function is used on " + type_words(value));
        if (lower_ascii(value.literal->text) == "now")
            return now(context);
        const std::optional<std::string> sql =
            time_literal(context, value.literal->text, make_type(TypeKind::timestamp));
        if (!sql)
            refuse("a time function is used on a string that is no ISO time");
        return {*sql, false, false, false};
    }
    if (value.moment.empty() && (value.epoch != EpochUnit::none || !value.type.is_time_like()))
        refuse("a time function is used on " + type_words(value) +
               (value.epoch != EpochUnit::none ? " whose numbers were read as times" : ""));
    return {timestamp_of(context, value), false, value.is_utc, false};
}

// "+7 days": the number and the unit without its plural s.
struct Shift {
    std::int64_t amount = 0;
    std::string unit;
};

std::optional<Shift> parse_shift(const std::string &modifier) {
    Shift shift;
    const char *begin = modifier.data() + (modifier.starts_with('+') ? 1 : 0);
    const char *end = modifier.data() + modifier.size();
    const auto number = std::from_chars(begin, end, shift.amount);
    if (number.ec != std::errc() || number.ptr == end || *number.ptr != ' ')
        return std::nullopt;
    shift.unit.assign(number.ptr + 1, end);
    if (shift.unit.ends_with('s'))
        shift.unit.pop_back();
    constexpr std::array<std::string_view, 6> kUnits = {"day",    "hour",  "minute",
                                                        "second", "month", "year"};
    for (const std::string_view unit : kUnits)
        if (shift.unit == unit && shift.amount > -10'000'000 && shift.amount < 10'000'000)
            return shift;
    return std::nullopt;
}

void move_to_local(PrintContext &context, Moment &moment) {
    const std::string &zone = context.options.timezone;
    context.note("\"localtime\" is read as option \"timezone\" (" + zone + ")");
    moment.is_utc = false;
    if (zone != "UTC")
        moment.sql = call("timezone",
                          {literal_text(context, zone), call("timezone", {"E'UTC'", moment.sql})});
}

void apply_modifier(PrintContext &context, Moment &moment, const PrintedValue &argument) {
    if (!argument.literal || argument.literal->kind != ExpressionKind::string_literal)
        refuse("a computed time modifier has no equivalent");
    const std::string modifier = lower_ascii(argument.literal->text);
    if (modifier == "localtime")
        return move_to_local(context, moment);
    for (const char *unit : {"day", "month", "year"})
        if (modifier == std::string("start of ") + unit) {
            moment.sql = call("date_trunc", {"E'" + std::string(unit) + "'", moment.sql});
            moment.is_month_start = std::string_view(unit) != "day";
            moment.is_now = false;
            return;
        }
    const std::optional<Shift> shift = parse_shift(modifier);
    // A month after January 31 is March 3 in SQLite and February 28 in PostgreSQL.
    const bool is_long = shift && (shift->unit == "month" || shift->unit == "year");
    if (!shift || (is_long && !moment.is_month_start))
        refuse(words_of(argument.literal->text));
    moment.is_now = false;
    moment.is_month_start = is_long;
    moment.sql = infix(moment.sql, "+",
                       "CAST(E'" + std::to_string(shift->amount) + " " + shift->unit +
                           "' AS pg_catalog.interval)");
}

Moment moment_of(PrintContext &context, std::span<const PrintedValue> arguments) {
    if (arguments.empty())
        return now(context);
    const bool is_unix = arguments.size() > 1 && is_unixepoch(arguments[1]);
    Moment moment =
        is_unix ? unix_moment(context, arguments[0]) : base_moment(context, arguments[0]);
    for (const PrintedValue &modifier : arguments.subspan(is_unix ? 2 : 1))
        apply_modifier(context, moment, modifier);
    return moment;
}

std::string to_second(const Moment &moment) {
    return call("date_trunc", {"E'second'", moment.sql});
}

PrintedValue moment_value(std::string sql, TypeKind kind, const Moment &moment) {
    PrintedValue value = printed(std::move(sql), kind);
    value.moment = moment.sql;
    value.is_utc = moment.is_utc;
    return value;
}

PrintedValue date_value(const Moment &moment) {
    PrintedValue value = moment_value(cast(moment.sql, TypeKind::date), TypeKind::date, moment);
    value.moment = call("date_trunc", {"E'day'", moment.sql});
    return value;
}

// The text of datetime() has no fraction; a column that it fills by default may.
PrintedValue datetime_value(const Moment &moment) {
    PrintedValue value = moment_value(to_second(moment), TypeKind::timestamp, moment);
    value.is_now = moment.is_now;
    if (!value.is_now)
        value.moment = value.sql;
    return value;
}

PrintedValue time_value(const Moment &moment) {
    return moment_value(cast(to_second(moment), TypeKind::time), TypeKind::time, moment);
}

std::string epoch_of(const std::string &timestamp) {
    return call("extract", {"E'epoch'", timestamp});
}

PrintedValue unixepoch_value(const Moment &moment) {
    return printed(cast(call("floor", {epoch_of(moment.sql)}), TypeKind::bigint), TypeKind::bigint);
}

// SQLite counts whole milliseconds since the Julian epoch and divides (date.c).
PrintedValue julianday_value(const Moment &moment) {
    const std::string millis =
        infix(call("round", {infix(epoch_of(moment.sql), "*", "1000")}), "+", "210866760000000");
    return printed(infix(cast(millis, TypeKind::float8), "/", cast("86400000", TypeKind::float8)),
                   TypeKind::float8);
}

// One conversion of strftime: the template of to_char, or its own field for immutable SQL.
struct Conversion {
    char letter;
    std::string_view pattern; // of to_char
    std::string_view field;   // of date_part, "" when there is none
    int width;
};
constexpr std::array<Conversion, 8> kConversions = {{{'Y', "YYYY", "year", 4},
                                                     {'m', "MM", "month", 2},
                                                     {'d', "DD", "day", 2},
                                                     {'H', "HH24", "hour", 2},
                                                     {'M', "MI", "minute", 2},
                                                     {'S', "SS", "second", 2},
                                                     {'j', "DDD", "doy", 3},
                                                     {'f', "SS.MS", "", 6}}};

const Conversion &find_conversion(std::string_view format, std::size_t at) {
    if (at < format.size())
        for (const Conversion &conversion : kConversions)
            if (conversion.letter == format[at])
                return conversion;
    refuse("the time format \"" + std::string(format) + "\" has no equivalent");
}

// The parts of a format: a conversion, or text that stands for itself.
struct FormatPart {
    const Conversion *conversion = nullptr;
    std::string text;
};

std::vector<FormatPart> parse_format(std::string_view format) {
    std::vector<FormatPart> parts;
    for (std::size_t i = 0; i < format.size(); ++i) {
        const bool is_escape = format[i] == '%';
        if (is_escape && (i + 1 >= format.size() || format[i + 1] != '%')) {
            parts.push_back({&find_conversion(format, ++i), ""});
            continue;
        }
        i += is_escape ? 1 : 0;
        if (parts.empty() || parts.back().conversion != nullptr)
            parts.emplace_back();
        parts.back().text += format[i];
    }
    return parts;
}

// date_part rounds nothing, a cast would: 59.6 seconds are 59.
std::string whole_field(const std::string &timestamp, const Conversion &conversion) {
    const std::string field = "E'" + std::string(conversion.field) + "'";
    const std::string number = call("date_part", {field, timestamp});
    return cast(conversion.letter == 'S' ? call("floor", {number}) : number, TypeKind::bigint);
}

// to_char depends on the locale for PostgreSQL; its fields by themselves do not.
std::string immutable_format(const PrintContext &context, const std::string &timestamp,
                             const std::vector<FormatPart> &parts, std::string_view format) {
    std::vector<std::string> pieces;
    for (const FormatPart &part : parts) {
        if (part.conversion == nullptr) {
            pieces.push_back(cast(literal_text(context, part.text), TypeKind::text));
            continue;
        }
        if (part.conversion->field.empty())
            refuse("the time format \"" + std::string(format) + "\" is not immutable");
        pieces.push_back(
            call("lpad", {cast(whole_field(timestamp, *part.conversion), TypeKind::text),
                          std::to_string(part.conversion->width), "E'0'"}));
    }
    return "(" + join(pieces, " OPERATOR(pg_catalog.||) ") + ")";
}

std::string char_template(const std::vector<FormatPart> &parts, std::string_view format) {
    std::string pattern;
    for (const FormatPart &part : parts) {
        if (part.conversion != nullptr) {
            pattern += part.conversion->pattern;
            continue;
        }
        if (part.text.find_first_of("\"\\") != std::string::npos)
            refuse("the time format \"" + std::string(format) + "\" has no equivalent");
        const bool is_plain = part.text.find_first_not_of("-/:., ") == std::string::npos;
        pattern += is_plain ? part.text : "\"" + part.text + "\"";
    }
    return pattern;
}

bool has_conversion(const std::vector<FormatPart> &parts, char letter) {
    return std::any_of(parts.begin(), parts.end(), [letter](const FormatPart &part) {
        return part.conversion != nullptr && part.conversion->letter == letter;
    });
}

// Whether what the format writes is read as a time again, as 'now' in a time column is.
bool shows_moment(const std::vector<FormatPart> &parts) {
    std::string sample;
    for (const FormatPart &part : parts) {
        if (part.conversion == nullptr)
            sample += part.text;
        else if (part.conversion->letter == 'f')
            sample += "03.125";
        else if (part.conversion->letter != 'j')
            sample += part.conversion->width == 4 ? "2001" : "03";
    }
    return value::parse_date_time(sample).has_value();
}

// A format that leaves out the seconds or the time shows a moment that has none.
void show_moment(PrintedValue &value, const Moment &moment, const std::vector<FormatPart> &parts) {
    value.is_utc = moment.is_utc;
    const bool has_seconds = has_conversion(parts, 'S') || has_conversion(parts, 'f');
    value.is_now = moment.is_now && has_seconds;
    value.moment = moment.sql;
    if (!has_seconds)
        value.moment =
            call("date_trunc", {has_conversion(parts, 'M') ? "E'minute'" : "E'day'", moment.sql});
}

PrintedValue weekday_or_epoch(const Moment &moment, std::string_view format) {
    PrintedValue number =
        format == "%s" ? unixepoch_value(moment)
                       : printed(cast(call("date_part", {"E'dow'", moment.sql}), TypeKind::bigint),
                                 TypeKind::bigint);
    PrintedValue text = printed(cast(number.sql, TypeKind::text), TypeKind::text);
    text.digits = number.sql;
    return text;
}

PrintedValue strftime_value(PrintContext &context, std::span<const PrintedValue> arguments) {
    if (arguments.empty() || !arguments[0].literal ||
        arguments[0].literal->kind != ExpressionKind::string_literal)
        refuse("function \"strftime\" with a computed format has no equivalent");
    const std::string &format = arguments[0].literal->text;
    for (const PrintedValue &argument : arguments.subspan(1))
        if (argument.is_null())
            return printed_null();
    const Moment moment = moment_of(context, arguments.subspan(1));
    if (format == "%s" || format == "%w")
        return weekday_or_epoch(moment, format);
    PrintedValue value = format_moment(context, moment.sql, format);
    const std::vector<FormatPart> parts = parse_format(format);
    if (shows_moment(parts))
        show_moment(value, moment, parts);
    return value;
}

} // namespace

PrintedValue format_moment(PrintContext &context, const std::string &timestamp,
                           std::string_view format) {
    const std::vector<FormatPart> parts = parse_format(format);
    PrintedValue value;
    if (parts.empty())
        return printed(cast("E''", TypeKind::text), TypeKind::text);
    if (context.needs_immutable) {
        value = printed(immutable_format(context, timestamp, parts, format), TypeKind::text);
    } else {
        context.is_immutable = false;
        value = printed(
            call("to_char", {timestamp, literal_text(context, char_template(parts, format))}),
            TypeKind::text);
    }
    if (parts.size() == 1 && parts[0].conversion != nullptr && !parts[0].conversion->field.empty())
        value.digits = whole_field(timestamp, *parts[0].conversion);
    return value;
}

PrintedValue print_time_function(PrintContext &context, std::string_view name,
                                 std::span<const PrintedValue> arguments) {
    if (name == "strftime")
        return strftime_value(context, arguments);
    for (const PrintedValue &argument : arguments)
        if (argument.is_null())
            return printed_null();
    // date() of a date is the date itself.
    if (name == "date" && arguments.size() == 1 && arguments[0].is_kind(TypeKind::date) &&
        arguments[0].epoch == EpochUnit::none) {
        PrintedValue value = printed(arguments[0].sql, TypeKind::date);
        value.moment = timestamp_of(context, arguments[0]);
        value.is_utc = arguments[0].is_utc;
        return value;
    }
    const Moment moment = moment_of(context, arguments);
    if (name == "date")
        return date_value(moment);
    if (name == "datetime")
        return datetime_value(moment);
    if (name == "time")
        return time_value(moment);
    return name == "unixepoch" ? unixepoch_value(moment) : julianday_value(moment);
}

PrintedValue print_current_time(PrintContext &context, std::string_view which) {
    const Moment moment = now(context);
    if (which == "date")
        return date_value(moment);
    return which == "time" ? time_value(moment) : datetime_value(moment);
}

} // namespace migrate::core::plan

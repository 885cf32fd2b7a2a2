// Functions of text and blobs (https://www.sqlite.org/lang_corefunc.html).
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_functions.hpp"
#include "core/plan/printer_literals.hpp"

#include <array>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

constexpr const char *kLimit = "2147483647"; // places and lengths are int4 in PostgreSQL

bool is_blob(const PrintedValue &value) {
    return value.type.kind == TypeKind::bytea;
}

std::string as_text(PrintContext &context, std::string_view name, const PrintedValue &value) {
    return text_of(context, value, "function \"" + std::string(name) + "\"");
}

PrintedValue text(std::string sql) {
    return printed(std::move(sql), TypeKind::text);
}

PrintedValue whole(const std::string &int4_sql) {
    return printed(cast(int4_sql, TypeKind::bigint), TypeKind::bigint);
}

std::string int4(const std::string &sql) {
    return "CAST(" + sql + " AS pg_catalog.int4)";
}

// SQLite folds ASCII alone; so does PostgreSQL under "C" (measured on 15 and 18).
PrintedValue print_case_fold(PrintContext &context, std::string_view name,
                             const Arguments &arguments) {
    return text(call(name, {byte_order(as_text(context, name, arguments[0]))}));
}

PrintedValue print_length(PrintContext &context, std::string_view name,
                          const Arguments &arguments) {
    if (is_blob(arguments[0]))
        return whole(call("octet_length", {as_itself(context, arguments[0])}));
    return whole(call(name == "length" ? "char_length" : "octet_length",
                      {as_text(context, name, arguments[0])}));
}

PrintedValue print_trim(PrintContext &context, std::string_view name, const Arguments &arguments) {
    const std::string subject = as_text(context, name, arguments[0]);
    const std::string characters =
        arguments.size() > 1 ? as_text(context, name, arguments[1]) : cast("E' '", TypeKind::text);
    return text(call(name == "trim" ? "btrim" : name, {subject, characters}));
}

// An empty pattern leaves the text as it is, even where the replacement is NULL.
PrintedValue print_replace(PrintContext &context, std::string_view name,
                           const Arguments &arguments) {
    const std::string subject = as_text(context, name, arguments[0]);
    const PrintedValue &pattern = arguments[1];
    const std::string pattern_sql = as_text(context, name, pattern);
    if (pattern.literal && pattern.literal->kind == ExpressionKind::string_literal &&
        pattern.literal->text.empty())
        return text(subject);
    const std::string replaced =
        call("replace", {subject, pattern_sql, as_text(context, name, arguments[2])});
    if (pattern.literal)
        return text(replaced);
    return text("(CASE WHEN " + infix(pattern_sql, "=", "E''") + " THEN " + subject + " ELSE " +
                replaced + " END)");
}

PrintedValue print_instr(PrintContext &context, std::string_view name, const Arguments &arguments) {
    if (is_blob(arguments[0]) || is_blob(arguments[1]))
        refuse("function \"instr\" is used on blobs");
    return whole(call(
        "strpos", {as_text(context, name, arguments[0]), as_text(context, name, arguments[1])}));
}

// hex(NULL) is the empty string in SQLite.
PrintedValue print_hex(PrintContext &context, std::string_view name, const Arguments &arguments) {
    const std::string bytes =
        is_blob(arguments[0])
            ? as_itself(context, arguments[0])
            : call("convert_to", {as_text(context, name, arguments[0]), "E'UTF8'"});
    return text("COALESCE(" + call("upper", {byte_order(call("encode", {bytes, "E'hex'"}))}) +
                ", E'')");
}

PrintedValue print_unicode(PrintContext &context, std::string_view name,
                           const Arguments &arguments) {
    if (!context.options.is_utf8_server)
        refuse("function \"unicode\" needs a server whose encoding is UTF8");
    return whole("NULLIF(" + call("ascii", {as_text(context, name, arguments[0])}) + ", 0)");
}

// NULLs count as empty strings (SQLite 3.44).
PrintedValue print_concat(PrintContext &context, std::string_view name,
                          const Arguments &arguments) {
    std::vector<std::string> parts;
    for (const PrintedValue &argument : arguments)
        parts.push_back("COALESCE(" + as_text(context, name, argument) + ", E'')");
    return text("(" + join(parts, " OPERATOR(pg_catalog.||) ") + ")");
}

PrintedValue print_concat_ws(PrintContext &context, std::string_view name,
                             const Arguments &arguments) {
    std::vector<std::string> parts;
    for (const PrintedValue &argument : arguments)
        parts.push_back(as_text(context, name, argument));
    context.is_immutable = false;
    return text("pg_catalog.concat_ws(" + join(parts, ", ") + ")");
}

std::optional<std::int64_t> constant(const PrintedValue &value) {
    if (!value.literal || value.literal->kind != ExpressionKind::integer_literal)
        return std::nullopt;
    return value.literal->integer;
}

PrintedValue whole_argument(PrintContext &context, const PrintedValue &value) {
    const PrintedValue number = number_of(context, value, "function \"substr\"");
    if (number.type.kind != TypeKind::bigint)
        refuse("function \"substr\" is used with a place that is not an integer");
    return number;
}

// A negative start counts from the end: PostgreSQL's substr() takes a start before the first
// character as SQLite does, cutting the length by what lies there.
std::string start_sql(PrintContext &context, const PrintedValue &start, const std::string &length) {
    const PrintedValue number = whole_argument(context, start);
    if (const std::optional<std::int64_t> place = constant(number)) {
        if (*place >= 0)
            return int4(std::to_string(*place));
        return int4(infix(infix(length, "+", "1"), "+", "(" + std::to_string(*place) + ")"));
    }
    const std::string from_end =
        infix(infix(cast(length, TypeKind::bigint), "+", number.sql), "+", "1");
    return int4("CASE WHEN " + infix(number.sql, "<", "0") + " THEN GREATEST(" + from_end +
                ", -2147483647) WHEN " + infix(number.sql, ">", kLimit) + " THEN " + kLimit +
                " ELSE " + number.sql + " END");
}

// With a negative length SQLite takes the characters before the start; from 1 there are none.
std::string count_sql(PrintContext &context, const PrintedValue &count, const PrintedValue &start) {
    const PrintedValue number = whole_argument(context, count);
    if (const std::optional<std::int64_t> characters = constant(number)) {
        if (*characters < 0)
            refuse("function \"substr\" with a negative length has no equivalent");
        return int4(std::to_string(std::min<std::int64_t>(*characters, INT32_MAX)));
    }
    const std::optional<std::int64_t> place = constant(start);
    if (!place || (*place != 0 && *place != 1))
        refuse("function \"substr\" with a computed length has no equivalent");
    return int4("CASE WHEN " + infix(number.sql, "<", "0") + " THEN 0 WHEN " +
                infix(number.sql, ">", kLimit) + " THEN " + kLimit + " ELSE " + number.sql +
                " END");
}

bool is_too_far(const PrintedValue &value) {
    const std::optional<std::int64_t> number = constant(value);
    return number && (*number > INT32_MAX || *number < -INT32_MAX);
}

PrintedValue print_substr(PrintContext &context, std::string_view name,
                          const Arguments &arguments) {
    if (arguments[1].is_null() || (arguments.size() > 2 && arguments[2].is_null()))
        return printed_null();
    if (is_too_far(arguments[1]))
        refuse("function \"substr\" starts too far away");
    const bool is_bytes = is_blob(arguments[0]);
    // Of an empty blob SQLite's substr() is NULL.
    const std::string subject = is_bytes ? "NULLIF(" + as_itself(context, arguments[0]) + ", " +
                                               cast("E''", TypeKind::bytea) + ")"
                                         : as_text(context, name, arguments[0]);
    const std::string start = start_sql(context, arguments[1],
                                        call(is_bytes ? "octet_length" : "char_length", {subject}));
    PrintedValue result = is_bytes ? printed("", TypeKind::bytea) : text("");
    result.sql =
        arguments.size() > 2
            ? call("substr", {subject, start, count_sql(context, arguments[2], arguments[1])})
            : call("substr", {subject, start});
    return result;
}

constexpr std::array<ScalarFunction, 15> kFunctions = {{
    {"lower", 1, 1, print_case_fold},
    {"upper", 1, 1, print_case_fold},
    {"length", 1, 1, print_length},
    {"octet_length", 1, 1, print_length},
    {"trim", 1, 2, print_trim},
    {"ltrim", 1, 2, print_trim},
    {"rtrim", 1, 2, print_trim},
    {"replace", 3, 3, print_replace},
    {"instr", 2, 2, print_instr},
    {"hex", 1, 1, print_hex},
    {"unicode", 1, 1, print_unicode},
    // With one argument it is an application's own aggregate (Calibre's), not SQLite's function.
    {"concat", 2, 100, print_concat},
    {"concat_ws", 3, 100, print_concat_ws},
    {"substr", 2, 3, print_substr},
    {"substring", 2, 3, print_substr},
}};

} // namespace

const ScalarFunction *find_text_function(std::string_view name) {
    for (const ScalarFunction &function : kFunctions)
        if (function.name == name)
            return &function;
    return nullptr;
}

} // namespace migrate::core::plan

// Functions of numbers (https://www.sqlite.org/lang_mathfunc.html). Outside their domain SQLite's
// give NULL where PostgreSQL's raise an error.
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_functions.hpp"
#include "core/plan/printer_literals.hpp"

#include <algorithm>
#include <array>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

PrintedValue number(PrintContext &context, std::string_view name, const PrintedValue &value) {
    return number_of(context, value, "function \"" + std::string(name) + "\"");
}

std::string as_real(PrintContext &context, std::string_view name, const PrintedValue &value) {
    return as_type(context, number(context, name, value), make_type(TypeKind::float8),
                   EpochUnit::none);
}

PrintedValue real(std::string sql) {
    return printed(std::move(sql), TypeKind::float8);
}

// abs, and ceil and floor, which keep an integer what it is.
PrintedValue print_same_type(PrintContext &context, std::string_view name,
                             const Arguments &arguments) {
    const PrintedValue value = number(context, name, arguments[0]);
    if (value.is_null())
        return value;
    if (value.type.kind == TypeKind::bigint && name != "abs")
        return value;
    PrintedValue result = printed(
        call(name == "ceiling" ? "ceil" : name, {as_itself(context, value)}), value.type.kind);
    result.may_be_whole = value.may_be_whole;
    return result;
}

PrintedValue print_sign(PrintContext &context, std::string_view name, const Arguments &arguments) {
    const PrintedValue value = number(context, name, arguments[0]);
    const TypeKind kind =
        value.type.kind == TypeKind::float8 ? TypeKind::float8 : TypeKind::numeric;
    const std::string sql = as_type(context, value, make_type(kind), EpochUnit::none);
    return printed(cast(call("sign", {sql}), TypeKind::bigint), TypeKind::bigint);
}

// round() of a double to no digits adds a half and cuts, for all that is below 2^52 (func.c).
std::string round_half_up(const std::string &sql) {
    const std::string half = "CASE WHEN " + infix(sql, "<", "0") + " THEN " +
                             cast("-0.5", TypeKind::float8) + " ELSE " +
                             cast("0.5", TypeKind::float8) + " END";
    return "(CASE WHEN " + infix(call("abs", {sql}), ">=", "4503599627370496") + " THEN " + sql +
           " ELSE " + call("trunc", {infix(sql, "+", "(" + half + ")")}) + " END)";
}

// More digits are rounded in decimal, half away from zero, as SQLite prints them.
PrintedValue print_round(PrintContext &context, std::string_view name, const Arguments &arguments) {
    std::int64_t digits = 0;
    if (arguments.size() > 1) {
        if (!arguments[1].literal || arguments[1].literal->kind != ExpressionKind::integer_literal)
            refuse("function \"round\" with computed digits has no equivalent");
        digits = std::clamp<std::int64_t>(arguments[1].literal->integer, 0, 30);
    }
    const PrintedValue value = number(context, name, arguments[0]);
    if (value.is_null())
        return value;
    if (value.type.kind == TypeKind::bigint)
        return real(as_real(context, name, value));
    if (value.type.kind == TypeKind::float8 && digits == 0)
        return real(round_half_up(as_real(context, name, value)));
    const std::string decimal = value.type.kind == TypeKind::float8
                                    ? cast(as_itself(context, value), TypeKind::numeric)
                                    : as_itself(context, value);
    return real(cast(call("round", {decimal, std::to_string(digits)}), TypeKind::float8));
}

PrintedValue print_root(PrintContext &context, std::string_view name, const Arguments &arguments) {
    const std::string sql = as_real(context, name, arguments[0]);
    return real("(CASE WHEN " + infix(sql, ">=", "0") + " THEN " + call("sqrt", {sql}) + " END)");
}

PrintedValue print_logarithm(PrintContext &context, std::string_view name,
                             const Arguments &arguments) {
    const std::string sql = as_real(context, name, arguments[0]);
    return real("(CASE WHEN " + infix(sql, ">", "0") + " THEN " +
                call(name == "ln" ? "ln" : "log10", {sql}) + " END)");
}

PrintedValue print_power(PrintContext &context, std::string_view name, const Arguments &arguments) {
    const PrintedValue &exponent = arguments[1];
    if (!exponent.literal || exponent.literal->kind != ExpressionKind::integer_literal ||
        exponent.literal->integer < 0)
        refuse("function \"" + std::string(name) + "\" with an exponent that is not a whole " +
               "constant has no equivalent");
    return real(
        call("power", {as_real(context, name, arguments[0]), as_real(context, name, exponent)}));
}

PrintedValue print_pi(PrintContext &, std::string_view, const Arguments &) {
    return real(call("pi", {}));
}

// Defined everywhere, and the same C functions in both.
PrintedValue print_real_function(PrintContext &context, std::string_view name,
                                 const Arguments &arguments) {
    return real(call(name, {as_real(context, name, arguments[0])}));
}

constexpr std::array<ScalarFunction, 20> kFunctions = {{
    {"abs", 1, 1, print_same_type},         {"ceil", 1, 1, print_same_type},
    {"ceiling", 1, 1, print_same_type},     {"floor", 1, 1, print_same_type},
    {"trunc", 1, 1, print_same_type},       {"sign", 1, 1, print_sign},
    {"round", 1, 2, print_round},           {"sqrt", 1, 1, print_root},
    {"ln", 1, 1, print_logarithm},          {"log", 1, 1, print_logarithm},
    {"log10", 1, 1, print_logarithm},       {"pow", 2, 2, print_power},
    {"power", 2, 2, print_power},           {"pi", 0, 0, print_pi},
    {"sin", 1, 1, print_real_function},     {"cos", 1, 1, print_real_function},
    {"tan", 1, 1, print_real_function},     {"atan", 1, 1, print_real_function},
    {"radians", 1, 1, print_real_function}, {"degrees", 1, 1, print_real_function},
}};

} // namespace

const ScalarFunction *find_number_function(std::string_view name) {
    for (const ScalarFunction &function : kFunctions)
        if (function.name == name)
            return &function;
    return nullptr;
}

} // namespace migrate::core::plan

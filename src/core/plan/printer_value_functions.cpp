// Functions of any type: NULLs, choices, types and JSON.
#include "core/plan/printer.hpp"
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_compare.hpp"
#include "core/plan/printer_functions.hpp"
#include "core/plan/printer_literals.hpp"

#include <array>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

std::vector<std::string> as_common(PrintContext &context, const Arguments &values,
                                   const PrintedValue &common) {
    std::vector<std::string> sql;
    for (const PrintedValue &value : values)
        sql.push_back(as_type(context, value, common.type, common.epoch));
    return sql;
}

PrintedValue print_coalesce(PrintContext &context, std::string_view, const Arguments &arguments) {
    PrintedValue value = common_type(arguments);
    value.sql = "COALESCE(" + join(as_common(context, arguments, value), ", ") + ")";
    value.collation.clear(); // a function's result has none (datatype3, section 7.1)
    return value;
}

PrintedValue print_nullif(PrintContext &context, std::string_view, const Arguments &arguments) {
    PrintedValue value = arguments[0];
    if (value.is_null())
        return value;
    value.sql = "(CASE WHEN " + compare(context, "=", arguments[0], arguments[1]).sql +
                " THEN NULL ELSE " + as_itself(context, arguments[0]) + " END)";
    value.literal.reset();
    value.has_affinity = false;
    value.collation.clear();
    return value;
}

PrintedValue print_iif(PrintContext &context, std::string_view, const Arguments &arguments) {
    Arguments results(arguments.begin() + 1, arguments.end());
    if (results.size() == 1)
        results.push_back(printed_null());
    PrintedValue value = common_type(results);
    value.collation.clear();
    const std::vector<std::string> sql = as_common(context, results, value);
    value.sql = "(CASE WHEN " + condition_of(context, arguments[0]) + " THEN " + sql[0] + " ELSE " +
                sql[1] + " END)";
    return value;
}

// With several arguments min() and max() give NULL when one is NULL; GREATEST passes it over.
PrintedValue print_extreme(PrintContext &context, std::string_view name,
                           const Arguments &arguments) {
    PrintedValue value = common_type(arguments);
    if (value.type.is_text_like() && value.collation != "BINARY" && !value.collation.empty())
        refuse("function \"" + std::string(name) + "\" is used on text with collation " +
               value.collation);
    std::vector<std::string> sql = as_common(context, arguments, value);
    std::vector<std::string> tests;
    for (std::string &argument : sql) {
        tests.push_back(argument + " IS NULL");
        PrintedValue typed = value;
        typed.sql = argument;
        argument = ordered(context, typed);
    }
    value.sql = "(CASE WHEN " + join(tests, " OR ") + " THEN NULL ELSE " +
                (name == "min" ? "LEAST(" : "GREATEST(") + join(sql, ", ") + ") END)";
    value.collation.clear();
    return value;
}

std::string storage_class(const PrintedValue &value) {
    if (value.is_json_text ||
        (value.literal && value.literal->kind == ExpressionKind::null_literal))
        return value.is_json_text ? "" : "null";
    switch (value.type.kind) {
    case TypeKind::boolean:
    case TypeKind::bigint:
        return "integer";
    case TypeKind::float8:
        return value.may_be_whole ? "" : "real";
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::citext:
        return "text";
    case TypeKind::bytea:
        return "blob";
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return value.epoch == EpochUnit::none ? "text" : "";
    default:
        return "";
    }
}

PrintedValue print_typeof(PrintContext &context, std::string_view, const Arguments &arguments) {
    const std::string name = storage_class(arguments[0]);
    if (name.empty())
        refuse("function \"typeof\" is used on " + type_words(arguments[0]));
    return printed("(CASE WHEN " + as_itself(context, arguments[0]) +
                       " IS NULL THEN E'null' ELSE E'" + name + "' END)",
                   TypeKind::text);
}

// likely(), unlikely() and likelihood() only advise SQLite's planner.
PrintedValue print_first(PrintContext &, std::string_view, const Arguments &arguments) {
    return arguments[0];
}

// What a json or jsonb column holds is valid; IS JSON is not in 15.
PrintedValue print_json_valid(PrintContext &, std::string_view, const Arguments &arguments) {
    if (!arguments[0].is_kind(TypeKind::json) && !arguments[0].is_kind(TypeKind::jsonb))
        refuse("function \"json_valid\" is used on " + type_words(arguments[0]));
    return printed("(CASE WHEN " + arguments[0].sql + " IS NOT NULL THEN TRUE END)",
                   TypeKind::boolean);
}

PrintedValue print_extract(PrintContext &context, std::string_view, const Arguments &arguments) {
    return print_json_extract(context, arguments[0], arguments[1]);
}

constexpr std::array<ScalarFunction, 13> kFunctions = {{
    {"coalesce", 2, 100, print_coalesce},
    {"ifnull", 2, 2, print_coalesce},
    {"nullif", 2, 2, print_nullif},
    {"iif", 2, 3, print_iif},
    {"if", 2, 3, print_iif},
    {"min", 2, 100, print_extreme},
    {"max", 2, 100, print_extreme},
    {"typeof", 1, 1, print_typeof},
    {"likely", 1, 1, print_first},
    {"unlikely", 1, 1, print_first},
    {"likelihood", 2, 2, print_first},
    {"json_valid", 1, 1, print_json_valid},
    {"json_extract", 2, 2, print_extract},
}};

// "$.a.b[0]" as the elements of a text array; throws for what a plain path is not.
std::vector<std::string> path_elements(std::string_view path) {
    std::vector<std::string> elements;
    if (!path.starts_with('$'))
        return {std::string(path)}; // ->> 'name'
    std::size_t at = 1;
    while (at < path.size()) {
        const bool is_index = path[at] == '[';
        const std::size_t end = path.find_first_of(is_index ? "]" : ".[", at + 1);
        const std::string_view element = path.substr(at + 1, std::min(end, path.size()) - at - 1);
        const bool is_plain =
            !element.empty() && element.find_first_of("\"'\\{}#* ") == std::string_view::npos;
        if ((!is_index && path[at] != '.') || !is_plain ||
            (is_index && (end == std::string_view::npos ||
                          element.find_first_not_of("0123456789") != std::string_view::npos)))
            refuse("a JSON path is not a plain one");
        elements.emplace_back(element);
        at = std::min(end, path.size()) + (is_index ? 1 : 0);
    }
    return elements;
}

} // namespace

const ScalarFunction *find_value_function(std::string_view name) {
    for (const ScalarFunction &function : kFunctions)
        if (function.name == name)
            return &function;
    return nullptr;
}

// The type of what is found is in the data: only comparisons with strings, IS NULL and index
// terms take the text of it (is_json_text).
PrintedValue print_json_extract(PrintContext &context, const PrintedValue &document,
                                const PrintedValue &path) {
    const bool is_document = document.is_kind(TypeKind::json) || document.is_kind(TypeKind::jsonb);
    if (!is_document || !path.literal || path.literal->kind != ExpressionKind::string_literal)
        refuse("JSON is read from " + type_words(document) + " or by a computed path");
    std::vector<std::string> elements;
    for (const std::string &element : path_elements(path.literal->text))
        elements.push_back(literal_text(context, element));
    if (elements.empty())
        refuse("a JSON path is not a plain one");
    PrintedValue value =
        printed(infix(document.sql, "#>>",
                      "CAST(ARRAY[" + join(elements, ", ") + "] AS pg_catalog.text[])"),
                TypeKind::text);
    value.is_json_text = true;
    context.note("what json_extract finds is compared as text");
    return value;
}

} // namespace migrate::core::plan

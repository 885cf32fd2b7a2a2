#include "core/plan/column_overrides.hpp"

#include "core/error.hpp"
#include "core/plan/plan.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

[[noreturn]] void fail_unknown(std::string_view option, std::string_view kind,
                               std::string_view name, const std::vector<std::string_view> &valid) {
    std::string message = "option \"";
    message.append(option).append("\" names the unknown ").append(kind);
    message.append(" \"").append(name).append("\"");
    Error error(sqlstate::kInvalidParameterValue, std::move(message));
    const std::string nearest = nearest_name(name, valid);
    if (nearest.empty())
        throw error;
    throw std::move(error).with_hint("Perhaps you meant the " + std::string(kind) + " \"" +
                                     nearest + "\".");
}

void check_table(const Schema &schema, std::string_view option, const std::string &pattern) {
    std::vector<std::string_view> tables;
    for (const Table &table : schema.tables) {
        if (table.kind != TableKind::ordinary)
            continue;
        if (takes_in(pattern, table.name))
            return;
        tables.push_back(table.name);
    }
    fail_unknown(option, "table", pattern, tables);
}

void check_rule(const Schema &schema, std::string_view option, const std::string &table_pattern,
                const std::string &column_pattern) {
    check_table(schema, option, table_pattern);
    std::vector<std::string_view> columns;
    for (const Table &table : schema.tables) {
        if (table.kind != TableKind::ordinary || !takes_in(table_pattern, table.name))
            continue;
        for (const Column &column : table.columns) {
            if (takes_in(column_pattern, column.name))
                return;
            columns.push_back(column.name);
        }
    }
    fail_unknown(option, "column", column_pattern, columns);
}

std::optional<std::int32_t> parse_digits(std::string_view text) {
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0)
        return std::nullopt;
    return number;
}

// What stands between `before` and the closing parenthesis that ends the text.
std::optional<std::string_view> argument(std::string_view text, std::string_view before) {
    if (!text.starts_with(before) || !text.ends_with(')'))
        return std::nullopt;
    return text.substr(before.size(), text.size() - before.size() - 1);
}

std::optional<Type> parse_with_arguments(std::string_view text) {
    if (const auto digits = argument(text, "character varying(")) {
        if (const auto length = parse_digits(*digits))
            return make_varchar(*length);
    }
    if (const auto digits = argument(text, "numeric(")) {
        const std::size_t comma = digits->find(',');
        if (comma == std::string_view::npos)
            return std::nullopt;
        const auto precision = parse_digits(digits->substr(0, comma));
        const auto scale = parse_digits(digits->substr(comma + 1));
        // A scale above the precision is PostgreSQL's own kind of number (15, section 8.1.2).
        if (precision && scale && *scale <= *precision)
            return make_numeric(*precision, *scale);
    }
    return std::nullopt;
}

// PostgreSQL, section 8.21 "Pseudo-Types".
bool is_pseudo_type(std::string_view formatted) {
    constexpr std::string_view kPseudo[] = {"cstring",          "event_trigger", "fdw_handler",
                                            "index_am_handler", "internal",      "language_handler",
                                            "pg_ddl_command",   "record",        "record[]",
                                            "table_am_handler", "trigger",       "tsm_handler",
                                            "unknown",          "void"};
    return formatted.starts_with("any") || formatted.starts_with("\"any\"") ||
           std::find(std::begin(kPseudo), std::end(kPseudo), formatted) != std::end(kPseudo);
}

} // namespace

bool is_exact_name(std::string_view pattern) {
    return pattern.find_first_of("*?") == std::string_view::npos;
}

bool takes_in(std::string_view pattern, std::string_view name) {
    const std::string folded = fold_ascii(name);
    return is_exact_name(pattern) ? fold_ascii(pattern) == folded
                                  : matches_wildcard(fold_ascii(pattern), folded);
}

void check_column_options(const Schema &schema, const ImportOptions &options) {
    for (const auto &rule : options.types)
        check_rule(schema, "types", rule.table, rule.column);
    for (const auto &rule : options.epochs)
        check_rule(schema, "epoch", rule.table, rule.column);
    // "*" stands for a value that names no table, and does for a file that has none.
    for (const ConflictKey &key : options.conflict_keys) {
        if (key.table != "*")
            check_table(schema, "conflict_key", key.table);
    }
    for (const Watermark &mark : options.watermarks) {
        if (mark.table != "*")
            check_table(schema, "watermark", mark.table);
    }
}

Type parse_target_type(std::string_view formatted) {
    constexpr TypeKind kKinds[] = {
        TypeKind::boolean, TypeKind::bigint,    TypeKind::numeric,     TypeKind::float8,
        TypeKind::text,    TypeKind::varchar,   TypeKind::bytea,       TypeKind::date,
        TypeKind::time,    TypeKind::timestamp, TypeKind::timestamptz, TypeKind::json,
        TypeKind::jsonb,   TypeKind::uuid,
    };
    for (const TypeKind kind : kKinds) {
        if (formatted == make_type(kind).sql())
            return make_type(kind);
    }
    if (formatted == "citext" || formatted.ends_with(".citext"))
        return make_type(TypeKind::citext);
    if (const auto type = parse_with_arguments(formatted))
        return *type;
    Type other = make_type(TypeKind::other);
    other.name = formatted;
    return other;
}

Type resolve_override(const std::vector<std::pair<std::string, std::string>> &resolved_types,
                      const std::string &written) {
    const auto found = std::find_if(resolved_types.begin(), resolved_types.end(),
                                    [&](const auto &type) { return type.first == written; });
    if (found == resolved_types.end())
        throw Error(sqlstate::kInvalidParameterValue,
                    "type \"" + written + "\" in option \"types\" does not exist");
    if (is_pseudo_type(found->second))
        throw Error(sqlstate::kInvalidParameterValue,
                    "type \"" + written + "\" in option \"types\" cannot be the type of a column")
            .with_detail("It is a pseudo-type.");
    return parse_target_type(found->second);
}

} // namespace migrate::core::plan

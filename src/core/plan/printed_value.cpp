#include "core/plan/printed_value.hpp"

#include "core/error.hpp"
#include "core/value/utf8.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

constexpr int kMaxDepth = 200;
constexpr std::size_t kMaxWork = 1'000'000;
constexpr std::size_t kMaxSql = 1'000'000;

std::string_view catalog_name(TypeKind kind) {
    switch (kind) {
    case TypeKind::boolean:
        return "pg_catalog.bool";
    case TypeKind::bigint:
        return "pg_catalog.int8";
    case TypeKind::numeric:
        return "pg_catalog.numeric";
    case TypeKind::float8:
        return "pg_catalog.float8";
    case TypeKind::varchar:
        return "pg_catalog.varchar";
    case TypeKind::bytea:
        return "pg_catalog.bytea";
    case TypeKind::date:
        return "pg_catalog.date";
    case TypeKind::time:
        return "pg_catalog.time";
    case TypeKind::timestamp:
        return "pg_catalog.timestamp";
    case TypeKind::timestamptz:
        return "pg_catalog.timestamptz";
    case TypeKind::json:
        return "pg_catalog.json";
    case TypeKind::jsonb:
        return "pg_catalog.jsonb";
    case TypeKind::uuid:
        return "pg_catalog.uuid";
    case TypeKind::text:
    case TypeKind::citext:
    case TypeKind::other:
        break;
    }
    return "pg_catalog.text";
}

std::string cast_name(const PrintContext &context, const Type &type) {
    if (type.kind == TypeKind::citext && !context.options.citext_schema.empty())
        return context.options.citext_schema + ".citext";
    // types.md, rule 6: the caller's own type, as PostgreSQL formatted it.
    if (type.kind == TypeKind::other)
        return type.name;
    std::string name(catalog_name(type.kind));
    if (type.length >= 0 && type.kind == TypeKind::varchar)
        name += "(" + std::to_string(type.length) + ")";
    if (type.length >= 0 && type.kind == TypeKind::numeric)
        name += "(" + std::to_string(type.length) + "," + std::to_string(type.scale) + ")";
    return name;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

} // namespace

bool PrintedValue::is_number() const {
    return is_kind(TypeKind::bigint) || is_kind(TypeKind::numeric) || is_kind(TypeKind::float8);
}

bool PrintedValue::is_text_like() const {
    return !literal && type.is_text_like();
}

PrintedValue printed(std::string sql, TypeKind kind) {
    check_size(sql);
    PrintedValue value;
    value.sql = std::move(sql);
    value.type = make_type(kind);
    return value;
}

PrintedValue printed_literal(SourceLiteral literal) {
    PrintedValue value;
    switch (literal.kind) {
    case ExpressionKind::integer_literal:
        value.type = make_type(TypeKind::bigint);
        break;
    case ExpressionKind::real_literal:
        value.type = make_type(TypeKind::float8);
        break;
    case ExpressionKind::blob_literal:
        value.type = make_type(TypeKind::bytea);
        break;
    case ExpressionKind::boolean_literal:
        value.type = make_type(TypeKind::boolean);
        break;
    default:
        value.type = make_type(TypeKind::text);
    }
    value.literal = std::move(literal);
    return value;
}

PrintedValue printed_null() {
    return printed_literal({});
}

void PrintContext::note(std::string text) {
    if (std::find(notes.begin(), notes.end(), text) == notes.end())
        notes.push_back(std::move(text));
}

DepthGuard::DepthGuard(PrintContext &context) : context_(context) {
    if (context.depth >= kMaxDepth)
        refuse("expression is nested more than 200 levels deep");
    if (++context.work > kMaxWork)
        refuse("expression is too complex");
    ++context.depth;
}

void refuse(std::string problem) {
    throw Error(sqlstate::kFeatureNotSupported, std::move(problem));
}

void check_size(const std::string &sql) {
    if (sql.size() > kMaxSql)
        refuse("expression is too long");
}

std::string join(const std::vector<std::string> &parts, std::string_view separator) {
    std::string all;
    for (const std::string &part : parts) {
        if (&part != &parts.front())
            all += separator;
        all += part;
    }
    check_size(all);
    return all;
}

std::string call(std::string_view name, std::initializer_list<std::string_view> arguments) {
    std::string sql = "pg_catalog." + std::string(name) + "(";
    for (const std::string_view &argument : arguments) {
        if (&argument != arguments.begin())
            sql += ", ";
        sql += argument;
    }
    sql += ")";
    check_size(sql);
    return sql;
}

std::string infix(std::string_view left, std::string_view op, std::string_view right) {
    std::string sql = "(" + std::string(left) + " OPERATOR(pg_catalog.";
    sql.append(op).append(") ").append(right).append(")");
    check_size(sql);
    return sql;
}

std::string prefix(std::string_view op, std::string_view operand) {
    return "(OPERATOR(pg_catalog." + std::string(op) + ") " + std::string(operand) + ")";
}

std::string cast(const PrintContext &context, std::string_view sql, const Type &type) {
    return "CAST(" + std::string(sql) + " AS " + cast_name(context, type) + ")";
}

std::string cast(std::string_view sql, TypeKind kind) {
    return "CAST(" + std::string(sql) + " AS " + std::string(catalog_name(kind)) + ")";
}

std::string byte_order(std::string_view text_sql) {
    return "(" + std::string(text_sql) + " COLLATE pg_catalog.\"C\")";
}

std::string literal_text(const PrintContext &context, std::string_view text) {
    std::optional<std::string> literal = quote_literal(text);
    if (!literal)
        refuse("a string holds a NUL or is not valid UTF-8");
    // Whether the server's encoding has the character is not known here.
    if (!context.options.is_utf8_server && !is_ascii(text))
        refuse("a string is not ASCII and the server's encoding is not UTF8");
    return *literal;
}

std::string identifier(std::string_view name) {
    if (name.empty() || !value::is_valid_text(name))
        refuse("a name is empty, holds a NUL or is not valid UTF-8");
    return quote_identifier(name);
}

std::string lower_ascii(std::string_view text) {
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
    return lowered;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

} // namespace migrate::core::plan

// What the printer's tests share: columns to name, and one call from SQLite's text to SQL.
#pragma once

#include "catch.hpp"

#include "core/plan/expression_printer.hpp"
#include "core/sqlite/sql_parser.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace printer_fixture {

using namespace migrate::core;
using namespace migrate::core::plan;

inline BoundColumn column(std::string name, TypeKind kind, std::string collation = "BINARY",
                          EpochUnit epoch = EpochUnit::none) {
    BoundColumn bound;
    bound.source_name = name;
    bound.target_name = std::move(name);
    bound.type = make_type(kind);
    bound.collation = std::move(collation);
    bound.epoch = epoch;
    return bound;
}

// A column of every type.
inline std::vector<BoundColumn> columns() {
    std::vector<BoundColumn> all = {
        column("i", TypeKind::bigint),         column("j", TypeKind::bigint),
        column("r", TypeKind::float8),         column("n", TypeKind::numeric),
        column("s", TypeKind::text),           column("nc", TypeKind::text, "NOCASE"),
        column("rt", TypeKind::text, "RTRIM"), column("v", TypeKind::varchar),
        column("b", TypeKind::boolean),        column("c", TypeKind::boolean),
        column("d", TypeKind::date),           column("ts", TypeKind::timestamp),
        column("tz", TypeKind::timestamptz),   column("tm", TypeKind::time),
        column("bl", TypeKind::bytea),         column("js", TypeKind::jsonb),
        column("u", TypeKind::uuid),           column("ci", TypeKind::citext, "NOCASE"),
    };
    all.push_back(column("es", TypeKind::timestamptz, "BINARY", EpochUnit::seconds));
    all.push_back(column("em", TypeKind::timestamptz, "BINARY", EpochUnit::milliseconds));
    return all;
}

inline ExpressionPtr parse(std::string_view text) {
    SourceExpression parsed = sqlite::parse_expression(text);
    INFO(text << ": " << parsed.problem);
    REQUIRE(parsed.tree);
    return std::move(parsed.tree);
}

inline std::string shown(const Printed &printed) {
    return printed.is_good() ? printed.sql : "! " + printed.problem;
}

inline Printed check(std::string_view text, const PrintOptions &options = {}) {
    return print_check(*parse(text), columns(), options);
}

// The SQL of a CHECK, OPERATOR(pg_catalog.x) shortened to x and pg_catalog. left out.
inline std::string shorten(std::string sql) {
    const auto replace_all = [&sql](std::string_view from, std::string_view to) {
        for (std::size_t at = sql.find(from); at != std::string::npos; at = sql.find(from, at))
            sql.replace(at, from.size(), to);
    };
    for (const char *op : {"+",  "-",   "*",    "/",  "%",   "=",   "<>", "<=", ">=", "<",  ">",
                           "||", "~~*", "!~~*", "~~", "!~~", "#>>", "&",  "|",  "<<", ">>", "~"})
        replace_all("OPERATOR(pg_catalog." + std::string(op) + ")", op);
    replace_all("pg_catalog.", "");
    return sql;
}

inline std::string check_sql(std::string_view text) {
    return shorten(shown(check(text)));
}

inline std::string term_sql(std::string_view text) {
    return shorten(shown(print_index_term(*parse(text), columns(), {})));
}

inline std::string default_sql(std::string_view text, const Type &type,
                               EpochUnit epoch = EpochUnit::none,
                               const PrintOptions &options = {}) {
    return shorten(shown(print_default(*parse(text), type, epoch, options)));
}

inline std::string default_sql(std::string_view text, TypeKind kind,
                               EpochUnit epoch = EpochUnit::none) {
    return default_sql(text, make_type(kind), epoch);
}

} // namespace printer_fixture

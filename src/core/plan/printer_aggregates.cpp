// Aggregate functions (https://www.sqlite.org/lang_aggfunc.html).
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_compare.hpp"
#include "core/plan/printer_functions.hpp"

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

std::string aggregate_sql(const AggregateCall &aggregate, std::string_view name,
                          const std::string &arguments) {
    std::string sql = "pg_catalog." + std::string(name) + "(";
    sql += aggregate.is_distinct ? "DISTINCT " : "";
    sql += arguments + ")" + aggregate.filter;
    check_size(sql);
    return aggregate.filter.empty() ? sql : "(" + sql + ")";
}

PrintedValue print_count(PrintContext &context, const AggregateCall &aggregate) {
    if (aggregate.is_star)
        return printed(aggregate_sql(aggregate, "count", "*"), TypeKind::bigint);
    if (aggregate.is_distinct)
        check_distinct(aggregate.arguments[0], "count(DISTINCT)");
    return printed(aggregate_sql(aggregate, "count", as_itself(context, aggregate.arguments[0])),
                   TypeKind::bigint);
}

std::string as_real(PrintContext &context, const PrintedValue &number) {
    return as_type(context, number, make_type(TypeKind::float8), EpochUnit::none);
}

// PostgreSQL's sum of bigint is numeric; SQLite's is an integer, and NULL over no rows in both.
PrintedValue print_sum(PrintContext &context, const AggregateCall &aggregate) {
    const PrintedValue number = number_of(context, aggregate.arguments[0], "function \"sum\"");
    std::string sql = aggregate_sql(aggregate, "sum", as_itself(context, number));
    if (number.type.kind == TypeKind::bigint)
        sql = cast(sql, TypeKind::bigint);
    if (number.type.kind == TypeKind::numeric)
        context.note("arithmetic on numeric is exact, SQLite's is in double precision");
    PrintedValue value = printed(std::move(sql), number.type.kind);
    value.may_be_whole = number.may_be_whole;
    return value;
}

PrintedValue print_real_aggregate(PrintContext &context, const AggregateCall &aggregate) {
    const PrintedValue number = number_of(context, aggregate.arguments[0],
                                          "function \"" + std::string(aggregate.name) + "\"");
    const bool is_average = aggregate.name == "avg";
    const std::string sql =
        aggregate_sql(aggregate, is_average ? "avg" : "sum", as_real(context, number));
    return printed(is_average ? sql : "COALESCE(" + sql + ", " + cast("0", TypeKind::float8) + ")",
                   TypeKind::float8);
}

PrintedValue print_extreme(PrintContext &context, const AggregateCall &aggregate) {
    PrintedValue value = aggregate.arguments[0];
    const TypeKind kind = value.type.kind;
    if (kind == TypeKind::uuid || kind == TypeKind::bytea)
        refuse("function \"" + std::string(aggregate.name) + "\" is used on " + value.type.sql());
    if (value.is_text_like() && value.collation != "BINARY" && !value.collation.empty())
        refuse("function \"" + std::string(aggregate.name) + "\" is used on text with collation " +
               value.collation);
    const bool is_flag = kind == TypeKind::boolean;
    const std::string_view name = !is_flag                  ? aggregate.name
                                  : aggregate.name == "min" ? "bool_and"
                                                            : "bool_or";
    value.sql = aggregate_sql(aggregate, name, ordered(context, value));
    value.literal.reset();
    value.name.clear();
    value.collation.clear();
    value.has_affinity = false;
    if (value.is_kind(TypeKind::varchar) || value.is_kind(TypeKind::citext))
        value.type = make_type(TypeKind::text);
    return value;
}

PrintedValue print_concatenation(PrintContext &context, const AggregateCall &aggregate) {
    const std::string what = "function \"" + std::string(aggregate.name) + "\"";
    if (aggregate.is_distinct)
        check_distinct(aggregate.arguments[0], "group_concat(DISTINCT)");
    const std::string subject = text_of(context, aggregate.arguments[0], what);
    std::string separator = "E','";
    if (aggregate.arguments.size() > 1) {
        if (!aggregate.arguments[1].literal)
            refuse(what + " with a computed separator has no equivalent");
        separator = text_of(context, aggregate.arguments[1], what);
    }
    context.note("group_concat joins in no certain order");
    return printed(aggregate_sql(aggregate, "string_agg", subject + ", " + separator),
                   TypeKind::text);
}

} // namespace

PrintedValue print_aggregate(PrintContext &context, const AggregateCall &aggregate) {
    const bool is_concatenation =
        aggregate.name == "group_concat" || aggregate.name == "string_agg";
    const std::size_t most = is_concatenation ? 2 : 1;
    const bool is_bare = aggregate.is_star || aggregate.arguments.empty();
    if (aggregate.arguments.size() > most || (is_bare && aggregate.name != "count") ||
        (aggregate.is_distinct && aggregate.arguments.size() != 1))
        refuse("function \"" + std::string(aggregate.name) +
               "\" with so many arguments has no "
               "equivalent");
    for (const PrintedValue &argument : aggregate.arguments)
        if (argument.is_json_text && aggregate.name != "count")
            refuse("function \"" + std::string(aggregate.name) +
                   "\" is used on what json_extract finds");
    if (aggregate.name == "count")
        return print_count(context, aggregate);
    if (aggregate.name == "sum")
        return print_sum(context, aggregate);
    if (aggregate.name == "min" || aggregate.name == "max")
        return print_extreme(context, aggregate);
    return is_concatenation ? print_concatenation(context, aggregate)
                            : print_real_aggregate(context, aggregate);
}

} // namespace migrate::core::plan

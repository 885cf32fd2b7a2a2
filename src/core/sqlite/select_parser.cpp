#include "core/sqlite/select_parser.hpp"

#include "core/sqlite/expression_parser.hpp"

#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

// The parts of a query are filled in their place, by functions that are not inlined: a level of
// subqueries takes little of the stack.

// t.* and *, and else an expression.
[[gnu::noinline]] void parse_result_column(TokenStream &in, Query &query, ResultColumn &column) {
    const bool is_qualified = in.at_name() && in.peek(1).is_op(".") && in.peek(2).is_op("*");
    if (is_qualified || in.at_op("*")) {
        Tree star(ExpressionKind::star);
        if (is_qualified) {
            star.node->path.push_back(in.next().text);
            in.next();
        }
        in.next();
        column.expression = query.take(std::move(star));
        return;
    }
    column.expression = query.take(parse_tree(in));
    column.alias = parse_alias(in);
}

void parse_trees(TokenStream &in, Query &query, std::vector<ExpressionPtr> &out) {
    do {
        out.push_back(query.take(parse_tree(in)));
    } while (in.accept_op(","));
}

[[gnu::noinline]] void parse_values(TokenStream &in, Query &query) {
    SelectCore &core = query.node->cores.back();
    in.expect_word("VALUES");
    do {
        in.expect_op("(");
        parse_trees(in, query, core.values.emplace_back());
        in.expect_op(")");
    } while (in.accept_op(","));
}

// A window that is used makes its function is_window, and one that is not used means nothing, so
// the definitions are only checked.
[[gnu::noinline]] void parse_windows(TokenStream &in) {
    do {
        in.expect_name();
        in.expect_word("AS");
        skip_window(in);
    } while (in.accept_op(","));
}

// WINDOW is a keyword only before a name and AS (src/tokenize.c).
bool at_window_clause(const TokenStream &in) noexcept {
    return in.at_word("WINDOW") && in.at_name(1) && in.peek(2).is_word("AS");
}

[[gnu::noinline]] void parse_conditions(TokenStream &in, Query &query) {
    SelectCore &core = query.node->cores.back();
    if (in.accept_word("WHERE")) {
        core.where = query.take(parse_tree(in));
    }
    if (in.accept_word("GROUP")) {
        in.expect_word("BY");
        parse_trees(in, query, core.group_by);
    }
    if (in.accept_word("HAVING")) {
        core.having = query.take(parse_tree(in));
    }
    if (at_window_clause(in)) {
        in.next();
        parse_windows(in);
    }
}

[[gnu::noinline]] void parse_core(TokenStream &in, Query &query) {
    SelectCore &core = query.node->cores.back();
    if (in.at_word("VALUES")) {
        parse_values(in, query);
        return;
    }
    in.expect_word("SELECT");
    core.is_distinct = in.accept_word("DISTINCT");
    if (!core.is_distinct) {
        in.accept_word("ALL");
    }
    do {
        parse_result_column(in, query, core.columns.emplace_back());
    } while (in.accept_op(","));
    if (in.accept_word("FROM")) {
        parse_from(in, query);
    }
    parse_conditions(in, query);
}

// The word that joins the next core to those before it; "" at the end of the compound.
[[gnu::noinline]] std::string parse_compound(TokenStream &in) {
    if (in.accept_words("UNION", "ALL")) {
        return "UNION ALL";
    }
    for (const char *word : {"UNION", "INTERSECT", "EXCEPT"}) {
        if (in.accept_word(word)) {
            return word;
        }
    }
    return {};
}

void parse_cores(TokenStream &in, Query &query) {
    std::string compound;
    do {
        query.node->cores.emplace_back().compound = std::move(compound);
        parse_core(in, query);
        compound = parse_compound(in);
    } while (!compound.empty());
}

[[gnu::noinline]] void parse_order(TokenStream &in, Query &query) {
    do {
        query.node->order_by.push_back(parse_order_term(in, query));
    } while (in.accept_op(","));
}

[[gnu::noinline]] void parse_limit(TokenStream &in, Query &query) {
    ExpressionPtr first = query.take(parse_tree(in));
    if (in.accept_op(",")) { // LIMIT offset, count
        query.node->offset = std::move(first);
        first = query.take(parse_tree(in));
    } else if (in.accept_word("OFFSET")) {
        query.node->offset = query.take(parse_tree(in));
    }
    query.node->limit = std::move(first);
}

[[gnu::noinline]] void parse_common_table(TokenStream &in, Query &query, CommonTable &table) {
    table.name = in.expect_name();
    table.columns = parse_optional_names(in);
    in.expect_word("AS");
    if (in.accept_word("NOT")) {
        in.expect_word("MATERIALIZED");
    } else {
        in.accept_word("MATERIALIZED");
    }
    in.expect_op("(");
    table.select = query.take(parse_select(in));
    in.expect_op(")");
}

[[gnu::noinline]] void parse_with(TokenStream &in, Query &query) {
    query.node->is_recursive = in.accept_word("RECURSIVE");
    do {
        parse_common_table(in, query, query.node->with.emplace_back());
    } while (in.accept_op(","));
}

} // namespace

bool at_select(const TokenStream &in) noexcept {
    return in.at_word("SELECT") || in.at_word("VALUES") || in.at_word("WITH");
}

std::string parse_alias(TokenStream &in) {
    if (in.accept_word("AS")) {
        return in.expect_name();
    }
    return in.at_alias() && !at_window_clause(in) ? in.next().text : std::string();
}

bool parse_direction(TokenStream &in) noexcept {
    return !in.accept_word("ASC") && in.accept_word("DESC");
}

OrderTerm parse_order_term(TokenStream &in, Query &query) {
    OrderTerm term;
    term.expression = query.take(parse_tree(in));
    term.is_descending = parse_direction(in);
    if (in.accept_words("NULLS", "FIRST")) {
        term.nulls_first = true;
    } else if (in.accept_words("NULLS", "LAST")) {
        term.nulls_first = false;
    }
    return term;
}

std::vector<std::string> parse_optional_names(TokenStream &in) {
    std::vector<std::string> names;
    if (!in.accept_op("(")) {
        return names;
    }
    do {
        names.push_back(in.expect_name());
        if (in.accept_word("COLLATE")) {
            in.expect_name();
        }
        parse_direction(in);
    } while (in.accept_op(","));
    in.expect_op(")");
    return names;
}

Query parse_select(TokenStream &in) {
    const Nesting nesting(in.expressions);
    Query query;
    if (in.accept_word("WITH")) {
        parse_with(in, query);
    }
    parse_cores(in, query);
    if (!query.node->cores.back().values.empty()) {
        return query; // VALUES takes no ORDER BY and no LIMIT
    }
    if (in.accept_word("ORDER")) {
        in.expect_word("BY");
        parse_order(in, query);
    }
    if (in.accept_word("LIMIT")) {
        parse_limit(in, query);
    }
    return query;
}

} // namespace migrate::core::sqlite

#include "core/sqlite/sql_parser.hpp"

#include "core/error.hpp"
#include "core/sqlite/clause_parser.hpp"
#include "core/sqlite/expression_parser.hpp"
#include "core/sqlite/select_parser.hpp"
#include "core/sqlite/table_parser.hpp"

#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\n\f\r";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// SQLite reads its schema as C strings: what stands behind a NUL does not count.
std::string_view up_to_nul(std::string_view sql) {
    return sql.substr(0, sql.find('\0'));
}

// A term with its direction, up to token `end`. What is wrong with it is told in its expression.
KeyColumn parse_index_term(TokenStream &in, std::size_t end) {
    KeyColumn column;
    SourceExpression &expression = column.expression.emplace();
    const std::size_t first = in.position();
    std::size_t last = end;
    try {
        ExpressionPtr tree = parse_tree(in).node;
        last = in.position();
        column.is_descending = parse_direction(in);
        if (in.position() != end) {
            in.fail();
        }
        column.collation = simplify_key_term(tree);
        expression.tree = std::move(tree);
    } catch (const Error &error) {
        expression.problem = error.message();
        in.seek(end - (end > first ? 1 : 0));
        column.is_descending = in.at_word("DESC");
    }
    expression.text = in.text_between(first, last);
    in.seek(end);
    return column;
}

void parse_index(TokenStream &in, IndexClauses &out) {
    in.expect_word("CREATE");
    out.is_unique = in.accept_word("UNIQUE");
    in.expect_word("INDEX");
    if (in.accept_words("IF", "NOT")) {
        in.expect_word("EXISTS");
    }
    in.expect_name();
    if (in.accept_op(".")) {
        in.expect_name();
    }
    in.expect_word("ON");
    in.expect_name();
    in.expect_op("(");
    do {
        out.columns.push_back(parse_index_term(in, in.element_end()));
    } while (in.accept_op(","));
    in.expect_op(")");
    if (in.accept_word("WHERE")) {
        out.predicate = parse_source_expression(in, in.statement_end());
    }
    in.expect_end();
}

void parse_view(TokenStream &in, ViewClauses &out) {
    parse_create_head(in, "VIEW");
    out.column_names = parse_optional_names(in);
    in.expect_word("AS");
    Query query = parse_select(in);
    in.expect_end();
    out.select = std::move(query.node);
}

} // namespace

SourceExpression parse_expression(std::string_view text) {
    SourceExpression out;
    out.text = trimmed(up_to_nul(text));
    try {
        TokenStream in(up_to_nul(text));
        Tree tree = parse_tree(in);
        if (!in.at_end()) {
            in.fail();
        }
        out.tree = std::move(tree.node);
    } catch (const Error &error) {
        out.problem = error.message();
    }
    return out;
}

TableClauses parse_create_table(std::string_view sql) {
    TableClauses out;
    try {
        TokenStream in(up_to_nul(sql));
        parse_table(in, out);
    } catch (const Error &error) {
        out.problem = error.message();
    }
    return out;
}

IndexClauses parse_create_index(std::string_view sql) {
    IndexClauses out;
    try {
        TokenStream in(up_to_nul(sql));
        parse_index(in, out);
    } catch (const Error &error) {
        out.problem = error.message();
    }
    return out;
}

ViewClauses parse_create_view(std::string_view sql) {
    ViewClauses out;
    try {
        TokenStream in(up_to_nul(sql));
        parse_view(in, out);
    } catch (const Error &error) {
        out.problem = error.message();
    }
    return out;
}

} // namespace migrate::core::sqlite

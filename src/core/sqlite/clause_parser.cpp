#include "core/sqlite/clause_parser.hpp"

#include "core/sqlite/expression_parser.hpp"
#include "core/sqlite/select_parser.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

std::string standard_type(std::string type) {
    for (const std::string_view standard : {"ANY", "BLOB", "INT", "INTEGER", "REAL", "TEXT"}) {
        if (ascii_upper(type) == standard) {
            return std::string(standard);
        }
    }
    return type;
}

ExpressionPtr parse_bare_default(TokenStream &in) {
    if (in.at_op("-") || in.at_op("+")) {
        const std::string sign = in.next().text;
        return make_unary(sign, parse_literal(in)).node;
    }
    if (at_literal(in)) {
        return parse_literal(in).node;
    }
    if (in.at_word("TRUE") || in.at_word("FALSE")) {
        return parse_operand(in).node;
    }
    // DEFAULT name is the string 'name' (src/parse.y, "DEFAULT scantok id").
    if (!in.at_alias() && !in.at_word("INDEXED")) {
        in.fail();
    }
    return Tree(ExpressionKind::string_literal, in.next().text).node;
}

ForeignKeyAction parse_action(TokenStream &in) {
    if (in.accept_words("SET", "NULL")) {
        return ForeignKeyAction::set_null;
    }
    if (in.accept_words("SET", "DEFAULT")) {
        return ForeignKeyAction::set_default;
    }
    if (in.accept_word("CASCADE")) {
        return ForeignKeyAction::cascade;
    }
    if (in.accept_word("RESTRICT")) {
        return ForeignKeyAction::restrict;
    }
    if (!in.accept_words("NO", "ACTION")) {
        in.fail();
    }
    return ForeignKeyAction::no_action;
}

// MATCH and ON INSERT are read and have no effect in SQLite.
bool parse_reference_option(TokenStream &in, ForeignKey &key) {
    if (in.accept_word("MATCH")) {
        in.expect_name();
    } else if (in.accept_words("ON", "DELETE")) {
        key.on_delete = parse_action(in);
    } else if (in.accept_words("ON", "UPDATE")) {
        key.on_update = parse_action(in);
    } else if (in.accept_words("ON", "INSERT")) {
        parse_action(in);
    } else {
        return false;
    }
    return true;
}

} // namespace

void parse_create_head(TokenStream &in, std::string_view what) {
    in.expect_word("CREATE");
    if (!in.accept_word("TEMP")) {
        in.accept_word("TEMPORARY");
    }
    if (in.at_words("VIRTUAL", "TABLE")) {
        fail_unsupported("a virtual table");
    }
    in.expect_word(what);
    if (in.accept_words("IF", "NOT")) {
        in.expect_word("EXISTS");
    }
    in.expect_name();
    if (in.accept_op(".")) {
        in.expect_name();
    }
}

// A type as PRAGMA table_xinfo shows it (sqlite3AddColumn): the text as written with its own white
// space, without quotes when it begins with one, GENERATED ALWAYS cut off its end, and the names of
// the standard types in upper case.
std::string parse_declared_type(TokenStream &in) {
    const std::size_t first = in.position();
    const Token &opening = in.peek();
    const std::size_t words = skip_type_name(in);
    const std::size_t end = in.position();
    if (words == 0 || opening.kind != TokenKind::word) {
        return words == 0 ? std::string() : standard_type(opening.text);
    }
    in.seek(end - std::min<std::size_t>(words, 2));
    const bool is_generated = words >= 2 && in.at_words("GENERATED", "ALWAYS");
    in.seek(end);
    return standard_type(in.text_between(first, is_generated ? end - 2 : end));
}

// The text between the parentheses, with what is wrong in it.
SourceExpression parse_parenthesised(TokenStream &in) {
    in.expect_op("(");
    SourceExpression out = parse_source_expression(in, in.closing_parenthesis());
    in.expect_op(")");
    return out;
}

SourceExpression parse_default(TokenStream &in) {
    if (in.at_op("(")) {
        return parse_parenthesised(in);
    }
    SourceExpression value;
    const std::size_t first = in.position();
    value.tree = parse_bare_default(in);
    value.text = in.text_between(first, in.position());
    return value;
}

ForeignKey parse_references(TokenStream &in) {
    ForeignKey key;
    key.parent_table = in.expect_name();
    key.parent_columns = parse_optional_names(in);
    while (parse_reference_option(in, key)) {
    }
    return key;
}

// What SQLite does with a row that breaks the constraint is no part of the schema.
void skip_conflict_clause(TokenStream &in) {
    if (!in.accept_words("ON", "CONFLICT")) {
        return;
    }
    for (const std::string_view word : {"ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"}) {
        if (in.accept_word(word)) {
            return;
        }
    }
    in.fail();
}

std::string simplify_key_term(ExpressionPtr &term) {
    std::string collation;
    while (term->kind == ExpressionKind::collate) {
        // The outermost one decides (sqlite3ExprSkipCollate).
        if (collation.empty()) {
            collation = term->text;
        }
        ExpressionPtr inner = std::move(term->operands.front());
        term = std::move(inner);
    }
    if (term->kind == ExpressionKind::string_literal) {
        term->kind = ExpressionKind::column;
        term->path = {std::exchange(term->text, {})};
        term->is_quoted = true;
    }
    return collation;
}

} // namespace migrate::core::sqlite

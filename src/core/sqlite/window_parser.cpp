#include "core/sqlite/expression_parser.hpp"
#include "core/sqlite/select_parser.hpp"

#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

void skip_expressions(TokenStream &in) {
    do {
        parse_tree(in);
    } while (in.accept_op(","));
}

void skip_order(TokenStream &in) {
    Query scratch;
    do {
        parse_order_term(in, scratch);
    } while (in.accept_op(","));
}

void skip_bound(TokenStream &in) {
    if (in.accept_words("CURRENT", "ROW")) {
        return;
    }
    if (!in.accept_word("UNBOUNDED")) {
        parse_tree(in);
    }
    if (!in.accept_word("PRECEDING")) {
        in.expect_word("FOLLOWING");
    }
}

void skip_exclusion(TokenStream &in) {
    if (in.accept_word("NO")) {
        in.expect_word("OTHERS");
    } else if (in.accept_word("CURRENT")) {
        in.expect_word("ROW");
    } else if (!in.accept_word("GROUP")) {
        in.expect_word("TIES");
    }
}

bool at_frame(const TokenStream &in) {
    return in.at_word("RANGE") || in.at_word("ROWS") || in.at_word("GROUPS");
}

void skip_frame(TokenStream &in) {
    in.next();
    if (in.accept_word("BETWEEN")) {
        skip_bound(in);
        in.expect_word("AND");
    }
    skip_bound(in);
    if (in.accept_word("EXCLUDE")) {
        skip_exclusion(in);
    }
}

} // namespace

void skip_window(TokenStream &in) {
    in.expect_op("(");
    // A name here is that of the window it builds on.
    if (in.at_name() && !in.at_word("PARTITION") && !at_frame(in)) {
        in.next();
    }
    if (in.accept_word("PARTITION")) {
        in.expect_word("BY");
        skip_expressions(in);
    }
    if (in.accept_word("ORDER")) {
        in.expect_word("BY");
        skip_order(in);
    }
    if (at_frame(in)) {
        skip_frame(in);
    }
    in.expect_op(")");
}

// FILTER and OVER are keywords only behind a ")" and before what can follow them there
// (src/tokenize.c); sum(a) over FROM t has the alias "over".
void parse_filter_and_window(TokenStream &in, Tree &call) {
    if (in.at_word("FILTER") && in.peek(1).is_op("(")) {
        in.next();
        in.next();
        in.expect_word("WHERE");
        call.set_filter(parse_tree(in));
        in.expect_op(")");
    }
    if (!in.at_word("OVER") || !(in.peek(1).is_op("(") || in.at_name(1))) {
        return;
    }
    in.next();
    call.node->is_window = true;
    if (in.at_op("(")) {
        skip_window(in);
    } else {
        in.next();
    }
}

} // namespace migrate::core::sqlite

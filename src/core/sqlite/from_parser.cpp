#include "core/sqlite/expression_parser.hpp"
#include "core/sqlite/select_parser.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

struct JoinOperator {
    JoinKind kind = JoinKind::none;
    bool is_natural = false;
};

// What up to three words before JOIN say, in any order (sqlite3JoinType): LEFT RIGHT is FULL.
enum JoinBit : std::uint8_t {
    kNatural = 1,
    kInner = 2,
    kCross = 4,
    kLeft = 8,
    kRight = 16,
    kOuter = 32,
};

std::uint8_t join_bits(const Token &token) noexcept {
    struct Word {
        std::string_view word;
        std::uint8_t bits;
    };
    static constexpr Word kWords[] = {
        {"NATURAL", kNatural},
        {"INNER", kInner},
        {"CROSS", kCross | kInner},
        {"OUTER", kOuter},
        {"LEFT", kLeft | kOuter},
        {"RIGHT", kRight | kOuter},
        {"FULL", kLeft | kRight | kOuter},
    };
    for (const Word &candidate : kWords) {
        if (token.is_word(candidate.word)) {
            return candidate.bits;
        }
    }
    return 0;
}

JoinOperator make_join(const TokenStream &in, std::uint8_t bits) {
    const bool is_left = bits & kLeft;
    const bool is_right = bits & kRight;
    const bool is_outer = bits & kOuter;
    if ((is_outer && (bits & kInner)) || (is_outer && !is_left && !is_right)) {
        in.fail();
    }
    JoinOperator join;
    join.is_natural = bits & kNatural;
    join.kind = is_left && is_right ? JoinKind::full
                : is_left           ? JoinKind::left
                : is_right          ? JoinKind::right
                : bits & kCross     ? JoinKind::cross
                                    : JoinKind::inner;
    return join;
}

[[gnu::noinline]] std::optional<JoinOperator> parse_join(TokenStream &in) {
    if (in.accept_op(",")) {
        return JoinOperator{JoinKind::comma, false};
    }
    std::uint8_t bits = 0;
    for (int words = 0; words < 3; ++words) {
        const std::uint8_t found = join_bits(in.peek());
        if (found == 0) {
            break;
        }
        bits |= found;
        in.next();
    }
    if (bits == 0 && !in.at_word("JOIN")) {
        return std::nullopt;
    }
    const JoinOperator join = make_join(in, bits);
    in.expect_word("JOIN");
    return join;
}

// Items are filled in their place, not returned: so the recursion keeps none on the stack.
void parse_items(TokenStream &in, Query &query, std::vector<FromItem> &items);

// Parentheses around one item mean that item, whose alias gives way to one outside.
[[gnu::noinline]] void unwrap_single(FromItem &item) {
    if (item.group.size() == 1) {
        FromItem only = std::move(item.group.front());
        item = std::move(only);
    }
}

// (SELECT …) or (a JOIN b).
void parse_parenthesised(TokenStream &in, Query &query, FromItem &item) {
    in.next();
    if (at_select(in)) {
        item.select = query.take(parse_select(in));
    } else {
        const Nesting nesting(in.expressions);
        parse_items(in, query, item.group);
        unwrap_single(item);
    }
    in.expect_op(")");
}

// The arguments of a table-valued function are checked and not kept: it never translates.
void skip_arguments(TokenStream &in) {
    if (!in.at_op(")")) {
        do {
            parse_tree(in);
        } while (in.accept_op(","));
    }
    in.expect_op(")");
}

[[gnu::noinline]] void parse_table(TokenStream &in, FromItem &item) {
    item.table = in.expect_name();
    if (in.accept_op(".")) {
        item.schema = std::exchange(item.table, in.expect_name());
    }
    item.is_function = in.accept_op("(");
    if (item.is_function) {
        skip_arguments(in);
    }
}

// Which index SQLite has to take changes nothing in the result.
void skip_index_choice(TokenStream &in) {
    if (in.accept_words("INDEXED", "BY")) {
        in.expect_name();
    } else {
        in.accept_words("NOT", "INDEXED");
    }
}

// ON and USING. The first item has nothing to be joined to.
void parse_join_condition(TokenStream &in, Query &query, FromItem &item) {
    if (item.join == JoinKind::none) {
        return;
    }
    if (in.accept_word("ON")) {
        item.on = query.take(parse_tree(in));
    } else if (in.accept_word("USING")) {
        in.expect_op("(");
        do {
            item.using_columns.push_back(in.expect_name());
        } while (in.accept_op(","));
        in.expect_op(")");
    }
}

// What comes behind the item itself.
[[gnu::noinline]] void parse_suffixes(TokenStream &in, Query &query, FromItem &item,
                                      bool is_plain) {
    if (std::string alias = parse_alias(in); !alias.empty()) {
        item.alias = std::move(alias);
    }
    if (is_plain) {
        skip_index_choice(in);
    }
    parse_join_condition(in, query, item);
}

void parse_item(TokenStream &in, Query &query, FromItem &item, JoinOperator join) {
    const bool is_parenthesised = in.at_op("(");
    if (is_parenthesised) {
        parse_parenthesised(in, query, item);
    } else {
        parse_table(in, item);
    }
    item.join = join.kind;
    item.is_natural = join.is_natural;
    parse_suffixes(in, query, item, !is_parenthesised && !item.is_function);
}

void parse_items(TokenStream &in, Query &query, std::vector<FromItem> &items) {
    for (std::optional<JoinOperator> join = JoinOperator{}; join; join = parse_join(in)) {
        parse_item(in, query, items.emplace_back(), *join);
    }
}

} // namespace

void parse_from(TokenStream &in, Query &query) {
    parse_items(in, query, query.node->cores.back().from);
}

} // namespace migrate::core::sqlite

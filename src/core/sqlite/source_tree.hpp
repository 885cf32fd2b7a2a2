// Trees while they are being built: each knows its height, so that no tree gets deeper than its
// destructor's recursion may go. Left-deep ones (a + b + c …) are built by loops, where counting
// the parser's own recursion would not see them. Private to core/sqlite's parsers.
#pragma once

#include "core/expression.hpp"

#include <string>
#include <utility>

namespace migrate::core::sqlite {

struct Tree;

// A query with the height of the highest expression in it.
struct Query {
    SelectPtr node = std::make_unique<Select>();
    int height = 1;

    // Hands over the part for a place in `node`. Throw Error 54001 when it makes this too deep.
    ExpressionPtr take(Tree part);
    SelectPtr take(Query part);
};

// An expression with its height.
struct Tree {
    ExpressionPtr node;
    int height = 1;

    explicit Tree(ExpressionKind kind, std::string text = {});

    // These throw Error 54001 when the new part makes this too deep.
    void add(Tree operand);
    void set_filter(Tree filter);
    void set_select(Query query);
};

} // namespace migrate::core::sqlite

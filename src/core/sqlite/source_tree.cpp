#include "core/sqlite/source_tree.hpp"

#include "core/sqlite/token_stream.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

void grow(int &height, int part) {
    height = std::max(height, part + 1);
    if (height > kMaxNesting) {
        fail_too_deep();
    }
}

} // namespace

ExpressionPtr Query::take(Tree part) {
    grow(height, part.height);
    return std::move(part.node);
}

SelectPtr Query::take(Query part) {
    grow(height, part.height);
    return std::move(part.node);
}

Tree::Tree(ExpressionKind kind, std::string text) : node(std::make_unique<Expression>()) {
    node->kind = kind;
    node->text = std::move(text);
}

void Tree::add(Tree operand) {
    grow(height, operand.height);
    node->operands.push_back(std::move(operand.node));
}

void Tree::set_filter(Tree filter) {
    grow(height, filter.height);
    node->filter = std::move(filter.node);
}

void Tree::set_select(Query query) {
    grow(height, query.height);
    node->select = std::move(query.node);
}

} // namespace migrate::core::sqlite

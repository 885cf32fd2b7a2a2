#include "core/sqlite/expression_parser.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

// The power of ten that the digits before the exponent stand for: 1 for "12.5", -2 for "0.0012".
// Nothing but zeros gives a very small one.
long long leading_power(std::string_view digits) {
    const std::size_t exponent = std::min(digits.find_first_of("eE"), digits.size());
    const std::size_t point = std::min(digits.find('.'), exponent);
    const std::size_t first = digits.find_first_of("123456789");
    if (first >= exponent) {
        return std::numeric_limits<int>::min();
    }
    const auto place = static_cast<long long>(point) - static_cast<long long>(first);
    return place > 0 ? place - 1 : place;
}

// An exponent with more digits than a power can use counts as the largest one.
long long written_exponent(std::string_view digits) {
    const std::size_t exponent = digits.find_first_of("eE");
    if (exponent == std::string_view::npos) {
        return 0;
    }
    std::string_view text = digits.substr(exponent + 1);
    const bool is_negative = text.front() == '-';
    text.remove_prefix(text.front() == '-' || text.front() == '+' ? 1 : 0);
    long long value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    value = result.ec == std::errc() ? std::min(value, 100'000'000LL) : 100'000'000LL;
    return is_negative ? -value : value;
}

// 1e999 is infinity in SQLite and 1e-999 is zero; from_chars tells neither from the other.
double to_real(std::string_view digits) {
    double value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec != std::errc::result_out_of_range) {
        return value;
    }
    return leading_power(digits) + written_exponent(digits) > 0
               ? std::numeric_limits<double>::infinity()
               : 0.0;
}

Tree make_real(std::string digits) {
    Tree node(ExpressionKind::real_literal);
    node.node->real = to_real(digits);
    node.node->text = std::move(digits);
    return node;
}

Tree make_integer(std::int64_t value) {
    Tree node(ExpressionKind::integer_literal);
    node.node->integer = value;
    return node;
}

// 0x8000000000000000 is negative: the digits are the bits of a 64-bit integer.
Tree make_hexadecimal(std::string_view digits) {
    std::uint64_t bits = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
    if (result.ec != std::errc()) {
        fail_unsupported("a hexadecimal literal of more than 64 bits");
    }
    return make_integer(static_cast<std::int64_t>(bits));
}

Tree make_number(const Token &token) {
    std::string digits = token.text;
    std::erase(digits, '_');
    if (digits.size() > 2 && (digits[1] == 'x' || digits[1] == 'X')) {
        return make_hexadecimal(std::string_view(digits).substr(2));
    }
    if (token.is_real) {
        return make_real(std::move(digits));
    }
    std::int64_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec == std::errc()) {
        return make_integer(value);
    }
    // An integer of more than 64 bits is a real number (lang_expr.html, "Literal Values").
    digits.erase(0, digits.find_first_not_of('0'));
    return make_real(std::move(digits));
}

// "date" for CURRENT_DATE; "" for every other word.
std::string current_time_of(const Token &token) {
    for (const std::string_view unit : {"DATE", "TIME", "TIMESTAMP"}) {
        if (token.is_word("CURRENT_" + std::string(unit))) {
            return ascii_lower(unit);
        }
    }
    return {};
}

void skip_signed_number(TokenStream &in) {
    if (!in.accept_op("+")) {
        in.accept_op("-");
    }
    if (in.peek().kind != TokenKind::number) {
        in.fail();
    }
    in.next();
}

} // namespace

bool at_literal(const TokenStream &in) noexcept {
    const Token &token = in.peek();
    switch (token.kind) {
    case TokenKind::number:
    case TokenKind::string:
    case TokenKind::blob:
        return true;
    case TokenKind::word:
        return token.is_word("NULL") || token.is_word("CURRENT_DATE") ||
               token.is_word("CURRENT_TIME") || token.is_word("CURRENT_TIMESTAMP");
    default:
        return false;
    }
}

Tree parse_literal(TokenStream &in) {
    if (!at_literal(in)) {
        in.fail();
    }
    const Token &token = in.next();
    switch (token.kind) {
    case TokenKind::number:
        return make_number(token);
    case TokenKind::string:
        return Tree(ExpressionKind::string_literal, token.text);
    case TokenKind::blob:
        return Tree(ExpressionKind::blob_literal, token.text);
    default:
        return token.is_word("NULL") ? Tree(ExpressionKind::null_literal)
                                     : Tree(ExpressionKind::current_time, current_time_of(token));
    }
}

std::size_t skip_type_name(TokenStream &in) {
    const std::size_t first = in.position();
    while (in.at_alias()) {
        in.next();
    }
    const std::size_t words = in.position() - first;
    if (words == 0 || !in.accept_op("(")) {
        return words;
    }
    skip_signed_number(in);
    if (in.accept_op(",")) {
        skip_signed_number(in);
    }
    in.expect_op(")");
    return words;
}

} // namespace migrate::core::sqlite

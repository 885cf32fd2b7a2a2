// LIKE and GLOB as LIKE under collation "C", which folds ASCII letters alone (measured on 15 and
// 18), the patterns rewritten for the backslash that PostgreSQL escapes with.
#include "core/plan/printer.hpp"
#include "core/plan/printer_coerce.hpp"

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

bool is_string(const PrintedValue &value) {
    return value.literal && value.literal->kind == ExpressionKind::string_literal;
}

// Without ESCAPE a backslash means itself in SQLite.
std::string like_pattern(std::string_view pattern, char escape) {
    std::string result;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        char c = pattern[i];
        const bool is_escape = escape != '\0' && c == escape;
        if (is_escape) {
            if (++i == pattern.size())
                refuse("a pattern of LIKE ends with its escape character");
            c = pattern[i];
        }
        if (is_escape || c == '\\')
            result += '\\';
        result += c;
    }
    return result;
}

std::string glob_pattern(std::string_view pattern) {
    std::string result;
    for (const char c : pattern) {
        if (c == '[')
            refuse("GLOB with a character class has no equivalent");
        if (c == '%' || c == '_' || c == '\\')
            result += '\\';
        result += c == '*' ? '%' : c == '?' ? '_' : c;
    }
    return result;
}

std::string pattern_sql(PrintContext &context, const PrintedValue &pattern,
                        const PrintedValue *escape) {
    if (escape != nullptr && (!is_string(*escape) || escape->literal->text.size() != 1))
        refuse("the escape character of LIKE is not one ASCII character");
    const char mark = escape != nullptr ? escape->literal->text.front() : '\0';
    if (is_string(pattern))
        return literal_text(context, like_pattern(pattern.literal->text, mark));
    return call("like_escape",
                {text_of(context, pattern, "LIKE"),
                 literal_text(context, std::string_view(&mark, mark == '\0' ? 0 : 1))});
}

} // namespace

PrintedValue print_like_match(PrintContext &context, const Expression &expression,
                              const PrintedValue &operand, const PrintedValue &pattern,
                              const PrintedValue *escape) {
    const bool is_glob = expression.op == "GLOB";
    if (!is_glob && expression.op != "LIKE")
        refuse("operator " + expression.op + " has no equivalent");
    if (operand.is_null() || pattern.is_null())
        return printed(cast("NULL", TypeKind::boolean), TypeKind::boolean);
    if (is_glob && !is_string(pattern))
        refuse("GLOB with a pattern that is not a constant has no equivalent");
    const std::string text = byte_order(text_of(context, operand, expression.op));
    const std::string sql = is_glob ? literal_text(context, glob_pattern(pattern.literal->text))
                                    : pattern_sql(context, pattern, escape);
    std::string op = is_glob ? "~~" : "~~*";
    if (expression.is_negated)
        op.insert(0, "!");
    return printed(infix(text, op, sql), TypeKind::boolean);
}

} // namespace migrate::core::plan

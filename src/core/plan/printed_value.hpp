// What the printer knows of a piece of SQL it made, and the few shapes of text that all SQL of the
// printer is built of (call, infix, cast): each names what it calls with its schema.
//
//     PrintedValue sum = printed(infix(a, "+", b), TypeKind::bigint);
#pragma once

#include "core/expression.hpp"
#include "core/plan/expression_printer.hpp"

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::plan {

// A constant of the source that has no PostgreSQL type yet: what stands beside it decides.
struct SourceLiteral {
    ExpressionKind kind =
        ExpressionKind::null_literal; // null, integer, real, string, blob, boolean
    std::int64_t integer = 0;
    double real = 0;
    std::string text;
};

// An operand: an atom, a call or something in parentheses.
struct PrintedValue {
    std::string sql;
    Type type;
    std::optional<SourceLiteral> literal; // then sql and type are those it has when nobody asks
    EpochUnit epoch = EpochUnit::none;
    std::string collation; // "BINARY", "NOCASE", "RTRIM"; "" for what is no column
    bool is_collation_explicit = false;
    bool has_affinity = false; // a column or a CAST (datatype3, section 4.2)
    bool may_be_whole = false; // float8 that SQLite may hold as an integer: "/" would differ
    std::string digits;        // of text that is always a whole number, strftime('%Y', …): it
    bool is_json_text = false; // what json_extract found: only its text is known
    bool is_now = false;       // the current time as it is
    bool is_utc = false;       // `moment` is in UTC, not in option "timezone"
    std::string moment;        // timestamp that a text of a time function shows
    std::string name;          // of the source column, "" for anything else

    bool is_null() const { return literal && literal->kind == ExpressionKind::null_literal; }
    bool is_kind(TypeKind kind) const { return !literal && type.kind == kind; }
    bool is_number() const;    // not a literal: bigint, numeric, float8
    bool is_text_like() const; // not a literal: text, varchar, citext
};

PrintedValue printed(std::string sql, TypeKind kind);
PrintedValue printed_literal(SourceLiteral literal);
PrintedValue printed_null();

// What is said once for a whole print: options, notes, limits.
struct PrintContext {
    const PrintOptions &options;
    bool needs_immutable = false;
    bool is_immutable = true;
    std::vector<std::string> notes{};
    int depth = 0;
    std::size_t work = 0;
    std::set<std::string, std::less<>> aliases{}; // table names given out in a view's query

    void note(std::string text); // once
};

// Counts one level; throws over 200 levels or more than a million steps.
class DepthGuard {
  public:
    explicit DepthGuard(PrintContext &context);
    ~DepthGuard() { --context_.depth; }
    DepthGuard(const DepthGuard &) = delete;
    DepthGuard &operator=(const DepthGuard &) = delete;

  private:
    PrintContext &context_;
};

// Ends the print with a problem (an Error that the public functions turn into one).
[[noreturn]] void refuse(std::string problem);
// Throws when the SQL has grown over a million bytes.
void check_size(const std::string &sql);

std::string call(std::string_view name, std::initializer_list<std::string_view> arguments);
std::string infix(std::string_view left, std::string_view op, std::string_view right);
std::string prefix(std::string_view op, std::string_view operand);
std::string join(const std::vector<std::string> &parts, std::string_view separator);
// CAST(sql AS type), the type with its schema.
std::string cast(const PrintContext &context, std::string_view sql, const Type &type);
std::string cast(std::string_view sql, TypeKind kind); // a built-in type without length
std::string byte_order(std::string_view text_sql);     // text COLLATE "C": SQLite's BINARY
// E'text'; throws for text that PostgreSQL cannot hold.
std::string literal_text(const PrintContext &context, std::string_view text);
// "name"; throws for a name that PostgreSQL cannot hold.
std::string identifier(std::string_view name);
std::string lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view left, std::string_view right);

} // namespace migrate::core::plan

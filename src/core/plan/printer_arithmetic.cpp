// Numbers: operators and CAST.
#include "core/plan/printer.hpp"
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_literals.hpp"

#include <cmath>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

enum class Rank { whole, decimal, real };

Rank rank_of(const PrintedValue &value) {
    if (value.type.kind == TypeKind::bigint)
        return Rank::whole;
    return value.type.kind == TypeKind::numeric ? Rank::decimal : Rank::real;
}

TypeKind kind_of(Rank rank) {
    return rank == Rank::whole     ? TypeKind::bigint
           : rank == Rank::decimal ? TypeKind::numeric
                                   : TypeKind::float8;
}

// Certainly a REAL in SQLite.
bool is_real(const PrintedValue &value) {
    return rank_of(value) == Rank::real && !value.may_be_whole;
}

bool is_zero(const SourceLiteral &literal) {
    return literal.kind == ExpressionKind::real_literal ? literal.real == 0 : literal.integer == 0;
}

std::string typed_null(Rank rank) {
    return cast("NULL", kind_of(rank));
}

// A constant stays bare beside a bigint, where PostgreSQL has operators with int4.
std::string operand_sql(PrintContext &context, const PrintedValue &value, Rank rank,
                        bool is_other_typed) {
    const Type type = make_type(kind_of(rank));
    if (value.literal && rank == Rank::whole && is_other_typed)
        return literal_sql(context, *value.literal, type, EpochUnit::none).value_or("NULL");
    return as_type(context, value, type, EpochUnit::none);
}

std::optional<std::int64_t> fold(const std::string &op, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    const bool overflows = op == "+"   ? __builtin_add_overflow(a, b, &result)
                           : op == "-" ? __builtin_sub_overflow(a, b, &result)
                           : op == "*" ? __builtin_mul_overflow(a, b, &result)
                                       : true;
    return overflows ? std::nullopt : std::optional(result);
}

PrintedValue whole_literal(std::int64_t number) {
    SourceLiteral literal;
    literal.kind = ExpressionKind::integer_literal;
    literal.integer = number;
    return printed_literal(literal);
}

// Division by zero is NULL in SQLite and an error in PostgreSQL.
std::string divisor_sql(PrintContext &context, const PrintedValue &value, Rank rank,
                        bool is_other_typed) {
    const std::string sql = operand_sql(context, value, rank, is_other_typed);
    return value.literal ? sql : "NULLIF(" + sql + ", 0)";
}

PrintedValue divide(PrintContext &context, const PrintedValue &left, const PrintedValue &right) {
    const Rank rank = std::max(rank_of(left), rank_of(right));
    // Integers divide to integers in both; whether a numeric was stored as one is not known.
    if (rank != Rank::whole && !is_real(left) && !is_real(right))
        refuse("operator / is used on " + type_words(left) + " and " + type_words(right) +
               ", which SQLite may divide as integers");
    const Rank result = rank == Rank::whole ? Rank::whole : Rank::real;
    if (right.literal && is_zero(*right.literal))
        return printed(typed_null(result), kind_of(result));
    return printed(infix(operand_sql(context, left, result, !right.literal), "/",
                         divisor_sql(context, right, result, !left.literal)),
                   kind_of(result));
}

std::string truncated(PrintContext &context, const PrintedValue &value) {
    return call("trunc", {as_type(context, value, make_type(TypeKind::numeric), EpochUnit::none)});
}

// SQLite takes the remainder of the operands as integers.
PrintedValue remainder(PrintContext &context, const PrintedValue &left, const PrintedValue &right) {
    const Rank rank = std::max(rank_of(left), rank_of(right));
    if (rank == Rank::real)
        refuse("operator % is used on real numbers");
    if (right.literal && is_zero(*right.literal))
        return printed(typed_null(rank), kind_of(rank));
    if (rank == Rank::whole)
        return printed(infix(operand_sql(context, left, rank, !right.literal), "%",
                             divisor_sql(context, right, rank, !left.literal)),
                       TypeKind::bigint);
    return printed(
        infix(truncated(context, left), "%", "NULLIF(" + truncated(context, right) + ", 0)"),
        TypeKind::numeric);
}

PrintedValue bits(PrintContext &context, const std::string &op, const PrintedValue &left,
                  const PrintedValue &right) {
    if (rank_of(left) != Rank::whole || rank_of(right) != Rank::whole)
        refuse("operator " + op + " is used on numbers that are not integers");
    const std::string left_sql = as_itself(context, left);
    if (op == "&" || op == "|")
        return printed(infix(left_sql, op, as_itself(context, right)), TypeKind::bigint);
    // PostgreSQL shifts by an int4 and takes it modulo 64.
    if (!right.literal || right.literal->integer < 0 || right.literal->integer > 63)
        refuse("operator " + op + " shifts by what is not a number from 0 to 63");
    return printed(infix(left_sql, op, std::to_string(right.literal->integer)), TypeKind::bigint);
}

PrintedValue add(PrintContext &context, const std::string &op, const PrintedValue &left,
                 const PrintedValue &right) {
    const Rank rank = std::max(rank_of(left), rank_of(right));
    if (rank == Rank::decimal)
        context.note("arithmetic on numeric is exact, SQLite's is in double precision");
    PrintedValue value = printed(infix(operand_sql(context, left, rank, !right.literal), op,
                                       operand_sql(context, right, rank, !left.literal)),
                                 kind_of(rank));
    value.may_be_whole = rank == Rank::real && !is_real(left) && !is_real(right);
    return value;
}

// datatype3, section 3.1.
enum class Affinity { integer, text, blob, real, numeric };

Affinity affinity_of(std::string_view declared) {
    const std::string type = lower_ascii(declared);
    const auto has = [&type](const char *word) { return type.find(word) != std::string::npos; };
    if (has("int"))
        return Affinity::integer;
    if (has("char") || has("clob") || has("text"))
        return Affinity::text;
    if (has("blob") || type.empty())
        return Affinity::blob;
    return has("real") || has("floa") || has("doub") ? Affinity::real : Affinity::numeric;
}

PrintedValue whole_part(PrintContext &context, const PrintedValue &number) {
    if (number.type.kind == TypeKind::bigint)
        return number;
    if (number.literal && std::fabs(number.literal->real) < 9e18)
        return whole_literal(static_cast<std::int64_t>(number.literal->real));
    return printed(cast(call("trunc", {as_itself(context, number)}), TypeKind::bigint),
                   TypeKind::bigint);
}

PrintedValue as_blob(PrintContext &context, const PrintedValue &operand) {
    if (operand.type.kind == TypeKind::bytea)
        return operand;
    if (!operand.is_text_like())
        refuse("CAST to a blob is used on " + type_words(operand));
    return printed(call("convert_to", {text_of(context, operand, "CAST"), "E'UTF8'"}),
                   TypeKind::bytea);
}

} // namespace

PrintedValue print_arithmetic(PrintContext &context, const std::string &op,
                              const PrintedValue &left_operand, const PrintedValue &right_operand) {
    const PrintedValue left = number_of(context, left_operand, "operator " + op);
    const PrintedValue right = number_of(context, right_operand, "operator " + op);
    if (left.is_null() || right.is_null())
        return printed_null();
    if (left.literal && right.literal && rank_of(left) == Rank::whole &&
        rank_of(right) == Rank::whole)
        if (const auto folded = fold(op, left.literal->integer, right.literal->integer))
            return whole_literal(*folded);
    if (op == "+" || op == "-" || op == "*")
        return add(context, op, left, right);
    if (op == "/")
        return divide(context, left, right);
    if (op == "%")
        return remainder(context, left, right);
    if (op == "&" || op == "|" || op == "<<" || op == ">>")
        return bits(context, op, left, right);
    refuse("operator " + op + " has no equivalent");
}

PrintedValue print_negation(PrintContext &context, const PrintedValue &operand) {
    PrintedValue number = number_of(context, operand, "operator -");
    if (number.is_null())
        return number;
    if (!number.literal) {
        PrintedValue negated = printed(prefix("-", number.sql), number.type.kind);
        negated.may_be_whole = number.may_be_whole;
        return negated;
    }
    SourceLiteral literal = *number.literal;
    if (literal.kind == ExpressionKind::integer_literal && literal.integer == INT64_MIN) {
        literal.kind = ExpressionKind::real_literal;
        literal.real = static_cast<double>(INT64_MIN);
    }
    if (literal.kind == ExpressionKind::integer_literal)
        literal.integer = -literal.integer;
    literal.real = -literal.real;
    return printed_literal(literal);
}

PrintedValue print_cast_to(PrintContext &context, const PrintedValue &operand,
                           std::string_view declared_type) {
    const Affinity affinity = affinity_of(declared_type);
    PrintedValue value;
    if (operand.is_null())
        return operand;
    if (affinity == Affinity::text)
        value = printed(text_of(context, operand, "CAST"), TypeKind::text);
    else if (affinity == Affinity::blob)
        value = as_blob(context, operand);
    else
        value = number_of(context, operand, "CAST to a number");
    if (affinity == Affinity::integer)
        value = whole_part(context, value);
    if (affinity == Affinity::real)
        value = printed(as_type(context, value, make_type(TypeKind::float8), EpochUnit::none),
                        TypeKind::float8);
    // NUMERIC makes integers of reals that are whole.
    if (affinity == Affinity::numeric && value.type.kind == TypeKind::float8)
        value.may_be_whole = true;
    value.has_affinity = true;
    value.collation = operand.collation;
    value.is_collation_explicit = operand.is_collation_explicit;
    return value;
}

} // namespace migrate::core::plan

#include "core/plan/printer_compare.hpp"

#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_literals.hpp"

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

bool is_equality(std::string_view op) {
    return op == "=" || op == "<>" || op == "IS" || op == "IS NOT";
}

// datatype3, section 7.1: an explicit COLLATE first, then the left column's, then the right's.
std::string collation_of(const PrintedValue &left, const PrintedValue &right) {
    if (left.is_collation_explicit)
        return left.collation;
    if (right.is_collation_explicit)
        return right.collation;
    return left.collation.empty() ? right.collation : left.collation;
}

std::string plain_text(const PrintContext &context, const PrintedValue &value) {
    if (value.literal)
        return literal_text(context, value.literal->text);
    return value.is_kind(TypeKind::citext) ? cast(value.sql, TypeKind::text) : value.sql;
}

// Measured on 15 and 18: lower() under "C" changes ASCII letters alone, as NOCASE does.
std::string lower_text(const PrintContext &context, const PrintedValue &value) {
    if (value.literal)
        return literal_text(context, lower_ascii(value.literal->text));
    return call("lower", {byte_order(plain_text(context, value))});
}

std::string rtrim_text(const PrintContext &context, const PrintedValue &value) {
    return call("rtrim", {cast(plain_text(context, value), TypeKind::text), "E' '"});
}

std::string collated(const PrintContext &context, const PrintedValue &value,
                     std::string_view collation) {
    if (collation == "NOCASE")
        return lower_text(context, value);
    if (collation == "RTRIM")
        return rtrim_text(context, value);
    if (!collation.empty() && collation != "BINARY")
        refuse("collation \"" + std::string(collation) + "\" has no equivalent");
    return plain_text(context, value);
}

AlignedPair align_text(PrintContext &context, std::string_view op, const PrintedValue &left,
                       const PrintedValue &right) {
    AlignedPair pair;
    const std::string collation = collation_of(left, right);
    const bool is_citext = left.is_kind(TypeKind::citext) || right.is_kind(TypeKind::citext);
    if (is_citext && collation == "NOCASE" && (op == "=" || op == "<>") &&
        !context.options.citext_schema.empty()) {
        const Type citext = make_type(TypeKind::citext);
        pair.left = as_type(context, left, citext, EpochUnit::none);
        pair.right = as_type(context, right, citext, EpochUnit::none);
        pair.op_schema = context.options.citext_schema;
        return pair;
    }
    pair.left = collated(context, left, collation);
    pair.right = collated(context, right, collation);
    if (!is_equality(op))
        pair.left = byte_order(pair.left);
    return pair;
}

// The constant as `beside` compares with it, or nothing when it is of another storage class.
std::optional<std::string> literal_beside(PrintContext &context, std::string_view op,
                                          const PrintedValue &value, const PrintedValue &beside) {
    const SourceLiteral &literal = *value.literal;
    const bool is_string = literal.kind == ExpressionKind::string_literal;
    // datatype3, section 4.2: only a column turns the string beside it into a number.
    if (is_string && !beside.has_affinity &&
        (beside.is_number() || beside.is_kind(TypeKind::boolean)))
        return std::nullopt;
    if (beside.is_number()) {
        const bool is_real = beside.is_kind(TypeKind::float8);
        return literal_sql(context, literal,
                           make_type(is_real ? TypeKind::float8 : TypeKind::numeric),
                           EpochUnit::none);
    }
    if (beside.is_text_like() && is_number_literal(literal)) {
        // A column of numbers and texts became text: '10' sorts before '9' there.
        if (!beside.has_affinity || !is_equality(op))
            refuse("compares text with a number");
        return literal_sql(context, literal, make_type(TypeKind::text), EpochUnit::none);
    }
    // A blob is no text, and jsonb tells other values apart than their texts.
    const TypeKind kind = beside.type.kind;
    if ((kind == TypeKind::bytea && is_string) || kind == TypeKind::json ||
        kind == TypeKind::jsonb || kind == TypeKind::other)
        return std::nullopt;
    return literal_sql(context, literal, beside.type, beside.epoch);
}

// A date column beside a time: SQLite compares their texts, PostgreSQL the midnight.
std::optional<std::string> wider_time(PrintContext &context, const PrintedValue &value,
                                      const PrintedValue &beside) {
    if (!beside.is_kind(TypeKind::date) || value.literal->kind != ExpressionKind::string_literal)
        return std::nullopt;
    return time_literal(context, value.literal->text, make_type(TypeKind::timestamp));
}

void note_midnight(PrintContext &context, const PrintedValue &literal, const PrintedValue &beside) {
    if ((beside.is_kind(TypeKind::timestamp) || beside.is_kind(TypeKind::timestamptz)) &&
        literal.literal->kind == ExpressionKind::string_literal &&
        literal.literal->text.size() == 10)
        context.note("a date without a time compares as its midnight");
}

// Both sides printed, or the order in which the storage classes stand: number, text, blob.
AlignedPair align_literal(PrintContext &context, std::string_view op, const PrintedValue &literal,
                          const PrintedValue &beside) {
    AlignedPair pair;
    pair.right = beside.sql;
    std::optional<std::string> sql = literal_beside(context, op, literal, beside);
    if (!sql)
        sql = wider_time(context, literal, beside);
    if (sql) {
        note_midnight(context, literal, beside);
        pair.left = *sql;
        return pair;
    }
    const bool is_string = literal.literal->kind == ExpressionKind::string_literal;
    if (is_string && beside.is_number() && !beside.may_be_whole)
        pair.fixed_order = ">"; // text sorts after every number
    else if (is_string && literal.literal->text.empty() && is_equality(op) &&
             !beside.is_text_like())
        pair.fixed_order = "<>"; // types.md: '' is no value of such a column
    else
        refuse("compares " + type_words(literal) + " with " + type_words(beside));
    return pair;
}

AlignedPair align_literals(PrintContext &context, std::string_view op, const PrintedValue &left,
                           const PrintedValue &right) {
    const bool are_numbers = is_number_literal(*left.literal) && is_number_literal(*right.literal);
    if (!are_numbers && left.literal->kind != right.literal->kind)
        refuse("compares " + type_words(left) + " with " + type_words(right));
    if (left.literal->kind == ExpressionKind::string_literal) {
        AlignedPair pair = align_text(context, op, left, right);
        pair.right = cast(pair.right, TypeKind::text);
        return pair;
    }
    const Type type = are_numbers ? make_type(TypeKind::numeric) : left.type;
    AlignedPair pair;
    pair.left = as_type(context, left, type, EpochUnit::none);
    pair.right = as_type(context, right, type, EpochUnit::none);
    return pair;
}

AlignedPair align_times(PrintContext &context, const PrintedValue &left,
                        const PrintedValue &right) {
    AlignedPair pair;
    // A column of numbers and one of texts hold different storage classes in SQLite.
    if (left.epoch != right.epoch)
        refuse("compares times that are numbers with times that are text");
    if (left.type.kind == right.type.kind) {
        pair.left = left.sql;
        pair.right = right.sql;
        return pair;
    }
    if (left.is_kind(TypeKind::date) || right.is_kind(TypeKind::date))
        context.note("a date without a time compares as its midnight");
    pair.left = left.is_kind(TypeKind::timestamptz) ? timestamp_of(context, left) : left.sql;
    pair.right = right.is_kind(TypeKind::timestamptz) ? timestamp_of(context, right) : right.sql;
    return pair;
}

bool is_number_or_flag(const PrintedValue &value) {
    return value.is_number() || value.is_kind(TypeKind::boolean);
}

// What date() and its kin give is a text for SQLite.
PrintedValue moment_as_text(PrintContext &context, const PrintedValue &value) {
    return value.is_text_like() ? value
                                : printed(text_of(context, value, "comparison"), TypeKind::text);
}

AlignedPair align_typed(PrintContext &context, std::string_view op, const PrintedValue &left,
                        const PrintedValue &right) {
    if (left.is_text_like() && right.is_text_like())
        return align_text(context, op, left, right);
    if ((left.is_text_like() && !right.moment.empty()) ||
        (right.is_text_like() && !left.moment.empty()))
        return align_text(context, op, moment_as_text(context, left),
                          moment_as_text(context, right));
    if (left.type.is_time_like() && right.type.is_time_like())
        return align_times(context, left, right);
    const TypeKind kind = left.type.kind;
    const bool is_same = kind == right.type.kind && kind != TypeKind::json &&
                         kind != TypeKind::jsonb && kind != TypeKind::other;
    AlignedPair pair;
    pair.left = left.sql;
    pair.right = right.sql;
    if (is_same || (left.is_number() && right.is_number()))
        return pair;
    if (!is_number_or_flag(left) || !is_number_or_flag(right))
        refuse("compares " + type_words(left) + " with " + type_words(right));
    const Type bigint = make_type(TypeKind::bigint);
    if (left.is_kind(TypeKind::boolean))
        pair.left = as_type(context, left, bigint, EpochUnit::none);
    if (right.is_kind(TypeKind::boolean))
        pair.right = as_type(context, right, bigint, EpochUnit::none);
    return pair;
}

void check_json(std::string_view op, const PrintedValue &left, const PrintedValue &right) {
    const auto is_string = [](const PrintedValue &value) {
        return value.literal && value.literal->kind == ExpressionKind::string_literal;
    };
    if (left.is_json_text || right.is_json_text)
        if (!is_equality(op) || !(is_string(left) || is_string(right)))
            refuse("compares what json_extract finds, whose type is not known");
}

// A flag beside a number that is no flag is a number itself.
PrintedValue flag_as_number(PrintContext &context, const PrintedValue &value,
                            const PrintedValue &beside) {
    if (!value.is_kind(TypeKind::boolean) || !beside.literal ||
        !is_number_literal(*beside.literal) ||
        literal_sql(context, *beside.literal, value.type, EpochUnit::none))
        return value;
    return number_of(context, value, "comparison");
}

std::string fixed_result(std::string_view op, const std::string &order, const std::string &typed) {
    if (op == "IS")
        return "FALSE";
    if (op == "IS NOT")
        return "TRUE";
    const bool is_true =
        op == "<>" || (order == "<" && op.front() == '<') || (order == ">" && op.front() == '>');
    return "(CASE WHEN " + typed + " IS NOT NULL THEN " + (is_true ? "TRUE" : "FALSE") + " END)";
}

std::string comparison_sql(std::string_view op, const AlignedPair &pair) {
    if (op == "IS")
        return "(" + pair.left + " IS NOT DISTINCT FROM " + pair.right + ")";
    if (op == "IS NOT")
        return "(" + pair.left + " IS DISTINCT FROM " + pair.right + ")";
    return "(" + pair.left + " OPERATOR(" + pair.op_schema + "." + std::string(op) + ") " +
           pair.right + ")";
}

std::string null_comparison(PrintContext &context, std::string_view op, const PrintedValue &left,
                            const PrintedValue &right) {
    if (op != "IS" && op != "IS NOT")
        return cast("NULL", TypeKind::boolean);
    const PrintedValue &other = left.is_null() ? right : left;
    return "(" + as_itself(context, other) + (op == "IS" ? " IS NULL)" : " IS NOT NULL)");
}

} // namespace

AlignedPair align(PrintContext &context, std::string_view op, const PrintedValue &left,
                  const PrintedValue &right) {
    check_json(op, left, right);
    if (left.literal && right.literal)
        return align_literals(context, op, left, right);
    if (!left.literal && !right.literal)
        return align_typed(context, op, left, right);
    const PrintedValue &constant = left.literal ? left : right;
    const PrintedValue typed = flag_as_number(context, left.literal ? right : left, constant);
    if (constant.literal->kind == ExpressionKind::string_literal && typed.is_text_like())
        return align_text(context, op, left, right);
    AlignedPair pair = align_literal(context, op, constant, typed);
    if (typed.is_text_like()) // a number as text: the column's collation counts
        return align_text(context, op, left.literal ? printed(pair.left, TypeKind::text) : left,
                          left.literal ? right : printed(pair.left, TypeKind::text));
    if (!left.literal) {
        std::swap(pair.left, pair.right);
        if (!pair.fixed_order.empty() && pair.fixed_order != "<>")
            pair.fixed_order = "<";
    }
    return pair;
}

PrintedValue compare(PrintContext &context, std::string_view op, const PrintedValue &left,
                     const PrintedValue &right) {
    if (left.is_null() || right.is_null())
        return printed(null_comparison(context, op, left, right), TypeKind::boolean);
    const AlignedPair pair = align(context, op, left, right);
    if (!pair.fixed_order.empty())
        return printed(fixed_result(op, pair.fixed_order, left.literal ? right.sql : left.sql),
                       TypeKind::boolean);
    return printed(comparison_sql(op, pair), TypeKind::boolean);
}

std::string with_collation(PrintContext &context, const PrintedValue &value) {
    if (!value.is_text_like() || value.is_kind(TypeKind::citext))
        return as_itself(context, value);
    return collated(context, value, value.collation);
}

std::string ordered(PrintContext &context, const PrintedValue &value) {
    if (value.is_json_text)
        refuse("orders by what json_extract finds, whose type is not known");
    const TypeKind kind = value.type.kind;
    if (kind == TypeKind::json || kind == TypeKind::jsonb || kind == TypeKind::other)
        refuse("orders by " + type_words(value));
    if (value.is_text_like())
        return byte_order(collated(context, value, value.collation));
    return as_itself(context, value);
}

void check_distinct(const PrintedValue &value, std::string_view what) {
    const TypeKind kind = value.type.kind;
    if (kind == TypeKind::json || kind == TypeKind::jsonb || kind == TypeKind::other)
        refuse(std::string(what) + " is used on " + type_words(value));
    if (value.is_text_like() && !value.collation.empty() && value.collation != "BINARY" &&
        !value.is_kind(TypeKind::citext))
        refuse(std::string(what) + " is used on text with collation " + value.collation);
}

} // namespace migrate::core::plan

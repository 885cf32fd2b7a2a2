#include "core/fdw/predicate.hpp"

#include "core/fdw/moment_predicate.hpp"
#include "core/value/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <span>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

using plan::Affinity;
using Kind = Operand::Kind;

constexpr std::size_t kMostElements = 500;

enum AffinityBit : unsigned {
    kNumber = 1U << static_cast<unsigned>(Affinity::integer) |
              1U << static_cast<unsigned>(Affinity::numeric) |
              1U << static_cast<unsigned>(Affinity::real),
    kText = 1U << static_cast<unsigned>(Affinity::text),
    kNone = 1U << static_cast<unsigned>(Affinity::blob),
};

std::string_view operator_of(Comparison comparison) noexcept {
    switch (comparison) {
    case Comparison::not_equal:
        return " <> ";
    case Comparison::less:
        return " < ";
    case Comparison::less_equal:
        return " <= ";
    case Comparison::greater:
        return " > ";
    case Comparison::greater_equal:
        return " >= ";
    default:
        return " = ";
    }
}

Comparison without_strictness(Comparison comparison) noexcept {
    if (comparison == Comparison::less)
        return Comparison::less_equal;
    return comparison == Comparison::greater ? Comparison::greater_equal : comparison;
}

Operand integer_operand(std::int64_t value) {
    Operand operand;
    operand.kind = Kind::integer;
    operand.integer = value;
    return operand;
}

Operand real_operand(double value) {
    Operand operand;
    operand.kind = Kind::real;
    operand.real = value;
    return operand;
}

Operand text_operand(std::string text) {
    Operand operand;
    operand.kind = Kind::text;
    operand.text = std::move(text);
    return operand;
}

Predicate compare(const PushColumn &column, Comparison comparison, Operand value,
                  std::string_view collation = "") {
    Predicate predicate;
    predicate.sql =
        column.sql + std::string(operator_of(comparison)) + "?" + std::string(collation);
    predicate.values.push_back(std::move(value));
    return predicate;
}

Predicate either(Predicate left, Predicate right) {
    left.sql = "(" + left.sql + " OR " + right.sql + ")";
    std::ranges::move(right.values, std::back_inserter(left.values));
    return left;
}

Predicate plain(std::string sql, Keeps keeps = Keeps::superset) {
    return {std::move(sql), {}, keeps};
}

// Every text, and nothing else: SQLite sorts numbers before text before blobs (datatype3, 4.1).
// Without affinity neither side is converted, with or without an index.
Predicate any_text(const PushColumn &column) {
    return plain("(" + column.sql + " >= '' AND " + column.sql + " < x'')");
}

using Rewrite = std::optional<Predicate> (*)(const PushColumn &, Comparison, const Operand &);

// Doubles hold all integers up to here.
constexpr std::int64_t kExact = std::int64_t{1} << 53;

bool is_exact(std::int64_t value) noexcept {
    return value < kExact && value > -kExact;
}

// Numbers are compared by their exact value, an integer with a real too. A column with REAL
// affinity gives doubles whatever it stores, but an index of it compares what is stored, which
// after an edit of the schema may be an integer that no double holds: there only operands are
// taken that are on the same side of both, and no strict order.
std::optional<Predicate> integer_in_numbers(const PushColumn &column, Comparison comparison,
                                            const Operand &value) {
    if (column.affinity == Affinity::real) {
        if (comparison == Comparison::not_equal || !is_exact(value.integer))
            return std::nullopt;
        comparison = without_strictness(comparison);
    }
    return compare(column, comparison, value);
}

bool includes_text(Comparison comparison) noexcept {
    return comparison == Comparison::greater || comparison == Comparison::greater_equal ||
           comparison == Comparison::not_equal;
}

// Text of digits counts as its number here; one text alone is that of an integer.
std::optional<Predicate> integer_in_anything(const PushColumn &column, Comparison comparison,
                                             const Operand &value) {
    Predicate numbers = compare(column, comparison, value);
    if (includes_text(comparison)) // text is greater than any number
        return numbers;
    if (comparison != Comparison::equal)
        return either(std::move(numbers), any_text(column));
    return either(std::move(numbers),
                  compare(column, Comparison::equal, text_operand(std::to_string(value.integer))));
}

std::optional<Predicate> guarded(const PushColumn &column, Predicate predicate) {
    if (column.has_only_text)
        return predicate;
    return either(std::move(predicate),
                  plain("typeof(" + column.sql + ") NOT IN ('text', 'null')"));
}

std::optional<Predicate> integer_in_text(const PushColumn &column, Comparison comparison,
                                         const Operand &value) {
    if (comparison != Comparison::equal)
        return std::nullopt;
    return guarded(column, compare(column, Comparison::equal,
                                   text_operand(std::to_string(value.integer)), " COLLATE BINARY"));
}

// SQLite keeps no NaN and compares infinities as PostgreSQL does.
std::optional<Predicate> real_in_numbers(const PushColumn &column, Comparison comparison,
                                         const Operand &value) {
    if (column.affinity == Affinity::real && !(std::abs(value.real) < static_cast<double>(kExact)))
        return std::nullopt;
    return compare(column, comparison, value);
}

std::optional<Predicate> real_in_anything(const PushColumn &column, Comparison comparison,
                                          const Operand &value) {
    Predicate numbers = compare(column, comparison, value);
    if (includes_text(comparison))
        return numbers;
    return either(std::move(numbers), any_text(column));
}

// The operand as SQLite can hold it: an integer exactly; else the nearest double for =, and for an
// order one that is surely not on the wrong side of it.
std::optional<Operand> number_near(Comparison comparison, const std::string &text) {
    std::int64_t integer = 0;
    const char *end = text.data() + text.size();
    const auto whole = std::from_chars(text.data(), end, integer);
    if (whole.ec == std::errc() &&
        std::all_of(whole.ptr, end, [](char c) { return c == '0' || c == '.'; }))
        return integer_operand(integer);
    double real = 0;
    const auto read = std::from_chars(text.data(), end, real);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(real))
        return std::nullopt;
    const double infinity = std::numeric_limits<double>::infinity();
    if (comparison == Comparison::less || comparison == Comparison::less_equal)
        real = std::nextafter(real, infinity);
    else if (comparison == Comparison::greater || comparison == Comparison::greater_equal)
        real = std::nextafter(real, -infinity);
    return real_operand(real);
}

// A real counts as the shortest decimal that reads back to it, which grows with it: no real that
// is below a decimal can be above the double that is nearest to it, or above that one's neighbour.
std::optional<Predicate> numeric_in_numbers(const PushColumn &column, Comparison comparison,
                                            const Operand &value) {
    if (comparison == Comparison::not_equal)
        return std::nullopt;
    std::optional<Operand> number = number_near(comparison, value.text);
    if (!number)
        return std::nullopt;
    // A double that is equal to the integer may be the text of another number (2^60 is not the
    // only one whose shortest text is 1152921504606847000).
    if (number->kind == Kind::integer && !is_exact(number->integer))
        return std::nullopt;
    return compare(column, without_strictness(comparison), std::move(*number));
}

std::optional<Predicate> numeric_in_anything(const PushColumn &column, Comparison comparison,
                                             const Operand &value) {
    std::optional<Predicate> numbers = numeric_in_numbers(column, comparison, value);
    if (!numbers || includes_text(comparison))
        return numbers;
    return either(std::move(*numbers), any_text(column));
}

bool is_bytewise_text(const PushColumn &column) noexcept {
    return !column.is_utf16;
}

// Numbers and blobs read as text here: they are kept by what they are, not by what they hold.
std::optional<Predicate> text_in_text(const PushColumn &column, Comparison comparison,
                                      const Operand &value) {
    if (!is_bytewise_text(column))
        return std::nullopt;
    return guarded(column, compare(column, comparison, value, " COLLATE BINARY"));
}

std::optional<Predicate> text_in_anything(const PushColumn &column, Comparison comparison,
                                          const Operand &value) {
    if (!is_bytewise_text(column))
        return std::nullopt;
    Predicate texts = compare(column, comparison, value, " COLLATE BINARY");
    Predicate others =
        plain("(" + column.sql + " < '' OR " + column.sql + " >= x'')"); // numbers, blobs
    return either(std::move(texts), std::move(others));
}

// The words for true and false are text, "1" and "0" maybe too; a number is 0 or 1.
std::optional<Predicate> boolean_in_anything(const PushColumn &column, Comparison comparison,
                                             const Operand &) {
    return either(compare(column, Comparison::equal,
                          integer_operand(comparison == Comparison::is_true ? 1 : 0)),
                  plain(column.sql + " >= ''"));
}

struct Rule {
    Family family;
    unsigned affinities;
    Rewrite rewrite;
};

constexpr Rule kRules[] = {
    {Family::integer, kNumber, integer_in_numbers},
    {Family::integer, kNone, integer_in_anything},
    {Family::integer, kText, integer_in_text},
    {Family::real, kNumber, real_in_numbers},
    {Family::real, kNone, real_in_anything},
    {Family::numeric, kNumber, numeric_in_numbers},
    {Family::numeric, kNone, numeric_in_anything},
    {Family::text, kText, text_in_text},
    {Family::text, kNone, text_in_anything},
    {Family::boolean, kNumber | kNone, boolean_in_anything},
    {Family::moment, kNumber | kNone | kText, moment_predicate},
};

const Rule *find_rule(const PushColumn &column, Family family) noexcept {
    const unsigned bit = 1U << static_cast<unsigned>(column.affinity);
    const auto rule = std::ranges::find_if(kRules, [&](const Rule &each) {
        return each.family == family && (each.affinities & bit) != 0;
    });
    return rule == std::end(kRules) ? nullptr : rule;
}

std::string_view affinity_name(Affinity affinity) noexcept {
    constexpr std::string_view kNames[] = {"INTEGER", "TEXT", "no", "REAL", "NUMERIC"};
    return kNames[static_cast<std::size_t>(affinity)];
}

std::optional<Predicate> refuse(std::string *reason, std::string words) {
    *reason = std::move(words);
    return std::nullopt;
}

// An integer column of another affinity than REAL: SQLite compares integers and reals by their
// exact value, as PostgreSQL does what can be read of them; text and blobs, which it may keep,
// cannot be read. Texts are equal where their bytes are, but the guard keeps numbers and blobs too.
Keeps keeps_of(const Rule &rule, const PushColumn &column, Comparison comparison) noexcept {
    if (rule.rewrite == integer_in_numbers && column.affinity != Affinity::real)
        return Keeps::exact;
    if (rule.rewrite == text_in_text && column.has_only_text)
        return Keeps::exact;
    if (rule.rewrite == text_in_text &&
        (comparison == Comparison::equal || comparison == Comparison::any_of))
        return Keeps::exact_by_class;
    return Keeps::superset;
}

// No element matches by being NULL; without elements nothing matches.
std::optional<Predicate> any_of(const Rule &rule, const PushColumn &column,
                                const std::vector<Operand> &elements) {
    Predicate all;
    for (const Operand &element : elements) {
        if (element.kind == Kind::null)
            continue;
        std::optional<Predicate> one = rule.rewrite(column, Comparison::equal, element);
        if (!one)
            return std::nullopt;
        all = all.sql.empty() ? std::move(*one) : either(std::move(all), std::move(*one));
    }
    return all.sql.empty() ? plain("0") : all;
}

// x IN (…) is one look-up an element where = is.
std::optional<Predicate> in_list(const PushColumn &column, const std::vector<Operand> &elements,
                                 std::string_view collation) {
    Predicate list;
    for (const Operand &element : elements) {
        if (element.kind == Kind::null)
            continue;
        list.sql += list.values.empty() ? "?" : ", ?";
        list.values.push_back(element);
    }
    if (list.values.empty())
        return plain("0");
    list.sql = column.sql + std::string(collation) + " IN (" + list.sql + ")";
    return list;
}

bool has_kind(const std::vector<Operand> &operands, Kind kind) {
    return std::ranges::any_of(operands, [&](const Operand &each) { return each.kind == kind; });
}

std::optional<Predicate> apply(const Rule &rule, const PushColumn &column,
                               const Condition &condition) {
    if (condition.comparison != Comparison::any_of) {
        static const Operand kNothing;
        return rule.rewrite(column, condition.comparison,
                            condition.operands.empty() ? kNothing : condition.operands.front());
    }
    if (rule.rewrite == integer_in_numbers && column.affinity != Affinity::real)
        return in_list(column, condition.operands, "");
    if (rule.rewrite == text_in_text && is_bytewise_text(column))
        return guarded(column, *in_list(column, condition.operands, " COLLATE BINARY"));
    return any_of(rule, column, condition.operands);
}

} // namespace

bool is_guarded(const PushColumn &column, Family family) noexcept {
    return column.affinity == Affinity::text &&
           (family == Family::text || family == Family::integer);
}

std::optional<Predicate> superset_of(const PushColumn &column, const Condition &condition,
                                     std::string *reason) {
    // NULL is NULL on both sides: no value of any type reads as NULL.
    if (condition.comparison == Comparison::is_null)
        return plain(column.sql + " IS NULL", Keeps::exact);
    if (condition.comparison == Comparison::is_not_null)
        return plain(column.sql + " IS NOT NULL", Keeps::exact);
    if (column.is_view)
        return refuse(reason, "how SQLite compares a column of a view is not known");
    const Rule *rule = find_rule(column, condition.family);
    if (rule == nullptr)
        return refuse(reason, "SQLite's column has " + std::string(affinity_name(column.affinity)) +
                                  " affinity");
    if (has_kind(condition.operands, Kind::unknown))
        return refuse(reason, "SQLite has no such value");
    if (condition.comparison != Comparison::any_of && has_kind(condition.operands, Kind::null))
        return plain("0", Keeps::exact); // the operators are strict
    if (condition.operands.size() > kMostElements)
        return refuse(reason, "the array has more than 500 elements");
    std::optional<Predicate> predicate = apply(*rule, column, condition);
    if (predicate)
        predicate->keeps = keeps_of(*rule, column, condition.comparison);
    else
        *reason = "no rule keeps all of its rows in SQLite";
    return predicate;
}

} // namespace migrate::core::fdw

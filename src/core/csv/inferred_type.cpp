#include "core/csv/column_inference.hpp"

#include "core/core_only.hpp"

// The end of an inference: what the facts of a column make of its type, and the words for it.

namespace migrate::core::csv {
namespace {

constexpr std::uint8_t kBothTruths = 3; // column_inference.cpp: kFalse and kTrue
constexpr std::uint8_t kTruthWord = 4;

std::string at_line(std::int64_t line) {
    return " at line " + std::to_string(line);
}

void set_type(InferredType &result, TypeKind kind, std::string reason) {
    result.type = make_type(kind);
    result.evidence = std::move(reason);
}

void set_text(InferredType &result, std::string reason) {
    set_type(result, TypeKind::text, std::move(reason));
    result.is_notable = true;
}

} // namespace

TypeKind ColumnInference::number_kind(const NumberFacts &facts) noexcept {
    if (facts.needs_real())
        return TypeKind::float8;
    return facts.has_fraction() || facts.exceeds_bigint() ? TypeKind::numeric : TypeKind::bigint;
}

void ColumnInference::decide_boolean(InferredType &result) const {
    if ((truths_ & kTruthWord) == 0 && (truths_ & kBothTruths) != kBothTruths) {
        set_text(result, "the one letter " + first_.value + " in all values says no truth");
        return;
    }
    set_type(result, TypeKind::boolean, "words of truth");
}

void ColumnInference::decide_number(InferredType &result, const Reading &reading) const {
    const NumberFacts &facts = reading.facts;
    if (facts.are_long_identifiers()) {
        set_text(result, "each value has " + std::to_string(facts.digits()) +
                             " digits, as identifiers have");
        return;
    }
    if (facts.needs_real() && facts.inexact_line() != 0) {
        set_text(result, "the digits at line " + std::to_string(facts.inexact_line()) +
                             " are too many for double precision, which line " +
                             std::to_string(facts.real_line()) + " needs");
        return;
    }
    result.format.decimal = reading.decimal;
    result.format.thousands = reading.thousands;
    const TypeKind kind = number_kind(facts);
    if (kind == TypeKind::float8)
        set_type(result, kind, "an exponent, NaN, infinity or -0.0" + at_line(facts.real_line()));
    else if (facts.has_fraction())
        set_type(result, kind,
                 "decimals from line " + std::to_string(facts.fraction_line()) + " on");
    else if (facts.exceeds_bigint())
        set_type(result, kind, "more digits than bigint holds" + at_line(facts.big_line()));
    else
        set_type(result, kind, "whole numbers");
}

void ColumnInference::decide_commas(InferredType &result) const {
    const bool is_decimal_comma = others_[0].is_alive && has_comma_;
    if (is_decimal_comma && others_[1].is_alive) {
        set_text(result, first_.value + at_line(first_.line) +
                             " has a decimal comma or a comma between thousands: options decimal "
                             "and thousands decide");
        return;
    }
    // Points alone, as in 192.168.100.101, are no reason to see a number.
    if (!is_decimal_comma && !others_[1].is_alive) {
        set_text(result, first_.value + at_line(first_.line) + " has points between its digits");
        return;
    }
    decide_number(result, is_decimal_comma ? others_[0] : others_[1]);
    if (result.type.kind == TypeKind::text)
        return;
    result.evidence +=
        is_decimal_comma ? "; decimal comma as in " : "; commas between thousands as in ";
    result.evidence += first_.value;
    result.is_notable = true;
}

void ColumnInference::decide_loose(InferredType &result) const {
    std::optional<DateOrder> order;
    for (DateOrder each : {DateOrder::ymd, DateOrder::dmy, DateOrder::mdy}) {
        if ((orders_ >> static_cast<unsigned>(each) & 1U) == 0)
            continue;
        if (order) {
            set_text(result, first_.value + at_line(first_.line) + " is " + first_moments_ +
                                 ", and no row tells which: option date_order decides");
            return;
        }
        order = each;
    }
    result.format.date_order = order.value_or(DateOrder::iso);
    set_type(result, moment_type(),
             "date order " + std::string(date_order_word(result.format.date_order)) + " as in " +
                 first_.value);
    // Only the other rows told the order.
    result.is_notable = !first_moments_.empty();
}

InferredType ColumnInference::result() const {
    InferredType result;
    result.format = options_.format;
    result.values = values_;
    result.nulls = nulls_;
    switch (state_) {
    case State::none:
        set_type(result, TypeKind::text, "no values");
        break;
    case State::boolean:
        decide_boolean(result);
        break;
    case State::number:
        decide_number(result, plain_);
        break;
    case State::commas:
        decide_commas(result);
        break;
    case State::moment:
        set_type(result, moment_type(), "ISO 8601");
        result.format.date_order = DateOrder::iso;
        break;
    case State::loose:
        decide_loose(result);
        break;
    case State::time:
    case State::uuid:
    case State::json:
        set_type(result, kind_so_far(), "as " + first_.value + " all values");
        break;
    case State::text:
        set_type(result, TypeKind::text, reason_);
        result.is_notable = is_reason_notable_;
        break;
    }
    result.evidence = result.type.sql() + ": " + result.evidence;
    return result;
}

} // namespace migrate::core::csv

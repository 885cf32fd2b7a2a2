#include "core/csv/column_inference.hpp"

#include "core/csv/misfit_reason.hpp"
#include "core/value/date_time.hpp"
#include "core/value/json.hpp"
#include "core/value/utf8.hpp"
#include "core/value/uuid.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// Longer texts are no numbers with commas and no dates.
constexpr std::size_t kMaxFormatted = 100;
using Room = std::array<char, format_room(kMaxFormatted)>;

constexpr std::uint8_t kFalse = 1;
constexpr std::uint8_t kTrue = 2;
constexpr std::uint8_t kWord = 4; // more than one letter

constexpr std::uint8_t order_bit(DateOrder order) noexcept {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(order));
}
constexpr DateOrder kOrders[] = {DateOrder::ymd, DateOrder::dmy, DateOrder::mdy};
constexpr std::uint8_t kDayOrMonthFirst = order_bit(DateOrder::dmy) | order_bit(DateOrder::mdy);

constexpr std::size_t kClockOfMoment = 11; // in YYYY-MM-DD HH:MM:SS

// Hour 24 and second 60 are read as the next day and minute: the text would not come back.
bool rolls_over(std::string_view text, std::size_t clock) noexcept {
    return text.substr(clock, 2) == "24" ||
           (text.size() >= clock + 8 && text.substr(clock + 6, 2) == "60");
}

bool is_uuid(std::string_view text) noexcept {
    // 32 digits without hyphens are as often a digest (MD5).
    return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
           text[23] == '-' && value::parse_uuid(text);
}

bool is_time(std::string_view text) noexcept {
    if (const auto time = value::parse_time(text))
        return !time->is_rounded && !rolls_over(text, 0);
    // "9:05" alone may be a score or a ratio.
    if (text.size() < 7 && text.find_first_of("mM") == std::string_view::npos)
        return false;
    if (text.size() > kMaxFormatted)
        return false;
    Room room;
    const auto clock = normalise_clock(text, room.data());
    const auto time = clock ? value::parse_time(*clock) : std::nullopt;
    return time && !time->is_rounded && !rolls_over(*clock, 0);
}

bool has_digit(std::string_view text) noexcept {
    return text.find_first_of("0123456789") != std::string_view::npos;
}

} // namespace

bool is_null_field(std::string_view text, bool is_quoted,
                   const InferenceOptions &options) noexcept {
    // COPY asks FORCE_NULL of quoted fields alone, FORCE_NOT_NULL of the others.
    if (is_quoted ? !options.is_null_forced : options.is_null_refused)
        return false;
    return std::ranges::find(options.null_texts, text) != options.null_texts.end();
}

ColumnInference::ColumnInference(InferenceOptions options) : options_(std::move(options)) {
    may_be_null_ = std::ranges::any_of(options_.null_texts,
                                       [](const std::string &text) { return !text.empty(); });
    plain_.decimal = options_.format.decimal;
    plain_.thousands = options_.format.thousands;
    others_[0].decimal = ',';
    others_[0].thousands = ".";
    others_[1].thousands = ",";
}

bool ColumnInference::accept(std::int64_t line, std::string_view text) {
    switch (state_) {
    case State::number:
        return accept_number(line, text);
    case State::boolean:
        return accept_boolean(line, text);
    case State::commas:
        return accept_commas(line, text);
    case State::moment:
        return accept_moment(text);
    case State::loose:
        return accept_loose(text);
    case State::time:
        return is_time(text);
    case State::uuid:
        return is_uuid(text);
    case State::json:
        return accept_json(text);
    case State::none:
    case State::text:
        break;
    }
    return false;
}

bool ColumnInference::accept_boolean(std::int64_t line, std::string_view text) {
    const std::optional<bool> truth = truth_of(text, options_.format);
    if (!truth)
        return false;
    truths_ |= *truth ? kTrue : kFalse;
    // A single letter may be the code of something; the caller's own words are no guess.
    const bool is_letter = text == "t" || text == "f" || text == "T" || text == "F";
    truths_ |= is_letter ? 0 : kWord;
    are_truths_numbers_ = are_truths_numbers_ && has_digit(text) && accept_number(line, text);
    return true;
}

bool ColumnInference::accept_number(std::int64_t line, std::string_view text) {
    if (plain_.decimal == '.' && plain_.thousands.empty())
        return plain_.facts.add(text, line);
    return accept_reading(plain_, line, text);
}

bool ColumnInference::accept_reading(Reading &reading, std::int64_t line, std::string_view text) {
    if (text.size() > kMaxFormatted)
        return false;
    if (!has_digit(text)) // NaN and its like
        return reading.facts.add(text, line);
    Room room;
    const auto plain = normalise_number(text, reading.decimal, reading.thousands, room.data());
    return plain && reading.facts.add(*plain, line);
}

bool ColumnInference::accept_commas(std::int64_t line, std::string_view text) {
    bool is_any_alive = false;
    for (Reading &reading : others_) {
        reading.is_alive = reading.is_alive && accept_reading(reading, line, text);
        is_any_alive |= reading.is_alive;
    }
    has_comma_ |= text.find(',') != std::string_view::npos;
    return is_any_alive;
}

bool ColumnInference::join_moment(MomentKind kind) {
    if (moment_ == kind || kind == MomentKind::none)
        return kind != MomentKind::none;
    // Times with a zone are moments, those without are readings of a clock: no type holds both.
    if (moment_ != MomentKind::none &&
        (moment_ == MomentKind::timestamptz || kind == MomentKind::timestamptz))
        return false;
    moment_ = std::max(moment_, kind);
    return true;
}

ColumnInference::MomentKind ColumnInference::moment_kind(std::string_view text) noexcept {
    const auto moment = value::parse_date_time(text);
    if (!moment || moment->is_rounded)
        return MomentKind::none;
    if (text.size() < kClockOfMoment)
        return MomentKind::date;
    if (rolls_over(text, kClockOfMoment))
        return MomentKind::none;
    return moment->has_zone ? MomentKind::timestamptz : MomentKind::timestamp;
}

bool ColumnInference::accept_moment(std::string_view text) {
    return join_moment(moment_kind(text));
}

// Clears the orders that do not read the text; what the others read is the same but for the day.
ColumnInference::MomentKind ColumnInference::loose_kind(std::string_view text,
                                                        std::uint8_t &orders) noexcept {
    MomentKind found = MomentKind::none;
    Room room;
    for (DateOrder order : kOrders) {
        if ((orders & order_bit(order)) == 0)
            continue;
        const auto iso = normalise_moment(text, order, room.data());
        const MomentKind kind = iso ? moment_kind(*iso) : MomentKind::none;
        if (kind == MomentKind::none)
            orders &= static_cast<std::uint8_t>(~order_bit(order));
        else
            found = kind;
    }
    return found;
}

bool ColumnInference::accept_loose(std::string_view text) {
    const std::size_t mark = text.find_first_not_of("0123456789");
    if (text.size() > kMaxFormatted || mark == std::string_view::npos || text[mark] != mark_)
        return false;
    return join_moment(loose_kind(text, orders_));
}

bool ColumnInference::accept_json(std::string_view text) const {
    // A number or a word is JSON too, but no reason to call the column so.
    return (text.starts_with('{') || text.starts_with('[')) && value::is_valid_text(text) &&
           value::check_json(text, options_.is_utf8_server) == value::JsonFit::jsonb;
}

void ColumnInference::widen(std::int64_t line, std::string_view text, bool is_quoted) {
    bool is_joined = false;
    switch (state_) {
    case State::none:
        is_joined = begin(line, text);
        break;
    case State::boolean:
        is_joined = are_truths_numbers_ && accept_number(line, text);
        state_ = is_joined ? State::number : state_;
        break;
    case State::number:
        is_joined = begin_commas(line, text);
        break;
    case State::moment:
        is_joined = begin_loose(line, text);
        break;
    default:
        break;
    }
    if (!is_joined)
        become_text(line, text, is_quoted);
}

bool ColumnInference::begin(std::int64_t line, std::string_view text) {
    using Accept = bool (*)(ColumnInference &, std::int64_t, std::string_view);
    constexpr std::pair<State, Accept> kFirst[] = {
        {State::boolean,
         [](auto &c, auto line, auto text) { return c.accept_boolean(line, text); }},
        {State::number, [](auto &c, auto line, auto text) { return c.accept_number(line, text); }},
        {State::moment, [](auto &c, auto, auto text) { return c.accept_moment(text); }},
        {State::time, [](auto &, auto, auto text) { return is_time(text); }},
        {State::uuid, [](auto &, auto, auto text) { return is_uuid(text); }},
        {State::json, [](auto &c, auto, auto text) { return c.accept_json(text); }},
    };
    for (const auto &[state, accepts] : kFirst) {
        if (accepts(*this, line, text)) {
            state_ = state;
            first_ = {line, shown_value(text)};
            return true;
        }
    }
    return begin_commas(line, text) || begin_loose(line, text);
}

bool ColumnInference::begin_commas(std::int64_t line, std::string_view text) {
    if (options_.has_number_format || options_.is_comma_delimited)
        return false;
    // What was read so far in plain form reads the same with commas between thousands, and with
    // decimal commas where its points may stand between thousands.
    others_[0].is_alive = plain_.facts.are_points_groups();
    for (Reading &reading : others_)
        reading.facts = plain_.facts;
    if (!accept_commas(line, text))
        return false;
    state_ = State::commas;
    first_ = {line, shown_value(text)};
    return true;
}

bool ColumnInference::begin_loose(std::int64_t line, std::string_view text) {
    const std::size_t mark = text.find_first_not_of("0123456789");
    if (mark == std::string_view::npos)
        return false;
    // A year of four digits in front leaves no doubt, whatever the caller says of the others.
    const DateOrder wanted = options_.format.date_order;
    orders_ = order_bit(DateOrder::ymd);
    if (state_ == State::none)
        orders_ |= wanted == DateOrder::iso ? kDayOrMonthFirst : order_bit(wanted);
    mark_ = state_ == State::none ? text[mark] : '-'; // ISO dates came before
    if (!accept_loose(text))
        return false;
    state_ = State::loose;
    first_ = {line, shown_value(text)};
    first_moments_ = two_readings(text);
    return true;
}

// "2024-04-03 or 2024-03-04" of 03/04/2024; empty when one order alone reads it.
std::string ColumnInference::two_readings(std::string_view text) {
    Room day_first, month_first;
    const auto dmy = normalise_moment(text, DateOrder::dmy, day_first.data());
    const auto mdy = normalise_moment(text, DateOrder::mdy, month_first.data());
    if (!dmy || !mdy)
        return {};
    return std::string(*dmy) + " (dmy) or " + std::string(*mdy) + " (mdy)";
}

void ColumnInference::become_text(std::int64_t line, std::string_view text, bool is_quoted) {
    const std::string kind = state_ == State::none ? "" : make_type(kind_so_far()).sql();
    MisfitReason reason = explain_misfit(text, is_quoted, line, kind);
    state_ = State::text;
    reason_ = std::move(reason.words);
    is_reason_notable_ = reason.is_notable;
}

TypeKind ColumnInference::moment_type() const noexcept {
    switch (moment_) {
    case MomentKind::timestamp:
        return TypeKind::timestamp;
    case MomentKind::timestamptz:
        return TypeKind::timestamptz;
    default:
        return TypeKind::date;
    }
}

TypeKind ColumnInference::kind_so_far() const noexcept {
    switch (state_) {
    case State::boolean:
        return TypeKind::boolean;
    case State::number:
        return number_kind(plain_.facts);
    case State::commas:
        return TypeKind::numeric;
    case State::moment:
    case State::loose:
        return moment_type();
    case State::time:
        return TypeKind::time;
    case State::uuid:
        return TypeKind::uuid;
    case State::json:
        return TypeKind::jsonb;
    case State::none:
    case State::text:
        break;
    }
    return TypeKind::text;
}

} // namespace migrate::core::csv

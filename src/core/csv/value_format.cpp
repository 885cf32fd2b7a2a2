#include "core/csv/value_format.hpp"

#include "core/csv/format_text.hpp"
#include "core/value/date_time.hpp"
#include "core/value/decimal.hpp"

#include <algorithm>
#include <charconv>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

using namespace format_text;

// Takes `least` to `most` digits off the front; empty when there are fewer or more.
std::string_view take_digits(std::string_view &rest, std::size_t least, std::size_t most) noexcept {
    const std::size_t count = count_digits(rest);
    if (count < least || count > most)
        return {};
    const std::string_view digits = rest.substr(0, count);
    rest.remove_prefix(count);
    return digits;
}

// AM, PM or nothing, with one blank before it.
enum class Half : std::uint8_t { none, am, pm };

Half take_half(std::string_view &rest) noexcept {
    std::string_view after = rest;
    take(after, ' ');
    if (after.size() < 2 || lower(after[1]) != 'm')
        return Half::none;
    const char half = lower(after[0]);
    if (half != 'a' && half != 'p')
        return Half::none;
    rest = after.substr(2);
    return half == 'a' ? Half::am : Half::pm;
}

// 12 AM is midnight, 12 PM is noon.
bool put_hour(std::string_view digits, Half half, Writer &out) noexcept {
    if (half == Half::none) {
        out.put_two(digits);
        return true;
    }
    int hour = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), hour);
    if (hour < 1 || hour > 12)
        return false;
    hour = hour % 12 + (half == Half::pm ? 12 : 0);
    out.put(static_cast<char>('0' + hour / 10));
    out.put(static_cast<char>('0' + hour % 10));
    return true;
}

bool copy_clock(std::string_view &rest, Writer &out) noexcept {
    const std::string_view hour = take_digits(rest, 1, 2);
    const std::string_view after_hour = rest;
    if (hour.empty() || !take(rest, ':') || take_digits(rest, 2, 2).empty())
        return false;
    if (take(rest, ':')) {
        if (take_digits(rest, 2, 2).empty())
            return false;
        if (take(rest, '.')) {
            const std::size_t fraction = count_digits(rest);
            if (fraction == 0)
                return false;
            rest.remove_prefix(fraction);
        }
    }
    const std::string_view minutes = after_hour.substr(0, after_hour.size() - rest.size());
    if (!put_hour(hour, take_half(rest), out))
        return false;
    out.put(minutes);
    return true;
}

// Year, month and day in ISO order.
bool copy_date(std::string_view &rest, DateOrder order, Writer &out) noexcept {
    const bool is_year_first = order == DateOrder::ymd;
    const std::string_view first =
        is_year_first ? take_digits(rest, 4, 4) : take_digits(rest, 1, 2);
    const char mark = rest.empty() ? '\0' : rest.front();
    if (first.empty() || (mark != '-' && mark != '/' && mark != '.'))
        return false;
    rest.remove_prefix(1);
    const std::string_view second = take_digits(rest, 1, 2);
    if (second.empty() || !take(rest, mark))
        return false;
    const std::string_view third =
        is_year_first ? take_digits(rest, 1, 2) : take_digits(rest, 4, 4);
    if (third.empty())
        return false;
    out.put(is_year_first ? first : third);
    out.put('-');
    out.put_two(is_year_first || order == DateOrder::dmy ? second : first);
    out.put('-');
    out.put_two(is_year_first ? third : (order == DateOrder::dmy ? first : second));
    return true;
}

Cell text_cell(std::string_view text) noexcept {
    Cell cell;
    cell.storage = StorageClass::text;
    cell.size = static_cast<std::uint32_t>(text.size());
    cell.bytes = text.data();
    return cell;
}

// The NUL that core/cell.hpp promises behind a text; where `text` is the caller's, he sees to it.
std::optional<Cell> terminated(std::optional<std::string_view> text, char *room) noexcept {
    if (!text)
        return std::nullopt;
    if (text->data() == room)
        room[text->size()] = '\0';
    return text_cell(*text);
}

std::optional<Cell> real_cell(std::string_view text, const ValueFormat &format,
                              char *room) noexcept {
    std::optional<double> number = format_text::has_digit(text) ? std::nullopt : exact_real(text);
    if (!number) {
        const auto plain = normalise_number(text, format.decimal, format.thousands, room);
        number = plain ? exact_real(*plain) : std::nullopt;
    }
    if (!number)
        return std::nullopt;
    Cell cell;
    cell.set_real(*number);
    return cell;
}

std::optional<Cell> moment_cell(std::string_view text, DateOrder order, char *room) noexcept {
    if (order == DateOrder::iso || value::parse_date_time(text))
        return text_cell(text);
    return terminated(normalise_moment(text, order, room), room);
}

} // namespace

std::string_view date_order_word(DateOrder order) noexcept {
    switch (order) {
    case DateOrder::ymd:
        return "ymd";
    case DateOrder::dmy:
        return "dmy";
    case DateOrder::mdy:
        return "mdy";
    case DateOrder::iso:
        break;
    }
    return "ISO";
}

std::optional<std::string_view> normalise_clock(std::string_view text, char *room) noexcept {
    Writer out{room};
    if (!copy_clock(text, out) || !text.empty())
        return std::nullopt;
    return out.since(room);
}

std::optional<std::string_view> normalise_moment(std::string_view text, DateOrder order,
                                                 char *room) noexcept {
    if (order == DateOrder::iso)
        return text;
    Writer out{room};
    if (!copy_date(text, order, out))
        return std::nullopt;
    if (text.empty())
        return out.since(room);
    if (!take(text, ' ') && !take(text, 'T'))
        return std::nullopt;
    out.put(' ');
    if (!copy_clock(text, out))
        return std::nullopt;
    out.put(text);
    return out.since(room);
}

std::optional<bool> truth_of(std::string_view text, const ValueFormat &format) noexcept {
    if (text.size() == 1 || text.size() == 4) {
        if (equals_word(text, "t") || equals_word(text, "true"))
            return true;
    }
    if (text.size() == 1 || text.size() == 5) {
        if (equals_word(text, "f") || equals_word(text, "false"))
            return false;
    }
    const auto is_text = [text](const std::string &word) { return equals_word(word, text); };
    if (std::ranges::any_of(format.true_texts, is_text))
        return true;
    if (std::ranges::any_of(format.false_texts, is_text))
        return false;
    return std::nullopt;
}

std::optional<Cell> format_value(std::string_view text, TypeKind kind, const ValueFormat &format,
                                 char *room) noexcept {
    switch (kind) {
    case TypeKind::boolean:
        if (std::optional<bool> truth = truth_of(text, format)) {
            Cell cell;
            cell.set_integer(*truth ? 1 : 0);
            return cell;
        }
        return text_cell(text); // yes, on and their like: the converter knows them
    case TypeKind::bigint:
    case TypeKind::numeric:
        // A text of another format must not count as plain: 1.234 is 1234 where the comma is
        // the decimal mark.
        if (format.has_plain_numbers() && value::is_canonical_decimal(text))
            return text_cell(text);
        return terminated(normalise_number(text, format.decimal, format.thousands, room), room);
    case TypeKind::float8:
        return real_cell(text, format, room);
    case TypeKind::date:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return moment_cell(text, format.date_order, room);
    case TypeKind::time:
        if (value::parse_time(text))
            return text_cell(text);
        return terminated(normalise_clock(text, room), room);
    default:
        return text_cell(text);
    }
}

} // namespace migrate::core::csv

// Decimal numbers of up to 18 digits, the many that need no more than a loop over their bytes.
//
//     PlainNumber number;
//     if (read_plain_number("-12.50", '.', number)) … number.digits is -1250, number.fraction 2
#pragma once

#include <cstdint>
#include <string_view>

namespace migrate::core::csv {

struct PlainNumber {
    std::int64_t digits = 0; // all of them, as one integer with the sign
    int whole = 0;           // digits before the point
    int fraction = 0;        // digits behind it
};

// [-]digits[point digits] without needless zeros in front and without a negative zero, so that what
// is taken is what value::is_canonical_decimal takes. False for all else, also for more digits.
inline bool read_plain_number(std::string_view text, char point, PlainNumber &number) noexcept {
    constexpr int kMaxDigits = 18; // fewer than 2^63 has
    const char *at = text.data();
    const char *const end = at + text.size();
    const bool is_negative = at != end && *at == '-';
    at += is_negative ? 1 : 0;
    std::uint64_t digits = 0; // wraps around where there are too many
    const auto take_digits = [&] {
        const char *const first = at;
        for (unsigned digit = 0; at != end; at++) {
            digit = static_cast<unsigned char>(*at) - static_cast<unsigned>('0');
            if (digit > 9)
                break;
            digits = digits * 10 + digit;
        }
        return at - first;
    };
    const char *const first = at;
    const std::ptrdiff_t whole = take_digits();
    std::ptrdiff_t fraction = 0;
    if (at != end) {
        if (*at++ != point || (fraction = take_digits()) == 0 || at != end)
            return false;
    }
    const bool has_needless_zero = whole > 1 && *first == '0';
    if (whole == 0 || whole + fraction > kMaxDigits || has_needless_zero ||
        (is_negative && digits == 0))
        return false;
    number.digits = static_cast<std::int64_t>(is_negative ? 0 - digits : digits);
    number.whole = static_cast<int>(whole);
    number.fraction = static_cast<int>(fraction);
    return true;
}

} // namespace migrate::core::csv

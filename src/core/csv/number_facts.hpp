// What the plain numbers of a column have in common, as far as it decides their type.
//
//     NumberFacts facts;
//     if (!facts.add("12.50", line)) … that text is no number a column could hold as one
#pragma once

#include <cstdint>
#include <string_view>

namespace migrate::core::csv {

// Where the parts of a text stand that looks like [-]digits[.digits][e[+-]digits].
struct NumberScan {
    enum class Shape : std::uint8_t { none, integer, decimal, exponent };
    Shape shape = Shape::none;
    std::uint32_t whole = 0;    // digits before the point
    std::uint32_t fraction = 0; // digits behind it
    bool is_negative = false;
    bool starts_with_zero = false;
    bool has_leading_zero = false; // 007, not 0 or 0.7
};

NumberScan scan_number(std::string_view text) noexcept;

class NumberFacts {
  public:
    // False, and nothing is changed, when the text is no number or one that no numeric type keeps:
    // leading zeros, a plus sign, a minus before an integer zero, digits beyond numeric's limits.
    bool add(std::string_view text, std::int64_t line) noexcept {
        const NumberScan scan = scan_number(text);
        // What every type of number holds, but for the point.
        if ((scan.shape == NumberScan::Shape::integer ||
             scan.shape == NumberScan::Shape::decimal) &&
            scan.whole + scan.fraction <= kSafeDigits && scan.whole != 0 &&
            !scan.has_leading_zero && !scan.is_negative) {
            note_digits(scan, line);
            return true;
        }
        return add_unusual(text, scan, line);
    }

    bool has_fraction() const noexcept { return fraction_line_ != 0; }
    bool needs_real() const noexcept { return real_line_ != 0; }
    bool exceeds_bigint() const noexcept { return big_line_ != 0; }
    // The first line whose digits a double cannot hold; 0: none.
    std::int64_t inexact_line() const noexcept { return inexact_line_; }
    std::int64_t fraction_line() const noexcept { return fraction_line_; }
    std::int64_t real_line() const noexcept { return real_line_; }
    std::int64_t big_line() const noexcept { return big_line_; }
    // Integers of more than 18 digits, all of the same number: identifiers, not counts.
    bool are_long_identifiers() const noexcept {
        return !has_fraction() && !needs_real() && max_whole_ > kMaxCountDigits &&
               min_whole_ == max_whole_;
    }
    std::uint32_t digits() const noexcept { return max_whole_; } // of the longest integer part
    // Every point so far may as well stand before a group of three digits, as in 1.234.
    bool are_points_groups() const noexcept { return are_points_groups_; }

  private:
    static constexpr std::uint32_t kSafeDigits = 15; // of a double
    static constexpr std::uint32_t kMaxCountDigits = 18;

    void note_digits(const NumberScan &scan, std::int64_t line) noexcept {
        min_whole_ = scan.whole < min_whole_ ? scan.whole : min_whole_;
        max_whole_ = scan.whole > max_whole_ ? scan.whole : max_whole_;
        if (scan.fraction == 0)
            return;
        if (fraction_line_ == 0)
            fraction_line_ = line;
        note_point(scan);
    }
    void note_point(const NumberScan &scan) noexcept {
        are_points_groups_ &= scan.fraction == 3 && scan.whole - 1 < 3 && !scan.starts_with_zero;
    }
    bool add_unusual(std::string_view text, const NumberScan &scan, std::int64_t line) noexcept;
    bool add_real(std::string_view text, const NumberScan &scan, std::int64_t line) noexcept;

    std::uint32_t min_whole_ = UINT32_MAX;
    std::uint32_t max_whole_ = 0;
    bool are_points_groups_ = true;
    // The first line of each; lines count from 1.
    std::int64_t fraction_line_ = 0;
    std::int64_t real_line_ = 0;
    std::int64_t big_line_ = 0;
    std::int64_t inexact_line_ = 0;
};

} // namespace migrate::core::csv

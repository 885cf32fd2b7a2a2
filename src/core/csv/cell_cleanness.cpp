#include "core/csv/cell_cleanness.hpp"

#include <algorithm>
#include <array>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::size_t kMaxLook = 256;

enum Mark : std::uint8_t {
    kDigit = 1,
    kPartOfValue = 2,   // of a number, a date, a time, an amount
    kLetterOfValue = 4, // of 1e5, 10:00Z, 2024-01-01T10:00
    kComma = 8,
    kSeparator = 16,
    kBeyondAscii = 32,
};

constexpr auto kMarks = [] {
    std::array<std::uint8_t, 256> marks{};
    for (unsigned char c = '0'; c <= '9'; c++)
        marks[c] = kDigit;
    for (unsigned char c : std::string_view("+-./: %$#()"))
        marks[c] = kPartOfValue;
    for (unsigned char c : std::string_view("eETZ"))
        marks[c] = kLetterOfValue;
    marks[','] = kComma;
    for (unsigned char c : std::string_view(";|\t\x1F"))
        marks[c] = kSeparator;
    for (unsigned c = 0x80; c <= 0xFF; c++)
        marks[c] = kBeyondAscii;
    return marks;
}();

constexpr std::string_view kWords[] = {"true", "false", "t",  "f",   "yes", "no",
                                       "y",    "n",     "na", "n/a", "nan", "null",
                                       "none", "inf",   "-",  "\\n", "am",  "pm"};

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_word_of_value(std::string_view text) noexcept {
    return text.size() <= 5 && std::ranges::any_of(kWords, [text](std::string_view word) {
               return std::ranges::equal(text, word, {}, lower);
           });
}

// Commas in text stand before blanks, those between fields mostly do not.
bool has_bare_comma(std::string_view text) noexcept {
    for (std::size_t at = text.find(','); at != std::string_view::npos;
         at = text.find(',', at + 1)) {
        if (at + 1 < text.size() && text[at + 1] != ' ')
            return true;
    }
    return false;
}

CellLook text_look(std::string_view text, unsigned found) noexcept {
    if (text.find('"') != std::string_view::npos)
        return CellLook::stray;
    if ((found & kSeparator) != 0 || ((found & kComma) != 0 && has_bare_comma(text)))
        return CellLook::doubtful;
    return CellLook::plain;
}

} // namespace

CellLook cell_look(std::string_view text) noexcept {
    if (text.empty())
        return CellLook::empty;
    text = text.substr(0, kMaxLook);
    unsigned found = 0;
    int letters = 0;
    bool is_value = true;
    for (char c : text) {
        const unsigned mark = kMarks[static_cast<unsigned char>(c)];
        found |= mark;
        letters += (mark & kLetterOfValue) != 0 ? 1 : 0;
        is_value = is_value && mark != 0;
    }
    is_value = is_value && letters <= 2 && (found & kDigit) != 0 && (found & kSeparator) == 0;
    // Three bytes beyond ASCII are a sign of money: €.
    const bool has_money = (found & kBeyondAscii) != 0;
    if (is_value && (!has_money || text.size() < 20))
        return (found & kComma) != 0 ? CellLook::typed_commas : CellLook::typed;
    return is_word_of_value(text) ? CellLook::typed : text_look(text, found);
}

double cleanness(CellLook look) noexcept {
    switch (look) {
    case CellLook::empty:
        return 0.8;
    case CellLook::typed:
        return 1.0;
    case CellLook::typed_commas:
        return 0.95;
    case CellLook::plain:
        return 0.8;
    case CellLook::doubtful:
        return 0.25;
    case CellLook::stray:
        break;
    }
    return 0.1;
}

} // namespace migrate::core::csv

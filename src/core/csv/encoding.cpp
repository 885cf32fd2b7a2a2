#include "core/csv/encoding.hpp"

#include "core/value/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

struct ByteOrderMark {
    std::string_view bytes;
    Charset charset;
    const char *name;
};

// The longer first: UTF-32's begins as UTF-16's does. Nothing here reads UTF-32, so it keeps its
// name, which no server knows.
using namespace std::string_view_literals;
constexpr std::array kMarks = {
    ByteOrderMark{"\xFF\xFE\0\0"sv, Charset::other, "UTF-32LE"},
    ByteOrderMark{"\0\0\xFE\xFF"sv, Charset::other, "UTF-32BE"},
    ByteOrderMark{"\xEF\xBB\xBF"sv, Charset::utf8, "UTF8"},
    ByteOrderMark{"\xFF\xFE"sv, Charset::utf16_le, "UTF-16LE"},
    ByteOrderMark{"\xFE\xFF"sv, Charset::utf16_be, "UTF-16BE"},
};

// The bytes that Windows-1252 leaves undefined.
constexpr std::string_view kNotInWin1252 = "\x81\x8D\x8F\x90\x9D";

const ByteOrderMark *find_mark(std::string_view sample) noexcept {
    for (const ByteOrderMark &mark : kMarks)
        if (sample.starts_with(mark.bytes))
            return &mark;
    return nullptr;
}

// Whether nearly all of the line feeds stand beside a zero byte, as in UTF-16 each does that is not
// half of a rare character.
bool are_lines_wide(std::string_view sample, std::size_t zero_side) noexcept {
    std::size_t wide = 0;
    std::size_t narrow = 0;
    for (std::size_t at = sample.find('\n'); at != std::string_view::npos;
         at = sample.find('\n', at + 1)) {
        const std::size_t other = at ^ 1;
        const bool is_wide = at % 2 != zero_side && other < sample.size() && sample[other] == '\0';
        (is_wide ? wide : narrow)++;
    }
    return wide >= 8 * narrow;
}

// Text without a byte order mark has line ends, digits or delimiters: at least every tenth unit
// of UTF-16 is then ASCII, with a zero byte on one side only. No other encoding has zero bytes, but
// a damaged file may.
bool guess_utf16(std::string_view sample, bool is_whole_file, Charset &charset) noexcept {
    std::array<std::size_t, 2> zeros{};
    for (std::size_t at = 0; at < sample.size(); at++)
        zeros[at % 2] += sample[at] == '\0';
    const std::size_t units = sample.size() / 2;
    const std::size_t most = std::max(zeros[0], zeros[1]);
    if (units == 0 || most * 10 < units || std::min(zeros[0], zeros[1]) * 20 > most)
        return false;
    if ((is_whole_file && sample.size() % 2 != 0) || !are_lines_wide(sample, zeros[1] > zeros[0]))
        return false;
    charset = zeros[1] > zeros[0] ? Charset::utf16_le : Charset::utf16_be;
    return true;
}

// Whether the bytes from `at` on may be a character that the end of the sample cuts.
bool is_cut_character(std::string_view sample, std::size_t at) noexcept {
    constexpr std::string_view kRest = "\x80\x80\x80";
    for (const char second : {'\x80', '\x90', '\xA0', '\0'}) {
        std::string tail(sample.substr(at));
        if (tail.size() >= 4)
            return false;
        if (tail.size() == 1 && second != '\0')
            tail += second;
        tail += kRest;
        if (value::character_length(tail) > sample.size() - at)
            return true;
    }
    return false;
}

std::string hex_byte(char byte) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(byte);
    return {'0', 'x', kDigits[value >> 4], kDigits[value & 15]};
}

EncodingGuess guess_single_byte(std::string_view sample, std::size_t bad, std::size_t offset) {
    EncodingGuess guess;
    const bool is_latin1 = sample.find_first_of(kNotInWin1252) != std::string_view::npos;
    guess.encoding = {Charset::other, is_latin1 ? "LATIN1" : "WIN1252", 0};
    guess.is_guess = true;
    guess.evidence = "The byte " + hex_byte(sample[bad]) + " at offset " +
                     std::to_string(offset + bad) + " is not UTF-8; " + guess.encoding.name +
                     " is a guess.";
    return guess;
}

// "UTF-16 le" as "utf16le".
std::string plain_name(std::string_view name) {
    std::string plain;
    for (const char c : name) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9'))
            plain += lower;
    }
    return plain;
}

Encoding without_mark(Charset charset, const char *name) {
    return {charset, name, 0};
}

} // namespace

EncodingGuess detect_encoding(std::string_view sample, bool is_whole_file) {
    EncodingGuess guess;
    if (const ByteOrderMark *mark = find_mark(sample)) {
        guess.encoding = {mark->charset, mark->name, mark->bytes.size()};
        guess.is_certain = true;
        guess.evidence =
            std::string("The file begins with the byte order mark of ") + mark->name + ".";
        return guess;
    }
    if (guess_utf16(sample, is_whole_file, guess.encoding.charset)) {
        guess.encoding.name = guess.encoding.charset == Charset::utf16_le ? "UTF-16LE" : "UTF-16BE";
        guess.evidence = "Zero bytes stand beside ASCII characters as in " + guess.encoding.name +
                         ", though there is no byte order mark.";
        return guess;
    }
    const std::size_t good = value::valid_utf8_prefix(sample);
    if (good != sample.size() && (is_whole_file || !is_cut_character(sample, good)))
        return guess_single_byte(sample, good, 0);
    guess.is_certain = is_whole_file;
    guess.evidence =
        is_whole_file ? "All bytes of the file are valid UTF-8."
                      : "The first " + std::to_string(good) + " bytes of the file are valid UTF-8.";
    return guess;
}

EncodingGuess detect_behind_ascii(std::string_view bytes, std::size_t offset, bool is_end) {
    const std::size_t good = value::valid_utf8_prefix(bytes);
    if (good != bytes.size() && (is_end || !is_cut_character(bytes, good)))
        return guess_single_byte(bytes, good, offset);
    EncodingGuess guess;
    guess.is_certain = is_end;
    guess.evidence = "The first bytes that are not ASCII, at offset " + std::to_string(offset) +
                     ", are valid UTF-8.";
    return guess;
}

Encoding named_encoding(std::string_view name, std::string_view sample) {
    const std::string plain = plain_name(name);
    Encoding encoding{Charset::other, std::string(name), 0};
    if (plain == "utf8" || plain == "unicode" || plain == "utf8sig")
        encoding = without_mark(Charset::utf8, "UTF8");
    else if (plain == "utf16be" || plain == "ucs2be")
        encoding = without_mark(Charset::utf16_be, "UTF-16BE");
    else if (plain == "utf16le" || plain == "ucs2le" || plain == "utf16" || plain == "ucs2")
        encoding = without_mark(Charset::utf16_le, "UTF-16LE");
    else
        return encoding;
    const bool is_either = plain == "utf16" || plain == "ucs2";
    if (const ByteOrderMark *mark = find_mark(sample);
        mark != nullptr &&
        (mark->charset == encoding.charset || (is_either && mark->charset == Charset::utf16_be)))
        encoding = {mark->charset, mark->name, mark->bytes.size()};
    else if (is_either)
        guess_utf16(sample, false, encoding.charset);
    if (encoding.charset == Charset::utf16_be)
        encoding.name = "UTF-16BE";
    return encoding;
}

bool is_ascii(std::string_view bytes) noexcept {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    std::uint64_t all = 0;
    std::size_t at = 0;
    for (; bytes.size() - at >= sizeof(all); at += sizeof(all)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, sizeof(word));
        all |= word;
    }
    for (; at < bytes.size(); at++)
        all |= static_cast<unsigned char>(bytes[at]);
    return (all & kHighBits) == 0;
}

} // namespace migrate::core::csv

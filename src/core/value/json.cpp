#include "core/value/json.hpp"

#include "core/value/decimal.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory_resource>
#include <vector>

#include "core/core_only.hpp"

namespace migrate::core::value {
namespace {

// jsonb counts sizes in 28 bits: 256 MB of entries, strings and numbers. The text's own size and
// 20 bytes for each value (a header, and a number's least) stay below with these.
constexpr std::size_t kMaxJsonbText = std::size_t{128} << 20;
constexpr std::size_t kMaxJsonbValues = std::size_t{1} << 22;
// Digits that jsonb would print beyond those in the text, so that [1e999, 1e999, …] cannot grow
// without bound when it is read back.
constexpr std::int64_t kMaxPrintedDigits = std::int64_t{64} << 20;
// Up to here each pair of keys is compared, which needs no sorted copy.
constexpr std::size_t kFewKeys = 8;

constexpr std::uint32_t kHighSurrogates = 0xD800;
constexpr std::uint32_t kLowSurrogates = 0xDC00;
constexpr std::uint32_t kEndSurrogates = 0xE000;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

int hex_digit(char c) noexcept {
    if (is_digit(c))
        return c - '0';
    char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The character that stands for \n and the like, 0 for none (RFC 8259, section 7).
char simple_escape(char c) noexcept {
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return '\0';
    }
}

char *put_utf8(char *at, std::uint32_t code) noexcept {
    auto put = [&](std::uint32_t byte) { *at++ = static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
        return at;
    }
    if (code < 0x800) {
        put(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            put(0xE0 | code >> 12);
        } else {
            put(0xF0 | code >> 18);
            put(0x80 | (code >> 12 & 0x3F));
        }
        put(0x80 | (code >> 6 & 0x3F));
    }
    put(0x80 | (code & 0x3F));
    return at;
}

// Writes what a string with escapes stands for; `out` has room for `raw`, and an escape is never
// shorter than its character. Of half a surrogate pair something is written, no matter what: such
// a text does not survive jsonb anyway.
char *put_decoded(char *at, std::string_view raw) noexcept {
    std::uint32_t high = kHighSurrogates;
    for (std::size_t i = 0; i < raw.size(); i++) {
        if (raw[i] != '\\') {
            *at++ = raw[i];
            continue;
        }
        if (raw[++i] != 'u') {
            *at++ = simple_escape(raw[i]);
            continue;
        }
        std::uint32_t code = 0;
        for (int digit = 0; digit < 4; digit++)
            code = code * 16 + static_cast<std::uint32_t>(hex_digit(raw[++i]));
        if (code >= kHighSurrogates && code < kLowSurrogates) {
            high = code;
            continue;
        }
        if (code >= kLowSurrogates && code < kEndSurrogates)
            code = 0x10000 + ((high - kHighSurrogates) << 10) + (code - kLowSurrogates);
        at = put_utf8(at, code);
    }
    return at;
}

// numeric has no negative zero, and numeric_in refuses a zero with an exponent of many digits too.
bool survives_numeric(const DecimalShape &shape) noexcept {
    return !(shape.is_zero && shape.is_negative) && shape.first < kMaxJsonDigits &&
           shape.scale <= kMaxJsonDigits && std::abs(shape.exponent) <= kMaxJsonDigits;
}

// A recursive descent over the text. Keys of the objects being read lie on one stack; only they
// and escaped keys take memory, from the frame first.
class Scanner {
  public:
    Scanner(std::string_view text, bool is_utf8_server)
        : at_(text.data()), end_(text.data() + text.size()), is_utf8_server_(is_utf8_server),
          survives_jsonb_(text.size() <= kMaxJsonbText) {}

    JsonFit run() {
        if (!take_value(0))
            return JsonFit::none;
        skip_space();
        if (at_ != end_)
            return JsonFit::none;
        return survives_jsonb_ ? JsonFit::jsonb : JsonFit::json;
    }

  private:
    struct String {
        std::string_view raw; // between the quotes
        bool has_escape = false;
    };

    bool take(char wanted) {
        if (at_ == end_ || *at_ != wanted)
            return false;
        at_++;
        return true;
    }
    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r'))
            at_++;
    }
    bool take_word(std::string_view word) {
        if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word))
            return false;
        at_ += word.size();
        return true;
    }
    void count_value() {
        if (++values_ > kMaxJsonbValues)
            survives_jsonb_ = false;
    }

    bool take_value(int depth);
    bool take_array(int depth);
    bool take_object(int depth);
    bool take_member(int depth);
    bool take_string(String &string);
    bool take_escape();
    bool take_hex4(std::uint32_t &code);
    bool take_unicode_escape();
    bool take_number();
    bool take_digits();
    void add_key(const String &key);
    std::string_view decode(std::string_view raw);
    bool has_duplicate_key(std::size_t first_key);

    const char *at_;
    const char *end_;
    bool is_utf8_server_;
    bool survives_jsonb_;
    std::size_t values_ = 0;
    std::int64_t printed_digits_ = 0;
    std::array<std::byte, 2048> room_;
    std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
    std::pmr::vector<std::string_view> keys_{&memory_};
};

bool Scanner::take_value(int depth) {
    skip_space();
    if (at_ == end_)
        return false;
    count_value();
    String string;
    switch (*at_) {
    case '{':
        return take_object(depth + 1);
    case '[':
        return take_array(depth + 1);
    case '"':
        return take_string(string);
    case 't':
        return take_word("true");
    case 'f':
        return take_word("false");
    case 'n':
        return take_word("null");
    default:
        return take_number();
    }
}

bool Scanner::take_array(int depth) {
    at_++;
    if (depth > kMaxJsonDepth)
        return false;
    skip_space();
    if (take(']'))
        return true;
    do {
        if (!take_value(depth))
            return false;
        skip_space();
    } while (take(','));
    return take(']');
}

bool Scanner::take_object(int depth) {
    at_++;
    if (depth > kMaxJsonDepth)
        return false;
    skip_space();
    if (take('}'))
        return true;
    std::size_t first_key = keys_.size();
    do {
        if (!take_member(depth))
            return false;
        skip_space();
    } while (take(','));
    if (survives_jsonb_ && has_duplicate_key(first_key))
        survives_jsonb_ = false;
    keys_.resize(first_key);
    return take('}');
}

bool Scanner::take_member(int depth) {
    String key;
    skip_space();
    if (!take_string(key))
        return false;
    count_value();
    if (survives_jsonb_)
        add_key(key);
    skip_space();
    return take(':') && take_value(depth);
}

bool Scanner::take_string(String &string) {
    if (!take('"'))
        return false;
    const char *start = at_;
    for (; at_ != end_ && *at_ != '"';) {
        if (*at_ == '\\') {
            string.has_escape = true;
            if (!take_escape())
                return false;
        } else if (static_cast<unsigned char>(*at_) < 0x20) {
            return false;
        } else {
            at_++;
        }
    }
    string.raw = {start, static_cast<std::size_t>(at_ - start)};
    return take('"');
}

bool Scanner::take_escape() {
    at_++;
    if (take('u'))
        return take_unicode_escape();
    return at_ != end_ && simple_escape(*at_++) != '\0';
}

bool Scanner::take_hex4(std::uint32_t &code) {
    code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = at_ != end_ ? hex_digit(*at_) : -1;
        if (digit < 0)
            return false;
        code = code * 16 + static_cast<std::uint32_t>(digit);
        at_++;
    }
    return true;
}

// RFC 8259, section 8.2: half a surrogate pair is grammatical, but no text; jsonb refuses it.
bool Scanner::take_unicode_escape() {
    std::uint32_t code = 0;
    if (!take_hex4(code))
        return false;
    if (code == 0 || (code > 0x7F && !is_utf8_server_))
        survives_jsonb_ = false;
    if (code < kHighSurrogates || code >= kEndSurrogates)
        return true;
    std::uint32_t low = 0;
    const char *after_high = at_;
    if (code < kLowSurrogates && take_word("\\u") && take_hex4(low) && low >= kLowSurrogates &&
        low < kEndSurrogates)
        return true;
    at_ = after_high; // what follows is read again for itself
    survives_jsonb_ = false;
    return true;
}

bool Scanner::take_digits() {
    const char *start = at_;
    while (at_ != end_ && is_digit(*at_))
        at_++;
    return at_ != start;
}

// RFC 8259, section 6.
bool Scanner::take_number() {
    const char *start = at_;
    take('-');
    if (!take('0') && !take_digits())
        return false;
    if (take('.') && !take_digits())
        return false;
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
        at_++;
        if (!take('+'))
            take('-');
        if (!take_digits())
            return false;
    }
    if (!survives_jsonb_)
        return true;
    DecimalShape shape = shape_of(std::string_view(start, static_cast<std::size_t>(at_ - start)));
    if (!survives_numeric(shape))
        survives_jsonb_ = false;
    printed_digits_ += std::max(shape.first, std::int64_t{0}) + shape.scale;
    if (printed_digits_ > kMaxPrintedDigits)
        survives_jsonb_ = false;
    return true;
}

void Scanner::add_key(const String &key) {
    keys_.push_back(key.has_escape ? decode(key.raw) : key.raw);
}

std::string_view Scanner::decode(std::string_view raw) {
    auto *copy = static_cast<char *>(memory_.allocate(raw.size(), 1));
    return {copy, static_cast<std::size_t>(put_decoded(copy, raw) - copy)};
}

bool Scanner::has_duplicate_key(std::size_t first_key) {
    auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first_key);
    if (keys_.size() - first_key > kFewKeys) {
        std::sort(begin, keys_.end());
        return std::adjacent_find(begin, keys_.end()) != keys_.end();
    }
    for (auto key = begin; key != keys_.end(); ++key)
        if (std::find(key + 1, keys_.end(), *key) != keys_.end())
            return true;
    return false;
}

} // namespace

void append_json_string(std::string_view raw, std::string &out) {
    const std::size_t start = out.size();
    out.resize(start + raw.size());
    const char *end = put_decoded(out.data() + start, raw);
    out.resize(static_cast<std::size_t>(end - out.data()));
}

JsonFit check_json(std::string_view text, bool is_utf8_server) {
    return Scanner(text, is_utf8_server).run();
}

} // namespace migrate::core::value

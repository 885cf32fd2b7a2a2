#include "core/verify/canonical_json.hpp"

#include "core/verify/canonical_decimal.hpp"
#include "core/verify/canonical_text.hpp"
#include "core/verify/digest.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

// A member value longer than this is replaced by its hash: else every level of a deep document
// would sort, and so copy, all that lies below it.
constexpr std::size_t kLongValue = 64;

// Digits on either side of the point that the import lets jsonb print; beyond it keeps the text.
constexpr std::int64_t kMaxDigits = 1000;

// Where a member of the object that was just read stands in the output.
struct Member {
    std::size_t start = 0;
    std::size_t key_end = 0;
    std::size_t end = 0;
};

class JsonReader {
  public:
    JsonReader(std::string_view text, std::string &out) : text_(text), out_(out) {}
    JsonForm read();

  private:
    bool is_at(char c) const noexcept { return at_ < text_.size() && text_[at_] == c; }
    bool take(char c) noexcept {
        if (!is_at(c))
            return false;
        ++at_;
        return true;
    }
    void skip_space() noexcept {
        while (is_at(' ') || is_at('\t') || is_at('\n') || is_at('\r'))
            ++at_;
    }
    void lower(JsonForm form) noexcept { form_ = std::min(form_, form); }

    bool read_value(int depth);
    bool read_word(std::string_view word);
    bool read_number();
    bool take_digits() noexcept;
    bool read_string();
    bool read_escape();
    bool read_code_unit(std::uint32_t &unit) noexcept;
    bool read_unicode();
    void append_character(std::uint32_t code);
    bool read_array(int depth);
    bool read_object(int depth);
    bool read_member(int depth);
    void shorten_value(std::size_t start);
    void sort_members(std::size_t object_start, std::size_t first_member);
    std::string_view key_of(const Member &member) const noexcept {
        return std::string_view(out_).substr(member.start, member.key_end - member.start);
    }

    std::string_view text_;
    std::string &out_;
    std::size_t at_ = 0;
    JsonForm form_ = JsonForm::jsonb;
    std::vector<Member> members_; // of all objects that are open
};

JsonForm JsonReader::read() {
    if (!read_value(0))
        return JsonForm::none;
    skip_space();
    return at_ == text_.size() ? form_ : JsonForm::none;
}

bool JsonReader::read_value(int depth) {
    skip_space();
    if (at_ == text_.size())
        return false;
    switch (text_[at_]) {
    case '{':
        return depth < kMaxJsonDepth && read_object(depth + 1);
    case '[':
        return depth < kMaxJsonDepth && read_array(depth + 1);
    case '"':
        return read_string();
    case 't':
        return read_word("true");
    case 'f':
        return read_word("false");
    case 'n':
        return read_word("null");
    default:
        return read_number();
    }
}

bool JsonReader::read_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word)
        return false;
    at_ += word.size();
    out_.append(word);
    return true;
}

bool JsonReader::take_digits() noexcept {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9')
        ++at_;
    return at_ > start;
}

// RFC 8259, section 6: no plus sign, no zero before another digit, digits around a point.
bool JsonReader::read_number() {
    const std::size_t start = at_;
    const bool has_sign = take('-');
    if (!take('0') && !take_digits())
        return false;
    if (take('.') && !take_digits())
        return false;
    if (is_at('e') || is_at('E')) {
        ++at_;
        if (is_at('+') || is_at('-'))
            ++at_;
        if (!take_digits())
            return false;
    }
    const auto decimal = parse_decimal(text_.substr(start, at_ - start));
    if (!decimal || !is_numeric_range(*decimal)) {
        lower(JsonForm::json_only);
        return true;
    }
    // numeric has no negative zero, and refuses a zero with a long exponent.
    if ((decimal->is_zero() && has_sign) || decimal->whole_digits() > kMaxDigits ||
        decimal->written_scale > kMaxDigits || std::abs(decimal->written_exponent) > kMaxDigits)
        lower(JsonForm::lossy);
    append_decimal(*decimal, out_);
    return true;
}

void JsonReader::append_character(std::uint32_t code) {
    if (code == '"' || code == '\\')
        out_.push_back('\\');
    append_utf8(code, out_);
}

bool JsonReader::read_string() {
    ++at_;
    out_.push_back('"');
    for (;;) {
        const std::size_t start = at_;
        while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
               static_cast<unsigned char>(text_[at_]) >= 0x20)
            ++at_;
        out_.append(text_.substr(start, at_ - start));
        if (take('"')) {
            out_.push_back('"');
            return true;
        }
        if (!take('\\') || !read_escape())
            return false;
    }
}

bool JsonReader::read_escape() {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kCharacters = "\"\\/\b\f\n\r\t";
    if (take('u'))
        return read_unicode();
    const std::size_t which = at_ < text_.size() ? kNames.find(text_[at_]) : std::string_view::npos;
    if (which == std::string_view::npos)
        return false;
    ++at_;
    append_character(static_cast<std::uint32_t>(kCharacters[which]));
    return true;
}

bool JsonReader::read_code_unit(std::uint32_t &unit) noexcept {
    if (text_.size() - at_ < 4)
        return false;
    unit = 0;
    for (int i = 0; i < 4; ++i) {
        const int digit = hex_value(text_[at_ + static_cast<std::size_t>(i)]);
        if (digit < 0)
            return false;
        unit = unit << 4 | static_cast<std::uint32_t>(digit);
    }
    at_ += 4;
    return true;
}

// RFC 8259, section 7: a character beyond U+FFFF is two escapes, a surrogate pair.
bool JsonReader::read_unicode() {
    std::uint32_t unit = 0;
    if (!read_code_unit(unit))
        return false;
    const bool is_high = unit >= 0xd800 && unit <= 0xdbff;
    const bool is_low = unit >= 0xdc00 && unit <= 0xdfff;
    if (is_high && text_.substr(at_, 2) == "\\u") {
        const std::size_t after_high = at_;
        std::uint32_t low = 0;
        at_ += 2;
        if (read_code_unit(low) && low >= 0xdc00 && low <= 0xdfff) {
            append_character(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
            return true;
        }
        at_ = after_high; // what follows is read again for itself
    }
    if (is_high || is_low || unit == 0)
        lower(JsonForm::json_only);
    else
        append_character(unit);
    return true;
}

bool JsonReader::read_array(int depth) {
    ++at_;
    out_.push_back('[');
    skip_space();
    if (!is_at(']')) {
        do {
            if (!read_value(depth))
                return false;
            out_.push_back(',');
            skip_space();
        } while (take(','));
    }
    out_.push_back(']');
    return take(']');
}

bool JsonReader::read_object(int depth) {
    ++at_;
    const std::size_t object_start = out_.size();
    const std::size_t first_member = members_.size();
    out_.push_back('{');
    skip_space();
    if (!is_at('}')) {
        do {
            if (!read_member(depth))
                return false;
            skip_space();
        } while (take(','));
    }
    if (!take('}'))
        return false;
    sort_members(object_start + 1, first_member);
    members_.resize(first_member);
    out_.push_back('}');
    return true;
}

bool JsonReader::read_member(int depth) {
    skip_space();
    Member member;
    member.start = out_.size();
    if (!is_at('"') || !read_string())
        return false;
    member.key_end = out_.size();
    out_.push_back(':');
    skip_space();
    const std::size_t value_start = out_.size();
    if (!take(':') || !read_value(depth))
        return false;
    shorten_value(value_start);
    out_.push_back(',');
    member.end = out_.size();
    members_.push_back(member);
    return true;
}

void JsonReader::shorten_value(std::size_t start) {
    if (out_.size() - start <= kLongValue)
        return;
    const Hash128 hash = hash_bytes(std::string_view(out_).substr(start));
    out_.resize(start);
    out_.push_back('#');
    out_.append(hash.hex());
}

// Members in the order in which jsonb prints them, shorter keys first, so that its own output stays
// where it is.
void JsonReader::sort_members(std::size_t object_start, std::size_t first_member) {
    const auto begin = members_.begin() + static_cast<std::ptrdiff_t>(first_member);
    const auto is_before = [this](const Member &a, const Member &b) {
        const std::string_view left = key_of(a);
        const std::string_view right = key_of(b);
        return left.size() != right.size() ? left.size() < right.size() : left < right;
    };
    const auto is_not_before = [&](const Member &a, const Member &b) { return !is_before(a, b); };
    if (std::adjacent_find(begin, members_.end(), is_not_before) == members_.end())
        return;
    // Stable, so that of equal keys the last stays last.
    std::stable_sort(begin, members_.end(), is_before);
    std::string sorted;
    sorted.reserve(out_.size() - object_start);
    for (auto member = begin; member != members_.end(); ++member) {
        if (member + 1 != members_.end() && key_of(*member) == key_of(member[1]))
            lower(JsonForm::lossy);
        else
            sorted.append(out_, member->start, member->end - member->start);
    }
    out_.resize(object_start);
    out_.append(sorted);
}

} // namespace

JsonForm append_json(std::string_view text, std::string &out) {
    const std::size_t start = out.size();
    const JsonForm form = JsonReader(text, out).read();
    if (form <= JsonForm::json_only)
        out.resize(start);
    return form;
}

} // namespace migrate::core::verify

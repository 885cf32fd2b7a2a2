#include "core/csv/field_splitter.hpp"

#include "core/csv/byte_words.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kKeptRoom = std::size_t{4} << 20;

} // namespace

// The value of a field, put together of parts of the source: a view while they lie side by side
// there, from then on a copy in the splitter's room.
class FieldSplitter::Value {
  public:
    explicit Value(std::string &room) noexcept : room_(room) {}

    void add(std::string_view part) {
        if (part.empty())
            return;
        if (view_.empty())
            view_ = part;
        else if (!is_copied_ && view_.data() + view_.size() == part.data())
            view_ = std::string_view(view_.data(), view_.size() + part.size());
        else
            copy(part);
    }
    std::string_view view() const noexcept { return view_; }

  private:
    void copy(std::string_view part) {
        if (!is_copied_) {
            begin_ = room_.size();
            room_.append(view_);
            is_copied_ = true;
        }
        room_.append(part);
        view_ = std::string_view(room_).substr(begin_);
    }

    std::string &room_;
    std::string_view view_;
    std::size_t begin_ = 0;
    bool is_copied_ = false;
};

FieldSplitter::FieldSplitter(const Dialect &dialect) : dialect_(dialect) {
    // libcsv knows one byte as the delimiter and the doubled quote as the escape.
    if (dialect.delimiter.size() == 1 && dialect.escape == kDoubled && dialect.quote != '\0')
        parser_.emplace(dialect.delimiter[0], dialect.quote);
}

std::size_t FieldSplitter::find_delimiter(std::string_view text, std::size_t from) const noexcept {
    return dialect_.delimiter.size() == 1 ? text.find(dialect_.delimiter[0], from)
                                          : text.find(dialect_.delimiter, from);
}

void FieldSplitter::split_plain(std::string_view text, std::vector<Field> &fields) {
    if (dialect_.delimiter.size() == 1)
        split_at_byte(text, fields);
    else
        split_at_text(text, fields);
}

// The inner loop of nearly every file. Records have as many fields as the one before, mostly: room
// for them is made at once, and each is stored without a look at the vector.
void FieldSplitter::split_at_byte(std::string_view text, std::vector<Field> &fields) {
    fields.resize(last_width_ + 1);
    std::size_t count = 0;
    std::size_t from = 0;
    for_each_byte(text, dialect_.delimiter[0], [&](std::size_t at) {
        if (count + 1 >= fields.size()) [[unlikely]]
            fields.resize(2 * fields.size());
        fields[count++] = {text.substr(from, at - from), false};
        from = at + 1;
        return count <= kMaxFields;
    });
    if (count <= kMaxFields)
        fields[count++] = {text.substr(from), false};
    fields.resize(count);
    last_width_ = count;
}

void FieldSplitter::split_at_text(std::string_view text, std::vector<Field> &fields) const {
    std::size_t from = 0;
    for (std::size_t at = find_delimiter(text, 0); at != kNone; at = find_delimiter(text, from)) {
        fields.push_back({text.substr(from, at - from), false});
        if (fields.size() > kMaxFields) [[unlikely]]
            return;
        from = at + dialect_.delimiter.size();
    }
    fields.push_back({text.substr(from), false});
}

// Fields that have quotes around them, beside plain ones: most of all quoted records. libcsv, which
// takes 5 ns for each byte of a whole record, gets the fields that have quotes within. False, and
// then it is asked for all of it, at anything else.
bool FieldSplitter::split_simply(std::string_view text, std::vector<Field> &fields) {
    begin(text, fields);
    std::size_t quote = find_quote(text, 0);
    for (std::size_t at = 0;;) {
        std::size_t end = 0;
        if (quote == at) {
            end = split_quoted_field(text, at, fields);
            if (end == kNone)
                return false;
            quote = find_quote(text, end);
        } else {
            end = std::min(find_delimiter(text, at), text.size());
            if (quote < end)
                return false;
            fields.push_back({text.substr(at, end - at), false});
        }
        if (end == text.size() || fields.size() > kMaxFields)
            return true;
        at = end + dialect_.delimiter.size();
    }
}

// Returns where the field ends that begins with the quote at `from`, npos where it is not a simple
// one.
std::size_t FieldSplitter::split_quoted_field(std::string_view text, std::size_t from,
                                              std::vector<Field> &fields) {
    std::size_t close = find_quote(text, from + 1);
    if (close == kNone)
        return kNone;
    if (is_field_end(text, close + 1)) {
        const std::string_view value = text.substr(from + 1, close - from - 1);
        fields.push_back({value, true});
        return has_escape(value) ? kNone : close + 1;
    }
    while (close + 1 < text.size() && text[close + 1] == dialect_.quote) {
        close = find_quote(text, close + 2);
        if (close == kNone)
            return kNone;
    }
    const bool is_read = parser_ && is_field_end(text, close + 1) &&
                         parser_->parse(text.substr(from, close + 1 - from), fields, unescaped_);
    return is_read ? close + 1 : kNone;
}

bool FieldSplitter::is_field_end(std::string_view text, std::size_t at) const noexcept {
    return at == text.size() || is_delimiter(text, at);
}

std::size_t FieldSplitter::find_quote(std::string_view text, std::size_t from) const noexcept {
    return text.find(dialect_.quote, from);
}

void FieldSplitter::begin(std::string_view text, std::vector<Field> &fields) {
    fields.clear();
    unescaped_.clear();
    if (unescaped_.capacity() > kKeptRoom)
        unescaped_.shrink_to_fit();
    unescaped_.reserve(text.size());
}

void FieldSplitter::split_quoted(std::string_view text, std::vector<Field> &fields) {
    if (split_simply(text, fields))
        return;
    begin(text, fields);
    if (parser_ && parser_->parse(text, fields, unescaped_))
        return;
    if (dialect_.inner_quote == InnerQuote::literal)
        split_literally(text, fields);
    else
        split_as_copy(text, fields);
}

void FieldSplitter::split_leniently(std::string_view text, std::vector<Field> &fields) {
    split_literally(text, fields);
}

void FieldSplitter::split_as_copy(std::string_view text, std::vector<Field> &fields) {
    begin(text, fields);
    for (std::size_t at = 0; at != kNone && fields.size() <= kMaxFields;) {
        Field &field = fields.emplace_back();
        at = read_copy_field(text, at, field);
    }
}

void FieldSplitter::split_literally(std::string_view text, std::vector<Field> &fields) {
    begin(text, fields);
    for (std::size_t at = 0; at != kNone && fields.size() <= kMaxFields;) {
        Field &field = fields.emplace_back();
        at = read_literal_field(text, at, field);
    }
}

// COPY (CopyReadAttributesCSV): quotes open and close anywhere in a field and are dropped, and what
// is between them is taken whatever it is. Returns where the next field begins, or npos.
std::size_t FieldSplitter::read_copy_field(std::string_view text, std::size_t from, Field &field) {
    Value value(unescaped_);
    std::size_t at = from;
    for (;;) {
        const std::size_t part = at;
        while (at < text.size() && text[at] != dialect_.quote && !is_delimiter(text, at))
            at++;
        value.add(text.substr(part, at - part));
        if (at == text.size() || text[at] != dialect_.quote)
            break;
        field.is_quoted = true;
        at = read_quoted(text, at + 1, value);
    }
    field.text = value.view();
    return at == text.size() ? kNone : at + dialect_.delimiter.size();
}

// A quote counts only as the first byte of a field, and only when it closes.
std::size_t FieldSplitter::read_literal_field(std::string_view text, std::size_t from,
                                              Field &field) {
    Value value(unescaped_);
    std::size_t rest = from;
    if (begins_quoted(text, from)) {
        field.is_quoted = true;
        rest = read_quoted(text, from + 1, value);
    }
    const std::size_t end = find_delimiter(text, rest);
    value.add(text.substr(rest, end == kNone ? kNone : end - rest));
    field.text = value.view();
    return end == kNone ? kNone : end + dialect_.delimiter.size();
}

bool FieldSplitter::begins_quoted(std::string_view text, std::size_t from) const noexcept {
    if (dialect_.quote == '\0' || from >= text.size() || text[from] != dialect_.quote)
        return false;
    std::size_t at = from + 1;
    while (at < text.size() && (is_escape(text, at) || text[at] != dialect_.quote))
        at += is_escape(text, at) ? 2 : 1;
    return at < text.size();
}

// Reads on from behind an opening quote to behind the closing one, or to the end.
std::size_t FieldSplitter::read_quoted(std::string_view text, std::size_t from,
                                       Value &value) const {
    std::size_t part = from;
    std::size_t at = from;
    for (; at < text.size(); at++) {
        const bool is_escaped = is_escape(text, at);
        if (!is_escaped && text[at] != dialect_.quote)
            continue;
        value.add(text.substr(part, at - part));
        if (!is_escaped)
            return at + 1;
        part = ++at; // the escaped byte begins the next part
    }
    value.add(text.substr(part));
    return at;
}

bool FieldSplitter::has_escape(std::string_view text) const noexcept {
    return dialect_.escape != kDoubled && text.find(dialect_.escape) != kNone;
}

bool FieldSplitter::is_escape(std::string_view text, std::size_t at) const noexcept {
    if (at + 1 >= text.size())
        return false;
    if (dialect_.escape == kDoubled)
        return text[at] == dialect_.quote && text[at + 1] == dialect_.quote;
    return text[at] == dialect_.escape &&
           (text[at + 1] == dialect_.escape || text[at + 1] == dialect_.quote);
}

bool FieldSplitter::is_delimiter(std::string_view text, std::size_t at) const noexcept {
    return text[at] == dialect_.delimiter[0] && text.substr(at).starts_with(dialect_.delimiter);
}

} // namespace migrate::core::csv

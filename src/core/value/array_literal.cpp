#include "core/value/array_literal.hpp"

#include "core/value/json.hpp"

#include <cstddef>

#include "core/core_only.hpp"

namespace migrate::core::value {
namespace {

constexpr std::string_view kSpace = " \t\n\r";

void append_quoted(std::string_view text, std::string &out) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    out += '"';
}

// Walks over JSON that is known to be valid.
class Writer {
  public:
    Writer(std::string_view text, bool has_json_elements)
        : text_(text), has_json_elements_(has_json_elements) {}

    std::string write() {
        skip_space();
        write_array();
        return std::move(out_);
    }

  private:
    char here() const { return text_[at_]; }
    void skip_space() {
        while (at_ < text_.size() && kSpace.find(here()) != std::string_view::npos)
            ++at_;
    }

    // Behind a string whose opening quote is here.
    std::size_t string_end(std::size_t from) const {
        for (++from; text_[from] != '"'; ++from)
            from += text_[from] == '\\' ? 1 : 0;
        return from + 1;
    }

    // Behind the array or object that opens here.
    std::size_t container_end() const {
        std::size_t end = at_;
        for (int depth = 0;;) {
            const char c = text_[end];
            if (c == '"') {
                end = string_end(end);
                continue;
            }
            depth += c == '[' || c == '{' ? 1 : 0;
            depth -= c == ']' || c == '}' ? 1 : 0;
            ++end;
            if (depth == 0)
                return end;
        }
    }

    std::string_view take_until(std::size_t end) {
        const std::string_view taken = text_.substr(at_, end - at_);
        at_ = end;
        return taken;
    }

    void write_array() {
        ++at_;
        out_ += '{';
        for (bool is_first = true;; is_first = false) {
            skip_space();
            if (here() == ']')
                break;
            if (!is_first) {
                ++at_; // the comma
                out_ += ',';
                skip_space();
            }
            write_element();
        }
        ++at_;
        out_ += '}';
    }

    void write_element() {
        const char c = here();
        if (c == '"')
            return write_string();
        if (c == '[' && !has_json_elements_)
            return write_array();
        if (c == '[' || c == '{')
            return append_quoted(take_until(container_end()), out_);
        const std::size_t end = text_.find_first_of(",] \t\n\r", at_);
        const std::string_view word = take_until(end);
        out_ += word == "null" ? std::string_view("NULL") : word;
    }

    void write_string() {
        const std::string_view string = take_until(string_end(at_));
        if (has_json_elements_)
            return append_quoted(string, out_);
        std::string decoded;
        append_json_string(string.substr(1, string.size() - 2), decoded);
        append_quoted(decoded, out_);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool has_json_elements_;
    std::string out_;
};

} // namespace

std::optional<std::string> array_literal(std::string_view text, bool has_json_elements) {
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos || text[first] != '[' || check_json(text) != JsonFit::jsonb)
        return std::nullopt;
    return Writer(text, has_json_elements).write();
}

} // namespace migrate::core::value

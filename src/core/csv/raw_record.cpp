#include "core/csv/raw_record.hpp"

#include "core/csv/field_trim.hpp"

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// RFC 8259, section 7: what must not stand in a string as it is.
bool needs_escape(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escape(std::string &json, char c) {
    constexpr char kDigits[] = "0123456789abcdef";
    json += '\\';
    switch (c) {
    case '"':
    case '\\':
        json += c;
        break;
    case '\n':
        json += 'n';
        break;
    case '\r':
        json += 'r';
        break;
    case '\t':
        json += 't';
        break;
    default:
        json += "u00";
        json += kDigits[static_cast<unsigned char>(c) >> 4];
        json += kDigits[static_cast<unsigned char>(c) & 0xF];
    }
}

void append_string(std::string &json, std::string_view text) {
    json += '"';
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size(); at++) {
        if (!needs_escape(text[at]))
            continue;
        json.append(text, from, at - from);
        append_escape(json, text[at]);
        from = at + 1;
    }
    json.append(text, from);
    json += '"';
}

} // namespace

RawRecord::RawRecord(const std::vector<std::string> &names) {
    for (const std::string &name : names)
        add_key(name);
}

void RawRecord::add_key(std::string_view name) {
    std::string &key = keys_.emplace_back();
    append_string(key, name);
    key += ": ";
}

void RawRecord::write(std::span<const Field> fields, Trim trim, const InferenceOptions &reading,
                      std::string &json) {
    while (keys_.size() < fields.size())
        add_key("column_" + std::to_string(keys_.size() + 1));
    json = "{";
    for (std::size_t i = 0; i < fields.size(); i++) {
        json += i == 0 ? "" : ", ";
        json += keys_[i];
        const std::string_view text = trimmed_field(fields[i], trim);
        if (is_null_field(text, fields[i].is_quoted, reading))
            json += "null";
        else
            append_string(json, text);
    }
    json += '}';
}

} // namespace migrate::core::csv

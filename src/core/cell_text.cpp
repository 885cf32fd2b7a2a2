#include "core/cell_text.hpp"

#include "core/error.hpp"
#include "core/value/decimal.hpp"
#include "core/value/utf8.hpp"

#include <cstring>

#include "core/core_only.hpp"

namespace migrate::core {
namespace {

constexpr std::size_t kShownCharacters = 60;
constexpr std::size_t kShownBlobBytes = 16;
constexpr std::size_t kMaxText = 0x3fffffff - Batch::kHeaderRoom; // PostgreSQL's MaxAllocSize

void append_hex(std::string &out, unsigned char byte) {
    constexpr char kDigits[] = "0123456789abcdef";
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 0xF]);
}

bool is_control(unsigned char byte) noexcept {
    return byte < 0x20 || byte == 0x7F;
}

std::string describe_text(std::string_view text) {
    std::string out = "\"";
    for (std::size_t shown = 0; !text.empty() && shown < kShownCharacters; shown++) {
        std::size_t length = value::character_length(text);
        auto byte = static_cast<unsigned char>(text.front());
        if (length == 0 || is_control(byte)) {
            out += "\\x";
            append_hex(out, byte);
            length = 1;
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length);
    }
    out += text.empty() ? "\"" : "\"...";
    return out;
}

std::string describe_blob(std::string_view bytes) {
    std::string out = "x'";
    for (char c : bytes.substr(0, kShownBlobBytes))
        append_hex(out, static_cast<unsigned char>(c));
    out += bytes.size() > kShownBlobBytes ? "'... (" : "' (";
    out += std::to_string(bytes.size());
    out += bytes.size() == 1 ? " byte)" : " bytes)";
    return out;
}

// Calls `keep` with each run that may stay and `replace` for each byte that may not.
template <typename Keep, typename Replace>
void for_each_run(std::string_view text, bool is_utf8_checked, Keep keep, Replace replace) {
    while (!text.empty()) {
        std::size_t good = is_utf8_checked ? value::valid_text_prefix(text)
                                           : std::min(text.find('\0'), text.size());
        keep(text.substr(0, good));
        text.remove_prefix(good);
        if (text.empty())
            return;
        replace();
        text.remove_prefix(1);
    }
}

} // namespace

bool replace_invalid_text(Cell &cell, Batch &arena, bool is_utf8_checked) {
    if (cell.storage != StorageClass::text)
        return false;
    std::size_t size = 0;
    bool is_changed = false;
    for_each_run(
        cell.view(), is_utf8_checked, [&](std::string_view run) { size += run.size(); },
        [&] {
            size += value::kReplacementCharacter.size();
            is_changed = true;
        });
    if (!is_changed)
        return false;
    if (size > kMaxText)
        throw Error(sqlstate::kProgramLimitExceeded, "text is too large once its invalid bytes are "
                                                     "replaced");
    char *start = arena.allocate(size);
    char *at = start;
    auto append = [&](std::string_view run) {
        std::memcpy(at, run.data(), run.size());
        at += run.size();
    };
    for_each_run(cell.view(), is_utf8_checked, append,
                 [&] { append(value::kReplacementCharacter); });
    cell.bytes = start;
    cell.size = static_cast<std::uint32_t>(size);
    return true;
}

std::string describe_cell(const Cell &cell) {
    switch (cell.storage) {
    case StorageClass::null:
        return "NULL";
    case StorageClass::text:
        return describe_text(cell.view());
    case StorageClass::blob:
        return describe_blob(cell.view());
    case StorageClass::integer:
    case StorageClass::real:
        break;
    }
    return number_text(cell);
}

std::string number_text(const Cell &cell) {
    value::RealBuffer buffer;
    if (cell.storage == StorageClass::integer)
        return std::string(value::integer_text(cell.integer, buffer));
    if (cell.storage == StorageClass::real)
        return std::string(value::sqlite_text(cell.real, buffer));
    return {};
}

} // namespace migrate::core

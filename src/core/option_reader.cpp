#include "core/option_reader.hpp"
#include "core/option_parser.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "core/core_only.hpp"

namespace migrate::core {

namespace {

constexpr std::size_t kMaxShown = 60; // bytes of a value in a message

// SQLite's own largest value; a limit beyond it would not limit anything.
constexpr std::int64_t kMaxValueSize = 1000000000;
constexpr double kGigabyte = 1073741824.0;

struct Unit {
    std::string_view name;
    double factor;
};
constexpr Unit kSizeUnits[] = {{"B", 1}, {"kB", 1024}, {"MB", 1048576}, {"GB", kGigabyte}};
constexpr Unit kTimeUnits[] = {{"us", 0.001},  {"ms", 1},      {"s", 1000},
                               {"min", 60000}, {"h", 3600000}, {"d", 86400000}};

std::string shown(std::string_view text) {
    std::size_t end = std::min(text.size(), kMaxShown);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
        --end;
    }
    std::string result = "\"";
    return result.append(text.substr(0, end)).append(end < text.size() ? "…\"" : "\"");
}

std::string describe_given(const OptionValue &value) {
    switch (value.kind) {
    case OptionKind::null:
        return "The value given is null.";
    case OptionKind::boolean:
        return value.boolean ? "The value given is the boolean true."
                             : "The value given is the boolean false.";
    case OptionKind::number:
        return "The value given is the number " + value.text + ".";
    case OptionKind::string:
        return "The value given is the string " + shown(value.text) + ".";
    case OptionKind::array:
        return "The value given is an array.";
    case OptionKind::object:
        return "The value given is an object.";
    }
    return "";
}

// A number followed by a unit of the list, or by none, which means `factor` 1.
std::optional<double> parse_measure(std::string_view text, std::span<const Unit> units) {
    const auto trim = [](std::string_view part) {
        const std::size_t first = part.find_first_not_of(" \t");
        const std::size_t last = part.find_last_not_of(" \t");
        return first == std::string_view::npos ? std::string_view()
                                               : part.substr(first, last - first + 1);
    };
    text = trim(text);
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
    if (digits == 0 || error != std::errc() || end != text.data() + digits) {
        return std::nullopt;
    }
    const std::string_view name = trim(text.substr(digits));
    if (name.empty()) {
        return number;
    }
    for (const Unit &unit : units) {
        if (unit.name == name) {
            return number * unit.factor;
        }
    }
    return std::nullopt;
}

std::string unit_hint(std::span<const Unit> units, std::string_view example) {
    std::vector<std::string_view> names;
    for (const Unit &unit : units) {
        names.push_back(unit.name);
    }
    std::string hint = "Write a number with a unit, such as \"";
    hint.append(example).append("\"; valid units are ");
    return hint + quote_list(names, "and") + ".";
}

double read_measure(std::string_view option, const OptionValue &value, std::span<const Unit> units,
                    std::string_view example) {
    if (value.kind != OptionKind::number && value.kind != OptionKind::string) {
        throw wrong_type(option, "a number or a string", value);
    }
    const bool is_number = value.kind == OptionKind::number;
    const std::optional<double> measure =
        parse_measure(value.text, is_number ? std::span<const Unit>() : units);
    if (!measure) {
        throw invalid_value(option, value.text).with_hint(unit_hint(units, example));
    }
    return *measure;
}

// One part of a name written as in SQL: plain up to a dot, or in double quotes with quotes doubled.
// Takes it off `rest`; nothing when it is no such part.
std::optional<std::string> take_part(std::string_view &rest) {
    std::string part;
    if (rest.empty() || rest.front() != '"') {
        const std::size_t end = std::min(rest.find('.'), rest.size());
        part = rest.substr(0, end);
        rest.remove_prefix(end);
        if (part.empty() || part.find('"') != std::string::npos) {
            return std::nullopt;
        }
        return part;
    }
    for (rest.remove_prefix(1); !rest.empty(); rest.remove_prefix(1)) {
        if (rest.front() == '"') {
            rest.remove_prefix(1);
            if (rest.empty() || rest.front() != '"') {
                return part.empty() ? std::nullopt : std::optional<std::string>(part);
            }
        }
        part += rest.front();
    }
    return std::nullopt;
}

ColumnRuleOption<OptionValue> flat_column(std::string_view option, const std::string &name,
                                          const OptionValue &value) {
    std::string_view rest = name;
    std::optional<std::string> table = take_part(rest);
    std::optional<std::string> column;
    if (table && !rest.empty() && rest.front() == '.') {
        rest.remove_prefix(1);
        column = take_part(rest);
    }
    if (!column || !rest.empty()) {
        throw Error(sqlstate::kInvalidParameterValue,
                    "invalid column name in option \"" + std::string(option) + "\": " + shown(name))
            .with_hint(
                "Write \"table.column\" or {\"table\": {\"column\": …}}; in the first form a "
                "name that holds a dot stands in double quotes.");
    }
    return {*table, *column, value};
}

void require_text_or_number(std::string_view option, std::string_view column,
                            const OptionValue &value) {
    if (value.kind != OptionKind::string && value.kind != OptionKind::number) {
        throw Error(sqlstate::kInvalidParameterValue, "value of " + shown(column) +
                                                          " in option \"" + std::string(option) +
                                                          "\" must be a string")
            .with_detail(describe_given(value));
    }
}

} // namespace

std::vector<std::string_view> split_words(std::string_view list) {
    std::vector<std::string_view> words;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        words.push_back(list.substr(0, end));
        list.remove_prefix(end);
        list.remove_prefix(std::min(list.find_first_not_of(", "), list.size()));
    }
    return words;
}

std::string quote_list(const std::vector<std::string_view> &words, std::string_view conjunction) {
    std::string list;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool is_last = i + 1 == words.size();
        if (i > 0) {
            // A comma also before the last of three and more.
            list += words.size() > 2 ? ", " : " ";
            list.append(is_last ? conjunction : "").append(is_last ? " " : "");
        }
        list.append("\"").append(words[i]).append("\"");
    }
    return list;
}

Error invalid_value(std::string_view option, std::string_view given) {
    return {sqlstate::kInvalidParameterValue,
            "invalid value for option \"" + std::string(option) + "\": " + shown(given)};
}

Error wrong_type(std::string_view option, std::string_view wanted, const OptionValue &value) {
    return Error(sqlstate::kInvalidParameterValue,
                 "option \"" + std::string(option) + "\" must be " + std::string(wanted))
        .with_detail(describe_given(value));
}

std::size_t read_word(std::string_view option, std::string_view words, const OptionValue &value) {
    if (value.kind != OptionKind::string) {
        throw wrong_type(option, "a string", value);
    }
    const std::vector<std::string_view> valid = split_words(words);
    const auto found = std::find(valid.begin(), valid.end(), value.text);
    if (found == valid.end()) {
        std::string hint = "Valid values are " + quote_list(valid, "and") + ".";
        const std::string nearest = nearest_name(value.text, valid);
        hint += nearest.empty() ? "" : " Perhaps you meant the value \"" + nearest + "\".";
        throw invalid_value(option, value.text).with_hint(std::move(hint));
    }
    return static_cast<std::size_t>(found - valid.begin());
}

bool read_boolean(std::string_view option, const OptionValue &value) {
    if (value.kind != OptionKind::boolean) {
        throw wrong_type(option, "a boolean", value);
    }
    return value.boolean;
}

std::string read_text(std::string_view option, const OptionValue &value) {
    if (value.kind != OptionKind::string) {
        throw wrong_type(option, "a string", value);
    }
    if (value.text.empty()) {
        throw invalid_value(option, value.text).with_detail("The value must not be empty.");
    }
    return value.text;
}

std::vector<std::string> read_texts(std::string_view option, const OptionValue &value) {
    constexpr std::string_view kWanted = "a string or an array of strings";
    switch (value.kind) {
    case OptionKind::null:
        return {};
    case OptionKind::string:
        return {value.text};
    case OptionKind::array:
        break;
    default:
        throw wrong_type(option, kWanted, value);
    }
    std::vector<std::string> texts;
    for (const OptionValue &item : value.items) {
        if (item.kind != OptionKind::string) {
            throw wrong_type(option, kWanted, item)
                .with_detail("Item " + std::to_string(texts.size() + 1) +
                             " of the array is not a string.");
        }
        texts.push_back(item.text);
    }
    return texts;
}

std::string read_setting_name(std::string_view option, std::string_view standard,
                              const OptionValue &value) {
    if (value.kind == OptionKind::boolean)
        return value.boolean ? std::string(standard) : std::string();
    if (value.kind != OptionKind::string)
        throw wrong_type(option, "a boolean or a string", value);
    // What SET takes for a name of an extension's setting (guc.c): words joined by dots.
    const auto is_word = [](std::string_view word) {
        const auto is_letter = [](char byte) {
            return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
        };
        const auto may_follow = [&](char byte) {
            return is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '$';
        };
        return !word.empty() && is_letter(word.front()) && std::ranges::all_of(word, may_follow);
    };
    std::string_view rest = value.text;
    bool is_good = rest.find('.') != std::string_view::npos;
    while (is_good && rest.find('.') != std::string_view::npos) {
        is_good = is_word(rest.substr(0, rest.find('.')));
        rest.remove_prefix(rest.find('.') + 1);
    }
    if (!is_good || !is_word(rest))
        throw invalid_value(option, value.text)
            .with_hint("Write true, or the name of a setting such as \"" + std::string(standard) +
                       "\": words of letters, digits and underscores joined by dots.");
    return value.text;
}

std::int64_t read_count(std::string_view option, const OptionValue &value) {
    if (value.kind != OptionKind::number) {
        throw wrong_type(option, "a number", value);
    }
    std::int64_t count = 0;
    const char *end = value.text.data() + value.text.size();
    const auto [rest, error] = std::from_chars(value.text.data(), end, count);
    if (error != std::errc() || rest != end || count < 0) {
        throw invalid_value(option, value.text)
            .with_detail("The value must be a whole number of 0 or more.");
    }
    return count;
}

double read_percent(std::string_view option, const std::string &text) {
    double percent = 0;
    const char *end = text.data() + text.size() - 1;
    const auto [rest, error] = std::from_chars(text.data(), end, percent);
    if (error != std::errc{} || rest != end || !(percent >= 0 && percent <= 100))
        throw invalid_value(option, text)
            .with_detail("A percentage lies between \"0%\" and \"100%\".");
    return percent;
}

std::int64_t read_size(std::string_view option, const OptionValue &value) {
    const double size = std::round(read_measure(option, value, kSizeUnits, "256 MB"));
    // "1GB" is a little more than SQLite's own limit and means that.
    if (size < 1 || size > kGigabyte) {
        throw invalid_value(option, value.text)
            .with_detail("The value must lie between 1 and " + std::to_string(kMaxValueSize) +
                         " bytes.");
    }
    return std::min(static_cast<std::int64_t>(size), kMaxValueSize);
}

std::int64_t read_duration_ms(std::string_view option, const OptionValue &value) {
    const double given = read_measure(option, value, kTimeUnits, "5s");
    // As lock_timeout: 0 waits for ever, so that nothing else may be rounded to 0.
    const double ms = std::rint(given);
    if ((ms == 0 && given > 0) || ms > std::numeric_limits<std::int32_t>::max()) {
        throw invalid_value(option, value.text)
            .with_detail("The value must be 0, which waits for ever, or lie between 1 and " +
                         std::to_string(std::numeric_limits<std::int32_t>::max()) +
                         " milliseconds.");
    }
    return static_cast<std::int64_t>(ms);
}

std::vector<ColumnRuleOption<OptionValue>> read_columns(std::string_view option,
                                                        const OptionValue &value) {
    std::vector<ColumnRuleOption<OptionValue>> columns;
    for (const auto &[name, member] : value.members) {
        if (member.kind != OptionKind::object) {
            require_text_or_number(option, name, member);
            columns.push_back(flat_column(option, name, member));
            continue;
        }
        for (const auto &[column, inner] : member.members) {
            require_text_or_number(option, name + "." + column, inner);
            columns.push_back({name, column, inner});
        }
    }
    return columns;
}

void fail_unknown_option(const std::string &name, const std::vector<std::string_view> &valid) {
    const std::string nearest = nearest_name(name, valid);
    throw Error(sqlstate::kInvalidParameterValue, "invalid option \"" + name + "\"")
        .with_hint(nearest.empty() ? "Valid options are " + quote_list(valid, "and") + "."
                                   : "Perhaps you meant the option \"" + nearest + "\".");
}

} // namespace migrate::core

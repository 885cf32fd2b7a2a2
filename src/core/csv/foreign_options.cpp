#include "core/csv/foreign_options.hpp"

#include "core/option_reader.hpp"
#include "core/plan/naming.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

using namespace std::string_view_literals;

// What a server may say for all its tables comes first; then what tells one file's columns.
constexpr std::array kReading = {
    "delimiter"sv,    "null"sv,         "header"sv,       "quote"sv,       "escape"sv,
    "encoding"sv,     "on_error"sv,     "skip"sv,         "comment"sv,     "newline"sv,
    "ragged"sv,       "trim"sv,         "identifiers"sv,  "date_order"sv,  "decimal"sv,
    "thousands"sv,    "true_values"sv,  "false_values"sv, "compression"sv, "max_line_size"sv,
    "reject_limit"sv, "header_match"sv, "union_by_name"sv};
constexpr std::array kOfTables = {"filename"sv,       "columns"sv,         "force_null"sv,
                                  "force_not_null"sv, "filename_column"sv, "line_column"sv};
constexpr std::array kOfServers = {"directory"sv};
constexpr std::array kOfColumns = {"column_name"sv, "force_null"sv, "force_not_null"sv};
constexpr std::array kOfSchemas = {"all_text"sv};

template <std::size_t own, std::size_t common>
constexpr auto joined(const std::array<std::string_view, own> &first,
                      const std::array<std::string_view, common> &second) {
    std::array<std::string_view, own + common> all{};
    std::ranges::copy(first, all.begin());
    std::ranges::copy(second, all.begin() + own);
    return all;
}

constexpr auto kTable = joined(kOfTables, kReading);
constexpr auto kServer = joined(kOfServers, kReading);
constexpr auto kSchema = joined(kOfSchemas, kReading);

bool has_type(const OptionDescription &row, std::string_view type) noexcept {
    return std::string_view(row.type).find(type) != std::string_view::npos;
}

// As PostgreSQL reads a boolean.
std::optional<bool> truth_of_word(std::string_view text) {
    const std::string word = plan::fold_ascii(text);
    for (const std::string_view each : {"true"sv, "on"sv, "yes"sv, "1"sv})
        if (word == each)
            return true;
    for (const std::string_view each : {"false"sv, "off"sv, "no"sv, "0"sv})
        if (word == each)
            return false;
    return std::nullopt;
}

bool is_count(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::span<const std::string_view> table_option_names() noexcept {
    return kTable;
}

std::span<const std::string_view> server_option_names() noexcept {
    return kServer;
}

std::span<const std::string_view> column_option_names() noexcept {
    return kOfColumns;
}

std::span<const std::string_view> schema_option_names() noexcept {
    return kSchema;
}

const OptionDescription *find_option(std::string_view name) noexcept {
    for (const OptionDescription &row : describe_options("import_csv"))
        if (name == row.name)
            return &row;
    return nullptr;
}

bool is_list_text(const OptionDescription &row, std::string_view text) noexcept {
    return has_type(row, "array") && text.starts_with('[');
}

OptionValue option_of_text(const OptionDescription &row, std::string_view text) {
    OptionValue value;
    value.text = text;
    value.kind = OptionKind::string;
    if (has_type(row, "number") && is_count(text)) {
        value.kind = OptionKind::number;
    } else if (has_type(row, "boolean")) {
        const std::optional<bool> truth = truth_of_word(text);
        if (!truth)
            return value;
        value.kind = OptionKind::boolean;
        value.boolean = *truth;
    }
    return value;
}

void check_for_queries(const CsvOptions &options) {
    if (options.on_error == OnError::reject)
        throw invalid_value("on_error", "reject")
            .with_hint("A query has no place for rejected rows: use \"ignore\" or \"set_null\", or "
                       "load the file with migrate.import_csv().");
}

} // namespace migrate::core::csv

#include "core/csv/csv_option_readers.hpp"

#include "core/option_reader.hpp"
#include "core/value/utf8.hpp"

#include <algorithm>
#include <set>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::size_t kMaxDelimiter = 4;
constexpr std::size_t kMaxThousands = 4;

// COPY refuses these as delimiters: they are part of values or of the file's form.
bool is_line_byte(char c) noexcept {
    return c == '\r' || c == '\n' || c == '\0';
}

// A text that may be empty, without line ends.
std::string read_mark(const OptionDescription &row, const OptionValue &value) {
    if (value.kind != OptionKind::string)
        throw wrong_type(row.name, "a string", value);
    if (std::ranges::any_of(value.text, is_line_byte))
        throw invalid_value(row.name, value.text)
            .with_detail("The value must not hold a line end or a zero byte.");
    return value.text;
}

std::string read_short_mark(const OptionDescription &row, const OptionValue &value,
                            std::size_t most, std::string_view detail) {
    std::string mark = read_mark(row, value);
    if (mark.empty() || mark.size() > most || !value::is_valid_text(mark))
        throw invalid_value(row.name, mark).with_detail(std::string(detail));
    return mark;
}

std::string shown_mark_of(char c) {
    return c == '\0' ? "" : std::string(1, c);
}

[[noreturn]] void fail_together(std::string message, std::string detail) {
    throw Error(sqlstate::kInvalidParameterValue, std::move(message))
        .with_detail(std::move(detail));
}

} // namespace

void read_delimiter(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    options.dialect.delimiter =
        read_short_mark(row, value, kMaxDelimiter, "A delimiter has 1 to 4 bytes of UTF-8.");
}

void read_quote(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    const std::string quote = read_mark(row, value);
    if (quote.size() > 1)
        throw invalid_value(row.name, quote)
            .with_detail("A quote is one byte; the empty string means that there is none.");
    options.dialect.quote = quote.empty() ? '\0' : quote.front();
}

void read_escape(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    const std::string escape = read_mark(row, value);
    if (escape.size() != 1 || escape.find_first_of("\r\n") != std::string::npos)
        throw invalid_value(row.name, escape)
            .with_detail("An escape is one byte and no line end; the quote itself means doubled "
                         "quotes.");
    options.dialect.escape = escape.front();
}

void read_newline(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    // As the words of COPY's messages, or as the bytes.
    OptionValue word = value;
    if (value.text == "\n" || value.text == "\r\n" || value.text == "\r")
        word.text = value.text == "\n" ? "lf" : value.text == "\r" ? "cr" : "crlf";
    constexpr Newline kNewlines[] = {Newline::automatic, Newline::lf, Newline::crlf, Newline::cr};
    const std::size_t choice = read_word(row.name, row.allowed_values, word);
    if (choice == 0)
        options.dialect.newline.reset();
    else
        options.dialect.newline = kNewlines[choice];
}

void read_comment(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    options.dialect.comment = read_mark(row, value);
}

void read_skip(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    options.dialect.skip_lines = read_count(row.name, value);
}

void read_null(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    options.null_texts = read_texts(row.name, value);
}

void read_header(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    if (value.kind == OptionKind::boolean) {
        options.header = value.boolean ? HeaderMode::first : HeaderMode::none;
    } else if (value.kind == OptionKind::number) {
        options.header_lines = read_count(row.name, value);
        options.header = options.header_lines == 0 ? HeaderMode::none : HeaderMode::lines;
    } else if (value.kind == OptionKind::string) {
        if (value.text != "auto" && value.text != "match")
            throw invalid_value(row.name, value.text)
                .with_hint(
                    "Valid values are true, false, a number of lines, \"auto\" and \"match\".");
        options.header = value.text == "auto" ? HeaderMode::automatic : HeaderMode::match;
    } else {
        throw wrong_type(row.name, "a boolean, a number, \"auto\" or \"match\"", value);
    }
}

void read_reject_limit(CsvOptions &options, const OptionDescription &row,
                       const OptionValue &value) {
    options.reject_limit = {};
    if (value.kind == OptionKind::string && value.text.ends_with('%'))
        options.reject_limit.percent = read_percent(row.name, value.text);
    else if (value.kind == OptionKind::string)
        throw invalid_value(row.name, value.text)
            .with_hint("Write a number of rows, or a percentage of them such as \"5%\".");
    else
        options.reject_limit.rows = read_count(row.name, value);
}

void read_types(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    if (value.kind != OptionKind::object)
        throw wrong_type(row.name, "an object", value);
    for (const auto &[column, type] : value.members)
        options.types.emplace_back(column, read_text(row.name, type));
}

void read_date_order(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    constexpr DateOrder kOrders[] = {DateOrder::iso, DateOrder::mdy, DateOrder::dmy,
                                     DateOrder::ymd};
    options.format.date_order = kOrders[read_word(row.name, row.allowed_values, value)];
}

void read_decimal(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    const std::string decimal = read_mark(row, value);
    if (decimal == "auto")
        return;
    if (decimal != "." && decimal != ",")
        throw invalid_value(row.name, decimal)
            .with_hint("Valid values are \"auto\", \".\" and \",\".");
    options.format.decimal = decimal.front();
    options.has_number_format = true;
}

void read_thousands(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    std::string mark = read_short_mark(row, value, kMaxThousands,
                                       "The mark between thousands has 1 to 4 bytes of UTF-8.");
    if (mark.find_first_of("0123456789+-eE") != std::string::npos)
        throw invalid_value(row.name, mark)
            .with_detail("The mark between thousands must be no part of a number itself.");
    options.format.thousands = std::move(mark);
    options.has_number_format = true;
}

ColumnSet read_column_set(const OptionDescription &row, const OptionValue &value) {
    ColumnSet columns;
    columns.names = read_texts(row.name, value);
    columns.is_all = std::ranges::find(columns.names, "*") != columns.names.end();
    return columns;
}

namespace {

// The marks of a dialect must be told apart (COPY says the same of its own).
void check_marks(const KnownDialect &dialect) {
    if (!dialect.delimiter)
        return;
    const std::string &delimiter = *dialect.delimiter;
    const char quote = dialect.quote.value_or('\0');
    if (quote != '\0' && delimiter.find(quote) != std::string::npos)
        fail_together("options \"delimiter\" and \"quote\" must differ",
                      "Both hold \"" + shown_mark_of(quote) + "\".");
    if (dialect.comment && !dialect.comment->empty() &&
        dialect.comment->front() == delimiter.front())
        fail_together("options \"delimiter\" and \"comment\" must differ",
                      "Both begin with \"" + shown_mark_of(delimiter.front()) + "\".");
}

void check_numbers(const CsvOptions &options) {
    const std::string decimal(1, options.format.decimal);
    if (options.format.thousands.find(decimal) != std::string::npos)
        fail_together("options \"decimal\" and \"thousands\" must differ",
                      "Both are \"" + decimal + "\".");
}

void check_words(const ValueFormat &format) {
    const std::set<std::string> truths(format.true_texts.begin(), format.true_texts.end());
    for (const std::string &text : format.false_texts) {
        if (truths.contains(text))
            fail_together("options \"true_values\" and \"false_values\" must differ",
                          "Both hold \"" + text + "\".");
    }
}

} // namespace

void check_together(const CsvOptions &options) {
    check_marks(options.dialect);
    check_numbers(options);
    check_words(options.format);
    if (options.on_conflict != OnConflict::error && options.key.empty())
        throw Error(sqlstate::kInvalidParameterValue, "option \"on_conflict\" needs option \"key\"")
            .with_hint("Name the columns that tell rows apart, such as {\"key\": [\"id\"]}.");
    if (options.all_text && !options.types.empty())
        fail_together("options \"all_text\" and \"types\" exclude each other",
                      "With all_text every column is text.");
    if (options.deletes && !options.watermark.empty())
        fail_together("options \"delete\" and \"watermark\" exclude each other",
                      "Below the watermark nothing is read, so nothing can be told missing.");
    if (!options.filename_column.empty() && options.filename_column == options.line_column)
        fail_together("options \"filename_column\" and \"line_column\" must differ",
                      "Both are \"" + options.line_column + "\".");
}

} // namespace migrate::core::csv

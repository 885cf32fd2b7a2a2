#include "core/csv/dialect.hpp"

#include "core/error.hpp"
#include "core/value/utf8.hpp"

#include <string_view>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::size_t kMaxDelimiter = 4;

[[noreturn]] void refuse(const char *option, const char *detail) {
    throw Error(sqlstate::kInvalidParameterValue,
                std::string("invalid value for option \"") + option + "\"")
        .with_detail(detail);
}

bool has_line_end(std::string_view text) noexcept {
    return text.find_first_of("\r\n") != std::string_view::npos;
}

void check_delimiter(const Dialect &dialect) {
    const std::string_view delimiter = dialect.delimiter;
    if (delimiter.empty() || delimiter.size() > kMaxDelimiter)
        refuse("delimiter", "The delimiter must be of 1 to 4 bytes.");
    if (has_line_end(delimiter) || !value::is_valid_text(delimiter))
        refuse("delimiter", "The delimiter must be text without a line end.");
    if (dialect.quote != '\0' && delimiter.find(dialect.quote) != std::string_view::npos)
        refuse("delimiter", "The delimiter must not hold the quote.");
    // Otherwise the end of a delimiter would escape what follows it.
    if (dialect.quote != '\0' && dialect.escape != kDoubled &&
        delimiter.find(dialect.escape) != std::string_view::npos)
        refuse("delimiter", "The delimiter must not hold the escape.");
}

bool is_mark(char c) noexcept {
    return c != '\n' && c != '\r' && static_cast<unsigned char>(c) < 0x80;
}

void check_quote(const Dialect &dialect) {
    if (!is_mark(dialect.quote))
        refuse("quote", "The quote must be one ASCII character and no line end.");
    if (!is_mark(dialect.escape))
        refuse("escape", "The escape must be one ASCII character and no line end.");
    if (dialect.quote != '\0' && dialect.quote == dialect.escape)
        refuse("escape", "A quote that is the escape too is written doubled.");
}

} // namespace

void check_dialect(const Dialect &dialect) {
    check_delimiter(dialect);
    check_quote(dialect);
    if (has_line_end(dialect.comment))
        refuse("comment", "A comment must not begin with a line end.");
    if (dialect.max_line_size < 1)
        refuse("max_line_size", "The size must be positive.");
}

} // namespace migrate::core::csv

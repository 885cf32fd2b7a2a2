// Cuts the text of one record (without its line end) into fields.
//
//     splitter.split_plain(text, fields);      // no quote is in it
//     splitter.split_quoted(text, fields);     // quotes, all of them closed
//     splitter.split_leniently(text, fields);  // a quote that does not close is a character
//
// A record of more than kMaxFields fields gets kMaxFields + 1 of them.
//
// Values are views of `text` where they stand there as they are, else of room that the splitter
// keeps until the next call.
#pragma once

#include "core/csv/dialect.hpp"
#include "core/csv/record.hpp"
#include "core/csv/strict_parser.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

class FieldSplitter {
  public:
    explicit FieldSplitter(const Dialect &dialect);

    void split_plain(std::string_view text, std::vector<Field> &fields);
    // As COPY does it, whatever libcsv says, or by InnerQuote::literal where the dialect has that.
    void split_quoted(std::string_view text, std::vector<Field> &fields);
    void split_leniently(std::string_view text, std::vector<Field> &fields);

    // The two splitters of our own, for tests to compare them with libcsv.
    void split_as_copy(std::string_view text, std::vector<Field> &fields);
    void split_literally(std::string_view text, std::vector<Field> &fields);

  private:
    class Value;

    void split_at_byte(std::string_view text, std::vector<Field> &fields);
    void split_at_text(std::string_view text, std::vector<Field> &fields) const;
    bool split_simply(std::string_view text, std::vector<Field> &fields);
    std::size_t split_quoted_field(std::string_view text, std::size_t from,
                                   std::vector<Field> &fields);
    std::size_t find_delimiter(std::string_view text, std::size_t from) const noexcept;
    std::size_t read_copy_field(std::string_view text, std::size_t from, Field &field);
    std::size_t read_literal_field(std::string_view text, std::size_t from, Field &field);
    std::size_t read_quoted(std::string_view text, std::size_t from, Value &value) const;
    bool begins_quoted(std::string_view text, std::size_t from) const noexcept;
    bool has_escape(std::string_view text) const noexcept;
    bool is_escape(std::string_view text, std::size_t at) const noexcept;
    bool is_delimiter(std::string_view text, std::size_t at) const noexcept;
    bool is_field_end(std::string_view text, std::size_t at) const noexcept;
    std::size_t find_quote(std::string_view text, std::size_t from) const noexcept;
    void begin(std::string_view text, std::vector<Field> &fields);

    Dialect dialect_;
    std::optional<StrictParser> parser_; // where libcsv can read the dialect
    std::size_t last_width_ = 1;         // of the record that split_at_byte cut last
    std::string unescaped_; // reserved for a whole record, so that views of it stay good
};

} // namespace migrate::core::csv

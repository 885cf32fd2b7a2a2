// Whether the first record of a CSV file names its columns.
//
//     HeaderSniffer sniffer(delimiter == ",");
//     while (reader.next(record)) sniffer.add(record.fields);
//     HeaderGuess guess = sniffer.guess(); // {true, "Line 1 … is a header: …"}
//
// What the columns hold decides: text above columns of numbers or dates is a header, numbers above
// numbers are data. Where all is text, a header's cells are unique, not empty, no longer than those
// below, not numbers, and do not come again in their columns; in doubt the record is data, so that
// none is lost.
#pragma once

#include "core/csv/column_inference.hpp"
#include "core/csv/record.hpp"
#include "core/import_options.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace migrate::core::csv {

struct HeaderGuess {
    bool has_header = false;
    double confidence = 0; // 0 to 1
    std::string evidence;  // a sentence
};

// Fed the records of a sample, from the first of the table. Keeps the first record and a few facts
// for each column.
class HeaderSniffer {
  public:
    explicit HeaderSniffer(InferenceOptions options);

    void add(std::span<const Field> fields);

    HeaderGuess guess() const;

  private:
    struct Column {
        std::string name; // the cell of the first record
        bool is_name_null = false;
        ColumnInference head;
        ColumnInference body;
        std::int64_t cells = 0; // below the first record, that are not empty
        std::int64_t bytes = 0; // of them
        std::int64_t typed = 0; // of them look like numbers, dates or amounts
        std::size_t shortest = SIZE_MAX;
        std::size_t longest = 0;
        bool has_name_again = false;
    };
    struct Votes {
        int header = 0;
        int data = 0;
        std::string first_header; // a column that speaks for a header
        std::string first_data;
    };

    void add_first(std::span<const Field> fields);
    void add_body(std::span<const Field> fields);
    Votes count_votes() const;
    static bool speaks_for_header(const Column &column, const InferredType &body);
    bool is_sequence() const;
    bool is_series() const;
    bool are_names_plain(std::string &problem) const;
    bool is_text_header(std::string &reason) const;

    InferenceOptions options_;
    std::vector<Column> columns_;
    std::int64_t records_ = 0;
};

// A column's name and what the file calls it.
struct ColumnName {
    std::string name;     // for PostgreSQL
    std::string original; // the header's cell as it is; empty where there is none
    std::string note;     // why it is another: see plan::Named
};

// Names of `width` columns: of the header's cells without the blanks around them, column_1,
// column_2 … where there is none, folded, cut and kept apart by plan::Namer (a name taken twice
// gets _1). An empty header names all columns by their numbers.
std::vector<ColumnName> name_columns(std::span<const std::string> header, std::size_t width,
                                     Identifiers identifiers);

} // namespace migrate::core::csv

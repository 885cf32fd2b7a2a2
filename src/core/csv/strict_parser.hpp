// libcsv in its strict mode, a record at a time.
//
//     StrictParser parser(',', '"');
//     if (!parser.parse(text, fields, room))
//         … not what RFC 4180 allows: the caller reads it another way
//
// libcsv tells neither where a field stood nor whether it was quoted, and its hooks have no user
// pointer. But in strict mode with nothing trimmed both follow from the source: a field is quoted
// when the first byte of it is the quote, and its length there is the length of the value, plus the
// two quotes around it, plus one for every quote within. So nothing global is kept.
#pragma once

#include "core/csv/record.hpp"

#include <csv.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

struct FreeParser {
    void operator()(csv_parser *parser) const noexcept {
        csv_free(parser);
        delete parser;
    }
};

class StrictParser {
  public:
    StrictParser(char delimiter, char quote);

    // Appends the fields of one record, whose text holds no line end but inside quotes. Values are
    // views of `text`, or of `room` where a doubled quote is in them: it has capacity for
    // text.size() bytes more. From field
    // kMaxFields + 2 on they are left out. False when strict libcsv stops, with `fields` in any
    // state.
    bool parse(std::string_view text, std::vector<Field> &fields, std::string &room);

  private:
    std::unique_ptr<csv_parser, FreeParser> parser_;
};

} // namespace migrate::core::csv

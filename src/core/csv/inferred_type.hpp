// What the caller says of a CSV column before its type is inferred, and what comes of it.
#pragma once

#include "core/csv/value_format.hpp"
#include "core/type.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// What the caller said of a column.
struct InferenceOptions {
    std::vector<std::string> null_texts = {""};
    bool is_null_forced = false;  // force_null: a quoted marker is NULL too
    bool is_null_refused = false; // force_not_null: nothing is NULL
    // The caller's date order (iso: find it), numbers and words of truth.
    ValueFormat format;
    // `format` tells how numbers are written; else commas are read where nothing else is possible.
    bool has_number_format = false;
    bool is_comma_delimited = true; // commas in numbers are read by option alone then
    bool is_utf8_server = true;     // see value::check_json
};

struct InferredType {
    Type type; // boolean, bigint, numeric, float8, date, time, timestamp(tz), uuid, jsonb, text
    ValueFormat format;
    std::int64_t values = 0; // that are not NULL
    std::int64_t nulls = 0;
    // Why, in one line that begins with the type: "text: \"n/a\" at line 7 is no bigint".
    std::string evidence;
    // The evidence says something a user should hear: data that another reading would type.
    bool is_notable = false;
};

// Whether a field is NULL by the caller's markers.
bool is_null_field(std::string_view text, bool is_quoted, const InferenceOptions &options) noexcept;

} // namespace migrate::core::csv

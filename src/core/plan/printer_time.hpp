// SQLite's date and time functions (https://www.sqlite.org/lang_datefunc.html) on the current
// time, on constants and on columns of a date or time type.
#pragma once

#include "core/plan/printed_value.hpp"

#include <span>
#include <string>
#include <string_view>

namespace migrate::core::plan {

// date, time, datetime, julianday, unixepoch or strftime over its printed arguments.
PrintedValue print_time_function(PrintContext &context, std::string_view name,
                                 std::span<const PrintedValue> arguments);
// CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP by "date", "time", "timestamp".
PrintedValue print_current_time(PrintContext &context, std::string_view which);

// The text that strftime makes of a timestamp; throws for a format without an equivalent.
PrintedValue format_moment(PrintContext &context, const std::string &timestamp,
                           std::string_view format);

} // namespace migrate::core::plan

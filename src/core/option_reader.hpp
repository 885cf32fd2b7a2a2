// Readers of single option values, each of which throws Error 22023 that names the option, what it
// must be and what was given. They know nothing of the options there are (core/option_table.hpp).
#pragma once

#include "core/error.hpp"
#include "core/import_options.hpp"
#include "core/option_value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core {

// "create, replace" as its words.
std::vector<std::string_view> split_words(std::string_view list);
// "create", "replace" and "append": words in quotes, the last one joined by `conjunction`.
std::string quote_list(const std::vector<std::string_view> &words, std::string_view conjunction);

// The place of the given word among `words` ("create, replace").
std::size_t read_word(std::string_view option, std::string_view words, const OptionValue &value);
bool read_boolean(std::string_view option, const OptionValue &value);
std::string read_text(std::string_view option, const OptionValue &value); // not empty
// A text or a list of texts; the JSON null is no text.
std::vector<std::string> read_texts(std::string_view option, const OptionValue &value);
std::int64_t read_count(std::string_view option, const OptionValue &value); // >= 0
// "5%" as 5.
double read_percent(std::string_view option, const std::string &text);
// Bytes as a number, or as text with a unit as PostgreSQL's settings have it: B, kB, MB, GB.
std::int64_t read_size(std::string_view option, const OptionValue &value);
// Milliseconds as a number, or as text with a unit as PostgreSQL's settings have it.
std::int64_t read_duration_ms(std::string_view option, const OptionValue &value);

// {"table.column": value, "a.b": …, "table": {"column": value}} in the order given; each value is
// a text or a number, kept as text.
std::vector<ColumnRuleOption<OptionValue>> read_columns(std::string_view option,
                                                        const OptionValue &value);

// A setting of the caller's own, "app.tenant": the text itself, `standard` for true, "" for false.
std::string read_setting_name(std::string_view option, std::string_view standard,
                              const OptionValue &value);

// The error for a value of the right type that cannot be taken.
Error invalid_value(std::string_view option, std::string_view given);
// The error for a value of the wrong type; `wanted` such as "a number".
Error wrong_type(std::string_view option, std::string_view wanted, const OptionValue &value);

} // namespace migrate::core

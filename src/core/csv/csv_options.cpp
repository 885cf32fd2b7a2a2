#include "core/csv/csv_options.hpp"

#include "core/csv/csv_option_readers.hpp"
#include "core/option_parser.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::string_view kFunctions[] = {"import_csv", "sniff_csv", "check_csv", "sync_csv"};

template <auto Member>
void read_columns_into(CsvOptions &options, const OptionDescription &row,
                       const OptionValue &value) {
    options.*Member = read_column_set(row, value);
}

template <auto Member>
void read_names(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    options.*Member = read_texts(row.name, value);
}

void read_ragged(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    read_enum<&CsvOptions::ragged>(options, row, value);
    options.has_ragged = true;
}

void read_max_line_size(CsvOptions &options, const OptionDescription &row,
                        const OptionValue &value) {
    options.max_line_size = read_size(row.name, value);
}

void read_true_values(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    options.format.true_texts = read_texts(row.name, value);
}

void read_false_values(CsvOptions &options, const OptionDescription &row,
                       const OptionValue &value) {
    options.format.false_texts = read_texts(row.name, value);
}

void read_lock_timeout(CsvOptions &options, const OptionDescription &row,
                       const OptionValue &value) {
    options.lock_timeout = std::to_string(read_duration_ms(row.name, value)) + "ms";
}

void read_limit(CsvOptions &options, const OptionDescription &row, const OptionValue &value) {
    options.delete_limit = read_delete_limit(row.name, value);
}

constexpr const char *kList = "string or array of strings";

constexpr OptionRow<CsvOptions> kRows[] = {
    {{"delimiter", "string", "auto", nullptr, "what separates fields: 1 to 4 bytes"},
     read_delimiter},
    {{"null", kList, "\"\"", nullptr,
      "these texts mean NULL; in quotes only where force_null says so"},
     read_null},
    {{"header", "boolean, number or string", "auto", "auto, true, false, match, a number",
      "whether the first record names the columns; match: it must name the target's in their "
      "order; a number: so many lines, the last of which names them"},
     read_header},
    {{"quote", "string", "auto", nullptr, "what encloses fields; the empty string: nothing does"},
     read_quote},
    {{"escape", "string", "auto", nullptr,
      "what precedes a quote inside quotes: the quote itself or another byte"},
     read_escape},
    {{"force_null", kList, nullptr, nullptr,
      "columns in which quoted null texts are NULL too; \"*\": all"},
     read_columns_into<&CsvOptions::force_null>},
    {{"force_not_null", kList, nullptr, nullptr, "columns in which nothing is NULL; \"*\": all"},
     read_columns_into<&CsvOptions::force_not_null>},
    {{"encoding", "string", "auto", nullptr,
      "the encoding of the file, by any name that the server knows, or UTF-16"},
     read_string<&CsvOptions::encoding>},
    {{"on_error", "string", "stop", "stop, ignore, set_null, reject",
      "what becomes of a row that does not fit; set_null: the value becomes NULL; reject: the row "
      "goes to migrate.rejects"},
     read_enum<&CsvOptions::on_error>},
    {{"reject_limit", "number or string", nullptr, nullptr,
      "more rows that do not fit are an error: a number, or a percentage such as \"5%\""},
     read_reject_limit},
    {{"columns", kList, nullptr, nullptr, "names of the file's columns, in its order"},
     read_names<&CsvOptions::columns>},
    {{"where", "string", nullptr, nullptr,
      "SQL condition over the columns of the target; rows that do not meet it are skipped"},
     read_string<&CsvOptions::where>},
    {{"mode", "string", "append", "append, create, truncate, replace",
      "append: into the table, which is created when it is missing; create: it must not exist; "
      "truncate: it is emptied first; replace: it is dropped and created again"},
     read_enum<&CsvOptions::mode>},
    {{"raw", "boolean", "false", nullptr,
      "true: each record as jsonb with file, line, load time and digest"},
     read_flag<&CsvOptions::raw>},
    {{"loaded_files", "string", "skip", "skip, error, load",
      "a file that was loaded into this target already, by its digest"},
     read_enum<&CsvOptions::loaded_files>},
    {{"skip", "number", "auto", nullptr, "lines above the table to pass over"}, read_skip},
    {{"comment", "string", "auto", nullptr,
      "records that begin with it are none; the empty string: there are no comments"},
     read_comment},
    {{"newline", "string", "auto", "auto, lf, crlf, cr", "what ends a line"}, read_newline},
    {{"ragged", "string", "error", "error, pad, truncate, both, reject",
      "records of another width; pad: missing fields are NULL; truncate: fields too many are "
      "dropped; both: either"},
     read_ragged},
    {{"trim", "string", "none", "none, unquoted, all", "fields whose outer blanks are removed"},
     read_enum<&CsvOptions::trim>},
    {{"max_line_size", "string or number", "64 MB", nullptr,
      "a longer record is an error; bytes, or text with the unit B, kB, MB or GB"},
     read_max_line_size},
    {{"types", "object", nullptr, nullptr,
      "types of columns: {\"column\": \"type\", \"*_at\": \"timestamptz\"}; an exact name wins "
      "over a wildcard"},
     read_types},
    {{"all_text", "boolean", "false", nullptr, "true: every column of a new table is text"},
     read_flag<&CsvOptions::all_text>},
    {{"header_match", "string", "name", "name, position",
      "how the file's columns find those of the target"},
     read_enum<&CsvOptions::header_match>},
    {{"identifiers", "string", "lower", "lower, preserve, snake",
      "lower: names are folded as PostgreSQL folds unquoted ones; preserve: as the header spells "
      "them; snake: OrderItems becomes order_items"},
     read_enum<&CsvOptions::identifiers>},
    {{"date_order", "string", "auto", "auto, mdy, dmy, ymd",
      "how dates such as 03/04/2024 are read; auto: where the values leave no doubt"},
     read_date_order},
    {{"decimal", "string", "auto", "auto, \".\", \",\"",
      "the decimal mark; auto: a comma where nothing else is possible"},
     read_decimal},
    {{"thousands", "string", nullptr, nullptr, "the mark between groups of three digits"},
     read_thousands},
    {{"true_values", kList, nullptr, nullptr, "words that mean true besides t and true"},
     read_true_values},
    {{"false_values", kList, nullptr, nullptr, "words that mean false besides f and false"},
     read_false_values},
    {{"on_conflict", "string", "error", "error, nothing, update",
      "a row whose key is in the target already; needs option key"},
     read_enum<&CsvOptions::on_conflict>},
    {{"key", kList, nullptr, nullptr, "the columns that tell rows apart"},
     read_names<&CsvOptions::key>},
    {{"filename_column", "string", nullptr, nullptr, "a column that gets the name of the file"},
     read_string<&CsvOptions::filename_column>},
    {{"line_column", "string", nullptr, nullptr, "a column that gets the number of the line"},
     read_string<&CsvOptions::line_column>},
    {{"union_by_name", "boolean", "false", nullptr,
      "true: the table has the columns of all files, found by their names"},
     read_flag<&CsvOptions::union_by_name>},
    {{"compression", "string", "auto", "auto, none, gzip", "of the file; auto: by its first bytes"},
     read_enum<&CsvOptions::compression>},
    {{"owner", "string", nullptr, nullptr,
      "the role that owns a new schema and table, by default the caller, who must be a member of "
      "it"},
     read_string<&CsvOptions::owner>},
    {{"lock_timeout", "string or number", "5s", nullptr,
      "how long to wait for a lock on the target: \"5s\", \"500ms\", \"1min\", or milliseconds; 0 "
      "waits for ever"},
     read_lock_timeout},
    {{"dry_run", "boolean", "false", nullptr,
      "true: do everything, return the rows, then undo it; the run's record stays"},
     read_flag<&CsvOptions::dry_run>},
    {{"watermark", "string", nullptr, nullptr,
      "sync: a column that only grows; records below its highest value in the table are passed "
      "over"},
     read_string<&CsvOptions::watermark>},
    {{"delete", "boolean", "false", nullptr,
      "sync: true: rows that the file lacks are deleted, never all of a table"},
     read_flag<&CsvOptions::deletes>},
    {{"delete_limit", "number or string", "10%", nullptr,
      "sync: more rows to delete than that are an error: a number, or a percentage of the table's "
      "rows such as \"5%\""},
     read_limit},
};

constexpr auto kDescriptions = descriptions_of(kRows);

} // namespace

bool ColumnSet::contains(std::string_view name) const noexcept {
    return is_all || std::ranges::find(names, name) != names.end();
}

std::span<const OptionDescription> describe_options(std::string_view function_name) noexcept {
    const bool is_known = std::ranges::find(kFunctions, function_name) != std::end(kFunctions);
    return is_known ? std::span<const OptionDescription>(kDescriptions)
                    : std::span<const OptionDescription>();
}

CsvOptions parse_csv_options(const OptionValue &value) {
    CsvOptions options = parse_options<CsvOptions>(kRows, value);
    check_together(options);
    return options;
}

} // namespace migrate::core::csv

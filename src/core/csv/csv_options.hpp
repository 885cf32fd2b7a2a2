// The options of the CSV functions: one table names each with its type, default and meaning; the
// parser and migrate.options() read the same table.
//
//     CsvOptions options = parse_csv_options(value);
//     SniffedDialect found = sniff_dialect(sample, is_whole, options.dialect);
#pragma once

#include "core/csv/byte_stream.hpp"
#include "core/csv/dialect_sniffer.hpp"
#include "core/csv/value_format.hpp"
#include "core/delete_limit.hpp"
#include "core/import_options.hpp"
#include "core/option_value.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace migrate::core::csv {

enum class HeaderMode : std::uint8_t { automatic, none, first, match, lines };
enum class OnError : std::uint8_t { stop, ignore, set_null, reject };
enum class LoadMode : std::uint8_t { append, create, truncate, replace };
enum class LoadedFiles : std::uint8_t { skip, error, load };
enum class Ragged : std::uint8_t { error, pad, truncate, both, reject };
enum class Trim : std::uint8_t { none, unquoted, all };
enum class HeaderMatch : std::uint8_t { name, position };
enum class OnConflict : std::uint8_t { error, nothing, update };

// Columns by name, or all of them ("*").
struct ColumnSet {
    std::vector<std::string> names;
    bool is_all = false;
    bool contains(std::string_view name) const noexcept;
};

// More rejected rows than that are an error.
struct RejectLimit {
    std::optional<std::int64_t> rows;
    std::optional<double> percent; // of the rows read
};

struct CsvOptions {
    KnownDialect dialect; // delimiter, quote, escape, newline, comment, skip
    std::optional<std::vector<std::string>> null_texts; // none: the unquoted empty field
    HeaderMode header = HeaderMode::automatic;
    std::int64_t header_lines = 0; // of HeaderMode::lines
    ColumnSet force_null;
    ColumnSet force_not_null;
    std::string encoding = "auto";
    OnError on_error = OnError::stop;
    RejectLimit reject_limit;
    std::vector<std::string> columns; // names of the file's columns; empty: of its header
    std::string where;                // SQL of the target's columns; empty: all rows
    LoadMode mode = LoadMode::append;
    bool raw = false;
    LoadedFiles loaded_files = LoadedFiles::skip;
    Ragged ragged = Ragged::error;
    bool has_ragged = false; // the caller named it
    Trim trim = Trim::none;
    std::int64_t max_line_size = std::int64_t{64} << 20;
    std::vector<std::pair<std::string, std::string>> types; // column (* and ? allowed) and SQL type
    bool all_text = false;
    HeaderMatch header_match = HeaderMatch::name;
    Identifiers identifiers = Identifiers::lower;
    // date_order (iso: auto), decimal, thousands, true_values, false_values
    ValueFormat format;
    bool has_number_format = false; // decimal or thousands was given
    OnConflict on_conflict = OnConflict::error;
    std::vector<std::string> key;
    std::string filename_column; // empty: none
    std::string line_column;
    bool union_by_name = false;
    Compression compression = Compression::automatic;
    std::string owner;               // empty: the caller
    std::string lock_timeout = "5s"; // as the setting lock_timeout takes it
    bool dry_run = false;
    // Of sync_csv:
    std::string watermark; // a column; empty: none
    bool deletes = false;
    DeleteLimit delete_limit;
};

// What migrate.options() prints for "import_csv", "sniff_csv" and "check_csv"; empty for others.
std::span<const OptionDescription> describe_options(std::string_view function_name) noexcept;

// Checks and reads the caller's object; throws Error 22023.
CsvOptions parse_csv_options(const OptionValue &options);

} // namespace migrate::core::csv

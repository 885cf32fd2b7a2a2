// The options of the SQLite functions: one table names every option with its type, default and
// meaning; the parser and migrate.options() read the same table.
//
//     ImportOptions options = parse_import_options(value, "import_sqlite");
#pragma once

#include "core/delete_limit.hpp"
#include "core/option_value.hpp"
#include "core/type.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core {

enum class Mode : unsigned char { create, replace, truncate, append };
enum class OnConflict : unsigned char { error, nothing, update };
enum class Identifiers : unsigned char { lower, preserve, snake };
enum class TypeMismatch : unsigned char { widen, error, null, reject };
enum class InvalidText : unsigned char { error, replace, reject };
enum class Nocase : unsigned char { lower_index, citext };
enum class Orphans : unsigned char { not_valid, error };
enum class Verify : unsigned char { counts, digest, none };

// A value of option "types" or "epoch" for columns that match a pattern: table and column are
// source names, each may hold the wildcards * and ?.
template <typename Value>
struct ColumnRuleOption {
    std::string table;
    std::string column;
    Value value;
};

// What option "epoch" says of a column; decide_type (core/plan/type_choice.hpp) makes an EpochUnit
// of it. Words of the option: auto, unix, 2001, julian, none.
enum class EpochChoice : unsigned char {
    automatic, // the one unit in which every non-zero number lies between 2000 and 2100, else none
    unix_time, // since 1970, whatever the year: seconds, ms, µs or ns by the largest number
    apple,     // seconds since 2001-01-01
    julian,    // Julian days
    none,      // numbers are not times
};

// Columns that tell rows apart for ON CONFLICT, of the tables whose source name matches.
struct ConflictKey {
    std::string table; // may hold the wildcards * and ?
    std::vector<std::string> columns;
};

// The column that only grows, of the tables whose source name matches (option "watermark").
struct Watermark {
    std::string table; // may hold the wildcards * and ?
    std::string column;
};

struct ImportOptions {
    Mode mode = Mode::create;
    OnConflict on_conflict = OnConflict::error;
    std::vector<ConflictKey> conflict_keys; // tables without one: the primary key
    bool triggers = true;
    // verify: rows that only the target has are counted apart; in mode append unless told not to
    std::optional<bool> is_subset;
    Identifiers identifiers = Identifiers::lower;
    TypeMismatch on_type_mismatch = TypeMismatch::widen;
    bool has_on_type_mismatch = false; // the caller named it
    std::vector<std::string> null_texts;
    InvalidText invalid_text = InvalidText::error;
    std::vector<ColumnRuleOption<std::string>> types; // the type as the caller wrote it
    bool is_timestamp_without_zone = false;           // timestamp_type: timestamp
    std::string timezone = "UTC";
    EpochChoice epoch = EpochChoice::automatic;
    std::vector<ColumnRuleOption<EpochChoice>> epochs; // per column
    Nocase nocase = Nocase::lower_index;
    std::string owner; // empty: the caller
    bool constraints = true;
    bool indexes = true;
    bool foreign_keys = true;
    bool defaults = true;
    bool sequences = true;
    bool views = true;
    Orphans orphans = Orphans::not_valid;
    std::optional<std::int64_t> reject_limit;
    std::string lock_timeout = "5s"; // as the setting lock_timeout takes it
    std::int64_t lock_timeout_ms = 5000;
    Verify verify = Verify::counts;
    bool analyze = true;
    bool freeze = true;
    std::int64_t max_value_size = std::int64_t{256} << 20;
    bool dry_run = false;
    std::string tenant_key;                      // a column of the source; empty: off
    std::vector<std::string> tenant_unique_keep; // "table" or "table.key", as the caller wrote them
    std::string row_security;                    // the setting that policies read; empty: off
    bool distribute = false;
    // Of sync_sqlite:
    bool is_sync = false; // rows are found by a key that no unique index needs to answer for
    std::vector<Watermark> watermarks;
    bool deletes = false;
    DeleteLimit delete_limit;

    // The tables are there before, and stay.
    bool fills_existing() const noexcept { return mode == Mode::append || mode == Mode::truncate; }
};

// One row of migrate.options().
struct OptionDescription {
    const char *name;
    const char *type;
    const char *default_value;  // nullptr: none
    const char *allowed_values; // nullptr: any of the type
    const char *meaning;
};

// The options that `function_name` takes ("import_sqlite", "plan_sqlite", "verify_sqlite"); empty
// for a function without options.
std::span<const OptionDescription> describe_options(std::string_view function_name);

// Checks and reads the caller's object; the null kind (no options given) means the defaults. Throws
// Error 22023 that names the nearest valid option, the type wanted or the valid values.
ImportOptions parse_import_options(const OptionValue &options);

// The one of `valid` that is nearest to `given` by edit distance, or empty when none is near
// enough to be meant (as PostgreSQL's ClosestMatch).
std::string nearest_name(std::string_view given, std::span<const std::string_view> valid);

// Whether `name` matches `pattern`, where * stands for any run of characters and ? for one.
bool matches_wildcard(std::string_view pattern, std::string_view name) noexcept;

} // namespace migrate::core

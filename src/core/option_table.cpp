#include "core/option_table.hpp"

#include "core/option_reader.hpp"

#include "core/core_only.hpp"

namespace migrate::core {

namespace {

void read_mismatch(ImportOptions &options, const OptionDescription &row, const OptionValue &value) {
    read_enum<&ImportOptions::on_type_mismatch>(options, row, value);
    options.has_on_type_mismatch = true;
}

void read_null(ImportOptions &options, const OptionDescription &row, const OptionValue &value) {
    options.null_texts = read_texts(row.name, value);
}

void read_types(ImportOptions &options, const OptionDescription &row, const OptionValue &value) {
    if (value.kind != OptionKind::object) {
        throw wrong_type(row.name, "an object", value);
    }
    for (ColumnRuleOption<OptionValue> &column : read_columns(row.name, value)) {
        options.types.push_back(
            {std::move(column.table), std::move(column.column), read_text(row.name, column.value)});
    }
}

void read_timestamp_type(ImportOptions &options, const OptionDescription &row,
                         const OptionValue &value) {
    options.is_timestamp_without_zone = read_word(row.name, row.allowed_values, value) == 1;
}

EpochChoice epoch_choice(const OptionDescription &row, OptionValue value) {
    // 2001 is as often written as the number that it looks like.
    if (value.kind == OptionKind::number) {
        value.kind = OptionKind::string;
    }
    return static_cast<EpochChoice>(read_word(row.name, row.allowed_values, value));
}

void read_epoch(ImportOptions &options, const OptionDescription &row, const OptionValue &value) {
    if (value.kind == OptionKind::string || value.kind == OptionKind::number) {
        options.epoch = epoch_choice(row, value);
        return;
    }
    if (value.kind != OptionKind::object) {
        throw wrong_type(row.name, "a string or an object", value);
    }
    for (ColumnRuleOption<OptionValue> &column : read_columns(row.name, value)) {
        options.epochs.push_back({std::move(column.table), std::move(column.column),
                                  epoch_choice(row, std::move(column.value))});
    }
}

void read_reject_limit(ImportOptions &options, const OptionDescription &row,
                       const OptionValue &value) {
    options.reject_limit = read_count(row.name, value);
}

void read_lock_timeout(ImportOptions &options, const OptionDescription &row,
                       const OptionValue &value) {
    options.lock_timeout_ms = read_duration_ms(row.name, value);
    options.lock_timeout = value.kind == OptionKind::string
                               ? value.text
                               : std::to_string(options.lock_timeout_ms) + "ms";
}

// "id", ["tenant", "id"] for all tables, or either of them by table.
void read_conflict_key(ImportOptions &options, const OptionDescription &row,
                       const OptionValue &value) {
    if (value.kind != OptionKind::object) {
        options.conflict_keys.push_back({"*", read_texts(row.name, value)});
        return;
    }
    for (const auto &[table, columns] : value.members)
        options.conflict_keys.push_back({table, read_texts(row.name, columns)});
}

// "id" for all tables that have the column, or a column by table.
void read_watermark(ImportOptions &options, const OptionDescription &row,
                    const OptionValue &value) {
    if (value.kind == OptionKind::string) {
        options.watermarks.push_back({"*", read_text(row.name, value)});
        return;
    }
    if (value.kind != OptionKind::object)
        throw wrong_type(row.name, "a string or an object", value);
    for (const auto &[table, column] : value.members)
        options.watermarks.push_back({table, read_text(row.name, column)});
}

void read_limit(ImportOptions &options, const OptionDescription &row, const OptionValue &value) {
    options.delete_limit = read_delete_limit(row.name, value);
}

void read_max_value_size(ImportOptions &options, const OptionDescription &row,
                         const OptionValue &value) {
    options.max_value_size = read_size(row.name, value);
}

// null turns it off where the options of an earlier run turn it on (verify_sqlite).
void read_tenant_key(ImportOptions &options, const OptionDescription &row,
                     const OptionValue &value) {
    options.tenant_key = value.kind == OptionKind::null ? "" : read_text(row.name, value);
}

void read_tenant_unique_keep(ImportOptions &options, const OptionDescription &row,
                             const OptionValue &value) {
    options.tenant_unique_keep = read_texts(row.name, value);
}

void read_row_security(ImportOptions &options, const OptionDescription &row,
                       const OptionValue &value) {
    options.row_security = read_setting_name(row.name, "app.tenant", value);
}

constexpr OptionRow<ImportOptions> kRows[] = {
    {{"mode", "string", "create", "create, replace, truncate, append",
      "create: the tables must not exist, a missing schema is made; replace: the tables and views "
      "that an earlier run created are dropped and created again; truncate: existing tables are "
      "emptied and filled; append: existing tables get the rows"},
     read_enum<&ImportOptions::mode>},
    {{"on_conflict", "string", "error", "error, nothing, update",
      "append: what becomes of a row whose key is in the table already; update: columns that "
      "differ get its values"},
     read_enum<&ImportOptions::on_conflict>},
    {{"conflict_key", "string, array of strings or object", nullptr, nullptr,
      "the columns that tell rows apart for on_conflict, for all tables or by table, by default "
      "the primary key; they must be a unique key of the table"},
     read_conflict_key},
    {{"triggers", "boolean", "true", nullptr,
      "false: user triggers of existing tables do not fire while they are filled, which needs "
      "their ownership"},
     read_flag<&ImportOptions::triggers>},
    {{"subset", "boolean", "false", nullptr,
      "verify: the tables may hold more than the file; only rows whose key is in the file are "
      "compared, as in mode append"},
     read_flag<&ImportOptions::is_subset>},
    {{"identifiers", "string", "lower", "lower, preserve, snake",
      "lower: names are folded as PostgreSQL folds unquoted ones; preserve: as the file spells "
      "them; snake: OrderItems becomes order_items"},
     read_enum<&ImportOptions::identifiers>},
    {{"on_type_mismatch", "string", "widen", "widen, error, null, reject",
      "what becomes of a value that the type of its column cannot hold; widen: the column gets a "
      "type that holds all its values, with a note"},
     read_mismatch},
    {{"null", "string or array of strings", nullptr, nullptr,
      "these texts mean NULL in columns that are not text; counted in the notes"},
     read_null},
    {{"invalid_text", "string", "error", "error, replace, reject",
      "what becomes of text with NUL or with bytes that are not valid text; replace: each such "
      "byte becomes U+FFFD"},
     read_enum<&ImportOptions::invalid_text>},
    {{"types", "object", nullptr, nullptr,
      "types of columns: {\"table.column\": \"type\", \"*.created_at\": \"timestamptz\"} or "
      "{\"table\": {\"column\": \"type\"}}; an exact name wins over a wildcard"},
     read_types},
    {{"timestamp_type", "string", "timestamptz", "timestamptz, timestamp",
      "the type of DATETIME and TIMESTAMP columns"},
     read_timestamp_type},
    {{"timezone", "string", "UTC", nullptr,
      "the zone of times that carry none; never the session's"},
     read_string<&ImportOptions::timezone>},
    {{"epoch", "string or object", "auto", "auto, unix, 2001, julian, none",
      "what numbers in a date column count, or per column as in types; auto: the unit in which all "
      "of them lie between 2000 and 2100; unix: seconds, milliseconds, microseconds or nanoseconds "
      "since 1970; 2001: seconds since then; julian: days; none: nothing"},
     read_epoch},
    {{"nocase", "string", "lower_index", "lower_index, citext",
      "COLLATE NOCASE columns: text with keys and indexes over lower(), or the type citext"},
     read_enum<&ImportOptions::nocase>},
    {{"owner", "string", nullptr, nullptr,
      "the role that owns the schema, tables, sequences and views, by default the caller, who must "
      "be a member of it"},
     read_string<&ImportOptions::owner>},
    {{"constraints", "boolean", "true", nullptr,
      "false: primary keys, UNIQUE and CHECK are left out"},
     read_flag<&ImportOptions::constraints>},
    {{"indexes", "boolean", "true", nullptr, "false: indexes are left out"},
     read_flag<&ImportOptions::indexes>},
    {{"foreign_keys", "boolean", "true", nullptr, "false: foreign keys are left out"},
     read_flag<&ImportOptions::foreign_keys>},
    {{"defaults", "boolean", "true", nullptr, "false: defaults are left out"},
     read_flag<&ImportOptions::defaults>},
    {{"sequences", "boolean", "true", nullptr, "false: no column becomes an identity column"},
     read_flag<&ImportOptions::sequences>},
    {{"views", "boolean", "true", nullptr, "false: views are left out"},
     read_flag<&ImportOptions::views>},
    {{"orphans", "string", "not_valid", "not_valid, error",
      "rows whose parent is missing; not_valid: the foreign key is added NOT VALID and the rows "
      "are listed, never deleted"},
     read_enum<&ImportOptions::orphans>},
    {{"reject_limit", "number", nullptr, nullptr, "more rejected rows than that are an error"},
     read_reject_limit},
    {{"lock_timeout", "string or number", "5s", nullptr,
      "how long to wait for a lock on an existing table: \"5s\", \"500ms\", \"1min\", or "
      "milliseconds; 0 waits for ever"},
     read_lock_timeout},
    {{"verify", "string", "counts", "counts, digest, none",
      "how the tables are compared with the file after the load; a mismatch aborts"},
     read_enum<&ImportOptions::verify>},
    {{"analyze", "boolean", "true", nullptr, "false: the tables are not analyzed"},
     read_flag<&ImportOptions::analyze>},
    {{"freeze", "boolean", "true", nullptr,
      "false: rows are not written frozen, so that sessions with an older snapshot do not see "
      "them"},
     read_flag<&ImportOptions::freeze>},
    {{"max_value_size", "string or number", "256 MB", nullptr,
      "a larger value is an error that names it; bytes, or text with the unit B, kB, MB or GB, at "
      "most 1000000000 bytes"},
     read_max_value_size},
    {{"dry_run", "boolean", "false", nullptr,
      "true: do everything, return the rows, then undo it; the run's record stays"},
     read_flag<&ImportOptions::dry_run>},
    {{"tenant_key", "string", nullptr, nullptr,
      "a column: it leads the keys of every table that has it, the children of these tables get "
      "it from their parents, and foreign keys among them hold within a tenant"},
     read_tenant_key},
    {{"tenant_unique_keep", "string or array of strings", nullptr, nullptr,
      "with tenant_key: a table, or a UNIQUE or unique index as \"table.key\", that stays unique "
      "across tenants; a key without a name is called by its columns: \"users.email\""},
     read_tenant_unique_keep},
    {{"row_security", "boolean or string", "false", nullptr,
      "with tenant_key: true gives each table with the column a forced policy by which only the "
      "tenant in the setting app.tenant is seen; a string names another setting"},
     read_row_security},
    {{"distribute", "boolean", "false", nullptr,
      "with tenant_key and the extension citus: tables with the column are distributed by it, the "
      "others become reference tables"},
     read_flag<&ImportOptions::distribute>},
    {{"watermark", "string or object", nullptr, nullptr,
      "sync: a column that only grows, of all tables that have it, or {\"table\": \"column\"}; "
      "rows below its highest value in the table are passed over"},
     read_watermark},
    {{"delete", "boolean", "false", nullptr,
      "sync: true: rows that the file lacks are deleted, never all of a table"},
     read_flag<&ImportOptions::deletes>},
    {{"delete_limit", "number or string", "10%", nullptr,
      "sync: more rows to delete than that are an error: a number, or a percentage of the table's "
      "rows such as \"5%\""},
     read_limit},
};

constexpr auto kDescriptions = descriptions_of(kRows);

} // namespace

std::span<const OptionRow<ImportOptions>> option_rows() noexcept {
    return kRows;
}

std::span<const OptionDescription> option_descriptions() noexcept {
    return kDescriptions;
}

} // namespace migrate::core

#include "core/convert.hpp"

#include "core/error.hpp"
#include "core/value/utf8.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core {
namespace {

// PostgreSQL, appendix A: what its input functions raise for such values.
constexpr char kStringDataRightTruncation[] = "22001";
constexpr char kNumericValueOutOfRange[] = "22003";
constexpr char kInvalidDatetimeFormat[] = "22007";

bool has_bytes(const Cell &cell) noexcept {
    return cell.storage == StorageClass::text || cell.storage == StorageClass::blob;
}

bool is_number(const Cell &cell) noexcept {
    return cell.storage == StorageClass::integer || cell.storage == StorageClass::real;
}

std::string quoted(const std::string &name) {
    return "\"" + name + "\"";
}

std::string column_words(const std::string &table, const ColumnRule &rule) {
    return "column " + quoted(rule.name) + " of SQLite table " + quoted(table);
}

std::string_view class_words(StorageClass storage) noexcept {
    constexpr std::array<std::string_view, 5> kWords = {"NULL", "an integer", "a real", "text",
                                                        "a blob"};
    return kWords[static_cast<std::size_t>(storage)];
}

std::string type_words(const ColumnRule &rule) {
    if (rule.type.kind != TypeKind::bigint)
        return rule.type.sql();
    return rule.max_integer == std::numeric_limits<std::int16_t>::max() ? "smallint" : "integer";
}

// Whether the type takes some values of that storage class, so that the value is to blame.
bool takes_class(const ColumnRule &rule, StorageClass storage) noexcept {
    switch (rule.type.kind) {
    case TypeKind::bigint:
        return storage == StorageClass::integer ||
               (rule.takes_number_text && storage == StorageClass::text);
    case TypeKind::numeric:
    case TypeKind::float8:
        return storage != StorageClass::blob &&
               (storage != StorageClass::text || rule.takes_number_text);
    case TypeKind::date:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return storage == StorageClass::text ||
               (storage != StorageClass::blob && rule.epoch != EpochUnit::none);
    case TypeKind::boolean:
    case TypeKind::json:
    case TypeKind::jsonb:
        return storage != StorageClass::blob;
    case TypeKind::time:
        return storage == StorageClass::text;
    case TypeKind::uuid:
        return storage == StorageClass::text || storage == StorageClass::blob;
    default:
        return true;
    }
}

std::string misfit_words(const ColumnRule &rule, const Cell &cell) {
    std::string words(class_words(cell.storage));
    if (takes_class(rule, cell.storage))
        return words + " that does not fit type " + type_words(rule);
    return words + " where " + type_words(rule) + " is declared";
}

// `reason` is misfit_words, or what the type's input function says.
Error misfit_error(const std::string &table, const ColumnRule &rule, std::int64_t row_id,
                   const Cell &cell, const std::string &reason) {
    Error error(sqlstate::kDatatypeMismatch,
                column_words(table, rule) + " holds " + misfit_words(rule, cell));
    std::string detail = "Row " + std::to_string(row_id) + " holds " + describe_cell(cell);
    detail += reason == misfit_words(rule, cell) ? "." : ": " + reason + ".";
    if (rule.has_last_resort)
        return std::move(error)
            .with_detail(std::move(detail))
            .with_hint("Use the option \"on_type_mismatch\" with \"null\" or \"reject\", or change "
                       "the type "
                       "of the column.");
    return std::move(error)
        .with_detail(std::move(detail))
        .with_hint("Use the option \"on_type_mismatch\" with \"widen\", \"null\" or \"reject\", or "
                   "name another type for the column in the option \"types\".");
}

const char *misfit_code(const ColumnRule &rule, const Cell &cell) noexcept {
    if (rule.type.kind == TypeKind::varchar)
        return kStringDataRightTruncation;
    if (cell.storage == StorageClass::text &&
        (rule.type.is_time_like() || rule.type.kind == TypeKind::time))
        return kInvalidDatetimeFormat;
    return is_number(cell) ? kNumericValueOutOfRange : sqlstate::kInvalidTextRepresentation;
}

// Where a text stops being one.
struct BadByte {
    std::size_t position; // from 0
    unsigned char byte;
};

BadByte find_bad_byte(const Cell &cell, const ColumnRule &rule) noexcept {
    std::string_view text = cell.view();
    std::size_t position = rule.is_utf8_checked ? value::valid_text_prefix(text) : text.find('\0');
    return {position, static_cast<unsigned char>(text[position])};
}

std::string bad_byte_words(BadByte bad, std::size_t size) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string words = "byte " + std::to_string(bad.position + 1) + " of " + std::to_string(size);
    return words + " is 0x" + kDigits[bad.byte >> 4] + kDigits[bad.byte & 0xF];
}

std::string_view invalid_words(BadByte bad) noexcept {
    return bad.byte == 0 ? "text with a NUL byte" : "text that is not valid UTF-8";
}

Error invalid_text_error(const std::string &table, const ColumnRule &rule, std::int64_t row_id,
                         const Cell &cell) {
    BadByte bad = find_bad_byte(cell, rule);
    return Error(sqlstate::kCharacterNotInRepertoire,
                 column_words(table, rule) + " holds " + std::string(invalid_words(bad)))
        .with_detail("Row " + std::to_string(row_id) + " holds " + describe_cell(cell) + "; " +
                     bad_byte_words(bad, cell.size) + ".")
        .with_hint("Use the option \"invalid_text\" with \"replace\" or \"reject\".");
}

Error size_error(const std::string &table, const ColumnRule &rule, std::int64_t row_id,
                 const Cell &cell) {
    return Error(sqlstate::kProgramLimitExceeded,
                 column_words(table, rule) + " holds a value that is too large")
        .with_detail("Row " + std::to_string(row_id) + " holds " +
                     std::string(class_words(cell.storage)) + " of " + std::to_string(cell.size) +
                     " bytes; the limit is " + std::to_string(rule.max_value_size) + " bytes.")
        .with_hint("Use the option \"max_value_size\" to raise the limit.");
}

// Numbers that are what the type stores. (Texts and blobs have to be looked at.)
StorageClass class_as_is(const ColumnRule &rule) noexcept {
    switch (rule.type.kind) {
    case TypeKind::bigint:
        return rule.min_integer == std::numeric_limits<std::int64_t>::min() ? StorageClass::integer
                                                                            : StorageClass::null;
    case TypeKind::float8:
        return StorageClass::real;
    default:
        return StorageClass::null;
    }
}

std::string raw_bytes(const Cell &cell) {
    return has_bytes(cell) ? std::string(cell.view()) : number_text(cell);
}

bool is_valid(const Cell &cell, const ColumnRule &rule) noexcept {
    return rule.is_utf8_checked ? value::is_valid_text(cell.view())
                                : cell.view().find('\0') == std::string_view::npos;
}

} // namespace

void ColumnCount::add(std::int64_t row_id, const Cell &cell) {
    if (count++ > 0)
        return;
    first_row = row_id;
    first_value = describe_cell(cell);
}

RowConverter::RowConverter(std::string table, std::vector<ColumnRule> rules)
    : table_(std::move(table)), rules_(std::move(rules)), statistics_(rules_.size()) {
    for (const ColumnRule &rule : rules_)
        steps_.push_back({cell_converter(rule.type.kind), class_as_is(rule),
                          !rule.null_texts.empty(), rule.is_not_null,
                          rule.type.kind == TypeKind::bigint, rule.max_value_size,
                          rule.type.kind == TypeKind::other && rule.has_last_resort});
}

Verdict RowConverter::convert(Batch &batch) {
    pending_.clear();
    for (std::size_t row = 0; row < batch.rows(); row++)
        if (!batch.is_rejected(row) && convert_row(batch, row) == Verdict::misfit)
            return Verdict::misfit;
    return Verdict::load;
}

Verdict RowConverter::convert_row(Batch &batch, std::size_t row) {
    Cell *cells = batch.row(row);
    for (std::size_t column = 0; column < steps_.size(); column++) {
        const Step &step = steps_[column];
        Cell &cell = cells[column];
        if (cell.storage != step.as_is && !cell.is_null() &&
            convert_column(batch, row, column, cell) == Verdict::misfit)
            return Verdict::misfit;
        if (batch.is_rejected(row)) [[unlikely]]
            return Verdict::load;
        if (cell.is_null()) {
            statistics_[column].nulls++;
            if (step.is_not_null) {
                misfit_column_ = column;
                return Verdict::misfit;
            }
        } else if (step.is_bigint && cell.storage == StorageClass::integer) {
            std::optional<std::int64_t> &most = statistics_[column].max_integer;
            if (!most || *most < cell.integer)
                most = cell.integer;
        }
    }
    return Verdict::load;
}

inline Verdict RowConverter::convert_column(Batch &batch, std::size_t row, std::size_t column,
                                            Cell &cell) {
    const Step &step = steps_[column];
    check_size(cell, column, batch.row_id(row));
    const Cell before = cell;
    Fit fit = Fit::null_text;
    if (step.has_null_texts && is_null_text(cell, rules_[column]))
        cell.set_null();
    else
        fit = step.convert(cell, rules_[column], batch);
    if (fit == Fit::fits) [[likely]] {
        if (step.is_always_asked)
            pending_.push_back({row, column});
        return Verdict::load;
    }
    return apply_fit(batch, row, column, fit, before);
}

void RowConverter::check_size(const Cell &cell, std::size_t column, std::int64_t row_id) const {
    if (has_bytes(cell) && cell.size > steps_[column].max_value_size)
        throw size_error(table_, rules_[column], row_id, cell);
}

Verdict RowConverter::apply_fit(Batch &batch, std::size_t row, std::size_t column, Fit fit,
                                const Cell &before) {
    ColumnStatistics &statistics = statistics_[column];
    switch (fit) {
    case Fit::fits:
        break;
    case Fit::rounded:
        statistics.rounded.add(batch.row_id(row), before);
        break;
    case Fit::null_text:
        statistics.null_text.add(batch.row_id(row), before);
        break;
    case Fit::misfit:
        return apply_mismatch(batch, row, column);
    case Fit::invalid_text:
        return apply_invalid_text(batch, row, column);
    }
    return Verdict::load;
}

Verdict RowConverter::apply_mismatch(Batch &batch, std::size_t row, std::size_t column) {
    const ColumnRule &rule = rules_[column];
    const Cell &cell = batch.row(row)[column];
    // Valid text only: it goes to the server.
    if (rule.has_last_resort && cell.storage == StorageClass::text && is_valid(cell, rule)) {
        pending_.push_back({row, column});
        return Verdict::load;
    }
    return apply_policy(batch, row, column, misfit_code(rule, cell), misfit_words(rule, cell));
}

Verdict RowConverter::apply_policy(Batch &batch, std::size_t row, std::size_t column,
                                   const char *code, const std::string &reason) {
    const ColumnRule &rule = rules_[column];
    Cell &cell = batch.row(row)[column];
    switch (rule.on_mismatch) {
    case TypeMismatch::widen:
        misfit_column_ = column;
        return Verdict::misfit;
    case TypeMismatch::error:
        throw misfit_error(table_, rule, batch.row_id(row), cell, reason);
    case TypeMismatch::null:
        statistics_[column].nulled.add(batch.row_id(row), cell);
        cell.set_null();
        break;
    case TypeMismatch::reject:
        reject(batch, row, column, code, reason);
        break;
    }
    return Verdict::load;
}

Verdict RowConverter::apply_invalid_text(Batch &batch, std::size_t row, std::size_t column) {
    const ColumnRule &rule = rules_[column];
    Cell &cell = batch.row(row)[column];
    switch (rule.invalid_text) {
    case InvalidText::error:
        throw invalid_text_error(table_, rule, batch.row_id(row), cell);
    case InvalidText::reject: {
        BadByte bad = find_bad_byte(cell, rule);
        reject(batch, row, column, sqlstate::kCharacterNotInRepertoire,
               std::string(invalid_words(bad)) + ": " + bad_byte_words(bad, cell.size));
        return Verdict::load;
    }
    case InvalidText::replace:
        break;
    }
    statistics_[column].replaced.add(batch.row_id(row), cell);
    replace_invalid_text(cell, batch, rule.is_utf8_checked);
    check_size(cell, column, batch.row_id(row));
    // The text is clean now, but it may still be too long for a varchar(n).
    const Cell before = cell;
    return apply_fit(batch, row, column, steps_[column].convert(cell, rule, batch), before);
}

void RowConverter::reject(Batch &batch, std::size_t row, std::size_t column, const char *code,
                          std::string reason) {
    if (batch.is_rejected(row))
        return;
    const Cell &cell = batch.row(row)[column];
    batch.reject_row(row);
    rejected_++;
    rejects_.push_back({batch.row_id(row), rules_[column].name, code, std::move(reason),
                        describe_cell(cell), raw_bytes(cell)});
}

void RowConverter::accept_input(const Batch &batch, CellPlace place, const Cell &given) {
    if (rules_[place.column].type.kind != TypeKind::other)
        statistics_[place.column].read_by_input.add(batch.row_id(place.row), given);
}

void RowConverter::refuse_input(Batch &batch, CellPlace place, const char *code,
                                const std::string &reason) {
    if (!batch.is_rejected(place.row))
        apply_policy(batch, place.row, place.column, code, reason);
}

void RowConverter::refuse_row(Batch &batch, std::size_t row, std::string column, const char *code,
                              std::string reason) {
    batch.reject_row(row);
    rejected_++;
    rejects_.push_back({batch.row_id(row), std::move(column), code, std::move(reason), "", ""});
}

std::vector<Reject> RowConverter::take_rejects() {
    return std::exchange(rejects_, {});
}

} // namespace migrate::core

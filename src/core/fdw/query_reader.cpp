#include "core/fdw/query_reader.hpp"

#include "core/error.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/heap_limit.hpp"
#include "core/sqlite/row_reader.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

constexpr char kDataException[] = "22000";
// A table's rows are counted against what its file has room for only from here on.
constexpr std::int64_t kUnchecked = 10'000;

} // namespace

void bind_values(sqlite::Statement &statement, const std::vector<Operand> &values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const int position = static_cast<int>(i) + 1;
        const Operand &value = values[i];
        if (value.kind == Operand::Kind::text)
            statement.bind(position, std::string_view(value.text));
        else if (value.kind == Operand::Kind::integer)
            statement.bind(position, value.integer);
        else
            sqlite3_bind_double(statement.handle(), position, value.real);
    }
}

QueryReader::QueryReader(const sqlite::Database &database, const Relation &relation,
                         const std::vector<ScanColumn> &columns)
    : database_(&database), relation_(relation.table->name), is_view_(relation.is_view),
      computes_(relation.is_view || std::ranges::any_of(relation.table->columns,
                                                        [](const Column &each) {
                                                            return each.generated ==
                                                                   Generated::is_virtual;
                                                        })),
      max_value_size_(database.options().max_value_size) {
    for (const ScanColumn &column : columns)
        names_.push_back(relation.table->columns.at(static_cast<std::size_t>(column.source)).name);
}

std::string QueryReader::place() const {
    return (is_view_ ? "view " : "table ") + sqlite::shown(sqlite::quote_name(relation_));
}

void QueryReader::start(const ScanQuery &query) {
    if (!statement_ || sql_ != query.sql) {
        statement_.reset();
        statement_.emplace(*database_, query.sql, "read " + place());
        sql_ = query.sql;
    }
    statement_->reset();
    bind_values(*statement_, query.values);
    has_row_id_ = query.has_row_id;
    row_id_sql_ = query.row_id_sql;
    values_ = query.values;
    if (query.is_limited)
        values_.pop_back();
    rows_read_ = to_skip_ = 0;
    is_done_ = false;
}

std::int64_t QueryReader::row_id_of(std::int64_t batch_row_id) const {
    if (row_id_sql_.empty())
        return batch_row_id;
    std::vector<Operand> values = values_;
    Operand &skipped = values.emplace_back();
    skipped.kind = Operand::Kind::integer;
    skipped.integer = batch_row_id - 1;
    sqlite::Statement row(*database_, row_id_sql_, "read " + place());
    bind_values(row, values);
    return row.step() ? row.integer(0) : batch_row_id;
}

// A statement that was interrupted begins again; in one transaction it finds the same rows in the
// same order.
int QueryReader::step() {
    int result = SQLITE_ROW;
    for (; to_skip_ > 0 && result == SQLITE_ROW; --to_skip_)
        result = statement_->step_code();
    return result == SQLITE_ROW ? statement_->step_code() : result;
}

Fetch QueryReader::fetch(Batch &batch, std::size_t most) {
    batch.clear();
    std::optional<sqlite::HeapLimit> heap_limit;
    if (computes_)
        heap_limit.emplace(sqlite::heap_room(max_value_size_));
    while (!is_done_ && !batch.is_full() && batch.rows() < most) {
        const int result = step();
        if (result == SQLITE_ROW) [[likely]] {
            read_row(batch);
            continue;
        }
        statement_->reset();
        is_done_ = result == SQLITE_DONE;
        if (is_done_)
            break;
        to_skip_ = rows_read_;
        if ((result & 0xff) != SQLITE_INTERRUPT)
            fail(result);
        return Fetch::interrupted;
    }
    check_rows();
    return batch.is_empty() ? Fetch::end : Fetch::rows;
}

// A damaged tree can lead through the same page again and again.
void QueryReader::check_rows() {
    if (is_view_ || rows_read_ < kUnchecked)
        return;
    if (row_limit_ == 0)
        row_limit_ = sqlite::row_limit(*database_);
    if (rows_read_ > row_limit_)
        database_->fail(SQLITE_CORRUPT, "read " + place());
}

inline void QueryReader::read_row(Batch &batch) {
    sqlite3_stmt *statement = statement_->handle();
    const auto count = static_cast<int>(names_.size());
    ++rows_read_;
    row_id_ = has_row_id_ ? sqlite3_column_int64(statement, count) : rows_read_;
    Cell *cells = batch.add_row(row_id_);
    for (int i = 0; i < count; ++i)
        read_cell(statement, i, cells[i], batch);
}

inline void QueryReader::read_cell(sqlite3_stmt *statement, int result, Cell &cell,
                                   Batch &batch) const {
    // Unprotected, which matters to threads alone.
    sqlite3_value *value = sqlite3_column_value(statement, result);
    const int type = sqlite3_value_type(value);
    if (type == SQLITE_INTEGER) {
        cell.set_integer(sqlite3_value_int64(value));
        return;
    }
    if (type == SQLITE_FLOAT) {
        cell.set_real(sqlite3_value_double(value));
        return;
    }
    if (type == SQLITE_NULL)
        return;
    const void *bytes = type == SQLITE_TEXT ? static_cast<const void *>(sqlite3_value_text(value))
                                            : sqlite3_value_blob(value);
    const int size = sqlite3_value_bytes(value);
    if (bytes == nullptr && size > 0) [[unlikely]]
        database_->fail(SQLITE_NOMEM, "read " + place());
    if (size > max_value_size_) [[unlikely]]
        fail_size(result, row_id_);
    batch.set_bytes(cell, type == SQLITE_TEXT ? StorageClass::text : StorageClass::blob,
                    {static_cast<const char *>(bytes), static_cast<std::size_t>(size)});
}

void QueryReader::fail_size(int column, std::int64_t row_id) const {
    throw Error(sqlstate::kProgramLimitExceeded,
                "value in column " +
                    sqlite::shown(sqlite::quote_name(names_.at(static_cast<std::size_t>(column)))) +
                    " of " + place() + " is too large")
        .with_detail("The value in row " + std::to_string(row_id_of(row_id)) + " has more than " +
                     std::to_string(max_value_size_) + " bytes.")
        .with_hint("Raise the server's option \"max_value_size\" or leave the column out.");
}

void QueryReader::fail(int result) const {
    const int kind = result & 0xff;
    if (kind == SQLITE_ERROR)
        throw Error(kDataException, "could not compute a row of " + place() + ": " +
                                        sqlite::shown(sqlite3_errmsg(database_->handle())))
            .with_detail("SQLite itself fails after " + std::to_string(rows_read_) + " rows.");
    if (kind == SQLITE_NOMEM && computes_)
        throw Error(sqlstate::kProgramLimitExceeded,
                    "expressions of " + place() + " need too much memory");
    database_->fail(result, "read " + place());
}

} // namespace migrate::core::fdw

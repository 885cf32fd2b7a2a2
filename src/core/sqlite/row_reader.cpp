#include "core/sqlite/row_reader.hpp"

#include "core/error.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/heap_limit.hpp"
#include "core/sqlite/lookup_sql.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

// A value alone may be as large as the library allows while its size is found out.
class LengthLimit {
  public:
    explicit LengthLimit(sqlite3 *handle)
        : handle_(handle), before_(sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, INT32_MAX)) {}
    LengthLimit(const LengthLimit &) = delete;
    LengthLimit &operator=(const LengthLimit &) = delete;
    ~LengthLimit() { sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, before_); }

  private:
    sqlite3 *handle_;
    int before_;
};

constexpr char kDataException[] = "22000";

std::string reading(const std::string &table) {
    return "read table " + shown(quote_name(table));
}

std::int64_t pragma_value(const Database &database, std::string_view sql) {
    Statement row(database, sql, "read the size of the database");
    return row.step() ? row.integer(0) : 0;
}

} // namespace

// Two bytes of a page at least point to each row.
std::int64_t row_limit(const Database &database) {
    return pragma_value(database, "PRAGMA page_count") *
               (pragma_value(database, "PRAGMA page_size") / 2) +
           1;
}

std::string rowid_name(const Table &table) {
    if (table.is_without_rowid)
        return "";
    for (const char *name : {"rowid", "_rowid_", "oid"})
        if (std::ranges::none_of(table.columns, [&](const Column &column) {
                return sqlite3_stricmp(column.name.c_str(), name) == 0;
            }))
            return name;
    return "";
}

TableReader::TableReader(const Database &database, const Table &table,
                         const std::vector<int> &columns)
    : database_(&database), table_(table.name), rowid_(rowid_name(table)),
      max_value_size_(database.options().max_value_size) {
    for (const int column : columns) {
        const Column &each = table.columns.at(static_cast<std::size_t>(column));
        names_.push_back(each.name);
        values_.push_back(value_sql("migrate_t", each));
        computes_ = computes_ || each.generated == Generated::is_virtual;
    }
    const int limit = sqlite3_limit(database.handle(), SQLITE_LIMIT_COLUMN, -1);
    const auto alias = std::ranges::find(columns, table.rowid_alias);
    if (table.rowid_alias >= 0 && alias != columns.end()) {
        // The column is the rowid: it is read once, and a name for it is not needed.
        rowid_result_ = static_cast<int>(alias - columns.begin());
        rowid_ = "migrate_t." +
                 quote_name(table.columns[static_cast<std::size_t>(table.rowid_alias)].name);
    } else if (has_rowid() && columns.size() < static_cast<std::size_t>(limit)) {
        rowid_ = "migrate_t." + rowid_;
        first_result_ = 1;
    } else {
        rowid_.clear(); // no room for it, or none: rows are counted
    }
}

// Without NOT INDEXED SQLite may scan a covering index: another order, and what a damaged index
// says. Lookups by rowid are not affected (lang_indexedby).
std::string TableReader::select(const std::string &what) const {
    return "SELECT " + what + " FROM main." + quote_name(table_) + " AS migrate_t NOT INDEXED";
}

// Prepares the scan, from the row after the last one when some were read.
void TableReader::start() {
    std::string what = first_result_ == 1 ? rowid_ : "";
    for (const std::string &value : values_)
        what += (what.empty() ? "" : ", ") + value;
    if (what.empty())
        what = "1";
    std::string sql = select(what);
    if (rows_read_ > 0)
        sql +=
            has_rowid() ? " WHERE " + rowid_ + " > ?1 ORDER BY " + rowid_ : " LIMIT -1 OFFSET ?1";
    statement_.emplace(*database_, sql, reading(table_));
    if (rows_read_ > 0)
        statement_->bind(1, last_row_);
    if (row_limit_ == 0)
        row_limit_ = row_limit(*database_);
}

Fetch TableReader::fetch(Batch &batch) {
    batch.clear();
    std::optional<HeapLimit> heap_limit;
    if (computes_)
        heap_limit.emplace(heap_room(max_value_size_));
    while (!is_done_ && !batch.is_full()) {
        if (!statement_)
            start();
        const int result = statement_->step_code();
        if (result == SQLITE_ROW) [[likely]] {
            read_row(batch);
            continue;
        }
        statement_->reset();
        is_done_ = result == SQLITE_DONE;
        if (is_done_)
            break;
        const int kind = result & 0xff;
        const bool is_value = kind == SQLITE_TOOBIG || kind == SQLITE_ERROR;
        if (!is_value && kind != SQLITE_INTERRUPT)
            fail_step(result);
        statement_.reset();
        if (kind == SQLITE_INTERRUPT || !read_row_apart(batch))
            return Fetch::interrupted;
    }
    if (is_done_)
        statement_.reset();
    return batch.is_empty() ? Fetch::end : Fetch::rows;
}

inline void TableReader::read_row(Batch &batch) {
    sqlite3_stmt *statement = statement_->handle();
    std::int64_t row_id = rows_read_ + 1;
    if (has_rowid()) {
        row_id = sqlite3_column_int64(statement, rowid_result_);
        // A damaged tree can lead through the same page again and again.
        if (row_id <= last_row_ && rows_read_ > 0) [[unlikely]]
            fail_order(row_id);
    } else if (row_id > row_limit_) [[unlikely]] {
        fail_order(row_id);
    }
    last_row_ = row_id;
    Cell *cells = batch.add_row(row_id);
    const std::size_t count = names_.size();
    // The column that is the rowid is read already.
    const bool is_alias_read = has_rowid() && first_result_ == 0;
    const std::size_t alias = is_alias_read ? static_cast<std::size_t>(rowid_result_) : count;
    for (std::size_t i = 0; i < count; ++i) {
        if (i == alias)
            cells[i].set_integer(row_id);
        else
            read_cell(statement, first_result_ + static_cast<int>(i), i, cells[i], batch);
    }
    ++rows_read_;
}

inline void TableReader::read_cell(sqlite3_stmt *statement, int result, std::size_t column,
                                   Cell &cell, Batch &batch) const {
    // One look-up of the column instead of one a call. Such a value is unprotected, which matters
    // to threads alone, and a backend has one.
    sqlite3_value *value = sqlite3_column_value(statement, result);
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        cell.set_integer(sqlite3_value_int64(value));
        return;
    case SQLITE_FLOAT:
        cell.set_real(sqlite3_value_double(value));
        return;
    case SQLITE_NULL:
        return;
    case SQLITE_TEXT: {
        const auto *text = sqlite3_value_text(value);
        const int size = sqlite3_value_bytes(value);
        if (text == nullptr) [[unlikely]] // never for a text: memory for UTF-8 was short
            database_->fail(SQLITE_NOMEM, reading(table_));
        if (size > max_value_size_) [[unlikely]]
            fail_cell(column, last_row_, SQLITE_TOOBIG);
        batch.set_bytes(cell, StorageClass::text,
                        {reinterpret_cast<const char *>(text), static_cast<std::size_t>(size)});
        return;
    }
    default: {
        const void *blob = sqlite3_value_blob(value);
        const int size = sqlite3_value_bytes(value);
        if (blob == nullptr && size > 0) [[unlikely]]
            database_->fail(SQLITE_NOMEM, reading(table_));
        if (size > max_value_size_) [[unlikely]]
            fail_cell(column, last_row_, SQLITE_TOOBIG);
        batch.set_bytes(cell, StorageClass::blob,
                        {static_cast<const char *>(blob), static_cast<std::size_t>(size)});
    }
    }
}

// The row at which the scan stopped; its payload is not read. Throws when there is none.
std::int64_t TableReader::next_row_id() const {
    if (!has_rowid())
        return rows_read_ + 1;
    const std::string after = rows_read_ > 0 ? " WHERE " + rowid_ + " > ?1" : "";
    Statement row(*database_, select(rowid_) + after + " ORDER BY " + rowid_ + " LIMIT 1",
                  reading(table_));
    if (rows_read_ > 0)
        row.bind(1, last_row_);
    if (!row.step())
        fail_step(SQLITE_CORRUPT);
    return row.integer(0);
}

// Reads a row whose SELECT failed column by column: the error names the one at fault, and a row
// whose values are only together too large for SQLite is read after all. False: interrupted.
bool TableReader::read_row_apart(Batch &batch) {
    const LengthLimit length_limit(database_->handle());
    const std::int64_t row_id = next_row_id();
    Cell *cells = batch.add_row(row_id);
    const std::string where = has_rowid() ? " WHERE " + rowid_ + " = ?1" : " LIMIT 1 OFFSET ?1";
    const std::int64_t last_row = std::exchange(last_row_, row_id);
    for (std::size_t i = 0; i < names_.size(); ++i) {
        Statement value(*database_, select(values_[i]) + where, reading(table_));
        value.bind(1, has_rowid() ? row_id : rows_read_);
        const int result = value.step_code();
        if ((result & 0xff) == SQLITE_INTERRUPT) {
            batch.drop_last_row();
            last_row_ = last_row;
            return false;
        }
        if (result != SQLITE_ROW)
            fail_cell(i, row_id, result);
        read_cell(value.handle(), 0, i, cells[i], batch);
    }
    ++rows_read_;
    return true;
}

void TableReader::fail_cell(std::size_t column, std::int64_t row_id, int result) const {
    const std::string place =
        "column " + shown(quote_name(names_.at(column))) + " of table " + shown(quote_name(table_));
    const std::string row = "row " + std::to_string(row_id);
    const int kind = result & 0xff;
    if (kind == SQLITE_TOOBIG)
        throw Error(sqlstate::kProgramLimitExceeded, "value in " + place + " is too large")
            .with_detail("The value in " + row + " has more than " +
                         std::to_string(max_value_size_) + " bytes.")
            .with_hint("Raise option \"max_value_size\" or leave the column out.");
    if (kind != SQLITE_ERROR)
        fail_step(result);
    throw Error(kDataException,
                "could not compute " + place + ": " + shown(sqlite3_errmsg(database_->handle())))
        .with_detail("SQLite itself fails on " + row + ".")
        .with_hint("Leave the column out, or mend the row in the source.");
}

void TableReader::fail_step(int result) const {
    const int kind = result & 0xff;
    const std::string place = rows_read_ == 0
                                  ? "No row of it could be read."
                                  : "The last row read was row " + std::to_string(last_row_) + ".";
    if (kind == SQLITE_NOMEM && computes_)
        throw Error(sqlstate::kProgramLimitExceeded, "generated columns of table " +
                                                         shown(quote_name(table_)) +
                                                         " need too much memory")
            .with_detail(place);
    if (kind != SQLITE_CORRUPT && kind != SQLITE_NOTADB)
        database_->fail(result, reading(table_));
    throw Error(sqlstate::kDataCorrupted,
                "could not " + reading(table_) + ": " + "database disk image is malformed")
        .with_detail(place)
        .with_hint("The file is damaged. The sqlite3 program's command \".recover\" may save what "
                   "is left.")
        .with_context("SQLite database \"" + shown(database_->path()) + "\"");
}

void TableReader::fail_order(std::int64_t row_id) const {
    throw Error(sqlstate::kDataCorrupted,
                "could not " + reading(table_) + ": its rows are not in order")
        .with_detail("Row " + std::to_string(row_id) + " follows row " + std::to_string(last_row_) +
                     ".")
        .with_hint("The file is damaged. The sqlite3 program's command \".recover\" may save what "
                   "is left.")
        .with_context("SQLite database \"" + shown(database_->path()) + "\"");
}

} // namespace migrate::core::sqlite

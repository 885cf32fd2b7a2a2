#include "core/fdw/table_writer.hpp"

#include "core/cell_text.hpp"
#include "core/error.hpp"
#include "core/fdw/write_errors.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/heap_limit.hpp"

#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

constexpr char kGeneratedAlways[] = "428C9";
constexpr char kCardinalityViolation[] = "21000";
constexpr char kDataException[] = "22000";
constexpr char kNumericValueOutOfRange[] = "22003";
constexpr char kDatetimeFieldOverflow[] = "22008";

std::string quoted(const std::string &name) {
    return sqlite::shown(sqlite::quote_name(name));
}

const char *code_of(const StoredColumn &column) noexcept {
    switch (column.kind) {
    case TypeKind::boolean:
    case TypeKind::bigint:
    case TypeKind::numeric:
    case TypeKind::float8:
        return kNumericValueOutOfRange;
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return kDatetimeFieldOverflow;
    default:
        return kDataException;
    }
}

std::string why_refused(const Cell &cell, const StoredColumn &column, const Column &source) {
    const std::string place = source.declared_type.empty()
                                  ? "without a type."
                                  : "declared \"" + sqlite::shown(source.declared_type) + "\".";
    if (code_of(column) == kDatetimeFieldOverflow)
        return "It is no time that would be read back from a column " + place;
    return "SQLite would not give " + describe_cell(cell) + " back from a column " + place;
}

// What tells one key from another.
std::string key_bytes(const Cell *cells, std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
        const Cell &cell = cells[i];
        const bool is_long =
            cell.storage == StorageClass::text || cell.storage == StorageClass::blob;
        const std::uint64_t head = is_long ? cell.size : static_cast<std::uint64_t>(cell.integer);
        bytes += static_cast<char>(cell.storage);
        bytes.append(reinterpret_cast<const char *>(&head), sizeof(head));
        if (is_long)
            bytes += cell.view();
    }
    return bytes;
}

// A key as a message shows it.
std::string key_text(const Cell *cells, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += (i == 0 ? "" : ", ") + describe_cell(cells[i]);
    return text;
}

} // namespace

TableWriter::TableWriter(Connection &connection, WriteRequest request,
                         std::vector<StoredColumn> columns)
    : connection_(&connection), request_(std::move(request)), columns_(std::move(columns)),
      sql_(write_sql(request_)), width_(columns_.size()), arena_(1) {
    if (request_.kind != WriteKind::insert && request_.keys.empty())
        ++width_;
}

std::string TableWriter::doing() const {
    constexpr const char *kVerbs[] = {"insert into", "update", "delete from"};
    return std::string(kVerbs[static_cast<std::size_t>(request_.kind)]) + " SQLite table " +
           quoted(request_.relation->table->name);
}

void TableWriter::refuse(const Cell &cell, std::size_t column) const {
    const Column &source = request_.relation->table->columns.at(static_cast<std::size_t>(
        column < request_.columns.size() ? request_.columns[column]
                                         : request_.keys.at(column - request_.columns.size())));
    throw Error(code_of(columns_[column]), "could not " + doing() + ": column " +
                                               quoted(source.name) +
                                               " cannot hold the value as it is")
        .with_detail(why_refused(cell, columns_[column], source));
}

void TableWriter::store(Cell *cells) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const Cell before = cells[i];
        if (!make_stored(cells[i], columns_[i], arena_))
            refuse(before, i);
    }
}

// A rowid that comes again, or a key: 0 rows are found for a deleted one, which is no mistake.
bool TableWriter::is_repeat(const Cell *cells) {
    if (request_.kind == WriteKind::insert)
        return false;
    const Cell *key = cells + request_.columns.size();
    if (!request_.keys.empty())
        return !keys_.insert(key_bytes(key, request_.keys.size())).second;
    return has_repeats_ && !rowids_.insert(key->integer).second;
}

void TableWriter::bind_cell(int position, const Cell &cell) {
    sqlite3_stmt *statement = statement_->handle();
    int result = SQLITE_OK;
    switch (cell.storage) {
    case StorageClass::null:
        result = sqlite3_bind_null(statement, position);
        break;
    case StorageClass::integer:
        result = sqlite3_bind_int64(statement, position, cell.integer);
        break;
    case StorageClass::real:
        result = sqlite3_bind_double(statement, position, cell.real);
        break;
    case StorageClass::text: // both outlive the step
        result = sqlite3_bind_text64(statement, position, cell.bytes, cell.size, SQLITE_STATIC,
                                     SQLITE_UTF8);
        break;
    case StorageClass::blob: // without an address it would be NULL
        result = sqlite3_bind_blob64(statement, position, cell.size == 0 ? "" : cell.bytes,
                                     cell.size, SQLITE_STATIC);
        break;
    }
    if (result != SQLITE_OK)
        fail_write(connection_->database(), result, doing());
}

void TableWriter::bind(const Cell *cells) {
    for (std::size_t i = 0; i < width_; ++i)
        bind_cell(static_cast<int>(i) + 1, cells[i]);
}

void TableWriter::read_row(Batch &returned) const {
    sqlite3_stmt *statement = statement_->handle();
    Cell *cells = returned.add_row(sqlite3_last_insert_rowid(connection_->database().handle()));
    for (std::size_t i = 0; i < request_.returned.size(); ++i) {
        const int column = static_cast<int>(i);
        const int type = sqlite3_column_type(statement, column);
        if (type == SQLITE_INTEGER)
            cells[i].set_integer(sqlite3_column_int64(statement, column));
        else if (type == SQLITE_FLOAT)
            cells[i].set_real(sqlite3_column_double(statement, column));
        if (type != SQLITE_TEXT && type != SQLITE_BLOB)
            continue;
        const auto *bytes = static_cast<const char *>(
            type == SQLITE_TEXT ? static_cast<const void *>(sqlite3_column_text(statement, column))
                                : sqlite3_column_blob(statement, column));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        returned.set_bytes(cells[i], type == SQLITE_TEXT ? StorageClass::text : StorageClass::blob,
                           {bytes == nullptr ? "" : bytes, bytes == nullptr ? 0 : size});
    }
}

void TableWriter::run(Batch *returned) {
    const sqlite::HeapLimit limit(
        sqlite::heap_room(connection_->database().options().max_value_size));
    int result = SQLITE_ROW;
    while ((result = statement_->step_code()) == SQLITE_ROW)
        if (returned != nullptr && returned->is_empty())
            read_row(*returned);
    if (result == SQLITE_DONE) {
        statement_->reset();
        return;
    }
    result = sqlite3_extended_errcode(connection_->database().handle());
    try {
        fail_write(connection_->database(), result, doing());
    } catch (...) {
        statement_->reset(); // only now: the message goes with it
        throw;
    }
}

void TableWriter::prepare() {
    if (statement_)
        return;
    try {
        statement_.emplace(connection_->database(), sql_, doing());
    } catch (const Error &) {
        fail_write(connection_->database(),
                   sqlite3_extended_errcode(connection_->database().handle()), doing());
    }
}

void TableWriter::check_changed(int changed, bool is_repeated, const Cell *cells) const {
    if (request_.keys.empty() || changed == 1 || is_repeated)
        return;
    const std::string key =
        "The key is (" + key_text(cells + request_.columns.size(), request_.keys.size()) + ")";
    if (changed > 1)
        throw Error(kCardinalityViolation,
                    "could not " + doing() + ": its key names more than one row")
            .with_detail(key + ".")
            .with_hint("Give the option \"key\" to all columns of the table's primary key.");
    throw Error(sqlstate::kObjectNotInPrerequisiteState,
                "could not " + doing() + ": its key names no row")
        .with_detail(key + ", as the types of the foreign table's columns give it.")
        .with_hint("Give the key columns types that keep what SQLite stores, such as text.");
}

bool TableWriter::write(Cell *cells, Batch *returned) {
    arena_.clear();
    store(cells);
    const bool is_repeated = is_repeat(cells);
    if (is_repeated && request_.kind == WriteKind::update)
        return false;
    prepare();
    bind(cells);
    if (returned != nullptr)
        returned->clear();
    run(returned);
    connection_->forget_rows();
    const int changed = sqlite3_changes(connection_->database().handle());
    check_changed(changed, is_repeated, cells);
    return changed == 1;
}

void refuse_generated(const Table &table, int column) {
    const Column &source = table.columns.at(static_cast<std::size_t>(column));
    throw Error(kGeneratedAlways, "cannot write to column " + quoted(source.name) +
                                      " of SQLite table " + quoted(table.name))
        .with_detail("It is a generated column.");
}

void truncate_table(Connection &connection, const Relation &relation, bool restarts) {
    const Table &table = *relation.table;
    sqlite3 *handle = connection.database().handle();
    const std::string doing = "truncate SQLite table " + quoted(table.name);
    const auto run = [&](const std::string &sql) {
        if (sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
            fail_write(connection.database(), sqlite3_extended_errcode(handle), doing);
    };
    run("DELETE FROM main." + sqlite::quote_name(table.name));
    connection.forget_rows();
    if (!restarts || !table.is_autoincrement)
        return;
    sqlite::Statement sequence(connection.database(),
                               "DELETE FROM main.sqlite_sequence WHERE name = ?", doing);
    sequence.bind(1, std::string_view(table.name));
    (void)sequence.step();
}

} // namespace migrate::core::fdw

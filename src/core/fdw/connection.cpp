#include "core/fdw/connection.hpp"

#include "core/error.hpp"
#include "core/fdw/column_index.hpp"
#include "core/fdw/table_size.hpp"
#include "core/fdw/view_access.hpp"
#include "core/sqlite/authorizer.hpp"
#include "core/sqlite/catalog.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/statement.hpp"
#include "core/sqlite/write_access.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

// The one of the list that bears the name, spelled alike before spelled otherwise.
template <typename Items>
auto find_named(const Items &items, const std::string &name) {
    const auto exact =
        std::ranges::find_if(items, [&](const auto &each) { return each.name == name; });
    if (exact != items.end())
        return exact;
    return std::ranges::find_if(items, [&](const auto &each) {
        return sqlite3_stricmp(each.name.c_str(), name.c_str()) == 0;
    });
}

[[noreturn]] void refuse_table(const Table &table) {
    throw Error(sqlstate::kWrongObjectType,
                "cannot read table \"" + sqlite::shown(table.name) + "\" of the SQLite database")
        .with_detail(table.kind == TableKind::virtual_table
                         ? "It is a virtual table, which only its module \"" +
                               sqlite::shown(table.module) + "\" can read."
                         : "It is a table of SQLite's own.");
}

} // namespace

void Connection::open() {
    schema_version_.reset();
    data_version_.reset();
    has_views_ = false;
    database_.reset(); // its descriptors go before the new ones come
    database_ = sqlite::Database::open(path_, options_);
}

// A file that was replaced, and one that was opened as if nobody ever wrote to it.
bool Connection::is_stale() const noexcept {
    int is_moved = 0;
    sqlite3_file_control(database_->handle(), "main", SQLITE_FCNTL_HAS_MOVED, &is_moved);
    return is_moved != 0 || database_->is_immutable();
}

void Connection::start_reading() {
    const bool is_fresh = database_ == nullptr || is_stale();
    if (is_fresh)
        open();
    try {
        database_->begin_read();
    } catch (const Error &error) {
        const std::string_view code = error.code();
        if (is_fresh || code == sqlstate::kLockNotAvailable || code == sqlstate::kQueryCanceled)
            throw;
        // What the file has become since (another journal mode, say) may need another way in.
        open();
        database_->begin_read();
    }
    is_reading_ = true;
    has_scanned_ = false;
    only_text_.clear();
    try {
        refresh_catalog();
    } catch (...) {
        abandon();
        throw;
    }
}

std::int64_t Connection::pragma_value(const char *sql) const {
    // These two are not for statements that a file has a say in, so the authorizer knows them not.
    sqlite3_set_authorizer(database_->handle(), nullptr, nullptr);
    std::int64_t value = 0;
    try {
        sqlite::Statement row(*database_, sql, "read the state of the database");
        value = row.step() ? row.integer(0) : 0;
    } catch (...) {
        restore_authorizer();
        throw;
    }
    restore_authorizer();
    return value;
}

void Connection::restore_authorizer() const {
    if (options_.is_writable)
        sqlite::allow_writes(database_->handle(), &schema_);
    else if (has_views_)
        allow_views(*database_);
    else
        sqlite::set_authorizer(database_->handle());
}

void Connection::use_views() {
    if (!has_views_ && !options_.is_writable)
        allow_views(*database_);
    has_views_ = true;
}

void Connection::refresh_catalog() {
    const std::int64_t data_version = pragma_value("PRAGMA data_version");
    if (data_version_ != data_version)
        sizes_.clear();
    data_version_ = data_version;
    const std::int64_t schema_version = pragma_value("PRAGMA schema_version");
    if (schema_version_ == schema_version)
        return;
    relations_.clear();
    views_.clear();
    sizes_.clear();
    schema_ = sqlite::read_catalog(*database_);
    // Only now: what the catalog found unreadable for want of a collation stays so.
    database_->accept_unknown_collations();
    schema_version_ = schema_version;
}

void Connection::stop_reading() {
    if (has_written()) // the transaction is for whoever commits it to end
        return;
    is_reading_ = false;
    database_->end_read();
}

void Connection::acquire() {
    if (has_written())
        writing_->check();
    if (!is_reading_)
        start_reading();
    ++leases_;
}

void Connection::give_back() {
    if (--leases_ == 0 && !is_held_ && is_reading_)
        stop_reading();
}

void Connection::release() {
    is_held_ = false;
    if (leases_ == 0 && is_reading_)
        stop_reading();
}

void Connection::abandon() noexcept {
    try {
        if (leases_ > 0)
            --leases_;
        if (leases_ == 0 && !is_held_ && is_reading_)
            stop_reading();
    } catch (...) {
        database_.reset(); // the next lease opens it anew
    }
}

const Relation *Connection::keep(const Table *table, bool is_view) {
    return &relations_.insert_or_assign(table->name, Relation{table, is_view}).first->second;
}

const Relation *Connection::find(std::string_view name) {
    if (const auto known = relations_.find(name); known != relations_.end())
        return &known->second;
    const std::string wanted(name);
    const auto table = find_named(schema_.tables, wanted);
    const auto view = find_named(schema_.views, wanted);
    if (table != schema_.tables.end() &&
        (table->name == wanted || view == schema_.views.end() || view->name != wanted)) {
        if (table->kind != TableKind::ordinary && table->kind != TableKind::shadow)
            refuse_table(*table);
        return keep(&*table, false);
    }
    if (view == schema_.views.end())
        return nullptr;
    use_views();
    return keep(&views_.emplace_back(describe_view(*database_, view->name)), true);
}

TableSize Connection::size(const Relation &relation) {
    if (const auto known = sizes_.find(relation.table->name); known != sizes_.end())
        return known->second;
    const TableSize size = estimate_size(*database_, relation);
    sizes_.emplace(relation.table->name, size);
    return size;
}

bool Connection::has_only_text(const Relation &relation, int column) {
    const std::pair key(relation.table->name, column);
    const auto known = only_text_.find(key);
    if (known != only_text_.end())
        return known->second;
    const bool answer = !relation.is_view && stores_only_text(*database_, *relation.table, column);
    only_text_.emplace(key, answer);
    return answer;
}

Lease::Lease(std::shared_ptr<Connection> connection) {
    connection->acquire();
    connection_ = std::move(connection);
}

Lease::~Lease() {
    if (connection_ != nullptr)
        connection_->abandon();
}

void Lease::finish() {
    // Given back first: a failure must not make the destructor do it again.
    const std::shared_ptr<Connection> connection = std::exchange(connection_, nullptr);
    if (connection != nullptr)
        connection->give_back();
}

} // namespace migrate::core::fdw

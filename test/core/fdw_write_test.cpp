// Writes of a foreign table's connection: the statements, the transaction with its savepoints, rows
// that come back, and batches that wait as bytes.
#include "core/fdw/packed_batch.hpp"
#include "core/fdw/table_writer.hpp"
#include "core/fdw/write_query.hpp"
#include "database_fixture.hpp"

#include <memory>
#include <utility>

using namespace migrate::core;
using namespace migrate::core::fdw;
using migrate::core::test::make_database;
using migrate::core::test::quick;
using migrate::core::test::TempDir;

namespace {

constexpr char kTables[] = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE);"
                           "CREATE TABLE k (a TEXT, b INT, v, PRIMARY KEY (a, b)) WITHOUT ROWID;"
                           "CREATE VIEW w AS SELECT id FROM t;"
                           "INSERT INTO t VALUES (1, 'one')";

sqlite::OpenOptions writable() {
    sqlite::OpenOptions options = quick();
    options.is_writable = true;
    return options;
}

std::shared_ptr<fdw::Connection> open_writable(const TempDir &folder) {
    make_database(folder.file("w.db"), kTables);
    return std::make_shared<fdw::Connection>(folder.file("w.db"), writable());
}

// What a connection of its own reads.
std::int64_t count_rows(const TempDir &folder) {
    const auto database = sqlite::Database::open(folder.file("w.db"), quick());
    sqlite::Statement rows(*database, "SELECT count(*) FROM t", "count");
    REQUIRE(rows.step());
    return rows.integer(0);
}

StoredColumn column_of(TypeKind kind, plan::Affinity affinity) {
    StoredColumn column;
    column.kind = kind;
    column.rule.type = make_type(kind);
    column.affinity = affinity;
    return column;
}

bool insert(fdw::Connection &connection, std::int64_t id, std::string_view text,
            Batch *returned = nullptr) {
    WriteRequest request;
    request.relation = connection.find("t");
    request.columns = {0, 1};
    if (returned != nullptr)
        request.returned = {1, 0};
    TableWriter writer(connection, request,
                       {column_of(TypeKind::bigint, plan::Affinity::integer),
                        column_of(TypeKind::text, plan::Affinity::text)});
    Cell cells[2];
    cells[0].set_integer(id);
    cells[1].storage = StorageClass::text;
    cells[1].bytes = text.data();
    cells[1].size = static_cast<std::uint32_t>(text.size());
    return writer.write(cells, returned);
}

template <typename Function>
std::string code_of(Function function) {
    try {
        function();
    } catch (const Error &error) {
        return error.code();
    }
    return "none";
}

} // namespace

TEST_CASE("a write's statement names columns, key and what comes back", "[fdw][write]") {
    TempDir folder;
    const auto connection = open_writable(folder);
    const Lease lease(connection);
    WriteRequest request;
    request.relation = connection->find("t");
    CHECK(write_sql(request) == "INSERT INTO main.\"t\" DEFAULT VALUES");
    request.skips_conflicts = true;
    CHECK(write_sql(request) ==
          "INSERT INTO main.\"t\" (rowid) VALUES (NULL) ON CONFLICT DO NOTHING");
    request.columns = {1};
    request.returned = {0, 1};
    CHECK(write_sql(request) == "INSERT INTO main.\"t\" (\"v\") VALUES (?) ON CONFLICT DO NOTHING "
                                "RETURNING \"id\", \"v\"");
    request.kind = WriteKind::update;
    request.returned.clear();
    CHECK(write_sql(request) == "UPDATE main.\"t\" SET \"v\" = ? WHERE rowid = ?");
    request.kind = WriteKind::remove;
    request.relation = connection->find("k");
    request.keys = {0, 1};
    CHECK(write_sql(request) == "DELETE FROM main.\"k\" WHERE \"a\" = ? AND \"b\" = ?");
    CHECK(code_of([&] { check_target(*connection->find("w"), false); }) == "42809");
    CHECK(code_of([&] { check_target(*connection->find("k"), true); }) == "0A000");
    CHECK(code_of([&] { check_target(*connection->find("k"), false); }) == "none");
}

TEST_CASE("a connection writes between begin_write and commit_write", "[fdw][write]") {
    TempDir folder;
    const auto connection = open_writable(folder);
    CHECK_FALSE(connection->has_written());
    connection->begin_write();
    CHECK(connection->has_written());
    CHECK(connection->is_in_use());
    Lease lease(connection);
    Batch returned(2);
    CHECK(insert(*connection, 2, "two", &returned));
    REQUIRE(returned.rows() == 1);
    CHECK(returned.row(0)[0].view() == "two");
    CHECK(returned.row(0)[1].integer == 2);
    CHECK(code_of([&] { insert(*connection, 2, "again"); }) == "23505");
    CHECK(code_of([&] { insert(*connection, 3, "one"); }) == "23505");
    lease.finish();
    CHECK(count_rows(folder) == 1);
    SECTION("which commits") {
        connection->commit_write();
        CHECK(count_rows(folder) == 2);
    }
    SECTION("or undoes") {
        connection->undo_write();
        CHECK(count_rows(folder) == 1);
    }
    CHECK_FALSE(connection->has_written());
    CHECK_FALSE(connection->is_in_use());
    const Lease again(connection);
    CHECK(connection->find("t") != nullptr);
}

TEST_CASE("a read transaction becomes one that writes", "[fdw][write]") {
    TempDir folder;
    const auto connection = open_writable(folder);
    Lease lease(connection);
    connection->note_scan();
    connection->begin_write();
    CHECK(insert(*connection, 2, "two"));
    lease.finish();
    connection->commit_write();
    CHECK(count_rows(folder) == 2);
}

TEST_CASE("subtransactions are savepoints", "[fdw][write]") {
    TempDir folder;
    const auto connection = open_writable(folder);
    connection->begin_write();
    const Lease lease(connection);
    WriteTransaction *writes = connection->writing();
    writes->save(1);
    insert(*connection, 2, "level 1");
    writes->save(3); // 2 and 3
    insert(*connection, 3, "level 3");
    writes->undo(3);
    writes->save(3);
    insert(*connection, 4, "level 3 again");
    writes->release(3);
    writes->release(2);
    writes->release(2); // nothing was written there since
    writes->save(2);
    insert(*connection, 5, "level 2");
    writes->undo(2);
    writes->undo(2);
    connection->commit_write();
    CHECK(count_rows(folder) == 3);
}

TEST_CASE("what SQLite rolled back cannot be committed", "[fdw][write]") {
    TempDir folder;
    const auto connection = open_writable(folder);
    connection->begin_write();
    insert(*connection, 2, "two");
    connection->writing()->save(2);
    sqlite3_exec(connection->database().handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    connection->writing()->undo(2);
    CHECK(code_of([&] { connection->writing()->save(2); }) == "40000");
    CHECK(code_of([&] { const Lease lease(connection); }) == "40000");
    CHECK(code_of([&] { connection->commit_write(); }) == "40000");
    connection->undo_write();
    CHECK(count_rows(folder) == 1);
}

TEST_CASE("the write lock is one connection's", "[fdw][write]") {
    TempDir folder;
    const auto connection = open_writable(folder);
    const auto other = std::make_shared<fdw::Connection>(folder.file("w.db"), writable());
    other->set_busy_timeout(30);
    connection->begin_write();
    CHECK(code_of([&] { other->begin_write(); }) == "55P03");
    CHECK_FALSE(other->has_written());
    connection->undo_write();
    CHECK(code_of([&] { other->begin_write(); }) == "none");
    other->undo_write();
}

TEST_CASE("a packed batch is the batch", "[fdw][write]") {
    Batch batch(3);
    for (int i = 0; i < 5; ++i) {
        Cell *cells = batch.add_row(i - 2);
        cells[0].set_integer(i * 1000);
        cells[1].set_real(i / 4.0);
        if (i % 2 == 0)
            batch.set_bytes(cells[2], i == 0 ? StorageClass::text : StorageClass::blob,
                            std::string(static_cast<std::size_t>(i), '\0'));
    }
    std::string bytes;
    pack(batch, bytes);
    Batch copy(3);
    copy.add_row(99);
    unpack(bytes, copy);
    REQUIRE(copy.rows() == batch.rows());
    for (std::size_t row = 0; row < copy.rows(); ++row) {
        CHECK(copy.row_id(row) == batch.row_id(row));
        CHECK(copy.row(row)[0].integer == batch.row(row)[0].integer);
        CHECK(copy.row(row)[1].real == batch.row(row)[1].real);
        CHECK(copy.row(row)[2].storage == batch.row(row)[2].storage);
        if (!copy.row(row)[2].is_null())
            CHECK(copy.row(row)[2].view() == batch.row(row)[2].view());
    }
    pack(Batch(0), bytes);
    CHECK(bytes.empty());
}

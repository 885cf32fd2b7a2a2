#include "catch.hpp"
#include "core/batch.hpp"

#include <cstdint>
#include <cstring>
#include <string>

using namespace migrate::core;

namespace {

bool is_aligned(const char *bytes) {
    return reinterpret_cast<std::uintptr_t>(bytes) % 4 == 0;
}

} // namespace

TEST_CASE("a batch keeps rows side by side", "[batch]") {
    Batch batch(3);
    CHECK(batch.is_empty());
    CHECK(batch.columns() == 3);

    Cell *first = batch.add_row(-7);
    CHECK(first[0].is_null());
    CHECK(first[2].is_null());
    first[1].set_integer(42);
    Cell *second = batch.add_row(INT64_MAX);
    second[2].set_real(0.5);

    REQUIRE(batch.rows() == 2);
    CHECK(batch.row_id(0) == -7);
    CHECK(batch.row_id(1) == INT64_MAX);
    CHECK(batch.row(0)[1].integer == 42);
    CHECK(batch.row(1)[2].real == 0.5);
    CHECK(batch.row(1) == batch.row(0) + 3);

    SECTION("the last row is taken back") {
        batch.drop_last_row();
        REQUIRE(batch.rows() == 1);
        CHECK(batch.add_row(9)[2].is_null());
        CHECK(batch.row_id(1) == 9);
        batch.drop_last_row();
        batch.drop_last_row();
        batch.drop_last_row();
        CHECK(batch.is_empty());
    }
    SECTION("a rejected row is marked alone and forgotten by clear") {
        batch.reject_row(1);
        CHECK_FALSE(batch.is_rejected(0));
        CHECK(batch.is_rejected(1));
        batch.clear();
        batch.add_row(1);
        batch.add_row(2);
        CHECK_FALSE(batch.is_rejected(1));
        CHECK(batch.row(0)[1].is_null());
    }
}

TEST_CASE("bytes have header room, a boundary and a NUL", "[batch]") {
    const std::size_t size = GENERATE(0, 1, 2, 3, 4, 5, 7, 63, 64, 65, 4096, 65535, 65536, 65537,
                                      262144, 300000, 5000000);
    Batch batch(1);
    const std::string value(size, 'v');
    batch.add_row(1);
    for (int i = 0; i < 3; ++i) {
        const char *stored = batch.store(value.data(), value.size());
        REQUIRE(is_aligned(stored));
        REQUIRE(std::memcmp(stored, value.data(), size) == 0);
        REQUIRE(stored[size] == '\0');
        std::memset(const_cast<char *>(stored) - Batch::kHeaderRoom, 0xff, Batch::kHeaderRoom);
    }
    Cell &cell = batch.row(0)[0];
    batch.set_bytes(cell, StorageClass::blob, value);
    CHECK(cell.storage == StorageClass::blob);
    CHECK(cell.view() == value);
    CHECK(batch.bytes() >= 4 * size);
}

TEST_CASE("neighbours do not touch each other's header room", "[batch]") {
    Batch batch(1);
    const char *left = batch.store("abc", 3);
    const char *right = batch.store("defg", 4);
    char *header = const_cast<char *>(right) - Batch::kHeaderRoom;
    std::memset(header, 0x7f, Batch::kHeaderRoom);
    CHECK(std::string(left) == "abc");
    CHECK(std::string(right) == "defg");
}

TEST_CASE("a value with NULs and an empty one without address", "[batch]") {
    Batch batch(1);
    Cell cell;
    batch.set_bytes(cell, StorageClass::text, std::string_view("a\0b", 3));
    CHECK(cell.size == 3);
    CHECK(cell.view() == std::string_view("a\0b", 3));
    batch.set_bytes(cell, StorageClass::blob, std::string_view());
    CHECK(cell.size == 0);
    CHECK(cell.bytes != nullptr);
    CHECK(cell.bytes[0] == '\0');
}

TEST_CASE("a batch is full by rows, bytes or cells", "[batch]") {
    SECTION("rows") {
        Batch batch(2);
        for (std::size_t i = 0; i < Batch::kMaxRows; ++i) {
            REQUIRE_FALSE(batch.is_full());
            batch.add_row(static_cast<std::int64_t>(i));
        }
        CHECK(batch.is_full());
    }
    SECTION("more rows than that are kept all the same") {
        Batch batch(2);
        for (std::size_t i = 0; i < 5 * Batch::kMaxRows; ++i)
            batch.add_row(static_cast<std::int64_t>(i))[1].set_integer(static_cast<int>(i));
        REQUIRE(batch.rows() == 5 * Batch::kMaxRows);
        CHECK(batch.row_id(4321) == 4321);
        CHECK(batch.row(4321)[0].is_null());
        CHECK(batch.row(4321)[1].integer == 4321);
    }
    SECTION("bytes") {
        Batch batch(1);
        const std::string value(100'000, 'x');
        while (!batch.is_full()) {
            batch.add_row(1);
            batch.store(value.data(), value.size());
        }
        CHECK(batch.rows() == 11);
        batch.clear();
        CHECK(batch.bytes() == 0);
        CHECK_FALSE(batch.is_full());
    }
    SECTION("cells of a wide table") {
        Batch batch(2000);
        while (!batch.is_full())
            batch.add_row(1);
        CHECK(batch.rows() == Batch::kMaxCells / 2000);
    }
    SECTION("no columns at all") {
        Batch batch(0);
        while (!batch.is_full())
            batch.add_row(1);
        CHECK(batch.rows() == Batch::kMaxRows);
    }
}

TEST_CASE("a batch is filled again and again", "[batch]") {
    Batch batch(1);
    for (int round = 0; round < 5; ++round) {
        batch.clear();
        std::string expected;
        for (int i = 0; i < 500; ++i) {
            const std::string value(static_cast<std::size_t>(i) * 13,
                                    static_cast<char>('a' + round));
            batch.set_bytes(*batch.add_row(i), StorageClass::text, value);
        }
        for (std::size_t i = 0; i < 500; ++i) {
            const Cell &cell = batch.row(i)[0];
            REQUIRE(cell.size == i * 13);
            REQUIRE(cell.view().find_first_not_of(static_cast<char>('a' + round)) ==
                    std::string_view::npos);
        }
    }
}

TEST_CASE("storage classes have names", "[batch][cell]") {
    CHECK(storage_class_name(StorageClass::null) == "null");
    CHECK(storage_class_name(StorageClass::integer) == "integer");
    CHECK(storage_class_name(StorageClass::real) == "real");
    CHECK(storage_class_name(StorageClass::text) == "text");
    CHECK(storage_class_name(StorageClass::blob) == "blob");
}

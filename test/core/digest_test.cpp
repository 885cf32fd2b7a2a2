// Hashes of rows and tables: every change of a table changes its digest.
#include "catch.hpp"

#include "core/verify/digest.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace migrate::core::verify;
using namespace std::string_view_literals;

namespace {

using Values = std::vector<std::string>;

CanonicalRow make_row(const Values &values, std::vector<bool> is_key = {true}) {
    is_key.resize(values.size());
    CanonicalRow row(is_key);
    for (const std::string &value : values)
        row.next_value() += value;
    return row;
}

TableDigest digest_of(const std::vector<Values> &rows) {
    TableDigest digest;
    for (const Values &values : rows)
        digest.add(make_row(values));
    return digest;
}

std::string key_of(const Values &values, std::vector<bool> is_key) {
    return make_row(values, std::move(is_key)).key_text();
}

} // namespace

TEST_CASE("128-bit sums carry", "[verify][digest]") {
    Hash128 sum{1, ~std::uint64_t{0}};
    sum += Hash128{2, 1};
    CHECK(sum == Hash128{4, 0});
    sum += Hash128{~std::uint64_t{0}, ~std::uint64_t{0}};
    CHECK(sum == Hash128{3, ~std::uint64_t{0}});
    CHECK((Hash128{0x0123456789abcdef, 0xf}).hex() == "0123456789abcdef000000000000000f");
    CHECK(Hash128{}.hex() == std::string(32, '0'));
}

TEST_CASE("the hash is XXH3 of 128 bits", "[verify][digest]") {
    // The published value of the empty input.
    CHECK(hash_bytes("").hex() == "99aa06d3014798d86001c324468d497f");
    CHECK(hash_bytes("a") != hash_bytes("b"));
}

TEST_CASE("values keep their ends", "[verify][digest]") {
    CHECK(make_row({"ab", "c"}).row_hash() != make_row({"a", "bc"}).row_hash());
    CHECK(make_row({"", "a"}).row_hash() != make_row({"a", ""}).row_hash());
    CHECK(make_row({"a"}).row_hash() != make_row({"a", ""}).row_hash());
    CHECK(make_row({"a", "b"}).row_hash() != make_row({"b", "a"}).row_hash());
    CHECK(make_row({"a", "b"}).row_hash() == make_row({"a", "b"}).row_hash());
    const std::string zeros("\0\0\0\0"sv);
    CHECK(make_row({"a", zeros}).row_hash() != make_row({"a" + zeros, ""}).row_hash());
}

TEST_CASE("key and column hashes", "[verify][digest]") {
    const CanonicalRow row = make_row({"x", "y", "x"}, {true, false, true});
    CHECK(row.columns() == 3);
    CHECK(row.key_hash() == make_row({"x", "other", "x"}, {true, false, true}).key_hash());
    CHECK(row.key_hash() != make_row({"x", "y", "z"}, {true, false, true}).key_hash());
    CHECK(row.key_hash() != make_row({"x", "y", "x"}, {true, true, false}).key_hash());
    CHECK(row.column_hash(0) != row.column_hash(2));
    CHECK(row.column_hash(2) == make_row({"q", "longer", "x"}).column_hash(2));
    CHECK(make_row({"a", "b"}, {true, true}).key_hash() !=
          make_row({"b", "a"}, {true, true}).key_hash());
    SECTION("no key column: the whole row") {
        const CanonicalRow whole = make_row({"x", "y"}, {false, false});
        CHECK(whole.key_hash() == whole.row_hash());
    }
    SECTION("a row is used again") {
        CanonicalRow again({true, false});
        again.next_value() += std::string(3'000'000, 'z');
        again.clear();
        again.next_value() += "a";
        again.next_value() += "b";
        CHECK(again.row_hash() == make_row({"a", "b"}).row_hash());
        CHECK(again.key_text() == make_row({"a", "b"}).key_text());
    }
}

TEST_CASE("mutations of a table change its digest", "[verify][digest]") {
    const std::vector<Values> table = {
        {"i1", "sann", "d121e-1"}, {"i2", "sbob", "d5"}, {"i3", "scid", "n"}, {"i4", "sann", "d5"}};
    const TableDigest original = digest_of(table);
    std::vector<Values> other = table;
    SECTION("none") {
        std::swap(other[0], other[3]);
        CHECK(digest_of(other).total() == original.total());
        CHECK(TableDigest::differing(original, digest_of(other)).empty());
        CHECK(original.text() == original.total().hex());
        CHECK(original.rows() == 4);
        return;
    }
    SECTION("a row is dropped") {
        other.pop_back();
    }
    SECTION("a row is doubled") {
        other.push_back(table[1]);
    }
    SECTION("a row is there twice more") {
        other.insert(other.end(), 2, table[1]);
    }
    SECTION("one byte") {
        other[2][1] = "scie";
    }
    SECTION("NULL is not the empty text") {
        other[2][2] = "s";
    }
    SECTION("two cells swapped between rows") {
        std::swap(other[0][2], other[1][2]);
    }
    SECTION("two columns swapped") {
        for (Values &values : other)
            std::swap(values[1], values[2]);
    }
    SECTION("one row for another that is there already") {
        other[0] = table[1];
    }
    const TableDigest mutated = digest_of(other);
    CHECK(mutated.total() != original.total());
    CHECK_FALSE(TableDigest::differing(original, mutated).empty());
}

TEST_CASE("differing buckets are those of the changed keys", "[verify][digest]") {
    TableDigest a;
    TableDigest b;
    std::set<std::uint32_t> wanted;
    for (int id = 0; id < 5000; ++id) {
        const std::string key = "i" + std::to_string(id);
        a.add(make_row({key, "sx"}));
        b.add(make_row({key, id % 1000 == 7 ? "sy" : "sx"}));
        if (id % 1000 == 7)
            wanted.insert(TableDigest::bucket_of(make_row({key, "whatever"})));
    }
    const auto differing = TableDigest::differing(a, b);
    CHECK(std::set<std::uint32_t>(differing.begin(), differing.end()) == wanted);
    CHECK(std::is_sorted(differing.begin(), differing.end()));
}

TEST_CASE("keys for people", "[verify][digest]") {
    CHECK(key_of({"i1", "sx"}, {true, false}) == "1");
    CHECK(key_of({"i1", "sa"}, {true, true}) == "(1, \"a\")");
    CHECK(key_of({"i1", "sa"}, {false, true}) == "\"a\"");
    CHECK(key_of({"i-5", "sa", "n"}, {}) == "(-5, \"a\", NULL)");
    CHECK(key_of({"d121e-1"}, {true}) == "12.1");
    CHECK(key_of({"d-12e2"}, {true}) == "-1200");
    CHECK(key_of({"d5e-3"}, {true}) == "0.005");
    CHECK(key_of({"d0"}, {true}) == "0");
    CHECK(key_of({"d1e300"}, {true}) == "1e300");
    CHECK(key_of({"dNaN"}, {true}) == "NaN");
    CHECK(key_of({"bt"}, {true}) == "true");
    CHECK(key_of({std::string("x\x00\xff"sv)}, {true}) == "x'00ff'");
    CHECK(key_of({"x" + std::string(100, 'a')}, {true}) == "x'" + [] {
        std::string hex;
        for (int i = 0; i < 20; ++i)
            hex += "61";
        return hex;
    }() + "...'");
    SECTION("texts are quoted, escaped and cut") {
        CHECK(key_of({"s\"\\"}, {true}) == "\"\\\"\\\\\"");
        CHECK(key_of({std::string("sa\nb\x1b\0c\x7f"sv)}, {true}) == "\"a\\x0ab\\x1b\\x00c\\x7f\"");
        CHECK(key_of({"s\xffü"}, {true}) == "\"\\xffü\"");
        CHECK(key_of({"s\xc2\x85"}, {true}) == "\"\\xc2\\x85\"");
        std::string umlauts = "s";
        for (int i = 0; i < 41; ++i)
            umlauts += "ü";
        CHECK(key_of({umlauts}, {true}) == "\"" + umlauts.substr(1, 80) + "...\"");
        CHECK(key_of({umlauts.substr(0, 81)}, {true}) == "\"" + umlauts.substr(1, 80) + "\"");
    }
    SECTION("a wide key is cut") {
        const std::string text = key_of(Values(1000, "s0123456789"), {});
        CHECK(text.size() < 300);
        CHECK(text.substr(text.size() - 6) == ", ...)");
    }
}

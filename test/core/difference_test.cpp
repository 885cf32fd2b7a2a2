// The second pass names what differs: whole tables through canonical forms, changed in every way.
#include "catch.hpp"

#include "core/verify/canonical.hpp"
#include "core/verify/digest.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

using namespace migrate::core;
using namespace migrate::core::verify;

namespace {

struct SourceRow {
    std::int64_t id;
    std::string name;
    double price;
    std::string made;
};

using TargetRow = std::vector<std::optional<std::string>>;

std::vector<VerifyColumn> make_columns(bool has_key = true) {
    std::vector<VerifyColumn> columns(4);
    const TypeKind kinds[] = {TypeKind::bigint, TypeKind::text, TypeKind::numeric,
                              TypeKind::timestamptz};
    const char *names[] = {"id", "name", "price", "made"};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        columns[i].type.kind = kinds[i];
        columns[i].target_name = columns[i].source_name = names[i];
    }
    columns[0].is_key = has_key;
    return columns;
}

const std::vector<SourceRow> kSource = {
    {1, "ann", 12.1, "2024-01-02 03:04:05"},
    {2, "bob", 5, "2024-02-29T12:00:00Z"},
    {3, "cid", 0.25, "2023-12-31"},
    {4, "", 1e20, "1969-12-31 23:59:59.5"},
    {5, "eve", -7.5, "2024-06-01T00:00+02:00"},
};

const std::vector<TargetRow> kTarget = {
    {"1", "ann", "12.10", "2024-01-02 03:04:05+00"},
    {"2", "bob", "5.00", "2024-02-29 12:00:00+00"},
    {"3", "cid", "0.25", "2023-12-31 00:00:00+00"},
    {"4", "", "100000000000000000000.00", "1969-12-31 23:59:59.5+00"},
    {"5", "eve", "-7.50", "2024-05-31 22:00:00+00"},
};

CanonicalRow make_row(const std::vector<VerifyColumn> &columns) {
    std::vector<bool> is_key;
    for (const VerifyColumn &column : columns)
        is_key.push_back(column.is_key);
    return CanonicalRow(is_key);
}

void each_source(const std::vector<VerifyColumn> &columns,
                 const std::function<void(const CanonicalRow &)> &take) {
    CanonicalRow row = make_row(columns);
    for (const SourceRow &values : kSource) {
        row.clear();
        Cell cells[4];
        cells[0].set_integer(values.id);
        cells[2].set_real(values.price);
        for (const auto &[index, text] : {std::pair(1, &values.name), std::pair(3, &values.made)}) {
            cells[index].storage = StorageClass::text;
            cells[index].bytes = text->data();
            cells[index].size = static_cast<std::uint32_t>(text->size());
        }
        for (std::size_t i = 0; i < 4; ++i)
            REQUIRE(canonical_source(cells[i], columns[i], true, row.next_value()) ==
                    Agreement::exact);
        take(row);
    }
}

void each_target(const std::vector<VerifyColumn> &columns, const std::vector<TargetRow> &rows,
                 const std::function<void(const CanonicalRow &)> &take) {
    CanonicalRow row = make_row(columns);
    for (const TargetRow &values : rows) {
        row.clear();
        for (std::size_t i = 0; i < 4; ++i)
            canonical_target(values[i], columns[i], row.next_value());
        take(row);
    }
}

// Both passes, as verify_sqlite makes them; "" when the digests are the same.
std::string compare(const std::vector<TargetRow> &target, bool has_key = true) {
    const std::vector<VerifyColumn> columns = make_columns(has_key);
    TableDigest a;
    TableDigest b;
    each_source(columns, [&](const CanonicalRow &row) { a.add(row); });
    each_target(columns, target, [&](const CanonicalRow &row) { b.add(row); });
    const auto buckets = TableDigest::differing(a, b);
    CHECK((a.total() == b.total()) == buckets.empty());
    std::vector<std::string> names;
    for (const VerifyColumn &column : columns)
        names.push_back(column.target_name);
    Difference difference(names, buckets);
    each_source(columns, [&](const CanonicalRow &row) { difference.add_source(row); });
    each_target(columns, target, [&](const CanonicalRow &row) { difference.add_target(row); });
    return difference.describe();
}

CanonicalRow small_row(const std::string &key, const std::string &value) {
    CanonicalRow row({true, false});
    row.next_value() += "i" + key;
    row.next_value() += "s" + value;
    return row;
}

} // namespace

TEST_CASE("a faithful table has no difference", "[verify][difference]") {
    CHECK(compare(kTarget).empty());
    CHECK(compare(kTarget, false).empty());
    CHECK(compare({kTarget.rbegin(), kTarget.rend()}).empty());
}

TEST_CASE("every mutation is named", "[verify][difference]") {
    std::vector<TargetRow> target = kTarget;
    SECTION("a row is dropped") {
        target.erase(target.begin() + 2);
        CHECK(compare(target) == "missing in the target: 3");
        CHECK(compare(target, false) ==
              "missing in the target: (3, \"cid\", 0.25, 2023-12-31 00:00:00)");
    }
    SECTION("a row is doubled") {
        target.push_back(target[3]);
        CHECK(compare(target) ==
              "not as often in the target as in the source: 4 (2 times instead of once)");
    }
    SECTION("a row is doubled twice") {
        target.insert(target.end(), 2, TargetRow(target[3]));
        CHECK(compare(target) ==
              "not as often in the target as in the source: 4 (3 times instead of once)");
    }
    SECTION("one byte of a text") {
        target[1][1] = "bop";
        CHECK(compare(target) == "columns that differ: name (key 2)");
    }
    SECTION("text becomes NULL") {
        target[3][1] = std::nullopt;
        CHECK(compare(target) == "columns that differ: name (key 4)");
    }
    SECTION("one digit of a number") {
        target[0][2] = "12.11";
        CHECK(compare(target) == "columns that differ: price (key 1)");
    }
    SECTION("one microsecond") {
        target[3][3] = "1969-12-31 23:59:59.500001+00";
        CHECK(compare(target) == "columns that differ: made (key 4)");
    }
    SECTION("a converter that forgets offsets") {
        target[4][3] = "2024-06-01 00:00:00+00";
        CHECK(compare(target) == "columns that differ: made (key 5)");
    }
    SECTION("a converter that is an hour off, in all rows") {
        for (TargetRow &row : target)
            (*row[3])[12] = (*row[3])[12] == '9' ? '8' : static_cast<char>((*row[3])[12] + 1);
        CHECK(compare(target) == "columns that differ: made (keys 1, 2, 3, 4, 5)");
    }
    SECTION("two cells swapped between rows") {
        std::swap(target[0][2], target[1][2]);
        CHECK(compare(target) == "columns that differ: price (keys 1, 2)");
    }
    SECTION("keys swapped between rows") {
        std::swap(target[0][0], target[1][0]);
        CHECK(compare(target) ==
              "columns that differ: name (keys 1, 2), price (keys 1, 2), made (keys 1, 2)");
    }
    SECTION("two columns swapped in one row") {
        target[0][1] = "12.10";
        target[0][2] = "ann"; // which numeric never prints
        CHECK(compare(target) == "columns that differ: name (key 1), price (key 1)");
    }
    SECTION("a key changed") {
        target[2][0] = "33";
        CHECK(compare(target) == "missing in the target: 3; only in the target: 33");
    }
    SECTION("several at once") {
        target[0][2] = "1";
        target.erase(target.begin() + 4);
        target.push_back({"9", "new", "1", "2024-01-01 00:00:00+00"});
        CHECK(compare(target) == "columns that differ: price (key 1); missing in the target: 5; "
                                 "only in the target: 9");
    }
    SECTION("one row for another of an equal count") {
        target[0] = target[1];
        CHECK(compare(target) == "missing in the target: 1; not as often in the target as in the "
                                 "source: 2 (2 times instead of once)");
    }
}

TEST_CASE("keys are listed in their order, ten at most", "[verify][difference]") {
    std::vector<std::uint32_t> buckets;
    std::vector<CanonicalRow> rows;
    for (int id = 8; id < 20; ++id) {
        rows.push_back(small_row(std::to_string(id), "x"));
        buckets.push_back(TableDigest::bucket_of(rows.back()));
    }
    Difference ten({"id", "v"}, buckets);
    for (int i = 0; i < 4; ++i)
        ten.add_source(rows[static_cast<std::size_t>(i)]);
    CHECK(ten.describe() == "missing in the target: 8, 9, 10, 11");
    Difference twelve({"id", "v"}, buckets);
    for (const CanonicalRow &row : rows)
        twelve.add_source(row);
    const std::string text = twelve.describe();
    CHECK(text.find(" and 2 others") != std::string::npos);
    CHECK(std::count(text.begin(), text.end(), ',') == 9);
}

TEST_CASE("a key that is not unique", "[verify][difference]") {
    const std::vector<std::uint32_t> buckets = {TableDigest::bucket_of(small_row("1", ""))};
    Difference difference({"id", "v"}, buckets);
    for (const char *value : {"a", "b", "c"})
        difference.add_source(small_row("1", value));
    SECTION("one form is another") {
        for (const char *value : {"c", "x", "a"})
            difference.add_target(small_row("1", value));
        CHECK(difference.describe() == "columns that differ: v (key 1)");
    }
    SECTION("one form is missing") {
        for (const char *value : {"c", "a"})
            difference.add_target(small_row("1", value));
        CHECK(difference.describe() == "missing in the target: 1");
    }
    SECTION("so many forms that they are not kept") {
        for (int i = 0; i < 3000; ++i)
            difference.add_target(small_row("1", std::to_string(i)));
        CHECK(difference.describe() == "more rows differ than can be named");
    }
}

TEST_CASE("memory is bounded", "[verify][difference]") {
    std::vector<std::uint32_t> buckets(TableDigest::kBuckets);
    for (std::uint32_t bucket = 0; bucket < buckets.size(); ++bucket)
        buckets[bucket] = bucket;
    SECTION("buckets: only a few are kept") {
        Difference difference({"id", "v"}, buckets);
        for (int id = 0; id < 20000; ++id)
            difference.add_source(small_row(std::to_string(id), "x"));
        const std::string text = difference.describe();
        CHECK(text.rfind("missing in the target: ", 0) == 0);
        CHECK(text.find("; more rows differ") != std::string::npos);
        CHECK(text.size() < 200);
    }
    SECTION("rows: buckets are given up from the last, on both sides alike") {
        const std::vector<std::string> names(1000, "c");
        Difference difference(names, {buckets.begin(), buckets.begin() + 64});
        CanonicalRow row({true});
        for (int id = 0; id < 2'000'000; ++id) {
            row.clear();
            row.next_value() += "i" + std::to_string(id);
            if (TableDigest::bucket_of(row) >= 64)
                continue;
            for (int column = 1; column < 1000; ++column)
                row.next_value() += "s";
            difference.add_source(row);
            if (id % 7 != 0)
                difference.add_target(row);
        }
        const std::string text = difference.describe();
        CHECK(text.rfind("missing in the target: ", 0) == 0);
        CHECK(text.find("only in") == std::string::npos);
        CHECK(text.find("; more rows differ") != std::string::npos);
    }
}

// Ranges of rowids that several processes claim: every row is in one of them, wherever it lies.
#include "core/fdw/rowid_ranges.hpp"
#include "core/fdw/snapshot_mark.hpp"
#include "core/sqlite/catalog.hpp"
#include "database_fixture.hpp"

#include <map>
#include <set>
#include <vector>

using namespace migrate::core;
using namespace migrate::core::fdw;
using namespace migrate::core::test;

namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// The sizes of the ranges in which the rows are found, one after the other.
std::vector<std::size_t> claim_all(const std::set<std::int64_t> &rows) {
    RowidRanges ranges;
    std::vector<std::size_t> sizes;
    std::set<std::int64_t> left = rows;
    for (int claims = 0; !ranges.is_done; ++claims) {
        REQUIRE(claims < 100'000);
        const std::int64_t from = ranges.next;
        const auto first = rows.lower_bound(from);
        RowidRange range;
        if (!claim(ranges, from, first == rows.end() ? std::nullopt : std::optional(*first),
                   &range))
            continue;
        const auto begin = rows.lower_bound(range.first);
        const auto end = rows.upper_bound(range.last);
        const auto found = static_cast<std::size_t>(std::distance(begin, end));
        for (auto each = begin; each != end; ++each)
            REQUIRE(left.erase(*each) == 1);
        report(ranges, range, static_cast<std::int64_t>(found));
        sizes.push_back(found);
    }
    CHECK(left.empty());
    return sizes;
}

std::set<std::int64_t> rows_at(std::int64_t count, std::int64_t first, std::int64_t distance) {
    std::set<std::int64_t> rows;
    for (std::int64_t i = 0; i < count; ++i)
        rows.insert(first + i * distance);
    return rows;
}

} // namespace

TEST_CASE("every row is claimed once, in ranges of a like size", "[fdw][ranges]") {
    const std::int64_t distance = GENERATE(1, 7, 1'000'003, 10'000'000'000'000);
    const std::vector<std::size_t> sizes = claim_all(rows_at(300'000, -1000, distance));
    CHECK(sizes.size() > 8);
    for (const std::size_t size : sizes)
        CHECK(size <= 65'536);
}

TEST_CASE("gaps and the ends of the numbers are no matter", "[fdw][ranges]") {
    CHECK(claim_all({}).empty());
    CHECK(claim_all({kLeast, -1, 0, 1, kMost}).size() <= 5);
    CHECK(claim_all({kMost}).size() == 1);
    CHECK(claim_all({kMost - 5000, kMost - 1, kMost}).size() == 2);
    std::set<std::int64_t> clusters = rows_at(100'000, kLeast, 1);
    clusters.merge(rows_at(100'000, 1'000'000'000'000, 1));
    CHECK(claim_all(clusters).size() > 6);
}

TEST_CASE("who comes late to a range looks again", "[fdw][ranges]") {
    RowidRanges ranges;
    RowidRange mine, yours;
    CHECK(claim(ranges, kLeast, 5, &mine));
    CHECK_FALSE(claim(ranges, kLeast, 5, &yours));
    CHECK(ranges.next == mine.last + 1);
    CHECK_FALSE(claim(ranges, kLeast, std::nullopt, &yours)); // an old answer ends nothing
    CHECK_FALSE(ranges.is_done);
    CHECK_FALSE(claim(ranges, ranges.next, std::nullopt, &yours));
    CHECK(ranges.is_done);
}

TEST_CASE("a seek finds the first row from a rowid on", "[fdw][ranges]") {
    const TempDir folder;
    const auto database = open(make_database(
        folder.file("seek.db"), "CREATE TABLE \"a b\" (rowid TEXT, n INTEGER);"
                                "INSERT INTO \"a b\" (_rowid_, n) VALUES (-5, 1), (7, 2)"));
    database->begin_read();
    const Schema schema = sqlite::read_catalog(*database);
    RowidSeek seek(*database, schema.tables.at(0));
    CHECK(seek.first_from(kLeast) == -5);
    CHECK(seek.first_from(-4) == 7);
    CHECK(seek.first_from(8) == std::nullopt);
    CHECK(seek.first_from(7) == 7);
}

TEST_CASE("a state of a file is marked where others would find it", "[fdw][ranges]") {
    const TempDir folder;
    const std::string path = make_database(folder.file("mark.db"), kSimple);
    const auto database = open(path), other = open(path);
    database->begin_read();
    other->begin_read();
    SnapshotMark mark, same;
    REQUIRE(mark_snapshot(*database, &mark));
    REQUIRE(mark_snapshot(*other, &same));
    CHECK(mark == same);
    other->end_read();
    SECTION("another file in its place is another state") {
        const std::string moved = make_database(folder.file("moved.db"), kSimple);
        REQUIRE(std::rename(moved.c_str(), path.c_str()) == 0);
        CHECK_FALSE(mark_snapshot(*database, &mark));
        const auto replaced = open(path);
        replaced->begin_read();
        REQUIRE(mark_snapshot(*replaced, &same));
        CHECK_FALSE(mark == same);
    }
    SECTION("in WAL mode others may find more") {
        const std::string wal = make_database(folder.file("wal.db"), kWal);
        const auto alone = open(wal);
        alone->begin_read();
        REQUIRE(mark_snapshot(*alone, &mark)); // nobody has it open: immutable
        CHECK(mark.is_immutable);
    }
}

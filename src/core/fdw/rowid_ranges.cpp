#include "core/fdw/rowid_ranges.hpp"

#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/row_reader.hpp"

#include <string>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

// Some milliseconds of work: enough to make a claim cheap, few enough that all end together.
constexpr std::int64_t kWantedRows = 16'384;
constexpr std::int64_t kLeastWidth = 64;
constexpr std::int64_t kLastRowid = std::numeric_limits<std::int64_t>::max();

std::string seek_sql(const Table &table) {
    const std::string rowid = "migrate_t." + sqlite::rowid_name(table);
    return "SELECT " + rowid + " FROM main." + sqlite::quote_name(table.name) +
           " AS migrate_t NOT INDEXED WHERE " + rowid + " >= ?1 ORDER BY " + rowid + " LIMIT 1";
}

} // namespace

bool claim(RowidRanges &ranges, std::int64_t from, std::optional<std::int64_t> first,
           RowidRange *range) noexcept {
    if (ranges.is_done || ranges.next != from)
        return false;
    if (!first) {
        ranges.is_done = true;
        return false;
    }
    range->first = *first;
    // In unsigned numbers, as the distance may not fit a signed one.
    const auto room = static_cast<std::uint64_t>(kLastRowid) - static_cast<std::uint64_t>(*first);
    ranges.is_done = room < static_cast<std::uint64_t>(ranges.width);
    range->last = ranges.is_done ? kLastRowid : *first + ranges.width - 1;
    ranges.next = ranges.is_done ? kLastRowid : range->last + 1;
    return true;
}

void report(RowidRanges &ranges, const RowidRange &range, std::int64_t rows) noexcept {
    if (range.last - range.first != ranges.width - 1)
        return; // somebody has changed it since
    if (rows < kWantedRows / 2 && ranges.width < kLastRowid / 4)
        ranges.width *= 2;
    else if (rows > kWantedRows * 2 && ranges.width > kLeastWidth)
        ranges.width /= 2;
}

RowidSeek::RowidSeek(const sqlite::Database &database, const Table &table)
    : statement_(database, seek_sql(table),
                 "read table " + sqlite::shown(sqlite::quote_name(table.name))) {}

std::optional<std::int64_t> RowidSeek::first_from(std::int64_t rowid) {
    statement_.reset();
    statement_.bind(1, rowid);
    std::optional<std::int64_t> first;
    if (statement_.step())
        first = statement_.integer(0);
    statement_.reset();
    return first;
}

} // namespace migrate::core::fdw

// Digests of a table: the count and the sum modulo 2^128 of a 128-bit hash per row, so that a
// changed value, two values swapped between rows, a lost row and a doubled row all show. Sums do
// not depend on the order, so neither side is sorted.
//
//     TableDigest source, target;
//     source.add(row); …
//     if (source.total() != target.total()) …   // second pass over the rows of differing buckets
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::verify {

struct Hash128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const Hash128 &) const = default;
    auto operator<=>(const Hash128 &) const = default;
    Hash128 &operator+=(const Hash128 &other) noexcept; // modulo 2^128
    // 32 lower-case hexadecimal digits.
    std::string hex() const;
};

// XXH3 of 128 bits: a check against accidents, not against forgery.
Hash128 hash_bytes(std::string_view bytes) noexcept;

// One row in canonical form: the values one after the other with their lengths, so that 'ab','c'
// and 'a','bc' differ. Made once a table and cleared for each row.
class CanonicalRow {
  public:
    explicit CanonicalRow(
        std::vector<bool> is_key); // no key column at all: the whole row is the key
    void clear() noexcept;
    // Append the next column's canonical bytes here, and only append: the string holds the values
    // before it as well.
    std::string &next_value();
    Hash128 row_hash() const noexcept;
    Hash128 key_hash() const noexcept;
    // Tied to the column's place: equal values in two columns have different hashes.
    Hash128 column_hash(std::size_t column) const noexcept;
    std::size_t columns() const noexcept { return starts_.size(); }
    // The key for people, from the canonical bytes: 1 or "a", or (1, "a") when it has several
    // columns; long values and long keys are cut, control bytes escaped.
    std::string key_text() const;

  private:
    // Each value is preceded by room for its length, which the next value fills in.
    static constexpr std::size_t kLengthSize = 4;
    std::string_view value(std::size_t column) const noexcept;
    std::vector<bool> is_key_;
    bool has_key_ = false;
    std::string bytes_;
    std::vector<std::size_t> starts_;
};

class TableDigest {
  public:
    // 1 MB: memory does not grow with the rows.
    static constexpr std::size_t kBuckets = std::size_t{1} << 16;
    TableDigest() : buckets_(kBuckets) {}
    void add(const CanonicalRow &row) noexcept;
    std::int64_t rows() const noexcept { return rows_; }
    const Hash128 &total() const noexcept { return total_; }
    std::string text() const { return total_.hex(); }
    // The buckets (by key) in which the two differ, in ascending order.
    static std::vector<std::uint32_t> differing(const TableDigest &a, const TableDigest &b);
    static std::uint32_t bucket_of(const CanonicalRow &row) noexcept;

  private:
    std::int64_t rows_ = 0;
    Hash128 total_;
    std::vector<Hash128> buckets_;
};

// The second pass: keeps the rows of at most a few differing buckets of both sides and names what
// differs. Memory is bounded: the constructor keeps kMaxBuckets of the buckets, and buckets are
// given up while the rows kept take more than kMaxBytes; describe() then says that there is more.
class Difference {
  public:
    static constexpr std::size_t kMaxKeys = 10;
    static constexpr std::size_t kMaxBuckets = 64;
    static constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
    Difference(std::vector<std::string> columns, std::vector<std::uint32_t> buckets);
    void add_source(const CanonicalRow &row) { add(row, Side::source); }
    void add_target(const CanonicalRow &row) { add(row, Side::target); }
    // "columns that differ: price (keys 4, 7); missing in the target: 9; only in the target: 12",
    // at most kMaxKeys keys of each; "" when the rows seen are the same.
    std::string describe() const;

  private:
    enum class Side : unsigned char { source, target };
    // One form of a row: the rows of a key that are equal in every column are counted together.
    struct Row {
        std::string key;
        std::vector<Hash128> columns;
        std::int64_t source = 0; // how many times the source has it
        std::int64_t target = 0;
    };
    using Rows = std::map<Hash128, std::vector<Row>>; // by key hash, so buckets lie side by side
    struct Report;

    void add(const CanonicalRow &row, Side side);
    void give_up(std::uint32_t bucket);
    static void report_key(std::vector<Row> forms, Report &report);

    std::vector<std::string> columns_;
    std::vector<std::uint32_t> buckets_; // ascending
    bool has_more_ = false;              // differing buckets were left out
    std::size_t bytes_ = 0;
    Rows rows_;
};

} // namespace migrate::core::verify

#include "core/verify/digest.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdio>
#include <cstring>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

Hash128 from_xxh(const XXH128_hash_t &hash) noexcept {
    return {hash.high64, hash.low64};
}

} // namespace

Hash128 &Hash128::operator+=(const Hash128 &other) noexcept {
    low += other.low;
    high += other.high + (low < other.low ? 1 : 0);
    return *this;
}

std::string Hash128::hex() const {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(high),
                  static_cast<unsigned long long>(low));
    return text;
}

Hash128 hash_bytes(std::string_view bytes) noexcept {
    return from_xxh(XXH3_128bits(bytes.data(), bytes.size()));
}

CanonicalRow::CanonicalRow(std::vector<bool> is_key) : is_key_(std::move(is_key)) {
    for (bool is_part : is_key_)
        has_key_ = has_key_ || is_part;
    starts_.reserve(is_key_.size());
}

void CanonicalRow::clear() noexcept {
    // The room of an ordinary row is kept; that of an outsized value is given back.
    constexpr std::size_t kOrdinarySize = std::size_t{1} << 20;
    if (bytes_.capacity() > kOrdinarySize)
        std::string().swap(bytes_);
    bytes_.clear();
    starts_.clear();
}

std::string &CanonicalRow::next_value() {
    if (!starts_.empty()) {
        const auto size = static_cast<std::uint32_t>(bytes_.size() - starts_.back());
        std::memcpy(bytes_.data() + starts_.back() - kLengthSize, &size, kLengthSize);
    }
    bytes_.append(kLengthSize, '\0');
    starts_.push_back(bytes_.size());
    return bytes_;
}

// The last value's length stays zero: the total size and the number of columns tell it.
Hash128 CanonicalRow::row_hash() const noexcept {
    return hash_bytes(bytes_);
}

Hash128 CanonicalRow::key_hash() const noexcept {
    if (!has_key_)
        return row_hash();
    Hash128 link[2];
    for (std::size_t column = 0; column < starts_.size(); ++column) {
        if (column >= is_key_.size() || !is_key_[column])
            continue;
        link[1] = hash_bytes(value(column));
        link[0] = hash_bytes({reinterpret_cast<const char *>(link), sizeof link});
    }
    return link[0];
}

Hash128 CanonicalRow::column_hash(std::size_t column) const noexcept {
    const std::string_view bytes = value(column);
    return from_xxh(XXH3_128bits_withSeed(bytes.data(), bytes.size(), column + 1));
}

std::string_view CanonicalRow::value(std::size_t column) const noexcept {
    const std::size_t end =
        column + 1 < starts_.size() ? starts_[column + 1] - kLengthSize : bytes_.size();
    return std::string_view(bytes_).substr(starts_[column], end - starts_[column]);
}

void TableDigest::add(const CanonicalRow &row) noexcept {
    const Hash128 hash = row.row_hash();
    ++rows_;
    total_ += hash;
    buckets_[bucket_of(row)] += hash;
}

std::vector<std::uint32_t> TableDigest::differing(const TableDigest &a, const TableDigest &b) {
    std::vector<std::uint32_t> buckets;
    for (std::uint32_t bucket = 0; bucket < kBuckets; ++bucket)
        if (a.buckets_[bucket] != b.buckets_[bucket])
            buckets.push_back(bucket);
    return buckets;
}

std::uint32_t TableDigest::bucket_of(const CanonicalRow &row) noexcept {
    return static_cast<std::uint32_t>(row.key_hash().high >> 48);
}

} // namespace migrate::core::verify

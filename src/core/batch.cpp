#include "core/batch.hpp"

#include <algorithm>
#include <new>

#include "core/core_only.hpp"

namespace migrate::core {
namespace {

constexpr std::size_t kChunkSize = std::size_t{256} << 10;
// A larger value gets memory of its own: at most this much of a chunk's end is wasted.
constexpr std::size_t kOutsized = kChunkSize / 4;
// Chunks kept beyond the few that a full batch fills: a conversion may have grown every cell once.
constexpr std::size_t kKeptChunks = 16;

} // namespace

Batch::Batch(std::size_t columns)
    : columns_(columns), max_rows_(std::clamp(kMaxCells / std::max<std::size_t>(columns, 1),
                                              std::size_t{1}, kMaxRows)) {}

void Batch::clear() noexcept {
    rows_ = 0;
    outsized_.clear();
    if (chunks_.size() > kKeptChunks)
        chunks_.resize(kKeptChunks);
    bytes_ = 0;
    if (!chunks_.empty())
        use_chunk(0);
}

void Batch::drop_last_row() noexcept {
    if (rows_ > 0)
        rows_--;
}

// As much as a full batch needs, at once; more only for a caller that goes on after is_full.
void Batch::add_room() {
    const std::size_t room = std::max(max_rows_, rows_ * 2);
    cells_.resize(room * columns_);
    is_rejected_.resize(room);
    row_ids_.resize(room);
}

char *Batch::allocate_elsewhere(std::size_t size) {
    if (size > kOutsized)
        return allocate_outsized(size);
    const std::size_t next = chunk_next_ == nullptr ? 0 : chunk_ + 1;
    if (next == chunks_.size())
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(kChunkSize));
    use_chunk(next);
    return allocate(size);
}

char *Batch::allocate_outsized(std::size_t size) {
    if (size > UINT32_MAX) // Cell::size could not tell it
        throw std::bad_alloc();
    const std::size_t need = kHeaderRoom + size + 1;
    outsized_.push_back(std::make_unique_for_overwrite<char[]>(need));
    char *room = outsized_.back().get() + kHeaderRoom;
    room[size] = '\0';
    bytes_ += need;
    return room;
}

void Batch::use_chunk(std::size_t index) {
    chunk_ = index;
    chunk_next_ = chunks_[index].get();
    chunk_left_ = kChunkSize;
}

} // namespace migrate::core

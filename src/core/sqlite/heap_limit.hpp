// Bounds what SQLite allocates while it computes values: expressions such as x || x, one upon the
// other, make gigabytes out of a file of 8 kB, many registers at a time.
//
//     HeapLimit limit(heap_room(max_value_size));
//     … sqlite3_step …
#pragma once

#include <sqlite3.h>

#include <cstdint>

namespace migrate::core::sqlite {

// Room for a few values of the largest size beside what a statement needs anyway.
inline std::int64_t heap_room(std::int64_t max_value_size) noexcept {
    return (std::int64_t{64} << 20) + 3 * max_value_size;
}

// The limit is the process's, so it is put back at once.
class HeapLimit {
  public:
    explicit HeapLimit(std::int64_t room)
        : hard_(sqlite3_hard_heap_limit64(-1)), soft_(sqlite3_soft_heap_limit64(-1)) {
        const std::int64_t limit = sqlite3_memory_used() + room;
        if (hard_ == 0 || limit < hard_)
            sqlite3_hard_heap_limit64(limit);
    }
    HeapLimit(const HeapLimit &) = delete;
    HeapLimit &operator=(const HeapLimit &) = delete;
    ~HeapLimit() {
        sqlite3_hard_heap_limit64(hard_);
        sqlite3_soft_heap_limit64(soft_);
    }

  private:
    sqlite3_int64 hard_;
    sqlite3_int64 soft_;
};

} // namespace migrate::core::sqlite

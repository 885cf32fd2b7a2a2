// A bounded run of rows on their way from a source to PostgreSQL: row-major cells, the id of each
// row in the source, and an arena for the bytes of text and blobs.
//
//     Batch batch(8);
//     while (reader.fetch(batch) != Fetch::end) { … }
//
// A batch is full after kMaxRows rows, kMaxBytes bytes or kMaxCells cells, whichever comes first; a
// row that is larger than that travels alone. Memory of normal chunks is kept for the next fill;
// the chunk of an outsized value is given back by clear(). What runs once a cell is inline here:
// a scan calls it tens of millions of times.
#pragma once

#include "core/cell.hpp"

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace migrate::core {

// A cell of a batch.
struct CellPlace {
    std::size_t row;
    std::size_t column;
};

class Batch {
  public:
    static constexpr std::size_t kMaxRows = 1000;
    static constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
    static constexpr std::size_t kMaxCells = std::size_t{1} << 17; // 2 MB of cells
    static constexpr std::size_t kHeaderRoom = 4;

    explicit Batch(std::size_t columns);

    // Forgets all rows and their bytes.
    void clear() noexcept;

    // Appends a row of NULLs and returns its first cell; the pointer is good until the next
    // add_row (rows() × columns() cells lie side by side from row(0)).
    Cell *add_row(std::int64_t row_id) {
        if (rows_ == row_ids_.size()) [[unlikely]]
            add_room();
        row_ids_[rows_] = row_id;
        is_rejected_[rows_] = 0;
        Cell *cells = cells_.data() + rows_++ * columns_;
        for (std::size_t i = 0; i < columns_; i++)
            cells[i] = Cell();
        return cells;
    }
    // Takes the last row back (a row that turned out not to be wanted). Its bytes stay until clear.
    void drop_last_row() noexcept;

    // Copies `size` bytes behind header room and before a NUL; owned by the batch.
    const char *store(const char *bytes, std::size_t size) {
        char *room = allocate(size);
        if (size != 0) // an empty blob has no address
            std::memcpy(room, bytes, size);
        return room;
    }
    // The same room, not yet filled (the NUL is already there).
    char *allocate(std::size_t size) {
        const std::size_t need = (kHeaderRoom + size + 1 + 3) & ~std::size_t{3};
        if (need > chunk_left_) [[unlikely]]
            return allocate_elsewhere(size);
        char *room = chunk_next_ + kHeaderRoom;
        room[size] = '\0';
        chunk_next_ += need;
        chunk_left_ -= need;
        bytes_ += need;
        return room;
    }
    // store() and the cell in one. Up to 4 GB - 1, which a source's own limits keep far away.
    void set_bytes(Cell &cell, StorageClass storage, std::string_view bytes) {
        cell.bytes = store(bytes.data(), bytes.size());
        cell.size = static_cast<std::uint32_t>(bytes.size());
        cell.storage = storage;
    }

    std::size_t columns() const noexcept { return columns_; }
    std::size_t rows() const noexcept { return rows_; }
    bool is_empty() const noexcept { return rows_ == 0; }
    bool is_full() const noexcept { return rows() >= max_rows_ || bytes_ >= kMaxBytes; }
    std::size_t bytes() const noexcept { return bytes_; }

    Cell *row(std::size_t index) noexcept { return cells_.data() + index * columns_; }
    const Cell *row(std::size_t index) const noexcept { return cells_.data() + index * columns_; }
    // The source's id of the row: a rowid, a line, or the ordinal from 1 where there is neither.
    std::int64_t row_id(std::size_t index) const noexcept { return row_ids_[index]; }

    // A row that the conversion rejected is skipped by the writers.
    void reject_row(std::size_t index) noexcept { is_rejected_[index] = 1; }
    bool is_rejected(std::size_t index) const noexcept { return is_rejected_[index] != 0; }

  private:
    using Memory = std::unique_ptr<char[]>;

    void add_room();
    char *allocate_elsewhere(std::size_t size);
    char *allocate_outsized(std::size_t size);
    void use_chunk(std::size_t index);

    std::size_t columns_;
    std::size_t max_rows_; // kMaxRows, fewer for a wide table
    // Room for rows, taken once and kept: only the first rows_ of it mean something.
    std::size_t rows_ = 0;
    std::vector<Cell> cells_;
    std::vector<std::int64_t> row_ids_;
    std::vector<std::uint8_t> is_rejected_;
    std::vector<Memory> chunks_;   // of kChunkSize each, kept
    std::vector<Memory> outsized_; // one value each, given back by clear()
    std::size_t chunk_ = 0;        // chunk being filled
    char *chunk_next_ = nullptr;   // its first free byte, on a 4-byte boundary
    std::size_t chunk_left_ = 0;   // bytes free in it
    std::size_t bytes_ = 0;        // bytes stored since clear()
};

} // namespace migrate::core

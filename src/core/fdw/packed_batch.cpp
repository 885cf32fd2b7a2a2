#include "core/fdw/packed_batch.hpp"

#include <cstring>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

bool has_bytes(const Cell &cell) noexcept {
    return cell.storage == StorageClass::text || cell.storage == StorageClass::blob;
}

template <typename Value>
void put(const Value &value, std::string &bytes) {
    bytes.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

template <typename Value>
Value take(std::string_view &bytes) {
    Value value;
    std::memcpy(&value, bytes.data(), sizeof(value));
    bytes.remove_prefix(sizeof(value));
    return value;
}

void put_cell(const Cell &cell, std::string &bytes) {
    put(cell.storage, bytes);
    if (has_bytes(cell)) {
        put(cell.size, bytes);
        bytes += cell.view();
    } else if (cell.storage == StorageClass::real) {
        put(cell.real, bytes);
    } else if (cell.storage == StorageClass::integer) {
        put(cell.integer, bytes);
    }
}

void take_cell(std::string_view &bytes, Cell &cell, Batch &batch) {
    cell.storage = take<StorageClass>(bytes);
    if (has_bytes(cell)) {
        const auto size = take<std::uint32_t>(bytes);
        batch.set_bytes(cell, cell.storage, bytes.substr(0, size));
        bytes.remove_prefix(size);
    } else if (cell.storage == StorageClass::real) {
        cell.set_real(take<double>(bytes));
    } else if (cell.storage == StorageClass::integer) {
        cell.set_integer(take<std::int64_t>(bytes));
    }
}

} // namespace

void pack(const Batch &batch, std::string &bytes) {
    bytes.clear();
    for (std::size_t row = 0; row < batch.rows(); ++row) {
        put(batch.row_id(row), bytes);
        for (std::size_t i = 0; i < batch.columns(); ++i)
            put_cell(batch.row(row)[i], bytes);
    }
}

void unpack(std::string_view bytes, Batch &batch) {
    batch.clear();
    while (!bytes.empty()) {
        Cell *cells = batch.add_row(take<std::int64_t>(bytes));
        for (std::size_t i = 0; i < batch.columns(); ++i)
            take_cell(bytes, cells[i], batch);
    }
}

} // namespace migrate::core::fdw

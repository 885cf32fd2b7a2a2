// Cells and rules for tests of the conversion, from plain values.
#pragma once

#include "core/convert.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace migrate::core::test {

inline Cell null() {
    return {};
}

inline Cell integer(std::int64_t value) {
    Cell cell;
    cell.set_integer(value);
    return cell;
}

inline Cell real(double value) {
    Cell cell;
    cell.set_real(value);
    return cell;
}

inline Cell bytes(StorageClass storage, const std::string &value) {
    Cell cell;
    cell.storage = storage;
    cell.size = static_cast<std::uint32_t>(value.size());
    cell.bytes = value.data();
    return cell;
}

// A cell that owns its bytes while the expression lasts: convert() copies what it needs.
struct Given {
    Given(Cell value) : cell(value) {}
    Given(const char *text) : owned(text), cell(bytes(StorageClass::text, owned)) {}
    Given(const std::string &text, StorageClass storage = StorageClass::text)
        : owned(text), cell(bytes(storage, owned)) {}
    Given(const Given &other) : owned(other.owned), cell(other.cell) {
        if (cell.storage == StorageClass::text || cell.storage == StorageClass::blob)
            cell.bytes = owned.data();
    }
    std::string owned;
    Cell cell;
};

inline Given blob(const std::string &value) {
    return {value, StorageClass::blob};
}

inline ColumnRule rule_of(Type type) {
    ColumnRule rule;
    rule.name = "price";
    rule.type = std::move(type);
    return rule;
}

inline ColumnRule rule_of(TypeKind kind) {
    return rule_of(make_type(kind));
}

} // namespace migrate::core::test

// Cells, columns and the two routes to a canonical form, for the tests of core/verify.
#pragma once

#include "core/verify/canonical.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace canonical_fixture {

using namespace migrate::core;
using namespace migrate::core::verify;

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

// The bytes must outlive the cell: literals do.
inline Cell bytes(StorageClass storage, std::string_view value) {
    Cell cell;
    cell.storage = storage;
    cell.bytes = value.data();
    cell.size = static_cast<std::uint32_t>(value.size());
    return cell;
}

inline Cell text(std::string_view value) {
    return bytes(StorageClass::text, value);
}
inline Cell blob(std::string_view value) {
    return bytes(StorageClass::blob, value);
}

inline VerifyColumn column_of(TypeKind kind) {
    VerifyColumn column;
    column.type.kind = kind;
    return column;
}

struct Source {
    Agreement agreement;
    std::string form;
};

inline Source source(const Cell &cell, const VerifyColumn &column, bool is_utc_zone = true) {
    Source result{};
    result.agreement = canonical_source(cell, column, is_utc_zone, result.form);
    return result;
}

inline std::string target(std::optional<std::string_view> value, const VerifyColumn &column) {
    std::string form;
    canonical_target(value, column, form);
    return form;
}

inline bool agree(const Cell &cell, std::optional<std::string_view> value,
                  const VerifyColumn &column) {
    const Source from = source(cell, column);
    return from.agreement != Agreement::misfit && from.agreement != Agreement::rejected &&
           from.form == target(value, column);
}

inline bool agree(const Cell &cell, std::optional<std::string_view> value, TypeKind kind) {
    return agree(cell, value, column_of(kind));
}

inline bool is_misfit(const Cell &cell, const VerifyColumn &column) {
    return source(cell, column).agreement == Agreement::misfit;
}

inline bool is_misfit(const Cell &cell, TypeKind kind) {
    return is_misfit(cell, column_of(kind));
}

inline VerifyColumn epoch_column(TypeKind kind, EpochUnit unit) {
    VerifyColumn column = column_of(kind);
    column.epoch = unit;
    return column;
}

} // namespace canonical_fixture

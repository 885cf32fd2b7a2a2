#include "core/plan/candidate.hpp"

#include <cmath>
#include <limits>

#include "core/core_only.hpp"

namespace migrate::core::plan {

namespace {

// Integers up to here are doubles without loss.
constexpr std::int64_t kMaxExactInteger = std::int64_t{1} << std::numeric_limits<double>::digits;

bool integer_surely_fits(const Type &type, std::int64_t value) noexcept {
    switch (type.kind) {
    case TypeKind::bigint:
    case TypeKind::text:
    case TypeKind::citext:
    case TypeKind::bytea:
    case TypeKind::json:
    case TypeKind::jsonb:
        return true;
    case TypeKind::numeric:
        return type.length < 0;
    case TypeKind::float8:
        return value >= -kMaxExactInteger && value <= kMaxExactInteger;
    default:
        return false;
    }
}

bool real_surely_fits(const Type &type, double value) noexcept {
    switch (type.kind) {
    case TypeKind::float8:
    case TypeKind::text:
    case TypeKind::citext:
    case TypeKind::bytea:
        return !std::isnan(value);
    case TypeKind::json:
    case TypeKind::jsonb:
        // jsonb has no -0.0.
        return std::isfinite(value) && value != 0;
    case TypeKind::numeric:
        return type.length < 0 && std::isfinite(value);
    default:
        return false;
    }
}

} // namespace

bool surely_fits(const Type &type, const Cell &cell) noexcept {
    switch (cell.storage) {
    case StorageClass::null:
        return true;
    case StorageClass::integer:
        return integer_surely_fits(type, cell.integer);
    case StorageClass::real:
        return real_surely_fits(type, cell.real);
    case StorageClass::text:
        // Invalid text is for option "invalid_text".
        return type.kind == TypeKind::text || type.kind == TypeKind::citext ||
               type.kind == TypeKind::bytea;
    case StorageClass::blob:
        return type.kind == TypeKind::bytea;
    }
    return false;
}

} // namespace migrate::core::plan

#include "core/cell.hpp"

#include "core/core_only.hpp"

namespace migrate::core {

std::string_view storage_class_name(StorageClass storage) noexcept {
    switch (storage) {
    case StorageClass::null:
        return "null";
    case StorageClass::integer:
        return "integer";
    case StorageClass::real:
        return "real";
    case StorageClass::text:
        return "text";
    case StorageClass::blob:
        return "blob";
    }
    return "unknown";
}

} // namespace migrate::core

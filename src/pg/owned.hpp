// C++ objects that a memory context owns: they are deleted when the context is reset or deleted, so
// normal end, error, cancel and rescan free files and handles by the same path.
//
//     auto *state = own<ImportState>(context, [] { return std::make_unique<ImportState>(); });
#pragma once

#include "pg/error_bridge.hpp"

#include <memory>

#include "pg/postgres.hpp"

namespace migrate::pg {

template <typename T>
void delete_owned(void *object) noexcept {
    delete static_cast<T *>(object);
}

// Makes an object by `make` (which returns a std::unique_ptr<T>) and hands it to `context`.
// The callback is registered before the object is made, so no error can come between.
template <typename T, typename Make>
T *own(MemoryContext context, Make make) {
    auto *callback = static_cast<MemoryContextCallback *>(
        MemoryContextAllocZero(context, sizeof(MemoryContextCallback)));
    callback->func = delete_owned<T>;
    MemoryContextRegisterResetCallback(context, callback);
    call_core([&] { callback->arg = make().release(); });
    return static_cast<T *>(callback->arg);
}

} // namespace migrate::pg

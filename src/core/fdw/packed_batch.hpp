// A batch as bytes, for scans that must be read to their end before a write and shown later.
//
//     std::string bytes;
//     pack(batch, bytes);
//     unpack(bytes, other);     // of as many columns
#pragma once

#include "core/batch.hpp"

#include <string>
#include <string_view>

namespace migrate::core::fdw {

// Replaces `bytes`.
void pack(const Batch &batch, std::string &bytes);
// Replaces the rows of `batch`. The bytes are those of pack, in the same process.
void unpack(std::string_view bytes, Batch &batch);

} // namespace migrate::core::fdw

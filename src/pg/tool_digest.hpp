// The digests that other tools keep of a file: SHA-1, SHA-256 and SHA-384.
#pragma once

#include "core/versioned/adoption.hpp"

#include <cstddef>

namespace migrate::pg {

// Hexadecimal, palloc'd. `kind` is not DigestKind::none. Error 58000 where the server's library
// refuses the kind (SHA-1 under FIPS).
char *tool_digest(core::versioned::DigestKind kind, const void *bytes, std::size_t size);

} // namespace migrate::pg

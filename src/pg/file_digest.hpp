// SHA-256, of bytes and of a server file.
#pragma once

#include <cstddef>

namespace migrate::pg {

// Hexadecimal, 64 characters and a NUL into `hex`.
void sha256_hex(const void *bytes, std::size_t size, char *hex);

// Reads the file from the start to its end; hexadecimal, palloc'd. Never for a SQLite file that a
// connection of this backend has open: closing a descriptor of it would drop SQLite's locks.
char *file_sha256(const char *path);

} // namespace migrate::pg

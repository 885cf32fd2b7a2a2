// The SHA-256 of a server file.
#pragma once

namespace migrate::pg {

// Reads the file from the start to its end; hexadecimal, palloc'd. Never for a SQLite file that a
// connection of this backend has open: closing a descriptor of it would drop SQLite's locks.
char *file_sha256(const char *path);

} // namespace migrate::pg

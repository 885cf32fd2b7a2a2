// SQLite's own file layer with the writing taken out: the file layer of every connection that
// reads a source.
//
//     sqlite3_open_v2(uri, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, readonly_vfs_name());
//
// A "read-only" connection still creates the -wal file of a WAL database, owned by the server's
// user, which locks the application out of its own file. Deciding by a look at the folder leaves a
// race with an application that closes just then; here no file can be created or deleted at all.
// Files are opened by SQLite's unix layer underneath, so locks are shared with every other
// connection of the process.
#pragma once

namespace migrate::core::sqlite {

// Registers the layer with the SQLite library on the first call (not as the default one). Throws
// Error XX000 when the library has no file layer.
const char *readonly_vfs_name();

} // namespace migrate::core::sqlite

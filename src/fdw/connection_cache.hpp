// The connections of this backend to SQLite files, one a foreign server, kept from one query to the
// next. All of migrate_sqlite's go through here.
//
//     core::fdw::Lease *lease = open_lease(context, server);
//     … call_core([&] { (*lease)->find(…) … });
//     call_core([&] { lease->finish(); });
//
// A connection is closed when a transaction that used it fails, when the server's options change,
// by migrate.disconnect(), and with the backend.
#pragma once

#include "core/fdw/connection.hpp"

#include "pg/postgres.hpp"

namespace migrate::fdw {

// A share in the read transaction of the server's connection, which is opened where needed. It
// belongs to the context: an error gives it back. In REPEATABLE READ and above the read transaction
// lasts until the transaction's end. Throws what Database::open does.
core::fdw::Lease *open_lease(MemoryContext context, Oid server);

// Lets this transaction write to the server's file, whose write lock is taken where it is not held
// yet: to be called before the first lease of a statement that writes. Throws what
// Connection::begin_write does.
void begin_write(Oid server);
// Sets the savepoints for the subtransactions that are open, before a write.
void save_level(core::fdw::Lease *lease);

// For a parallel worker: begins the read transaction, which lasts as long as the worker does. False
// when another program's lock keeps it from that: the leader, which has its own, reads on.
bool try_connection(Oid server);

// Closes the connections that no open cursor and no transaction's snapshot needs; how many.
int disconnect();

} // namespace migrate::fdw

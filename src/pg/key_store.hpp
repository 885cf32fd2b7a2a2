// Which records of a file have a key that another record of it has too: rows and lines in a
// tuplestore that spills to disk, sorted by the server, so that memory does not grow with the file.
//
//     KeyStore *store = open_key_store(target, settings);
//     store_keys(store, batch); …
//     find_repeats(store, true);                  // all but the last of each key
//     if (is_repeat(store, line)) … that record is passed over
//     close_key_store(store);
//
// All calls stand between SPI_connect and SPI_finish, under pinned settings.
#pragma once

#include "core/batch.hpp"
#include "pg/writer.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

struct KeyStore;

// What the rows are going to be written with: relation, columns, key, condition. Lives in
// CurrentMemoryContext; everything the target points to must outlive it.
KeyStore *open_key_store(const WriterTarget &target);
// The rows that are not rejected. A key that holds NULL is never another's equal.
void store_keys(KeyStore *store, const core::Batch &batch);
// Finds the rows of all keys but the last (or first) one of each key; rows that the target's
// condition leaves out have no say.
void find_repeats(KeyStore *store, bool keeps_last);
// Whether the row of that id is one of them; ids must be asked for in ascending order.
bool is_repeat(KeyStore *store, int64 row_id);
void close_key_store(KeyStore *store);

} // namespace migrate::pg

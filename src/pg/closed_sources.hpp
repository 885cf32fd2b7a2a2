// Sources whose data must not come again into a schema: the application has moved there.
//
// All calls stand between SPI_connect and SPI_finish, under pinned settings; texts are in the
// server's encoding.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// 55000 when the source (a path in canonical form) was closed for the schema. Links to the file
// count as the file. It stays open to the end of the transaction.
void check_source_open(const char *path, const char *schema);

// Closes it, as the current user; false when it was closed before. Waits for the transactions that
// found a source of the schema open.
bool close_source(const char *path, const char *schema);

} // namespace migrate::pg

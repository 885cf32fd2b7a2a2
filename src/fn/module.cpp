// The module's magic block: PostgreSQL refuses a library that was built for another version.
#include "pg/postgres.hpp"

extern "C" {
PG_MODULE_MAGIC;
}

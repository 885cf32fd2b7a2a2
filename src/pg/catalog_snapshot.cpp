#include "pg/catalog_snapshot.hpp"

#include "pg/catalog_queries.hpp"
#include "pg/error_bridge.hpp"
#include "pg/settings.hpp"
#include "pg/sql.hpp"

#include <span>

extern "C" {
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
}

namespace migrate::pg {
namespace {

using core::versioned::CatalogSnapshot;

constexpr uint64 kRowsOfScratch = 500;

const char *text_or_empty(uint64 row, int column) {
    const char *text = query_text(row, column);
    return text != nullptr ? utf8_text(text) : "";
}

void take_object(CatalogSnapshot *snapshot, uint64 row) {
    const char *identity = text_or_empty(row, 1);
    const char *parent = text_or_empty(row, 2);
    const char *definition = text_or_empty(row, 3);
    bool is_order = query_text(row, 4)[0] == 't';
    call_core([&] { snapshot->push_back({identity, parent, definition, is_order}); });
}

void run_queries(std::span<const char *const> queries, Oid left_out, MemoryContext scratch,
                 CatalogSnapshot *snapshot) {
    for (const char *query : queries) {
        Oid type = OIDOID;
        Datum value = ObjectIdGetDatum(left_out);
        uint64 rows = run_query(query, 1, &type, &value);
        for (uint64 i = 0; i < rows; i++) {
            take_object(snapshot, i);
            if (i % kRowsOfScratch == 0)
                MemoryContextReset(scratch);
            CHECK_FOR_INTERRUPTS();
        }
        SPI_freetuptable(SPI_tuptable);
    }
}

} // namespace

void take_catalog_snapshot(Oid left_out, CatalogSnapshot *snapshot) {
    call_core([&] { snapshot->clear(); });
    MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "migrate catalog snapshot",
                                                  ALLOCSET_DEFAULT_SIZES);
    MemoryContext before = MemoryContextSwitchTo(scratch);
    int level = push_settings();
    run_queries(relation_queries(), left_out, scratch, snapshot);
    run_queries(object_queries(), left_out, scratch, snapshot);
    pop_settings(level);
    MemoryContextSwitchTo(before);
    MemoryContextDelete(scratch);
}

} // namespace migrate::pg

#include "pg/target_catalog.hpp"

#include "pg/citus.hpp"
#include "pg/column_type.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/sql.hpp"

#include <algorithm>
#include <cstdlib>

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_class_d.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_type_d.h"
#include "executor/spi.h"
#include "utils/lsyscache.h"
}

namespace migrate::pg {
namespace {

using core::TypeKind;
using core::plan::TargetColumn;
using core::plan::TargetForeignKey;
using core::plan::TargetKey;
using core::plan::TargetKind;
using core::plan::TargetTable;
using core::plan::TargetTables;

// tgtype: 2 BEFORE, 4 INSERT, 64 INSTEAD OF.
constexpr char kTables[] =
    "SELECT c.oid, c.relname, c.relkind, c.relrowsecurity, EXISTS (SELECT FROM "
    "pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgenabled IN "
    "('O', 'A') AND g.tgtype & 4 <> 0 AND g.tgtype & 66 <> 0), "
    "EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '3'), "
    "pg_catalog.pg_has_role(c.relowner, 'USAGE') "
    "FROM pg_catalog.pg_class c "
    "WHERE c.relnamespace = $1 AND c.relkind IN ('r', 'p', 'v', 'f') ORDER BY c.oid";

// A sequence belongs to its column (serial, identity), or its default calls it.
constexpr char kColumns[] =
    "SELECT c.oid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull OR t.typnotnull, "
    "a.atthasdef AND a.attgenerated = '' OR a.attidentity <> '' OR t.typdefault IS NOT NULL, "
    "a.attgenerated <> '', a.attidentity = 'a', CASE WHEN a.atttypid IN (20, 21, 23, 1700) THEN "
    "(SELECT pg_catalog.format('%I.%I', n.nspname, s.relname) FROM pg_catalog.pg_class s JOIN "
    "pg_catalog.pg_namespace n ON n.oid = s.relnamespace WHERE s.relkind = 'S' AND s.oid IN "
    "(SELECT d.objid FROM pg_catalog.pg_depend d WHERE d.classid = 1259 AND d.refclassid = 1259 "
    "AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i') UNION ALL "
    "SELECT d.refobjid FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_depend d ON d.classid = "
    "2604 AND d.objid = f.oid AND d.refclassid = 1259 WHERE f.adrelid = c.oid AND f.adnum = "
    "a.attnum) LIMIT 1) END "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum "
    "> 0 AND NOT a.attisdropped JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
    "WHERE c.relnamespace = $1 AND c.relkind IN ('r', 'p', 'v', 'f') ORDER BY c.oid, a.attnum";

constexpr char kKeys[] =
    "SELECT i.indrelid, x.relname, i.indisprimary, NOT i.indimmediate, i.indnkeyatts, "
    "i.indkey::text FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid "
    "JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid "
    "WHERE c.relnamespace = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND "
    "i.indexprs IS NULL ORDER BY i.indrelid, i.indisprimary DESC, i.indexrelid";

// SET CONSTRAINTS takes all constraints of a name, and fails where one of them, be it of another
// table, is not deferrable.
#define MIGRATE_HAS_OWN_NAME                                                                       \
    "NOT EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conname = k.conname AND "          \
    "o.connamespace = k.connamespace AND NOT o.condeferrable)"

// A row for each column of each foreign key.
constexpr char kForeignKeys[] =
    "SELECT k.conrelid, k.oid, k.conname, k.confrelid, pg_catalog.format('%I.%I', n.nspname, "
    "p.relname), k.condeferrable AND (k.condeferred OR " MIGRATE_HAS_OWN_NAME
    "), k.condeferred, k.confdeltype = 'c', u.child, a.attname "
    "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN "
    "pg_catalog.pg_class p ON p.oid = k.confrelid JOIN pg_catalog.pg_namespace n ON n.oid = "
    "p.relnamespace CROSS JOIN LATERAL pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u(child, "
    "place) JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = "
    "k.confkey[u.place] "
    "WHERE c.relnamespace = $1 AND k.contype = 'f' ORDER BY k.conrelid, k.oid, u.place";

// With those of its partitions.
constexpr char kTriggers[] =
    "SELECT o.oid, g.tgname, pg_catalog.format('%I.%I', n.nspname, c.relname), g.tgenabled "
    "FROM pg_catalog.pg_class o CROSS JOIN LATERAL (SELECT o.oid AS member UNION SELECT "
    "t.relid::oid FROM pg_catalog.pg_partition_tree(o.oid) t WHERE o.relkind = 'p') m JOIN "
    "pg_catalog.pg_trigger g ON g.tgrelid = m.member AND NOT g.tgisinternal AND g.tgenabled <> "
    "'D' JOIN pg_catalog.pg_class c ON c.oid = m.member JOIN pg_catalog.pg_namespace n ON n.oid "
    "= c.relnamespace "
    "WHERE o.relnamespace = $1 AND o.relkind IN ('r', 'p', 'f') ORDER BY o.oid, m.member, g.tgname";

constexpr char kDeferred[] =
    "SELECT k.conrelid, k.conname FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON "
    "c.oid = k.conrelid WHERE c.relnamespace = $1 AND k.condeferred AND " MIGRATE_HAS_OWN_NAME
    " ORDER BY k.conrelid, k.conname";

uint64 run_for(const char *sql, Oid schema) {
    Oid types[] = {OIDOID};
    Datum values[] = {ObjectIdGetDatum(schema)};
    return run_query(sql, 1, types, values);
}

bool query_flag(uint64 row, int column) {
    const char *text = query_text(row, column);
    return text != nullptr && text[0] == 't';
}

uint32 query_number(uint64 row, int column) {
    const char *text = query_text(row, column);
    return text != nullptr ? static_cast<uint32>(strtoul(text, nullptr, 10)) : 0;
}

TargetKind kind_of(char relkind) {
    switch (relkind) {
    case RELKIND_PARTITIONED_TABLE:
        return TargetKind::partitioned;
    case RELKIND_VIEW:
        return TargetKind::view;
    case RELKIND_FOREIGN_TABLE:
        return TargetKind::foreign_table;
    default:
        return TargetKind::table;
    }
}

// The numbers of a table's columns, by their places in TargetTable::columns.
using Numbers = std::vector<std::vector<int>>;

// What the rows of the queries are put together in: they come in the order of the relations.
struct Builder {
    TargetTables *tables;
    Numbers *numbers;
    std::size_t table; // of the row before
};

TargetTable *find_table(Builder *builder, Oid oid) {
    auto &tables = builder->tables->tables;
    while (builder->table < tables.size() && tables[builder->table].oid < oid)
        builder->table++;
    return builder->table < tables.size() && tables[builder->table].oid == oid
               ? &tables[builder->table]
               : nullptr;
}

int column_of(const Builder &builder, int number) {
    const std::vector<int> &numbers = (*builder.numbers)[builder.table];
    const auto found = std::find(numbers.begin(), numbers.end(), number);
    return found == numbers.end() ? -1 : static_cast<int>(found - numbers.begin());
}

void read_tables(Builder *builder, Oid schema) {
    const uint64 rows = run_for(kTables, schema);
    for (uint64 row = 0; row < rows; row++) {
        const Oid oid = query_number(row, 1);
        const char *name = utf8_text(query_text(row, 2));
        const TargetKind kind = kind_of(*query_text(row, 3));
        const bool has_row_security = query_flag(row, 4);
        const bool has_before_trigger = query_flag(row, 5);
        const bool has_rules = query_flag(row, 6);
        const bool is_owned = query_flag(row, 7);
        call_core([&] {
            TargetTable &table = builder->tables->tables.emplace_back();
            table.oid = oid;
            table.name = name;
            table.kind = kind;
            table.has_row_security = has_row_security;
            table.has_before_trigger = has_before_trigger;
            table.has_rules = has_rules;
            table.is_owned = is_owned;
        });
    }
    call_core([&] { builder->numbers->resize(builder->tables->tables.size()); });
}

// What the type is made of, beneath domains.
struct TypeFacts {
    ColumnType type;
    bool is_array;
    bool is_json_array;
    bool refuses_numbers;
};

// Core rounds times to fewer digits than six itself: their numbers have a unit that only it knows.
ColumnType target_type(Oid type, int32 typmod) {
    ColumnType known = column_type(type, typmod);
    // Of a blob, not of a text that spells one.
    if (type == BYTEAOID)
        known.kind = TypeKind::bytea;
    TypeKind kind = type == TIMEOID          ? TypeKind::time
                    : type == TIMESTAMPOID   ? TypeKind::timestamp
                    : type == TIMESTAMPTZOID ? TypeKind::timestamptz
                                             : TypeKind::other;
    if (kind != TypeKind::other && typmod >= 0) {
        known.kind = kind;
        known.length = typmod;
    }
    return known;
}

TypeFacts type_facts(Oid type, int32 typmod) {
    const Oid base = getBaseType(type);
    const Oid element = get_base_element_type(base);
    TypeFacts facts = {};
    facts.type = target_type(type, typmod);
    facts.is_array = OidIsValid(get_element_type(base));
    facts.is_json_array = facts.is_array && (element == JSONOID || element == JSONBOID);
    facts.refuses_numbers = base == INTERVALOID || base == BITOID || base == VARBITOID;
    return facts;
}

void read_column(Builder *builder, TargetTable *table, uint64 row) {
    const int number = static_cast<int>(query_number(row, 2));
    const char *name = utf8_text(query_text(row, 3));
    const Oid type = query_number(row, 4);
    const auto typmod = static_cast<int32>(strtol(query_text(row, 5), nullptr, 10));
    const char *sql = type_sql(type, typmod);
    const char *sequence = query_text(row, 10);
    const char *sequence_sql = sequence != nullptr ? utf8_text(sequence) : "";
    const TypeFacts facts = type_facts(type, typmod);
    const bool flags[] = {query_flag(row, 6), query_flag(row, 7), query_flag(row, 8),
                          query_flag(row, 9)};
    call_core([&] {
        TargetColumn &column = table->columns.emplace_back();
        column.name = name;
        column.type = core_type(facts.type, sql);
        column.type_sql = sql;
        column.type_oid = type;
        column.min_integer = facts.type.min_integer;
        column.max_integer = facts.type.max_integer;
        column.is_array = facts.is_array;
        column.is_json_array = facts.is_json_array;
        column.refuses_numbers = facts.refuses_numbers;
        column.is_not_null = flags[0];
        column.has_default = flags[1];
        column.is_generated = flags[2];
        column.is_identity_always = flags[3];
        column.sequence_sql = sequence_sql;
        (*builder->numbers)[builder->table].push_back(number);
    });
}

void read_columns(Builder *builder, Oid schema) {
    const uint64 rows = run_for(kColumns, schema);
    builder->table = 0;
    for (uint64 row = 0; row < rows; row++)
        if (TargetTable *table = find_table(builder, query_number(row, 1)))
            read_column(builder, table, row);
}

void read_key(Builder *builder, TargetTable *table, uint64 row) {
    const char *name = utf8_text(query_text(row, 2));
    const bool is_primary = query_flag(row, 3);
    const bool is_deferrable = query_flag(row, 4);
    const int count = static_cast<int>(query_number(row, 5));
    char *numbers = query_text(row, 6);
    call_core([&] {
        TargetKey key;
        key.name = name;
        key.is_primary = is_primary;
        key.is_deferrable = is_deferrable;
        for (int i = 0; i < count; i++)
            key.columns.push_back(
                column_of(*builder, static_cast<int>(strtol(numbers, &numbers, 10))));
        table->keys.push_back(std::move(key));
    });
}

void read_keys(Builder *builder, Oid schema) {
    const uint64 rows = run_for(kKeys, schema);
    builder->table = 0;
    for (uint64 row = 0; row < rows; row++)
        if (TargetTable *table = find_table(builder, query_number(row, 1)))
            read_key(builder, table, row);
}

int find_parent(const TargetTables &tables, Oid oid) {
    for (std::size_t i = 0; i < tables.tables.size(); i++)
        if (tables.tables[i].oid == oid)
            return static_cast<int>(i);
    return -1;
}

void read_foreign_key_column(Builder *builder, TargetTable *table, uint64 row, bool is_first) {
    const char *name = utf8_text(query_text(row, 3));
    const Oid parent = query_number(row, 4);
    const char *parent_sql = utf8_text(query_text(row, 5));
    const bool flags[] = {query_flag(row, 6), query_flag(row, 7), query_flag(row, 8)};
    const int child = static_cast<int>(query_number(row, 9));
    const char *parent_column = utf8_text(query_text(row, 10));
    call_core([&] {
        if (is_first) {
            TargetForeignKey &key = table->foreign_keys.emplace_back();
            key.name = name;
            key.parent = find_parent(*builder->tables, parent);
            key.parent_sql = parent_sql;
            key.is_deferrable = flags[0];
            key.is_initially_deferred = flags[1];
            key.deletes_children = flags[2];
        }
        table->foreign_keys.back().columns.push_back(column_of(*builder, child));
        table->foreign_keys.back().parent_columns.emplace_back(parent_column);
    });
}

void read_foreign_keys(Builder *builder, Oid schema) {
    const uint64 rows = run_for(kForeignKeys, schema);
    Oid last = InvalidOid;
    builder->table = 0;
    for (uint64 row = 0; row < rows; row++) {
        const Oid constraint = query_number(row, 2);
        if (TargetTable *table = find_table(builder, query_number(row, 1)))
            read_foreign_key_column(builder, table, row, constraint != last);
        last = constraint;
    }
}

// SET CONSTRAINTS does not reach the shards of Citus.
void limit_deferring(Builder *builder) {
    for (TargetTable &table : builder->tables->tables)
        if (is_distributed(table.oid))
            for (auto &key : table.foreign_keys)
                key.is_deferrable = key.is_initially_deferred;
}

void read_triggers(Builder *builder, Oid schema) {
    const uint64 rows = run_for(kTriggers, schema);
    builder->table = 0;
    for (uint64 row = 0; row < rows; row++) {
        TargetTable *table = find_table(builder, query_number(row, 1));
        const char *name = utf8_text(query_text(row, 2));
        const char *relation = utf8_text(query_text(row, 3));
        const char state = *query_text(row, 4);
        if (table != nullptr)
            call_core([&] { table->triggers.push_back({name, relation, state}); });
    }
}

void read_deferred(Builder *builder, Oid schema) {
    const uint64 rows = run_for(kDeferred, schema);
    builder->table = 0;
    for (uint64 row = 0; row < rows; row++) {
        TargetTable *table = find_table(builder, query_number(row, 1));
        const char *name = utf8_text(query_text(row, 2));
        if (table != nullptr)
            call_core([&] { table->deferred.emplace_back(name); });
    }
}

} // namespace

void read_target_tables(Oid schema, TargetTables *tables) {
    auto *numbers = own<Numbers>(CurrentMemoryContext, [] { return std::make_unique<Numbers>(); });
    Builder builder = {tables, numbers, 0};
    const char *name = utf8_text(get_namespace_name(schema));
    call_core([&] {
        tables->schema = name;
        tables->tables.clear();
    });
    read_tables(&builder, schema);
    read_columns(&builder, schema);
    read_keys(&builder, schema);
    read_foreign_keys(&builder, schema);
    limit_deferring(&builder);
    read_triggers(&builder, schema);
    read_deferred(&builder, schema);
}

} // namespace migrate::pg

#include "core/plan/tool_tables.hpp"

#include "core/plan/naming.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

struct KnownTable {
    std::string_view name; // folded
    const char *tool;
    // Columns that it has where the name is an ordinary word; "" for none.
    std::string_view first_column;
    std::string_view second_column;
};

constexpr KnownTable kTables[] = {
    {"__diesel_schema_migrations", "Diesel", "", ""},
    {"__drizzle_migrations", "Drizzle", "", ""},
    {"__efmigrationshistory", "Entity Framework Core", "", ""},
    {"__efmigrationslock", "Entity Framework Core", "", ""},
    {"__migrationhistory", "Entity Framework", "", ""},
    {"_prisma_migrations", "Prisma", "", ""},
    {"_sqlx_migrations", "SQLx", "", ""},
    {"alembic_version", "Alembic", "", ""},
    {"ar_internal_metadata", "Rails", "", ""},
    {"atlas_schema_revisions", "Atlas", "", ""},
    {"databasechangelog", "Liquibase", "", ""},
    {"databasechangeloglock", "Liquibase", "", ""},
    {"django_migrations", "Django", "", ""},
    {"doctrine_migration_versions", "Doctrine", "", ""},
    {"flyway_schema_history", "Flyway", "", ""},
    {"goose_db_version", "goose", "", ""},
    {"knex_migrations", "Knex", "", ""},
    {"knex_migrations_lock", "Knex", "", ""},
    {"kysely_migration", "Kysely", "", ""},
    {"kysely_migration_lock", "Kysely", "", ""},
    {"migrations", "Laravel", "migration", "batch"},
    {"migrations", "TypeORM", "timestamp", "name"},
    {"mikro_orm_migrations", "MikroORM", "", ""},
    {"phinxlog", "Phinx", "", ""},
    {"refinery_schema_history", "Refinery", "", ""},
    {"schema_migrations", "a migration tool", "version", ""},
    {"seaql_migrations", "SeaORM", "", ""},
    {"sequelizemeta", "Sequelize", "", ""},
    {"typeorm_metadata", "TypeORM", "", ""},
};

bool has_column(const Table &table, std::string_view folded) {
    return folded.empty() ||
           std::any_of(table.columns.begin(), table.columns.end(),
                       [&](const Column &column) { return fold_ascii(column.name) == folded; });
}

} // namespace

const char *tool_of_table(const Table &table) {
    const std::string folded = fold_ascii(table.name);
    for (const KnownTable &known : kTables) {
        if (known.name == folded && has_column(table, known.first_column) &&
            has_column(table, known.second_column))
            return known.tool;
    }
    return nullptr;
}

} // namespace migrate::core::plan

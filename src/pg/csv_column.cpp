#include "pg/csv_column.hpp"

#include "pg/column_type.hpp"
#include "pg/error_bridge.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

void add_csv_column(core::csv::TableColumns *columns, Form_pg_attribute attribute) {
    const ColumnType type = column_type(attribute->atttypid, attribute->atttypmod);
    const char *name = utf8_text(NameStr(attribute->attname));
    const char *sql = type_sql(attribute->atttypid, attribute->atttypmod);
    const bool has_default =
        (attribute->atthasdef && attribute->attgenerated == '\0') || attribute->attidentity != '\0';
    call_core([&] {
        core::csv::TableColumn &column = columns->columns.emplace_back();
        column.name = name;
        column.type_sql = sql;
        column.type = core_type(type, sql);
        column.min_integer = type.min_integer;
        column.max_integer = type.max_integer;
        column.is_given = true;
        column.is_not_null = attribute->attnotnull;
        column.has_default = has_default;
        column.is_generated = attribute->attgenerated != '\0';
    });
}

} // namespace migrate::pg

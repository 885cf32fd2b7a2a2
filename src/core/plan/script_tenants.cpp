// Options "distribute" (in phase table) and "row_security" (phase policy).
#include "core/plan/script_writer.hpp"

#include "core/core_only.hpp"

namespace migrate::core::plan {

// The planned column of the table's tenant, -1 where its rows belong to none.
int ScriptWriter::tenant_of(std::size_t table) const {
    const Table &source = *planned(table).source;
    if (source.tenant_column < 0 || source.is_tenant_root)
        return -1;
    return find_plan_column(plan_, table, source.tenant_column);
}

// The first table of the plan that is distributed by a column of the same type: only such tables
// lie side by side. It goes itself where Citus puts tables of that type.
std::string ScriptWriter::colocation_of(std::size_t table, const ColumnPlan &tenant) const {
    for (std::size_t i = 0; i < table; ++i) {
        const int column = tenant_of(i);
        if (column >= 0 && planned(i).columns[static_cast<std::size_t>(column)].type == tenant.type)
            return states_[i].sql;
    }
    return "default";
}

// Before the data, so that the rows go to their shards at once; before the keys, which Citus then
// makes on the shards.
void ScriptWriter::write_distribution(std::size_t table) {
    const auto literal = [](std::string_view text) { return quote_literal(text).value_or("NULL"); };
    const std::string name = literal(states_[table].sql);
    const int found = tenant_of(table);
    if (found < 0) {
        add_statement(Phase::table, table, "").sql =
            "SELECT pg_catalog.create_reference_table(" + name + ")";
        return;
    }
    const ColumnPlan &tenant = planned(table).columns[static_cast<std::size_t>(found)];
    add_statement(Phase::table, table, "").sql =
        "SELECT pg_catalog.create_distributed_table(" + name + ", " + literal(tenant.name) +
        ", colocate_with => " + literal(colocation_of(table, tenant)) + ")";
}

// The setting is a parameter of the session, '' after RESET; then, as without it, no row is seen.
void ScriptWriter::write_policy(std::size_t table) {
    const int found = tenant_of(table);
    if (options().row_security.empty() || found < 0)
        return;
    const ColumnPlan &column = planned(table).columns[static_cast<std::size_t>(found)];
    // The setting's name holds only letters, digits, "_", "$" and dots (read_setting_name).
    const std::string condition =
        quote_identifier(column.name) + " = CAST(NULLIF(pg_catalog.current_setting('" +
        options().row_security + "', true), '') AS " + type_sql(column.type) + ")";
    add_statement(Phase::policy, table, "").sql =
        "ALTER TABLE " + states_[table].sql +
        " ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY";
    add_statement(Phase::policy, table, "tenant_isolation").sql =
        "CREATE POLICY tenant_isolation ON " + states_[table].sql + " USING (" + condition +
        ") WITH CHECK (" + condition + ")";
}

} // namespace migrate::core::plan

#include "pg/sql.hpp"

#include "pg/error_bridge.hpp"

extern "C" {
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
}

namespace migrate::pg {
namespace {

using core::plan::Phase;

bool is_allowed(Phase phase, NodeTag tag) {
    switch (phase) {
    case Phase::schema:
        return tag == T_CreateSchemaStmt;
    case Phase::table: // a SELECT: create_distributed_table()
        return tag == T_CreateStmt || tag == T_AlterTableStmt || tag == T_TruncateStmt ||
               tag == T_ConstraintsSetStmt || tag == T_SelectStmt;
    case Phase::key:
    case Phase::index:
        return tag == T_AlterTableStmt || tag == T_IndexStmt;
    case Phase::foreign_key:
    case Phase::check:
        return tag == T_AlterTableStmt || tag == T_ConstraintsSetStmt;
    case Phase::sequence: // setval() where RESTART WITH cannot say "used up"
        return tag == T_AlterTableStmt || tag == T_AlterSeqStmt || tag == T_SelectStmt;
    case Phase::view:
        return tag == T_ViewStmt || tag == T_AlterTableStmt;
    case Phase::policy:
        return tag == T_AlterTableStmt || tag == T_CreatePolicyStmt;
    case Phase::comment:
        return tag == T_CommentStmt;
    case Phase::analyze:
        return tag == T_VacuumStmt;
    case Phase::data:
        return tag == T_SelectStmt; // a probe
    }
    return false;
}

// The statement in the server's encoding, proven to be one of the kind that the phase may hold.
const char *checked_statement(const char *utf8, Phase phase) {
    const char *sql = pg_any_to_server(utf8, static_cast<int>(strlen(utf8)), PG_UTF8);
    List *parsed = raw_parser(sql, RAW_PARSE_DEFAULT);
    if (list_length(parsed) != 1 ||
        !is_allowed(phase, nodeTag(linitial_node(RawStmt, parsed)->stmt)))
        elog(ERROR, "generated statement is not one of its phase: %s", sql);
    return sql;
}

} // namespace

void run_utility(const char *sql) {
    int result = SPI_execute(sql, false, 0);
    if (result < 0)
        elog(ERROR, "could not run \"%s\": %s", sql, SPI_result_code_string(result));
}

void run_definition(const char *utf8, Phase phase) {
    run_utility(checked_statement(utf8, phase));
}

uint64 run_query(const char *sql, int arguments, Oid *types, Datum *values, const char *nulls) {
    int result = SPI_execute_with_args(sql, arguments, types, values, nulls, false, 0);
    if (result < 0)
        elog(ERROR, "could not run \"%s\": %s", sql, SPI_result_code_string(result));
    return SPI_processed;
}

char *query_text(uint64 row, int column) {
    return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
}

int64 query_bigint(uint64 row, int column) {
    bool is_null = false;
    Datum value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &is_null);
    return is_null ? 0 : DatumGetInt64(value);
}

ProbeResult run_probe(const char *utf8) {
    if (run_query(checked_statement(utf8, Phase::data)) != 1)
        elog(ERROR, "a probe must give one row");
    const char *keys = query_text(0, 2);
    return {query_bigint(0, 1), keys != nullptr ? keys : ""};
}

} // namespace migrate::pg

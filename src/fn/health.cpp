// migrate.health: what a schema needs after a migration, each with the statement that mends it.
#include "fn/health_checks.hpp"

#include "pg/result_set.hpp"
#include "pg/settings.hpp"
#include "pg/sql.hpp"
#include "pg/subtransaction.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "nodes/pg_list.h"
}

namespace migrate::fn {
namespace {

// One row of the result; texts in the server's encoding, `ok` NULL where nothing could be found
// out.
struct Finding {
    const char *object;
    const char *detail;
    const char *fix;
};

enum class Answer { yes, no, unknown };

void set_server_text(pg::ResultRow *row, const char *text) {
    if (text == nullptr)
        pg::set_null(row);
    else
        pg::set_datum(row, CStringGetTextDatum(text));
}

void return_finding(FunctionCallInfo fcinfo, const char *check, Answer is_ok,
                    const Finding &finding) {
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_text(&row, check);
    set_server_text(&row, finding.object);
    if (is_ok == Answer::unknown)
        pg::set_null(&row);
    else
        pg::set_boolean(&row, is_ok == Answer::yes);
    set_server_text(&row, finding.detail);
    set_server_text(&row, finding.fix);
    pg::finish_row(&row);
}

uint64 query_schema(const char *sql, const char *schema) {
    Oid type = NAMEOID;
    NameData name;
    namestrcpy(&name, schema);
    Datum value = NameGetDatum(&name);
    return pg::run_query(sql, 1, &type, &value);
}

void run_check(FunctionCallInfo fcinfo, const HealthCheck &check, const char *schema) {
    const uint64 rows = query_schema(check.sql, schema);
    for (uint64 i = 0; i < rows; i++)
        return_finding(fcinfo, check.name, Answer::no,
                       {pg::query_text(i, 1), pg::query_text(i, 2), pg::query_text(i, 3)});
    if (rows == 0)
        return_finding(fcinfo, check.name, Answer::yes,
                       {quote_identifier(schema), check.all_well, nullptr});
}

// --- sequences: the next value against the highest one of the column that it fills ---------------

// Sequences of identity and serial columns, and those that a column's default calls.
constexpr char kSequences[] =
    "SELECT DISTINCT pg_catalog.format('%I.%I', sn.nspname, s.relname), "
    "  pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.quote_ident(a.attname), "
    "  q.seqincrement, pg_catalog.row_security_active(c.oid) "
    "FROM pg_catalog.pg_depend d "
    "JOIN pg_catalog.pg_class s ON s.oid OPERATOR(pg_catalog.=) d.objid "
    "JOIN pg_catalog.pg_namespace sn ON sn.oid OPERATOR(pg_catalog.=) s.relnamespace "
    "JOIN pg_catalog.pg_sequence q ON q.seqrelid OPERATOR(pg_catalog.=) s.oid "
    "JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) d.refobjid "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid "
    "  AND a.attnum OPERATOR(pg_catalog.=) d.refobjsubid "
    "WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass "
    "AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass "
    "AND d.deptype OPERATOR(pg_catalog.=) ANY ('{a,i}'::pg_catalog.\"char\"[]) "
    "AND s.relkind OPERATOR(pg_catalog.=) 'S' AND n.nspname OPERATOR(pg_catalog.=) $1 "
    "AND d.refobjsubid OPERATOR(pg_catalog.>) 0 "
    "AND a.atttypid OPERATOR(pg_catalog.=) ANY "
    "  ('{smallint,integer,bigint}'::pg_catalog.regtype[]) ORDER BY 1";

struct Sequence {
    const char *name;
    const char *table;
    const char *column;
    const char *increment;
    bool is_ascending;
    bool hides_rows; // row security keeps rows of the table from the caller
    bool is_behind;
    const char *detail;
};

// The highest value that is taken (the lowest where the sequence counts down) and the one to come,
// which may be past the end of bigint.
const char *comparison(const Sequence &sequence) {
    return psprintf("SELECT c.taken, s.next, (CASE WHEN s.next OPERATOR(pg_catalog.%s) c.taken "
                    "THEN 1 ELSE 0 END)::pg_catalog.int8 "
                    "FROM (SELECT pg_catalog.%s(%s)::pg_catalog.numeric AS taken FROM %s) c, "
                    "(SELECT CASE WHEN is_called THEN last_value::pg_catalog.numeric "
                    "OPERATOR(pg_catalog.+) '%s'::pg_catalog.numeric "
                    "ELSE last_value::pg_catalog.numeric END AS next FROM %s) s",
                    sequence.is_ascending ? "<=" : ">=", sequence.is_ascending ? "max" : "min",
                    sequence.column, sequence.table, sequence.increment, sequence.name);
}

void look_at(void *argument) {
    auto *sequence = static_cast<Sequence *>(argument);
    pg::run_query(comparison(*sequence));
    sequence->is_behind = pg::query_bigint(0, 3) != 0;
    if (sequence->is_behind)
        sequence->detail =
            psprintf("the next value is %s, column %s of %s holds %s", pg::query_text(0, 2),
                     sequence->column, sequence->table, pg::query_text(0, 1));
}

// What was tried in vain, or cannot be told from the rows that the caller sees.
void return_unknown(FunctionCallInfo fcinfo, const Sequence &sequence, const char *reason) {
    return_finding(fcinfo, "sequence_behind", Answer::unknown,
                   {sequence.name, psprintf("could not be checked: %s", reason), nullptr});
}

bool check_sequence(FunctionCallInfo fcinfo, Sequence *sequence) {
    if (sequence->hides_rows) {
        return_unknown(fcinfo, *sequence,
                       psprintf("row security may hide rows of %s", sequence->table));
        return false;
    }
    const ErrorData *error =
        pg::try_in_subtransaction(look_at, sequence, pg::kDataErrors | pg::kScriptErrors);
    if (error != nullptr) {
        return_unknown(fcinfo, *sequence, error->message);
        return false;
    }
    if (!sequence->is_behind)
        return true;
    return_finding(
        fcinfo, "sequence_behind", Answer::no,
        {sequence->name, sequence->detail,
         psprintf("SELECT pg_catalog.setval(%s, (SELECT pg_catalog.%s(%s) FROM %s))",
                  quote_literal_cstr(sequence->name), sequence->is_ascending ? "max" : "min",
                  sequence->column, sequence->table)});
    return false;
}

void check_sequences(FunctionCallInfo fcinfo, const char *schema) {
    const uint64 rows = query_schema(kSequences, schema);
    List *sequences = NIL;
    for (uint64 i = 0; i < rows; i++) {
        auto *sequence = static_cast<Sequence *>(palloc0(sizeof(Sequence)));
        sequence->name = pg::query_text(i, 1);
        sequence->table = pg::query_text(i, 2);
        sequence->column = pg::query_text(i, 3);
        sequence->increment = pg::query_text(i, 4);
        sequence->is_ascending = pg::query_bigint(i, 4) > 0;
        sequence->hides_rows = strcmp(pg::query_text(i, 5), "t") == 0;
        sequences = lappend(sequences, sequence);
    }
    bool is_well = true;
    ListCell *cell = nullptr;
    foreach (cell, sequences)
        is_well &= check_sequence(fcinfo, static_cast<Sequence *>(lfirst(cell)));
    if (is_well)
        return_finding(
            fcinfo, "sequence_behind", Answer::yes,
            {quote_identifier(schema), "every sequence is ahead of its column", nullptr});
}

const char *schema_argument(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("argument \"schema\" must not be null")));
    const char *schema = text_to_cstring(PG_GETARG_TEXT_PP(0));
    (void)get_namespace_oid(schema, false);
    return schema;
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_health);

PGDLLEXPORT Datum migrate_health(PG_FUNCTION_ARGS) {
    using namespace migrate;
    const char *schema = fn::schema_argument(fcinfo);
    pg::open_result(fcinfo);
    SPI_connect();
    const int level = pg::push_settings();
    fn::check_sequences(fcinfo, schema);
    for (std::size_t i = 0; i < fn::kHealthCheckCount; i++)
        fn::run_check(fcinfo, fn::kHealthChecks[i], schema);
    pg::pop_settings(level);
    SPI_finish();
    return (Datum)0;
}
}

#include "pg/key_sequences.hpp"

#include "core/plan/sequence_sql.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/sql.hpp"
#include "pg/sql_names.hpp"

#include <memory>
#include <string>

#include "pg/postgres.hpp"

namespace migrate::pg {
namespace {

// Ascending sequences that a column owns, by an identity or as serial does.
constexpr char kSequencesQuery[] =
    "SELECT a.attname, "
    " pg_catalog.has_sequence_privilege(s.seqrelid, 'UPDATE') AND "
    " pg_catalog.has_sequence_privilege(s.seqrelid, 'SELECT'), "
    " pg_catalog.format('%I.%I', n.nspname, c.relname) "
    "FROM pg_catalog.pg_depend d "
    "JOIN pg_catalog.pg_sequence s ON s.seqrelid OPERATOR(pg_catalog.=) d.objid "
    "JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) s.seqrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) d.refobjid "
    " AND a.attnum OPERATOR(pg_catalog.=) d.refobjsubid "
    "WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass "
    "AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass "
    "AND d.refobjid OPERATOR(pg_catalog.=) $1 AND d.deptype IN ('a', 'i') "
    "AND s.seqincrement OPERATOR(pg_catalog.>) 0 "
    "AND a.atttypid IN ('pg_catalog.int2'::pg_catalog.regtype, "
    " 'pg_catalog.int4'::pg_catalog.regtype, 'pg_catalog.int8'::pg_catalog.regtype) "
    "ORDER BY a.attnum";

struct OwnedSequence {
    const char *column;
    bool may_set;
    const char *name;
};

// A sequence that gave no number yet may start far above the keys.
void advance(const OwnedSequence &sequence, const char *table, std::string *sql) {
    const char *column = quote_identifier(sequence.column);
    call_core([&] { *sql = core::plan::raise_sequence_sql(sequence.name, table, column); });
    (void)run_query(sql->c_str(), 0, nullptr, nullptr);
}

} // namespace

const char *advance_sequences(Oid relation, const char *table) {
    Oid type = OIDOID;
    Datum value = ObjectIdGetDatum(relation);
    MemoryContext caller = CurrentMemoryContext;
    const auto count = static_cast<int>(run_query(kSequencesQuery, 1, &type, &value));
    MemoryContextSwitchTo(caller);
    auto *sequences = static_cast<OwnedSequence *>(palloc(sizeof(OwnedSequence) * (count + 1)));
    for (int i = 0; i < count; i++)
        sequences[i] = {query_text(i, 1), query_text(i, 2)[0] == 't', query_text(i, 3)};
    auto *sql = own<std::string>(caller, [] { return std::make_unique<std::string>(); });
    StringInfoData notes;
    initStringInfo(&notes);
    for (int i = 0; i < count; i++) {
        if (sequences[i].may_set)
            advance(sequences[i], table, sql);
        else
            append_item(
                &notes, "\n",
                psprintf("sequence %s was not moved: you may not set it", sequences[i].name));
        MemoryContextSwitchTo(caller);
    }
    return notes.len > 0 ? notes.data : nullptr;
}

} // namespace migrate::pg

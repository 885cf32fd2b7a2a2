// The SQL of the sql writer: how a batch, registered as a relation of the name kBatchName, goes
// into its target. All texts are palloc'd, in the server's encoding, and qualify what they name, as
// they run under the caller's search_path.
#pragma once

#include "pg/writer.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

inline constexpr char kBatchName[] = "migrate_batch";

// Raises 42601 unless the text (server encoding) is one SQL condition and nothing else: what
// follows WHERE in a SELECT. It is the caller's own SQL and runs with the caller's rights; the
// check keeps a stray clause from changing the statement around it.
void check_condition(const char *where);

// INSERT INTO … SELECT … FROM migrate_batch [WHERE …] [ON CONFLICT …]. `columns` as made by
// make_datum_columns for the relation. Errors: 42601 for `where`, 22023 for a key that is not among
// the columns.
char *insert_statement(const WriterTarget &target, Relation relation, const DatumColumn *columns);

// UPDATE … FROM migrate_batch for rows of the same key (WriterTarget::updated).
char *update_statement(const WriterTarget &target, Relation relation, const DatumColumn *columns);

// Under Conflict::update, the query that tells beforehand how many rows of the batch pass the
// condition (column 1) and how many of those are in the relation already (column 2); NULL where
// nothing is updated. (What the INSERT did is not told by RETURNING: a partitioned table gives no
// xmax.)
char *matches_query(const WriterTarget &target, Relation relation, const DatumColumn *columns);

} // namespace migrate::pg

#include "core/plan/sequence_sql.hpp"

#include "core/plan/expression_printer.hpp"

#include "core/core_only.hpp"

namespace migrate::core::plan {

std::string raise_sequence_sql(const std::string &sequence, const std::string &table,
                               const std::string &column) {
    const std::string name = quote_literal(sequence).value_or("NULL");
    return "SELECT pg_catalog.setval(" + name + ", m.most) FROM (SELECT CAST(pg_catalog.max(" +
           column + ") AS bigint) AS most FROM " + table + ") m, " + sequence +
           " s, pg_catalog.pg_sequence q WHERE q.seqrelid = CAST(" + name +
           " AS pg_catalog.regclass) AND q.seqincrement > 0 AND m.most BETWEEN s.last_value AND "
           "q.seqmax AND (m.most > s.last_value OR NOT s.is_called)";
}

} // namespace migrate::core::plan

// Phase index: CREATE INDEX with its terms, directions and predicate.
#include "core/plan/script_writer.hpp"

#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

std::string parser_problem(const SourceExpression &expression) {
    return expression.problem.empty() ? "its text was not understood" : expression.problem;
}

void append_notes(std::vector<std::string> &changes, const Printed &printed) {
    changes.insert(changes.end(), printed.notes.begin(), printed.notes.end());
}

} // namespace

void ScriptWriter::write_indexes(std::size_t table) {
    const std::vector<Index> &indexes = planned(table).source->indexes;
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        if (indexes[i].origin == IndexOrigin::create_index)
            write_index(table, i);
    }
}

void ScriptWriter::add_expression_term(std::size_t table, const KeyColumn &term,
                                       KeyTerms &key) const {
    if (!term.expression || term.expression->tree == nullptr) {
        key.problem =
            term.expression ? parser_problem(*term.expression) : "one of its terms is not known";
        return;
    }
    const Printed printed =
        print_index_term(*term.expression->tree, states_[table].columns, print_options_);
    if (!printed.is_good()) {
        key.problem = printed.problem;
        return;
    }
    append_notes(key.changes, printed);
    key.terms.push_back("(" + printed.sql + ")");
    key.ordered.push_back(key.terms.back() + (term.is_descending ? " DESC" : ""));
}

void ScriptWriter::write_index(std::size_t table, std::size_t number) {
    const Index &index = planned(table).source->indexes[number];
    const Named &name = states_[table].index_names[number];
    TableObject object{"index", index.name, display_of(table, name.name), index.sql};
    KeyTerms key = key_terms(table, index.columns);
    Printed predicate;
    if (index.predicate && index.predicate->tree != nullptr)
        predicate = print_predicate(*index.predicate->tree, states_[table].columns, print_options_);
    else if (index.predicate)
        predicate.problem = parser_problem(*index.predicate);
    // Without its predicate a partial index would be another index, and a UNIQUE one would refuse
    // rows that SQLite takes.
    if (key.problem.empty())
        key.problem = predicate.problem;
    if (!options().indexes)
        key.problem = "option \"indexes\" is false";
    if (!key.problem.empty()) {
        add_skipped(table, std::move(object), key.problem);
        return;
    }
    append_notes(key.changes, predicate);
    if (index.rewrite)
        key.changes.push_back(index.rewrite->reason);
    if (key.has_lower)
        key.changes.push_back("COLLATE NOCASE: over lower()");
    if (!name.note.empty() && !name.is_only_folded)
        key.changes.push_back("named " + display_identifier(name.name) + ": " + name.note);
    const int record = add_record(table, std::move(object), join_list(key.changes, "; "));
    Statement &statement = add_statement(Phase::index, table, name.name);
    statement.record = record;
    statement.sql = std::string("CREATE ") + (index.is_unique ? "UNIQUE " : "") + "INDEX " +
                    quote_identifier(name.name) + " ON " + states_[table].sql + " (" +
                    join_list(key.ordered) + ")";
    if (!predicate.sql.empty())
        statement.sql += " WHERE (" + predicate.sql + ")";
    statement.can_fail = true;
    statement.fallback_note = "PostgreSQL cannot build it";
    if (!index.is_unique)
        return;
    add_unique_fallback(statement, table, key, name.name, predicate.sql);
    // Only a whole index over plain columns can be what a foreign key refers to.
    if (!index.predicate && key.is_plain())
        states_[table].keys.emplace_back(key.columns.begin(), key.columns.end());
}

} // namespace migrate::core::plan

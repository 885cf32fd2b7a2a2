// Phases schema, table and data.
#include "core/plan/script_writer.hpp"

#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// Why a text of the source has no SQL: the parser's words or the printer's.
std::string parser_problem(const SourceExpression &expression) {
    return expression.problem.empty() ? "its text was not understood" : expression.problem;
}

// BINARY compares bytes, as equality of PostgreSQL's text does; other collations do not carry over.
std::string collation_change(const Type &type, const std::string &collation) {
    if (!type.is_text_like() || type.kind == TypeKind::citext)
        return "";
    if (collation == "NOCASE")
        return "COLLATE NOCASE holds only in its UNIQUE and indexes, by lower()";
    if (collation.empty() || collation == "BINARY")
        return "";
    return "collation " + collation + " is not carried over";
}

} // namespace

void ScriptWriter::write_schema() {
    const std::string &schema = plan_.request().target_schema;
    Statement &statement = script_.statements.emplace_back();
    statement.phase = Phase::schema;
    statement.object = display_identifier(schema);
    statement.sql = "CREATE SCHEMA IF NOT EXISTS " + quote_identifier(schema);
    if (!options().owner.empty())
        statement.sql += " AUTHORIZATION " + quote_identifier(options().owner);
}

void ScriptWriter::write_table(std::size_t table) {
    record_table(table);
    bind_columns(table);
    std::vector<std::string> definitions;
    for (std::size_t column = 0; column < planned(table).columns.size(); ++column) {
        record_column(table, column);
        definitions.push_back("    " + column_sql(table, column));
    }
    for (const std::string &note : planned(table).type_notes)
        add_note(table, note);
    const std::string body = definitions.empty() ? "" : "\n" + join_list(definitions, ",\n") + "\n";
    add_statement(Phase::table, table, "").sql =
        "CREATE TABLE " + states_[table].sql + " (" + body + ")";
    if (!options().owner.empty())
        add_statement(Phase::table, table, "").sql =
            "ALTER TABLE " + states_[table].sql + " OWNER TO " + quote_identifier(options().owner);
    if (options().distribute)
        write_distribution(table);
}

void ScriptWriter::record_table(std::size_t table) {
    const TablePlan &plan = planned(table);
    std::vector<std::string> reasons;
    if (!plan.name_note.empty())
        reasons.push_back("named " + states_[table].display + ": " + plan.name_note);
    if (!plan.source->problem.empty())
        reasons.push_back("not all of its text was understood: " + plan.source->problem);
    if (fold_ascii(plan.source->name) != plan.source->name)
        script_.is_folded |= options().identifiers == Identifiers::lower;
    TableObject object;
    object.type = "table";
    object.target = states_[table].display;
    object.source_sql = plan.source->sql;
    for (const std::string &reason : reasons)
        add_note(table, reason);
    push_record(table, std::move(object), reasons.empty() ? Fate::imported : Fate::adapted,
                join_list(reasons, "; "));
    for (const Column &column : plan.source->columns) {
        if (column.unreadable.empty())
            continue;
        const std::string sql = column.generation ? column.generation->text : std::string();
        add_skipped(table, {"column", column.name, "", ""}, column.unreadable);
        if (column.generated != Generated::none)
            push_record(table, {"generated column", column.name, "", sql}, Fate::skipped,
                        column.unreadable);
    }
}

// A column of its own accord has a record only when it is not what it was.
void ScriptWriter::record_column(std::size_t table, std::size_t index) {
    const ColumnPlan &column = planned(table).columns[index];
    const Column &source = source_column(table, index);
    if (fold_ascii(source.name) != source.name)
        script_.is_folded |= options().identifiers == Identifiers::lower;
    std::vector<std::string> reasons;
    if (!column.name_note.empty()) {
        reasons.push_back("named " + display_identifier(column.name) + ": " + column.name_note);
        add_note(table, "column \"" + source.name + "\": " + reasons.back());
    }
    if (!source.adaptation.empty()) {
        reasons.push_back(source.adaptation);
        add_note(table, "column \"" + source.name + "\": " + source.adaptation);
    }
    if (!column.is_overridden && !column.proposal.is_by_values &&
        column.type != column.proposal.type)
        reasons.push_back(column.type.sql() + " instead of " + column.proposal.type.sql());
    if (is_never_null(*planned(table).source, column.source) && !column.is_not_null)
        reasons.push_back("NOT NULL left off");
    if (column.type.kind == TypeKind::citext && source.collation != "NOCASE" &&
        !column.is_overridden)
        reasons.push_back("citext, as the column that a foreign key joins it with");
    const std::string collation = collation_change(column.type, source.collation);
    if (!collation.empty()) {
        reasons.push_back(collation);
        add_note(table, "column \"" + source.name + "\": " + collation);
    }
    if (!reasons.empty())
        push_record(table, {"column", source.name, display_of(table, column.name), ""},
                    Fate::adapted, join_list(reasons, "; "));
}

// Which columns are generated is settled column by column: PostgreSQL allows no generated column
// in the expression of another, but one that became a plain column may stand in it.
void ScriptWriter::bind_columns(std::size_t table) {
    TableState &state = states_[table];
    const std::vector<ColumnPlan> &columns = planned(table).columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Column &source = source_column(table, i);
        state.columns.push_back({source.name, columns[i].name, columns[i].type, columns[i].epoch,
                                 source.collation, source.generated != Generated::none});
    }
    state.generation.resize(columns.size());
    state.generation_records.assign(columns.size(), -1);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Column &source = source_column(table, i);
        if (source.generated == Generated::none)
            continue;
        TableObject object{"generated column", source.name, display_of(table, columns[i].name),
                           source.generation ? source.generation->text : std::string()};
        Printed printed;
        if (!source.generation || source.generation->tree == nullptr)
            printed.problem = source.generation ? parser_problem(*source.generation)
                                                : "its expression is not known";
        else
            printed = print_generated(*source.generation->tree, state.columns, columns[i].type,
                                      print_options_);
        if (printed.is_good()) {
            state.generation[i] = printed.sql;
            state.generation_records[i] =
                add_record(table, std::move(object), join_list(printed.notes, "; "));
        } else {
            state.columns[i].is_generated = false;
            add_record(table, std::move(object),
                       "a plain column with the values: " + printed.problem);
        }
    }
}

std::string ScriptWriter::column_sql(std::size_t table, std::size_t index) {
    const ColumnPlan &column = planned(table).columns[index];
    std::string sql = quote_identifier(column.name) + " " + type_sql(column.type);
    if (column.is_not_null)
        sql += " NOT NULL";
    const std::string &generation = states_[table].generation[index];
    // STORED is always said: from 18 on the default is VIRTUAL.
    if (!generation.empty())
        return sql + " GENERATED ALWAYS AS (" + generation + ") STORED";
    if (column.is_identity)
        sql += identity_sql(table, index);
    const std::string value = default_sql(table, index);
    return value.empty() ? sql : sql + " DEFAULT " + value;
}

// PostgreSQL names the sequence itself, and would take the name of a table that comes later; only
// then it is named here.
std::string ScriptWriter::identity_sql(std::size_t table, std::size_t column) {
    const std::string &name = planned(table).columns[column].name;
    const std::string made = make_object_name(planned(table).name, name, "seq");
    std::string sql = " GENERATED BY DEFAULT AS IDENTITY";
    if (relations_.is_taken(made))
        sql += " (SEQUENCE NAME " + quote_identifier(plan_.request().target_schema) + "." +
               quote_identifier(relations_.take_made(made)) + ")";
    else
        relations_.reserve(made);
    return sql;
}

// The SQL of a default, "" when there is none; its record is written in any case.
std::string ScriptWriter::default_sql(std::size_t table, std::size_t index) {
    const ColumnPlan &column = planned(table).columns[index];
    const Column &source = source_column(table, index);
    if (!source.default_value)
        return "";
    Printed printed;
    if (!options().defaults)
        printed.problem = "option \"defaults\" is false";
    else if (column.is_identity)
        printed.problem = "an identity column has no other default";
    else if (source.default_value->tree == nullptr)
        printed.problem = parser_problem(*source.default_value);
    else
        printed =
            print_default(*source.default_value->tree, column.type, column.epoch, print_options_);
    TableObject object{"default", source.name, display_of(table, column.name),
                       source.default_value->text};
    if (!printed.is_good()) {
        add_skipped(table, std::move(object), printed.problem);
        return "";
    }
    add_record(table, std::move(object), join_list(printed.notes, "; "));
    return printed.sql;
}

void ScriptWriter::write_data(std::size_t table) {
    add_statement(Phase::data, table, "");
}

} // namespace migrate::core::plan

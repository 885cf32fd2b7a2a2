#include "core/plan/script_writer.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

TableState make_state(const Plan &plan, const TablePlan &table) {
    TableState state(plan.options().identifiers);
    const std::string &schema = plan.request().target_schema;
    state.sql = quote_identifier(schema) + "." + quote_identifier(table.name);
    state.display = display_name(schema, table.name);
    // From 18 on NOT NULL is a constraint too, under this name.
    for (const ColumnPlan &column : table.columns) {
        if (column.is_not_null || column.is_key)
            state.constraints.reserve(make_object_name(table.name, column.name, "not_null"));
    }
    return state;
}

// How an object is called in the notes of its table.
std::string note_name(const TableObject &object) {
    if (object.name.empty())
        return object.type;
    if (object.name.front() == '(')
        return object.type + " " + object.name;
    return object.type + " \"" + object.name + "\"";
}

} // namespace

ScriptWriter::ScriptWriter(const Plan &plan)
    : plan_(plan), relations_(plan.options().identifiers, NameSpace::relation) {
    print_options_.citext_schema = plan.request().citext_schema;
    print_options_.timezone = plan.options().timezone;
    print_options_.is_utf8_server = plan.request().is_utf8_server;
    script_.table_notes.resize(plan.tables().size());
    for (const TablePlan &table : plan.tables()) {
        states_.push_back(make_state(plan, table));
        relations_.reserve(table.name);
    }
    for (const ViewPlan &view : plan.views())
        relations_.reserve(view.name);
    // Tables, indexes, views and sequences share one name space in PostgreSQL: the names that the
    // source gave come before those that are made.
    for (std::size_t i = 0; i < states_.size(); ++i) {
        for (const Index &index : planned(i).source->indexes)
            states_[i].index_names.push_back(
                index.origin == IndexOrigin::create_index ? relations_.take(index.name) : Named());
    }
}

Script ScriptWriter::write() {
    write_schema();
    for (std::size_t table = 0; table < states_.size(); ++table) {
        write_table(table);
        write_data(table);
    }
    for (std::size_t table = 0; table < states_.size(); ++table)
        write_keys(table);
    for (std::size_t table = 0; table < states_.size(); ++table)
        write_indexes(table);
    for (std::size_t table = 0; table < states_.size(); ++table) {
        const Table &source = *planned(table).source;
        for (const ForeignKey &key : source.foreign_keys)
            write_foreign_key(table, key);
        for (const Check &check : source.checks)
            write_check(table, check);
        for (std::size_t column = 0; column < planned(table).columns.size(); ++column)
            write_generated_probe(table, column);
        write_sequence(table);
        write_policy(table);
        write_analyze(table);
    }
    write_views();
    record_left_out_views();
    record_other_tables();
    record_triggers();
    std::stable_sort(
        script_.statements.begin(), script_.statements.end(),
        [](const Statement &left, const Statement &right) { return left.phase < right.phase; });
    return std::move(script_);
}

// Citus refuses ANALYZE in a transaction that ran a statement on placements of its own node, and
// whether the load did depends on where the placements are.
void ScriptWriter::write_analyze(std::size_t table) {
    if (!options().analyze)
        return;
    if (options().distribute)
        add_note(table, "not analyzed, as Citus cannot in the transaction that fills it");
    else
        add_statement(Phase::analyze, table, "").sql = "ANALYZE " + states_[table].sql;
}

const Column &ScriptWriter::source_column(std::size_t table, std::size_t column) const {
    const auto source = static_cast<std::size_t>(planned(table).columns[column].source);
    return planned(table).source->columns[source];
}

// An extension's type lies in no schema of our search_path.
std::string ScriptWriter::type_sql(const Type &type) const {
    if (type.kind == TypeKind::citext && !print_options_.citext_schema.empty())
        return print_options_.citext_schema + ".citext";
    return type.sql();
}

std::string ScriptWriter::column_list(std::size_t table,
                                      const std::vector<std::size_t> &columns) const {
    std::vector<std::string> names;
    for (const std::size_t column : columns)
        names.push_back(quote_identifier(planned(table).columns[column].name));
    return join_list(names);
}

std::string ScriptWriter::display_of(std::size_t table, std::string_view object) const {
    if (object.empty())
        return states_[table].display;
    return states_[table].display + "." + display_identifier(object);
}

Statement &ScriptWriter::add_statement(Phase phase, std::size_t table, std::string_view object) {
    Statement &statement = script_.statements.emplace_back();
    statement.phase = phase;
    statement.table = static_cast<int>(table);
    statement.object = display_of(table, object);
    return statement;
}

// Imported as it was, or adapted when there is something to say.
int ScriptWriter::add_record(std::size_t table, TableObject object, std::string reason) {
    const Fate fate = reason.empty() ? Fate::imported : Fate::adapted;
    if (!reason.empty())
        add_note(table, note_name(object) + ": " + reason);
    return push_record(table, std::move(object), fate, std::move(reason));
}

int ScriptWriter::add_skipped(std::size_t table, TableObject object, std::string reason) {
    add_note(table, note_name(object) + " skipped: " + reason);
    object.target.clear();
    return push_record(table, std::move(object), Fate::skipped, std::move(reason));
}

int ScriptWriter::push_record(std::size_t table, TableObject object, Fate fate,
                              std::string reason) {
    ObjectRecord record;
    record.object_type = std::move(object.type);
    record.source_name = planned(table).source->name;
    if (!object.name.empty())
        record.source_name += (object.name.front() == '(' ? "" : ".") + object.name;
    record.target_name = std::move(object.target);
    record.status = fate;
    record.reason = replace_controls(reason);
    record.source_sql = std::move(object.source_sql);
    script_.records.push_back(std::move(record));
    return static_cast<int>(script_.records.size()) - 1;
}

void ScriptWriter::add_note(std::size_t table, std::string note) {
    script_.table_notes[table].push_back(replace_controls(note));
}

// What tells a row from others: its primary key, or where it lies when it has none.
std::string ScriptWriter::row_key(std::size_t table, std::string_view alias) const {
    std::vector<std::string> terms;
    for (const int source : planned(table).source->primary_key) {
        const int column = find_plan_column(plan_, table, source);
        if (column >= 0)
            terms.push_back(
                std::string(alias) + "." +
                quote_identifier(planned(table).columns[static_cast<std::size_t>(column)].name));
    }
    if (terms.empty())
        return std::string(alias) + ".ctid";
    return terms.size() == 1 ? terms.front() : "ROW(" + join_list(terms) + ")";
}

std::string join_list(const std::vector<std::string> &parts, std::string_view separator) {
    std::string text;
    for (const std::string &part : parts) {
        if (!text.empty())
            text += separator;
        text += part;
    }
    return text;
}

std::string source_column_list(const Table &table, const std::vector<int> &columns) {
    std::vector<std::string> names;
    for (const int column : columns) {
        const bool is_known =
            column >= 0 && static_cast<std::size_t>(column) < table.columns.size();
        names.push_back(
            is_known ? display_identifier(table.columns[static_cast<std::size_t>(column)].name)
                     : "?");
    }
    return join_list(names);
}

// Keys are cut to 60 characters each: they go into a note.
std::string row_probe(std::string_view key, std::string_view from) {
    std::string sql = "SELECT pg_catalog.count(*), pg_catalog.string_agg(probe.k, ', ' ORDER BY "
                      "probe.i) FILTER (WHERE probe.i <= 10) FROM (SELECT "
                      "pg_catalog.row_number() OVER () AS i, pg_catalog.left(CAST(";
    sql.append(key).append(" AS text), 60) AS k ").append(from).append(") AS probe");
    return sql;
}

} // namespace migrate::core::plan

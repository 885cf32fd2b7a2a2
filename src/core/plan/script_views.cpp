// Phase view.
#include "core/plan/script_writer.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

std::string fold_lower(std::string_view name) {
    return clean_name(name, Identifiers::lower);
}

std::string keep_case(std::string_view name) {
    return clean_name(name, Identifiers::preserve);
}

std::string fold_snake(std::string_view name) {
    return clean_name(name, Identifiers::snake);
}

using Fold = std::string (*)(std::string_view);

Fold fold_of(Identifiers identifiers) {
    switch (identifiers) {
    case Identifiers::lower:
        return fold_lower;
    case Identifiers::preserve:
        return keep_case;
    case Identifiers::snake:
        break;
    }
    return fold_snake;
}

} // namespace

void ScriptWriter::write_views() {
    std::vector<BoundRelation> relations;
    for (std::size_t table = 0; table < states_.size(); ++table) {
        BoundRelation &relation = relations.emplace_back();
        relation.source_name = planned(table).source->name;
        relation.target_sql = states_[table].sql;
        // A column that the file does not have was not meant by its views, nor by a star in them.
        for (std::size_t i = 0; i < states_[table].columns.size(); ++i) {
            if (source_column(table, i).lookups.empty())
                relation.columns.push_back(states_[table].columns[i]);
        }
    }
    for (const ViewPlan &view : plan_.views())
        write_view(view, relations);
}

void ScriptWriter::write_view(const ViewPlan &view, std::vector<BoundRelation> &relations) {
    const View &source = *view.source;
    const std::string &schema = plan_.request().target_schema;
    const std::string display = display_name(schema, view.name);
    if (fold_ascii(source.name) != source.name)
        script_.is_folded |= options().identifiers == Identifiers::lower;
    PrintedView printed;
    if (source.select == nullptr)
        printed.problem = source.problem.empty() ? "its text was not understood" : source.problem;
    else
        printed = print_view(*source.select, source.column_names, relations, print_options_,
                             fold_of(options().identifiers));
    if (!printed.is_good()) {
        push_loose("view", source.name, printed.problem, source.sql);
        return;
    }
    std::vector<std::string> changes = printed.notes;
    if (!view.name_note.empty())
        changes.insert(changes.begin(), "named " + display + ": " + view.name_note);
    ObjectRecord record{"view",
                        source.name,
                        display,
                        changes.empty() ? Fate::imported : Fate::adapted,
                        join_list(changes, "; "),
                        source.sql};
    script_.records.push_back(std::move(record));
    const std::string sql = quote_identifier(schema) + "." + quote_identifier(view.name);
    Statement statement;
    statement.phase = Phase::view;
    statement.record = static_cast<int>(script_.records.size()) - 1;
    statement.object = display;
    statement.sql = "CREATE VIEW " + sql + " WITH (security_invoker = true) AS " + printed.sql;
    statement.can_fail = true;
    statement.fallback_note = "PostgreSQL does not take its query";
    script_.statements.push_back(statement);
    if (!options().owner.empty()) {
        // Fails only when the view was not made.
        statement.record = -1;
        statement.sql = "ALTER VIEW " + sql + " OWNER TO " + quote_identifier(options().owner);
        statement.fallback_note.clear();
        script_.statements.push_back(statement);
    }
    relations.push_back({source.name, sql, std::move(printed.columns)});
}

// Views that the caller left out, and those that read themselves: they are in no order.
void ScriptWriter::record_left_out_views() {
    for (std::size_t i = 0; i < plan_.schema().views.size(); ++i) {
        const View &view = plan_.schema().views[i];
        const bool is_planned =
            std::any_of(plan_.views().begin(), plan_.views().end(),
                        [&](const ViewPlan &planned) { return planned.source == &view; });
        if (is_planned)
            continue;
        std::string reason = "it reads itself";
        if (!plan_.selection().views[i])
            reason = left_out_reason(plan_.request(), view.name);
        else if (!options().views)
            reason = "option \"views\" is false";
        push_loose("view", view.name, std::move(reason), view.sql);
    }
}

} // namespace migrate::core::plan

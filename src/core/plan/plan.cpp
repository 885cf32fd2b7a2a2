#include "core/plan/plan.hpp"

#include "core/error.hpp"
#include "core/plan/column_overrides.hpp"
#include "core/plan/load_order.hpp"
#include "core/plan/naming.hpp"
#include "core/plan/tool_tables.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

constexpr std::size_t kMaxColumns = 1600; // MaxHeapAttributeNumber

std::string note_of(const Named &named) {
    return named.is_only_folded ? std::string() : named.note;
}

bool is_key_column(const Table &table, int column) {
    return std::find(table.primary_key.begin(), table.primary_key.end(), column) !=
           table.primary_key.end();
}

// PostgreSQL, CREATE TABLE: an identity is smallint, integer or bigint.
bool can_be_identity(const Type &type) {
    return type.kind == TypeKind::bigint ||
           (type.kind == TypeKind::other && (type.name == "integer" || type.name == "smallint"));
}

bool is_citext(const Column &column, const Type &type, const ImportOptions &options) {
    return options.nocase == Nocase::citext && column.collation == "NOCASE" &&
           (type.kind == TypeKind::text || type.kind == TypeKind::varchar);
}

[[noreturn]] void fail_no_citext(const Table &table, const Column &column) {
    throw Error(sqlstate::kFeatureNotSupported, "type citext is not installed in this database")
        .with_detail("Option \"nocase\" is \"citext\", and column \"" + column.name +
                     "\" of table \"" + table.name + "\" is COLLATE NOCASE.")
        .with_hint("Run CREATE EXTENSION citext, or use nocase \"lower_index\".");
}

void check_width(const Table &table, std::size_t columns) {
    if (columns <= kMaxColumns)
        return;
    throw Error(sqlstate::kTooManyColumns,
                "table \"" + table.name + "\" has " + std::to_string(columns) + " columns")
        .with_detail("A table of PostgreSQL has at most 1600 columns.")
        .with_hint("Name the table in the argument \"exclude\".");
}

std::vector<const Table *> sources_of(const std::vector<TablePlan> &tables) {
    std::vector<const Table *> sources;
    for (const TablePlan &table : tables)
        sources.push_back(table.source);
    return sources;
}

// By its own name, not by a wildcard.
bool is_named(const std::vector<std::string> &patterns, const std::string &name) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string &text) {
        const NamePattern pattern(text);
        return !pattern.has_wildcard() && pattern.matches(name);
    });
}

} // namespace

// SQLite keeps NULL out of the rowid alias and of the key of a WITHOUT ROWID table, and only there
// without NOT NULL being said (Quirks, section 5: other primary keys may hold NULLs).
bool is_never_null(const Table &table, int column) {
    return table.columns[static_cast<std::size_t>(column)].is_not_null ||
           table.rowid_alias == column || (table.is_without_rowid && is_key_column(table, column));
}

EpochUnit known_unit(EpochChoice choice) noexcept {
    switch (choice) {
    case EpochChoice::apple:
        return EpochUnit::apple;
    case EpochChoice::julian:
        return EpochUnit::julian;
    case EpochChoice::automatic:
    case EpochChoice::unix_time:
    case EpochChoice::none:
        break;
    }
    return EpochUnit::none;
}

Plan::Plan(const Schema &schema, PlanRequest request, const TargetTables *targets)
    : schema_(&schema), targets_(targets), request_(std::move(request)),
      selection_(select_relations(schema, request_.tables, request_.exclude)) {
    check_column_options(schema, options());
    if (targets_ != nullptr)
        leave_out_tool_tables();
    name_relations();
    groups_ = targets_ != nullptr ? ColumnGroups::none(*this) : ColumnGroups(*this);
    for (const ColumnGroup &group : groups_.groups())
        propose_together(group);
    profiles_.resize(tables_.size());
}

void Plan::propose_together(const ColumnGroup &group) {
    const bool has_citext =
        std::any_of(group.members.begin(), group.members.end(), [this](const ColumnRef &at) {
            return column_at(at).type.kind == TypeKind::citext;
        });
    for (const ColumnRef &at : group.members) {
        ColumnPlan &column = column_at(at);
        // A type that the caller named for one end of a foreign key is meant for the other too.
        if (group.is_anchor_given)
            column.type = *group.anchor;
        // SQLite compares with the collation of the parent; PostgreSQL finds no equality between
        // a citext key and a reference of type text.
        else if (group.is_textual && has_citext)
            column.type = column.proposal.type = make_type(TypeKind::citext);
    }
}

// Names are given to all that could be imported, chosen or not, so that a table has one name
// however the caller chooses.
void Plan::name_relations() {
    Namer relations(options().identifiers, NameSpace::relation);
    std::vector<const Table *> chosen;
    std::vector<Named> names;
    for (std::size_t i = 0; i < schema_->tables.size(); ++i) {
        const Table &table = schema_->tables[i];
        if (table.kind != TableKind::ordinary)
            continue;
        Named named = relations.take(table.name);
        if (!selection_.tables[i])
            continue;
        chosen.push_back(&table);
        names.push_back(std::move(named));
    }
    plan_tables(chosen, names);
    // Views of the target are its own.
    if (targets_ != nullptr)
        return;
    std::vector<Named> view_names;
    for (const View &view : schema_->views)
        view_names.push_back(relations.take(view.name));
    for (const std::size_t i : view_order(schema_->views)) {
        if (selection_.views[i] && options().views)
            views_.push_back({&schema_->views[i], view_names[i].name, note_of(view_names[i])});
    }
}

void Plan::plan_tables(const std::vector<const Table *> &chosen, const std::vector<Named> &names) {
    std::vector<const TargetTable *> targets(chosen.size());
    if (targets_ != nullptr)
        targets = match_tables(*targets_, chosen, names, problems_);
    std::vector<TablePlan> tables;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        TablePlan &planned = tables.emplace_back(plan_table(*chosen[i]));
        planned.name = names[i].name;
        planned.name_note = note_of(names[i]);
        if (targets[i] != nullptr)
            take_target(planned, *targets[i], options(), problems_);
    }
    sort_tables(std::move(tables));
}

void Plan::sort_tables(std::vector<TablePlan> tables) {
    for (const std::size_t i :
         targets_ != nullptr ? target_order(*targets_, tables) : load_order(sources_of(tables))) {
        table_by_name_.emplace(fold_ascii(tables[i].source->name),
                               static_cast<int>(tables_.size()));
        tables_.push_back(std::move(tables[i]));
    }
}

// A table that a migration tool keeps for itself says what was done to its own database.
void Plan::leave_out_tool_tables() {
    for (std::size_t i = 0; i < schema_->tables.size(); ++i) {
        const Table &table = schema_->tables[i];
        const char *tool = selection_.tables[i] ? tool_of_table(table) : nullptr;
        if (tool == nullptr || is_named(request_.tables, table.name))
            continue;
        selection_.tables[i] = false;
        tool_tables_.push_back({&table, tool});
    }
}

TablePlan Plan::plan_table(const Table &table) const {
    TablePlan planned;
    planned.source = &table;
    Namer names(options().identifiers, NameSpace::column);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (!table.columns[i].unreadable.empty())
            continue;
        const Named named = names.take(table.columns[i].name);
        ColumnPlan &column = planned.columns.emplace_back(plan_column(table, static_cast<int>(i)));
        column.name = named.name;
        column.name_note = note_of(named);
    }
    check_width(table, planned.columns.size());
    return planned;
}

ColumnPlan Plan::plan_column(const Table &table, int index) const {
    const Column &source = table.columns[static_cast<std::size_t>(index)];
    ColumnPlan column;
    column.source = index;
    column.is_key = is_key_column(table, index);
    column.is_not_null = is_never_null(table, index);
    column.proposal = propose_type(source.declared_type, options());
    if (const std::string *written = find_column_rule(options().types, table.name, source.name)) {
        column.proposal = {resolve_override(request_.resolved_types, *written), false};
        column.is_overridden = true;
    } else if (table.rowid_alias == index) {
        column.proposal = {make_type(TypeKind::bigint), false};
    } else if (is_citext(source, column.proposal.type, options())) {
        column.proposal.type = make_type(TypeKind::citext);
    }
    column.type = column.proposal.type;
    if (column.type.kind == TypeKind::citext && request_.citext_schema.empty())
        fail_no_citext(table, source);
    column.is_identity = table.rowid_alias == index && source.generated == Generated::none &&
                         options().sequences && can_be_identity(column.type);
    const EpochChoice *epoch = find_column_rule(options().epochs, table.name, source.name);
    column.epoch_choice = epoch != nullptr ? *epoch : options().epoch;
    if (column.type.is_time_like())
        column.epoch = known_unit(column.epoch_choice);
    return column;
}

int Plan::find_table(std::string_view source_name) const {
    const auto found = table_by_name_.find(fold_ascii(source_name));
    return found == table_by_name_.end() ? -1 : found->second;
}

std::vector<int> Plan::source_columns(std::size_t table) const {
    std::vector<int> columns;
    for (const ColumnPlan &column : tables_[table].columns)
        columns.push_back(column.source);
    return columns;
}

// A type that the caller named is not re-typed in silence: only an explicit "widen" may do that.
TypeMismatch Plan::mismatch_policy(const ColumnPlan &column) const {
    // What is there before cannot be widened.
    if (targets_ != nullptr && options().on_type_mismatch == TypeMismatch::widen)
        return TypeMismatch::error;
    if (column.is_overridden && !options().has_on_type_mismatch)
        return TypeMismatch::error;
    return options().on_type_mismatch;
}

std::vector<ColumnRule> Plan::rules(std::size_t table) const {
    std::vector<ColumnRule> rules;
    const TablePlan &planned = tables_[table];
    for (const ColumnPlan &column : planned.columns) {
        ColumnRule &rule = rules.emplace_back();
        rule.name = planned.source->columns[static_cast<std::size_t>(column.source)].name;
        rule.type = column.type;
        rule.epoch = column.epoch;
        rule.is_not_null = column.is_not_null;
        rule.on_mismatch = mismatch_policy(column);
        rule.invalid_text = options().invalid_text;
        rule.null_texts = options().null_texts;
        rule.max_value_size = options().max_value_size;
        rule.is_utf8_checked = request_.is_utf8_checked;
        rule.is_utf8_server = request_.is_utf8_server;
        rule.takes_number_text = column.is_overridden;
        if (column.target != nullptr)
            set_target_rule(*column.target, rule);
    }
    return rules;
}

// Without "widen" the load meets no misfit that would send it back, so the unit of the numbers in
// a time column has to be known before.
bool Plan::needs_numbers(const ColumnPlan &column) const {
    const bool is_found_from_numbers = column.epoch_choice == EpochChoice::automatic ||
                                       column.epoch_choice == EpochChoice::unix_time;
    return mismatch_policy(column) != TypeMismatch::widen && column.type.is_time_like() &&
           is_found_from_numbers;
}

// The load tells the largest value of a bigint column only; a sequence must know it.
bool Plan::needs_maximum(const ColumnPlan &column) const {
    return column.is_identity && column.type.kind != TypeKind::bigint;
}

std::vector<std::size_t> Plan::tables_to_profile() const {
    std::vector<bool> wanted(tables_.size());
    for (std::size_t i = 0; i < tables_.size(); ++i) {
        for (const ColumnPlan &column : tables_[i].columns)
            wanted[i] = wanted[i] || column.proposal.is_by_values || needs_numbers(column) ||
                        needs_maximum(column);
    }
    for (const ColumnGroup &group : groups_.groups()) {
        for (const ColumnRef &member : group.members)
            wanted[member.table] = wanted[member.table] || group.needs_profile;
    }
    std::vector<std::size_t> tables = close_over_groups(std::move(wanted));
    std::erase_if(tables, [this](std::size_t table) { return tables_[table].is_decided; });
    return tables;
}

std::vector<std::size_t> Plan::replan_set(std::size_t table) const {
    std::vector<bool> wanted(tables_.size());
    wanted[table] = true;
    return close_over_groups(std::move(wanted));
}

// A column that is re-typed takes the others of its group with it, and so their tables.
std::vector<std::size_t> Plan::close_over_groups(std::vector<bool> wanted) const {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i])
            open.push_back(i);
    }
    while (!open.empty()) {
        const std::size_t table = open.back();
        open.pop_back();
        for (const std::size_t other : groups_.neighbours(table)) {
            if (!wanted[other])
                open.push_back(other);
            wanted[other] = true;
        }
    }
    std::vector<std::size_t> closed;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i])
            closed.push_back(i);
    }
    return closed;
}

void Plan::set_loaded(std::size_t table, std::int64_t rows,
                      const std::vector<ColumnStatistics> &statistics) {
    TableFacts facts;
    facts.is_known = true;
    facts.rows = rows;
    const auto &profiled = tables_[table].facts.max_integers;
    for (std::size_t i = 0; i < statistics.size(); ++i) {
        const ColumnStatistics &column = statistics[i];
        facts.nulls.push_back(std::max(column.nulls, column.nulled.count + column.null_text.count));
        facts.max_integers.push_back(column.max_integer);
        if (!column.max_integer && i < profiled.size())
            facts.max_integers.back() = profiled[i];
    }
    tables_[table].facts = std::move(facts);
}

} // namespace migrate::core::plan

// Plan::decide: the types and NOT NULLs of the tables whose profile is known.
#include "core/plan/plan.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

const std::string &source_name(const TablePlan &table, std::size_t column) {
    const auto index = static_cast<std::size_t>(table.columns[column].source);
    return table.source->columns[index].name;
}

std::string joined_note(const std::string &column, const Type &type) {
    return "column \"" + column + "\": " + type.sql() +
           ", as the column that a foreign key joins it with";
}

// The unit of the numbers of a column that becomes the type of its anchor.
EpochUnit anchor_epoch(const ColumnPlan &column, const ColumnProfile &profile, const Type &anchor) {
    if (!anchor.is_time_like() || profile.numbers() == 0)
        return EpochUnit::none;
    switch (column.epoch_choice) {
    case EpochChoice::automatic:
        return profile.epoch();
    case EpochChoice::unix_time:
        return profile.number_range().unix_unit();
    default:
        return known_unit(column.epoch_choice);
    }
}

void append(std::vector<std::string> &to, const std::vector<std::string> &from) {
    to.insert(to.end(), from.begin(), from.end());
}

// NULLs that the options would make of values, on top of those of the file.
std::int64_t made_nulls(const ColumnPlan &column, const ColumnProfile &profile,
                        TypeMismatch policy) {
    std::int64_t made = column.type.is_text_like() ? 0 : profile.null_texts();
    if (policy == TypeMismatch::null && column.type == column.proposal.type)
        made += profile.misfits(column.epoch);
    return made;
}

std::string not_null_note(const std::string &column, const ColumnProfile &profile,
                          std::int64_t made) {
    const std::int64_t count = profile.nulls() + made;
    std::string note = "column \"" + column + "\": NOT NULL left off, " + std::to_string(count);
    note += count == 1 ? " value is" : " values are";
    note += made > 0 ? " or would become NULL" : " NULL";
    return note;
}

} // namespace

TableProfile Plan::make_profile(std::size_t table) const {
    TableProfile profile;
    const std::vector<ColumnRule> all_rules = rules(table);
    for (std::size_t i = 0; i < all_rules.size(); ++i) {
        const ColumnPlan &column = tables_[table].columns[i];
        const ColumnGroup *group = groups_.find({table, i});
        // What the declaration proposes is counted, whatever an earlier decision made of it.
        ColumnRule rule = all_rules[i];
        rule.type = column.proposal.type;
        rule.epoch = rule.type.is_time_like() ? known_unit(column.epoch_choice) : EpochUnit::none;
        std::vector<Type> others =
            group != nullptr ? group->candidates : candidate_types(column.proposal, options());
        std::erase(others, rule.type);
        profile.columns.emplace_back(rule, others);
    }
    return profile;
}

void Plan::set_profile(std::size_t table, TableProfile profile) {
    tables_[table].is_decided = false;
    profiles_[table] = std::make_unique<TableProfile>(std::move(profile));
}

void Plan::decide() {
    std::vector<ColumnNotes> notes(tables_.size());
    for (std::size_t table = 0; table < tables_.size(); ++table) {
        if (!is_open(table))
            continue;
        notes[table].resize(tables_[table].columns.size());
        for (std::size_t column = 0; column < notes[table].size(); ++column) {
            if (groups_.find({table, column}) == nullptr)
                decide_alone({table, column}, notes);
        }
    }
    for (const ColumnGroup &group : groups_.groups())
        decide_group(group, notes);
    for (std::size_t table = 0; table < tables_.size(); ++table) {
        if (is_open(table))
            close_table(table, notes[table]);
    }
}

void Plan::decide_group(const ColumnGroup &group, std::vector<ColumnNotes> &notes) {
    std::vector<ColumnRef> members;
    for (const ColumnRef &member : group.members) {
        if (is_open(member.table))
            members.push_back(member);
    }
    if (members.empty() || (group.anchor && take_anchor(*group.anchor, members, notes)))
        return;
    // Without their anchor the columns keep to themselves; the foreign keys among them are made
    // where the types still agree.
    if (group.is_textual || group.anchor)
        decide_texts(members, notes);
    else
        decide_together(group.proposal, members, notes);
}

// Takes the anchor's type for all members when all their values fit it.
bool Plan::take_anchor(const Type &anchor, const std::vector<ColumnRef> &members,
                       std::vector<ColumnNotes> &notes) {
    for (const ColumnRef &at : members) {
        const ColumnProfile &profile = profile_of(at);
        if (!profile.fits(anchor, anchor_epoch(column_at(at), profile, anchor)))
            return false;
    }
    for (const ColumnRef &at : members) {
        ColumnPlan &column = column_at(at);
        if (!(column.proposal.type == anchor) && !column.proposal.is_by_values)
            notes[at.table][at.column].push_back(
                joined_note(source_name(tables_[at.table], at.column), anchor));
        column.type = anchor;
        column.epoch = anchor_epoch(column, profile_of(at), anchor);
    }
    return true;
}

TypeChoice Plan::choose(ColumnRef at, const Proposal &proposal) const {
    const ColumnPlan &column = tables_[at.table].columns[at.column];
    const std::string &name = source_name(tables_[at.table], at.column);
    const ColumnProfile &profile = profiles_[at.table]->columns[at.column];
    const TypeMismatch policy = mismatch_policy(column);
    if (policy == options().on_type_mismatch)
        return decide_type(name, proposal, profile, options(), column.epoch_choice);
    ImportOptions own = options();
    own.on_type_mismatch = policy;
    return decide_type(name, proposal, profile, own, column.epoch_choice);
}

void Plan::decide_alone(ColumnRef at, std::vector<ColumnNotes> &notes) {
    ColumnPlan &column = column_at(at);
    // SQLite lets nothing but integers into its rowid; a type of the caller's own stays.
    if (column.is_identity || column.proposal.type.kind == TypeKind::other)
        return;
    const TypeChoice choice = choose(at, column.proposal);
    column.type = choice.type;
    column.epoch = choice.epoch;
    append(notes[at.table][at.column], choice.notes);
}

// Columns that may differ as long as all are text: when one is not, none is.
void Plan::decide_texts(const std::vector<ColumnRef> &members, std::vector<ColumnNotes> &notes) {
    bool has_text = false;
    bool has_bytes = false;
    for (const ColumnRef &at : members) {
        decide_alone(at, notes);
        has_text |= column_at(at).type.is_text_like();
        has_bytes |= column_at(at).type.kind == TypeKind::bytea;
    }
    const Type bytes = make_type(TypeKind::bytea);
    for (const ColumnRef &at : members) {
        if (!has_text || !has_bytes || !column_at(at).type.is_text_like())
            continue;
        column_at(at).type = bytes;
        notes[at.table][at.column].push_back(
            joined_note(source_name(tables_[at.table], at.column), bytes));
    }
}

void Plan::decide_together(const Proposal &proposal, const std::vector<ColumnRef> &members,
                           std::vector<ColumnNotes> &notes) {
    std::vector<TypeChoice> choices;
    for (const ColumnRef &at : members)
        choices.push_back(choose(at, proposal));
    Type type = choices.front().type;
    const bool is_one_type =
        std::all_of(choices.begin(), choices.end(),
                    [&](const TypeChoice &choice) { return choice.type == type; });
    if (!is_one_type) {
        ColumnProfile &merged = profiles_[members[0].table]->columns[members[0].column];
        for (std::size_t i = 1; i < members.size(); ++i)
            merged.merge(profile_of(members[i]));
        type = choose(members[0], proposal).type;
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
        const ColumnRef &at = members[i];
        std::vector<std::string> &lines = notes[at.table][at.column];
        if (choices[i].type == type)
            append(lines, choices[i].notes);
        else
            lines.push_back(joined_note(source_name(tables_[at.table], at.column), type));
        column_at(at).epoch = type.is_time_like() ? choices[i].epoch : EpochUnit::none;
        column_at(at).type = type;
    }
}

void Plan::decide_not_null(std::size_t table, ColumnNotes &notes) {
    TablePlan &planned = tables_[table];
    for (std::size_t i = 0; i < planned.columns.size(); ++i) {
        ColumnPlan &column = planned.columns[i];
        const ColumnProfile &profile = profiles_[table]->columns[i];
        // Whether an existing column takes NULL, the target says row by row.
        column.is_not_null =
            column.target == nullptr && is_never_null(*planned.source, column.source);
        const std::int64_t made = made_nulls(column, profile, mismatch_policy(column));
        if (!column.is_not_null || column.is_identity || profile.nulls() + made == 0)
            continue;
        column.is_not_null = false;
        notes[i].push_back(not_null_note(source_name(planned, i), profile, made));
    }
}

// Writes down what the profile told, and lets go of its memory.
void Plan::close_table(std::size_t table, ColumnNotes &notes) {
    decide_not_null(table, notes);
    TablePlan &planned = tables_[table];
    planned.type_notes.clear();
    for (const std::vector<std::string> &lines : notes)
        append(planned.type_notes, lines);
    planned.facts = {};
    planned.facts.is_known = true;
    planned.facts.rows = profiles_[table]->rows;
    for (std::size_t i = 0; i < planned.columns.size(); ++i) {
        const ColumnProfile &profile = profiles_[table]->columns[i];
        planned.facts.nulls.push_back(
            profile.nulls() +
            made_nulls(planned.columns[i], profile, mismatch_policy(planned.columns[i])));
        planned.facts.max_integers.push_back(profile.max_integer());
    }
    planned.is_decided = true;
    profiles_[table].reset();
}

} // namespace migrate::core::plan

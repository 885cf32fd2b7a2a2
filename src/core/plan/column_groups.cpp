#include "core/plan/column_groups.hpp"

#include "core/plan/plan.hpp"

#include <algorithm>
#include <numeric>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// SQLite lets nothing but integers into a rowid, so its alias is bigint whatever refers to it.
bool is_anchor(const TablePlan &table, const ColumnPlan &column) {
    return column.is_overridden || table.source->rowid_alias == column.source;
}

// Union-find over all columns of the plan.
class Joiner {
  public:
    explicit Joiner(const Plan &plan) : plan_(plan) {
        for (const TablePlan &table : plan.tables()) {
            first_.push_back(size_);
            size_ += table.columns.size();
        }
        root_.resize(size_);
        std::iota(root_.begin(), root_.end(), std::size_t{0});
        is_joined_.resize(size_);
        anchors_.resize(size_, nullptr);
    }

    void join(ColumnRef child, ColumnRef parent) {
        const bool is_child_anchor = is_anchor(plan_.tables()[child.table], column(child));
        const bool is_parent_anchor = is_anchor(plan_.tables()[parent.table], column(parent));
        if (is_child_anchor && is_parent_anchor)
            return;
        if (is_parent_anchor)
            anchor(child, column(parent));
        else if (is_child_anchor)
            anchor(parent, column(child));
        else
            unite(number(child), number(parent));
    }

    std::size_t number(ColumnRef at) const { return first_[at.table] + at.column; }
    bool is_joined(std::size_t column) const { return is_joined_[column]; }
    const ColumnPlan *anchor_of(std::size_t root) const { return anchors_[root]; }

    std::size_t root(std::size_t column) {
        while (root_[column] != column)
            column = root_[column] = root_[root_[column]];
        return column;
    }

  private:
    const ColumnPlan &column(ColumnRef at) const {
        return plan_.tables()[at.table].columns[at.column];
    }

    void anchor(ColumnRef at, const ColumnPlan &type) {
        const std::size_t column = number(at);
        is_joined_[column] = true;
        keep_anchor(root(column), &type);
    }

    // The type that the caller named wins over a rowid's; of two alike, the first.
    void keep_anchor(std::size_t root, const ColumnPlan *type) {
        const ColumnPlan *&kept = anchors_[root];
        if (type != nullptr && (kept == nullptr || (type->is_overridden && !kept->is_overridden)))
            kept = type;
    }

    void unite(std::size_t left, std::size_t right) {
        is_joined_[left] = is_joined_[right] = true;
        left = root(left);
        right = root(right);
        if (left == right)
            return;
        root_[right] = left;
        keep_anchor(left, anchors_[right]);
    }

    const Plan &plan_;
    std::size_t size_ = 0;
    std::vector<std::size_t> first_; // number of each table's first column
    std::vector<std::size_t> root_;
    std::vector<bool> is_joined_;
    std::vector<const ColumnPlan *> anchors_; // by root
};

void join_foreign_keys(const Plan &plan, Joiner &joiner) {
    for (std::size_t child = 0; child < plan.tables().size(); ++child) {
        for (const ForeignKey &key : plan.tables()[child].source->foreign_keys) {
            const ResolvedKey resolved = resolve_foreign_key(plan, child, key);
            if (!resolved.is_good())
                continue;
            for (std::size_t i = 0; i < resolved.columns.size(); ++i)
                joiner.join({child, resolved.columns[i]},
                            {resolved.parent, resolved.parent_columns[i]});
        }
    }
}

void add_type(std::vector<Type> &types, const Type &type) {
    if (std::find(types.begin(), types.end(), type) == types.end())
        types.push_back(type);
}

const Proposal &proposal_of(const Plan &plan, ColumnRef at) {
    return plan.tables()[at.table].columns[at.column].proposal;
}

bool is_text_like(const Type &type) {
    return type.is_text_like();
}

// The declared members propose when they agree; the values decide when they do not.
void propose(const Plan &plan, ColumnGroup &group) {
    std::vector<Type> declared;
    bool has_undeclared = false;
    for (const ColumnRef &member : group.members) {
        const Proposal &proposal = proposal_of(plan, member);
        has_undeclared |= proposal.is_by_values;
        if (!proposal.is_by_values)
            add_type(declared, proposal.type);
    }
    const bool is_all_text = std::all_of(declared.begin(), declared.end(), is_text_like);
    group.needs_profile = has_undeclared;
    if (declared.size() == 1) {
        group.proposal.type = declared.front();
    } else if (declared.size() > 1 && is_all_text) {
        const Type citext = make_type(TypeKind::citext);
        const bool has_citext =
            std::find(declared.begin(), declared.end(), citext) != declared.end();
        group.proposal.type = has_citext ? citext : make_type(TypeKind::text);
        group.is_textual = !has_undeclared;
    } else {
        group.proposal = propose_type("", plan.options());
        group.needs_profile = true;
    }
    // A rowid stays bigint: whether the others can become it, only their values tell.
    if (group.anchor && !group.is_anchor_given) {
        for (const Type &type : declared)
            group.needs_profile |= !can_refer(type, *group.anchor);
    }
}

void collect_candidates(const Plan &plan, ColumnGroup &group) {
    for (const Type &type : candidate_types(group.proposal, plan.options()))
        add_type(group.candidates, type);
    for (const ColumnRef &member : group.members) {
        const Proposal &own = proposal_of(plan, member);
        add_type(group.candidates, own.type);
        for (const Type &type : candidate_types(own, plan.options()))
            add_type(group.candidates, type);
    }
    if (group.anchor)
        add_type(group.candidates, *group.anchor);
}

std::vector<std::vector<std::size_t>> find_neighbours(const Plan &plan,
                                                      const std::vector<ColumnGroup> &groups) {
    std::vector<std::vector<std::size_t>> neighbours(plan.tables().size());
    for (std::size_t table = 0; table < neighbours.size(); ++table)
        neighbours[table].push_back(table);
    // Each member beside the group's first is enough: the neighbours are followed transitively.
    for (const ColumnGroup &group : groups) {
        const std::size_t first = group.members.front().table;
        for (const ColumnRef &member : group.members) {
            if (member.table == first)
                continue;
            neighbours[first].push_back(member.table);
            neighbours[member.table].push_back(first);
        }
    }
    return neighbours;
}

} // namespace

ColumnGroups ColumnGroups::none(const Plan &plan) {
    ColumnGroups groups;
    for (std::size_t table = 0; table < plan.tables().size(); ++table) {
        groups.group_of_.emplace_back(plan.tables()[table].columns.size(), -1);
        groups.neighbours_.push_back({table});
    }
    return groups;
}

ColumnGroups::ColumnGroups(const Plan &plan) {
    Joiner joiner(plan);
    join_foreign_keys(plan, joiner);
    std::unordered_map<std::size_t, int> group_of_root;
    for (std::size_t table = 0; table < plan.tables().size(); ++table) {
        std::vector<int> &own = group_of_.emplace_back(plan.tables()[table].columns.size(), -1);
        for (std::size_t column = 0; column < own.size(); ++column) {
            const std::size_t number = joiner.number({table, column});
            if (!joiner.is_joined(number))
                continue;
            const std::size_t root = joiner.root(number);
            const auto [found, is_new] =
                group_of_root.emplace(root, static_cast<int>(groups_.size()));
            if (is_new)
                groups_.emplace_back();
            own[column] = found->second;
            groups_[static_cast<std::size_t>(found->second)].members.push_back({table, column});
            const ColumnPlan *anchor = joiner.anchor_of(root);
            if (is_new && anchor != nullptr) {
                groups_.back().anchor = anchor->type;
                groups_.back().is_anchor_given = anchor->is_overridden;
            }
        }
    }
    for (ColumnGroup &group : groups_) {
        propose(plan, group);
        collect_candidates(plan, group);
    }
    neighbours_ = find_neighbours(plan, groups_);
}

const ColumnGroup *ColumnGroups::find(ColumnRef at) const {
    const int group = group_of_[at.table][at.column];
    return group < 0 ? nullptr : &groups_[static_cast<std::size_t>(group)];
}

bool can_refer(const Type &child, const Type &parent) {
    // What a type of the caller's choice compares with, PostgreSQL knows.
    if (child.kind == TypeKind::other || parent.kind == TypeKind::other)
        return true;
    switch (parent.kind) {
    case TypeKind::text:
    case TypeKind::varchar:
        return child.is_text_like();
    case TypeKind::numeric:
        return child.kind == TypeKind::numeric || child.kind == TypeKind::bigint;
    case TypeKind::float8:
        return child.kind == TypeKind::float8 || child.kind == TypeKind::numeric ||
               child.kind == TypeKind::bigint;
    default:
        return child.kind == parent.kind;
    }
}

} // namespace migrate::core::plan

// The names of the relations that a query reads.
#include "core/plan/load_order.hpp"
#include "core/plan/naming.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// Deeper than any query that the parser lets through; what lies deeper is not looked at.
constexpr int kMaxDepth = 400;

class RelationCollector {
  public:
    void read(const Select &select, int depth) {
        if (depth > kMaxDepth)
            return;
        const std::size_t outer = common_tables_.size();
        // Every common table of a WITH is visible in all of it, itself too (SQLite, WITH clause).
        for (const CommonTable &table : select.with)
            common_tables_.push_back(fold_ascii(table.name));
        for (const CommonTable &table : select.with)
            read_query(table.select.get(), depth);
        for (const SelectCore &core : select.cores)
            read_core(core, depth);
        for (const OrderTerm &term : select.order_by)
            read_expression(term.expression.get(), depth);
        read_expression(select.limit.get(), depth);
        read_expression(select.offset.get(), depth);
        common_tables_.resize(outer);
    }

    std::vector<std::string> take() { return std::move(names_); }

  private:
    void read_query(const Select *select, int depth) {
        if (select != nullptr)
            read(*select, depth + 1);
    }

    void read_core(const SelectCore &core, int depth) {
        for (const FromItem &item : core.from)
            read_from(item, depth);
        for (const ResultColumn &column : core.columns)
            read_expression(column.expression.get(), depth);
        for (const ExpressionPtr &term : core.group_by)
            read_expression(term.get(), depth);
        for (const std::vector<ExpressionPtr> &row : core.values) {
            for (const ExpressionPtr &value : row)
                read_expression(value.get(), depth);
        }
        read_expression(core.where.get(), depth);
        read_expression(core.having.get(), depth);
    }

    void read_from(const FromItem &item, int depth) {
        if (depth > kMaxDepth)
            return;
        if (!item.table.empty() && !item.is_function)
            add(item);
        read_query(item.select.get(), depth);
        for (const FromItem &inner : item.group)
            read_from(inner, depth + 1);
        read_expression(item.on.get(), depth);
    }

    void add(const FromItem &item) {
        const std::string folded = fold_ascii(item.table);
        const bool is_common =
            item.schema.empty() &&
            std::find(common_tables_.begin(), common_tables_.end(), folded) != common_tables_.end();
        if (!is_common && seen_.insert(folded).second)
            names_.push_back(item.table);
    }

    // Long chains of operators make deep trees, so the nodes lie on a stack of their own.
    void read_expression(const Expression *root, int depth) {
        std::vector<const Expression *> open{root};
        while (!open.empty()) {
            const Expression *expression = open.back();
            open.pop_back();
            if (expression == nullptr)
                continue;
            read_query(expression->select.get(), depth);
            for (const ExpressionPtr &operand : expression->operands)
                open.push_back(operand.get());
            open.push_back(expression->filter.get());
        }
    }

    std::vector<std::string> common_tables_; // those in scope, folded
    std::set<std::string> seen_;
    std::vector<std::string> names_;
};

} // namespace

std::vector<std::string> relations_of(const Select &select) {
    RelationCollector collector;
    collector.read(select, 0);
    return collector.take();
}

} // namespace migrate::core::plan

// Queries: SELECT, VALUES, compounds and WITH, printed with every relation schema-qualified, every
// table alias unique over the whole query and every output column named.
//
//     SelectPrinter printer(context, relations);
//     PrintedSelect view = printer.print(select, nullptr, naming);
#pragma once

#include "core/plan/printer.hpp"

#include <deque>
#include <span>
#include <string>
#include <vector>

namespace migrate::core::plan {

struct OutputColumn {
    std::string source_name; // "" where SQLite names it after the text of its expression
    std::string name;        // not quoted
    PrintedValue value;      // type, collation, affinity; the sql only within its core
};

struct PrintedSelect {
    std::string sql; // without parentheses
    std::vector<OutputColumn> columns;
};

// How the output columns are named: CREATE VIEW v(a, b), and the naming option for a view.
struct OutputNaming {
    std::span<const std::string> names{};
    std::string (*fold)(std::string_view) = nullptr; // null inside a query: as they are
};

class SelectPrinter final : public SubqueryPrinter {
  public:
    SelectPrinter(PrintContext &context, std::span<const BoundRelation> relations)
        : context_(context), relations_(relations) {}

    PrintedSelect print(const Select &select, PrintScope *outer, const OutputNaming &naming);

    PrintedValue print_scalar(const Select &select, PrintScope *outer) override;
    std::string print_exists(const Select &select, PrintScope *outer) override;
    std::string print_in(const std::vector<PrintedValue> &lefts, const Select &select,
                         PrintScope *outer) override;

  private:
    // One SELECT of a compound before its types are settled.
    struct Core {
        std::vector<OutputColumn> columns;
        std::string tail;               // " FROM … WHERE … GROUP BY … HAVING …"
        std::string values;             // of VALUES: the FROM item
        std::vector<std::string> order; // of a SELECT that stands alone
        bool is_distinct = false;
        bool has_aggregate = false;
        std::string compound;
    };
    struct CommonName {
        std::string name;
        std::string sql;
        std::vector<OutputColumn> columns;
        bool is_known = true; // not the one being printed, before its first SELECT is
        bool is_used = false;
    };

    std::string print_with(const Select &select, PrintScope *outer);
    std::string print_common_table(const CommonTable &table, PrintScope *outer, bool &recurses);
    PrintedSelect print_compound(const Select &select, PrintScope *outer,
                                 const OutputNaming &naming, CommonName *self);
    Core print_core(const SelectCore &core, const Select &select, PrintScope *outer);
    Core print_values(const SelectCore &core, PrintScope *outer);
    void print_grouping(const SelectCore &core, PrintScope &scope, Core &result);
    void print_results(const SelectCore &core, PrintScope &scope, Core &result);
    void print_order(const Select &select, const SelectCore &core, PrintScope &scope, Core &result);
    PrintedValue order_value(const Expression &term, const SelectCore &core, PrintScope &scope,
                             const Core &result);
    PrintedValue group_value(const Expression &term, const SelectCore &core, PrintScope &scope);
    void settle_types(std::vector<Core> &cores, bool is_recursive);
    std::string assemble(const std::vector<Core> &cores);
    std::string core_sql(const Core &core, const std::vector<OutputColumn> &names);
    std::string order_outside(const Select &select, const std::vector<OutputColumn> &columns,
                              std::string sql);
    std::string limit_sql(const Select &select);
    bool gives_one_row(const Select &select);

    // FROM (select_from.cpp).
    std::string print_from(const std::vector<FromItem> &items, PrintScope &scope, std::size_t first,
                           bool is_group);
    std::string print_item(const FromItem &item, PrintScope &scope);
    std::string print_table(const FromItem &item, PrintScope &scope);
    std::string print_subquery(const FromItem &item, PrintScope &scope);
    std::string print_group(const FromItem &item, PrintScope &scope);
    std::string print_on(const FromItem &item, PrintScope &scope, std::size_t first,
                         std::size_t right);
    std::string print_using(const FromItem &item, PrintScope &scope, std::size_t first,
                            std::size_t right);
    std::string merge_column(const std::string &name, const FromItem &item, PrintScope &scope,
                             std::size_t first, std::size_t right);
    CommonName *find_common(const FromItem &item);
    const BoundRelation *find_relation(std::string_view name) const;
    std::string unique_alias(std::string_view name);

    PrintContext &context_;
    std::span<const BoundRelation> relations_;
    std::deque<CommonName> common_; // a reference stays good while more are added
};

// Names for output columns, each once: folded for a view, cut to 63 bytes on a character.
void name_outputs(std::vector<OutputColumn> &columns, const OutputNaming &naming);
// The column of a subquery or common table as a FROM item has it.
ScopeColumn scope_column(const OutputColumn &column, const std::string &table_sql);
// A name as it is when PostgreSQL takes it: 1 to 63 bytes of valid text without control characters.
bool is_plain_name(std::string_view name);

} // namespace migrate::core::plan

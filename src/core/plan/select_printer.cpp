#include "core/plan/select_printer.hpp"

#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_compare.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

constexpr std::size_t kMaxCores = 200;

std::string constant_limit(const ExpressionPtr &expression, const char *word) {
    const bool is_negative = expression->kind == ExpressionKind::unary && expression->op == "-" &&
                             expression->operands.at(0)->kind == ExpressionKind::integer_literal;
    // A negative LIMIT is none, a negative OFFSET is 0 (lang_select.html).
    if (is_negative)
        return "";
    if (expression->kind != ExpressionKind::integer_literal)
        refuse(std::string(word) + " is not a whole constant");
    if (expression->integer < 0)
        return "";
    return " " + std::string(word) + " " + std::to_string(expression->integer);
}

bool has_outer_join(const SelectCore &core) {
    return std::any_of(core.from.begin(), core.from.end(), [](const FromItem &item) {
        return item.join == JoinKind::left || item.join == JoinKind::right ||
               item.join == JoinKind::full;
    });
}

bool removes_duplicates(const std::string &compound) {
    return !compound.empty() && compound != "UNION ALL";
}

// UNION and EXCEPT group to the left in both; INTERSECT binds tighter in PostgreSQL alone.
bool mixes_intersect(std::span<const std::string> compounds) {
    const bool has = std::find(compounds.begin(), compounds.end(), "INTERSECT") != compounds.end();
    return has && !std::all_of(compounds.begin(), compounds.end(),
                               [](const std::string &word) { return word == "INTERSECT"; });
}

} // namespace

PrintedSelect SelectPrinter::print(const Select &select, PrintScope *outer,
                                   const OutputNaming &naming) {
    const DepthGuard guard(context_);
    const std::size_t known = common_.size();
    const std::string with = print_with(select, outer);
    PrintedSelect result = print_compound(select, outer, naming, nullptr);
    common_.resize(known);
    result.sql = with + result.sql;
    check_size(result.sql);
    return result;
}

std::string SelectPrinter::print_common_table(const CommonTable &table, PrintScope *outer,
                                              bool &recurses) {
    if (find_relation(table.name) != nullptr)
        refuse("WITH \"" + table.name + "\" has the name of a table or view");
    CommonName self;
    self.name = table.name;
    self.sql = identifier(unique_alias(table.name));
    self.is_known = false;
    common_.push_back(self);
    const std::size_t place = common_.size() - 1;
    const DepthGuard guard(context_);
    const std::size_t known = common_.size();
    const std::string with = print_with(*table.select, outer);
    OutputNaming naming;
    naming.names = table.columns;
    PrintedSelect select = print_compound(*table.select, outer, naming, &common_[place]);
    common_.resize(known);
    recurses = recurses || common_[place].is_used;
    common_[place].is_used = false;
    common_[place].is_known = true;
    common_[place].columns = std::move(select.columns);
    return common_[place].sql + " AS (" + with + select.sql + ")";
}

std::string SelectPrinter::print_with(const Select &select, PrintScope *outer) {
    if (select.with.empty())
        return "";
    bool recurses = false;
    std::vector<std::string> tables;
    for (const CommonTable &table : select.with)
        tables.push_back(print_common_table(table, outer, recurses));
    return (recurses ? "WITH RECURSIVE " : "WITH ") + join(tables, ", ") + " ";
}

// Every core gives the same columns: the common type of each.
void SelectPrinter::settle_types(std::vector<Core> &cores, bool is_recursive) {
    const std::size_t width = cores.front().columns.size();
    for (const Core &core : cores)
        if (core.columns.size() != width)
            refuse("SELECTs of a compound give different numbers of columns");
    const bool is_distinct = std::any_of(cores.begin(), cores.end(), [](const Core &core) {
        return removes_duplicates(core.compound);
    });
    for (std::size_t i = 0; i < width; ++i) {
        std::vector<PrintedValue> values;
        for (const Core &core : cores)
            values.push_back(core.columns[i].value);
        PrintedValue &first = cores.front().columns[i].value;
        PrintedValue common = is_recursive ? first : common_type(values);
        if (cores.size() == 1 && !first.literal)
            common = first;
        for (Core &core : cores) {
            PrintedValue &value = core.columns[i].value;
            value.sql = as_type(context_, value, common.type, common.epoch);
            if (core.is_distinct || is_distinct)
                check_distinct(value, "DISTINCT or a compound");
        }
        const std::string sql = first.sql;
        if (cores.size() > 1) {
            first.type = common.type;
            first.may_be_whole = common.may_be_whole;
            first.epoch = common.epoch;
            first.moment.clear();
            first.digits.clear();
        }
        first.literal.reset();
    }
}

std::string SelectPrinter::core_sql(const Core &core, const std::vector<OutputColumn> &names) {
    std::vector<std::string> columns;
    for (std::size_t i = 0; i < core.columns.size(); ++i)
        columns.push_back(core.columns[i].value.sql + " AS " + identifier(names[i].name));
    return std::string("SELECT ") + (core.is_distinct ? "DISTINCT " : "") + join(columns, ", ") +
           core.tail;
}

std::string SelectPrinter::assemble(const std::vector<Core> &cores) {
    std::vector<std::string> compounds;
    for (const Core &core : cores)
        if (&core != &cores.front())
            compounds.push_back(core.compound);
    const bool is_nested = mixes_intersect(compounds);
    std::string sql;
    for (const Core &core : cores) {
        const std::string one = core_sql(core, cores.front().columns);
        if (&core == &cores.front()) {
            sql = one;
            continue;
        }
        sql = (is_nested ? "(" + sql + ")" : sql) + " " + core.compound + " " + one;
        check_size(sql);
    }
    return sql;
}

std::string SelectPrinter::limit_sql(const Select &select) {
    std::string sql;
    if (select.limit)
        sql += constant_limit(select.limit, "LIMIT");
    if (select.offset)
        sql += constant_limit(select.offset, "OFFSET");
    return sql;
}

PrintedSelect SelectPrinter::print_compound(const Select &select, PrintScope *outer,
                                            const OutputNaming &naming, CommonName *self) {
    if (select.cores.empty() || select.cores.size() > kMaxCores)
        refuse("a query joins no SELECT or more than 200 SELECTs");
    std::vector<Core> cores;
    std::size_t uses = 0;
    for (const SelectCore &core : select.cores) {
        cores.push_back(core.values.empty() ? print_core(core, select, outer)
                                            : print_values(core, outer));
        cores.back().compound = core.compound;
        const bool is_self = self != nullptr && self->is_used && uses++ == 0;
        // PostgreSQL's recursion: the last SELECT alone reads the table, and makes no groups.
        if (self != nullptr && self->is_used &&
            (!is_self || &core != &select.cores.back() || cores.back().has_aggregate ||
             !select.order_by.empty() || select.limit || cores.back().is_distinct ||
             has_outer_join(core) || !core.compound.starts_with("UNION")))
            refuse("WITH \"" + self->name + "\" recurses as PostgreSQL cannot");
        if (self != nullptr && !self->is_known) {
            std::vector<Core> first(1, cores.front());
            settle_types(first, false);
            name_outputs(first.front().columns, naming);
            self->columns = first.front().columns;
            self->is_known = true;
        }
    }
    const bool is_recursive = self != nullptr && self->is_used;
    settle_types(cores, is_recursive);
    PrintedSelect result;
    name_outputs(cores.front().columns, naming);
    result.sql = assemble(cores);
    result.columns = cores.front().columns;
    const bool is_alone = cores.size() == 1 && !cores.front().is_distinct;
    if (is_alone && !cores.front().order.empty())
        result.sql += " ORDER BY " + join(cores.front().order, ", ");
    if (!is_alone && !select.order_by.empty())
        result.sql = order_outside(select, result.columns, std::move(result.sql));
    result.sql += limit_sql(select);
    return result;
}

} // namespace migrate::core::plan

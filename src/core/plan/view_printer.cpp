// A view's query, from its tree to SQL and the columns it gives.
#include "core/error.hpp"
#include "core/plan/expression_printer.hpp"
#include "core/plan/select_printer.hpp"

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

BoundColumn bound_column(const OutputColumn &column) {
    BoundColumn bound;
    bound.source_name = column.source_name;
    bound.target_name = column.name;
    bound.type = column.value.type;
    bound.epoch = column.value.epoch;
    bound.collation = column.value.collation.empty() ? "BINARY" : column.value.collation;
    return bound;
}

} // namespace

PrintedView print_view(const Select &select, std::span<const std::string> column_names,
                       std::span<const BoundRelation> relations, const PrintOptions &options,
                       std::string (*fold)(std::string_view)) {
    PrintedView view;
    PrintContext context{options};
    try {
        SelectPrinter printer(context, relations);
        OutputNaming naming;
        naming.names = column_names;
        naming.fold = fold;
        PrintedSelect printed = printer.print(select, nullptr, naming);
        view.sql = std::move(printed.sql);
        for (const OutputColumn &column : printed.columns)
            view.columns.push_back(bound_column(column));
        view.notes = std::move(context.notes);
    } catch (const Error &error) {
        view.problem = error.message();
    }
    return view;
}

} // namespace migrate::core::plan

// The functions behind the closed table of printer_functions.cpp, by family.
#pragma once

#include "core/plan/printed_value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::plan {

using Arguments = std::vector<PrintedValue>;

// How many arguments a function takes is checked before its printer is called.
using ScalarPrinter = PrintedValue (*)(PrintContext &context, std::string_view name,
                                       const Arguments &arguments);

struct ScalarFunction {
    std::string_view name;
    std::size_t least = 1;
    std::size_t most = 1;
    ScalarPrinter print = nullptr;
};

const ScalarFunction *find_text_function(std::string_view name);
const ScalarFunction *find_number_function(std::string_view name);
const ScalarFunction *find_value_function(std::string_view name);

struct AggregateCall {
    std::string_view name;
    Arguments arguments;
    bool is_star = false;
    bool is_distinct = false;
    std::string filter; // " FILTER (WHERE …)" or ""
};

PrintedValue print_aggregate(PrintContext &context, const AggregateCall &call);

} // namespace migrate::core::plan

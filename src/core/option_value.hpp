// The caller's jsonb options as plain data, before they are checked (core/import_options.hpp).
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace migrate::core {

enum class OptionKind : unsigned char { null, boolean, number, string, array, object };

struct OptionValue {
    OptionKind kind = OptionKind::null;
    bool boolean = false;
    std::string text; // string, or the number as jsonb prints it
    std::vector<OptionValue> items;
    std::vector<std::pair<std::string, OptionValue>> members; // in jsonb's order
};

} // namespace migrate::core

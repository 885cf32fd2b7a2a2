// The caller's jsonb options as plain data, before they are checked (core/import_options.hpp).
#pragma once

#include <string>
#include <vector>

namespace migrate::core {

enum class OptionKind : unsigned char { null, boolean, number, string, array, object };

struct OptionMember;

struct OptionValue {
    OptionKind kind = OptionKind::null;
    bool boolean = false;
    std::string text; // string, or the number as jsonb prints it
    std::vector<OptionValue> items;
    std::vector<OptionMember> members; // in jsonb's order
};

// A key of an object with its value. (A pair of an incomplete type is not what every compiler
// takes.)
struct OptionMember {
    std::string first;
    OptionValue second;
};

} // namespace migrate::core

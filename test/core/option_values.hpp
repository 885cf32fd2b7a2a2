// Option values as they come out of the caller's jsonb.
#pragma once

#include "core/option_value.hpp"

#include <string>
#include <utility>
#include <vector>

namespace migrate::core {

inline OptionValue text(std::string value) {
    OptionValue option;
    option.kind = OptionKind::string;
    option.text = std::move(value);
    return option;
}

inline OptionValue number(std::string value) {
    OptionValue option = text(std::move(value));
    option.kind = OptionKind::number;
    return option;
}

inline OptionValue boolean(bool value) {
    OptionValue option;
    option.kind = OptionKind::boolean;
    option.boolean = value;
    return option;
}

inline OptionValue list(std::vector<OptionValue> items) {
    OptionValue option;
    option.kind = OptionKind::array;
    option.items = std::move(items);
    return option;
}

inline OptionValue object(std::vector<OptionMember> members) {
    OptionValue option;
    option.kind = OptionKind::object;
    option.members = std::move(members);
    return option;
}

} // namespace migrate::core

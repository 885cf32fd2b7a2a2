#include "core/delete_limit.hpp"

#include "core/option_reader.hpp"

#include "core/core_only.hpp"

namespace migrate::core {

bool DeleteLimit::allows(std::int64_t deleted, std::int64_t present) const noexcept {
    if (rows)
        return deleted <= *rows;
    return static_cast<double>(deleted) * 100.0 <= percent * static_cast<double>(present);
}

DeleteLimit read_delete_limit(std::string_view option, const OptionValue &value) {
    DeleteLimit limit;
    if (value.kind == OptionKind::string && value.text.ends_with('%'))
        limit.percent = read_percent(option, value.text);
    else if (value.kind == OptionKind::string)
        throw invalid_value(option, value.text)
            .with_hint("Write a number of rows, or a percentage of them such as \"5%\".");
    else
        limit.rows = read_count(option, value);
    return limit;
}

} // namespace migrate::core

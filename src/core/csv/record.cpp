#include "core/csv/record.hpp"

#include "core/core_only.hpp"

namespace migrate::core::csv {

std::string_view problem_name(Problem problem) noexcept {
    switch (problem) {
    case Problem::none:
        return "none";
    case Problem::unterminated_quote:
        return "unterminated quote";
    case Problem::misplaced_quote:
        return "misplaced quote";
    case Problem::line_too_long:
        return "line too long";
    case Problem::too_many_fields:
        return "too many fields";
    case Problem::invalid_encoding:
        return "invalid encoding";
    case Problem::nul_byte:
        return "zero byte";
    }
    return "";
}

} // namespace migrate::core::csv

#include "core/csv/record_account.hpp"

#include "core/csv/misfit_reason.hpp"

#include "core/core_only.hpp"

namespace migrate::core::csv {

void Happening::add(std::int64_t line, std::string_view shown) {
    if (count++ > 0)
        return;
    first_line = line;
    first_value = shown;
}

void Happening::add_text(std::int64_t line, std::string_view text) {
    if (count > 0)
        count++;
    else
        add(line, shown_value(text));
}

} // namespace migrate::core::csv

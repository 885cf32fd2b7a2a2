#include "core/csv/late_marks.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::array<std::string_view, 4> kMarks = {"\"", "'", "\\\"", "\\'"};

bool holds(std::string_view text, std::string_view mark) noexcept {
    return text.find(mark) != std::string_view::npos;
}

} // namespace

KnownDialect with_late_marks(std::string_view sample, std::string_view places,
                             const KnownDialect &known) {
    const bool is_news = std::ranges::any_of(
        kMarks, [&](std::string_view mark) { return holds(places, mark) && !holds(sample, mark); });
    if (!is_news || (known.quote && known.escape))
        return known;
    // Both readings compete on all that was seen, as they do on a sample.
    std::string text(sample.substr(0, sample.find_last_of("\r\n") + 1));
    text += places;
    const Dialect found = sniff_dialect(text, false, known).dialect;
    KnownDialect settled = known;
    settled.quote = found.quote;
    settled.escape = found.escape;
    return settled;
}

} // namespace migrate::core::csv

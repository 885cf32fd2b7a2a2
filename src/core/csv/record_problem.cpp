#include "core/csv/record_problem.hpp"

#include "core/csv/misfit_reason.hpp"
#include "core/error.hpp"

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// What COPY raises for a line that is not of its form (PostgreSQL, appendix A).
constexpr char kBadCopyFileFormat[] = "22P04";

constexpr char kQuoteHint[] =
    "Use the option \"quote\" with \"\" if no field of the file is quoted, or the option "
    "\"on_error\" with \"ignore\" or \"reject\".";
constexpr char kSizeHint[] = "Use the option \"max_line_size\" to raise the limit, or the option "
                             "\"on_error\" with \"ignore\" or \"reject\".";
constexpr char kFieldsHint[] =
    "Use the option \"delimiter\" if another character separates the fields, or the option "
    "\"on_error\" with \"ignore\" or \"reject\".";
constexpr char kEncodingHint[] = "Use the option \"encoding\" to name the file's encoding, or the "
                                 "option \"on_error\" with \"ignore\" or \"reject\".";
constexpr char kShortHint[] = "Use the option \"ragged\" with \"pad\", \"both\" or \"reject\".";
constexpr char kLongHint[] = "Use the option \"ragged\" with \"truncate\", \"both\" or \"reject\".";

} // namespace

RecordFault record_fault(Problem problem) {
    std::string reason(problem_name(problem));
    switch (problem) {
    case Problem::none:
        break;
    case Problem::unterminated_quote:
    case Problem::misplaced_quote:
        return {kBadCopyFileFormat, std::move(reason), kQuoteHint};
    case Problem::line_too_long:
        return {sqlstate::kProgramLimitExceeded, std::move(reason), kSizeHint};
    case Problem::too_many_fields:
        return {sqlstate::kProgramLimitExceeded, std::move(reason), kFieldsHint};
    case Problem::invalid_encoding:
    case Problem::nul_byte:
        return {sqlstate::kCharacterNotInRepertoire, std::move(reason), kEncodingHint};
    }
    return {sqlstate::kInternalError, std::move(reason), ""};
}

RecordFault width_fault(std::size_t fields, std::size_t width) {
    return {kBadCopyFileFormat,
            "record has " + std::to_string(fields) + (fields == 1 ? " field" : " fields") +
                " instead of " + std::to_string(width),
            fields < width ? kShortHint : kLongHint};
}

std::string_view value_hint() noexcept {
    return "Use the option \"on_error\" with \"set_null\", \"ignore\" or \"reject\", or name "
           "another type for the column in the option \"types\".";
}

std::string_view row_hint() noexcept {
    return "Use the option \"on_error\" with \"ignore\" or \"reject\".";
}

std::string place_words(std::string_view file_name, const RowSource &source,
                        std::string_view column, std::string_view shown) {
    std::string words = "CSV file \"" + std::string(file_name) + "\", ";
    if (source.first_line == source.last_line)
        words += "line " + std::to_string(source.first_line);
    else
        words += "lines " + std::to_string(source.first_line) + " to " +
                 std::to_string(source.last_line);
    if (!column.empty())
        words.append(", column \"").append(column).append("\"");
    if (!shown.empty())
        words.append(": ").append(shown);
    else if (column.empty() && !source.raw.empty())
        words += ": " + shown_value(source.raw);
    return words;
}

} // namespace migrate::core::csv

#include "core/csv/file_survey.hpp"

#include "core/csv/column_inference.hpp"
#include "core/csv/field_trim.hpp"
#include "core/csv/line_end.hpp"
#include "core/csv/record_reader.hpp"
#include "core/plan/naming.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// Feeds the records of a sample to somebody, from the first of the table.
template <typename Use>
void read_sample(std::string_view sample, bool is_whole, const SniffedDialect &found, Use use) {
    // What ended the lines of the sample need not be what ends a line of this dialect.
    const std::size_t end = LineEnd(found.dialect.newline).after_last(sample, 0);
    if (!is_whole && end != std::string_view::npos)
        sample = sample.substr(0, end);
    is_whole = is_whole || end == std::string_view::npos;
    RecordReader reader(found.dialect);
    reader.skip_lines(found.skip_lines);
    TextBlock block;
    block.text = block.raw = sample;
    block.is_last = is_whole;
    reader.feed(block);
    for (Record record; reader.next(record);)
        use(record);
}

KnownDialect known_dialect(const CsvOptions &options) {
    KnownDialect known = options.dialect;
    // COPY's HEADER n (19): the last of n lines names the columns.
    if (options.header == HeaderMode::lines)
        known.skip_lines = known.skip_lines.value_or(0) + options.header_lines - 1;
    return known;
}

// The first record of a sample, and what the sniffer makes of it.
struct HeaderFinding {
    std::vector<std::string> cells;
    HeaderGuess guess;
    std::int64_t records = 0; // without those that have a problem
    Problem problem = Problem::none;
    bool is_begun = false;
};

HeaderFinding find_header(std::string_view sample, bool is_whole, const SniffedDialect &found,
                          const CsvOptions &options) {
    HeaderFinding finding;
    HeaderSniffer sniffer(reading_of(options, found.dialect, "", true));
    read_sample(sample, is_whole, found, [&](const Record &record) {
        if (!std::exchange(finding.is_begun, true))
            finding.problem = record.problem;
        if (record.problem != Problem::none)
            return;
        if (finding.records++ == 0)
            for (const Field &field : record.fields)
                finding.cells.emplace_back(without_blanks(field.text));
        sniffer.add(record.fields);
    });
    finding.guess = sniffer.guess();
    return finding;
}

// Why the first record is a header or not, by the caller's word or by the target's columns.
std::optional<bool> known_header(const CsvOptions &options, const HeaderFinding &finding,
                                 std::span<const std::string> target_names, std::string &evidence) {
    if (options.header != HeaderMode::automatic)
        return options.header != HeaderMode::none;
    if (!names_columns(finding.cells, target_names))
        return std::nullopt;
    evidence = "The first record names columns of the table.";
    return true;
}

void decide_header(FileSurvey &survey, HeaderFinding &finding, const CsvOptions &options,
                   std::span<const std::string> target_names) {
    survey.sample_records = finding.records;
    // The next record is not the header then, and this one is not passed over unseen.
    if (survey.first_problem = finding.problem; finding.problem != Problem::none) {
        survey.evidence.push_back(
            "The first record is no header: " + std::string(problem_name(finding.problem)) + ".");
        return;
    }
    std::string evidence;
    std::optional<bool> is_known = known_header(options, finding, target_names, evidence);
    const bool has_header = is_known.value_or(finding.guess.has_header);
    if (!is_known) {
        evidence = finding.guess.evidence;
        survey.confidence = std::min(survey.confidence, finding.guess.confidence);
    }
    if (!evidence.empty())
        survey.evidence.push_back(std::move(evidence));
    survey.header_records = has_header && finding.records > 0 ? 1 : 0;
    survey.sample_records -= survey.header_records;
    if (has_header)
        survey.header = std::move(finding.cells);
}

// Values that are written another way than PostgreSQL writes them: a column whose type is known all
// the same is read for its format then.
void find_formats(FileSurvey &survey, std::string_view sample, bool is_whole,
                  const CsvOptions &options) {
    std::vector<ColumnInference> fields(
        survey.width, ColumnInference(reading_of(options, survey.found.dialect, "", true)));
    std::int64_t record_number = 0;
    read_sample(sample, is_whole, survey.found, [&](const Record &record) {
        if (record_number++ < survey.header_records || record.problem != Problem::none)
            return;
        for (std::size_t i = 0; i < fields.size() && i < record.fields.size(); i++)
            fields[i].add(record.first_line, trimmed_field(record.fields[i], options.trim),
                          record.fields[i].is_quoted);
    });
    for (const ColumnInference &field : fields) {
        const InferredType found = field.result();
        survey.formats.emplace_back();
        if (!is_plain(found.format))
            survey.formats.back() = found.format;
    }
}

} // namespace

bool is_plain(const ValueFormat &format) noexcept {
    return format.date_order == DateOrder::iso && format.has_plain_numbers();
}

FileSurvey survey_file(std::string_view sample, bool is_whole, const CsvOptions &options,
                       std::span<const std::string> target_names) {
    FileSurvey survey;
    survey.found = sniff_dialect(sample, is_whole, known_dialect(options));
    survey.found.dialect.max_line_size = options.max_line_size;
    check_dialect(survey.found.dialect);
    survey.confidence = survey.found.confidence;
    survey.evidence = survey.found.evidence;
    HeaderFinding finding = find_header(sample, is_whole, survey.found, options);
    const std::size_t first_width = finding.cells.size();
    decide_header(survey, finding, options, target_names);
    survey.width = survey.has_header() ? first_width : survey.found.width;
    if (!options.columns.empty()) {
        survey.header = options.columns;
        survey.width = options.columns.size();
    }
    find_formats(survey, sample, is_whole, options);
    return survey;
}

InferenceOptions reading_of(const CsvOptions &options, const Dialect &dialect,
                            std::string_view name, bool is_utf8_server) {
    InferenceOptions reading;
    if (options.null_texts)
        reading.null_texts = *options.null_texts;
    reading.is_null_forced = options.force_null.contains(name);
    reading.is_null_refused = options.force_not_null.contains(name);
    reading.format = options.format;
    reading.has_number_format = options.has_number_format;
    reading.is_comma_delimited = dialect.delimiter == ",";
    reading.is_utf8_server = is_utf8_server;
    return reading;
}

bool names_columns(std::span<const std::string> header, std::span<const std::string> target_names) {
    const auto is_column = [&](const std::string &cell) {
        const std::string folded = plan::fold_ascii(cell);
        return std::ranges::any_of(target_names, [&](const std::string &name) {
            return plan::fold_ascii(name) == folded;
        });
    };
    const auto named = std::ranges::count_if(header, is_column);
    return named != 0 && static_cast<std::size_t>(named) * 2 >= header.size();
}

} // namespace migrate::core::csv

#include "pg/csv_pull.hpp"

#include "core/csv/late_marks.hpp"
#include "core/csv/record_problem.hpp"
#include "core/error.hpp"
#include "core/note_lines.hpp"
#include "pg/error_bridge.hpp"
#include "pg/normal_form.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {
namespace {

using core::csv::Charset;
using core::csv::Newline;
using core::csv::Scan;
using core::csv::TextBlock;

// Enough for every line of a sample; a file of one line must not fill the memory for it.
constexpr std::int64_t kSampleLine = static_cast<std::int64_t>(Scan::kSampleSize) * 4;

// A line at a time, where the block as a whole does not convert: bytes that are no text cost the
// line they are in, and no other.
void convert_lines(CsvPull *pull) {
    Scan *scan = pull->scan;
    const TextBlock &block = scan->block();
    const char *line = block.raw.data();
    for (std::size_t i = 0; i < block.marks.size(); i++) {
        ConvertedBytes text = {};
        const auto size = static_cast<std::size_t>(block.marks[i].raw_size);
        const bool is_valid = convert_to_utf8(pull->conversion, line, size, &text);
        call_core([&] { scan->give_line({text.bytes, text.size}, is_valid); });
        line += size;
    }
}

void convert_block(CsvPull *pull) {
    Scan *scan = pull->scan;
    const std::string_view raw = scan->block().raw;
    ConvertedBytes text = {};
    if (convert_to_utf8(pull->conversion, raw.data(), raw.size(), &text) && call_core([&] {
            return scan->give_text({text.bytes, text.size});
        }))
        return;
    convert_lines(pull);
}

// The next block of lines, converted where it has to be; false after the last.
bool read_block(CsvPull *pull) {
    Scan *scan = pull->scan;
    CHECK_FOR_INTERRUPTS();
    if (!call_core([&] { return scan->read_block(); }))
        return false;
    if (scan->block().needs_conversion)
        convert_block(pull);
    return true;
}

// What the sample leaves out.
struct SampleEnd {
    bool is_last;         // nothing follows it
    bool is_line_dropped; // a line of it is too long
    bool is_whole() const { return is_last && !is_line_dropped; }
};

SampleEnd sample_lines(CsvPull *pull, std::string *text, Newline newline) {
    Scan *scan = pull->scan;
    call_core([&] {
        core::csv::Dialect plain;
        plain.newline = newline;
        plain.max_line_size = kSampleLine;
        scan->start(plain, 0);
        text->clear();
    });
    SampleEnd end = {true, false};
    while (read_block(pull)) {
        const TextBlock &block = scan->block();
        end.is_line_dropped = end.is_line_dropped || block.is_line_too_long;
        call_core([&] { *text += block.text; });
        if (text->size() >= Scan::kSampleSize) {
            end.is_last = block.is_last;
            break;
        }
    }
    return end;
}

// A header that the caller speaks of, and that is spoiled, names no columns.
void check_header(const core::csv::CsvOptions &options, const core::csv::FileSurvey &survey,
                  const std::string &path) {
    using core::csv::HeaderMode;
    const bool is_wanted =
        options.header != HeaderMode::automatic && options.header != HeaderMode::none;
    if (!is_wanted || survey.first_problem == core::csv::Problem::none)
        return;
    const core::csv::RecordFault fault = core::csv::record_fault(survey.first_problem);
    throw core::Error(fault.code,
                      "could not read the header of file \"" + path + "\": " + fault.reason)
        .with_hint(
            "Use the options \"skip\" and \"header\" to pass over it, and \"columns\" to name the "
            "columns.");
}

// Names that differ only in how Unicode spells them would be two.
void compose_header(core::csv::FileSurvey *survey, std::string *notes) {
    for (std::string &cell : survey->header) {
        const char *composed = compose_name(cell.c_str());
        if (composed == cell.c_str())
            continue;
        call_core([&] {
            cell = composed;
            core::add_line(*notes,
                           "the name of column \"" + cell + "\" was composed (Unicode NFC)");
        });
    }
}

} // namespace

void find_conversion(CsvPull *pull) {
    const core::csv::Encoding &encoding = pull->scan->encoding();
    if (pull->conversion != nullptr) // of the file before
        close_conversion(pull->conversion);
    pull->conversion = nullptr;
    if (encoding.charset != Charset::other)
        return;
    if (encoding.name.starts_with("UTF-32"))
        ereport(ERROR,
                (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                 errmsg("file \"%s\" has encoding \"%s\"",
                        server_text(pull->scan->stream().path().c_str()), encoding.name.c_str()),
                 errhint("Convert it to UTF-8 or UTF-16 first.")));
    MemoryContext caller = MemoryContextSwitchTo(pull->memory);
    pull->conversion = open_conversion(encoding.name.c_str());
    MemoryContextSwitchTo(caller);
}

void find_late_encoding(CsvPull *pull) {
    while (call_core([&] { return pull->scan->look_further(); }))
        CHECK_FOR_INTERRUPTS();
    find_conversion(pull);
}

bool pull_block(CsvPull *pull) {
    if (!read_block(pull))
        return false;
    call_core([&] { pull->scan->feed_block(); });
    return true;
}

bool pull_sample(CsvPull *pull, std::string *text) {
    const SampleEnd end = sample_lines(pull, text, Newline::automatic);
    // Lines of old Macintosh files end with CR: by LF the whole file is one line.
    if (end.is_line_dropped && text->empty())
        return sample_lines(pull, text, Newline::cr).is_whole();
    return end.is_whole();
}

void pull_survey(CsvPull *pull, const core::csv::CsvOptions &options,
                 const std::vector<std::string> &names, std::string *room,
                 core::csv::FileSurvey *survey, std::string *notes) {
    find_late_encoding(pull);
    const bool is_whole = pull_sample(pull, room);
    call_core([&] {
        core::csv::CsvOptions known = options;
        if (!is_whole)
            known.dialect =
                core::csv::with_late_marks(*room, pull->scan->read_spread(), known.dialect);
        *survey = core::csv::survey_file(*room, is_whole, known, names);
        std::string().swap(*room);
        check_header(options, *survey, pull->scan->stream().path());
    });
    compose_header(survey, notes);
}

} // namespace migrate::pg

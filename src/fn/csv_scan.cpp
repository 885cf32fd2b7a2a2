// Pulling the records of a CSV file: core cuts lines and records, the server's own conversions make
// UTF-8 of encodings that core does not know.
#include "fn/csv_call.hpp"

#include "core/error.hpp"
#include "pg/error_bridge.hpp"
#include "pg/permissions.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using core::csv::Charset;
using core::csv::Newline;
using core::csv::Scan;
using core::csv::TextBlock;
using pg::call_core;

// Enough for every line of a sample; a file of one line must not fill the memory for it.
constexpr std::int64_t kSampleLine = static_cast<std::int64_t>(Scan::kSampleSize) * 4;

// A line at a time, where the block as a whole does not convert: bytes that are no text cost the
// line they are in, and no other.
void convert_lines(CsvCall *call) {
    Scan *scan = call->state->scan.get();
    const TextBlock &block = scan->block();
    const char *line = block.raw.data();
    for (std::size_t i = 0; i < block.marks.size(); i++) {
        pg::ConvertedBytes text = {};
        const auto size = static_cast<std::size_t>(block.marks[i].raw_size);
        const bool is_valid = pg::convert_to_utf8(call->conversion, line, size, &text);
        call_core([&] { scan->give_line({text.bytes, text.size}, is_valid); });
        line += size;
    }
}

void convert_block(CsvCall *call) {
    Scan *scan = call->state->scan.get();
    const std::string_view raw = scan->block().raw;
    pg::ConvertedBytes text = {};
    if (pg::convert_to_utf8(call->conversion, raw.data(), raw.size(), &text) && call_core([&] {
            return scan->give_text({text.bytes, text.size});
        }))
        return;
    convert_lines(call);
}

// The next block of lines, converted where it has to be; false after the last.
bool read_block(CsvCall *call) {
    Scan *scan = call->state->scan.get();
    CHECK_FOR_INTERRUPTS();
    if (!call_core([&] { return scan->read_block(); }))
        return false;
    if (scan->block().needs_conversion)
        convert_block(call);
    return true;
}

bool feed_block(CsvCall *call) {
    if (!read_block(call))
        return false;
    call_core([&] { call->state->scan->feed_block(); });
    return true;
}

void find_conversion(CsvCall *call) {
    const core::csv::Encoding &encoding = call->state->scan->encoding();
    call->conversion = nullptr;
    if (encoding.charset != Charset::other)
        return;
    if (encoding.name.starts_with("UTF-32"))
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("file \"%s\" has encoding \"%s\"",
                               pg::server_text(call->state->scan->stream().path().c_str()),
                               encoding.name.c_str()),
                        errhint("Convert it to UTF-8 or UTF-16 first.")));
    MemoryContext caller = MemoryContextSwitchTo(call->memory);
    call->conversion = pg::open_conversion(encoding.name.c_str());
    MemoryContextSwitchTo(caller);
}

// What the sample leaves out.
struct SampleEnd {
    bool is_last;         // nothing follows it
    bool is_line_dropped; // a line of it is too long
    bool is_whole() const { return is_last && !is_line_dropped; }
};

SampleEnd sample_lines(CsvCall *call, Newline newline) {
    CsvState *state = call->state;
    call_core([&] {
        core::csv::Dialect plain;
        plain.newline = newline;
        plain.max_line_size = kSampleLine;
        state->scan->start(plain, 0);
        state->text.clear();
    });
    SampleEnd end = {true, false};
    while (read_block(call)) {
        const TextBlock &block = state->scan->block();
        end.is_line_dropped = end.is_line_dropped || block.is_line_too_long;
        call_core([&] { state->text += block.text; });
        if (state->text.size() >= Scan::kSampleSize) {
            end.is_last = block.is_last;
            break;
        }
    }
    return end;
}

} // namespace

void open_scan(CsvCall *call, const CsvFile &file) {
    CsvState *state = call->state;
    if (state->mended != nullptr)
        return;
    const char *os_user = pg::os_user_name();
    call_core([&] {
        core::csv::ScanOptions options;
        options.stream.compression = state->options.compression;
        options.stream.os_user = os_user;
        options.encoding = state->options.encoding;
        options.found = file.guess;
        state->scan = std::make_unique<Scan>(file.path, options);
    });
    find_conversion(call);
}

void find_late_encoding(CsvCall *call) {
    CsvState *state = call->state;
    while (call_core([&] { return state->scan->look_further(); }))
        CHECK_FOR_INTERRUPTS();
    find_conversion(call);
}

void start_scan(CsvCall *call, const CsvFile &file) {
    if (call->state->mended != nullptr)
        return call->state->mended->rewind();
    call_core([&] {
        Scan &scan = *call->state->scan;
        if (scan.stream().stamp() != file.stamp)
            throw core::Error(core::sqlstate::kObjectInUse,
                              "file \"" + file.path + "\" was changed while it was read")
                .with_hint("Import it when nobody writes to it.");
        scan.start(file.survey.found.dialect, file.survey.found.skip_lines);
    });
    for (std::int64_t i = 0; i < file.survey.header_records; i++)
        if (!read_record(call))
            break;
}

bool read_record(CsvCall *call) {
    CsvState *state = call->state;
    while (!call_core([&] { return state->scan->next(state->record); }))
        if (!feed_block(call))
            return false;
    return true;
}

namespace {

// Records that lie ready, until the batch is full (true) or there is none.
template <typename Records>
bool take_records(CsvState *state, Records &records) {
    return call_core([&] {
        while (records.next(state->record)) {
            state->converter->add(state->record, *state->batch);
            if (state->batch->is_full())
                return true;
        }
        return false;
    });
}

} // namespace

bool read_batch(CsvCall *call) {
    CsvState *state = call->state;
    if (state->mended != nullptr)
        return take_records(state, *state->mended);
    while (!take_records(state, *state->scan))
        if (!feed_block(call))
            return false;
    return true;
}

bool read_sample(CsvCall *call) {
    CsvState *state = call->state;
    const SampleEnd end = sample_lines(call, Newline::automatic);
    // Lines of old Macintosh files end with CR: by LF the whole file is one line.
    if (end.is_line_dropped && state->text.empty())
        return sample_lines(call, Newline::cr).is_whole();
    return end.is_whole();
}

void close_scan(CsvCall *call) {
    if (call->state->mended != nullptr)
        return;
    call_core([&] {
        call->state->scan->finish();
        call->state->scan.reset();
    });
}

} // namespace migrate::fn

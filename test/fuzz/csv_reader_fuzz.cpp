// Fuzzes the reader of CSV: dialect × data × the way the lines are cut into blocks.
//
// Whatever the blocks, the records are the same; every byte of the input is in exactly one record
// or was passed over; and where libcsv or a short cut has split a record, the splitter that follows
// COPY's rule gives the same fields. The first eight bytes of the input choose the dialect.
#include "core/csv/field_splitter.hpp"
#include "core/csv/line_end.hpp"
#include "core/csv/record_reader.hpp"
#include "core/csv/utf16.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace migrate::core::csv;

namespace {

// A record with its own copies of what it shows.
struct Kept {
    std::vector<std::string> texts;
    std::vector<bool> is_quoted;
    std::string raw;
    std::int64_t first_line = 0;
    std::int64_t last_line = 0;
    std::int64_t byte_offset = 0;
    Problem problem = Problem::none;
    bool is_joined = false;

    bool operator==(const Kept &) const = default;
};

struct Result {
    std::vector<Kept> records;
    std::int64_t skipped_bytes = 0;
    std::int64_t skipped_lines = 0;
    bool operator==(const Result &) const = default;
};

void require(bool is_true) {
    if (!is_true)
        std::abort();
}

Kept keep(const Record &record) {
    Kept kept;
    for (const Field &field : record.fields) {
        kept.texts.emplace_back(field.text);
        kept.is_quoted.push_back(field.is_quoted);
    }
    kept.raw = record.raw;
    kept.first_line = record.first_line;
    kept.last_line = record.last_line;
    kept.byte_offset = record.byte_offset;
    kept.problem = record.problem;
    kept.is_joined = record.is_joined_by_inner_quote;
    return kept;
}

// Chooses where blocks end: bytes of the input, used again and again.
class Cuts {
  public:
    explicit Cuts(std::string_view choices) noexcept : choices_(choices) {}
    // Lines of the next block; every second one may be empty.
    std::size_t next() noexcept {
        const auto choice = static_cast<unsigned char>(choices_[at_++ % choices_.size()]);
        return at_ % 2 == 0 ? choice % 3 : 1 + choice % 4;
    }

  private:
    std::string_view choices_;
    std::size_t at_ = 0;
};

// The next block of `text` from `at`: so many whole lines, 0 for an empty block.
TextBlock cut_block(std::string_view text, std::size_t at, std::size_t lines, LineEnd ends) {
    std::size_t end = at;
    for (; lines > 0 && end < text.size(); lines--)
        end = std::min(ends.after_next(text, end), text.size());
    TextBlock block;
    block.text = block.raw = text.substr(at, end - at);
    block.byte_offset = static_cast<std::int64_t>(at);
    block.first_line = ends.count(text.substr(0, at)) + 1;
    block.is_last = end == text.size();
    return block;
}

Result read_all(const Dialect &dialect, std::int64_t skip, std::string_view text, Cuts *cuts) {
    RecordReader reader(dialect);
    reader.skip_lines(skip);
    Record record;
    Result result;
    const LineEnd ends(dialect.newline);
    for (std::size_t at = 0; !reader.is_done();) {
        const std::size_t lines = cuts != nullptr ? cuts->next() : text.size() + 1;
        // A copy of its own size, so that reading behind a block or after its time is noticed.
        const std::string copy(cut_block(text, at, lines, ends).text);
        TextBlock block = cut_block(text, at, lines, ends);
        block.text = block.raw = copy;
        reader.feed(block);
        while (reader.next(record))
            result.records.push_back(keep(record));
        at += copy.size();
    }
    result.skipped_bytes = reader.skipped_bytes();
    result.skipped_lines = reader.skipped_lines();
    return result;
}

void check_accounts(const Result &result, std::string_view text) {
    std::int64_t bytes = result.skipped_bytes;
    std::int64_t line = 0;
    for (const Kept &record : result.records) {
        bytes += static_cast<std::int64_t>(record.raw.size());
        require(text.substr(static_cast<std::size_t>(record.byte_offset)).starts_with(record.raw));
        require(record.first_line > line && record.last_line >= record.first_line);
        require(!record.texts.empty() || record.problem == Problem::line_too_long ||
                record.problem == Problem::too_many_fields);
        line = record.last_line;
    }
    require(bytes == static_cast<std::int64_t>(text.size()));
}

// Our own splitters, which are for dialects with a quote, against whatever split_quoted chose.
void check_splitters(const Dialect &dialect, const Result &result) {
    if (dialect.quote == '\0')
        return;
    FieldSplitter splitter(dialect);
    std::vector<Field> fields;
    for (const Kept &record : result.records) {
        if (record.texts.empty() || record.problem == Problem::unterminated_quote)
            continue;
        const std::string_view text = LineEnd(dialect.newline).content(record.raw);
        if (dialect.inner_quote == InnerQuote::literal)
            splitter.split_literally(text, fields);
        else
            splitter.split_as_copy(text, fields);
        require(fields.size() == record.texts.size());
        for (std::size_t i = 0; i < fields.size(); i++)
            require(fields[i].text == record.texts[i] &&
                    fields[i].is_quoted == record.is_quoted[i]);
    }
}

Dialect choose_dialect(std::string_view choices) {
    constexpr std::array kDelimiters = {",", ";", "\t", "|", "||", "\xC2\xA7", ",\"", "a"};
    constexpr std::array kEscapes = {kDoubled, kDoubled, '\\', ']', 'a'};
    constexpr std::array kQuotes = {'"', '"', '"', '\'', '\0'};
    const auto choice = [&](std::size_t at, std::size_t count) {
        return static_cast<unsigned char>(choices[at]) % count;
    };
    Dialect dialect;
    dialect.delimiter = kDelimiters[choice(0, kDelimiters.size())];
    dialect.quote = kQuotes[choice(1, kQuotes.size())];
    dialect.escape = kEscapes[choice(2, kEscapes.size())];
    dialect.inner_quote = choice(3, 2) == 0 ? InnerQuote::copy : InnerQuote::literal;
    dialect.newline = static_cast<Newline>(choice(4, 4));
    dialect.comment = choice(5, 3) == 0 ? "#" : "";
    if (choice(6, 2) == 1)
        dialect.max_line_size = 1 + static_cast<std::int64_t>(choice(6, 64));
    return dialect;
}

// UTF-16 goes the same way with raw bytes of its own.
void check_utf16(std::string_view bytes) {
    std::string text;
    append_utf8(bytes, Charset::utf16_le, text);
    require(text.size() <= 2 * bytes.size() + 3);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    constexpr std::size_t kChoices = 8;
    if (size < kChoices)
        return 0;
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    const Dialect dialect = choose_dialect(input);
    const std::string_view text = input.substr(kChoices);
    const std::int64_t skip = input[7] % 4 == 3 ? 2 : 0;
    try {
        Cuts cuts(input);
        const Result whole = read_all(dialect, skip, text, nullptr);
        require(whole == read_all(dialect, skip, text, &cuts));
        check_accounts(whole, text);
        check_splitters(dialect, whole);
        check_utf16(text);
    } catch (const migrate::core::Error &error) {
        require(std::string_view(error.code()) == migrate::core::sqlstate::kInvalidParameterValue);
    }
    return 0;
}

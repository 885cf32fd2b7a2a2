#include "core/csv/strict_parser.hpp"

#include <algorithm>
#include <new>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// libcsv's buffer grows by this, and is given back when one long field made it larger than that.
constexpr std::size_t kBlockSize = std::size_t{64} << 10;
constexpr std::size_t kKeptRoom = std::size_t{4} << 20;
constexpr unsigned char kOptions = CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL;

// What the callbacks fill: the fields so far, and where in the source the next one begins.
struct Collector {
    std::string_view text;
    char quote;
    std::vector<Field> *fields;
    std::string *room;
    std::size_t at = 0;
    bool is_out_of_memory = false;

    void add(const char *value, std::size_t size);
    void add_quoted(const char *value, std::size_t size);
};

void Collector::add(const char *value, std::size_t size) {
    if (fields->size() > kMaxFields)
        return;
    if (at < text.size() && text[at] == quote) {
        add_quoted(value, size);
        return;
    }
    fields->push_back({text.substr(at, size), false});
    at += size + 1;
}

void Collector::add_quoted(const char *value, std::size_t size) {
    const auto quotes =
        size == 0 ? 0 : static_cast<std::size_t>(std::count(value, value + size, quote));
    std::string_view view = text.substr(at + 1, size);
    if (quotes != 0) {
        const std::size_t begin = room->size();
        room->append(value, size);
        view = std::string_view(*room).substr(begin);
    }
    fields->push_back({view, true});
    at += size + quotes + 3; // the quotes around it and the delimiter after
}

extern "C" {

void migrate_on_csv_field(void *value, std::size_t size, void *collector) noexcept {
    auto &to = *static_cast<Collector *>(collector);
    try {
        to.add(static_cast<const char *>(value), size);
    } catch (const std::bad_alloc &) { // must not pass through libcsv
        to.is_out_of_memory = true;
    }
}

void migrate_on_csv_record(int, void *) noexcept {}

// By default libcsv trims blanks around unquoted fields and after a closing quote; COPY keeps them.
int migrate_is_csv_space(unsigned char) noexcept {
    return 0;
}

// By default each CR and LF outside quotes ends a record; here the record is cut already.
int migrate_is_csv_end(unsigned char) noexcept {
    return 0;
}

} // extern "C"

// The only way back to the first state: csv_fini in strict mode leaves an open quote open.
void reset(csv_parser *parser) noexcept {
    csv_set_opts(parser, 0);
    csv_fini(parser, nullptr, nullptr, nullptr);
    csv_set_opts(parser, kOptions);
}

} // namespace

StrictParser::StrictParser(char delimiter, char quote) : parser_(new csv_parser()) {
    if (csv_init(parser_.get(), kOptions) != 0)
        throw std::bad_alloc();
    csv_set_delim(parser_.get(), static_cast<unsigned char>(delimiter));
    csv_set_quote(parser_.get(), static_cast<unsigned char>(quote));
    csv_set_space_func(parser_.get(), migrate_is_csv_space);
    csv_set_term_func(parser_.get(), migrate_is_csv_end);
    csv_set_blk_size(parser_.get(), kBlockSize);
}

bool StrictParser::parse(std::string_view text, std::vector<Field> &fields, std::string &room) {
    csv_parser *parser = parser_.get();
    Collector collector{text, static_cast<char>(csv_get_quote(parser)), &fields, &room};
    const std::size_t parsed = csv_parse(parser, text.data(), text.size(), migrate_on_csv_field,
                                         migrate_on_csv_record, &collector);
    bool is_good = parsed == text.size();
    if (is_good)
        is_good = csv_fini(parser, migrate_on_csv_field, migrate_on_csv_record, &collector) == 0;
    const bool is_out_of_memory = collector.is_out_of_memory || csv_error(parser) == CSV_ENOMEM;
    if (!is_good)
        reset(parser);
    if (is_out_of_memory)
        throw std::bad_alloc();
    if (csv_get_buffer_size(parser) > kKeptRoom)
        csv_free(parser); // keeps the settings, and libcsv takes new room when it needs it
    return is_good;
}

} // namespace migrate::core::csv

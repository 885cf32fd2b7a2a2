#include "core/csv/header_sniffer.hpp"

#include "core/csv/cell_cleanness.hpp"
#include "core/csv/misfit_reason.hpp"
#include "core/plan/naming.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// Longer cells are sentences, not names.
constexpr std::size_t kMaxNameSize = 128;
// Fewer records below prove little by their lengths.
constexpr std::int64_t kFewRecords = 3;

// Numbers that follow each other are names when they are years, or many.
constexpr std::int64_t kFirstYear = 1800;
constexpr std::int64_t kLastYear = 2200;
constexpr int kFewYears = 2;
constexpr int kFewNumbers = 8;

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Words that head columns, as the whole name or the last word of it.
constexpr std::string_view kColumnWords[] = {
    "address", "age",         "amount",   "author",   "brand",    "category", "city",
    "class",   "code",        "color",    "comment",  "comments", "company",  "count",
    "country", "created",     "currency", "customer", "date",     "day",      "department",
    "desc",    "description", "email",    "entity",   "file",     "gender",   "group",
    "id",      "image",       "key",      "label",    "language", "lat",      "level",
    "link",    "location",    "lon",      "message",  "model",    "month",    "name",
    "nb",      "notes",       "nr",       "number",   "order",    "owner",    "path",
    "phone",   "price",       "product",  "qty",      "quantity", "region",   "role",
    "score",   "sex",         "size",     "sku",      "source",   "start",    "state",
    "status",  "street",      "supplier", "surname",  "tag",      "tags",     "text",
    "time",    "timestamp",   "title",    "total",    "type",     "unit",     "updated",
    "url",     "user",        "username", "uuid",     "value",    "vendor",   "version",
    "year",    "zip",
};

static_assert(std::ranges::is_sorted(kColumnWords));

bool is_column_word(std::string_view name) {
    std::string folded = plan::fold_ascii(name);
    const std::size_t last = folded.find_last_of(" _-.");
    const std::string_view word =
        std::string_view(folded).substr(last == std::string::npos ? 0 : last + 1);
    return std::ranges::binary_search(kColumnWords, word);
}

// order_id, orderDate: names as programs write them.
bool is_program_name(std::string_view name) noexcept {
    const bool has_mark = name.find('_') != std::string_view::npos;
    bool has_hump = false;
    for (std::size_t i = 0; i < name.size(); i++) {
        const char c = name[i];
        const bool is_upper = c >= 'A' && c <= 'Z';
        const bool is_lower = c >= 'a' && c <= 'z';
        if (!is_upper && !is_lower && !(c >= '0' && c <= '9') && c != '_')
            return false;
        has_hump |= is_upper && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z';
    }
    return has_mark || has_hump;
}

// In any notation, also those that no type takes: 12%, £5.00, 09-Mar-11.
bool is_typed(std::string_view text) noexcept {
    const CellLook look = cell_look(text);
    return look == CellLook::typed || look == CellLook::typed_commas;
}

std::string in_quotes(std::string_view name) {
    return shown_value(name);
}

} // namespace

HeaderSniffer::HeaderSniffer(InferenceOptions options) : options_(std::move(options)) {}

void HeaderSniffer::add(std::span<const Field> fields) {
    if (records_++ == 0)
        add_first(fields);
    else
        add_body(fields);
}

void HeaderSniffer::add_first(std::span<const Field> fields) {
    columns_.reserve(fields.size());
    for (const Field &field : fields) {
        Column column{std::string(trimmed(field.text)), false, ColumnInference(options_),
                      ColumnInference(options_)};
        column.is_name_null = is_null_field(field.text, field.is_quoted, options_);
        // A value in quotes or blanks is a value still.
        column.head.add(1, column.name, false);
        columns_.push_back(std::move(column));
    }
}

void HeaderSniffer::add_body(std::span<const Field> fields) {
    const std::size_t width = std::min(fields.size(), columns_.size());
    for (std::size_t i = 0; i < width; i++) {
        Column &column = columns_[i];
        const std::string_view text = trimmed(fields[i].text);
        column.body.add(records_, text, false);
        if (text.empty())
            continue;
        column.cells++;
        column.bytes += static_cast<std::int64_t>(text.size());
        column.typed += is_typed(text) ? 1 : 0;
        column.shortest = std::min(column.shortest, text.size());
        column.longest = std::max(column.longest, text.size());
        column.has_name_again |= text == column.name;
    }
}

// 2019, 2021, 2023, or 0 to 48 without a gap: such numbers are names.
bool HeaderSniffer::is_sequence() const {
    std::int64_t previous = 0, step = 0;
    int count = 0;
    bool are_years = true, is_even = true;
    for (const Column &column : columns_) {
        std::int64_t number = 0;
        const char *end = column.name.data() + column.name.size();
        const auto [rest, error] = std::from_chars(column.name.data(), end, number);
        if (error != std::errc{} || rest != end || number < 0 || number > kLastYear)
            continue;
        are_years = are_years && number >= kFirstYear && (count == 0 || number > previous);
        is_even = is_even && (count < 2 || number - previous == step) &&
                  (count == 0 || number != previous);
        step = count == 0 ? 0 : number - previous;
        previous = number;
        count++;
    }
    return (are_years && count >= kFewYears) || (is_even && count >= kFewNumbers);
}

// a, b, c or col1, col2, col3: the first names that anybody takes.
bool HeaderSniffer::is_series() const {
    std::string first;
    for (std::size_t i = 0; i < columns_.size(); i++) {
        const std::string name = plan::fold_ascii(columns_[i].name);
        const bool is_letter = name.size() == 1 && name[0] == static_cast<char>('a' + i) && i < 26;
        const std::size_t stem = name.find_last_not_of("0123456789") + 1;
        if (i == 0)
            first = name.substr(0, stem);
        const bool is_numbered = stem != 0 && stem < name.size() && name.substr(0, stem) == first &&
                                 (name[stem] != '0' || name.size() == stem + 1);
        if (!is_letter && !is_numbered)
            return false;
    }
    return columns_.size() > 1;
}

bool HeaderSniffer::speaks_for_header(const Column &column, const InferredType &body) {
    if (column.is_name_null || is_typed(column.name))
        return false;
    // A few cells such as n/a do not make text of a column of numbers.
    return body.type.kind != TypeKind::text ||
           (column.cells >= kFewRecords && column.typed * 5 >= column.cells * 4);
}

HeaderSniffer::Votes HeaderSniffer::count_votes() const {
    Votes votes;
    const bool has_sequence = is_sequence();
    if (has_sequence) {
        votes.header++;
        votes.first_header = "the numbers in it are years or follow each other";
    }
    for (const Column &column : columns_) {
        const InferredType body = column.body.result();
        const InferredType head = column.head.result();
        if (body.values == 0 || column.name.empty())
            continue;
        const bool is_head_typed = head.type.kind != TypeKind::text;
        if (is_head_typed && has_sequence && head.type.kind == TypeKind::bigint)
            continue;
        if (!is_head_typed && speaks_for_header(column, body)) {
            if (votes.header++ == 0)
                votes.first_header = in_quotes(column.name) + " stands above values " +
                                     (body.type.kind != TypeKind::text
                                          ? "of type " + body.type.sql()
                                          : std::string("that are mostly numbers or dates"));
        } else if (is_head_typed) {
            if (votes.data++ == 0)
                votes.first_data =
                    in_quotes(column.name) + " is a value of type " + head.type.sql();
        }
    }
    return votes;
}

// What no header may be, when all columns are text.
bool HeaderSniffer::are_names_plain(std::string &problem) const {
    std::set<std::string_view> seen;
    for (const Column &column : columns_) {
        const std::string_view name = column.name;
        if (name.empty() && column.cells == 0) // a spreadsheet's padding
            continue;
        if (name.empty())
            problem = "a cell of it is empty";
        else if (name.size() > kMaxNameSize)
            problem = "it has a cell of " + std::to_string(name.size()) + " bytes";
        else if (name.find_first_not_of("0123456789") == std::string_view::npos)
            problem = in_quotes(name) + " has digits alone";
        else if (!seen.insert(name).second)
            problem = in_quotes(name) + " is there twice";
        else if (column.has_name_again)
            problem = in_quotes(name) + " comes again in its column";
        else
            continue;
        return false;
    }
    return true;
}

bool HeaderSniffer::is_text_header(std::string &reason) const {
    int words = 0;
    int other_length = 0;
    int same_length = 0;
    std::int64_t name_bytes = 0;
    double cell_bytes = 0;
    for (const Column &column : columns_) {
        words += is_column_word(column.name) || is_program_name(column.name) ? 1 : 0;
        name_bytes += static_cast<std::int64_t>(column.name.size());
        cell_bytes += column.cells != 0
                          ? static_cast<double>(column.bytes) / static_cast<double>(column.cells)
                          : 0;
        if (column.cells < kFewRecords || column.shortest != column.longest)
            continue;
        (column.name.size() != column.longest ? other_length : same_length)++;
    }
    const bool has_words = words * 2 >= static_cast<int>(columns_.size());
    if (is_series()) {
        reason = "its cells are letters or numbered names in a row";
    } else if (has_words) {
        reason = "its cells are words that name columns";
    } else if (other_length > same_length) {
        reason = "its cells have other lengths than the codes below";
    } else if (records_ > 1 && static_cast<double>(name_bytes) < cell_bytes) {
        reason = "its cells are shorter than those below and come only once";
    } else {
        reason = "its cells look like those below";
        return false;
    }
    return true;
}

HeaderGuess HeaderSniffer::guess() const {
    if (records_ == 0)
        return {false, 0, "The file has no records."};
    const Votes votes = count_votes();
    const int total = votes.header + votes.data;
    if (total != 0) {
        const bool has_header = votes.header > votes.data;
        const double confidence =
            static_cast<double>(std::max(votes.header, votes.data)) / static_cast<double>(total);
        return {has_header, confidence,
                has_header
                    ? "The first record is a header: " + votes.first_header + "."
                    : "There is no header: " + (votes.data != 0 ? votes.first_data : "") + "."};
    }
    std::string reason;
    if (!are_names_plain(reason))
        return {false, 0.5, "There is no header: in the first record " + reason + "."};
    const bool has_header = is_text_header(reason);
    return {has_header, 0.6,
            has_header ? "The first record is a header: all columns are text, and " + reason + "."
                       : "There is no header: all columns are text, and of the first record " +
                             reason + "."};
}

std::vector<ColumnName> name_columns(std::span<const std::string> header, std::size_t width,
                                     Identifiers identifiers) {
    plan::Namer namer(identifiers, plan::NameSpace::column);
    std::vector<ColumnName> names;
    names.reserve(width);
    for (std::size_t i = 0; i < width; i++) {
        ColumnName column;
        if (i < header.size())
            column.original = header[i];
        const std::string_view name = trimmed(column.original);
        plan::Named named =
            namer.take(name.empty() ? "column_" + std::to_string(i + 1) : std::string(name));
        column.name = std::move(named.name);
        column.note = name.empty() && i < header.size() ? "the name is empty" : named.note;
        names.push_back(std::move(column));
    }
    return names;
}

} // namespace migrate::core::csv

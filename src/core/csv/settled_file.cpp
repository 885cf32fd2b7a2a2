#include "core/csv/settled_file.hpp"

#include "core/csv/effective_options.hpp"
#include "core/error.hpp"

#include <cstring>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// Fields one after the other, the same function for both ways, so that the two cannot differ.
class Packer {
  public:
    explicit Packer(std::string &bytes) : bytes_(bytes) {}

    template <typename T>
    void operator()(const T &number) {
        static_assert(std::is_trivially_copyable_v<T>);
        bytes_.append(reinterpret_cast<const char *>(&number), sizeof(T));
    }
    void operator()(const std::string &text) {
        (*this)(static_cast<std::uint64_t>(text.size()));
        bytes_ += text;
    }
    template <typename T, typename Each>
    void list(const std::vector<T> &items, Each each) {
        (*this)(static_cast<std::uint64_t>(items.size()));
        for (const T &item : items)
            each(*this, item);
    }

  private:
    std::string &bytes_;
};

class Unpacker {
  public:
    explicit Unpacker(std::string_view &bytes) : bytes_(bytes) {}

    template <typename T>
    void operator()(T &number) {
        static_assert(std::is_trivially_copyable_v<T>);
        std::memcpy(&number, take(sizeof(T)).data(), sizeof(T));
    }
    void operator()(std::string &text) {
        std::uint64_t size = 0;
        (*this)(size);
        text = take(size);
    }
    template <typename T, typename Each>
    void list(std::vector<T> &items, Each each) {
        std::uint64_t size = 0;
        (*this)(size);
        items.clear();
        for (std::uint64_t i = 0; i < size; i++)
            each(*this, items.emplace_back());
    }

  private:
    std::string_view take(std::size_t size) {
        if (size > bytes_.size())
            throw Error(sqlstate::kInternalError, "what is known of a CSV file is incomplete");
        const std::string_view taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }

    std::string_view &bytes_;
};

constexpr auto kEachText = [](auto &pass, auto &text) { pass(text); };

template <typename Pass, typename Format>
void pass_format(Pass &pass, Format &format) {
    pass(format.date_order);
    pass(format.decimal);
    pass(format.thousands);
    pass.list(format.true_texts, kEachText);
    pass.list(format.false_texts, kEachText);
}

template <typename Pass, typename Format>
void pass_optional(Pass &pass, Format &format) {
    bool is_there = format.has_value();
    pass(is_there);
    if (!is_there)
        return;
    if constexpr (!std::is_const_v<Format>)
        format.emplace();
    pass_format(pass, *format);
}

template <typename Pass, typename File>
void pass_file(Pass &pass, File &file) {
    pass(file.path);
    pass(file.stamp);
    pass(file.guess.encoding.charset);
    pass(file.guess.encoding.name);
    pass(file.guess.encoding.bom_size);
    pass(file.guess.is_certain);
    pass(file.guess.is_guess);
    pass(file.guess.evidence);
    pass(file.is_compressed);
    pass(file.dialect.delimiter);
    pass(file.dialect.quote);
    pass(file.dialect.escape);
    pass(file.dialect.inner_quote);
    pass(file.dialect.newline);
    pass(file.dialect.comment);
    pass(file.dialect.max_line_size);
    pass(file.skip_lines);
    pass(file.header_records);
    pass(file.width);
    pass.list(file.fields, kEachText);
    pass.list(file.formats, [](auto &each, auto &format) { pass_optional(each, format); });
}

} // namespace

SettledFile settle(const Scan &scan, const FileSurvey &survey, const FileMatch &match) {
    SettledFile file;
    file.path = scan.stream().path();
    file.stamp = scan.stream().stamp();
    file.guess = scan.guess();
    file.is_compressed = scan.stream().is_compressed();
    file.dialect = survey.found.dialect;
    file.skip_lines = survey.found.skip_lines;
    file.header_records = survey.header_records;
    file.width = static_cast<std::int64_t>(survey.width);
    file.fields = match.fields;
    file.formats.resize(file.fields.size());
    return file;
}

void pack(const SettledFile &file, std::string &bytes) {
    Packer packer(bytes);
    pass_file(packer, file);
}

SettledFile unpack(std::string_view &bytes) {
    SettledFile file;
    Unpacker unpacker(bytes);
    pass_file(unpacker, file);
    return file;
}

std::string describe_file(const SettledFile &file) {
    const Dialect &dialect = file.dialect;
    std::string words = shown_path(file.path) + ": " + file.guess.encoding.name;
    if (file.is_compressed)
        words += ", gzip";
    words += ", delimiter " + shown_mark(dialect.delimiter);
    words += ", quote " + shown_mark({&dialect.quote, 1});
    if (dialect.quote != '\0' && dialect.escape != kDoubled)
        words += ", escape " + shown_mark(escape_word(dialect));
    if (dialect.newline != Newline::automatic)
        words += ", newline " + newline_word(dialect);
    if (!dialect.comment.empty())
        words += ", comment " + shown_mark(dialect.comment);
    if (file.skip_lines > 0)
        words += ", skip " + std::to_string(file.skip_lines);
    return words + (file.header_records > 0 ? ", header" : ", no header");
}

} // namespace migrate::core::csv

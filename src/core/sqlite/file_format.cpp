// check_header: what a file is when it does not begin as a SQLite 3 database.
#include "core/error.hpp"
#include "core/sqlite/file_probe.hpp"

#include <algorithm>
#include <array>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "SQLite format 3\0"sv;
constexpr char kDecompress[] = "Decompress it first.";
constexpr char kSideFile[] = "Give the path of the database file beside it.";

struct Format {
    std::string_view magic;
    std::size_t offset;
    const char *is;
    const char *hint;
};

constexpr std::array kFormats = {
    Format{"** This file contains an SQLite 2"sv, 0, "a SQLite 2 database",
           "Convert it first: sqlite OLD .dump | sqlite3 NEW."},
    Format{"\x1f\x8b"sv, 0, "compressed by gzip", kDecompress},
    Format{"PK\x03\x04"sv, 0, "a zip archive", "Unpack it first."},
    Format{"\xfd"
           "7zXZ"sv,
           0, "compressed by xz", kDecompress},
    Format{"BZh"sv, 0, "compressed by bzip2", kDecompress},
    Format{"\x28\xb5\x2f\xfd"sv, 0, "compressed by zstd", kDecompress},
    Format{"7z\xbc\xaf\x27\x1c"sv, 0, "a 7-Zip archive", "Unpack it first."},
    Format{"ustar"sv, 257, "a tar archive", "Unpack it first."},
    Format{"version https://git-lfs.github.com/spec/"sv, 0, "a Git LFS pointer",
           "Fetch the file itself first: git lfs pull."},
    Format{"\x37\x7f\x06\x82"sv, 0, "the write-ahead log of a SQLite database", kSideFile},
    Format{"\x37\x7f\x06\x83"sv, 0, "the write-ahead log of a SQLite database", kSideFile},
    Format{"\x18\xe2\x2d\x00"sv, 0, "the WAL index of a SQLite database", kSideFile},
    Format{"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"sv, 0, "the rollback journal of a SQLite database",
           kSideFile},
    Format{"DUCK"sv, 8, "a DuckDB database", "Export it first: EXPORT DATABASE in DuckDB."},
    Format{"PGDMP"sv, 0, "a PostgreSQL archive", "Load it with pg_restore."},
    Format{"Standard Jet DB"sv, 4, "a Microsoft Access database", ""},
    Format{"Standard ACE DB"sv, 4, "a Microsoft Access database", ""},
    Format{"%PDF-"sv, 0, "a PDF document", ""},
};

// First words of the texts that sqlite3's .dump and other tools write.
constexpr std::array kDumpWords = {
    "pragma foreign_keys"sv, "begin"sv, "create table"sv, "create "sv,
    "insert into"sv,         "--"sv,    "/*"sv,           "drop table"sv};
constexpr std::array kHtmlWords = {"<!doctype html"sv, "<html"sv, "<head"sv};

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// The beginning in lower case, without a byte order mark and white space before it.
std::string text_start(std::string_view bytes) {
    if (bytes.starts_with("\xef\xbb\xbf"))
        bytes.remove_prefix(3);
    while (!bytes.empty() && is_space(bytes.front()))
        bytes.remove_prefix(1);
    std::string start(bytes.substr(0, 64));
    for (char &c : start)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return start;
}

bool is_text(std::string_view bytes) {
    return std::ranges::none_of(bytes, [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && !is_space(c)) || c == 0x7f;
    });
}

// Random bytes soon hold a stray continuation or an illegal lead; a text has none. Its last
// character may be cut.
bool has_utf8_form(std::string_view bytes) {
    std::size_t expected = 0;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_continuation = (byte & 0xc0) == 0x80;
        if (is_continuation != (expected > 0) || byte > 0xf4)
            return false;
        if (is_continuation)
            --expected;
        else
            expected = byte < 0x80 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    }
    return true;
}

template <typename Words>
bool begins_with_one_of(const std::string &start, const Words &words) {
    return std::ranges::any_of(words, [&](auto word) { return start.starts_with(word); });
}

Error is_not_sqlite(const std::string &path, std::string_view is, std::string hint) {
    Error error(sqlstate::kDataCorrupted, "file \"" + shown(path) + "\" is not a SQLite database");
    return std::move(error)
        .with_detail("The file is " + std::string(is) + ".")
        .with_hint(std::move(hint));
}

[[noreturn]] void fail_text(const std::string &path, std::string_view bytes) {
    const std::string start = text_start(bytes);
    if (begins_with_one_of(start, kHtmlWords))
        throw is_not_sqlite(path, "an HTML page",
                            "A download that failed leaves such a file: fetch it again.");
    if (begins_with_one_of(start, kDumpWords))
        throw is_not_sqlite(path, "a dump in SQL text",
                            "Load it into a database first: sqlite3 NEW.db < DUMP.sql.");
    throw is_not_sqlite(path, "plain text", "");
}

[[noreturn]] void fail_foreign(const std::string &path, const FileHeader &header) {
    const std::string_view bytes = header.bytes;
    for (const Format &format : kFormats)
        if (bytes.size() >= format.offset && bytes.substr(format.offset).starts_with(format.magic))
            throw is_not_sqlite(path, format.is, format.hint);
    if (is_text(bytes) && has_utf8_form(bytes))
        fail_text(path, bytes);
    if (std::ranges::all_of(bytes, [](char c) { return c == 0; }))
        throw is_not_sqlite(path, "filled with zero bytes at its beginning",
                            "A copy that failed leaves such a file: copy it again.");
    throw Error(sqlstate::kDataCorrupted,
                "file \"" + shown(path) + "\" is encrypted or not a SQLite database")
        .with_detail("It does not begin with the header of a SQLite 3 database.")
        .with_hint("Decrypt an encrypted database first with the program that made it (in "
                   "SQLCipher: sqlcipher_export).");
}

Error damaged_header(const std::string &path, std::string detail) {
    return Error(sqlstate::kDataCorrupted,
                 "SQLite database \"" + shown(path) + "\" has a damaged header")
        .with_detail(std::move(detail))
        .with_hint("The file is damaged, or encrypted with a plain header.");
}

} // namespace

void check_header(const std::string &path, const FileHeader &header) {
    const std::string_view bytes = header.bytes;
    if (!bytes.starts_with(kMagic)) {
        if (!bytes.empty() && kMagic.starts_with(bytes))
            throw Error(sqlstate::kDataCorrupted,
                        "SQLite database \"" + shown(path) + "\" is truncated")
                .with_detail("The file has " + std::to_string(header.size) + " bytes.");
        fail_foreign(path, header);
    }
    // fileformat2, 1.3: page size, versions, payload fractions.
    if (header.size < 100 || (header.page_size() != 0 && header.size < header.page_size()))
        throw Error(sqlstate::kDataCorrupted,
                    "SQLite database \"" + shown(path) + "\" is truncated")
            .with_detail("The file has " + std::to_string(header.size) +
                         " bytes, less than one page.")
            .with_hint("Copy the file again.");
    if (header.page_size() == 0)
        throw damaged_header(path, "The page size is none that SQLite knows.");
    if (static_cast<unsigned char>(bytes[19]) > 2)
        throw Error(sqlstate::kFeatureNotSupported,
                    "SQLite database \"" + shown(path) + "\" has an unsupported version")
            .with_detail("Its read version is " +
                         std::to_string(static_cast<unsigned char>(bytes[19])) +
                         ", the versions known are 1 and 2.");
    if (bytes[21] != 64 || bytes[22] != 32 || bytes[23] != 32)
        throw damaged_header(path, "The payload fractions are not 64, 32 and 32.");
}

} // namespace migrate::core::sqlite

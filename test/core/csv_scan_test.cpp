#include "catch.hpp"
#include "csv_reader_fixture.hpp"

#include "core/csv/scan.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <unistd.h>

using namespace migrate::core::csv;
using migrate::test::shown_record;
using std::string_literals::operator""s;

namespace {

class GivenFile {
  public:
    explicit GivenFile(const std::string &bytes) {
        close(mkstemp(path_.data()));
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~GivenFile() { std::remove(path_.c_str()); }
    GivenFile(const GivenFile &) = delete;
    GivenFile &operator=(const GivenFile &) = delete;
    const std::string &path() const noexcept { return path_; }

  private:
    std::string path_ = "/tmp/migrate_scan_XXXXXX";
};

// As a server's conversion does it: text up to the first byte that it does not take, which a zero
// byte and 0xFF are not.
bool convert(std::string_view raw, std::string &text) {
    text.clear();
    for (const char c : raw) {
        if (c == '\0' || c == '\xFF')
            return false;
        if (static_cast<unsigned char>(c) < 0x80)
            text += c;
        else
            text += {'\xC3', static_cast<char>(c & 0xBF)};
    }
    return true;
}

// The records with the numbers of their lines, converted line by line.
std::string read_latin1(const std::string &bytes) {
    const GivenFile file(bytes);
    ScanOptions options;
    options.encoding = "LATIN1";
    Scan scan(file.path(), options);
    scan.start(Dialect(), 0);
    Record record;
    std::string shown;
    while (scan.read_block()) {
        std::size_t at = 0;
        if (scan.block().needs_conversion) {
            const std::vector<LineMark> marks = scan.block().marks;
            for (const LineMark &mark : marks) {
                std::string text;
                const std::string_view raw = scan.block().raw;
                const bool is_valid = convert(raw.substr(at, mark.raw_size), text);
                scan.give_line(text, is_valid);
                at += static_cast<std::size_t>(mark.raw_size);
            }
        }
        scan.feed_block();
        while (scan.next(record))
            shown += std::to_string(record.first_line) + " " + shown_record(record);
    }
    scan.finish();
    return shown;
}

} // namespace

TEST_CASE("a line that does not convert costs no other line", "[csv][scan]") {
    CHECK(read_latin1("a,\xE9\nb,\xFF\nc,d\n") ==
          "1 a|\xC3\xA9\n2 b|? <invalid encoding>\n3 c|d\n");
    CHECK(read_latin1("a,\xE9\nb,x\0y,z\nc,d"s) ==
          "1 a|\xC3\xA9\n2 b|x\0y|z <zero byte>\n3 c|d\n"s);
    // A quote behind the bad byte still closes its field.
    CHECK(read_latin1("a,\"\xFF\nb\"\n\xE9,d\n") == "1 a|'?~b' <invalid encoding>\n3 \xC3\xA9|d\n");
}

TEST_CASE("a CSV file that begins with a megabyte of ASCII tells its encoding later",
          "[csv][scan]") {
    const std::string ascii = "id\n" + std::string(Scan::kSampleSize * 2, 'x') + "\n";
    const auto found = [](const std::string &bytes) {
        const GivenFile file(bytes);
        Scan scan(file.path(), {});
        while (scan.look_further()) {
        }
        return scan.guess();
    };
    SECTION("bytes that are no UTF-8") {
        const EncodingGuess guess = found(ascii + "caf\xE9\n");
        CHECK(guess.encoding.name == "WIN1252");
        CHECK(guess.is_guess);
        CHECK(guess.evidence == "The byte 0xE9 at offset " + std::to_string(ascii.size() + 3) +
                                    " is not UTF-8; WIN1252 is a guess.");
    }
    SECTION("UTF-8") {
        CHECK(found(ascii + "caf\xC3\xA9\n").encoding.name == "UTF8");
        CHECK(found(ascii + "caf\xC3\xA9\n" + ascii + "\xE9\n").encoding.name == "UTF8");
    }
    SECTION("nothing but ASCII") {
        CHECK(found(ascii).encoding.name == "UTF8");
    }
    SECTION("UTF-8 in the sample: a byte that is none is an error of its record") {
        CHECK(found("\xC3\xA9\n" + ascii + "\xE9\n").encoding.name == "UTF8");
    }
    SECTION("a scan that is told does not look") {
        const GivenFile file(ascii + "\xE9\n");
        ScanOptions options;
        options.found = EncodingGuess();
        options.found->encoding = {Charset::other, "LATIN1", 0};
        Scan scan(file.path(), options);
        CHECK_FALSE(scan.look_further());
        CHECK(scan.encoding().name == "LATIN1");
    }
}

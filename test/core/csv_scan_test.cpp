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

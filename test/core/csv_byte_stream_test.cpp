#include "catch.hpp"

#include "core/csv/byte_stream.hpp"
#include "core/error.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

using namespace migrate::core::csv;
using migrate::core::Error;
using std::string_literals::operator""s;

namespace {

// A directory that goes with the test and all that is in it by these names.
class GivenFolder {
  public:
    GivenFolder() { REQUIRE(mkdtemp(folder_.data()) != nullptr); }
    ~GivenFolder() {
        for (const char *name : {"a", "b", "fifo", "closed"})
            std::remove((folder_ + "/" + name).c_str());
        rmdir(folder_.c_str());
    }
    GivenFolder(const GivenFolder &) = delete;
    GivenFolder &operator=(const GivenFolder &) = delete;

    std::string path(const std::string &name) const { return folder_ + "/" + name; }
    std::string write(const std::string &name, const std::string &bytes) const {
        std::ofstream(path(name), std::ios::binary) << bytes;
        return path(name);
    }

  private:
    std::string folder_ = "/tmp/migrate_bytes_XXXXXX";
};

std::string gzipped(const std::string &bytes) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(deflateBound(&stream, bytes.size()) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string read_all(ByteStream &stream, std::size_t step) {
    std::string bytes;
    std::string part(step, '\0');
    while (const std::size_t size = stream.read(part.data(), part.size()))
        bytes.append(part, 0, size);
    return bytes;
}

std::string read_file(const std::string &path, std::size_t step = 4096) {
    ByteStream stream(path, {});
    return read_all(stream, step);
}

std::string error_code(const std::string &path, const StreamOptions &options = {}) {
    try {
        ByteStream stream(path, options);
        read_all(stream, 1000);
    } catch (const Error &error) {
        return error.code();
    }
    return "";
}

} // namespace

TEST_CASE("the bytes of a csv file", "[csv][bytes]") {
    const GivenFolder folder;
    const std::string path = folder.write("a", "id,name\n1,x\n");
    ByteStream stream(path, {});
    CHECK(stream.size() == 12);
    CHECK_FALSE(stream.is_compressed());
    CHECK(read_all(stream, 5) == "id,name\n1,x\n");
    CHECK(stream.bytes_read() == 12);
    stream.rewind();
    CHECK(stream.bytes_read() == 0);
    CHECK(read_all(stream, 100) == "id,name\n1,x\n");
    stream.check_unchanged();
    CHECK(read_file(folder.write("b", "")).empty());
}

TEST_CASE("csv files packed with gzip", "[csv][bytes]") {
    const GivenFolder folder;
    std::string text;
    for (int i = 0; i < 50'000; i++)
        text += std::to_string(i * 7) + ",abc\n";
    const std::size_t step = GENERATE(7, 4096, 1'000'000);

    CHECK(read_file(folder.write("a", gzipped(text)), step) == text);
    CHECK(read_file(folder.write("a", gzipped(text) + gzipped("") + gzipped("more")), step) ==
          text + "more");
    CHECK(read_file(folder.write("a", gzipped(text) + std::string(1000, '\0')), step) == text);
    CHECK(read_file(folder.write("a", gzipped("")), step).empty());

    ByteStream stream(folder.write("b", gzipped(text)), {});
    CHECK(stream.is_compressed());
    CHECK(read_all(stream, step) == text);
    CHECK(stream.bytes_read() == stream.size());
    stream.rewind();
    CHECK(read_all(stream, step) == text);
}

TEST_CASE("gzip data that are damaged", "[csv][bytes]") {
    const GivenFolder folder;
    std::string text;
    for (int i = 0; i < 20'000; i++)
        text += std::to_string(i * 7) + ",abc\n";
    const std::string packed = gzipped(text);
    CHECK(error_code(folder.write("a", packed.substr(0, packed.size() / 2))) == "XX001");
    CHECK(error_code(folder.write("a", packed.substr(0, packed.size() - 1))) == "XX001");
    CHECK(error_code(folder.write("a", packed + "garbage")) == "XX001");
    CHECK(error_code(folder.write("a", packed + "\0\0x"s)) == "XX001");
    CHECK(error_code(folder.write("a", packed + packed.substr(0, 5))) == "XX001");
    std::string changed = packed;
    changed[packed.size() / 2] = static_cast<char>(~changed[packed.size() / 2]);
    CHECK(error_code(folder.write("a", changed)) == "XX001");
    changed = packed;
    changed[packed.size() - 6] = static_cast<char>(~changed[packed.size() - 6]); // the checksum
    CHECK(error_code(folder.write("a", changed)) == "XX001");

    StreamOptions options;
    options.compression = Compression::gzip;
    CHECK(error_code(folder.write("a", "plain"), options) == "XX001");
    options.compression = Compression::none;
    ByteStream stream(folder.write("a", packed), options);
    CHECK(read_all(stream, 1000) == packed);
}

TEST_CASE("files of other formats are named", "[csv][bytes]") {
    const GivenFolder folder;
    for (const std::string &bytes : {"\x28\xB5\x2F\xFD\x04"s, "\xFD\x37zXZ\0\0"s, "PK\x03\x04\x14"s,
                                     "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s, "SQLite format 3\0x"s,
                                     "BZh9\x31\x41\x59\x26\x53\x59"s}) {
        CAPTURE(bytes);
        CHECK(error_code(folder.write("a", bytes)) == "0A000");
        CHECK(error_code(folder.write("a", gzipped(bytes))).empty());
        StreamOptions options;
        options.compression = Compression::none;
        CHECK(error_code(folder.write("a", bytes), options).empty());
    }
    for (const std::string &bytes : {"BZh9,name\n"s, "PK,name\n"s, "SQLite format 3,x\n"s, "BZ"s})
        CHECK(error_code(folder.write("a", bytes)).empty());
}

TEST_CASE("csv files that cannot be opened", "[csv][bytes]") {
    const GivenFolder folder;
    CHECK(error_code("") == "22023");
    CHECK(error_code("a.csv") == "22023");
    CHECK(error_code("/tmp/a\0b"s) == "22023");
    CHECK(error_code("/" + std::string(5000, 'x')) == "22023");
    CHECK(error_code(folder.path("a")) == "58P01");
    CHECK(error_code(folder.write("a", "x") + "/b") == "58P01");
    CHECK(error_code(folder.path("")) == "42809");
    CHECK(error_code("/dev/null") == "42809");
    REQUIRE(mkfifo(folder.path("fifo").c_str(), 0600) == 0);
    CHECK(error_code(folder.path("fifo")) == "42809");
    if (geteuid() != 0) {
        REQUIRE(chmod(folder.write("closed", "x").c_str(), 0) == 0);
        CHECK(error_code(folder.path("closed")) == "42501");
    }
}

TEST_CASE("a csv file that changes while it is read", "[csv][bytes]") {
    const GivenFolder folder;
    const std::string path = folder.write("a", "one\n");
    ByteStream stream(path, {});
    SECTION("appended to") {
        std::ofstream(path, std::ios::app) << "two\n";
    }
    SECTION("replaced") {
        REQUIRE(std::rename(folder.write("b", "one\n").c_str(), path.c_str()) == 0);
    }
    SECTION("gone") {
        REQUIRE(std::remove(path.c_str()) == 0);
    }
    try {
        stream.check_unchanged();
        FAIL("no error");
    } catch (const Error &error) {
        CHECK(error.code() == "55006"s);
        CHECK(error.message() == "file \"" + path + "\" was changed while it was read");
    }
}

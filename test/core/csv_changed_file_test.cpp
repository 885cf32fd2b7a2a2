// A file that another program writes to while it is read: an error, before a record that was cut
// short can be taken for the file's own.
#include "core/csv/byte_stream.hpp"
#include "core/error.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace migrate::core;
using migrate::core::csv::ByteStream;

namespace {

// Reads in small portions; after the first, `change` is made. The SQLSTATE of what was thrown.
template <typename Change>
std::string code_after(const std::string &path, Change change) {
    ByteStream stream(path, {});
    std::vector<char> bytes(1000);
    stream.read(bytes.data(), bytes.size());
    change();
    try {
        while (stream.read(bytes.data(), bytes.size()) != 0)
            continue;
    } catch (const Error &error) {
        return error.code();
    }
    return "no error";
}

} // namespace

TEST_CASE("a file that changes its size while it is read is an error", "[csv][stream]") {
    const std::string path = std::filesystem::temp_directory_path() / "migrate_changed_file_test";
    std::ofstream(path) << std::string(10'000, 'x');
    SECTION("unchanged") {
        CHECK(code_after(path, [] {}) == "no error");
    }
    SECTION("cut off") {
        CHECK(code_after(path, [&] { std::filesystem::resize_file(path, 5'500); }) == "55006");
    }
    SECTION("emptied") {
        CHECK(code_after(path, [&] { std::filesystem::resize_file(path, 0); }) == "55006");
    }
    SECTION("grown") {
        CHECK(code_after(path, [&] { std::filesystem::resize_file(path, 10'001); }) == "55006");
    }
    std::filesystem::remove(path);
}

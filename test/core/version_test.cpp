// Versions: what is one, which are equal, which comes first.
#include "core/versioned/version.hpp"

#include "catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace migrate::core::versioned;

namespace {

int order(std::string_view left, std::string_view right) {
    const auto result = compare_versions(left, right);
    const auto reverse = compare_versions(right, left);
    CHECK((result < 0) == (reverse > 0));
    CHECK((result == 0) == (version_key(left) == version_key(right)));
    return result < 0 ? -1 : result > 0 ? 1 : 0;
}

} // namespace

TEST_CASE("versions are digits with single dots between them", "[versioned][version]") {
    for (const char *text : {"0", "1", "001", "1.2", "1.0.0", "20210101000000", "10.1",
                             "99999999999999999999999999999999999999.1"})
        CHECK(is_version(text));
    for (const char *text : {"", ".", "1.", ".1", "1..2", "1a", "v1", "1_2", "-1", "+1", " 1", "1 ",
                             "1,2", "R__x", "\xD9\xA1"})
        CHECK_FALSE(is_version(text));
    CHECK_FALSE(is_version(std::string_view("1\0", 2)));
}

TEST_CASE("versions compare part by part as numbers", "[versioned][version]") {
    SECTION("not as text") {
        CHECK(order("9", "10") == -1);
        CHECK(order("10", "10.1") == -1);
        CHECK(order("10.1", "11") == -1);
        CHECK(order("10.2", "10.10") == -1);
        CHECK(order("1.2.3", "1.2") == 1);
    }
    SECTION("leading zeros and trailing parts of zero do not count") {
        CHECK(order("001", "1") == 0);
        CHECK(order("1.0", "1") == 0);
        CHECK(order("01.00.000", "1") == 0);
        CHECK(order("0", "000") == 0);
        CHECK(order("0.0", "0") == 0);
        CHECK(order("0.1", "0") == 1);
        CHECK(order("1.0.1", "1.1") == -1);
    }
    SECTION("of any length") {
        CHECK(order("18446744073709551616", "18446744073709551615") == 1);
        CHECK(order("100000000000000000000000000000000000000000", "99999999999999999999") == 1);
        CHECK(order(std::string(100000, '0') + "7", "7") == 0);
        CHECK(order(std::string(100000, '9'), std::string(99999, '9') + "8") == 1);
    }
}

TEST_CASE("texts that are no versions follow all versions", "[versioned][version]") {
    CHECK(order("99999999999999999999", "R__a") == -1);
    CHECK(order("R__a", "0") == 1);
    CHECK(order("R__a", "R__b") == -1);
    CHECK(order("R__B", "R__a") == -1);
    CHECK(order("R__a", "R__a") == 0);
    CHECK(order("R__z", "R__\xC3\xA4") == -1);
    CHECK(order("", "1") == 1);
    CHECK(order("1.", "1") == 1);

    std::vector<std::string> all{"R__b", "10", "2", "R__a", "1.10", "01.9", "3.0.1", "3"};
    std::sort(all.begin(), all.end(), [](const std::string &left, const std::string &right) {
        return compare_versions(left, right) < 0;
    });
    CHECK(all == std::vector<std::string>{"01.9", "1.10", "2", "3", "3.0.1", "10", "R__a", "R__b"});
}

TEST_CASE("a version's key is the same for all its spellings", "[versioned][version]") {
    CHECK(version_key("001.0") == "1");
    CHECK(version_key("1") == "1");
    CHECK(version_key("0") == "0");
    CHECK(version_key("00000000000000") == "0");
    CHECK(version_key("0.0.0") == "0");
    CHECK(version_key("0.10") == "0.10");
    CHECK(version_key("1.0.02.0") == "1.0.2");
    CHECK(version_key("R__x") == "R__x");
    CHECK(version_key("").empty());
}

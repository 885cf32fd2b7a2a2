#include "core/import_options.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

using namespace migrate::core;

namespace {

std::string nearest(std::string_view given, std::vector<std::string_view> valid) {
    return nearest_name(given, valid);
}

} // namespace

TEST_CASE("nearest_name takes what may be meant", "[options][nearest]") {
    CHECK(nearest("delimeter", {"delimiter", "null"}) == "delimiter");
    CHECK(nearest("tbale", {"table", "tables"}) == "table");
    CHECK(nearest("ITEMS", {"item", "items"}) == "items");
    // Of two that are equally near, the first.
    CHECK(nearest("cat", {"bat", "rat"}) == "bat");
    // More than half of it, or more than four edits, is another word.
    CHECK(nearest("ab", {"cd"}).empty());
    CHECK(nearest("abc", {"xyc"}).empty());
    CHECK(nearest("abcdefghijkl", {"abcdefgXXXXX"}).empty());
    CHECK(nearest("abcdefghijkl", {"abcdefghXXXX"}) == "abcdefghXXXX");
    CHECK(nearest("", {"a"}).empty());
    CHECK(nearest("a", {}).empty());
    CHECK(nearest(std::string(300, 'x'), {std::string_view("x")}).empty());
}

TEST_CASE("wildcards match whole names", "[options][wildcard]") {
    CHECK(matches_wildcard("*", ""));
    CHECK(matches_wildcard("*", "anything"));
    CHECK(matches_wildcard("", ""));
    CHECK_FALSE(matches_wildcard("", "a"));
    CHECK(matches_wildcard("log_*", "log_2024"));
    CHECK(matches_wildcard("*_at", "created_at"));
    CHECK(matches_wildcard("*a*b*", "xxaxxbxx"));
    CHECK_FALSE(matches_wildcard("*a*b", "xxbxxa"));
    CHECK(matches_wildcard("a?c", "abc"));
    CHECK_FALSE(matches_wildcard("a?c", "ac"));
    CHECK(matches_wildcard("a?c", "aäc"));
    CHECK(matches_wildcard("*?c", "äöüc"));
    CHECK_FALSE(matches_wildcard("abc", "ABC"));
    CHECK_FALSE(matches_wildcard("log", "log_2024"));
    // No pattern takes longer than its length times the name's.
    CHECK_FALSE(matches_wildcard(std::string(60, '*') + "b", std::string(2000, 'a')));
    CHECK_FALSE(matches_wildcard("*a*a*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

#include "core/csv/late_marks.hpp"

#include "catch.hpp"

#include <string>

using migrate::core::csv::kDoubled;
using migrate::core::csv::KnownDialect;
using migrate::core::csv::with_late_marks;

namespace {

std::string repeated(const std::string &text, int count) {
    std::string all;
    for (int i = 0; i < count; i++)
        all += text;
    return all;
}

} // namespace

TEST_CASE("csv marks behind the first megabyte settle the dialect", "[csv][late_marks]") {
    const std::string sample =
        "id,name,note\n" + repeated("1,Ann,plain\n2,Bob,plain\n", 200) + "3,cu";

    SECTION("nothing new is told") {
        const KnownDialect known = with_late_marks(sample, repeated("7,Eve,plain\n", 20), {});
        CHECK_FALSE(known.quote);
        CHECK_FALSE(known.escape);
    }
    SECTION("single quotes that hold delimiters") {
        const KnownDialect known =
            with_late_marks(sample, repeated("7,'Eve, the first','a, b'\n", 40), {});
        CHECK(known.quote == '\'');
        CHECK(known.escape == kDoubled);
    }
    SECTION("backslashes before quotes") {
        const KnownDialect known =
            with_late_marks(sample, repeated("7,Eve,\"a \\\"b\\\", c\"\n", 40), {});
        CHECK(known.quote == '"');
        CHECK(known.escape == '\\');
    }
    SECTION("a field that ends with a backslash is no escape") {
        const KnownDialect known =
            with_late_marks(sample, repeated("7,\"C:\\\",\"D:\\\"\n", 40), {});
        CHECK(known.quote == '"');
        CHECK(known.escape == kDoubled);
    }
    SECTION("an apostrophe is no quote") {
        const KnownDialect known = with_late_marks(sample, repeated("7,O'Hara,it's\n", 40), {});
        CHECK(known.quote == '"');
    }
    SECTION("what the caller named stays") {
        KnownDialect named;
        named.quote = '"';
        named.escape = kDoubled;
        const KnownDialect known =
            with_late_marks(sample, repeated("7,Eve,\"a \\\"b\\\", c\"\n", 40), named);
        CHECK(known.escape == kDoubled);
    }
}

#include "core/delete_limit.hpp"

#include "core/csv/csv_options.hpp"
#include "core/error.hpp"

#include "catch.hpp"

using namespace migrate::core;

namespace {

OptionValue value_of(OptionKind kind, std::string text) {
    OptionValue value;
    value.kind = kind;
    value.text = std::move(text);
    return value;
}

DeleteLimit read(OptionKind kind, std::string text) {
    return read_delete_limit("delete_limit", value_of(kind, std::move(text)));
}

} // namespace

TEST_CASE("a limit on deletes is a tenth of the rows by default", "[sync]") {
    const DeleteLimit limit;
    REQUIRE(limit.allows(0, 0));
    REQUIRE(limit.allows(1, 10));
    REQUIRE_FALSE(limit.allows(1, 9));
    REQUIRE(limit.allows(100, 1000));
    REQUIRE_FALSE(limit.allows(101, 1000));
}

TEST_CASE("a limit on deletes is a number or a percentage", "[sync]") {
    const DeleteLimit rows = read(OptionKind::number, "3");
    REQUIRE(rows.allows(3, 3));
    REQUIRE_FALSE(rows.allows(4, 1000000));
    const DeleteLimit none = read(OptionKind::number, "0");
    REQUIRE(none.allows(0, 5));
    REQUIRE_FALSE(none.allows(1, 5));
    const DeleteLimit share = read(OptionKind::string, "0.1%");
    REQUIRE(share.allows(1, 1000));
    REQUIRE_FALSE(share.allows(1, 999));
    const DeleteLimit all = read(OptionKind::string, "100%");
    REQUIRE(all.allows(INT64_C(3000000000), INT64_C(3000000000)));
}

TEST_CASE("a limit on deletes that is neither is refused", "[sync]") {
    for (const char *text : {"5", "", "%", "-1%", "101%", "5%%", "nan%"})
        REQUIRE_THROWS_AS(read(OptionKind::string, text), Error);
    REQUIRE_THROWS_AS(read(OptionKind::number, "-1"), Error);
    REQUIRE_THROWS_AS(read(OptionKind::number, "1.5"), Error);
    REQUIRE_THROWS_AS(read(OptionKind::boolean, ""), Error);
}

TEST_CASE("deletes and a watermark exclude each other", "[sync][csv]") {
    OptionValue options;
    options.kind = OptionKind::object;
    options.members.push_back({"watermark", value_of(OptionKind::string, "at")});
    REQUIRE(csv::parse_csv_options(options).watermark == "at");
    OptionValue yes;
    yes.kind = OptionKind::boolean;
    yes.boolean = true;
    options.members.push_back({"delete", yes});
    REQUIRE_THROWS_AS(csv::parse_csv_options(options), Error);
}

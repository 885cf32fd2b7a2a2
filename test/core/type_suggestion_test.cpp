#include "core/plan/type_choice.hpp"

#include "catch.hpp"
#include "profile_values.hpp"

using namespace migrate::core;
using namespace migrate::core::plan;
using namespace migrate::test;

namespace {

std::string suggested(std::string_view declared, const std::vector<Value> &values) {
    const Proposal proposal = propose_type(declared, ImportOptions());
    const ColumnProfile profile = profile_of(proposal, ImportOptions(), values);
    return suggest_type(proposal.type, profile);
}

const std::string kTimestamptz = "timestamp with time zone";

} // namespace

TEST_CASE("inspect suggests what the values say beyond the declaration", "[plan][suggest]") {
    CHECK(suggested("TEXT", {t("2024-01-01 10:00:00"), t("2024-01-02T10:00:00Z"), null}) ==
          kTimestamptz);
    CHECK(suggested("TEXT", {t("2024-01-01"), t("2024-01-02")}) == "date");
    CHECK(suggested("TEXT", {t("2024-01-01"), t("2024-01-02 10:00")}) == kTimestamptz);
    CHECK(suggested("TEXT", {t("0"), t("1"), t("1")}) == "boolean");
    CHECK(suggested("TEXT", {t("yes"), t("no"), t("no")}) == "boolean");
    CHECK(suggested("TEXT", {t("12"), t("-5"), t("0")}) == "bigint");
    CHECK(suggested("TEXT", {t("12"), t("007")}).empty());
    CHECK(suggested("TEXT", {t("12"), t("-0")}).empty());
    CHECK(suggested("TEXT", {t("99999999999999999999")}).empty());
    CHECK(suggested("VARCHAR(90)", {t("{\"a\":1}"), t(" [1]")}) == "jsonb");
    CHECK(suggested("TEXT", {t("{\"a\":1,\"a\":2}")}) == "json");
    CHECK(suggested("TEXT", {t("\"a\""), t("{}")}).empty());
    CHECK(suggested("TEXT", {t("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")}) == "uuid");
    CHECK(suggested("TEXT", {t("d41d8cd98f00b204e9800998ecf8427e")}).empty());
    CHECK(suggested("TEXT", {t("x"), t("2024-01-01")}).empty());
    CHECK(suggested("TEXT", {t("2024-01-01"), b("\xff")}).empty());
    CHECK(suggested("TEXT", {t("2024-01-01"), t("")}).empty());
    CHECK(suggested("TINYINT(1)", {i(0), i(1), i(1)}) == "boolean");
    // Zeros or ones alone may be a counter as well, or the key of a single row.
    CHECK(suggested("INTEGER", {i(0), i(0), i(0)}).empty());
    CHECK(suggested("INTEGER", {i(1)}).empty());
    CHECK(suggested("TEXT", {t("1")}) == "bigint");
    CHECK(suggested("INTEGER", {i(0), i(2), i(1)}).empty());
    CHECK(suggested("INTEGER", {i(1700000000), i(1600000000)}) == kTimestamptz);
    CHECK(suggested("INTEGER", {i(1700000000123)}) == kTimestamptz);
    CHECK(suggested("INTEGER", {i(2460000)}).empty());
    CHECK(suggested("", {t("2024-01-01")}) == "date");
    CHECK(suggested("TEXT", {}).empty());
    CHECK(suggested("TEXT", {null}).empty());
    CHECK(suggested("INTEGER", {null}).empty());
    CHECK(suggested("DATE", {t("2024-01-01")}).empty());
}

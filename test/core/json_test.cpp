#include "catch.hpp"

#include "core/value/json.hpp"

#include <string>

using namespace migrate::core::value;
using std::string_literals::operator""s;

namespace {

std::string nested(int depth, const std::string &inside = "") {
    return std::string(depth, '[') + inside + std::string(depth, ']');
}

std::string object_of(int keys, const std::string &extra) {
    std::string text = "{";
    for (int i = 0; i < keys; i++)
        text += "\"key" + std::to_string(i) + "\": " + std::to_string(i) + ",";
    return text + extra + "}";
}

} // namespace

TEST_CASE("JSON that jsonb holds", "[value][json]") {
    const std::string text = GENERATE(
        as<std::string>(), "null", " true ", "false\n", "0", "-1", "\"\"", "[]", "{}", "[ ]", "{ }",
        "\t[1,\r\n2]", "\"é😀\"", R"("\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00")", "\"\x7f\"",
        R"({"a":1,"b":[{"a":1},{"a":2}],"":{}})", "1.50", "0.0", "1e5", "1E+5", "1.5e-7", "1e308",
        "1E400", "0e0", "5e-324", "123456789012345678901234567890.000000000000000001",
        R"({"a":1,"A":2,"a ":3,"\u0062":4})");
    CAPTURE(text);
    CHECK(check_json(text) == JsonFit::jsonb);
}

TEST_CASE("JSON that jsonb would refuse or change", "[value][json]") {
    const std::string text = GENERATE(
        as<std::string>(), R"({"a":1,"a":1})", R"({"x":{"b":1,"c":2,"b":3}})",
        R"({"a":1,"\u0061":2})", R"({"é":1,"\u00e9":2})", R"({"😀":1,"\ud83d\uDE00":2})",
        R"({"\n":1,"\u000A":2})", R"({"/":1,"\/":2})", R"({"":1,"":2})", "-0", "-0.0", "[-0e5]",
        "1e1000", "1e4000", "1e-1001", "1e999999999999999999999", "0e99999999999", "0e-2000",
        R"("\u0000")", R"({"\u0000":1})", R"("\ud800")", R"("\udc00")", R"("\ud800x")",
        R"("\ud800\n")", R"("\ud800\u0041")", R"("\ud800\ud800\udc00")");
    CAPTURE(text);
    CHECK(check_json(text) == JsonFit::json);
}

TEST_CASE("what is no JSON", "[value][json]") {
    const std::string text =
        GENERATE(as<std::string>(), "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-", "+1",
                 "01", "-01", "1.", ".5", "1.e5", "1e", "1e+", "0x1F", "1 2", "[", "]", "[1",
                 "[1,]", "[,1]", "[1 2]", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
                 "{'a':1}", "{1:1}", "{\"a\":1 \"b\":2}", "\"", "\"a", "\"\\", "\"\\\"", R"("\x")",
                 R"("\u12")", R"("\u12g4")", "\"\n\"", "\"\t\"", "\"\x1f\"", "'a'", "[1]]", "{}{}",
                 "// c\n1", "\xef\xbb\xbf{}", "[1}", "{\"a\":1]", "\"a\"b", "\xa0[]", "\v1", "\f1");
    CAPTURE(text);
    CHECK(check_json(text) == JsonFit::none);
}

TEST_CASE("NUL inside and after JSON", "[value][json]") {
    CHECK(check_json("[1]\0"s) == JsonFit::none);
    CHECK(check_json("\"a\0b\""s) == JsonFit::none);
}

TEST_CASE("depth", "[value][json]") {
    CHECK(check_json(nested(kMaxJsonDepth)) == JsonFit::jsonb);
    CHECK(check_json(nested(kMaxJsonDepth, "1")) == JsonFit::jsonb);
    CHECK(check_json(nested(kMaxJsonDepth + 1)) == JsonFit::none);
    CHECK(check_json(nested(1'000'000)) == JsonFit::none);
    CHECK(check_json(std::string(1'000'000, '[')) == JsonFit::none);
    CHECK(check_json(nested(kMaxJsonDepth - 1, "{}")) == JsonFit::jsonb);
    CHECK(check_json(nested(kMaxJsonDepth, "{}")) == JsonFit::none);
}

TEST_CASE("duplicate keys among few and many", "[value][json]") {
    const int keys = GENERATE(1, 7, 8, 9, 100, 5000);
    CHECK(check_json(object_of(keys, "\"other\":0")) == JsonFit::jsonb);
    CHECK(check_json(object_of(keys, "\"key0\":0")) == JsonFit::json);
    CHECK(check_json(object_of(keys, "\"k\\u0065y0\":0")) == JsonFit::json);
    CHECK(check_json(object_of(keys, "\"x\":" + object_of(keys, "\"y\":1"))) == JsonFit::jsonb);
    CHECK(check_json(object_of(keys, "\"x\":" + object_of(keys, "\"y\":1") + ",\"x\":1")) ==
          JsonFit::json);
}

TEST_CASE("escapes that a server of another encoding might not hold", "[value][json]") {
    CHECK(check_json(R"("\u007f")", false) == JsonFit::jsonb);
    CHECK(check_json(R"("\u0080")", false) == JsonFit::json);
    CHECK(check_json(R"("\ud83d\ude00")", false) == JsonFit::json);
    CHECK(check_json("\"é\"", false) == JsonFit::jsonb);
}

TEST_CASE("numbers that would grow without bound do not survive", "[value][json]") {
    std::string text = "[1";
    for (int i = 0; i < 70'000; i++)
        text += ",1e999";
    CHECK(check_json(text + "]") == JsonFit::json);
}

// JSON arrays as the literals of PostgreSQL's arrays.
#include "core/value/array_literal.hpp"

#include "catch.hpp"

using migrate::core::value::array_literal;

TEST_CASE("a JSON array becomes the literal of an array", "[value][array]") {
    CHECK(array_literal("[]", false) == "{}");
    CHECK(array_literal(" [ 1 , -2.5e3,true, null ] ", false) == "{1,-2.5e3,true,NULL}");
    CHECK(array_literal(R"(["a","", "null"])", false) == R"({"a","","null"})");
    CHECK(array_literal(R"(["a, \"b\"", "back\\slash", "\u00e4\n"])", false) ==
          "{\"a, \\\"b\\\"\",\"back\\\\slash\",\"ä\n\"}");
    CHECK(array_literal("[[1,2],[3,4]]", false) == "{{1,2},{3,4}}");
    CHECK(array_literal(R"([{"a": "]"}])", false) == R"({"{\"a\": \"]\"}"})");
}

TEST_CASE("elements of a JSON array of JSON stay JSON", "[value][array]") {
    CHECK(array_literal(R"(["a", [1, "]"], 2, null])", true) == R"({"\"a\"","[1, \"]\"]",2,NULL})");
}

TEST_CASE("what is no JSON array is no literal", "[value][array]") {
    for (const char *text :
         {"", "{a,b}", "[1", "[1] 2", "{\"a\": 1}", "\"a\"", "[\"\\u0000\"]", "[,]"})
        CHECK_FALSE(array_literal(text, false).has_value());
}

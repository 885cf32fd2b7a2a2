#include "catch.hpp"

#include "core/value/uuid.hpp"

using namespace migrate::core::value;

namespace {
const char kBytes[] = "\xa0\xee\xbc\x99\x9c\x0b\x4e\xf8\xbb\x6d\x6b\xb9\xbd\x38\x0a\x11";
} // namespace

TEST_CASE("the forms that uuid_in reads", "[value][uuid]") {
    const char *text = GENERATE(
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
        "a0eebc999c0b4ef8bb6d6bb9bd380a11", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
        "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11", "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}");
    CAPTURE(text);
    const auto bytes = parse_uuid(text);
    REQUIRE(bytes);
    CHECK(std::string_view(bytes->data(), bytes->size()) == std::string_view(kBytes, 16));
}

TEST_CASE("what uuid_in refuses", "[value][uuid]") {
    const char *text = GENERATE(
        "", "{", "}", "{}", "a0eebc99", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a111", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11-",
        "-a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0e-ebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "a0-eebc999c0b4ef8bb6d6bb9bd380a11", "a0eebc99--9c0b-4ef8-bb6d-6bb9bd380a11",
        "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
        " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "urn:uuid:a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "{{a0eebc999c0b4ef8bb6d6bb9bd380a11}}");
    CAPTURE(text);
    CHECK_FALSE(parse_uuid(text));
}

#include "catch.hpp"

#include "given_cell.hpp"

#include "core/cell_text.hpp"

#include <string>

using namespace migrate::core;
using namespace migrate::core::test;
using std::string_literals::operator""s;

TEST_CASE("cells as messages show them", "[cell_text]") {
    auto described = [](const Given &given) { return describe_cell(given.cell); };
    CHECK(described(null()) == "NULL");
    CHECK(described(integer(-5)) == "-5");
    CHECK(described(real(1.0)) == "1.0");
    CHECK(described("ten") == "\"ten\"");
    CHECK(described("") == "\"\"");
    CHECK(described("a\nb\x7f\0c"s) == R"("a\x0ab\x7f\x00c")");
    CHECK(described("caf\xe9") == R"("caf\xe9")");
    CHECK(described("\xed\xa0\x80") == R"("\xed\xa0\x80")");
    CHECK(described(std::string(60, 'x')) == "\"" + std::string(60, 'x') + "\"");
    CHECK(described(std::string(61, 'x')) == "\"" + std::string(60, 'x') + "\"...");
    std::string smiles;
    for (int i = 0; i < 61; i++)
        smiles += "😀";
    CHECK(described(smiles) == "\"" + smiles.substr(0, 240) + "\"...");
    CHECK(described(blob("\x00\xff"s)) == "x'00ff' (2 bytes)");
    CHECK(described(blob("")) == "x'' (0 bytes)");
    CHECK(described(blob("a")) == "x'61' (1 byte)");
    CHECK(described(blob(std::string(17, 'a'))) ==
          "x'61616161616161616161616161616161'... (17 bytes)");
}

TEST_CASE("invalid bytes are replaced one by one", "[cell_text]") {
    Batch arena(1);
    auto replaced = [&](const Given &given, bool is_utf8_checked = true) {
        Cell cell = given.cell;
        const bool is_changed = replace_invalid_text(cell, arena, is_utf8_checked);
        CHECK(is_changed == (cell.view() != given.cell.view()));
        CHECK((!is_changed || cell.bytes[cell.size] == '\0'));
        return std::string(cell.view());
    };
    CHECK(replaced("abc") == "abc");
    CHECK(replaced("caf\xe9!") == "caf\xEF\xBF\xBD!");
    CHECK(replaced("\xff\xfe") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(replaced("\xed\xa0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(replaced("a\0"s) == "a\xEF\xBF\xBD");
    CHECK(replaced("é\xc3") == "é\xEF\xBF\xBD");
    CHECK(replaced(blob("\xff")) == "\xff");
    CHECK(replaced("\xff\0"s, false) == "\xff\xEF\xBF\xBD");
}

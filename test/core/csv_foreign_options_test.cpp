// Options of foreign tables as texts, and what one process tells another of a file.
#include "catch.hpp"

#include "core/csv/foreign_options.hpp"
#include "core/csv/settled_file.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <string>

using namespace migrate::core;
using namespace migrate::core::csv;

namespace {

OptionValue value_of(const char *option, const char *text) {
    const OptionDescription *row = find_option(option);
    REQUIRE(row != nullptr);
    return option_of_text(*row, text);
}

} // namespace

TEST_CASE("texts become the values that an option's parser reads", "[csv][foreign_options]") {
    REQUIRE(value_of("header", "true").kind == OptionKind::boolean);
    REQUIRE(value_of("header", "OFF").boolean == false);
    REQUIRE(value_of("header", "2").kind == OptionKind::number);
    REQUIRE(value_of("header", "match").kind == OptionKind::string);
    REQUIRE(value_of("skip", "3").text == "3");
    REQUIRE(value_of("skip", "-3").kind == OptionKind::string);
    REQUIRE(value_of("delimiter", "1").kind == OptionKind::string);
    REQUIRE(value_of("reject_limit", "5%").kind == OptionKind::string);
    REQUIRE(value_of("reject_limit", "5").kind == OptionKind::number);
    REQUIRE(value_of("union_by_name", "1").boolean);
    REQUIRE(value_of("union_by_name", "perhaps").kind == OptionKind::string);
    REQUIRE(is_list_text(*find_option("null"), "[\"a\"]"));
    REQUIRE_FALSE(is_list_text(*find_option("null"), "a"));
    REQUIRE_FALSE(is_list_text(*find_option("delimiter"), "["));
    REQUIRE(find_option("filename") == nullptr);
}

TEST_CASE("each option of a foreign table is the wrapper's own or import_csv's",
          "[csv][foreign_options]") {
    for (const auto names : {table_option_names(), server_option_names(), schema_option_names()})
        for (const std::string_view name : names) {
            INFO(std::string(name));
            REQUIRE((name == "filename" || name == "directory" || find_option(name) != nullptr));
            REQUIRE(std::ranges::count(names, name) == 1);
        }
}

TEST_CASE("a query has no place for rejected rows", "[csv][foreign_options]") {
    CsvOptions options;
    check_for_queries(options);
    options.on_error = OnError::reject;
    REQUIRE_THROWS_AS(check_for_queries(options), Error);
}

TEST_CASE("what is settled of a file goes from one process to another", "[csv][settled_file]") {
    SettledFile file;
    file.path = "/data/a \"b\".csv";
    file.stamp = {1, 2, 3, 4};
    file.guess.encoding = {Charset::other, "WIN1252", 3};
    file.guess.evidence = "a byte";
    file.guess.is_guess = true;
    file.dialect.delimiter = "||";
    file.dialect.quote = '\'';
    file.dialect.escape = '\\';
    file.dialect.inner_quote = InnerQuote::literal;
    file.dialect.newline = Newline::cr;
    file.dialect.comment = "#";
    file.skip_lines = 5;
    file.header_records = 1;
    file.width = 3;
    file.fields = {2, -1, 0};
    file.formats.resize(3);
    file.formats[2] = ValueFormat{DateOrder::dmy, ',', ".", {"yes"}, {"no", ""}};
    std::string bytes;
    pack(file, bytes);
    pack(SettledFile(), bytes);

    std::string_view rest = bytes;
    const SettledFile same = unpack(rest);
    const SettledFile plain = unpack(rest);
    REQUIRE(rest.empty());
    REQUIRE(plain.path.empty());
    REQUIRE(same.stamp == file.stamp);
    REQUIRE(same.guess.encoding == file.guess.encoding);
    REQUIRE(same.dialect == file.dialect);
    REQUIRE(same.fields == file.fields);
    REQUIRE(same.formats[2]->false_texts == file.formats[2]->false_texts);
    REQUIRE_FALSE(same.formats[0]);
    std::string again;
    pack(same, again);
    REQUIRE(bytes.starts_with(again));
    REQUIRE(describe_file(same) ==
            "/data/a \"b\".csv: WIN1252, delimiter \"||\", quote \"'\", escape "
            "\"\\\", newline cr, comment \"#\", skip 5, header");
    for (std::size_t size = 0; size < again.size(); size += 7) {
        std::string_view part = std::string_view(again).substr(0, size);
        REQUIRE_THROWS_AS(unpack(part), Error);
    }
}

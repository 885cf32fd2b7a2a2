#include "core/csv/header_sniffer.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::csv;

namespace {

using Rows = std::vector<std::vector<std::string>>;

HeaderGuess guess(const Rows &rows) {
    HeaderSniffer sniffer{InferenceOptions{}};
    for (const std::vector<std::string> &row : rows) {
        std::vector<Field> fields;
        for (const std::string &cell : row)
            fields.push_back({cell, false});
        sniffer.add(fields);
    }
    return sniffer.guess();
}

bool has_header(const Rows &rows) {
    return guess(rows).has_header;
}

std::string names_of(std::vector<std::string> header, std::size_t width,
                     Identifiers identifiers = Identifiers::lower) {
    std::string names;
    for (const ColumnName &column : name_columns(header, width, identifiers))
        names += (names.empty() ? "" : "|") + column.name;
    return names;
}

} // namespace

TEST_CASE("csv header differs from its columns in type", "[csv][header]") {
    const HeaderGuess typed = guess({{"id", "name"}, {"1", "Ann"}, {"2", "Bob"}});
    CHECK(typed.has_header);
    CHECK(typed.evidence ==
          "The first record is a header: \"id\" stands above values of type bigint.");
    CHECK(has_header({{"name", "when"}, {"Ann", "2024-01-02"}}));
    CHECK(has_header({{"name", "share"}, {"Ann", "5%"}, {"Bob", "7%"}, {"Eve", "1%"}}));
    CHECK(has_header({{"\"x\"", "y"}, {"1", ""}, {"2", ""}}));
}

TEST_CASE("csv values above values are no header", "[csv][header]") {
    const HeaderGuess data = guess({{"1", "Ann"}, {"2", "Bob"}});
    CHECK_FALSE(data.has_header);
    CHECK(data.evidence == "There is no header: \"1\" is a value of type bigint.");
    // A missing value above numbers speaks for neither.
    CHECK_FALSE(has_header({{"", "5", "7"}, {"1", "2", "3"}}));
    CHECK_FALSE(has_header({{"NA", "5", "7"}, {"1", "2", "3"}}));
    CHECK_FALSE(has_header({{"1", "2", "3"}, {"4", "5", "6"}}));
    CHECK_FALSE(has_header({}));
}

TEST_CASE("csv numbers in a row are names", "[csv][header]") {
    CHECK(has_header({{"country", "2019", "2020", "2022"}, {"Peru", "1", "2", "3"}}));
    CHECK_FALSE(has_header({{"Peru", "2019", "7", "2022"}, {"Chile", "1", "2", "3"}}));
    std::vector<std::string> minutes = {"team"}, values = {"ATL"};
    for (int i = 0; i < 12; i++) {
        minutes.push_back(std::to_string(i));
        values.push_back("50%");
    }
    CHECK(has_header({minutes, values}));
}

TEST_CASE("csv header of text above text needs the form of one", "[csv][header]") {
    CHECK(has_header({{"first_name", "city"}, {"Ann", "Rome"}, {"Bob", "Oslo"}}));
    CHECK(has_header({{"Order Number", "Supplier"}, {"A-x", "Acme"}, {"B-y", "Bolt"}}));
    CHECK(has_header({{"a", "b", "c"}, {"x", "", "y"}}));
    CHECK(has_header({{"col1", "col2"}, {"x", "y"}}));
    // Codes of one length below names of another.
    CHECK(has_header({{"land", "ort"}, {"DE", "XY"}, {"FR", "ZZ"}, {"IT", "AB"}}));
    CHECK(has_header({{"titel", "autor"},
                      {"Der Zauberberg", "Thomas Mann"},
                      {"Die Verwandlung", "Franz Kafka"}}));
    // In doubt it is data: no row is lost.
    CHECK_FALSE(has_header({{"Zimmermann", "Karlsruhe"}, {"Ott", "Bonn"}, {"Rau", "Ulm"}}));
    CHECK_FALSE(has_header({{"Ann", "Rome"}, {"Bob Baker", "New York"}, {"Ann", "Oslo City"}}));
    CHECK_FALSE(has_header({{"x", "x"}, {"abc", "defg"}, {"abd", "defh"}}));
    CHECK_FALSE(has_header({{"x", ""}, {"abc", "defg"}}));
    CHECK_FALSE(has_header({{"12", "x"}, {"abc", "defg"}}));
    CHECK(guess({{"Ann", "Rome"}, {"Ann", "Oslo City"}}).evidence ==
          "There is no header: in the first record \"Ann\" comes again in its column.");
    // What a spreadsheet pads with delimiters has no name and needs none.
    CHECK(has_header({{"name", "date", ""}, {"Ann", "May", ""}}));
}

TEST_CASE("csv header alone is one when its words are", "[csv][header]") {
    CHECK(has_header({{"id", "name", "price"}}));
    CHECK_FALSE(has_header({{"Ann", "Rome"}}));
    CHECK_FALSE(has_header({{"1", "2"}}));
}

TEST_CASE("csv rows of other widths do no harm to the header", "[csv][header]") {
    CHECK(has_header({{"id", "name"}, {"1", "Ann", "more"}, {"2"}}));
}

TEST_CASE("csv columns get names", "[csv][header]") {
    CHECK(names_of({" Id ", "", "id", "xmin", "a\nb"}, 6) ==
          "id|column_2|id_1|xmin_1|a_b|column_6");
    CHECK(names_of({"Id", "id"}, 2, Identifiers::preserve) == "Id|id");
    CHECK(names_of({}, 2) == "column_1|column_2");
    CHECK(names_of({"column_2", ""}, 2) == "column_2|column_2_1");
    const std::vector<std::string> header = {" Id ", std::string(80, 'x')};
    const std::vector<ColumnName> names = name_columns(header, 2, Identifiers::lower);
    CHECK(names[0].original == " Id ");
    CHECK(names[1].name.size() == 63);
    CHECK(names[1].note == "cut to 63 bytes");
}

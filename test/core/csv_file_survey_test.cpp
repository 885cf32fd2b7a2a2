#include "catch.hpp"

#include "core/csv/file_survey.hpp"

using namespace migrate::core::csv;
using std::string_literals::operator""s;

namespace {

FileSurvey surveyed(const std::string &sample, bool is_whole, const CsvOptions &options = {}) {
    return survey_file(sample, is_whole, options, {});
}

} // namespace

TEST_CASE("csv sample that ends inside a line", "[csv][survey]") {
    // Blocks are cut at LF, and the records of this one end with CR.
    std::string text = "id,name\r";
    for (int i = 0; i < 100; i++)
        text += std::to_string(i) + (i % 2 == 0 ? ",\"two\nlines\"\r" : ",one\r");
    const FileSurvey survey = surveyed(text + "100,\"two\n", false);
    CHECK(survey.found.newline == "CR");
    CHECK(survey.header == std::vector<std::string>{"id", "name"});
    CHECK(survey.sample_records == 100);

    CHECK(surveyed("a,b\n1,2\n3,4", false).sample_records == 1);
    CHECK(surveyed("a,b\n1,2\n3,4", true).sample_records == 2);
    CHECK(surveyed("1,2,3", false).width == 3); // all that there is to see
}

TEST_CASE("csv header that is spoiled is no header, nor is the record behind it", "[csv][survey]") {
    const FileSurvey zero = surveyed("id,na\0me\n1,Ann\n2,Bob\n"s, true);
    CHECK_FALSE(zero.has_header());
    CHECK(zero.header.empty());
    CHECK(zero.first_problem == Problem::nul_byte);
    CHECK(zero.width == 2);
    CHECK(zero.sample_records == 2);
    CHECK(zero.evidence.back() == "The first record is no header: zero byte.");

    CsvOptions options;
    options.header = HeaderMode::first;
    options.dialect.quote = '"';
    CHECK_FALSE(surveyed("id,\"name\nword,text\n", true, options).has_header());
    CHECK(surveyed("id,name\n1,\"Ann\n", true, options).first_problem == Problem::none);
}

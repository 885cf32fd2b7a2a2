#include "core/csv/csv_options.hpp"

#include "core/error.hpp"

#include "catch.hpp"
#include "option_values.hpp"

using namespace migrate::core;
using namespace migrate::core::csv;

namespace {

CsvOptions parse(std::string name, OptionValue value) {
    return parse_csv_options(object({{std::move(name), std::move(value)}}));
}

// "22023 message | detail | hint"
std::string failure(std::vector<OptionMember> members) {
    try {
        parse_csv_options(object(std::move(members)));
    } catch (const Error &error) {
        return std::string(error.code()) + " " + error.message() + " | " + error.detail() + " | " +
               error.hint();
    }
    return "no error";
}

} // namespace

TEST_CASE("csv options have defaults that leave all to be found", "[csv][options]") {
    const CsvOptions options = parse_csv_options({});
    CHECK_FALSE(options.dialect.delimiter);
    CHECK_FALSE(options.dialect.quote);
    CHECK_FALSE(options.null_texts);
    CHECK(options.header == HeaderMode::automatic);
    CHECK(options.on_error == OnError::stop);
    CHECK(options.ragged == Ragged::error);
    CHECK_FALSE(options.has_ragged);
    CHECK(options.max_line_size == 67108864);
    CHECK(options.format.date_order == DateOrder::iso);
    CHECK_FALSE(options.has_number_format);
}

TEST_CASE("csv options are read", "[csv][options]") {
    CHECK(parse("delimiter", text("||")).dialect.delimiter == "||");
    CHECK(parse("quote", text("")).dialect.quote == '\0');
    CHECK(parse("escape", text("\\")).dialect.escape == '\\');
    CHECK(parse("newline", text("\r\n")).dialect.newline == Newline::crlf);
    CHECK_FALSE(parse("newline", text("auto")).dialect.newline);
    CHECK(parse("comment", text("")).dialect.comment == "");
    CHECK(parse("skip", number("3")).dialect.skip_lines == 3);
    CHECK(parse("null", list({text("NA"), text("")})).null_texts->size() == 2);
    CHECK(parse("force_null", text("*")).force_null.contains("anything"));
    CHECK(parse("force_null", list({text("a")})).force_null.contains("a"));
    CHECK_FALSE(parse("force_null", list({text("a")})).force_null.contains("b"));
    CHECK(parse("header", boolean(true)).header == HeaderMode::first);
    CHECK(parse("header", boolean(false)).header == HeaderMode::none);
    CHECK(parse("header", number("0")).header == HeaderMode::none);
    CHECK(parse("header", number("2")).header_lines == 2);
    CHECK(parse("header", text("match")).header == HeaderMode::match);
    CHECK(parse("on_error", text("set_null")).on_error == OnError::set_null);
    CHECK(parse("reject_limit", number("10")).reject_limit.rows == 10);
    CHECK(parse("reject_limit", text("2.5%")).reject_limit.percent == 2.5);
    CHECK(parse("mode", text("truncate")).mode == LoadMode::truncate);
    CHECK(parse("ragged", text("both")).has_ragged);
    CHECK(parse("trim", text("unquoted")).trim == Trim::unquoted);
    CHECK(parse("max_line_size", text("1 MB")).max_line_size == 1048576);
    CHECK(parse("date_order", text("dmy")).format.date_order == DateOrder::dmy);
    CHECK(parse("decimal", text(",")).format.decimal == ',');
    CHECK_FALSE(parse("decimal", text("auto")).has_number_format);
    CHECK(parse("thousands", text("\u00a0")).format.thousands == "\u00a0");
    CHECK(parse("true_values", list({text("yes")})).format.true_texts.front() == "yes");
    CHECK(parse("compression", text("gzip")).compression == Compression::gzip);
    CHECK(parse("lock_timeout", text("1min")).lock_timeout == "60000ms");
    const CsvOptions types = parse("types", object({{"id", text("bigint")}}));
    CHECK(types.types.front().second == "bigint");
    const CsvOptions keyed = parse_csv_options(
        object({{"on_conflict", text("update")}, {"key", list({text("id"), text("day")})}}));
    CHECK(keyed.key.size() == 2);
}

TEST_CASE("csv options that cannot be are refused", "[csv][options]") {
    CHECK(failure({{"delimeter", text(";")}}) ==
          "22023 invalid option \"delimeter\" |  | Perhaps you meant the option \"delimiter\".");
    CHECK(failure({{"delimiter", text("")}}) ==
          "22023 invalid value for option \"delimiter\": \"\" | A delimiter has 1 to 4 bytes of "
          "UTF-8. | ");
    CHECK(failure({{"on_error", text("igmore")}}).find("Perhaps you meant the value \"ignore\"") !=
          std::string::npos);
    CHECK(failure({{"on_conflict", text("update")}}) ==
          "22023 option \"on_conflict\" needs option \"key\" |  | Name the columns that tell rows "
          "apart, such as {\"key\": [\"id\"]}.");
    for (const auto &[name, value] :
         std::vector<std::pair<std::string, OptionValue>>{{"delimiter", text("12345")},
                                                          {"delimiter", text("\n")},
                                                          {"delimiter", text("\xff")},
                                                          {"quote", text("ab")},
                                                          {"quote", number("1")},
                                                          {"escape", text("xy")},
                                                          {"skip", number("-1")},
                                                          {"header", text("maybe")},
                                                          {"header", list({})},
                                                          {"reject_limit", text("10")},
                                                          {"reject_limit", text("101%")},
                                                          {"reject_limit", text("%")},
                                                          {"thousands", text("1")},
                                                          {"decimal", text(";")},
                                                          {"types", text("bigint")},
                                                          {"raw", text("true")},
                                                          {"max_line_size", text("2 TB")}}) {
        INFO(name);
        CHECK(failure({{name, value}}).starts_with("22023 "));
    }
    CHECK(failure({{"delimiter", text("'")}, {"quote", text("'")}}).starts_with("22023 "));
    // Doubled quotes are quotes of the one kind.
    CHECK(failure({{"quote", text("`")}, {"escape", text("`")}}) == "no error");
    CHECK(failure({{"quote", text("`")}, {"escape", text("\\")}}) == "no error");
    CHECK(failure({{"quote", text("")}, {"escape", text("\"")}}) == "no error");
    CHECK(failure({{"quote", text("\"")}, {"escape", text("'")}}) == "no error");
    CHECK(failure({{"decimal", text(",")}, {"thousands", text(",")}}).starts_with("22023 "));
    CHECK(failure({{"true_values", text("x")}, {"false_values", text("x")}}).starts_with("22023 "));
    CHECK(failure({{"all_text", boolean(true)}, {"types", object({{"a", text("date")}})}})
              .starts_with("22023 "));
}

TEST_CASE("csv options are described", "[csv][options]") {
    for (const char *function : {"import_csv", "sniff_csv", "check_csv"})
        CHECK(migrate::core::csv::describe_options(function).size() == 42);
    CHECK(migrate::core::csv::describe_options("import_sqlite").empty());
}

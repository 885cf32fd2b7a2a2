#include "catch.hpp"
#include "csv_conversion_fixture.hpp"

#include "core/error.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace migrate::core;
using namespace migrate::core::csv;
using migrate::test::column_of;
using migrate::test::Conversion;
using migrate::test::plan_of;
using std::string_literals::operator""s;

namespace {

constexpr char kValueHint[] = "Use the option \"on_error\" with \"set_null\", \"ignore\" or "
                              "\"reject\", or name another type for the column in the option "
                              "\"types\".";

// Two columns: id bigint, name text.
RecordPlan two_columns(OnError on_error = OnError::stop) {
    RecordPlan plan = plan_of({{"id", TypeKind::bigint}, {"name", TypeKind::text}});
    plan.on_error = on_error;
    return plan;
}

template <typename Run>
Error error_of(Run run) {
    try {
        run();
    } catch (const Error &error) {
        return error;
    }
    FAIL("no error");
    return Error("", "");
}

Error error_of(RecordPlan plan, const std::string &text, const Dialect &dialect = {}) {
    Conversion conversion(std::move(plan));
    return error_of([&] { conversion.add(text, dialect); });
}

std::string rows_of(RecordPlan plan, const std::string &text) {
    return Conversion(std::move(plan)).add(text).rows();
}

} // namespace

TEST_CASE("csv records become rows", "[csv][convert]") {
    RecordPlan plan = plan_of({{"id", TypeKind::bigint},
                               {"price", TypeKind::numeric},
                               {"name", TypeKind::text},
                               {"day", TypeKind::date}});
    std::swap(plan.columns[0], plan.columns[2]); // the table's order is not the file's
    plan.columns.push_back(column_of("lacking", make_type(TypeKind::text), -1));
    Conversion conversion(plan);
    conversion.add("1,1.50,a,2000-01-01\n2,,\"\",\n");
    CHECK(conversion.rows() == "'a'|150e-2|1|0|NULL\n''|NULL|2|NULL|NULL\n");
    CHECK(conversion.batch.row_id(1) == 2);
    CHECK(conversion.statistics().rows_read == 2);
    CHECK(conversion.converter.source(1).first_line == 2);
    CHECK(conversion.converter.source(1).raw.empty());
}

TEST_CASE("csv markers of NULL", "[csv][convert]") {
    RecordPlan plan = two_columns();
    plan.columns[1].reading.null_texts = {"NA", std::string(70, '-')};
    CHECK(rows_of(plan, "1,NA\n1,\"NA\"\n1,\n1,N\n") == "1|NULL\n1|'NA'\n1|''\n1|'N'\n");
    CHECK(rows_of(plan, "1," + std::string(70, '-') + "\n") == "1|NULL\n");
    plan.columns[1].reading.is_null_forced = true;
    CHECK(rows_of(plan, "1,\"NA\"\n") == "1|NULL\n");
    plan.columns[1].reading.is_null_refused = true;
    CHECK(rows_of(plan, "1,NA\n") == "1|'NA'\n");
    CHECK(rows_of(plan, "1,\"NA\"\n") == "1|NULL\n"); // as COPY with both
}

TEST_CASE("csv option trim", "[csv][convert]") {
    RecordPlan plan = two_columns();
    const std::string text = "1 ,\" a \"\n\t2, b\t \n3,  \n";
    plan.trim = Trim::all;
    CHECK(rows_of(plan, text) == "1|'a'\n2|'b'\n3|NULL\n");
    plan.trim = Trim::unquoted;
    CHECK(rows_of(plan, text) == "1|' a '\n2|'b'\n3|NULL\n");
    plan.trim = Trim::none;
    CHECK(error_of(plan, text).message() == "invalid input syntax for type bigint: \"1 \"");
}

TEST_CASE("csv blank lines and delimiters at the end", "[csv][convert]") {
    Conversion conversion(two_columns());
    conversion.add("1,a\n\n2,b,\n\"3\",\"c\",\n\n");
    CHECK(conversion.rows() == "1|'a'\n2|'b'\n3|'c'\n");
    const FileStatistics &statistics = conversion.statistics();
    CHECK(statistics.rows_read == 5);
    CHECK(statistics.blank_lines.count == 2);
    CHECK(statistics.blank_lines.first_line == 2);
    CHECK(statistics.trailing_delimiters.count == 2);
    CHECK(statistics.trailing_delimiters.first_line == 3);
    CHECK(error_of(two_columns(), "1,a,\"\"\n").message() == "record has 3 fields instead of 2");
    CHECK(error_of(two_columns(), "\"\"\n").message() == "record has 1 field instead of 2");
    CHECK(rows_of(plan_of({{"name", TypeKind::text}}), "a\n\nb\n") == "'a'\nNULL\n'b'\n");
}

TEST_CASE("csv records of another width", "[csv][convert][ragged]") {
    const std::string text = "1\n2,b\n3,c,d,e\n";
    RecordPlan plan = two_columns();

    SECTION("stop") {
        const Error error = error_of(plan, "2,b\n1\n");
        CHECK(error.code() == "22P04"s);
        CHECK(error.message() == "record has 1 field instead of 2");
        CHECK(error.context() == "CSV file \"/data/a.csv\", line 2: \"1\"");
        CHECK(error.hint() == "Use the option \"ragged\" with \"pad\", \"both\" or \"reject\".");
        CHECK(error_of(plan, "2,b,c\n").hint() ==
              "Use the option \"ragged\" with \"truncate\", \"both\" or \"reject\".");
    }
    SECTION("on_error covers what the caller did not name") {
        plan.on_error = OnError::reject;
        Conversion conversion(plan);
        CHECK(conversion.add(text).rows() == "rejected\n2|'b'\nrejected\n");
        CHECK(conversion.problems() ==
              "1-1  22P04 record has 1 field instead of 2 [] <1>\n"
              "3-3  22P04 record has 4 fields instead of 2 [] <3,c,d,e>\n");
        plan.has_ragged = true;
        CHECK(error_of(plan, text).code() == "22P04"s);
        plan.has_ragged = false;
        plan.on_error = OnError::set_null;
        CHECK(error_of(plan, text).code() == "22P04"s);
    }
    SECTION("reject stops nothing") {
        plan.ragged = Ragged::reject;
        plan.has_ragged = true;
        for (OnError each : {OnError::stop, OnError::set_null, OnError::reject, OnError::ignore}) {
            plan.on_error = each;
            Conversion conversion(plan);
            CHECK(conversion.add(text).rows() == "rejected\n2|'b'\nrejected\n");
            CHECK(conversion.statistics().rows_rejected == 2);
            CHECK(conversion.problems().empty() == (each == OnError::ignore));
        }
    }
    SECTION("pad and truncate") {
        plan.has_ragged = true;
        plan.ragged = Ragged::both;
        Conversion conversion(plan);
        CHECK(conversion.add(text).rows() == "1|NULL\n2|'b'\n3|'c'\n");
        CHECK(conversion.statistics().padded.count == 1);
        CHECK(conversion.statistics().padded.first_line == 1);
        CHECK(conversion.statistics().truncated.count == 1);
        CHECK(conversion.statistics().truncated.first_value == "\"d\"");
        plan.ragged = Ragged::pad;
        CHECK(error_of(plan, text).message() == "record has 4 fields instead of 2");
        plan.on_error = OnError::ignore;
        CHECK(rows_of(plan, text) == "1|NULL\n2|'b'\nrejected\n");
        plan.ragged = Ragged::truncate;
        CHECK(rows_of(plan, text) == "rejected\n2|'b'\n3|'c'\n");
    }
    SECTION("any number") {
        plan.width = 0;
        CHECK(rows_of(plan, text) == "1|NULL\n2|'b'\n3|'c'\n");
    }
}

TEST_CASE("csv records with a problem as a whole", "[csv][convert]") {
    const std::string text = "1,a\n2,\"b\n3,\0\n4,d\n"s;
    Conversion conversion(two_columns(OnError::reject));
    CHECK(conversion.add(text).rows() == "1|'a'\nrejected\nrejected\n4|'d'\n");
    CHECK(conversion.statistics().rows_rejected == 2);
    CHECK(conversion.problems() == "2-2  22P04 unterminated quote [] <2,\"b>\n"
                                   "3-3  22021 zero byte [] <3,\0>\n"s);

    Error error = error_of(two_columns(OnError::set_null), text);
    CHECK(error.code() == "22P04"s);
    CHECK(error.context() == "CSV file \"/data/a.csv\", line 2: \"2,\"b\"");
    CHECK(error.hint() ==
          "Use the option \"quote\" with \"\" if no field of the file is quoted, or "
          "the option \"on_error\" with \"ignore\" or \"reject\".");
    error = error_of(two_columns(), "3,\0\n"s);
    CHECK(error.hint().find("\"encoding\"") != std::string::npos);
    Dialect narrow;
    narrow.max_line_size = 10;
    error = error_of(two_columns(), "1,a\n2,bbbbbbbbbbbbb\n", narrow);
    CHECK(error.code() == "54000"s);
    CHECK(error.message() == "line too long");
    CHECK(error.hint().find("\"max_line_size\"") != std::string::npos);
    CHECK(error_of(two_columns(), std::string(kMaxFields, ',') + "\n").code() == "54000"s);

    Record record;
    record.problem = Problem::invalid_encoding;
    record.raw = "\xFF\n";
    record.first_line = record.last_line = 9;
    Conversion bad(two_columns());
    error = error_of([&] { bad.converter.add(record, bad.batch); });
    CHECK(error.code() == "22021"s);
    CHECK(error.context() == "CSV file \"/data/a.csv\", line 9: \"\\xff\"");
}

TEST_CASE("csv values that do not fit", "[csv][convert]") {
    const std::string text = "1,a\nx,b\n";
    SECTION("stop") {
        const Error error = error_of(two_columns(), text);
        CHECK(error.code() == "22P02"s);
        CHECK(error.message() == "invalid input syntax for type bigint: \"x\"");
        CHECK(error.context() == "CSV file \"/data/a.csv\", line 2, column \"id\": \"x\"");
        CHECK(error.hint() == kValueHint);
        CHECK(error_of(two_columns(), "1,a\n2,\"\n\nb\"\nx,\"\n\"\n").context() ==
              "CSV file \"/data/a.csv\", lines 5 to 6, column \"id\": \"x\"");
    }
    SECTION("ignore") {
        Conversion conversion(two_columns(OnError::ignore));
        CHECK(conversion.add(text).rows() == "1|'a'\nrejected\n");
        CHECK(conversion.statistics().rows_rejected == 1);
        CHECK(conversion.problems().empty());
    }
    SECTION("set_null") {
        Conversion conversion(two_columns(OnError::set_null));
        CHECK(conversion.add(text + "y,c\n").rows() == "1|'a'\nNULL|'b'\nNULL|'c'\n");
        CHECK(conversion.statistics().rows_rejected == 0);
        CHECK(conversion.statistics().nulled[0].count == 2);
        CHECK(conversion.statistics().nulled[0].first_line == 2);
        CHECK(conversion.statistics().nulled[0].first_value == "\"x\"");
        CHECK(conversion.problems().empty());
    }
    SECTION("reject lists all bad columns of a record") {
        RecordPlan plan = plan_of({{"id", TypeKind::bigint},
                                   {"day", TypeKind::date},
                                   {"size", TypeKind::other},
                                   {"ok", TypeKind::boolean}});
        plan.columns[2].has_input_function = true;
        plan.on_error = OnError::reject;
        Conversion conversion(plan);
        conversion.add("x,2024-02-30,1,maybe\r\n7,2000-01-01,2,t\r\n");
        CHECK(conversion.rows() == "rejected\n7|0|'2'?|1\n");
        CHECK(conversion.converter.pending().size() == 1);
        CHECK(conversion.batch.row(0)[2].is_null());
        CHECK(conversion.statistics().rows_rejected == 1);
        const std::string raw = " <x,2024-02-30,1,maybe>\n";
        CHECK(conversion.problems() ==
              "1-1 id 22P02 invalid input syntax for type bigint: \"x\" [\"x\"]" + raw +
                  "1-1 day 22008 date/time field value out of range: \"2024-02-30\" "
                  "[\"2024-02-30\"]" +
                  raw +
                  "1-1 ok 22P02 invalid input syntax for type boolean: \"maybe\" [\"maybe\"]" +
                  raw);
        CHECK(conversion.problems().empty());
    }
}

TEST_CASE("csv values larger than max_value_size", "[csv][convert]") {
    RecordPlan plan = two_columns(OnError::reject);
    plan.columns[1].rule.max_value_size = 3;
    plan.columns[1].has_input_function = true;
    Conversion conversion(plan);
    CHECK(conversion.add("1,abc\n2,abcd\n").rows() == "1|'abc'\nrejected\n");
    CHECK(conversion.problems() ==
          "2-2 name 54000 value of 4 bytes exceeds the limit of 3 bytes [\"abcd\"] <2,abcd>\n");
}

TEST_CASE("csv values for an input function", "[csv][convert]") {
    RecordPlan plan =
        plan_of({{"id", TypeKind::bigint}, {"day", TypeKind::date}, {"point", TypeKind::other}});
    for (RecordColumn &column : plan.columns)
        column.has_input_function = true;
    plan.columns[0].min_integer = INT32_MIN;
    plan.columns[0].max_integer = INT32_MAX;
    Conversion conversion(plan);
    conversion.add("007,Jan 1,\"(1,2)\"\n99999999999,2000-01-01,\n5,,x\n");
    CHECK(conversion.rows() == "'007'?|'Jan 1'?|'(1,2)'?\n'99999999999'?|0|NULL\n5|NULL|'x'?\n");
    CHECK(conversion.converter.pending().size() == 5);
    const Cell &cell = conversion.batch.row(0)[2];
    CHECK(cell.bytes[cell.size] == '\0');
    conversion.batch.clear();
    conversion.converter.clear();
    CHECK(conversion.converter.pending().empty());

    // What is no text is not for an input function to see.
    plan.on_error = OnError::reject;
    Conversion bad(plan);
    Record record;
    record.fields = {{"1", false}, {"\xFF", false}, {"a", false}};
    record.raw = "1,?,a";
    bad.converter.add(record, bad.batch);
    CHECK(bad.rows() == "rejected\n");
    CHECK(bad.problems() == "0-0 day 22021 invalid byte sequence for encoding \"UTF8\": 0xff "
                            "[\"\\xff\"] <1,?,a>\n");
}

TEST_CASE("csv values that the server refuses", "[csv][convert]") {
    RecordPlan plan = plan_of({{"id", TypeKind::other}, {"name", TypeKind::other}});
    plan.columns[0].has_input_function = plan.columns[1].has_input_function = true;
    plan.keeps_raw = true;
    const auto refuse = [](Conversion &conversion, std::size_t column) {
        conversion.converter.refuse(conversion.batch, 1, column, "22P02", "bad");
    };
    SECTION("stop") {
        Conversion conversion(plan);
        conversion.add("1,a\n2,\"b\nc\"\n");
        const Error error = error_of([&] { refuse(conversion, 1); });
        CHECK(error.code() == "22P02"s);
        CHECK(error.message() == "bad");
        CHECK(error.context() ==
              "CSV file \"/data/a.csv\", lines 2 to 3, column \"name\": \"b\\x0ac\"");
        CHECK(error.hint() == kValueHint);
    }
    SECTION("set_null") {
        plan.on_error = OnError::set_null;
        Conversion conversion(plan);
        conversion.add("1,a\n2,b\n");
        refuse(conversion, 1);
        CHECK(conversion.rows() == "'1'?|'a'?\n'2'?|NULL?\n");
        CHECK(conversion.statistics().nulled[1].first_value == "\"b\"");
    }
    SECTION("reject counts the row once") {
        plan.on_error = OnError::reject;
        Conversion conversion(plan);
        conversion.add("1,a\n2,b\n");
        refuse(conversion, 0);
        refuse(conversion, 1);
        CHECK(conversion.rows() == "'1'?|'a'?\nrejected\n");
        CHECK(conversion.statistics().rows_rejected == 1);
        CHECK(conversion.problems() ==
              "2-2 id 22P02 bad [\"2\"] <2,b>\n2-2 name 22P02 bad [\"b\"] <2,b>\n");
    }
}

TEST_CASE("csv rows that a constraint refuses", "[csv][convert]") {
    RecordPlan plan = two_columns(OnError::set_null);
    plan.columns.push_back(column_of("day", make_type(TypeKind::date), 2));
    plan.width = 3;
    plan.keeps_raw = true;
    const std::string text = "1,a,2000-01-02\n2,b,\n";
    const auto refuse = [](Conversion &conversion, const char *column) {
        conversion.converter.refuse_row(conversion.batch, 0, column, "23514", "no");
    };
    Conversion conversion(plan);
    conversion.add(text);
    Error error = error_of([&] { refuse(conversion, ""); });
    CHECK(error.code() == "23514"s);
    CHECK(error.context() == "CSV file \"/data/a.csv\", line 1: \"1,a,2000-01-02\"");
    CHECK(error.hint() == "Use the option \"on_error\" with \"ignore\" or \"reject\".");
    error = error_of([&] { refuse(conversion, "name"); });
    CHECK(error.context() == "CSV file \"/data/a.csv\", line 1, column \"name\": \"a\"");
    error = error_of([&] { refuse(conversion, "day"); });
    CHECK(error.context() == "CSV file \"/data/a.csv\", line 1, column \"day\"");

    plan.on_error = OnError::reject;
    Conversion rejecting(plan);
    rejecting.add(text);
    refuse(rejecting, "id");
    CHECK(rejecting.rows() == "rejected\n2|'b'|NULL\n");
    CHECK(rejecting.statistics().rows_rejected == 1);
    CHECK(rejecting.problems() == "1-1 id 23514 no [1] <1,a,2000-01-02>\n");
}

TEST_CASE("csv problems for a check", "[csv][convert]") {
    RecordPlan plan = two_columns();
    plan.wants_problems = true;
    plan.has_ragged = true;
    for (OnError each : {OnError::stop, OnError::set_null, OnError::reject, OnError::ignore}) {
        plan.on_error = each;
        Conversion conversion(plan);
        CHECK(conversion.add("1\n2,b\nx,c\n4,\"\n").rows() ==
              "rejected\n2|'b'\nrejected\nrejected\n");
        conversion.converter.refuse_row(conversion.batch, 1, "", "23505", "twice");
        CHECK(conversion.statistics().rows_rejected == 4);
        CHECK(conversion.problems() ==
              "1-1  22P04 record has 1 field instead of 2 [] <1>\n"
              "3-3 id 22P02 invalid input syntax for type bigint: \"x\" [\"x\"] <x,c>\n"
              "4-4  22P04 unterminated quote [] <4,\">\n"
              "2-2  23505 twice [] <>\n");
    }
}

#include "core/csv/column_inference.hpp"

#include "core/cell_converter.hpp"

#include "catch.hpp"

#include <random>

using namespace migrate::core;
using namespace migrate::core::csv;

namespace {

InferenceOptions semicolons() {
    InferenceOptions options;
    options.is_comma_delimited = false;
    return options;
}

// The values stand at lines 2, 3, …
InferredType infer(const std::vector<std::string> &values, InferenceOptions options = {},
                   bool is_quoted = false) {
    ColumnInference column(std::move(options));
    std::int64_t line = 2;
    for (const std::string &value : values)
        column.add(line++, value, is_quoted);
    return column.result();
}

std::string type_of(const std::vector<std::string> &values, InferenceOptions options = {}) {
    return infer(values, std::move(options)).type.sql();
}

std::string why(const std::vector<std::string> &values, InferenceOptions options = {}) {
    return infer(values, std::move(options)).evidence;
}

} // namespace

TEST_CASE("csv columns of one kind get its type", "[csv][inference]") {
    CHECK(type_of({"1", "-5", "0", "9223372036854775807"}) == "bigint");
    CHECK(type_of({"1", "9223372036854775808"}) == "numeric");
    CHECK(type_of({"1", "2.50", ".5"}) == "numeric");
    CHECK(type_of({"1", "2.5", "1e3"}) == "double precision");
    CHECK(type_of({"1", "NaN"}) == "double precision");
    CHECK(type_of({"1.5", "-0.0"}) == "double precision");
    CHECK(type_of({"t", "f", "TRUE"}) == "boolean");
    CHECK(type_of({"2024-02-29", "0001-01-01"}) == "date");
    CHECK(type_of({"2024-02-29", "2024-02-29T10:00:00.123456"}) == "timestamp without time zone");
    CHECK(type_of({"2024-02-29 10:00Z", "2024-02-29 10:00:00+02"}) == "timestamp with time zone");
    CHECK(type_of({"10:30", "9:05:00 PM"}) == "time without time zone");
    CHECK(type_of({"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"}) == "uuid");
    CHECK(type_of({"{\"a\": 1}", "[]"}) == "jsonb");
    CHECK(type_of({"", ""}) == "text");
    CHECK(why({"", ""}) == "text: no values");
}

TEST_CASE("csv columns that mix stay text, with the reason", "[csv][inference]") {
    CHECK(why({"1", "007"}) == "text: leading zeros at line 3: \"007\"");
    CHECK(why({"1", "00.5"}) == "text: leading zeros at line 3: \"00.5\"");
    CHECK(why({"+1"}) == "text: a leading plus sign at line 2: \"+1\"");
    CHECK(why({"-0"}) == "text: a minus before zero at line 2: \"-0\"");
    CHECK(why({"1", " 2"}) ==
          "text: blanks around the value at line 3: \" 2\" (option trim removes them)");
    CHECK(why({"1", "n/a"}) == "text: \"n/a\" at line 3 is no bigint");
    CHECK(why({"abc", "1"}) == "text: \"abc\" at line 2");
    CHECK(why({"1234567890123456789", "1234567890123456780"}) ==
          "text: each value has 19 digits, as identifiers have");
    CHECK(type_of({"2024-02-29 10:00Z", "2024-02-29 10:00"}) == "text");
    CHECK(type_of({"2024-02-29", "2024-02-29 10:00Z"}) == "text");
    CHECK(type_of({"2024-02-30"}) == "text");
    CHECK(type_of({"2024-02-29 24:00:00"}) == "text");
    CHECK(type_of({"23:59:60"}) == "text");
    CHECK(type_of({"2024-02-29 10:00:00.1234567"}) == "text");
    CHECK(type_of({"d41d8cd98f00b204e9800998ecf8427e"}) == "text");
    CHECK(type_of({"{\"a\": 1, \"a\": 2}"}) == "text");
    CHECK(type_of({"\"a\""}) == "text");
    CHECK(type_of({"yes", "no"}) == "text");
    CHECK(type_of({"F", "F"}) == "text");
    CHECK(type_of({"5", "true"}) == "text");
    CHECK(type_of({"true", "5"}) == "text");
    CHECK(type_of({"12%"}) == "text");
    CHECK(type_of({"0.1234567890123456789", "1e5"}) == "text");
    CHECK(type_of({"10:30", "9:05"}) == "text");
    CHECK(type_of({"192.168.100.101"}, semicolons()) == "text");
}

TEST_CASE("csv dates need one order", "[csv][inference]") {
    const InferredType dmy = infer({"03/04/2024", "31/12/2024"});
    CHECK(dmy.type.kind == TypeKind::date);
    CHECK(dmy.format.date_order == DateOrder::dmy);
    CHECK(infer({"31/12/2024", "03/04/2024"}).format.date_order == DateOrder::dmy);
    const InferredType mdy = infer({"3/4/2024 1:30 PM", "12/31/2024"});
    CHECK(mdy.type.kind == TypeKind::timestamp);
    CHECK(mdy.format.date_order == DateOrder::mdy);
    CHECK(infer({"2024/1/31"}).format.date_order == DateOrder::ymd);
    CHECK(infer({"2024-01-31", "2024-2-1"}).format.date_order == DateOrder::ymd);
    CHECK(infer({"2024-2-1", "2024-01-31"}).type.kind == TypeKind::date);

    const InferredType unknown = infer({"03/04/2024", "05/06/2024"});
    CHECK(unknown.type.kind == TypeKind::text);
    CHECK(unknown.is_notable);
    CHECK(unknown.evidence ==
          "text: \"03/04/2024\" at line 2 is 2024-04-03 (dmy) or 2024-03-04 (mdy), and no row "
          "tells which: option date_order decides");
    CHECK(type_of({"31/12/2024", "12/31/2024"}) == "text");
    CHECK(type_of({"31/12/2024", "31.12.2024"}) == "text");
    CHECK(type_of({"2024-01-31", "31/01/2024"}) == "text");
    CHECK(why({"31/12/24"}) == "text: a year of two digits at line 2: \"31/12/24\"");

    InferenceOptions given;
    given.format.date_order = DateOrder::mdy;
    CHECK(infer({"03/04/2024"}, given).format.date_order == DateOrder::mdy);
    CHECK(type_of({"31/12/2024"}, given) == "text");
    CHECK(type_of({"2024-12-31"}, given) == "date");
}

TEST_CASE("csv commas in numbers need to be the only reading", "[csv][inference]") {
    const InferredType comma = infer({"1,5", "2", "1.234,50"}, semicolons());
    CHECK(comma.type.kind == TypeKind::numeric);
    CHECK(comma.format.decimal == ',');
    CHECK(infer({"2", "1.234", "1,5"}, semicolons()).format.decimal == ',');
    CHECK(type_of({"2", "1.5", "1,5"}, semicolons()) == "text");
    CHECK(type_of({"0.123", "1,5"}, semicolons()) == "text");
    const InferredType thousands = infer({"1,234,567", "1,234.5", "7"}, semicolons());
    CHECK(thousands.type.kind == TypeKind::numeric);
    CHECK(thousands.format.thousands == ",");
    CHECK(type_of({"1,234,567", "7"}, semicolons()) == "bigint");
    CHECK(why({"7", "1,234"}, semicolons()) ==
          "text: \"1,234\" at line 3 has a decimal comma or a comma between thousands: options "
          "decimal and thousands decide");
    // Where the comma is the delimiter, the option alone reads it.
    CHECK(type_of({"1,5"}) == "text");
    CHECK(why({"1", "1,5"}) == "text: a number with commas at line 3: \"1,5\" (options decimal and "
                               "thousands say how to read it)");
    InferenceOptions given;
    given.has_number_format = true;
    given.format.decimal = ',';
    CHECK(type_of({"1,5", "7"}, given) == "numeric");
    CHECK(type_of({"1.5"}, given) == "text");
}

TEST_CASE("csv words of truth are the caller's too", "[csv][inference]") {
    InferenceOptions words;
    words.format.true_texts = {"yes", "1"};
    words.format.false_texts = {"no", "0"};
    CHECK(type_of({"Yes", "no"}, words) == "boolean");
    CHECK(type_of({"1", "0"}, words) == "boolean");
    CHECK(type_of({"1", "0", "2"}, words) == "bigint");
    CHECK(type_of({"2", "0", "1"}, words) == "bigint");
    CHECK(type_of({"1", "yes", "2"}, words) == "text");
}

TEST_CASE("csv null markers do not count", "[csv][inference]") {
    CHECK(infer({"1", "", "3"}).nulls == 1);
    CHECK(infer({"1", "", "3"}).values == 2);
    const InferredType quoted = infer({"1", ""}, {}, true);
    CHECK(quoted.evidence ==
          "text: a quoted empty value at line 3 (option force_null reads it as NULL)");
    InferenceOptions options;
    options.null_texts = {"NA", "-"};
    CHECK(type_of({"1", "NA", "-"}, options) == "bigint");
    CHECK(type_of({"1", ""}, options) == "text");
    CHECK(infer({"1", "NA"}, options, true).type.kind == TypeKind::text);
    options.is_null_forced = true;
    CHECK(infer({"1", "NA"}, options, true).type.kind == TypeKind::bigint);
    options.is_null_refused = true;
    CHECK(type_of({"1", "NA"}, options) == "text");
}

namespace {

// Values near the borders of every kind, chosen and damaged at random.
std::string random_value(std::mt19937 &random) {
    static const std::vector<std::string> kSeeds = {"0",
                                                    "7",
                                                    "-12",
                                                    "007",
                                                    "1.5",
                                                    "-0.0",
                                                    ".5",
                                                    "1,5",
                                                    "1.234",
                                                    "1,234",
                                                    "1.234,5",
                                                    "1,234.5",
                                                    "1e5",
                                                    "NaN",
                                                    "-inf",
                                                    "t",
                                                    "F",
                                                    "true",
                                                    "2024-01-05",
                                                    "05/01/2024",
                                                    "31.12.2024",
                                                    "12/31/2024",
                                                    "2024/1/5",
                                                    "2024-1-5 9:00 PM",
                                                    "10:30",
                                                    "9:05:00",
                                                    "{\"a\":1}",
                                                    "[1]",
                                                    "yes",
                                                    "9007199254740993",
                                                    "0.30000000000000004",
                                                    "9223372036854775808",
                                                    "2024-01-05T10:00:00Z",
                                                    "2024-01-05 10:00:00",
                                                    "05/01/2024 10:00",
                                                    "123456789012345678",
                                                    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"};
    std::string value = kSeeds[random() % kSeeds.size()];
    if (random() % 4 == 0)
        value[random() % value.size()] = "0123456789.,-/: eE"[random() % 18];
    if (random() % 8 == 0)
        value.insert(random() % (value.size() + 1), 1, "0123456789.,-/: "[random() % 16]);
    return value;
}

} // namespace

TEST_CASE("csv values that inference accepts load", "[csv][inference]") {
    std::mt19937 random(20240229);
    for (int round = 0; round < 20000; round++) {
        InferenceOptions options;
        options.is_comma_delimited = random() % 2 == 0;
        if (random() % 4 == 0) {
            options.has_number_format = true;
            options.format.decimal = random() % 2 == 0 ? ',' : '.';
            options.format.thousands = options.format.decimal == ',' ? "." : ",";
        }
        // Alike values are what makes a type.
        std::vector<std::string> values(1 + random() % 4);
        const std::string like = random_value(random);
        for (std::string &value : values)
            value = random() % 2 == 0 ? like : random_value(random);
        const InferredType type = infer(values, options);
        ColumnRule rule;
        rule.type = type.type;
        rule.takes_number_text = true;
        for (const std::string &value : values) {
            std::string room(format_room(value.size()), '?');
            Batch arena(1);
            std::optional<Cell> cell =
                format_value(value, type.type.kind, type.format, room.data());
            INFO(value << " of " << type.evidence);
            REQUIRE(cell);
            REQUIRE(convert_cell(*cell, rule, arena) == Fit::fits);
        }
        // The order of the rows does not matter.
        std::ranges::shuffle(values, random);
        const InferredType again = infer(values, options);
        INFO(type.evidence << " | " << again.evidence);
        REQUIRE(again.type == type.type);
        REQUIRE(again.format.date_order == type.format.date_order);
        REQUIRE(again.format.decimal == type.format.decimal);
    }
}

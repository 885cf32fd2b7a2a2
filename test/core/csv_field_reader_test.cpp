#include "catch.hpp"
#include "csv_conversion_fixture.hpp"

#include "core/csv/field_reader.hpp"
#include "core/csv/value_problem.hpp"
#include "core/value/decimal.hpp"

#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace migrate::core;
using namespace migrate::core::csv;
using migrate::test::column_of;
using migrate::test::shown_cell;

namespace {

std::string read(const std::string &text, RecordColumn column) {
    column.rule.takes_number_text = true;
    Batch batch(1);
    Cell cell;
    switch (field_reader(column.rule.type.kind)(text, column, cell, batch)) {
    case Fit::fits:
        return shown_cell(cell);
    case Fit::rounded:
        return shown_cell(cell) + " rounded";
    case Fit::invalid_text:
        return "invalid";
    default:
        return "misfit";
    }
}

std::string read(const std::string &text, Type type) {
    return read(text, column_of("c", std::move(type), 0));
}

std::string read(const std::string &text, TypeKind kind) {
    return read(text, make_type(kind));
}

std::string why(const std::string &text, const RecordColumn &column, Fit fit = Fit::misfit) {
    const ValueProblem problem = value_problem(text, column, fit);
    return std::string(problem.code) + " " + problem.reason;
}

std::string why(const std::string &text, TypeKind kind) {
    return why(text, column_of("c", make_type(kind), 0));
}

// A numeric by its digits, however the cell holds it.
std::string canonical(const Cell &cell, TypeKind kind) {
    if (kind != TypeKind::numeric || cell.storage == StorageClass::null)
        return shown_cell(cell);
    std::string digits = cell.storage == StorageClass::text ? std::string(cell.view())
                                                            : std::to_string(cell.integer);
    if (cell.storage == StorageClass::integer && cell.scale > 0) {
        const bool is_negative = digits.front() == '-';
        digits.erase(0, is_negative ? 1 : 0);
        if (digits.size() <= cell.scale)
            digits.insert(0, cell.scale + 1 - digits.size(), '0');
        digits.insert(digits.size() - cell.scale, ".");
        digits.insert(0, is_negative ? "-" : "");
    }
    return digits;
}

// The zeros that numeric(p,s) adds or drops anyway.
std::string without_zeros(std::string digits) {
    if (digits.find('.') == std::string::npos)
        return digits;
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.')
        digits.pop_back();
    return digits;
}

class Values {
  public:
    std::string next() {
        std::string text = kSeeds[random_() % std::size(kSeeds)];
        for (std::size_t changes = random_() % 4; changes > 0; changes--)
            change(text);
        return text;
    }
    std::size_t number(std::size_t below) { return random_() % below; }

  private:
    void change(std::string &text) {
        constexpr char kBytes[] = "0123456789019.,-+:eETtZ /f";
        const char byte = kBytes[random_() % (sizeof(kBytes) - 1)];
        const std::size_t at = random_() % (text.size() + 1);
        if (random_() % 3 == 0)
            text.insert(at, 1, byte);
        else if (at < text.size() && random_() % 2 == 0)
            text[at] = byte;
        else if (at < text.size())
            text.erase(at, 1);
    }

    static constexpr const char *kSeeds[] = {"0",
                                             "-1",
                                             "12345",
                                             "999999999999999999",
                                             "9223372036854775807",
                                             "-9223372036854775808",
                                             "12.50",
                                             "-0.5",
                                             "0.00",
                                             "99999999.99",
                                             "123456789012345.678",
                                             "1.234.567,89",
                                             "1,234.5",
                                             "1e10",
                                             "NaN",
                                             "2024-02-29",
                                             "2024-02-29 12:34:56.789",
                                             "2024-02-29T23:59:59.1234567+05:30",
                                             "2024-02-29 12:34:56Z",
                                             "31.12.2024",
                                             "31/12/2024 5:07 PM",
                                             "t",
                                             "false",
                                             "yes",
                                             "0.30000000000000004",
                                             "0.12345678901234567",
                                             "12345678901234567",
                                             "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                                             "1",
                                             "text"};
    std::mt19937 random_{20240229};
};

std::vector<RecordColumn> columns_to_try() {
    std::vector<RecordColumn> columns;
    for (const Type &type :
         {make_type(TypeKind::boolean), make_type(TypeKind::bigint), make_type(TypeKind::numeric),
          make_numeric(10, 2), make_numeric(3, 3), make_numeric(18, 0), make_numeric(30, 4),
          make_numeric(2, -1), make_type(TypeKind::float8), make_type(TypeKind::text),
          make_varchar(5), make_type(TypeKind::date), make_type(TypeKind::timestamp),
          make_type(TypeKind::timestamptz), make_type(TypeKind::time), make_type(TypeKind::json),
          make_type(TypeKind::uuid)})
        columns.push_back(column_of("c", type, 0));
    columns.push_back(columns[1]);
    columns.back().min_integer = INT16_MIN;
    columns.back().max_integer = INT16_MAX;
    for (RecordColumn &column : columns)
        column.rule.takes_number_text = true;
    return columns;
}

std::vector<ValueFormat> formats_to_try() {
    std::vector<ValueFormat> formats(5);
    formats[1].decimal = ',';
    formats[1].thousands = ".";
    formats[1].date_order = DateOrder::dmy;
    formats[2].thousands = ",";
    formats[2].date_order = DateOrder::mdy;
    formats[3].thousands = ".";
    formats[3].true_texts = {"yes", "f"};
    formats[4].decimal = ',';
    formats[4].false_texts = {"1", "t"};
    return formats;
}

} // namespace

TEST_CASE("csv fields are read the short way as by their format", "[csv][field]") {
    const std::vector<RecordColumn> columns = columns_to_try();
    const std::vector<ValueFormat> formats = formats_to_try();
    Values values;
    Batch batch(1);
    int fits = 0;
    for (int i = 0; i < 200'000; i++) {
        RecordColumn column = columns[values.number(columns.size())];
        column.reading.format = formats[values.number(formats.size())];
        const TypeKind kind = column.rule.type.kind;
        const std::string text = values.next();
        Cell fast, slow;
        const Fit fast_fit = field_reader(kind)(text, column, fast, batch);
        const Fit slow_fit = read_by_format(text, column, slow, batch);
        std::string fast_shown = canonical(fast, kind), slow_shown = canonical(slow, kind);
        if (column.rule.type.length >= 0 && kind == TypeKind::numeric) {
            fast_shown = without_zeros(fast_shown);
            slow_shown = without_zeros(slow_shown);
        }
        fits += fast_fit == Fit::fits ? 1 : 0;
        if (fast_fit != slow_fit || fast_shown != slow_shown) {
            CAPTURE(text, column.rule.type.sql(), static_cast<int>(fast_fit));
            REQUIRE(fast_shown == slow_shown);
            REQUIRE(fast_fit == slow_fit);
        }
        batch.clear();
    }
    CHECK(fits > 30'000);
}

TEST_CASE("csv doubles are those nearest to their text", "[csv][field]") {
    std::mt19937_64 random{7};
    RecordColumn column = column_of("c", make_type(TypeKind::float8), 0);
    column.has_input_function = true; // or digits beyond the 15th might be lost
    Batch batch(1);
    for (int i = 0; i < 100'000; i++) {
        const auto digits = static_cast<std::int64_t>(random() >> (5 + random() % 50));
        std::string text = std::to_string(digits);
        text.insert(1 + random() % text.size(), ".");
        if (text.back() == '.')
            text.pop_back();
        Cell cell;
        REQUIRE(field_reader(TypeKind::float8)(text, column, cell, batch) == Fit::fits);
        REQUIRE(cell.real == std::strtod(text.c_str(), nullptr));
    }
}

TEST_CASE("csv numbers", "[csv][field]") {
    CHECK(read("999999999999999999", TypeKind::bigint) == "999999999999999999");
    CHECK(read("9223372036854775807", TypeKind::bigint) == "9223372036854775807");
    CHECK(read("9223372036854775808", TypeKind::bigint) == "misfit");
    CHECK(read("-5", TypeKind::bigint) == "-5");
    CHECK(read("", TypeKind::bigint) == "misfit");
    CHECK(read("-", TypeKind::bigint) == "misfit");
    CHECK(read("007", TypeKind::bigint) == "misfit");
    CHECK(read("-0", TypeKind::bigint) == "misfit");
    CHECK(read("1.", TypeKind::numeric) == "misfit");
    CHECK(read("1.50", TypeKind::numeric) == "150e-2");
    CHECK(read(".5", TypeKind::numeric) == "'0.5'");
    CHECK(read("1234567890123456789.5", TypeKind::numeric) == "'1234567890123456789.5'");
    CHECK(read("12.5", make_numeric(10, 2)) == "1250e-2");
    CHECK(read("99999999.99", make_numeric(10, 2)) == "9999999999e-2");
    CHECK(read("100000000", make_numeric(10, 2)) == "misfit");
    CHECK(read("0.999", make_numeric(3, 3)) == "999e-3");
    CHECK(read("1", make_numeric(3, 3)) == "misfit");
    CHECK(read("1.005", make_numeric(10, 2)) == "misfit");
    CHECK(read("1.500", make_numeric(10, 1)) == "'1.500'");
    CHECK(read("0.1", TypeKind::float8) == "0.1");
    CHECK(read("-0.0", TypeKind::float8) == "-0.0");
    CHECK(read("0.30000000000000004", TypeKind::float8) == "0.30000000000000004");
    CHECK(read("0.12345678901234567", TypeKind::float8) == "misfit");
}

TEST_CASE("csv integers smaller than bigint", "[csv][field]") {
    RecordColumn column = column_of("c", make_type(TypeKind::bigint), 0);
    column.min_integer = INT16_MIN;
    column.max_integer = INT16_MAX;
    CHECK(read("-32768", column) == "-32768");
    CHECK(read("32768", column) == "misfit");
    CHECK(why("32768", column) == "22003 value \"32768\" is out of range for type smallint");
    CHECK(why("x", column) == "22P02 invalid input syntax for type smallint: \"x\"");
    column.min_integer = INT32_MIN;
    column.max_integer = INT32_MAX;
    column.reading.format.thousands = ",";
    CHECK(read("2,147,483,647", column) == "2147483647");
    CHECK(read("2,147,483,648", column) == "misfit");
    CHECK(why("2,147,483,648", column) ==
          "22003 value \"2,147,483,648\" is out of range for type integer");
}

TEST_CASE("csv times and bytes", "[csv][field]") {
    CHECK(read("2000-01-02", TypeKind::date) == "1");
    CHECK(read("2000-01-01 00:00:01", TypeKind::timestamp) == "1000000");
    CHECK(read("2000-01-01 00:00:01+00", TypeKind::timestamp) == "1000000");
    CHECK(read("2000-01-01 00:00:01+01", TypeKind::timestamp) == "misfit");
    CHECK(read("2000-01-01 00:00:00.0000015", TypeKind::timestamp) == "2 rounded");
    CHECK(read("2000-01-01 01:00:01+01", TypeKind::timestamptz) == "1000000");
    CHECK(read("2000-01-01 00:00:01", TypeKind::timestamptz) == "1000000 naive");
    CHECK(read("9:05", TypeKind::time) == "32700000000");
    CHECK(read("\\x41ff", TypeKind::bytea) == "x'A\xFF'");
    CHECK(read("\\x4", TypeKind::bytea) == "misfit");
    CHECK(read("\\x4g", TypeKind::bytea) == "misfit");
    CHECK(read("a\\101", TypeKind::bytea) == "misfit");
    CHECK(read("\xC3\xA4", TypeKind::bytea) == "misfit");
    CHECK(read("plain", TypeKind::bytea) == "x'plain'");
    CHECK(read("", TypeKind::bytea) == "x''");
}

TEST_CASE("csv uuids", "[csv][field]") {
    const std::string shown = "x'0123456789abcdef'";
    CHECK(read("30313233-3435-3637-3839-616263646566", TypeKind::uuid) == shown);
    CHECK(read("{30313233343536373839616263646566}", TypeKind::uuid) == shown);
    CHECK(read("30313233-3435-3637-3839-6162636465AF", TypeKind::uuid) == "x'0123456789abcde\xAF'");
    CHECK(read("30313233-3435-3637-3839-61626364656g", TypeKind::uuid) == "misfit");
    CHECK(read("3031323g-3435-3637-3839-616263646566", TypeKind::uuid) == "misfit");
    CHECK(read("30313233-3435-3637-3839-6162636465", TypeKind::uuid) == "misfit");
}

TEST_CASE("csv text", "[csv][field]") {
    CHECK(read("a\xC3\xA4", TypeKind::text) == "'a\xC3\xA4'");
    CHECK(read("a\xC3", TypeKind::text) == "invalid");
    CHECK(read("\xC3\xA4\xC3\xA4", make_varchar(2)) == "'\xC3\xA4\xC3\xA4'");
    CHECK(read("abc", make_varchar(2)) == "misfit");
    CHECK(read(std::string(300, 'a'), make_varchar(300)) == "'" + std::string(300, 'a') + "'");
    CHECK(read("{\"a\":1,\"a\":2}", TypeKind::json) == "'{\"a\":1,\"a\":2}'");
    CHECK(read("{\"a\":1,\"a\":2}", TypeKind::jsonb) == "misfit");
    const std::string digits(200, '7');
    CHECK(read("-" + digits + "." + digits, TypeKind::numeric) ==
          "'-" + digits + "." + digits + "'");

    RecordColumn ascii = column_of("c", make_type(TypeKind::text), 0);
    ascii.rule.is_utf8_checked = false;
    CHECK(read("a\xC3", ascii) == "'a\xC3'");
}

TEST_CASE("csv misfits in PostgreSQL's words", "[csv][field]") {
    CHECK(why("abc", TypeKind::bigint) == "22P02 invalid input syntax for type bigint: \"abc\"");
    CHECK(why("1.5", TypeKind::bigint) == "22P02 invalid input syntax for type bigint: \"1.5\"");
    CHECK(why("99999999999999999999", TypeKind::bigint) ==
          "22003 value \"99999999999999999999\" is out of range for type bigint");
    CHECK(why("1000", column_of("c", make_numeric(3, 1), 0)) ==
          "22003 value \"1000\" is out of range for type numeric(3,1)");
    CHECK(why("1e400", TypeKind::float8) ==
          "22003 value \"1e400\" is out of range for type double precision");
    CHECK(why("n/a", TypeKind::float8) ==
          "22P02 invalid input syntax for type double precision: \"n/a\"");
    CHECK(why("maybe", TypeKind::boolean) ==
          "22P02 invalid input syntax for type boolean: \"maybe\"");
    CHECK(why("abcd", column_of("c", make_varchar(3), 0)) ==
          "22001 value too long for type character varying(3)");
    CHECK(why("a\xFFz", column_of("c", make_type(TypeKind::text), 0), Fit::invalid_text) ==
          "22021 invalid byte sequence for encoding \"UTF8\": 0xff");
    CHECK(why(std::string(70, 'x'), TypeKind::uuid) ==
          "22P02 invalid input syntax for type uuid: \"" + std::string(60, 'x') + "\"...");
    const RecordColumn small = column_of("c", make_type(TypeKind::text), 0);
    CHECK(size_problem(300'000'000, small).reason ==
          "value of 300000000 bytes exceeds the limit of 268435456 bytes");
}

TEST_CASE("csv moments that do not exist", "[csv][field]") {
    const std::string range = "22008 date/time field value out of range: ";
    CHECK(why("2024-02-30", TypeKind::date) == range + "\"2024-02-30\"");
    CHECK(why("0000-01-01", TypeKind::date) == range + "\"0000-01-01\"");
    CHECK(why("2023-02-29 10:00:00+01", TypeKind::timestamptz) ==
          range + "\"2023-02-29 10:00:00+01\"");
    CHECK(why("25:00", TypeKind::time) == range + "\"25:00\"");
    CHECK(why("soon", TypeKind::date) == "22007 invalid input syntax for type date: \"soon\"");
    CHECK(why("2024-02-30 soon", TypeKind::timestamp) ==
          "22007 invalid input syntax for type timestamp without time zone: \"2024-02-30 soon\"");
    CHECK(why("2024-02-03 04:05", TypeKind::date) ==
          "22007 invalid input syntax for type date: \"2024-02-03 04:05\"");
    RecordColumn column = column_of("c", make_type(TypeKind::date), 0);
    column.reading.format.date_order = DateOrder::dmy;
    CHECK(read("30/1/2000", column) == "29");
    CHECK(why("31/2/2024", column) == range + "\"31/2/2024\"");
}

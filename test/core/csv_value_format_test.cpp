#include "core/csv/value_format.hpp"

#include "core/cell_converter.hpp"

#include "catch.hpp"

#include <cmath>

using namespace migrate::core;
using namespace migrate::core::csv;

namespace {

std::string number(std::string_view text, char decimal, std::string_view thousands) {
    std::string room(format_room(text.size()), '?');
    const auto plain = normalise_number(text, decimal, thousands, room.data());
    return plain ? std::string(*plain) : "none";
}

std::string moment(std::string_view text, DateOrder order) {
    std::string room(format_room(text.size()), '?');
    const auto iso = normalise_moment(text, order, room.data());
    return iso ? std::string(*iso) : "none";
}

std::string clock_of(std::string_view text) {
    std::string room(format_room(text.size()), '?');
    const auto iso = normalise_clock(text, room.data());
    return iso ? std::string(*iso) : "none";
}

// What the column would hold: the integer of the converted cell, or -1.
std::int64_t loaded(std::string_view text, TypeKind kind, const ValueFormat &format) {
    std::string room(format_room(text.size()), '?');
    std::optional<Cell> cell = format_value(text, kind, format, room.data());
    ColumnRule rule;
    rule.type = make_type(kind);
    rule.takes_number_text = true;
    Batch arena(1);
    if (!cell || convert_cell(*cell, rule, arena) != Fit::fits)
        return -1;
    return cell->storage == StorageClass::integer ? cell->integer : -2;
}

} // namespace

TEST_CASE("csv numbers become plain", "[csv][format]") {
    CHECK(number("1.234.567,50", ',', ".") == "1234567.50");
    CHECK(number("-1,234.5", '.', ",") == "-1234.5");
    CHECK(number("1234,5", ',', "") == "1234.5");
    CHECK(number("1234,5", ',', ".") == "1234.5");
    CHECK(number("1'234", '.', "'") == "1234");
    CHECK(number("1\u202f234", '.', "\u202f") == "1234");
    CHECK(number(".5", '.', "") == "0.5");
    CHECK(number("-,5", ',', "") == "-0.5");
    CHECK(number("1,5e-3", ',', "") == "1.5e-3");
}

TEST_CASE("csv numbers of another form are refused", "[csv][format]") {
    for (const char *text : {"", "-", ".", "5.", "1,23,456", "12,34", "1234,567", "1,234,", ",234",
                             "1,2345", "1e", "1e+", "+5", " 5", "5 ", "0x10", "1_000", "1.2.3"})
        CHECK(number(text, '.', ",") == "none");
    CHECK(number("1.5", ',', "") == "none");
}

TEST_CASE("csv dates become ISO", "[csv][format]") {
    CHECK(moment("31.12.2024", DateOrder::dmy) == "2024-12-31");
    CHECK(moment("1/2/2024", DateOrder::dmy) == "2024-02-01");
    CHECK(moment("1/2/2024", DateOrder::mdy) == "2024-01-02");
    CHECK(moment("2024/1/2", DateOrder::ymd) == "2024-01-02");
    CHECK(moment("1/31/2024 5:07 PM", DateOrder::mdy) == "2024-01-31 17:07");
    CHECK(moment("1/31/2024 12:00:01.5am", DateOrder::mdy) == "2024-01-31 00:00:01.5");
    CHECK(moment("31-01-2024T09:05:00+02:00", DateOrder::dmy) == "2024-01-31 09:05:00+02:00");
    for (const char *text : {"31.12.24", "31.12-2024", "31 12 2024", "31.12.2024 ", "2024-12-31",
                             "131.12.2024", "31.12.20244", "31.12.2024 1", "31.12.2024 13:00 PM",
                             "31.12.2024 0:00 AM", "", "/", "1/"})
        CHECK(moment(text, DateOrder::dmy) == "none");
}

TEST_CASE("csv times of day become ISO", "[csv][format]") {
    CHECK(clock_of("9:05") == "09:05");
    CHECK(clock_of("12:30:15 am") == "00:30:15");
    CHECK(clock_of("11:59:59.999 PM") == "23:59:59.999");
    for (const char *text : {"9", "9:5", "9:05:", "9:05:00.", "123:00", "9:05 xm", "9:05pmm"})
        CHECK(clock_of(text) == "none");
}

TEST_CASE("csv reals keep their digits", "[csv][format]") {
    CHECK(exact_real("1e5") == 100000.0);
    CHECK(exact_real("-1.50E-3") == -0.0015);
    CHECK(exact_real("0.30000000000000004") == 0.1 + 0.2);
    CHECK(std::isnan(exact_real("NaN").value_or(0)));
    CHECK(exact_real("-Infinity") == -HUGE_VAL);
    CHECK(std::signbit(exact_real("-0.0").value_or(1)));
    for (const char *text : {"0.1234567890123456789", "9007199254740993", "1e400", "1e-400",
                             "4.95e-324", "01e5", "1e", "e5", "", "-", "+1", "0x1p3"})
        CHECK_FALSE(exact_real(text));
}

TEST_CASE("csv values reach the converter", "[csv][format]") {
    ValueFormat german;
    german.decimal = ',';
    german.thousands = ".";
    german.date_order = DateOrder::dmy;
    german.true_texts = {"ja"};
    german.false_texts = {"nein"};
    CHECK(loaded("1.234", TypeKind::bigint, german) == 1234);
    CHECK(loaded("1.5", TypeKind::bigint, german) == -1);
    CHECK(loaded("1.5", TypeKind::numeric, german) == -1);
    CHECK(loaded("1,5", TypeKind::numeric, german) == -2);
    CHECK(loaded("02.01.2000", TypeKind::date, german) == 1);
    CHECK(loaded("2000-01-02", TypeKind::date, german) == 1);
    CHECK(loaded("31.02.2000", TypeKind::date, german) == -1);
    CHECK(loaded("01.01.2000 0:00:01", TypeKind::timestamp, german) == 1'000'000);
    CHECK(loaded("JA", TypeKind::boolean, german) == 1);
    CHECK(loaded("nein", TypeKind::boolean, german) == 0);
    CHECK(loaded("F", TypeKind::boolean, german) == 0);
    CHECK(loaded("maybe", TypeKind::boolean, german) == -1);
    CHECK(loaded("12:00 AM", TypeKind::time, german) == 0);
}

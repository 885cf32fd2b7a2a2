#include "catch.hpp"

#include "core/value/decimal.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <sqlite3.h>
#include <string>

using namespace migrate::core::value;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string shortest(double number) {
    RealBuffer buffer;
    return std::string(shortest_text(number, buffer));
}

std::string sqlite(double number) {
    RealBuffer buffer;
    return std::string(sqlite_text(number, buffer));
}

// What this machine's SQLite prints.
std::string by_sqlite(double number) {
    char *text = sqlite3_mprintf("%!.15g", number);
    std::string copy(text);
    sqlite3_free(text);
    return copy;
}

double random_double(std::mt19937_64 &random) {
    for (;;) {
        std::uint64_t bits = random();
        double number = 0;
        std::memcpy(&number, &bits, sizeof(number));
        if (std::isfinite(number))
            return number;
    }
}

} // namespace

TEST_CASE("integers that a real equals", "[value][decimal]") {
    CHECK(exact_integer(0.0) == 0);
    CHECK(exact_integer(-0.0) == 0);
    CHECK(exact_integer(-1.0) == -1);
    CHECK(exact_integer(9007199254740993.0) == 9007199254740992);
    CHECK(exact_integer(9223372036854774784.0) == 9223372036854774784);
    CHECK(exact_integer(-9223372036854775808.0) == INT64_MIN);
    CHECK_FALSE(exact_integer(9223372036854775808.0));
    CHECK_FALSE(exact_integer(-9223372036854777856.0));
    CHECK_FALSE(exact_integer(0.5));
    CHECK_FALSE(exact_integer(5e-324));
    CHECK_FALSE(exact_integer(1e308));
    CHECK_FALSE(exact_integer(kInfinity));
    CHECK_FALSE(exact_integer(-kInfinity));
    CHECK_FALSE(exact_integer(std::nan("")));
}

TEST_CASE("integers that a double holds", "[value][decimal]") {
    CHECK(is_exact_double(0));
    CHECK(is_exact_double(9007199254740992));
    CHECK_FALSE(is_exact_double(9007199254740993));
    CHECK(is_exact_double(9007199254740994));
    CHECK(is_exact_double(-9007199254740992));
    CHECK_FALSE(is_exact_double(-9007199254740993));
    CHECK_FALSE(is_exact_double(INT64_MAX));
    CHECK(is_exact_double(INT64_MIN));
}

TEST_CASE("the shortest text of a real", "[value][decimal]") {
    CHECK(shortest(0.1) == "0.1");
    CHECK(shortest(-12.5) == "-12.5");
    CHECK(shortest(0.1 + 0.2) == "0.30000000000000004");
    CHECK(shortest(0.00001) == "0.00001");
    CHECK(shortest(0.000001) == "1e-06");
    CHECK(shortest(123456789.125) == "123456789.125");
    CHECK(shortest(9007199254740991.0) == "9007199254740991");
    CHECK(shortest(1e23) == "1e+23");
    CHECK(shortest(1e308) == "1e+308");
    CHECK(shortest(5e-324) == "5e-324");
    CHECK(shortest(-std::numeric_limits<double>::max()) == "-1.7976931348623157e+308");
}

TEST_CASE("the shortest text of any real reads back", "[value][decimal]") {
    std::mt19937_64 random(20240229);
    int wrong = 0;
    for (int i = 0; i < 20'000; i++) {
        const double any = random_double(random);
        const double price = double(std::int64_t(random() % 2'000'000'000) - 1'000'000'000) / 1000;
        for (double number : {any, price}) {
            wrong += std::strtod(shortest(number).c_str(), nullptr) != number;
            wrong += std::strtod(sqlite(number).c_str(), nullptr) != number;
            wrong += sqlite(number).find('.') == std::string::npos;
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("integers over a power of ten", "[value][decimal]") {
    CHECK(scaled_integer(12.5, 1) == 125);
    CHECK(scaled_integer(12.5, 2) == 1250);
    CHECK(scaled_integer(-0.1, 1) == -1);
    CHECK(scaled_integer(-0.0, 2) == 0);
    CHECK(scaled_integer(999'999'999'999'999.0, 0) == 999'999'999'999'999);
    CHECK(scaled_integer(9'999'999'999'999.99, 2) == 999'999'999'999'999);
    CHECK(scaled_integer(0.999'999'999'999'999, 15) == 999'999'999'999'999);
    CHECK(scaled_integer(1e-15, 15) == 1);
    CHECK_FALSE(scaled_integer(12.5, 0));
    CHECK_FALSE(scaled_integer(1.005, 2));
    CHECK_FALSE(scaled_integer(0.1 + 0.2, 15));
    CHECK_FALSE(scaled_integer(1e15, 0));
    CHECK_FALSE(scaled_integer(1e14, 1));
    CHECK_FALSE(scaled_integer(99'999'999'999'999.99, 2));
    CHECK_FALSE(scaled_integer(1.0, 15));
    CHECK_FALSE(scaled_integer(5e-324, 15));
    CHECK_FALSE(scaled_integer(std::numeric_limits<double>::max(), 15));
    CHECK_FALSE(scaled_integer(kInfinity, 2));
    CHECK_FALSE(scaled_integer(std::nan(""), 2));
}

TEST_CASE("an integer over a power of ten says what the shortest text says", "[value][decimal]") {
    std::mt19937_64 random(20240302);
    int wrong = 0;
    int taken = 0;
    for (int i = 0; i < 50'000; i++) {
        const int scale = 1 + int(random() % 15);
        const int digits = 1 + int(random() % 17);
        const auto wanted = std::int64_t(random() % std::uint64_t(power_of_ten(digits)));
        const std::string written = std::to_string(wanted) + "e-" + std::to_string(scale);
        double number = std::strtod(written.c_str(), nullptr);
        if (i % 2 == 0)
            number = std::nextafter(number, i % 4 == 0 ? kInfinity : 0);
        const auto found = scaled_integer(number, scale);
        wrong += i % 2 == 1 && digits <= 15 && found != wanted;
        taken += found.has_value();
        if (!found || *found == 0)
            continue;
        // numeric_in would read the shortest text as the same digits at the same powers of ten.
        const DecimalShape text = shape_of(shortest(number));
        const DecimalShape integer = shape_of(*found);
        wrong += text.is_zero != integer.is_zero || text.first != integer.first - scale ||
                 text.last != integer.last - scale;
        wrong += std::strtod((std::to_string(*found) + "e-" + std::to_string(scale)).c_str(),
                             nullptr) != number;
    }
    CHECK(wrong == 0);
    CHECK(taken > 20'000);
}

TEST_CASE("reals in SQLite's layout", "[value][decimal]") {
    CHECK(sqlite(1.0) == "1.0");
    CHECK(sqlite(0.0) == "0.0");
    CHECK(sqlite(-0.0) == "-0.0");
    CHECK(sqlite(100.0) == "100.0");
    CHECK(sqlite(-0.5) == "-0.5");
    CHECK(sqlite(0.1) == "0.1");
    CHECK(sqlite(0.0001) == "0.0001");
    CHECK(sqlite(0.00001) == "1.0e-05");
    CHECK(sqlite(1.5e-7) == "1.5e-07");
    CHECK(sqlite(123456789012345.0) == "123456789012345.0");
    CHECK(sqlite(1e14) == "100000000000000.0");
    CHECK(sqlite(1e15) == "1.0e+15");
    CHECK(sqlite(1e100) == "1.0e+100");
    CHECK(sqlite(1e308) == "1.0e+308");
    CHECK(sqlite(kInfinity) == "Inf");
    CHECK(sqlite(-kInfinity) == "-Inf");
    CHECK(sqlite(std::nan("")) == "NaN");
}

TEST_CASE("reals that 15 digits do not tell", "[value][decimal]") {
    CHECK(sqlite(0.1 + 0.2) == "0.30000000000000004");
    CHECK(sqlite(9007199254740992.0) == "9007199254740992.0");
    CHECK(sqlite(1.0 / 3) == "0.3333333333333333");
    CHECK(sqlite(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
    CHECK(sqlite(12345678901234567.0) == "12345678901234568.0");
    CHECK(sqlite(5e-324) == "4.94065645841247e-324");
}

TEST_CASE("where 15 digits read back, the text is SQLite's own", "[value][decimal]") {
    std::mt19937_64 random(15);
    int compared = 0, different = 0;
    for (int i = 0; i < 20'000; i++) {
        const int exponent = int(random() % 40) - 20;
        const double number = double(random() % 1'000'000'000) * std::pow(10.0, exponent);
        const std::string theirs = by_sqlite(number);
        if (std::strtod(theirs.c_str(), nullptr) != number)
            continue;
        compared++;
        different += theirs != sqlite(number);
    }
    CHECK(compared > 10'000);
    CHECK(different == 0);
}

TEST_CASE("shapes", "[value][decimal]") {
    const DecimalShape shape = shape_of("-125.50");
    CHECK(shape.is_negative);
    CHECK(shape.first == 2);
    CHECK(shape.last == -1);
    CHECK(shape.scale == 2);
    CHECK(shape_of("1e5").first == 5);
    CHECK(shape_of("1e5").scale == 0);
    CHECK(shape_of("1.5E-7").last == -8);
    CHECK(shape_of("1.5e-07").scale == 8);
    CHECK(shape_of("0.000").is_zero);
    CHECK(shape_of("0.000").scale == 3);
    CHECK(shape_of("0.0012").first == -3);
    CHECK(shape_of("1e99999999999999999999").exponent == 1'000'000'000);
    CHECK(shape_of(INT64_MIN).first == 18);
    CHECK(shape_of(std::int64_t{1200}).last == 2);
}

TEST_CASE("numeric(p,s) holds what needs no rounding", "[value][decimal]") {
    CHECK(fits_numeric(shape_of("99999999.99"), 10, 2));
    CHECK_FALSE(fits_numeric(shape_of("100000000"), 10, 2));
    CHECK_FALSE(fits_numeric(shape_of("0.001"), 10, 2));
    CHECK(fits_numeric(shape_of("0.0100"), 10, 2));
    CHECK(fits_numeric(shape_of("0"), 1, 1));
    CHECK(fits_numeric(shape_of("0.9"), 1, 1));
    CHECK_FALSE(fits_numeric(shape_of("1"), 1, 1));
    CHECK(fits_numeric(shape_of("-9"), 1, 0));
    CHECK_FALSE(fits_numeric(shape_of("10"), 1, 0));
    CHECK(fits_numeric(shape_of("1e+20"), 21, 0));
    CHECK_FALSE(fits_numeric(shape_of("1e+20"), 20, 0));
    // Scales outside 0…p: PostgreSQL 15 and later.
    CHECK(fits_numeric(shape_of("12300"), 3, -2));
    CHECK_FALSE(fits_numeric(shape_of("12345"), 3, -2));
    CHECK_FALSE(fits_numeric(shape_of("100000"), 3, -2));
    CHECK(fits_numeric(shape_of("0.00999"), 3, 5));
    CHECK_FALSE(fits_numeric(shape_of("0.01"), 3, 5));
}

TEST_CASE("canonical numbers", "[value][decimal]") {
    for (const char *text : {"0", "7", "-7", "12.50", "0.0", "-0.01", "123456789012345678901234"})
        CHECK(is_canonical_decimal(text));
    for (const char *text : {"", "-", "007", "-0", "-0.00", "+1", ".5", "5.", "1e3", " 1", "1 ",
                             "1,5", "0x1", "NaN", "--1", "1.2.3"})
        CHECK_FALSE(is_canonical_decimal(text));
    CHECK(is_canonical_decimal("0." + std::string(16'383, '1')));
    CHECK_FALSE(is_canonical_decimal("0." + std::string(16'384, '1')));
    CHECK(is_canonical_decimal(std::string(131'072, '9')));
    CHECK_FALSE(is_canonical_decimal(std::string(131'073, '9')));

    CHECK(canonical_integer("9223372036854775807") == INT64_MAX);
    CHECK(canonical_integer("-9223372036854775808") == INT64_MIN);
    CHECK(canonical_integer("0") == 0);
    for (const char *text : {"9223372036854775808", "-0", "01", "+1", "1.0", "", " 1", "1 "})
        CHECK_FALSE(canonical_integer(text));

    CHECK(canonical_real("0.10") == 0.1);
    CHECK(canonical_real("-2.000") == -2.0);
    CHECK(canonical_real("100") == 100.0);
    CHECK(canonical_real("0.30000000000000004") == 0.1 + 0.2);
    for (const char *text : {"0.3000000000000000412", "9007199254740993", "1e5", "-0", ""})
        CHECK_FALSE(canonical_real(text));
}

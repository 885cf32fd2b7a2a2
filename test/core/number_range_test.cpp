#include "core/plan/number_range.hpp"

#include "catch.hpp"

#include <limits>
#include <vector>

using namespace migrate::core;
using namespace migrate::core::plan;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

} // namespace

TEST_CASE("units of numbers", "[plan][profile][epoch]") {
    const auto range_of = [](std::vector<double> values) {
        NumberRange range;
        for (const double value : values) {
            Cell cell;
            cell.set_real(value);
            range.add(cell);
        }
        return range;
    };
    CHECK(range_of({}).unit() == EpochUnit::none);
    CHECK(range_of({0.0}).is_empty());
    CHECK(range_of({946684800.0, 4102444800.0}).unit() == EpochUnit::seconds);
    CHECK(range_of({946684799.5}).unit() == EpochUnit::none);
    CHECK(range_of({946684800e3}).unit() == EpochUnit::milliseconds);
    CHECK(range_of({946684800e6}).unit() == EpochUnit::microseconds);
    CHECK(range_of({946684800e9, 4102444800e9}).unit() == EpochUnit::nanoseconds);
    CHECK(range_of({2451544.5, 2488069.5}).unit() == EpochUnit::julian);
    CHECK(range_of({2451544.0}).unit() == EpochUnit::none);
    CHECK(range_of({-kInfinity, 1700000000.0}).unit() == EpochUnit::none);
    CHECK(range_of({-5.0}).unix_unit() == EpochUnit::seconds);
    CHECK(range_of({99999999999.0}).unix_unit() == EpochUnit::seconds);
    CHECK(range_of({5.0, -1e11}).unix_unit() == EpochUnit::milliseconds);
    CHECK(range_of({1e14}).unix_unit() == EpochUnit::microseconds);
    CHECK(range_of({1e17}).unix_unit() == EpochUnit::nanoseconds);
    CHECK(range_of({1.5, -2.5}).lowest_cell().real == -2.5);
    CHECK(range_of({1.5, -2.5}).highest() == 1.5);
}

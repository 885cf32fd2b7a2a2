#include "core/plan/profile.hpp"

#include "catch.hpp"

#include <cstdint>
#include <limits>

using namespace migrate::core;
using namespace migrate::core::plan;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Cells whose bytes live as long as the maker.
class Cells {
  public:
    Cell integer(std::int64_t value) {
        Cell cell;
        cell.set_integer(value);
        return cell;
    }
    Cell real(double value) {
        Cell cell;
        cell.set_real(value);
        return cell;
    }
    Cell text(std::string_view value) { return bytes(StorageClass::text, value); }
    Cell blob(std::string_view value) { return bytes(StorageClass::blob, value); }

  private:
    Cell bytes(StorageClass storage, std::string_view value) {
        Cell cell;
        arena_.set_bytes(cell, storage, value);
        return cell;
    }
    Batch arena_{1};
};

ColumnRule rule_of(const Type &type) {
    ColumnRule rule;
    rule.name = "c";
    rule.type = type;
    return rule;
}

ColumnProfile profile_of(const ColumnRule &rule, const std::vector<Type> &others,
                         const std::vector<Cell> &cells) {
    ColumnProfile profile(rule, others);
    std::int64_t row_id = 0;
    for (const Cell &cell : cells) {
        profile.add(++row_id, cell);
    }
    return profile;
}

ColumnProfile bigint_profile(const std::vector<Cell> &cells) {
    return profile_of(rule_of(make_type(TypeKind::bigint)), {}, cells);
}

const std::vector<Type> kTypes = {
    make_type(TypeKind::bigint), make_type(TypeKind::numeric), make_type(TypeKind::text),
    make_type(TypeKind::bytea),  make_type(TypeKind::date),    make_type(TypeKind::timestamptz),
};

} // namespace

TEST_CASE("the proposed type is counted to the end", "[plan][profile]") {
    Cells cells;
    const ColumnProfile profile = bigint_profile(
        {cells.integer(1), cells.text("ten"), Cell(), cells.real(0.5), cells.integer(7)});
    CHECK(profile.rows() == 5);
    CHECK(profile.nulls() == 1);
    CHECK(profile.count(StorageClass::integer) == 2);
    CHECK(profile.count(StorageClass::text) == 1);
    CHECK(profile.numbers() == 3);
    CHECK(profile.max_integer() == 7);
    CHECK(profile.proposed().misfits == 2);
    CHECK(profile.proposed().number_misfits == 1);
    CHECK(profile.proposed().first.row_id == 2);
    CHECK(profile.proposed().first.value == "\"ten\"");
    CHECK(profile.first(StorageClass::real).row_id == 4);
    CHECK(profile.first(StorageClass::real).value == "0.5");
    CHECK(profile.first(StorageClass::blob).row_id == 0);
    CHECK_FALSE(profile.fits(make_type(TypeKind::bigint)));
    CHECK_FALSE(profile.fits(make_type(TypeKind::text))); // no candidate
    CHECK_FALSE(ColumnProfile(rule_of(make_type(TypeKind::bigint)), {}).max_integer().has_value());
}

TEST_CASE("first_other is the first misfit that is no number", "[plan][profile]") {
    Cells cells;
    const ColumnProfile profile =
        profile_of(rule_of(make_type(TypeKind::date)), {},
                   {cells.integer(2024), cells.text("soon"), cells.integer(1), cells.text("late")});
    CHECK(profile.proposed().misfits == 4);
    CHECK(profile.proposed().number_misfits == 2);
    CHECK(profile.proposed().first.value == "2024");
    CHECK(profile.proposed().first_other.row_id == 2);
    CHECK(profile.proposed().first_other.value == "\"soon\"");
    CHECK(profile.misfits(EpochUnit::none) == 4);
    CHECK(profile.misfits(EpochUnit::milliseconds) == 4); // not whole days
    const ColumnProfile times =
        profile_of(rule_of(make_type(TypeKind::timestamptz)), {},
                   {cells.integer(1700000000), cells.text("soon"), cells.integer(1700000001)});
    CHECK(times.misfits(EpochUnit::none) == 3);
    CHECK(times.misfits(EpochUnit::seconds) == 1);
    CHECK(times.misfits(EpochUnit::julian) == 3);
    CHECK(times.numbers_are_times(EpochUnit::seconds));
    CHECK_FALSE(times.numbers_are_times(EpochUnit::julian));
    CHECK_FALSE(times.numbers_are_times(EpochUnit::none));
}

TEST_CASE("a forced unit counts in the proposed type", "[plan][profile]") {
    Cells cells;
    ColumnRule rule = rule_of(make_type(TypeKind::timestamptz));
    rule.epoch = EpochUnit::apple;
    const ColumnProfile profile =
        profile_of(rule, {}, {cells.integer(632958212), cells.real(1e300)});
    CHECK(profile.proposed().misfits == 1);
    CHECK(profile.proposed().epoch == EpochUnit::apple);
    CHECK_FALSE(profile.fits(rule.type, EpochUnit::apple));
    const ColumnProfile fitting = profile_of(rule, {}, {cells.integer(632958212)});
    CHECK(fitting.fits(rule.type, EpochUnit::apple));
    CHECK(fitting.fits(rule.type, EpochUnit::seconds));
    CHECK_FALSE(fitting.fits(rule.type, EpochUnit::none));
}

TEST_CASE("facts of texts", "[plan][profile]") {
    Cells cells;
    ColumnRule rule = rule_of(make_type(TypeKind::text));
    rule.null_texts = {"N/A", "-"};
    const ColumnProfile profile =
        profile_of(rule, {},
                   {cells.text(""), cells.text("N/A"), cells.text("-"), cells.text("caf\xe9"),
                    cells.text(std::string_view("a\0b", 3)), cells.text("äö")});
    CHECK(profile.empty_texts() == 1);
    CHECK(profile.null_texts() == 2);
    CHECK(profile.count(StorageClass::text) == 6);
    CHECK(profile.shortest_text() == 0);
    CHECK(profile.fits(rule.type)); // invalid text is for option invalid_text

    SECTION("integers") {
        const auto are_integers = [&](std::string_view text) {
            return bigint_profile({cells.text("5"), cells.text(text)}).texts_are_integers();
        };
        CHECK(are_integers("0"));
        CHECK(are_integers("-12"));
        CHECK(are_integers("9223372036854775807"));
        CHECK(are_integers("-9223372036854775808"));
        for (const char *text : {"9223372036854775808", "", "-", "+1", "01", "-0", "-01", " 1",
                                 "1 ", "1.0", "1e3", "x"}) {
            CAPTURE(text);
            CHECK_FALSE(are_integers(text));
        }
    }
    SECTION("containers") {
        const auto are_containers = [&](std::string_view text) {
            return bigint_profile({cells.text(text)}).texts_are_containers();
        };
        CHECK(are_containers("{}"));
        CHECK(are_containers(" \n[1]"));
        CHECK_FALSE(are_containers("1"));
        CHECK_FALSE(are_containers(""));
        CHECK_FALSE(are_containers("   "));
    }
    SECTION("zero and one") {
        const auto is_flag = [&](std::vector<Cell> column) {
            return bigint_profile(column).has_only_zero_and_one();
        };
        CHECK(is_flag({cells.text("0"), cells.integer(1), Cell()}));
        CHECK(is_flag({cells.integer(0), cells.integer(1), cells.integer(1)}));
        CHECK_FALSE(is_flag({}));
        CHECK_FALSE(is_flag({cells.integer(0)}));
        CHECK_FALSE(is_flag({cells.integer(1)}));
        CHECK_FALSE(is_flag({cells.integer(0), cells.integer(1), cells.integer(2)}));
        CHECK_FALSE(is_flag({cells.integer(0), cells.real(1.0)}));
        CHECK_FALSE(is_flag({cells.integer(1), cells.text("00")}));
        CHECK_FALSE(is_flag({cells.integer(0), cells.blob("1")}));
    }
}

TEST_CASE("facts of numbers", "[plan][profile]") {
    Cells cells;
    const ColumnProfile profile = bigint_profile(
        {cells.integer(0), cells.integer(-3), cells.real(2.5), cells.integer(2), cells.real(0.0)});
    CHECK(profile.number_range().lowest() == -3);
    CHECK(profile.number_range().highest() == 2.5);
    CHECK(profile.max_integer() == 2);
    CHECK(profile.epoch() == EpochUnit::none);
    CHECK_FALSE(profile.reals_need_float8());
    CHECK(bigint_profile({cells.integer(-5)}).max_integer() == -5);
    CHECK(bigint_profile({cells.integer(0)}).number_range().is_empty());
    // Zero is a value of any unit and does not hide the others.
    CHECK(bigint_profile({cells.integer(0), cells.integer(1700000000)}).epoch() ==
          EpochUnit::seconds);
    for (const double value : {1e15, -1e15, 9.99e-6, -5e-324, kInfinity, -kInfinity}) {
        CHECK(bigint_profile({cells.real(value)}).reals_need_float8());
    }
    for (const double value : {0.0, -0.0, 1e-5, 999999999999999.9}) {
        CHECK_FALSE(bigint_profile({cells.real(value)}).reals_need_float8());
    }
}

TEST_CASE("merge decides joined columns together", "[plan][profile]") {
    Cells cells;
    const std::vector<Type> others = {make_type(TypeKind::numeric), make_type(TypeKind::text),
                                      make_type(TypeKind::bytea)};
    const auto make = [&](const Type &proposed, const std::vector<Cell> &column) {
        std::vector<Type> candidates = others;
        candidates.push_back(make_type(TypeKind::bigint));
        return profile_of(rule_of(proposed), candidates, column);
    };
    ColumnProfile child = make(make_type(TypeKind::bigint), {cells.integer(1), Cell()});
    SECTION("a value of the other refuses the type here") {
        child.merge(make(make_type(TypeKind::text), {cells.text("a"), cells.integer(9)}));
        CHECK_FALSE(child.fits(make_type(TypeKind::bigint)));
        CHECK_FALSE(child.fits(make_type(TypeKind::numeric)));
        CHECK(child.fits(make_type(TypeKind::text)));
        CHECK(child.proposed().misfits == 0);
        CHECK(child.proposed().is_refused_elsewhere);
        CHECK(child.count(StorageClass::text) == 1);
        CHECK(child.count(StorageClass::integer) == 2);
        CHECK(child.first(StorageClass::text).value == "\"a\"");
        // The column's own facts stay.
        CHECK(child.rows() == 2);
        CHECK(child.nulls() == 1);
        CHECK(child.max_integer() == 1);
    }
    SECTION("what both fit still fits") {
        child.merge(make(make_type(TypeKind::numeric), {cells.integer(2), cells.real(0.5)}));
        CHECK_FALSE(child.fits(make_type(TypeKind::bigint)));
        CHECK(child.fits(make_type(TypeKind::numeric)));
        CHECK(child.number_range().highest() == 2);
        CHECK(child.number_range().lowest() == 0.5);
    }
    SECTION("NULLs alone refuse nothing") {
        child.merge(profile_of(rule_of(make_type(TypeKind::uuid)), {}, {Cell(), Cell()}));
        CHECK(child.fits(make_type(TypeKind::bigint)));
    }
    SECTION("a type that the other did not follow is refused when it holds values") {
        child.merge(profile_of(rule_of(make_type(TypeKind::uuid)), {}, {cells.integer(1)}));
        CHECK_FALSE(child.fits(make_type(TypeKind::bigint)));
    }
    SECTION("numbers of joined times share one unit") {
        const auto times = [&](std::int64_t number) {
            return profile_of(rule_of(make_type(TypeKind::timestamptz)), others,
                              {cells.integer(number)});
        };
        ColumnProfile first = times(1700000000);
        first.merge(times(1600000000));
        CHECK(first.epoch() == EpochUnit::seconds);
        CHECK(first.fits(make_type(TypeKind::timestamptz), EpochUnit::seconds));
        first.merge(times(1600000000000));
        CHECK(first.epoch() == EpochUnit::none);
        CHECK_FALSE(first.fits(make_type(TypeKind::timestamptz), EpochUnit::seconds));
        CHECK(first.fits(make_type(TypeKind::timestamptz), EpochUnit::milliseconds));
    }
}

TEST_CASE("a table's profile takes whole batches", "[plan][profile]") {
    TableProfile table;
    table.columns.emplace_back(rule_of(make_type(TypeKind::bigint)), kTypes);
    table.columns.emplace_back(rule_of(make_type(TypeKind::text)), kTypes);
    for (int fill = 0; fill < 3; ++fill) {
        Batch batch(2);
        for (int i = 0; i < 500; ++i) {
            const std::int64_t row_id = fill * 500 + i + 1;
            Cell *row = batch.add_row(row_id);
            row[0].set_integer(row_id);
            batch.set_bytes(batch.row(batch.rows() - 1)[1], StorageClass::text,
                            row_id == 777 ? "x" : "2024-01-01 10:00");
        }
        table.add(batch);
    }
    CHECK(table.rows == 1500);
    CHECK(table.columns[0].max_integer() == 1500);
    CHECK(table.columns[0].fits(make_type(TypeKind::bigint)));
    CHECK(table.columns[1].rows() == 1500);
    CHECK_FALSE(table.columns[1].fits(make_type(TypeKind::timestamptz)));
    CHECK(table.columns[1].fits(make_type(TypeKind::text)));
}

#include "core/plan/profile.hpp"

#include "catch.hpp"

#include <algorithm>
#include <limits>
#include <random>

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

const std::vector<Type> kTypes = {
    make_type(TypeKind::boolean), make_type(TypeKind::bigint),
    make_type(TypeKind::numeric), make_numeric(5, 2),
    make_numeric(20, 0),          make_type(TypeKind::float8),
    make_type(TypeKind::text),    make_varchar(3),
    make_type(TypeKind::bytea),   make_type(TypeKind::date),
    make_type(TypeKind::time),    make_type(TypeKind::timestamp),
    make_type(TypeKind::json),    make_type(TypeKind::timestamptz),
    make_type(TypeKind::jsonb),   make_type(TypeKind::uuid),
    make_type(TypeKind::citext),
};

// What a profile answers in one pass, asked of the conversion value by value.
bool is_fit(const Type &type, EpochUnit epoch, const std::vector<std::string> &null_texts,
            const Cell &cell) {
    ColumnRule rule = rule_of(type);
    rule.epoch = epoch;
    rule.null_texts = null_texts;
    Batch arena(1);
    Cell copy = cell;
    const Fit fit = convert_cell(copy, rule, arena);
    return fit != Fit::misfit && (fit != Fit::invalid_text || type.is_text_like());
}

class RandomCells {
  public:
    explicit RandomCells(unsigned seed) : random_(seed) {}

    // A column of a few cells, of one flavour more often than of all.
    std::vector<Cell> column(Cells &cells) {
        std::vector<Cell> column;
        const int flavour = pick(6);
        const int size = 1 + pick(4);
        for (int i = 0; i < size; ++i) {
            column.push_back(cell(cells, flavour == 5 ? pick(5) : flavour));
        }
        return column;
    }

  private:
    int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

    template <std::size_t N>
    std::string_view one_of(const std::string_view (&texts)[N]) {
        return texts[static_cast<std::size_t>(pick(N))];
    }

    Cell cell(Cells &cells, int flavour) {
        switch (flavour) {
        case 0:
            return cells.integer(integer());
        case 1:
            return cells.real(real());
        case 2:
            return cells.text(text());
        case 3:
            return cells.blob(blob());
        default:
            return pick(2) == 0 ? cells.integer(time_number()) : cells.text(time_text());
        }
    }

    std::int64_t integer() {
        constexpr std::int64_t kIntegers[] = {0,          1,
                                              2,          -1,
                                              99999,      100000,
                                              1700006400, std::int64_t{1} << 53,
                                              INT64_MAX,  (std::int64_t{1} << 53) + 1,
                                              INT64_MIN,  -((std::int64_t{1} << 53) + 1)};
        return pick(4) == 0 ? static_cast<std::int64_t>(random_() * random_())
                            : kIntegers[pick(static_cast<int>(std::size(kIntegers)))];
    }

    double real() {
        constexpr double kReals[] = {
            0.0,  -0.0,      0.5,        1.25,      1.255,  3.0,          1e15,
            1e-5, 9e-6,      1e300,      -1e22,     5e-324, 1e100,        1e18,
            1e19, kInfinity, -kInfinity, 2460000.5, 0.1,    1700006400.5, -9.2233720368547758e18};
        return kReals[pick(static_cast<int>(std::size(kReals)))];
    }

    std::int64_t time_number() {
        constexpr std::int64_t kNumbers[] = {
            1700006400,   1700000001,       1700006400000,       1700000000123, 1700006400000000,
            2460001,      1700000000123456, 1700000000123456789, 632958212,     0,
            253402300799, -62135596800,     253402300800,        -62135596801,  2024};
        return kNumbers[pick(static_cast<int>(std::size(kNumbers)))];
    }

    std::string_view text() {
        constexpr std::string_view kTexts[] = {"",
                                               "0",
                                               "1",
                                               "true",
                                               "OFF",
                                               "abc",
                                               "abcd",
                                               "äöü",
                                               "äöüß",
                                               "12",
                                               "1.50",
                                               "007",
                                               "{\"a\":1}",
                                               "[1,2]",
                                               "{\"a\":1,\"a\":2}",
                                               "\"\\u0000\"",
                                               "5",
                                               "{a",
                                               "NULL",
                                               "N/A",
                                               "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                                               "{a0eebc999c0b4ef8bb6d6bb9bd380a11}",
                                               "caf\xe9",
                                               std::string_view("a\0b", 3),
                                               "Infinity"};
        return one_of(kTexts);
    }

    std::string_view time_text() {
        constexpr std::string_view kTexts[] = {"2024-02-29",
                                               "2024-02-30",
                                               "2024-01-01 00:00:00",
                                               "2024-01-01T10:11:12.1234567Z",
                                               "2024-01-01 10:11:12+02:00",
                                               "10:11",
                                               "10:11:12.5",
                                               "24:00:00",
                                               "2024-01-01 10:11"};
        return one_of(kTexts);
    }

    std::string_view blob() {
        constexpr std::string_view kBlobs[] = {"", "abc", "\xff\xfe", "0123456789abcdef",
                                               std::string_view("\0", 1)};
        return one_of(kBlobs);
    }

    std::mt19937_64 random_;
};

} // namespace

TEST_CASE("a profile says fits where the conversion takes every value", "[plan][profile]") {
    RandomCells random(20240229);
    const std::vector<std::string> null_texts =
        GENERATE(std::vector<std::string>(), std::vector<std::string>{"", "N/A"});
    std::vector<EpochUnit> units(kEpochUnits.begin(), kEpochUnits.end());
    units.push_back(EpochUnit::none);
    int fits = 0;
    int asked = 0;
    int wrong = 0;
    for (int round = 0; round < 4000; ++round) {
        Cells cells;
        const std::vector<Cell> column = random.column(cells);
        ColumnRule rule = rule_of(kTypes[static_cast<std::size_t>(round) % kTypes.size()]);
        rule.null_texts = null_texts;
        const ColumnProfile profile = profile_of(rule, kTypes, column);
        for (const Type &type : kTypes) {
            for (const EpochUnit unit : units) {
                if (unit != EpochUnit::none && (!type.is_time_like() || profile.numbers() == 0)) {
                    continue;
                }
                const bool expected =
                    std::all_of(column.begin(), column.end(), [&](const Cell &cell) {
                        return is_fit(type, unit, null_texts, cell);
                    });
                ++asked;
                fits += expected ? 1 : 0;
                if (profile.fits(type, unit) != expected && ++wrong <= 5) {
                    UNSCOPED_INFO(type.sql()
                                  << " unit " << int(unit) << " of "
                                  << describe_cell(column.front()) << " and " << column.size() - 1
                                  << " more, expected " << expected);
                }
            }
        }
    }
    CHECK(wrong == 0);
    // Both answers are common, or the test would show nothing.
    CHECK(fits > asked / 10);
    CHECK(fits < asked * 9 / 10);
}

// Values of every storage class in columns of every affinity, and all that a condition can say of
// them: what the tests of the pushdown share.
#pragma once

#include "core/cell_converter.hpp"
#include "core/fdw/query_reader.hpp"
#include "core/fdw/scan_query.hpp"
#include "database_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace migrate::core::test {

using namespace migrate::core::fdw;

inline constexpr const char *kValues[] = {"NULL",
                                          "0",
                                          "1",
                                          "-3",
                                          "5",
                                          "9007199254740992",
                                          "9007199254740993",
                                          "9223372036854775807",
                                          "-9223372036854775808",
                                          "0.5",
                                          "5.0",
                                          "0.1 + 0.2",
                                          "0.1",
                                          "9007199254740992.0",
                                          "1e300",
                                          "9e999",
                                          "-9e999",
                                          "''",
                                          "'5'",
                                          "'-3'",
                                          "'05'",
                                          "'0.5'",
                                          "'5.0'",
                                          "'0.1'",
                                          "'9007199254740993'",
                                          "'abc'",
                                          "'ABC'",
                                          "'abc '",
                                          "'abd'",
                                          "'t'",
                                          "'FALSE'",
                                          "'on'",
                                          "'1'",
                                          "'0'",
                                          "x'35'",
                                          "x'616263'",
                                          "x''",
                                          "'2024-01-02'",
                                          "'2024-01-02 10:00:00'",
                                          "'2024-01-02T23:59:59+14:00'",
                                          "'2024-01-01 24:00:00-15:59'",
                                          "'2024-01-04'",
                                          "'0001-01-01'",
                                          "'9999-12-31'",
                                          "1704153600000",
                                          "1704153600001",
                                          "'2024'"};
inline constexpr const char *kDeclared[] = {"INTEGER", "REAL", "NUMERIC", "TEXT", "BLOB", ""};

// A file with a table for each pair of types: stored under the first, declared as the second.
inline std::string make_file(const TempDir &folder) {
    std::string sql, edits;
    for (const char *stored : kDeclared)
        for (const char *declared : kDeclared)
            for (const char *indexed : {"", "_i"}) {
                const std::string name = "t_" + std::string(stored) + "_" + declared + indexed;
                sql += "CREATE TABLE \"" + name + "\"(v " + stored + ");";
                if (*indexed != '\0')
                    sql += "CREATE INDEX \"" + name + "_x\" ON \"" + name + "\"(v);";
                for (const char *value : kValues)
                    sql += "INSERT INTO \"" + name + "\" VALUES (" + value + ");";
                edits += "UPDATE sqlite_schema SET sql = 'CREATE TABLE \"" + name + "\"(v " +
                         declared + ")' WHERE name = '" + name + "';";
            }
    return make_database(folder.file("all.db"),
                         "BEGIN;" + sql + "COMMIT;" + "PRAGMA writable_schema = ON;" + edits);
}

struct Probe {
    Family family;
    Type type;
    EpochUnit epoch = EpochUnit::none;
};

inline Operand operand(std::int64_t value) {
    Operand made;
    made.kind = Operand::Kind::integer;
    made.integer = value;
    return made;
}
inline Operand operand(double value) {
    Operand made;
    made.kind = Operand::Kind::real;
    made.real = value;
    return made;
}
inline Operand operand(const char *value) {
    Operand made;
    made.kind = Operand::Kind::text;
    made.text = value;
    return made;
}

inline constexpr std::int64_t kDay = 86'400'000'000;

inline std::vector<Operand> operands_of(Family family) {
    switch (family) {
    case Family::integer:
        return {operand(std::int64_t{0}),
                operand(std::int64_t{5}),
                operand(std::int64_t{-3}),
                operand(std::int64_t{9007199254740992}),
                operand(std::int64_t{9007199254740993}),
                operand(std::int64_t{9007199254740991}),
                operand(INT64_MAX),
                operand(INT64_MIN)};
    case Family::real:
        return {operand(0.5),
                operand(5.0),
                operand(0.1 + 0.2),
                operand(0.1),
                operand(9007199254740992.0),
                operand(HUGE_VAL),
                operand(-HUGE_VAL)};
    case Family::numeric:
        return {operand("5"),
                operand("5.00"),
                operand("0.5"),
                operand("0.3"),
                operand("0.30000000000000004"),
                operand("0.1"),
                operand("9007199254740993"),
                operand("9007199254740992.5"),
                operand("9007199254740991"),
                operand("-3")};
    case Family::text:
        return {operand("abc"),
                operand("5"),
                operand(""),
                operand("0.5"),
                operand("9007199254740993"),
                operand("ABC"),
                operand("0.30000000000000004")};
    case Family::moment: // days: 2024-01-01 to 05, and the ends
        return {operand(std::int64_t{8766}),    operand(std::int64_t{8767}),
                operand(std::int64_t{8768}),    operand(std::int64_t{8769}),
                operand(std::int64_t{-730119}), operand(std::int64_t{2921939})};
    default:
        return {Operand()};
    }
}

// -1, 0 or 1 of the cell and the operand; for a moment of the cell and the operand's whole day.
inline int order_of(const Probe &probe, const Cell &cell, const Operand &right) {
    const auto sign = [](auto a, auto b) { return a < b ? -1 : a > b ? 1 : 0; };
    switch (probe.family) {
    case Family::integer:
        return sign(cell.integer, right.integer);
    case Family::real:
        return sign(cell.real, right.real);
    case Family::numeric: {
        // 64 bits of mantissa hold all that is compared here.
        const long double left = cell.storage == StorageClass::text
                                     ? std::strtold(std::string(cell.view()).c_str(), nullptr)
                                     : static_cast<long double>(cell.integer) /
                                           static_cast<long double>(std::pow(10.0L, cell.scale));
        return sign(left, std::strtold(right.text.c_str(), nullptr));
    }
    case Family::text:
        return sign(cell.view().compare(right.text), 0);
    case Family::moment: {
        const std::int64_t day =
            probe.type.kind == TypeKind::date
                ? cell.integer
                : (cell.integer >= 0 ? cell.integer / kDay : -((-cell.integer + kDay - 1) / kDay));
        return sign(day, right.integer);
    }
    default:
        return 0;
    }
}

inline bool holds(const Probe &probe, const Cell &cell, const Condition &condition) {
    if (condition.comparison == Comparison::is_null)
        return cell.is_null();
    if (condition.comparison == Comparison::is_not_null)
        return !cell.is_null();
    if (cell.is_null())
        return false;
    if (condition.comparison == Comparison::is_true || condition.comparison == Comparison::is_false)
        return cell.integer == (condition.comparison == Comparison::is_true ? 1 : 0);
    const auto order = [&](const Operand &right) { return order_of(probe, cell, right); };
    const Operand &right = condition.operands.front();
    switch (condition.comparison) {
    case Comparison::equal:
        return order(right) == 0;
    case Comparison::not_equal:
        return order(right) != 0;
    // A moment of the operand's day may be before and behind it.
    case Comparison::less:
    case Comparison::less_equal:
        return order(right) < 0 ||
               (order(right) == 0 &&
                (condition.comparison == Comparison::less_equal || probe.family == Family::moment));
    case Comparison::greater:
    case Comparison::greater_equal:
        return order(right) > 0 ||
               (order(right) == 0 && (condition.comparison == Comparison::greater_equal ||
                                      probe.family == Family::moment));
    case Comparison::any_of:
        return std::ranges::any_of(condition.operands, [&](const Operand &each) {
            return each.kind != Operand::Kind::null && order(each) == 0;
        });
    default:
        return false;
    }
}

inline std::set<std::int64_t> rows_of(fdw::Connection &connection, const ScanRequest &request,
                                      const std::function<bool(const Cell &)> &wanted,
                                      ScanQuery *query = nullptr) {
    const ScanQuery written = write_query(connection, request);
    if (query != nullptr)
        *query = written;
    QueryReader reader(connection.database(), *request.relation, request.columns);
    reader.start(written);
    Batch batch(1);
    std::set<std::int64_t> rows;
    while (reader.fetch(batch, 7) == Fetch::rows)
        for (std::size_t i = 0; i < batch.rows(); ++i)
            if (wanted(batch.row(i)[0]))
                rows.insert(batch.row_id(i));
    return rows;
}

inline std::vector<Condition> conditions_of(const Probe &probe) {
    std::vector<Condition> conditions;
    const auto add = [&](Comparison comparison, std::vector<Operand> operands) {
        conditions.push_back({0, probe.family, comparison, std::move(operands)});
    };
    if (probe.family == Family::boolean) {
        add(Comparison::is_true, {});
        add(Comparison::is_false, {});
        return conditions;
    }
    for (const Operand &value : operands_of(probe.family))
        for (const Comparison comparison :
             {Comparison::equal, Comparison::not_equal, Comparison::less, Comparison::less_equal,
              Comparison::greater, Comparison::greater_equal})
            add(comparison, {value});
    add(Comparison::any_of, operands_of(probe.family));
    add(Comparison::any_of, {Operand(), operands_of(probe.family)[1]});
    add(Comparison::is_null, {});
    add(Comparison::is_not_null, {});
    return conditions;
}

inline const Probe kProbes[] = {
    {Family::integer, make_type(TypeKind::bigint)},
    {Family::real, make_type(TypeKind::float8)},
    {Family::numeric, make_type(TypeKind::numeric)},
    {Family::numeric, make_numeric(20, 5)},
    {Family::text, make_type(TypeKind::text)},
    {Family::text, make_varchar(4)},
    {Family::boolean, make_type(TypeKind::boolean)},
    {Family::moment, make_type(TypeKind::date)},
    {Family::moment, make_type(TypeKind::timestamptz)},
    {Family::moment, make_type(TypeKind::timestamp)},
    {Family::moment, make_type(TypeKind::timestamptz), EpochUnit::milliseconds},
    {Family::moment, make_type(TypeKind::date), EpochUnit::seconds},
};

} // namespace migrate::core::test

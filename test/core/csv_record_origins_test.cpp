#include "catch.hpp"
#include "csv_conversion_fixture.hpp"

#include "core/value/json.hpp"

#include <random>
#include <string>

using namespace migrate::core;
using namespace migrate::core::csv;
using migrate::test::column_of;
using migrate::test::Conversion;
using migrate::test::plan_of;
using std::string_literals::operator""s;

namespace {

RecordColumn filled_by(ColumnOrigin origin, TypeKind kind) {
    RecordColumn column = column_of("c", make_type(kind), -1);
    column.origin = origin;
    return column;
}

RecordPlan raw_plan() {
    RecordPlan plan;
    plan.file_name = "/data/a.csv";
    plan.field_names = {"id", "a \"b\"\n"};
    plan.columns.push_back(filled_by(ColumnOrigin::record, TypeKind::jsonb));
    return plan;
}

// A few fields of bytes that mean something to somebody.
std::string random_text(std::mt19937 &random) {
    constexpr char kBytes[] = "0123456789,,,\n\n\n\"\"x- \0\r";
    std::string text(random() % 60, ' ');
    for (char &c : text)
        c = kBytes[random() % (sizeof(kBytes) - 1)];
    return text;
}

} // namespace

TEST_CASE("csv columns that no field fills", "[csv][convert]") {
    RecordPlan plan = plan_of({{"id", TypeKind::bigint}});
    plan.columns.push_back(filled_by(ColumnOrigin::file_name, TypeKind::text));
    plan.columns.push_back(filled_by(ColumnOrigin::line, TypeKind::bigint));
    plan.columns.push_back(filled_by(ColumnOrigin::line, TypeKind::text));
    plan.columns.push_back(filled_by(ColumnOrigin::constant, TypeKind::timestamptz));
    plan.columns.push_back(filled_by(ColumnOrigin::blank, TypeKind::bytea));
    plan.constant = 77;
    Conversion conversion(plan);
    CHECK(conversion.add("1\n\"2\"\n").rows() ==
          "1|'/data/a.csv'|1|'1'|77|NULL\n2|'/data/a.csv'|2|'2'|77|NULL\n");
}

TEST_CASE("csv records as JSON", "[csv][convert][raw]") {
    Conversion conversion(raw_plan());
    conversion.add("1,,x\n\"a\"\"\\\t\r\n\x01\",\"\"\n\n");
    CHECK(conversion.rows() ==
          "'{\"id\": \"1\", \"a \\\"b\\\"\\n\": null, \"column_3\": \"x\"}'\n"
          "'{\"id\": \"a\\\"\\\\\\t\\r\\n\\u0001\", \"a \\\"b\\\"\\n\": \"\"}'\n"
          "'{\"id\": null}'\n");

    SECTION("by the options of the values") {
        RecordPlan plan = raw_plan();
        plan.trim = Trim::all;
        plan.columns[0].reading.null_texts = {"NA"};
        CHECK(Conversion(plan).add(" NA ,\n").rows() ==
              "'{\"id\": null, \"a \\\"b\\\"\\n\": \"\"}'\n");
    }
    SECTION("of a table's width") {
        RecordPlan plan = raw_plan();
        plan.width = 1;
        CHECK(Conversion(plan).add("1,\n").rows() == "'{\"id\": \"1\"}'\n");
    }
    SECTION("for a type that an input function knows") {
        RecordPlan plan = raw_plan();
        plan.columns[0].rule.type = make_type(TypeKind::other);
        plan.columns[0].has_input_function = true;
        CHECK(Conversion(plan).add("1\n").rows() == "'{\"id\": \"1\"}'?\n");
    }
    SECTION("only of text") {
        RecordPlan plan = raw_plan();
        plan.on_error = OnError::reject;
        Conversion bad(plan);
        CHECK(bad.add("\xFF\n").rows() == "rejected\n");
        CHECK(bad.problems().find(" 22021 ") != std::string::npos);
    }
}

TEST_CASE("csv records of any bytes are valid jsonb", "[csv][convert][raw]") {
    std::mt19937 random{11};
    RecordPlan plan = raw_plan();
    plan.on_error = OnError::ignore;
    for (int i = 0; i < 3000; i++) {
        Conversion conversion(plan);
        conversion.add(random_text(random));
        for (std::size_t row = 0; row < conversion.batch.rows(); row++) {
            const Cell &cell = *conversion.batch.row(row);
            if (!cell.is_null())
                REQUIRE(value::check_json(cell.view()) == value::JsonFit::jsonb);
        }
    }
}

TEST_CASE("csv raw bytes end before the line end", "[csv][convert][raw]") {
    RecordPlan plan = plan_of({{"name", TypeKind::text}});
    plan.keeps_raw = true;
    const auto raw_of = [&plan](const std::string &raw) {
        Conversion conversion(plan);
        Record record;
        record.fields.push_back({"a", false});
        record.raw = raw;
        conversion.converter.add(record, conversion.batch);
        return std::string(conversion.converter.source(0).raw);
    };
    CHECK(raw_of("a\n") == "a");
    CHECK(raw_of("a\r\n") == "a");
    CHECK(raw_of("a\r") == "a");
    CHECK(raw_of("a\n\n") == "a\n");
    CHECK(raw_of("") == "");
    plan.newline = Newline::lf;
    CHECK(raw_of("a\r\n") == "a\r");
    plan.newline = Newline::cr;
    CHECK(raw_of("a\n\r") == "a\n");
    plan.newline = Newline::automatic;
    plan.unit = Unit::utf16_le;
    CHECK(raw_of("a\0\r\0\n\0"s) == "a\0"s);
    CHECK(raw_of("a\0\n\0"s) == "a\0"s);
    plan.unit = Unit::utf16_be;
    CHECK(raw_of("\0a\0\r\0\n"s) == "\0a"s);
    CHECK(raw_of("\0a"s) == "\0a"s);
}

TEST_CASE("csv rows remember what was changed", "[csv][convert]") {
    RecordPlan plan = plan_of({{"at", TypeKind::timestamp}, {"name", TypeKind::text}});
    Conversion conversion(plan);
    conversion.add("2000-01-01 00:00:00.1234567,5\" x\n2000-01-01 00:00:00.7654321,6\" y\n");
    const FileStatistics &statistics = conversion.statistics();
    CHECK(statistics.joined.count == 1);
    CHECK(statistics.joined.first_line == 1);
    CHECK(statistics.joined.first_value.starts_with("\"2000-01-01 00:00:00.1234567,5\" x\\x0a"));
    CHECK(statistics.rounded[0].count == 1);
    CHECK(statistics.rounded[0].first_value == "\"2000-01-01 00:00:00.1234567\"");
    CHECK(statistics.rounded[1].count == 0);
}

TEST_CASE("every csv record is a row, rejected or blank", "[csv][convert]") {
    std::mt19937 random{3};
    std::int64_t rejected = 0, loaded = 0, blank = 0;
    for (int i = 0; i < 20'000; i++) {
        RecordPlan plan = plan_of({{"id", TypeKind::bigint}, {"other", TypeKind::other}});
        plan.columns[0].has_input_function = random() % 2 == 0;
        plan.columns[1].has_input_function = random() % 2 == 0;
        plan.ragged = static_cast<Ragged>(random() % 5);
        plan.trim = static_cast<Trim>(random() % 3);
        plan.on_error = random() % 2 == 0 ? OnError::ignore : OnError::reject;
        plan.keeps_raw = random() % 2 == 0;
        plan.wants_problems = random() % 4 == 0;
        Conversion conversion(plan);
        conversion.add(random_text(random));
        std::int64_t rows = 0;
        for (std::size_t row = 0; row < conversion.batch.rows(); row++)
            rows += conversion.batch.is_rejected(row) ? 0 : 1;
        for (const PendingCell &cell : conversion.converter.pending()) {
            REQUIRE_FALSE(conversion.batch.is_rejected(cell.row));
            REQUIRE(conversion.batch.row(cell.row)[cell.column].storage == StorageClass::text);
        }
        const FileStatistics &statistics = conversion.statistics();
        REQUIRE(statistics.rows_read ==
                rows + statistics.rows_rejected + statistics.blank_lines.count);
        const bool are_kept = plan.wants_problems || plan.on_error == OnError::reject;
        REQUIRE(conversion.problems().empty() == (!are_kept || statistics.rows_rejected == 0));
        rejected += statistics.rows_rejected;
        loaded += rows;
        blank += statistics.blank_lines.count;
    }
    CHECK(rejected > 1000);
    CHECK(loaded > 1000);
    CHECK(blank > 1000);
}

TEST_CASE("a batch of bad csv records is bounded", "[csv][convert]") {
    RecordPlan plan = plan_of({{"a", TypeKind::bigint}, {"b", TypeKind::bigint}});
    plan.on_error = OnError::reject;
    Conversion conversion(plan);
    Record record;
    const std::string raw = "x," + std::string(100'000, 'y');
    record.fields = {{"x", false}, {raw, false}};
    record.raw = raw;
    std::size_t records = 0;
    for (; !conversion.batch.is_full(); records++)
        conversion.converter.add(record, conversion.batch);
    CHECK(records < 12);
    CHECK(conversion.converter.take_problems().size() == 2 * records);
    // Who does not look whether the batch is full gets no more than the first column of each.
    for (std::size_t i = 0; i < 300; i++)
        conversion.converter.add(record, conversion.batch);
    CHECK(conversion.converter.take_problems().size() < 500);
    CHECK(conversion.statistics().rows_rejected == static_cast<std::int64_t>(records) + 300);
}

#include "catch.hpp"

#include "given_cell.hpp"

#include "core/convert.hpp"
#include "core/error.hpp"

#include <string>
#include <vector>

using namespace migrate::core;
using namespace migrate::core::test;
using std::string_literals::operator""s;

namespace {

void add_row(Batch &batch, std::int64_t id, const std::vector<Given> &cells) {
    Cell *row = batch.add_row(id);
    for (std::size_t i = 0; i < cells.size(); i++) {
        const Cell &cell = cells[i].cell;
        if (cell.storage == StorageClass::text || cell.storage == StorageClass::blob)
            batch.set_bytes(row[i], cell.storage, cell.view());
        else
            row[i] = cell;
    }
}

Error error_of(RowConverter &converter, Batch &batch) {
    try {
        converter.convert(batch);
    } catch (const Error &error) {
        return error;
    }
    FAIL("no error");
    return Error("", "");
}

} // namespace

TEST_CASE("a batch that fits", "[convert]") {
    ColumnRule id = rule_of(TypeKind::bigint);
    id.is_not_null = true;
    RowConverter converter("item", {id, rule_of(TypeKind::text), rule_of(TypeKind::timestamptz)});
    Batch batch(3);
    add_row(batch, 1, {integer(7), "a", "2024-02-29 12:00:00.1234567"});
    add_row(batch, 2, {integer(-9), null(), null()});
    add_row(batch, 5, {real(3.0), real(2.0), "2024-02-29 12:00:00.7654321"});
    REQUIRE(converter.convert(batch) == Verdict::load);
    CHECK(converter.statistics()[0].max_integer == 7);
    CHECK(converter.statistics()[0].nulls == 0);
    CHECK(converter.statistics()[1].nulls == 1);
    CHECK_FALSE(converter.statistics()[2].max_integer);
    CHECK(converter.statistics()[2].rounded.count == 2);
    CHECK(converter.statistics()[2].rounded.first_row == 1);
    CHECK(converter.statistics()[2].rounded.first_value == "\"2024-02-29 12:00:00.1234567\"");
    CHECK(batch.row(2)[1].view() == "2.0");
    CHECK(converter.rejected() == 0);
}

TEST_CASE("a misfit under widen ends the pass", "[convert]") {
    RowConverter converter("item", {rule_of(TypeKind::text), rule_of(TypeKind::bigint)});
    Batch batch(2);
    add_row(batch, 1, {"a", integer(1)});
    add_row(batch, 2, {"b", "ten"});
    CHECK(converter.convert(batch) == Verdict::misfit);
    CHECK(converter.misfit_column() == 1);
}

TEST_CASE("a misfit under error", "[convert]") {
    ColumnRule rule = rule_of(TypeKind::bigint);
    rule.on_mismatch = TypeMismatch::error;
    Batch batch(1);
    auto error_for = [&](const Given &given) {
        RowConverter converter("item", {rule});
        batch.clear();
        add_row(batch, 42, {given});
        return error_of(converter, batch);
    };
    const Error error = error_for("ten");
    CHECK(error.code() == "42804"s);
    CHECK(error.message() ==
          R"(column "price" of SQLite table "item" holds text where integer is declared)");
    CHECK(error.detail() == R"(Row 42 holds "ten".)");
    CHECK(error.hint() == R"(Use the option "on_type_mismatch" with "widen", "null" or "reject", )"
                          R"(or name another type for the column in the option "types".)");
    CHECK(error_for(real(1.5)).message() ==
          R"(column "price" of SQLite table "item" holds a real where integer is declared)");
    rule.type = make_type(TypeKind::date);
    CHECK(error_for("soon").message() ==
          R"(column "price" of SQLite table "item" holds text that does not fit type date)");
    CHECK(error_for(integer(5)).message() ==
          R"(column "price" of SQLite table "item" holds an integer where date is declared)");
    rule.type = make_numeric(3, 1);
    CHECK(
        error_for(real(1.25)).message() ==
        R"(column "price" of SQLite table "item" holds a real that does not fit type numeric(3,1))");
    CHECK(error_for(blob("ab")).detail() == "Row 42 holds x'6162' (2 bytes).");
}

TEST_CASE("a misfit under null", "[convert]") {
    ColumnRule rule = rule_of(TypeKind::bigint);
    rule.on_mismatch = TypeMismatch::null;
    Batch batch(1);
    add_row(batch, 1, {integer(1)});
    add_row(batch, 2, {"ten"});
    add_row(batch, 3, {"eleven"});
    SECTION("becomes NULL and is counted") {
        RowConverter converter("item", {rule});
        REQUIRE(converter.convert(batch) == Verdict::load);
        CHECK(batch.row(1)[0].is_null());
        CHECK(converter.statistics()[0].nulled.count == 2);
        CHECK(converter.statistics()[0].nulled.first_row == 2);
        CHECK(converter.statistics()[0].nulled.first_value == "\"ten\"");
        CHECK(converter.statistics()[0].nulls == 2);
    }
    SECTION("breaks NOT NULL") {
        rule.is_not_null = true;
        RowConverter converter("item", {rule});
        CHECK(converter.convert(batch) == Verdict::misfit);
        CHECK(converter.misfit_column() == 0);
    }
}

TEST_CASE("NULL in a NOT NULL column is a misfit under every policy", "[convert]") {
    ColumnRule rule = rule_of(TypeKind::bigint);
    rule.is_not_null = true;
    rule.null_texts = {""};
    rule.on_mismatch = GENERATE(TypeMismatch::widen, TypeMismatch::error, TypeMismatch::null,
                                TypeMismatch::reject);
    const bool is_text = GENERATE(false, true);
    RowConverter converter("item", {rule_of(TypeKind::text), rule});
    Batch batch(2);
    add_row(batch, 1, {"x", is_text ? Given("") : Given(null())});
    CHECK(converter.convert(batch) == Verdict::misfit);
    CHECK(converter.misfit_column() == 1);
}

TEST_CASE("a misfit under reject takes the row out", "[convert]") {
    ColumnRule rule = rule_of(TypeKind::bigint);
    rule.on_mismatch = TypeMismatch::reject;
    ColumnRule day = rule_of(TypeKind::date);
    day.on_mismatch = TypeMismatch::reject;
    RowConverter converter("item", {rule, rule, day});
    Batch batch(3);
    add_row(batch, 1, {integer(1), integer(1), null()});
    add_row(batch, 2, {"ten", integer(99), "soon"});
    add_row(batch, 3, {integer(2), real(0.5), null()});
    add_row(batch, 4, {integer(3), integer(3), "soon"});
    REQUIRE(converter.convert(batch) == Verdict::load);
    CHECK_FALSE(batch.is_rejected(0));
    CHECK(batch.is_rejected(1));
    CHECK(batch.is_rejected(2));
    CHECK(converter.rejected() == 3);
    CHECK(converter.statistics()[1].max_integer == 3);
    CHECK(converter.statistics()[2].nulls == 1);
    const std::vector<Reject> rejects = converter.take_rejects();
    REQUIRE(rejects.size() == 3);
    CHECK(rejects[0].row_id == 2);
    CHECK(rejects[0].column == "price");
    CHECK(rejects[0].code == "22P02"s);
    CHECK(rejects[0].reason == "text where integer is declared");
    CHECK(rejects[0].value == "\"ten\"");
    CHECK(rejects[0].raw == "ten");
    CHECK(rejects[1].code == "22003"s);
    CHECK(rejects[1].raw == "0.5");
    CHECK(rejects[2].code == "22007"s);
    CHECK(rejects[2].reason == "text that does not fit type date");
    CHECK(converter.take_rejects().empty());
    CHECK(converter.rejected() == 3);
}

TEST_CASE("invalid text under error names the byte", "[convert]") {
    RowConverter converter("item", {rule_of(TypeKind::text)});
    Batch batch(1);
    SECTION("no UTF-8") {
        add_row(batch, 42, {"caf\xe9 noir"});
        const Error error = error_of(converter, batch);
        CHECK(error.code() == "22021"s);
        CHECK(error.message() ==
              R"(column "price" of SQLite table "item" holds text that is not valid UTF-8)");
        CHECK(error.detail() == R"(Row 42 holds "caf\xe9 noir"; byte 4 of 9 is 0xe9.)");
        CHECK(error.hint() == R"(Use the option "invalid_text" with "replace" or "reject".)");
    }
    SECTION("NUL") {
        add_row(batch, 42, {"a\0b"s});
        const Error error = error_of(converter, batch);
        CHECK(error.message() ==
              R"(column "price" of SQLite table "item" holds text with a NUL byte)");
        CHECK(error.detail() == R"(Row 42 holds "a\x00b"; byte 2 of 3 is 0x00.)");
    }
}

TEST_CASE("invalid text under replace and reject", "[convert]") {
    ColumnRule rule = rule_of(make_varchar(4));
    Batch batch(1);
    add_row(batch, 1, {"caf\xe9"});
    SECTION("replace") {
        rule.invalid_text = InvalidText::replace;
        RowConverter converter("item", {rule});
        REQUIRE(converter.convert(batch) == Verdict::load);
        CHECK(batch.row(0)[0].view() == "caf\xEF\xBF\xBD");
        CHECK(converter.statistics()[0].replaced.count == 1);
        CHECK(converter.statistics()[0].replaced.first_value == R"("caf\xe9")");
    }
    SECTION("replace, and too long then") {
        rule.invalid_text = InvalidText::replace;
        rule.type = make_varchar(3);
        RowConverter converter("item", {rule});
        CHECK(converter.convert(batch) == Verdict::misfit);
    }
    SECTION("replace, and too large then") {
        rule.invalid_text = InvalidText::replace;
        rule.max_value_size = 5;
        RowConverter converter("item", {rule});
        CHECK(error_of(converter, batch).code() == "54000"s);
    }
    SECTION("reject") {
        rule.invalid_text = InvalidText::reject;
        RowConverter converter("item", {rule});
        REQUIRE(converter.convert(batch) == Verdict::load);
        CHECK(batch.is_rejected(0));
        const std::vector<Reject> rejects = converter.take_rejects();
        REQUIRE(rejects.size() == 1);
        CHECK(rejects[0].code == "22021"s);
        CHECK(rejects[0].reason == "text that is not valid UTF-8: byte 4 of 4 is 0xe9");
        CHECK(rejects[0].raw == "caf\xe9");
    }
}

TEST_CASE("a value over the limit is an error under every policy", "[convert]") {
    ColumnRule rule = rule_of(TypeKind::bytea);
    rule.on_mismatch = TypeMismatch::reject;
    rule.max_value_size = 4;
    RowConverter converter("item", {rule});
    Batch batch(1);
    add_row(batch, 1, {blob("1234")});
    CHECK(converter.convert(batch) == Verdict::load);
    add_row(batch, 7, {blob("12345")});
    const Error error = error_of(converter, batch);
    CHECK(error.code() == "54000"s);
    CHECK(error.message() ==
          R"(column "price" of SQLite table "item" holds a value that is too large)");
    CHECK(error.detail() == "Row 7 holds a blob of 5 bytes; the limit is 4 bytes.");
    CHECK(error.hint() == R"(Use the option "max_value_size" to raise the limit.)");
}

TEST_CASE("a row that somebody else rejects counts once", "[convert]") {
    RowConverter converter("item", {rule_of(TypeKind::text), rule_of(TypeKind::bigint)});
    Batch batch(2);
    add_row(batch, 1, {"x", integer(1)});
    add_row(batch, 2, {"y", integer(100)});
    converter.reject(batch, 1, 0, sqlstate::kUntranslatableCharacter, "no such character");
    converter.reject(batch, 1, 1, sqlstate::kUntranslatableCharacter, "again");
    CHECK(converter.rejected() == 1);
    REQUIRE(converter.convert(batch) == Verdict::load);
    CHECK(converter.statistics()[1].max_integer == 1);
    const std::vector<Reject> rejects = converter.take_rejects();
    REQUIRE(rejects.size() == 1);
    CHECK(rejects[0].reason == "no such character");
    CHECK(rejects[0].value == "\"y\"");
}

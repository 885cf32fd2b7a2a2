// What a PostgreSQL value becomes in a SQLite column: written to a real table, read as a foreign
// scan reads it, it is the value again, or make_stored refused it.
#include "core/fdw/stored_value.hpp"

#include "core/cell_text.hpp"
#include "core/fdw/scan_query.hpp"
#include "core/value/decimal.hpp"

#include "catch.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <sqlite3.h>
#include <string>

using namespace migrate::core;
using migrate::core::fdw::looks_like_number;
using migrate::core::fdw::make_stored;
using migrate::core::fdw::StoredColumn;

namespace {

constexpr std::array kDeclared = {"INTEGER",       "REAL",     "TEXT", "BLOB",
                                  "DECIMAL(10,2)", "DATETIME", ""};

struct Close {
    void operator()(sqlite3 *handle) const noexcept { sqlite3_close(handle); }
};

// A table of one column that is written and read back.
class OneColumn {
  public:
    explicit OneColumn(const std::string &declared) {
        sqlite3 *handle = nullptr;
        REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
        handle_.reset(handle);
        run("CREATE TABLE t (v " + declared + ")");
    }
    // The cell that SQLite gives back for one that is bound; its bytes are in `arena`.
    Cell keep(const Cell &cell, Batch &arena);
    bool looks_numeric(const std::string &text);

  private:
    void run(const std::string &sql) {
        REQUIRE(sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    }
    std::unique_ptr<sqlite3, Close> handle_;
};

void bind(sqlite3_stmt *statement, const Cell &cell) {
    if (cell.storage == StorageClass::integer)
        sqlite3_bind_int64(statement, 1, cell.integer);
    else if (cell.storage == StorageClass::real)
        sqlite3_bind_double(statement, 1, cell.real);
    else if (cell.storage == StorageClass::text)
        sqlite3_bind_text(statement, 1, cell.bytes, static_cast<int>(cell.size), SQLITE_TRANSIENT);
    else if (cell.storage == StorageClass::blob)
        sqlite3_bind_blob(statement, 1, cell.bytes, static_cast<int>(cell.size), SQLITE_TRANSIENT);
}

Cell column_cell(sqlite3_stmt *statement, Batch &arena) {
    Cell cell;
    const int type = sqlite3_column_type(statement, 0);
    if (type == SQLITE_INTEGER)
        cell.set_integer(sqlite3_column_int64(statement, 0));
    else if (type == SQLITE_FLOAT)
        cell.set_real(sqlite3_column_double(statement, 0));
    else if (type != SQLITE_NULL)
        arena.set_bytes(cell, type == SQLITE_TEXT ? StorageClass::text : StorageClass::blob,
                        {static_cast<const char *>(sqlite3_column_blob(statement, 0)),
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, 0))});
    return cell;
}

Cell OneColumn::keep(const Cell &cell, Batch &arena) {
    run("DELETE FROM t");
    sqlite3_stmt *statement = nullptr;
    sqlite3_prepare_v2(handle_.get(), "INSERT INTO t VALUES (?)", -1, &statement, nullptr);
    bind(statement, cell);
    REQUIRE(sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_finalize(statement);
    sqlite3_prepare_v2(handle_.get(), "SELECT v FROM t", -1, &statement, nullptr);
    REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
    const Cell result = column_cell(statement, arena);
    sqlite3_finalize(statement);
    return result;
}

bool OneColumn::looks_numeric(const std::string &text) {
    Batch arena(1);
    Cell cell;
    arena.set_bytes(cell, StorageClass::text, text);
    return keep(cell, arena).storage != StorageClass::text;
}

StoredColumn stored_column(TypeKind kind, const std::string &declared,
                           EpochUnit epoch = EpochUnit::none) {
    StoredColumn column;
    column.kind = kind;
    column.affinity = plan::affinity_of(declared);
    column.rule.type = make_type(kind);
    column.rule.epoch = epoch;
    column.rule.takes_number_text =
        column.affinity == plan::Affinity::blob || column.affinity == plan::Affinity::text;
    column.is_blob = declared == "BLOB";
    return column;
}

std::string as_decimal(const Cell &cell) {
    if (cell.storage == StorageClass::text)
        return std::string(cell.view());
    if (cell.scale == 0)
        return std::to_string(cell.integer);
    std::string digits = std::to_string(std::abs(cell.integer));
    if (digits.size() <= cell.scale)
        digits.insert(0, cell.scale + 1 - digits.size(), '0');
    digits.insert(digits.size() - cell.scale, ".");
    return (cell.integer < 0 ? "-" : "") + digits;
}

// "1.50" and "1.5", 1e2 and 100 are one number to PostgreSQL: the digits that count, and where.
std::string normal_number(const std::string &text) {
    const value::DecimalShape shape = value::shape_of(text);
    std::string digits;
    for (const char c : text.substr(0, text.find_first_of("eE")))
        if (c >= '0' && c <= '9' && (c != '0' || !digits.empty()))
            digits += c;
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.empty())
        return "0";
    return (shape.is_negative ? "-" : "") + digits + "e" + std::to_string(shape.first);
}

// How the type compares and shows the value.
std::string shown(const Cell &cell, TypeKind kind) {
    if (cell.is_null())
        return "NULL";
    if (kind == TypeKind::numeric)
        return normal_number(as_decimal(cell));
    if (cell.storage == StorageClass::integer)
        return std::to_string(cell.integer);
    if (cell.storage == StorageClass::real)
        return cell.real == 0 ? "0" : number_text(cell);
    return std::string(cell.view());
}

// Whether the value was kept; it then reads back as itself.
bool survives(const Cell &value, const StoredColumn &column, OneColumn &table) {
    Batch arena(1);
    const std::string before = shown(value, column.kind);
    Cell stored = value;
    if (!make_stored(stored, column, arena))
        return false;
    Cell read = table.keep(stored, arena);
    const Fit fit = convert_cell(read, column.rule, arena);
    INFO("value " << before << " stored as " << describe_cell(stored) << " came as "
                  << describe_cell(read));
    CHECK((fit == Fit::fits || fit == Fit::rounded));
    CHECK(shown(read, column.kind) == before);
    return true;
}

Cell text_value(const std::string &text, Batch &arena, StorageClass storage = StorageClass::text) {
    Cell cell;
    arena.set_bytes(cell, storage, text);
    return cell;
}

Cell integer_value(std::int64_t value) {
    Cell cell;
    cell.set_integer(value);
    return cell;
}

Cell real_value(double value) {
    Cell cell;
    cell.set_real(value);
    return cell;
}

std::string random_decimal(std::mt19937_64 &random) {
    std::string text = random() % 2 != 0 ? "-" : "";
    const auto whole = random() % 25;
    for (std::size_t i = 0; i < whole; ++i)
        text += static_cast<char>('0' + (i == 0 ? 1 + random() % 9 : random() % 10));
    if (whole == 0)
        text += '0';
    const auto fraction = random() % 12;
    for (std::size_t i = 0; i < fraction; ++i)
        text += (i == 0 ? "." : "") + std::to_string(random() % 10);
    // PostgreSQL has no negative zero.
    return text.find_first_of("123456789") == std::string::npos && text[0] == '-' ? text.substr(1)
                                                                                  : text;
}

std::string random_text(std::mt19937_64 &random) {
    constexpr std::string_view kBytes = "0123456789..eE+- x";
    std::string text;
    for (auto size = random() % 8; size > 0; --size)
        text += kBytes[random() % kBytes.size()];
    return text;
}

double random_real(std::mt19937_64 &random) {
    switch (random() % 4) {
    case 0:
        return static_cast<double>(static_cast<std::int64_t>(random()));
    case 1:
        return static_cast<double>(random() % 100000) / 100;
    case 2:
        return std::ldexp(static_cast<double>(random() % 1000),
                          static_cast<int>(random() % 600) - 300);
    default:
        return static_cast<double>(random()) / static_cast<double>(random() | 1);
    }
}

} // namespace

TEST_CASE("a written value reads back as itself", "[fdw][stored]") {
    const std::string declared = GENERATE(from_range(kDeclared));
    OneColumn table(declared);
    std::mt19937_64 random(20240229);
    CAPTURE(declared);
    for (int i = 0; i < 3000; ++i) {
        Batch arena(1);
        (void)survives(integer_value(static_cast<std::int64_t>(random())),
                       stored_column(TypeKind::bigint, declared), table);
        CHECK(survives(integer_value(static_cast<std::int64_t>(random() % 2000) - 1000),
                       stored_column(TypeKind::bigint, declared), table));
        CHECK(survives(integer_value(i % 2), stored_column(TypeKind::boolean, declared), table));
        const bool is_kept = survives(real_value(random_real(random)),
                                      stored_column(TypeKind::float8, declared), table);
        CHECK((is_kept || declared == "TEXT"));
        (void)survives(text_value(random_decimal(random), arena),
                       stored_column(TypeKind::numeric, declared), table);
        const bool is_text = survives(text_value(random_text(random), arena),
                                      stored_column(TypeKind::text, declared), table);
        CHECK((is_text || (declared != "TEXT" && declared != "BLOB" && !declared.empty())));
    }
}

TEST_CASE("dates and times are written as text or as the unit's number", "[fdw][stored]") {
    const std::string declared = GENERATE(from_range(kDeclared));
    const auto epoch = static_cast<EpochUnit>(GENERATE(range(0, 7)));
    OneColumn table(declared);
    std::mt19937_64 random(7);
    CAPTURE(declared, static_cast<int>(epoch));
    constexpr std::int64_t kDay = 86'400'000'000;
    for (int i = 0; i < 500; ++i) {
        const auto day = static_cast<std::int64_t>(random() % 3'000'000) - 700'000;
        const auto second = static_cast<std::int64_t>(random() % 86'400) * 1'000'000;
        const auto micro = static_cast<std::int64_t>(random() % 1'000'000);
        (void)survives(integer_value(day), stored_column(TypeKind::date, declared, epoch), table);
        for (const TypeKind kind : {TypeKind::timestamp, TypeKind::timestamptz}) {
            const StoredColumn column = stored_column(kind, declared, epoch);
            (void)survives(integer_value(day * kDay + second), column, table);
            (void)survives(integer_value(day * kDay + second + micro), column, table);
        }
        CHECK(survives(integer_value(second + micro),
                       stored_column(TypeKind::time, declared, epoch), table));
    }
    // What applications store: a second of our days.
    const std::int64_t now = 9'000 * kDay + 45'296'000'000;
    CHECK(
        survives(integer_value(now), stored_column(TypeKind::timestamptz, declared, epoch), table));
}

TEST_CASE("what SQLite would change is refused", "[fdw][stored]") {
    Batch arena(1);
    const auto refuses = [&](Cell cell, TypeKind kind, const char *declared,
                             EpochUnit epoch = EpochUnit::none) {
        return !make_stored(cell, stored_column(kind, declared, epoch), arena);
    };
    CHECK(refuses(real_value(std::numeric_limits<double>::quiet_NaN()), TypeKind::float8, "REAL"));
    CHECK(refuses(real_value(std::numeric_limits<double>::infinity()), TypeKind::float8, "TEXT"));
    CHECK(refuses(integer_value(9007199254740993), TypeKind::bigint, "REAL"));
    CHECK(refuses(text_value("NaN", arena), TypeKind::numeric, "TEXT"));
    CHECK(refuses(text_value("Infinity", arena), TypeKind::numeric, ""));
    CHECK(refuses(text_value("1.2345678901234567890", arena), TypeKind::numeric, "DECIMAL(10,2)"));
    CHECK(refuses(text_value("9007199254740993", arena), TypeKind::numeric, "REAL"));
    CHECK(refuses(text_value("007", arena), TypeKind::text, "INTEGER"));
    CHECK(refuses(text_value("7", arena), TypeKind::text, "REAL"));
    CHECK(refuses(text_value(" 7", arena), TypeKind::text, "DECIMAL(10,2)"));
    CHECK(refuses(text_value("1e3", arena), TypeKind::text, "INTEGER"));
    CHECK(refuses(integer_value(std::numeric_limits<std::int32_t>::max()), TypeKind::date, ""));
    CHECK(refuses(integer_value(std::numeric_limits<std::int64_t>::min()), TypeKind::timestamp,
                  "TEXT"));
    CHECK(refuses(integer_value(std::numeric_limits<std::int64_t>::max()), TypeKind::timestamptz,
                  "INTEGER", EpochUnit::seconds));
    StoredColumn utf16 = stored_column(TypeKind::text, "TEXT");
    utf16.is_utf16 = true;
    Cell lost = text_value("a\xEF\xBF\xBF", arena);
    CHECK_FALSE(make_stored(lost, utf16, arena));
}

TEST_CASE("values get the form that SQLite's own programs use", "[fdw][stored]") {
    Batch arena(1);
    const auto form = [&](Cell cell, TypeKind kind, const char *declared,
                          EpochUnit epoch = EpochUnit::none, bool is_zone_told = false) {
        StoredColumn column = stored_column(kind, declared, epoch);
        column.is_zone_told = is_zone_told;
        REQUIRE(make_stored(cell, column, arena));
        return describe_cell(cell);
    };
    constexpr std::int64_t kMoment = 8'825LL * 86'400'000'000 + 11'045'500'000; // 2024-02-29
    CHECK(form(integer_value(8825), TypeKind::date, "DATE") == "\"2024-02-29\"");
    CHECK(form(integer_value(kMoment), TypeKind::timestamp, "DATETIME") ==
          "\"2024-02-29 03:04:05.5\"");
    CHECK(form(integer_value(kMoment), TypeKind::timestamptz, "") == "\"2024-02-29 03:04:05.5\"");
    CHECK(form(integer_value(kMoment), TypeKind::timestamptz, "", EpochUnit::none, true) ==
          "\"2024-02-29 03:04:05.5+00:00\"");
    CHECK(form(integer_value(kMoment), TypeKind::timestamp, "INTEGER", EpochUnit::milliseconds) ==
          "1709175845500");
    CHECK(form(integer_value(kMoment), TypeKind::timestamp, "REAL", EpochUnit::seconds) ==
          "1709175845.5");
    CHECK(form(integer_value(kMoment), TypeKind::timestamp, "TEXT", EpochUnit::seconds) ==
          "\"2024-02-29 03:04:05.5\"");
    CHECK(form(integer_value(86'400'000'000), TypeKind::time, "TEXT") == "\"24:00:00\"");
    CHECK(form(text_value("12.50", arena), TypeKind::numeric, "TEXT") == "\"12.50\"");
    CHECK(form(text_value("12.50", arena), TypeKind::numeric, "NUMERIC") == "12.5");
    CHECK(form(text_value("12.00", arena), TypeKind::numeric, "NUMERIC") == "12");
    CHECK(form(text_value("0.1234567890123456789", arena), TypeKind::numeric, "BLOB") ==
          "\"0.1234567890123456789\"");
    const Cell uuid = text_value(std::string("\xa0\xee\xbc\x99\x9c\x0b\x4e\xf8\xbb\x6d\x6b\xb9"
                                             "\xbd\x38\x0a\x11"),
                                 arena, StorageClass::blob);
    CHECK(form(uuid, TypeKind::uuid, "UUID") == "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"");
    CHECK(form(uuid, TypeKind::uuid, "BLOB").starts_with("x'a0eebc99"));
}

TEST_CASE("looks_like_number says what SQLite's numeric affinity takes", "[fdw][stored]") {
    OneColumn table("NUMERIC");
    std::mt19937_64 random(11);
    for (const char *text : {"", " ", "1", "+1", "-.5", "5.", ".", "1e5", "1e", "1e+", "0x10", "1 ",
                             "\t1\n", "1 1", "--1", "Inf", "nan", "1_0", "\v\f\r7"}) {
        CAPTURE(text);
        CHECK(looks_like_number(text) == table.looks_numeric(text));
    }
    for (int i = 0; i < 20000; ++i) {
        const std::string text = random_text(random);
        CAPTURE(text);
        REQUIRE(looks_like_number(text) == table.looks_numeric(text));
    }
}

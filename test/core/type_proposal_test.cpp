#include "core/plan/type_choice.hpp"

#include "catch.hpp"

#include <string>
#include <utility>

using namespace migrate::core;
using namespace migrate::core::plan;

namespace {

std::string proposed(std::string_view declared) {
    const Proposal proposal = propose_type(declared, ImportOptions());
    return proposal.is_by_values ? "by values" : proposal.type.sql();
}

} // namespace

TEST_CASE("affinity by the five rules, in their order", "[plan][type_choice]") {
    CHECK(affinity_of("INTEGER") == Affinity::integer);
    CHECK(affinity_of("tinyint(1)") == Affinity::integer);
    CHECK(affinity_of("CHARINT") == Affinity::integer);
    CHECK(affinity_of("FLOATING POINT") == Affinity::integer);
    CHECK(affinity_of("POINT") == Affinity::integer);
    CHECK(affinity_of("VARCHAR(255)") == Affinity::text);
    CHECK(affinity_of("clob") == Affinity::text);
    CHECK(affinity_of("TEXTBLOB") == Affinity::text);
    CHECK(affinity_of("BLOB") == Affinity::blob);
    CHECK(affinity_of("") == Affinity::blob);
    CHECK(affinity_of("BLOBREAL") == Affinity::blob);
    CHECK(affinity_of("REAL") == Affinity::real);
    CHECK(affinity_of("DOUBLE PRECISION") == Affinity::real);
    CHECK(affinity_of("float") == Affinity::real);
    CHECK(affinity_of("STRING") == Affinity::numeric);
    CHECK(affinity_of("DATETIME") == Affinity::numeric);
    CHECK(affinity_of(" ") == Affinity::numeric);
}

TEST_CASE("the declared type proposes by the table of types.md", "[plan][type_choice]") {
    const std::pair<const char *, const char *> kTable[] = {
        {"BOOL", "boolean"},
        {"boolean", "boolean"},
        {" Boolean ", "boolean"},
        {"INTEGER", "bigint"},
        {"INT", "bigint"},
        {"tinyint(1)", "bigint"},
        {"BIGINT UNSIGNED", "bigint"},
        {"UNSIGNED BIG INT", "bigint"},
        {"INT8", "bigint"},
        {"POINT", "bigint"},
        {"FLOATING POINT", "bigint"},
        {"CHARINT", "bigint"},
        {"DATE", "date"},
        {"date", "date"},
        {"DATETIME", "timestamp with time zone"},
        {"datetime(6)", "timestamp with time zone"},
        {"SMALLDATETIME", "timestamp with time zone"},
        {"TIMESTAMP", "timestamp with time zone"},
        {"TIMESTAMP WITH TIME ZONE", "timestamp with time zone"},
        {"timestamptz", "timestamp with time zone"},
        {"TIME", "time without time zone"},
        {"TIME(6)", "time without time zone"},
        {"DECIMAL(10,2)", "numeric(10,2)"},
        {"NUMERIC(12, 2)", "numeric(12,2)"},
        {"numeric ( 12 , 2 )", "numeric(12,2)"},
        {"DECIMAL(5)", "numeric(5,0)"},
        {"NUMBER(8,3)", "numeric(8,3)"},
        {"DECIMAL", "numeric"},
        {"NUMERIC", "numeric"},
        {"MONEY", "numeric"},
        {"MONEY(10,2)", "numeric"},
        {"NUMBER", "numeric"},
        {"DECIMAL(1000,5)", "numeric(1000,5)"},
        {"DECIMAL(1001,5)", "numeric"},
        {"DECIMAL(0)", "numeric"},
        {"DECIMAL(5,6)", "numeric"},
        {"DECIMAL(5,-2)", "numeric"},
        {"DECIMAL(5,2,1)", "numeric"},
        {"DECIMAL()", "numeric"},
        {"DECIMAL(99999999999999999999)", "numeric"},
        {"REAL", "double precision"},
        {"FLOAT", "double precision"},
        {"float(24)", "double precision"},
        {"DOUBLE", "double precision"},
        {"DOUBLE PRECISION", "double precision"},
        {"VARCHAR(30)", "character varying(30)"},
        {"VARCHAR (30)", "character varying(30)"},
        {"varchar( 30 )", "character varying(30)"},
        {"CHAR(1)", "character varying(1)"},
        {"CHARACTER(20)", "character varying(20)"},
        {"CHARACTER VARYING(20)", "character varying(20)"},
        {"VARYING CHARACTER(255)", "character varying(255)"},
        {"NATIVE CHARACTER(70)", "character varying(70)"},
        {"NVARCHAR(100)", "character varying(100)"},
        {"NCHAR(55)", "character varying(55)"},
        {"VARCHAR(10485760)", "character varying(10485760)"},
        {"VARCHAR(10485761)", "text"},
        {"VARCHAR(99999999999)", "text"},
        {"VARCHAR(0)", "text"},
        {"VARCHAR(-5)", "text"},
        {"VARCHAR(10,2)", "text"},
        {"VARCHAR(MAX)", "text"},
        {"VARCHAR(30 CHAR)", "text"},
        {"VARCHAR(30", "character varying(30)"},
        {"VARCHAR", "text"},
        {"CHAR", "text"},
        {"LONGVARCHAR", "text"},
        {"TEXT", "text"},
        {"TEXT(36)", "text"},
        {"LONGTEXT", "text"},
        {"CLOB", "text"},
        {"STRING", "text"},
        {"JSON", "jsonb"},
        {"jsonb", "jsonb"},
        {"UUID", "uuid"},
        {"GUID", "uuid"},
        {"UniqueIdentifier", "uuid"},
        {"CHAR(36)", "character varying(36)"},
        {"BLOB", "bytea"},
        {"BLOB(36)", "bytea"},
        {"LONGBLOB", "bytea"},
        {"", "by values"},
        {"ANY", "by values"},
        {"GEOMETRY", "by values"},
        {"VARBINARY(16)", "by values"},
        {"enum", "by values"},
        {"DATES", "by values"},
        {"()", "by values"},
    };
    for (const auto &[declared, type] : kTable) {
        CAPTURE(declared);
        CHECK(proposed(declared) == type);
    }
    ImportOptions options;
    options.is_timestamp_without_zone = true;
    CHECK(propose_type("DATETIME", options).type.sql() == "timestamp without time zone");
    CHECK(propose_type("TIMESTAMP WITH TIME ZONE", options).type.kind == TypeKind::timestamp);
    CHECK(propose_type("DATE", options).type.kind == TypeKind::date);
}

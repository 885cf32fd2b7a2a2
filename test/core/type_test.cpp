#include "catch.hpp"

#include "core/type.hpp"

using namespace migrate::core;

TEST_CASE("types print the names of format_type", "[type]") {
    CHECK(make_type(TypeKind::boolean).sql() == "boolean");
    CHECK(make_type(TypeKind::bigint).sql() == "bigint");
    CHECK(make_type(TypeKind::numeric).sql() == "numeric");
    CHECK(make_numeric(10, 2).sql() == "numeric(10,2)");
    CHECK(make_numeric(10, 0).sql() == "numeric(10,0)");
    CHECK(make_numeric(3, -2).sql() == "numeric(3,-2)");
    CHECK(make_type(TypeKind::float8).sql() == "double precision");
    CHECK(make_type(TypeKind::text).sql() == "text");
    CHECK(make_type(TypeKind::varchar).sql() == "character varying");
    CHECK(make_varchar(20).sql() == "character varying(20)");
    CHECK(make_type(TypeKind::bytea).sql() == "bytea");
    CHECK(make_type(TypeKind::date).sql() == "date");
    CHECK(make_type(TypeKind::time).sql() == "time without time zone");
    CHECK(make_type(TypeKind::timestamp).sql() == "timestamp without time zone");
    CHECK(make_type(TypeKind::timestamptz).sql() == "timestamp with time zone");
    CHECK(make_type(TypeKind::json).sql() == "json");
    CHECK(make_type(TypeKind::jsonb).sql() == "jsonb");
    CHECK(make_type(TypeKind::uuid).sql() == "uuid");
    CHECK(make_type(TypeKind::citext).sql() == "citext");
    Type inet = make_type(TypeKind::other);
    inet.name = "inet";
    CHECK(inet.sql() == "inet");
}

TEST_CASE("types know their family", "[type]") {
    for (TypeKind kind : {TypeKind::text, TypeKind::varchar, TypeKind::citext})
        CHECK(make_type(kind).is_text_like());
    for (TypeKind kind : {TypeKind::bytea, TypeKind::json, TypeKind::other, TypeKind::uuid})
        CHECK_FALSE(make_type(kind).is_text_like());
    for (TypeKind kind : {TypeKind::date, TypeKind::timestamp, TypeKind::timestamptz})
        CHECK(make_type(kind).is_time_like());
    CHECK_FALSE(make_type(TypeKind::time).is_time_like());
    CHECK(make_numeric(10, 2) == make_numeric(10, 2));
    CHECK_FALSE(make_numeric(10, 2) == make_numeric(10, 3));
    CHECK_FALSE(make_varchar(5) == make_type(TypeKind::varchar));
}

TEST_CASE("epoch units have words for a note", "[type]") {
    CHECK(epoch_unit_words(EpochUnit::seconds) == "seconds since 1970-01-01");
    CHECK(epoch_unit_words(EpochUnit::milliseconds) == "milliseconds since 1970-01-01");
    CHECK(epoch_unit_words(EpochUnit::nanoseconds) == "nanoseconds since 1970-01-01");
    CHECK(epoch_unit_words(EpochUnit::julian) == "Julian days");
    CHECK(epoch_unit_words(EpochUnit::apple) == "seconds since 2001-01-01");
    CHECK_FALSE(epoch_unit_words(EpochUnit::none).empty());
}

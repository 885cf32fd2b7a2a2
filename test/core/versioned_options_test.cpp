#include "core/versioned/versioned_options.hpp"

#include "core/error.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::versioned;

namespace {

OptionValue object(std::string name, OptionKind kind, std::string text, bool boolean = false) {
    OptionValue member;
    member.kind = kind;
    member.text = std::move(text);
    member.boolean = boolean;
    OptionValue value;
    value.kind = OptionKind::object;
    value.members.push_back({std::move(name), std::move(member)});
    return value;
}

} // namespace

TEST_CASE("versioned options have defaults", "[versioned][options]") {
    const VersionedOptions options = parse_versioned_options({});
    CHECK(options.history == "schema_migrations");
    CHECK(options.out_of_order == Allowance::error);
    CHECK(options.non_transactional == NonTransactional::error);
    CHECK(options.lock_wait_ms == 0);
    CHECK(options.lock_timeout == "5s");
    CHECK_FALSE(options.cascade);
    CHECK(options.role.empty());
}

TEST_CASE("versioned options are read", "[versioned][options]") {
    CHECK(parse_versioned_options(object("changed", OptionKind::string, "allow")).changed ==
          Allowance::allow);
    CHECK(parse_versioned_options(object("lock_wait", OptionKind::string, "2min")).lock_wait_ms ==
          120000);
    CHECK(parse_versioned_options(object("lock_timeout", OptionKind::number, "250")).lock_timeout ==
          "250ms");
    CHECK(parse_versioned_options(object("cascade", OptionKind::boolean, "", true)).cascade);
    CHECK(parse_versioned_options(object("direction", OptionKind::string, "down")).direction ==
          Direction::down);
    try {
        parse_versioned_options(object("mising", OptionKind::string, "allow"));
        FAIL("no error");
    } catch (const Error &error) {
        CHECK(std::string(error.code()) == "22023");
        CHECK(error.message() == "invalid option \"mising\"");
        CHECK(error.hint() == "Perhaps you meant the option \"missing\".");
    }
}

TEST_CASE("versioned options are described", "[versioned][options]") {
    CHECK(migrate::core::describe_options("apply_versioned").size() == 11);
    CHECK(migrate::core::versioned::describe_options("import_sqlite").empty());
}

#include "core/import_options.hpp"

#include "core/error.hpp"

#include "catch.hpp"
#include "option_values.hpp"

#include <set>

using namespace migrate::core;

namespace {

ImportOptions parse(const std::string &name, OptionValue value) {
    return parse_import_options(object({{name, std::move(value)}}));
}

struct Failure {
    std::string message;
    std::string detail;
    std::string hint;
};

Failure fail(const std::string &name, OptionValue value) {
    try {
        parse(name, std::move(value));
    } catch (const Error &error) {
        CHECK(std::string(error.code()) == "22023");
        return {error.message(), error.detail(), error.hint()};
    }
    FAIL("no error for option " << name);
    return {};
}

} // namespace

TEST_CASE("options left out have their defaults", "[options]") {
    for (const OptionValue &none : {OptionValue(), object({})}) {
        const ImportOptions options = parse_import_options(none);
        CHECK(options.mode == Mode::create);
        CHECK(options.identifiers == Identifiers::lower);
        CHECK(options.on_type_mismatch == TypeMismatch::widen);
        CHECK_FALSE(options.has_on_type_mismatch);
        CHECK(options.null_texts.empty());
        CHECK(options.timezone == "UTC");
        CHECK(options.epoch == EpochChoice::automatic);
        CHECK(options.lock_timeout == "5s");
        CHECK(options.lock_timeout_ms == 5000);
        CHECK(options.max_value_size == 268435456);
        CHECK(options.constraints);
        CHECK_FALSE(options.reject_limit.has_value());
        CHECK_FALSE(options.dry_run);
    }
}

TEST_CASE("the described defaults are what the parser gives", "[options]") {
    const ImportOptions defaults;
    for (const OptionDescription &row : describe_options("import_sqlite")) {
        CAPTURE(row.name);
        if (row.default_value == nullptr) {
            continue;
        }
        const std::string type = row.type;
        const std::string value = row.default_value;
        const ImportOptions options =
            parse(row.name, type.starts_with("boolean") ? boolean(value == "true") : text(value));
        CHECK(options.mode == defaults.mode);
        CHECK(options.identifiers == defaults.identifiers);
        CHECK(options.on_type_mismatch == defaults.on_type_mismatch);
        CHECK(options.invalid_text == defaults.invalid_text);
        CHECK(options.is_timestamp_without_zone == defaults.is_timestamp_without_zone);
        CHECK(options.timezone == defaults.timezone);
        CHECK(options.epoch == defaults.epoch);
        CHECK(options.nocase == defaults.nocase);
        CHECK(options.orphans == defaults.orphans);
        CHECK(options.verify == defaults.verify);
        CHECK(options.lock_timeout_ms == defaults.lock_timeout_ms);
        CHECK(options.max_value_size == defaults.max_value_size);
        CHECK(options.constraints == defaults.constraints);
        CHECK(options.indexes == defaults.indexes);
        CHECK(options.foreign_keys == defaults.foreign_keys);
        CHECK(options.defaults == defaults.defaults);
        CHECK(options.sequences == defaults.sequences);
        CHECK(options.views == defaults.views);
        CHECK(options.analyze == defaults.analyze);
        CHECK(options.freeze == defaults.freeze);
        CHECK(options.dry_run == defaults.dry_run);
        CHECK(options.row_security == defaults.row_security);
        CHECK(options.distribute == defaults.distribute);
    }
}

TEST_CASE("describe_options names every option once", "[options]") {
    const auto rows = describe_options("import_sqlite");
    std::set<std::string> names;
    for (const OptionDescription &row : rows) {
        CHECK(names.insert(row.name).second);
        CHECK_FALSE(std::string(row.meaning).empty());
    }
    CHECK(names == std::set<std::string>{"mode",
                                         "on_conflict",
                                         "conflict_key",
                                         "triggers",
                                         "subset",
                                         "identifiers",
                                         "on_type_mismatch",
                                         "null",
                                         "invalid_text",
                                         "types",
                                         "timestamp_type",
                                         "timezone",
                                         "epoch",
                                         "nocase",
                                         "owner",
                                         "constraints",
                                         "indexes",
                                         "foreign_keys",
                                         "defaults",
                                         "sequences",
                                         "views",
                                         "orphans",
                                         "reject_limit",
                                         "lock_timeout",
                                         "verify",
                                         "analyze",
                                         "freeze",
                                         "max_value_size",
                                         "dry_run",
                                         "tenant_key",
                                         "tenant_unique_keep",
                                         "row_security",
                                         "distribute",
                                         "watermark",
                                         "delete",
                                         "delete_limit"});
    CHECK(describe_options("plan_sqlite").size() == rows.size());
    CHECK(describe_options("verify_sqlite").data() == rows.data());
    CHECK(describe_options("inspect_sqlite").empty());
    CHECK(describe_options("").empty());
}

TEST_CASE("every allowed word is taken and is another value", "[options]") {
    CHECK(parse("mode", text("replace")).mode == Mode::replace);
    CHECK(parse("identifiers", text("preserve")).identifiers == Identifiers::preserve);
    CHECK(parse("identifiers", text("snake")).identifiers == Identifiers::snake);
    CHECK(parse("on_type_mismatch", text("error")).on_type_mismatch == TypeMismatch::error);
    CHECK(parse("on_type_mismatch", text("null")).on_type_mismatch == TypeMismatch::null);
    CHECK(parse("on_type_mismatch", text("reject")).on_type_mismatch == TypeMismatch::reject);
    CHECK(parse("on_type_mismatch", text("widen")).has_on_type_mismatch);
    CHECK(parse("invalid_text", text("replace")).invalid_text == InvalidText::replace);
    CHECK(parse("invalid_text", text("reject")).invalid_text == InvalidText::reject);
    CHECK(parse("timestamp_type", text("timestamp")).is_timestamp_without_zone);
    CHECK(parse("nocase", text("citext")).nocase == Nocase::citext);
    CHECK(parse("orphans", text("error")).orphans == Orphans::error);
    CHECK(parse("verify", text("digest")).verify == Verify::digest);
    CHECK(parse("verify", text("none")).verify == Verify::none);
    CHECK(parse("timezone", text("Europe/Berlin")).timezone == "Europe/Berlin");
    CHECK(parse("owner", text("app_owner")).owner == "app_owner");
}

TEST_CASE("booleans are true and false only", "[options]") {
    for (const char *name : {"constraints", "indexes", "foreign_keys", "defaults", "sequences",
                             "views", "analyze", "freeze", "dry_run"}) {
        CAPTURE(name);
        const Failure word = fail(name, text("true"));
        CHECK(word.message == "option \"" + std::string(name) + "\" must be a boolean");
        CHECK(word.detail == "The value given is the string \"true\".");
        CHECK(fail(name, number("1")).detail == "The value given is the number 1.");
        CHECK(fail(name, OptionValue()).detail == "The value given is null.");
    }
    CHECK_FALSE(parse("views", boolean(false)).views);
    CHECK_FALSE(parse("indexes", boolean(false)).indexes);
    CHECK(parse("indexes", boolean(false)).views);
    CHECK(parse("dry_run", boolean(true)).dry_run);
}

TEST_CASE("an unknown option names the nearest", "[options]") {
    CHECK(fail("identifier", text("x")).message == "invalid option \"identifier\"");
    CHECK(fail("identifier", text("x")).hint == "Perhaps you meant the option \"identifiers\".");
    CHECK(fail("MODE", text("x")).hint == "Perhaps you meant the option \"mode\".");
    const std::string hint = fail("separator", text(";")).hint;
    CHECK(hint.rfind("Valid options are \"mode\", \"on_conflict\", ", 0) == 0);
    CHECK(hint.find("\"delete\", and \"delete_limit\".") != std::string::npos);
    CHECK(fail("", text("x")).message == "invalid option \"\"");
}

TEST_CASE("options for tables that exist", "[options]") {
    CHECK_FALSE(parse("mode", text("replace")).fills_existing());
    CHECK(parse("mode", text("append")).fills_existing());
    CHECK(parse("mode", text("truncate")).fills_existing());
    CHECK(parse("on_conflict", text("update")).on_conflict == OnConflict::update);
    CHECK_FALSE(parse("triggers", boolean(false)).triggers);
    CHECK(parse("subset", boolean(true)).is_subset == true);
    CHECK(parse("subset", boolean(false)).is_subset == false);
    CHECK_FALSE(parse("triggers", boolean(false)).is_subset.has_value());
    const ImportOptions plain = parse("conflict_key", text("id"));
    REQUIRE(plain.conflict_keys.size() == 1);
    CHECK(plain.conflict_keys[0].table == "*");
    CHECK(plain.conflict_keys[0].columns == std::vector<std::string>{"id"});
    CHECK(fail("conflict_key", boolean(true)).message ==
          "option \"conflict_key\" must be a string or an array of strings");
}

TEST_CASE("a wrong word names the valid ones and the nearest", "[options]") {
    const Failure failure = fail("mode", text("replce"));
    CHECK(failure.message == "invalid value for option \"mode\": \"replce\"");
    CHECK(failure.hint == "Valid values are \"create\", \"replace\", \"truncate\", and \"append\". "
                          "Perhaps you meant the value \"replace\".");
    CHECK(fail("verify", text("x")).hint ==
          "Valid values are \"counts\", \"digest\", and \"none\".");
    CHECK(fail("mode", text("Create")).message == "invalid value for option \"mode\": \"Create\"");
    const Failure number_given = fail("mode", number("1"));
    CHECK(number_given.message == "option \"mode\" must be a string");
    CHECK(number_given.detail == "The value given is the number 1.");
    CHECK(fail("mode", list({text("create")})).detail == "The value given is an array.");
    CHECK(fail("timezone", text("")).message == "invalid value for option \"timezone\": \"\"");
    CHECK(fail("owner", object({})).detail == "The value given is an object.");
    // A long value is cut on a character, not within one.
    const std::string shown = fail("mode", text("x" + std::string(58, 'y') + "ä" + "zz")).message;
    CHECK(shown == "invalid value for option \"mode\": \"x" + std::string(58, 'y') + "…\"");
}

TEST_CASE("options must be an object", "[options]") {
    for (const OptionValue &value : {text("x"), list({}), number("1"), boolean(true)}) {
        try {
            parse_import_options(value);
            FAIL("no error");
        } catch (const Error &error) {
            CHECK(error.message() == "option \"options\" must be an object");
        }
    }
}

TEST_CASE("option null is a text, texts or none", "[options]") {
    CHECK(parse("null", text("")).null_texts == std::vector<std::string>{""});
    CHECK(parse("null", list({text("N/A"), text("")})).null_texts ==
          std::vector<std::string>{"N/A", ""});
    CHECK(parse("null", OptionValue()).null_texts.empty());
    CHECK(parse("null", list({})).null_texts.empty());
    CHECK(fail("null", number("0")).message ==
          "option \"null\" must be a string or an array of strings");
    CHECK(fail("null", list({text("a"), OptionValue()})).detail ==
          "Item 2 of the array is not a string.");
}

TEST_CASE("reject_limit is a whole number", "[options]") {
    CHECK(parse("reject_limit", number("0")).reject_limit == 0);
    CHECK(parse("reject_limit", number("100")).reject_limit == 100);
    const Failure word = fail("reject_limit", text("ten"));
    CHECK(word.message == "option \"reject_limit\" must be a number");
    CHECK(word.detail == "The value given is the string \"ten\".");
    for (const char *given : {"-1", "1.5", "99999999999999999999"}) {
        const Failure failure = fail("reject_limit", number(given));
        CHECK(failure.message ==
              "invalid value for option \"reject_limit\": \"" + std::string(given) + "\"");
        CHECK(failure.detail == "The value must be a whole number of 0 or more.");
    }
}

TEST_CASE("max_value_size is bytes or a size with a unit", "[options]") {
    const auto size = [](OptionValue value) {
        return parse("max_value_size", std::move(value)).max_value_size;
    };
    CHECK(size(number("1000")) == 1000);
    CHECK(size(number("1000000000")) == 1000000000);
    CHECK(size(text("1000")) == 1000);
    CHECK(size(text("17B")) == 17);
    CHECK(size(text(" 10 kB ")) == 10240);
    CHECK(size(text("256 MB")) == 268435456);
    CHECK(size(text("0.5GB")) == 536870912);
    // SQLite holds no larger value than 1,000,000,000 bytes.
    CHECK(size(text("1GB")) == 1000000000);
    for (const char *given : {"2GB", "0", "0 MB", "0.4"}) {
        CHECK(fail("max_value_size", text(given)).detail ==
              "The value must lie between 1 and 1000000000 bytes.");
    }
    for (const char *given : {"", "MB", "-1", "10 mb", "10 KB", "1.2.3", "1e3", "10 MB x", "inf"}) {
        CAPTURE(given);
        CHECK(fail("max_value_size", text(given)).hint ==
              "Write a number with a unit, such as \"256 MB\"; valid units are \"B\", \"kB\", "
              "\"MB\", and \"GB\".");
    }
    CHECK(fail("max_value_size", number("-5")).message ==
          "invalid value for option \"max_value_size\": \"-5\"");
    CHECK(fail("max_value_size", boolean(true)).message ==
          "option \"max_value_size\" must be a number or a string");
}

TEST_CASE("lock_timeout is milliseconds or a time with a unit", "[options]") {
    const auto timeout = [](OptionValue value) {
        return parse("lock_timeout", std::move(value)).lock_timeout_ms;
    };
    CHECK(timeout(number("250")) == 250);
    CHECK(parse("lock_timeout", number("250")).lock_timeout == "250ms");
    CHECK(timeout(text("250")) == 250);
    CHECK(timeout(text("5s")) == 5000);
    CHECK(timeout(text("500ms")) == 500);
    CHECK(timeout(text("1 min")) == 60000);
    CHECK(timeout(text("2h")) == 7200000);
    CHECK(timeout(text("1d")) == 86400000);
    CHECK(timeout(text("1.5s")) == 1500);
    CHECK(timeout(text("0")) == 0);
    CHECK(parse("lock_timeout", text("1 min")).lock_timeout == "1 min");
    CHECK(timeout(text("2147483647")) == 2147483647);
    for (const char *given : {"2147483648", "25d", "100us"}) {
        CHECK(fail("lock_timeout", text(given)).detail ==
              "The value must be 0, which waits for ever, or lie between 1 and 2147483647 "
              "milliseconds.");
    }
    CHECK(fail("lock_timeout", text("5 seconds")).hint ==
          "Write a number with a unit, such as \"5s\"; valid units are \"us\", \"ms\", \"s\", "
          "\"min\", \"h\", and \"d\".");
    CHECK(fail("lock_timeout", text("-1")).message ==
          "invalid value for option \"lock_timeout\": \"-1\"");
    CHECK(fail("lock_timeout", OptionValue()).message ==
          "option \"lock_timeout\" must be a number or a string");
}

TEST_CASE("types names columns flat and nested", "[options]") {
    const auto types =
        parse("types", object({{"item.price", text("numeric(10,2)")},
                               {"*.created_at", text("timestamptz")},
                               {"\"my.table\".\"a \"\"b\"\".c\"", text("text")},
                               {"odd.name", object({{"x.y", text("uuid")}, {"z", text("int")}})}}))
            .types;
    REQUIRE(types.size() == 5);
    CHECK(types[0].table == "item");
    CHECK(types[0].column == "price");
    CHECK(types[0].value == "numeric(10,2)");
    CHECK(types[1].table == "*");
    CHECK(types[2].table == "my.table");
    CHECK(types[2].column == "a \"b\".c");
    CHECK(types[3].table == "odd.name");
    CHECK(types[3].column == "x.y");
    CHECK(types[4].column == "z");

    for (const char *name :
         {"price", "a.b.c", ".b", "a.", "", "\"a.b", "\"a\"b.c", "\"\".b", "a.b\"", "a..b"}) {
        CAPTURE(name);
        const Failure failure = fail("types", object({{name, text("text")}}));
        CHECK(failure.message ==
              "invalid column name in option \"types\": \"" + std::string(name) + "\"");
        CHECK(failure.hint.rfind("Write \"table.column\" or {\"table\": {\"column\": …}};", 0) ==
              0);
    }
    CHECK(fail("types", text("int")).message == "option \"types\" must be an object");
    CHECK(fail("types", object({{"a.b", boolean(true)}})).message ==
          "value of \"a.b\" in option \"types\" must be a string");
    CHECK(fail("types", object({{"a", object({{"b", list({})}})}})).detail ==
          "The value given is an array.");
    CHECK(fail("types", object({{"a.b", number("1")}})).message ==
          "option \"types\" must be a string");
    CHECK(fail("types", object({{"a.b", text("")}})).detail == "The value must not be empty.");
}

TEST_CASE("epoch is a word or words by column", "[options]") {
    CHECK(parse("epoch", text("auto")).epoch == EpochChoice::automatic);
    CHECK(parse("epoch", text("unix")).epoch == EpochChoice::unix_time);
    CHECK(parse("epoch", text("2001")).epoch == EpochChoice::apple);
    CHECK(parse("epoch", number("2001")).epoch == EpochChoice::apple);
    CHECK(parse("epoch", text("julian")).epoch == EpochChoice::julian);
    CHECK(parse("epoch", text("none")).epoch == EpochChoice::none);
    const ImportOptions options = parse(
        "epoch", object({{"*.created", text("unix")}, {"t", object({{"year", text("none")}})}}));
    REQUIRE(options.epochs.size() == 2);
    CHECK(options.epoch == EpochChoice::automatic);
    CHECK(options.epochs[0].table == "*");
    CHECK(options.epochs[0].value == EpochChoice::unix_time);
    CHECK(options.epochs[1].column == "year");
    CHECK(options.epochs[1].value == EpochChoice::none);
    CHECK(fail("epoch", text("unx")).hint ==
          "Valid values are \"auto\", \"unix\", \"2001\", \"julian\", and \"none\". Perhaps you "
          "meant the value \"unix\".");
    CHECK(fail("epoch", number("1970")).message == "invalid value for option \"epoch\": \"1970\"");
    CHECK(fail("epoch", object({{"a.b", text("seconds")}})).message ==
          "invalid value for option \"epoch\": \"seconds\"");
    CHECK(fail("epoch", boolean(false)).message ==
          "option \"epoch\" must be a string or an object");
}

// Names: folding, cutting, system columns, control characters, suffixes.
#include "core/plan/keywords.hpp"
#include "core/plan/naming.hpp"

#include "catch.hpp"

#include <string>

using namespace migrate::core;
using namespace migrate::core::plan;

namespace {

std::string repeat(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

TEST_CASE("names fold by the option", "[plan][naming]") {
    CHECK(fold_name("OrderItems", Identifiers::lower) == "orderitems");
    CHECK(fold_name("OrderItems", Identifiers::preserve) == "OrderItems");
    CHECK(fold_name("OrderItems", Identifiers::snake) == "order_items");

    SECTION("only ASCII folds, as in SQLite") {
        CHECK(fold_name("STRASSE_Ä", Identifiers::lower) == "strasse_Ä");
        CHECK(fold_ascii("ÀB") == "Àb");
    }
    SECTION("snake case keeps abbreviations and digits together") {
        CHECK(fold_name("HTTPServerID", Identifiers::snake) == "http_server_id");
        CHECK(fold_name("userID2", Identifiers::snake) == "user_id2");
        CHECK(fold_name("Order_Items", Identifiers::snake) == "order_items");
        CHECK(fold_name("Order Details", Identifiers::snake) == "order_details");
        CHECK(fold_name("line2Text", Identifiers::snake) == "line2_text");
        CHECK(fold_name("ID", Identifiers::snake) == "id");
        CHECK(fold_name("a - b", Identifiers::snake) == "a_b");
    }
}

TEST_CASE("a namer gives each name once", "[plan][naming]") {
    Namer names(Identifiers::lower, NameSpace::relation);

    SECTION("folding alone is no note worth a line") {
        const Named named = names.take("Order Details");
        CHECK(named.name == "order details");
        CHECK(named.note == "folded to lower case");
        CHECK(named.is_only_folded);
        const Named same = names.take("item");
        CHECK(same.name == "item");
        CHECK(same.note.empty());
        CHECK_FALSE(same.is_only_folded);
    }
    SECTION("a taken name gets a stable suffix") {
        CHECK(names.take("item").name == "item");
        const Named second = names.take("Item");
        CHECK(second.name == "item_1");
        CHECK(second.note == "the name is taken; folded to lower case");
        CHECK_FALSE(second.is_only_folded);
        CHECK(names.take("ITEM").name == "item_2");
        CHECK(names.take("item_1").name == "item_1_1");
    }
    SECTION("made names and reserved ones count") {
        names.reserve("orders_pkey");
        CHECK(names.is_taken("orders_pkey"));
        CHECK(names.take_made("orders_pkey") == "orders_pkey_1");
        CHECK(names.take_made("orders_key") == "orders_key");
        CHECK(names.take("orders_key").name == "orders_key_1");
    }
    SECTION("63 bytes, whole characters, room for the suffix") {
        const std::string longest = repeat("a", 63);
        CHECK(names.take(longest).note.empty());
        const Named cut = names.take(repeat("a", 64));
        CHECK(cut.name == repeat("a", 61) + "_1");
        CHECK(cut.note == "cut to 63 bytes; the name is taken");
        // 31 letters of two bytes are 62 bytes, and half a letter does not fit.
        CHECK(names.take(repeat("ä", 40)).name == repeat("ä", 31));
        CHECK(names.take(repeat("ä", 50)).name == repeat("ä", 30) + "_1");
        CHECK(names.take("x" + repeat("😀", 20)).name == "x" + repeat("😀", 15));
    }
    SECTION("control characters and bytes that are no text") {
        const Named named = names.take("a\tb\x7f");
        CHECK(named.name == "a_b_");
        CHECK(named.note == "control characters replaced");
        CHECK(names.take(std::string_view("n\0l", 3)).name == "n_l");
        CHECK(names.take("bad\xffname").name == "bad_name");
        CHECK(names.take("half\xc3").name == "half_");
        CHECK(names.take("c1\xc2\x85x").name == "c1_x");
        CHECK(names.take("nbsp\xc2\xa0x").name == "nbsp\xc2\xa0x");
    }
    SECTION("an empty name") {
        CHECK(names.take("").name == "unnamed");
        const Named second = names.take("");
        CHECK(second.name == "unnamed_1");
        CHECK(second.note == "the name is empty; the name is taken");
    }
    SECTION("many equal names") {
        std::string last;
        for (int i = 0; i <= 2000; ++i)
            last = names.take("Same").name;
        CHECK(last == "same_2000");
    }
}

TEST_CASE("system columns belong to PostgreSQL", "[plan][naming]") {
    Namer columns(Identifiers::lower, NameSpace::column);
    const Named named = columns.take("CTID");
    CHECK(named.name == "ctid_1");
    CHECK(named.note == "is a system column; folded to lower case");
    CHECK(columns.take("xmin").name == "xmin_1");
    CHECK(columns.take("oid").name == "oid");

    SECTION("with case they are others") {
        Namer preserved(Identifiers::preserve, NameSpace::column);
        CHECK(preserved.take("CTID").name == "CTID");
        CHECK(preserved.take("ctid").name == "ctid_1");
    }
    SECTION("a table may have such a name") {
        Namer relations(Identifiers::lower, NameSpace::relation);
        CHECK(relations.take("xmin").name == "xmin");
    }
}

TEST_CASE("made names are PostgreSQL's", "[plan][naming]") {
    CHECK(make_object_name("orders", "", "pkey") == "orders_pkey");
    CHECK(make_object_name("orders", "customer_id", "fkey") == "orders_customer_id_fkey");
    // makeObjectName cuts the longer of the two first.
    const std::string made = make_object_name(repeat("t", 60), "id", "fkey");
    CHECK(made == repeat("t", 55) + "_id_fkey");
    CHECK(made.size() == 63);
    CHECK(make_object_name(repeat("t", 60), repeat("c", 60), "key") ==
          repeat("t", 29) + "_" + repeat("c", 29) + "_key");
    CHECK(make_object_name(repeat("ä", 40), "", "pkey") == repeat("ä", 29) + "_pkey");
    CHECK(clean_name("A\nB", Identifiers::lower) == "a_b");
    CHECK(clean_name("", Identifiers::lower) == "unnamed");
}

TEST_CASE("display names are quoted where PostgreSQL needs it", "[plan][naming]") {
    CHECK(display_identifier("orders") == "orders");
    CHECK(display_identifier("_x1") == "_x1");
    CHECK(display_identifier("order") == "\"order\"");
    CHECK(display_identifier("user") == "\"user\"");
    CHECK(display_identifier("1st") == "\"1st\"");
    CHECK(display_identifier("Orders") == "\"Orders\"");
    CHECK(display_identifier("a\"b") == "\"a\"\"b\"");
    CHECK(display_identifier("ärger") == "\"ärger\"");
    CHECK(display_identifier("") == "\"\"");
    CHECK(is_keyword("json_table"));
    CHECK(is_keyword("all"));
    CHECK(is_keyword("xmltable"));
    CHECK_FALSE(is_keyword("name"));
    CHECK_FALSE(is_keyword("Select"));
}

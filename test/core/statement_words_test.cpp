#include "core/versioned/script_splitter.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

using migrate::core::versioned::leading_words;

namespace {

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("leading words are folded and bare of comments", "[versioned][statement_words]") {
    CHECK(leading_words("CREATE /* a */ Index -- b\nconcurrently ON t (a)", 3) ==
          Words{"create", "index", "concurrently"});
    CHECK(leading_words("", 3).empty());
    CHECK(leading_words("commit", 3) == Words{"commit"});
    CHECK(leading_words("commit", 0).empty());
    CHECK(leading_words("ÄB Cd", 2) == Words{"Äb", "cd"});
}

TEST_CASE("leading words keep quoted names", "[versioned][statement_words]") {
    CHECK(leading_words("DROP TABLE \"My \"\"T\" CASCADE", 9) ==
          Words{"drop", "table", "\"My \"\"T\"", "cascade"});
    CHECK(leading_words("TABLE U&\"D\"", 9) == Words{"table", "U&\"D\""});
}

TEST_CASE("leading words join names at dots", "[versioned][statement_words]") {
    CHECK(leading_words("ALTER TYPE S.\"T\" ADD VALUE 'x'", 9) ==
          Words{"alter", "type", "s.\"T\"", "add", "value"});
    CHECK(leading_words("TABLE a . b /* c */ . D e", 2) == Words{"table", "a.b.d"});
    CHECK(leading_words("a.", 2) == Words{"a"});
    CHECK(leading_words(".a", 2) == Words{"a"});
    CHECK(leading_words("a.*.b", 9) == Words{"a", "b"});
    CHECK(leading_words("a.(b)", 9) == Words{"a", "b"});
}

TEST_CASE("leading words leave out what is no name", "[versioned][statement_words]") {
    CHECK(leading_words("REINDEX (VERBOSE, CONCURRENTLY false) TABLE t", 9) ==
          Words{"reindex", "verbose", "concurrently", "false", "table", "t"});
    CHECK(leading_words("(SELECT 1 + $1 'b' $$c$$ d", 9) == Words{"select", "d"});
    CHECK(leading_words("SELECT 1a b", 9) == Words{"select", "b"});
}

TEST_CASE("leading words end at a quote that does not end", "[versioned][statement_words]") {
    CHECK(leading_words("select 'a b", 9) == Words{"select"});
    CHECK(leading_words("select \"a b", 9) == Words{"select"});
    CHECK(leading_words("select /* a b", 9) == Words{"select"});
}

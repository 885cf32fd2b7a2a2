// Quotes within a field are text only where COPY's rule, which lets them open and close, does not
// give the records of a table.
#include "catch.hpp"

#include "core/csv/dialect_sniffer.hpp"

#include <string_view>

using migrate::core::csv::InnerQuote;
using migrate::core::csv::KnownDialect;
using migrate::core::csv::sniff_dialect;

namespace {

InnerQuote inner_quote(std::string_view text, const KnownDialect &known = {}) {
    return sniff_dialect(text, true, known).dialect.inner_quote;
}

} // namespace

TEST_CASE("quotes within a field are COPY's where its records are those of a table",
          "[csv][dialect]") {
    KnownDialect comma;
    comma.delimiter = ",";
    comma.quote = '"';
    // By COPY's rule x,y; with quotes as text the record happens to have four fields, too.
    CHECK(inner_quote("a,b,c,d\nx,1,p\",\"q,\"-3 days\"\ny,2,r,s\n", comma) == InnerQuote::copy);
    KnownDialect backslash = comma;
    backslash.escape = '\\';
    CHECK(inner_quote("a,b\nx\"\\\"\"y,1\nz,2\n", backslash) == InnerQuote::copy);
    CHECK(inner_quote("a,b\n5\" pipe,1\nrod,2\n", comma) == InnerQuote::literal);
    CHECK(inner_quote("a,b\n5\" pipe,1\n6\" rod,2\n", comma) == InnerQuote::literal);
    CHECK(inner_quote("a,b,c\n5\" pipe,6\" rod,1\nx,y,2\n", comma) == InnerQuote::literal);
}

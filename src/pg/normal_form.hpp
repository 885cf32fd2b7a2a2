// Names as Unicode composes them (Unicode Standard Annex 15, form NFC): files that macOS wrote
// spell é with two code points, tables that people made have it as one.
#pragma once

namespace migrate::pg {

// `text` is valid UTF-8. Returns the composed text, palloc'd, or `text` itself when it is composed
// already.
const char *compose_name(const char *text);

} // namespace migrate::pg

#include "core/sqlite/authorizer.hpp"

#include <algorithm>
#include <array>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

using namespace std::string_view_literals;

constexpr std::array kPragmas = {"encoding"sv,    "foreign_key_list"sv, "index_list"sv,
                                 "index_xinfo"sv, "page_count"sv,       "page_size"sv,
                                 "table_xinfo"sv};

// Sorted. None makes a value of a size that an argument names (zeroblob, printf, randomblob),
// reads anything but its arguments, or is a table. `replace` grows as `||` does, which no rule
// here can forbid: SQLITE_LIMIT_LENGTH bounds both.
constexpr std::array kFunctions = {"->"sv,           "->>"sv,         "abs"sv,
                                   "acos"sv,         "asin"sv,        "atan"sv,
                                   "atan2"sv,        "ceil"sv,        "ceiling"sv,
                                   "char"sv,         "coalesce"sv,    "cos"sv,
                                   "count"sv,        "date"sv,        "datetime"sv,
                                   "degrees"sv,      "exp"sv,         "floor"sv,
                                   "glob"sv,         "hex"sv,         "if"sv,
                                   "ifnull"sv,       "iif"sv,         "instr"sv,
                                   "json"sv,         "json_array"sv,  "json_array_length"sv,
                                   "json_extract"sv, "json_object"sv, "json_quote"sv,
                                   "json_type"sv,    "json_valid"sv,  "julianday"sv,
                                   "length"sv,       "like"sv,        "likelihood"sv,
                                   "likely"sv,       "ln"sv,          "log"sv,
                                   "log10"sv,        "log2"sv,        "lower"sv,
                                   "ltrim"sv,        "max"sv,         "min"sv,
                                   "mod"sv,          "nullif"sv,      "octet_length"sv,
                                   "pi"sv,           "pow"sv,         "power"sv,
                                   "quote"sv,        "radians"sv,     "replace"sv,
                                   "round"sv,        "rtrim"sv,       "sign"sv,
                                   "sin"sv,          "sqrt"sv,        "strftime"sv,
                                   "substr"sv,       "substring"sv,   "tan"sv,
                                   "time"sv,         "trim"sv,        "trunc"sv,
                                   "typeof"sv,       "unicode"sv,     "unixepoch"sv,
                                   "unlikely"sv,     "upper"sv};
static_assert(std::ranges::is_sorted(kFunctions) && std::ranges::is_sorted(kPragmas));

template <typename Names>
bool has(const Names &names, const char *name) noexcept {
    return name != nullptr && std::ranges::binary_search(names, std::string_view(name));
}

extern "C" int migrate_authorize(void *, int action, const char *first, const char *second,
                                 const char *, const char *inside) noexcept {
    if (inside != nullptr) // the body of a view or a trigger
        return SQLITE_DENY;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_TRANSACTION:
        return SQLITE_OK;
    case SQLITE_PRAGMA:
        return has(kPragmas, first) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return has(kFunctions, second) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

} // namespace

void set_authorizer(sqlite3 *handle) noexcept {
    sqlite3_set_authorizer(handle, migrate_authorize, nullptr);
}

bool is_allowed_function(std::string_view name) noexcept {
    return std::ranges::binary_search(kFunctions, name);
}

} // namespace migrate::core::sqlite

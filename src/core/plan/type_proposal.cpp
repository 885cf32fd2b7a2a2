#include "core/plan/type_choice.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "core/core_only.hpp"

namespace migrate::core::plan {

namespace {

constexpr std::int32_t kMaxVarchar = 10485760; // PostgreSQL: MaxAttrSize
constexpr std::int32_t kMaxPrecision = 1000;   // PostgreSQL: NUMERIC_MAX_PRECISION

// SQLite compares names of types by ASCII letters only.
char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

std::string upper_words(std::string_view text) {
    std::string words;
    bool is_gap = false;
    for (char c : text) {
        if (is_space(c)) {
            is_gap = !words.empty();
            continue;
        }
        if (is_gap) {
            words += ' ';
            is_gap = false;
        }
        words += upper(c);
    }
    return words;
}

bool contains(std::string_view text, std::string_view part) noexcept {
    return text.find(part) != std::string_view::npos;
}

// A declared type in parts: VARCHAR (30) is the words VARCHAR and the digits 30.
struct Declaration {
    std::string whole; // upper case, one space between words
    std::string words; // what stands before the parenthesis
    std::array<std::int32_t, 2> digits{};
    int count = 0; // of digits; -1 when what stands in the parentheses is no list of digits
};

std::optional<std::int32_t> parse_digits(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) {
        return std::nullopt;
    }
    return value;
}

void parse_arguments(std::string_view list, Declaration &declaration) {
    for (int i = 0; i < 2; ++i) {
        const std::size_t comma = list.find(',');
        const std::optional<std::int32_t> digits = parse_digits(list.substr(0, comma));
        if (!digits) {
            break;
        }
        declaration.digits[static_cast<std::size_t>(i)] = *digits;
        declaration.count = i + 1;
        if (comma == std::string_view::npos) {
            return;
        }
        list.remove_prefix(comma + 1);
    }
    declaration.count = -1;
}

Declaration parse_declaration(std::string_view declared_type) {
    Declaration declaration;
    declaration.whole = upper_words(declared_type);
    const std::size_t open = declaration.whole.find('(');
    declaration.words = upper_words(std::string_view(declaration.whole).substr(0, open));
    if (open != std::string::npos) {
        const std::size_t close = declaration.whole.find(')', open);
        parse_arguments(std::string_view(declaration.whole).substr(open + 1, close - open - 1),
                        declaration);
    }
    return declaration;
}

struct ExactWord {
    std::string_view words;
    TypeKind kind;
};

// The rows of types.md that want the whole name; a length in parentheses says nothing here.
constexpr ExactWord kExactWords[] = {
    {"BOOL", TypeKind::boolean},
    {"BOOLEAN", TypeKind::boolean},
    {"DATE", TypeKind::date},
    {"TIME", TypeKind::time},
    {"TIME WITHOUT TIME ZONE", TypeKind::time},
    {"DECIMAL", TypeKind::numeric},
    {"NUMERIC", TypeKind::numeric},
    {"NUMBER", TypeKind::numeric},
    {"MONEY", TypeKind::numeric},
    {"STRING", TypeKind::text},
    {"JSON", TypeKind::json},
    {"JSONB", TypeKind::jsonb},
    {"UUID", TypeKind::uuid},
    {"GUID", TypeKind::uuid},
    {"UNIQUEIDENTIFIER", TypeKind::uuid},
};

Type numeric_type(const Declaration &declaration) {
    const std::int32_t precision = declaration.digits[0];
    const std::int32_t scale = declaration.count == 2 ? declaration.digits[1] : 0;
    const bool is_limited = declaration.count > 0 && declaration.words != "MONEY";
    if (is_limited && precision >= 1 && precision <= kMaxPrecision && scale <= precision) {
        return make_numeric(precision, scale);
    }
    return make_type(TypeKind::numeric);
}

Type character_type(const Declaration &declaration) {
    if (declaration.count == 1 && declaration.digits[0] >= 1 &&
        declaration.digits[0] <= kMaxVarchar) {
        return make_varchar(declaration.digits[0]);
    }
    return make_type(TypeKind::text);
}

std::optional<Type> exact_type(const Declaration &declaration) {
    for (const ExactWord &word : kExactWords) {
        if (declaration.words != word.words) {
            continue;
        }
        if (word.kind == TypeKind::numeric) {
            return numeric_type(declaration);
        }
        // JSON keeps its text in SQLite; jsonb is tried first and json when jsonb would change it.
        return make_type(word.kind == TypeKind::json ? TypeKind::jsonb : word.kind);
    }
    return std::nullopt;
}

std::optional<Type> type_by_part(const Declaration &declaration, const ImportOptions &options) {
    const std::string_view whole = declaration.whole;
    // datatype3, 3.1, rule 1 comes first: FLOATING POINT and CHARINT are integers to SQLite, which
    // has stored their values as such.
    if (contains(whole, "INT")) {
        return make_type(TypeKind::bigint);
    }
    if (contains(whole, "DATETIME") || contains(whole, "TIMESTAMP")) {
        return make_type(options.is_timestamp_without_zone ? TypeKind::timestamp
                                                           : TypeKind::timestamptz);
    }
    if (contains(whole, "CHAR")) {
        return character_type(declaration);
    }
    if (contains(whole, "CLOB") || contains(whole, "TEXT")) {
        return make_type(TypeKind::text);
    }
    if (contains(whole, "BLOB")) {
        return make_type(TypeKind::bytea);
    }
    if (contains(whole, "REAL") || contains(whole, "FLOA") || contains(whole, "DOUB")) {
        return make_type(TypeKind::float8);
    }
    return std::nullopt;
}

} // namespace

Affinity affinity_of(std::string_view declared_type) noexcept {
    const auto has = [&](std::string_view part) {
        return std::search(declared_type.begin(), declared_type.end(), part.begin(), part.end(),
                           [](char a, char b) { return upper(a) == b; }) != declared_type.end();
    };
    // Rule 1: "INT" means INTEGER, whatever else the name says.
    if (has("INT")) {
        return Affinity::integer;
    }
    // Rule 2: "CHAR", "CLOB" or "TEXT" means TEXT.
    if (has("CHAR") || has("CLOB") || has("TEXT")) {
        return Affinity::text;
    }
    // Rule 3: "BLOB", or no type at all, means BLOB.
    if (has("BLOB") || declared_type.empty()) {
        return Affinity::blob;
    }
    // Rule 4: "REAL", "FLOA" or "DOUB" means REAL.
    if (has("REAL") || has("FLOA") || has("DOUB")) {
        return Affinity::real;
    }
    // Rule 5: all else is NUMERIC.
    return Affinity::numeric;
}

Proposal propose_type(std::string_view declared_type, const ImportOptions &options) {
    const Declaration declaration = parse_declaration(declared_type);
    std::optional<Type> type = exact_type(declaration);
    if (!type) {
        type = type_by_part(declaration, options);
    }
    if (!type) {
        return {make_type(TypeKind::text), true};
    }
    return {*type, false};
}

} // namespace migrate::core::plan

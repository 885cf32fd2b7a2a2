#include "core/versioned/file_name.hpp"

#include "core/versioned/near_miss.hpp"
#include "core/versioned/script_text.hpp"
#include "core/versioned/version.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

constexpr std::string_view kExtension = ".sql";

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_separator(char c) noexcept {
    return c == '_' || c == '-';
}

std::size_t count_digits(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) -
                                    text.begin());
}

// A number at the start of a name, and what follows it, with the separator.
struct Numbered {
    std::string version;
    std::string_view rest;
};

// Whether digits end here: at a separator, or with the name.
bool is_end_of_number(std::string_view rest) noexcept {
    return rest.empty() || is_separator(rest.front());
}

// 2020-01-01 and 2020-01-01-000001-0000: a date, and what diesel puts behind it, are one number.
std::optional<Numbered> split_date(std::string_view stem) {
    Numbered result{"", stem};
    for (const std::size_t width : {std::size_t{4}, std::size_t{2}, std::size_t{2}}) {
        if (!result.version.empty() && !result.rest.starts_with('-')) {
            return std::nullopt;
        }
        const std::string_view digits = result.rest.substr(result.version.empty() ? 0 : 1);
        if (count_digits(digits) != width) {
            return std::nullopt;
        }
        result.version.append(digits.substr(0, width));
        result.rest = digits.substr(width);
    }
    while (result.rest.starts_with('-')) {
        const std::string_view next = result.rest.substr(1);
        const std::size_t digits = count_digits(next);
        if (digits == 0 || !is_end_of_number(next.substr(digits))) {
            break;
        }
        result.version.append(next.substr(0, digits));
        result.rest = next.substr(digits);
    }
    return result;
}

// 20210101_120000_name: the time belongs to the version, or all files of a day would have the same.
void add_time(Numbered &number) {
    constexpr std::size_t kDateDigits = 8;
    const bool is_date = number.version.size() == kDateDigits &&
                         (number.version.starts_with("19") || number.version.starts_with("20"));
    if (!is_date || !number.rest.starts_with('_')) {
        return;
    }
    const std::string_view time = number.rest.substr(1);
    const std::size_t digits = count_digits(time);
    if ((digits == 4 || digits == 6) && is_end_of_number(time.substr(digits))) {
        number.version.append(".").append(time.substr(0, digits));
        number.rest = time.substr(digits);
    }
}

// Digits with single dots between runs of them.
Numbered split_number(std::string_view stem) {
    if (std::optional<Numbered> date = split_date(stem)) {
        return std::move(*date);
    }
    std::size_t end = count_digits(stem);
    while (end != 0 && end + 1 < stem.size() && stem[end] == '.' && is_digit(stem[end + 1])) {
        end += 1 + count_digits(stem.substr(end + 1));
    }
    Numbered number{std::string(stem.substr(0, end)), stem.substr(end)};
    add_time(number);
    return number;
}

std::string_view without_separator(std::string_view rest) noexcept {
    return rest.empty() || !is_separator(rest.front()) ? rest : rest.substr(1);
}

FileName near_miss(std::string reason, std::string_view stem = {}) {
    FileName result;
    result.role = FileRole::near_miss;
    result.version = std::string(stem.substr(0, count_digits(stem)));
    result.reason = std::move(reason);
    return result;
}

FileName migration(Layout layout, FileDirection direction, std::string version,
                   std::string_view name) {
    FileName result;
    result.role = FileRole::migration;
    result.layout = layout;
    result.direction = direction;
    result.version = std::move(version);
    result.name = std::string(name);
    return result;
}

// Flyway, "Migrations": a prefix, a version whose parts are kept apart by dots or underscores, two
// underscores, a description. Repeatable ones have no version, but need a description.
std::optional<FileName> read_flyway(std::string_view stem) {
    const std::size_t at = stem.find("__");
    if (at == std::string_view::npos || std::string_view("VUBR").find(stem[0]) == stem.npos) {
        return std::nullopt;
    }
    const std::string_view name = stem.substr(at + 2);
    if (stem[0] == 'R') {
        if (at != 1 || name.empty()) {
            return std::nullopt;
        }
        FileName result = migration(Layout::flyway, FileDirection::up, std::string(stem), name);
        result.kind = MigrationKind::repeatable;
        return result;
    }
    std::string version(stem.substr(1, at - 1));
    std::replace(version.begin(), version.end(), '_', '.');
    if (!is_version(version)) {
        return std::nullopt;
    }
    const FileDirection direction = stem[0] == 'U' ? FileDirection::down : FileDirection::up;
    FileName result = migration(Layout::flyway, direction, std::move(version), name);
    result.kind = stem[0] == 'B' ? MigrationKind::baseline : MigrationKind::versioned;
    return result;
}

// Prisma keeps <digits>_name/migration.sql, diesel <date>_name/up.sql and down.sql. diesel's
// version is the folder's name up to the first "_" without its hyphens.
FileName read_folder_script(std::string_view path, std::string_view base) {
    std::string_view folder = folder_of(path);
    folder = base_name(folder.substr(0, folder.size() - (folder.empty() ? 0 : 1)));
    std::string version(folder.substr(0, folder.find('_')));
    std::erase(version, '-');
    if (!is_version(version)) {
        return near_miss("is in no folder that begins with a number: expected a name such as " +
                         quoted("001_name/" + std::string(base)));
    }
    const std::size_t name_at = std::min(folder.find('_'), folder.size() - 1) + 1;
    const Layout layout = base == "migration.sql" ? Layout::prisma : Layout::diesel;
    const FileDirection direction = base == "down.sql" ? FileDirection::down : FileDirection::up;
    return migration(layout, direction, std::move(version), folder.substr(name_at));
}

// A direction at the end of a name: its mark (".up", "_DOWN") and which it is.
struct Suffix {
    std::string_view mark;
    FileDirection direction;
};

std::optional<Suffix> find_suffix(std::string_view stem) noexcept {
    for (const auto &[word, direction] :
         {std::pair{std::string_view("up"), FileDirection::up},
          std::pair{std::string_view("down"), FileDirection::down}}) {
        if (stem.size() > word.size() && ends_folded(stem, word)) {
            const std::string_view mark = stem.substr(stem.size() - word.size() - 1);
            if (mark[0] == '.' || is_separator(mark[0])) {
                return Suffix{mark, direction};
            }
        }
    }
    return std::nullopt;
}

// golang-migrate: ^([0-9]+)_(.*)\.(down|up)\.(.*)$. node-pg-migrate names its pairs alike, with a
// time of 13 or 17 digits.
std::optional<FileName> read_golang(std::string_view left, const Suffix &suffix) {
    const std::size_t digits = count_digits(left);
    if (digits == 0 || (suffix.mark != ".up" && suffix.mark != ".down") ||
        !left.substr(digits).starts_with('_')) {
        return std::nullopt;
    }
    const Layout layout =
        digits == 13 || digits == 17 ? Layout::node_pg_migrate : Layout::golang_migrate;
    return migration(layout, suffix.direction, std::string(left.substr(0, digits)),
                     left.substr(digits + 1));
}

// NNN_name_UP.sql, NNN-name-up.sql, NNN_name.up.sql.
FileName read_suffixed(std::string_view stem, const Suffix &suffix) {
    const std::string_view left = stem.substr(0, stem.size() - suffix.mark.size());
    if (std::optional<FileName> golang = read_golang(left, suffix)) {
        return std::move(*golang);
    }
    Numbered number = split_number(left);
    if (number.version.empty()) {
        return near_miss("has no number: expected a name such as " +
                         quoted("001_name" + std::string(suffix.mark) + std::string(kExtension)));
    }
    if (!is_end_of_number(number.rest)) {
        return near_miss(explain_separator(number.version, number.rest), stem);
    }
    return migration(Layout::up_down, suffix.direction, std::move(number.version),
                     without_separator(number.rest));
}

std::string_view last_word(std::string_view stem) noexcept {
    const std::size_t at = stem.find_last_of("_-.");
    return at == std::string_view::npos ? std::string_view() : stem.substr(at + 1);
}

// NNN_up__name.sql, NNN_down__name.sql, NNN_name.sql.
FileName read_numbered(std::string_view stem) {
    Numbered number = split_number(stem);
    if (number.version.empty()) {
        return near_miss(explain_missing_number(stem));
    }
    if (!is_end_of_number(number.rest)) {
        return near_miss(explain_separator(number.version, number.rest), stem);
    }
    const std::string_view name = without_separator(number.rest);
    for (const auto &[mark, direction] :
         {std::pair{std::string_view("up__"), FileDirection::up},
          std::pair{std::string_view("down__"), FileDirection::down}}) {
        if (equals_folded(name.substr(0, mark.size()), mark)) {
            return migration(Layout::up_down, direction, std::move(number.version),
                             name.substr(mark.size()));
        }
    }
    if (is_misspelt_direction(last_word(name))) {
        return near_miss("has an unknown direction " + quoted(last_word(name)) +
                             ": expected \"_UP.sql\" or \"_DOWN.sql\"",
                         stem);
    }
    return migration(Layout::plain, FileDirection::by_content, std::move(number.version), name);
}

// A file that is no SQL by its extension.
FileName read_other_file(std::string_view base) {
    if (ends_folded(base, kExtension)) {
        return near_miss("ends in " + quoted(base.substr(base.size() - kExtension.size())) +
                         ": expected \".sql\"");
    }
    const bool is_flyway = base.size() > 1 && std::string_view("VUB").find(base[0]) != base.npos &&
                           is_digit(base[1]) && base.find("__") != std::string_view::npos;
    if (is_digit(base[0]) || is_flyway) {
        return near_miss("does not end in \".sql\"");
    }
    return {};
}

} // namespace

std::string_view base_name(std::string_view path) noexcept {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view folder_of(std::string_view path) noexcept {
    return path.substr(0, path.size() - base_name(path).size());
}

bool is_companion(std::string_view path) noexcept {
    constexpr std::array<std::string_view, 5> kExtensions = {".md", ".toml", ".lock", ".sh",
                                                             ".conf"};
    const std::string_view base = base_name(path);
    const bool is_hidden = path.starts_with('.') || path.find("/.") != std::string_view::npos;
    return is_hidden || base.empty() || equals_folded(base.substr(0, 6), "readme") ||
           std::any_of(kExtensions.begin(), kExtensions.end(),
                       [&](std::string_view extension) { return base.ends_with(extension); });
}

FileName read_file_name(std::string_view path) {
    const std::string_view base = base_name(path);
    // The one hidden name that is a mistake: a pair of golang-migrate's without its number.
    if (base == ".up.sql" || base == ".down.sql") {
        return near_miss("has no number: expected a name such as " +
                         quoted("001_name" + std::string(base)));
    }
    if (is_companion(path)) {
        return {};
    }
    if (!base.ends_with(kExtension)) {
        return read_other_file(base);
    }
    if (base == "migration.sql" || base == "up.sql" || base == "down.sql") {
        return read_folder_script(path, base);
    }
    const std::string_view stem = base.substr(0, base.size() - kExtension.size());
    // Before the directions: V3__shut_down.sql is an UP.
    if (std::optional<FileName> flyway = read_flyway(stem)) {
        return std::move(*flyway);
    }
    if (const std::optional<Suffix> suffix = find_suffix(stem)) {
        return read_suffixed(stem, *suffix);
    }
    return read_numbered(stem);
}

std::optional<FileName> read_tool_name(std::string_view path, Layout tool) {
    const std::string_view base = base_name(path);
    const std::size_t digits = count_digits(base);
    if (digits == 0 || !base.ends_with(kExtension)) {
        return std::nullopt;
    }
    const std::string_view rest = base.substr(digits, base.size() - digits - kExtension.size());
    return migration(tool, FileDirection::by_content, std::string(base.substr(0, digits)),
                     without_separator(rest));
}

} // namespace migrate::core::versioned

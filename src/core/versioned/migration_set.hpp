// The migrations that a folder holds, whichever tool's layout its files follow.
//
//     MigrationSet set = read_migrations(std::move(files));
//     for (const Migration &migration : set.migrations) …
//
// Layouts (notes: each tool's documentation): NNN_name_UP.sql with NNN_name_DOWN.sql, also
// NNN_up__name.sql; plain NNN_name.sql; golang-migrate; Flyway V, U, R, B; dbmate; goose;
// sql-migrate; node-pg-migrate; Prisma; diesel; sqitch. Mixed folders are read too, file by file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::versioned {

// A file as it lies in the folder: its name relative to it, with "/" between folders, and its
// bytes.
struct SourceFile {
    std::string name;
    std::string text;
};

enum class Layout : unsigned char {
    up_down, // NNN_name_UP.sql, NNN_name.up.sql's cousins
    plain,
    golang_migrate,
    flyway,
    dbmate,
    goose,
    sql_migrate,
    node_pg_migrate,
    prisma,
    diesel,
    sqitch,
};
// The tool's name: "up_down", "plain", "golang-migrate", "flyway", …
std::string_view layout_name(Layout layout) noexcept;

enum class MigrationKind : unsigned char {
    versioned,
    repeatable, // Flyway's R__: runs again whenever its text changes, after all versions
    baseline,   // Flyway's B: stands for itself and everything before it in an empty database
};

// One direction of a migration.
struct Script {
    std::string file; // the name of the source file
    // The file's text without BOM and with LF line ends, in which everything that does not belong
    // to this direction is blank: lines and columns are those of the file.
    std::string text;
    // What the checksum covers: only the lines of this direction (the whole text where the file
    // holds one direction).
    std::string body;
    std::size_t source;           // index into the files that were given
    bool is_transactional = true; // false where a directive of the tool says so
    int directive_line = 0;       // the line that says so
    std::string directive_file;   // of that line, where it is a side file (V2__x.sql.conf)
};

struct Migration {
    std::string version; // as written; "R__name" for a repeatable one
    std::string name;    // without version, direction and extension
    MigrationKind kind = MigrationKind::versioned;
    Layout layout = Layout::plain;
    Script up;
    std::optional<Script> down;
};

// A file that looks like a migration and is none, or one that cannot be read as its layout says.
struct FileProblem {
    std::string file;
    std::string reason; // "has no direction: expected \"_UP.sql\" or \"_DOWN.sql\""
    bool is_error;      // a run must not start: two files of one version, a DOWN without UP, …
};

struct MigrationSet {
    std::vector<Migration> migrations; // baselines and versions by number, then repeatable ones
    std::vector<FileProblem> problems; // by file name
};

// Whether read_migrations() looks at the text of a file of this name: scripts, sqitch.plan and the
// side files of Flyway and diesel. The others (images, programs, notes) may be given without
// theirs.
bool needs_text(std::string_view name) noexcept;

// Reads what the files hold; never throws for their content. A migration whose file is an error
// stays in the set without text to run, so that its version has a place.
MigrationSet read_migrations(const std::vector<SourceFile> &files);

// Without a byte order mark, CRLF and lone CR as LF: what checksums are taken of, so that a
// checkout on another system changes nothing.
std::string normalized_text(std::string_view text);

} // namespace migrate::core::versioned

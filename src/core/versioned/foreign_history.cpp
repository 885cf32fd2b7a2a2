#include "core/versioned/foreign_history.hpp"

#include "core/error.hpp"
#include "core/versioned/file_name.hpp"
#include "core/versioned/script_text.hpp"
#include "core/versioned/version.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::versioned {
namespace {

const std::string &text_at(const ForeignRow &row, std::size_t column) {
    static const std::string kNone;
    return row[column] ? *row[column] : kNone;
}

std::optional<std::int64_t> number_at(const ForeignRow &row, std::size_t column) {
    const std::string &text = text_at(row, column);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

bool is_true(const ForeignRow &row, std::size_t column) {
    return text_at(row, column) == "true";
}

ForeignEntry entry_of(std::string key, std::string label, std::optional<std::int64_t> applied_at) {
    ForeignEntry entry;
    entry.key = std::move(key);
    entry.label = std::move(label);
    entry.applied_at = applied_at;
    return entry;
}

ForeignEntry version_entry(const ForeignRow &row, std::optional<std::int64_t> applied_at) {
    return entry_of(version_key(text_at(row, 0)), text_at(row, 0), applied_at);
}

// Rows of one migration follow each other as it was applied, undone and applied again: the last one
// counts.
class Ledger {
  public:
    explicit Ledger(Tool tool) : tool_(tool) {}

    void apply(ForeignEntry entry) { set(std::move(entry), State::applied); }
    void undo(ForeignEntry entry) { set(std::move(entry), State::undone); }
    void fail(ForeignEntry entry) { set(std::move(entry), State::failed); }
    // Throws for one that has failed last.
    std::vector<ForeignEntry> take();

  private:
    enum class State : unsigned char { applied, undone, failed };
    struct Line {
        ForeignEntry entry;
        State state;
    };

    void set(ForeignEntry entry, State state);

    Tool tool_;
    std::vector<Line> lines_;
    std::unordered_map<std::string, std::size_t> places_;
};

void Ledger::set(ForeignEntry entry, State state) {
    const auto [found, is_new] = places_.try_emplace(entry.key, lines_.size());
    if (is_new)
        lines_.push_back({std::move(entry), state});
    else
        lines_[found->second] = {std::move(entry), state};
}

std::vector<ForeignEntry> Ledger::take() {
    std::vector<ForeignEntry> entries;
    for (Line &line : lines_) {
        if (line.state == State::failed)
            throw Error(sqlstate::kObjectNotInPrerequisiteState, std::string(tool_name(tool_)) +
                                                                     " has a failed migration " +
                                                                     quoted(line.entry.label))
                .with_hint("Mend the database and the tool's record by the tool itself, then "
                           "adopt again.");
        if (line.state == State::applied)
            entries.push_back(std::move(line.entry));
    }
    return entries;
}

std::string_view without(std::string_view text, std::string_view ending) {
    return text.substr(0, text.size() - (text.ends_with(ending) ? ending.size() : 0));
}

// A script's name may begin with the folder; repeatable migrations have no version.
std::string script_stem(std::string_view script) {
    return std::string(without(base_name(script), ".sql"));
}

// Flyway's types: SQL and the programs; BASELINE, and SQL_BASELINE of a B file; UNDO_SQL and its
// kin, and DELETE of `flyway repair`, which take a version back; SCHEMA, which is none.
std::vector<ForeignEntry> read_flyway_rows(const std::vector<ForeignRow> &rows) {
    enum : std::size_t { version, type, script, checksum, installed_on, execution_time, success };
    Ledger ledger(Tool::flyway);
    for (const ForeignRow &row : rows) {
        const std::string &kind = text_at(row, type);
        if (kind == "SCHEMA")
            continue;
        ForeignEntry entry = version_entry(row, number_at(row, installed_on));
        if (!row[version])
            entry.key = entry.label = script_stem(text_at(row, script));
        entry.execution_time_ms = number_at(row, execution_time);
        entry.checksum = row[checksum];
        entry.is_baseline = kind.ends_with("BASELINE");
        if (!is_true(row, success))
            ledger.fail(std::move(entry));
        else if (kind.starts_with("UNDO") || kind == "DELETE")
            ledger.undo(std::move(entry));
        else
            ledger.apply(std::move(entry));
    }
    return ledger.take();
}

// Version 0 says only that goose was here.
std::vector<ForeignEntry> read_goose_rows(const std::vector<ForeignRow> &rows) {
    Ledger ledger(Tool::goose);
    for (const ForeignRow &row : rows) {
        ForeignEntry entry = version_entry(row, number_at(row, 2));
        if (entry.key == "0")
            continue;
        if (is_true(row, 1))
            ledger.apply(std::move(entry));
        else
            ledger.undo(std::move(entry));
    }
    return ledger.take();
}

std::vector<ForeignEntry> read_prisma_rows(const std::vector<ForeignRow> &rows) {
    enum : std::size_t { migration_name, checksum, started_at, finished_at, rolled_back_at };
    Ledger ledger(Tool::prisma);
    for (const ForeignRow &row : rows) {
        if (row[rolled_back_at])
            continue;
        const std::string &name = text_at(row, migration_name);
        ForeignEntry entry = entry_of(name, name, number_at(row, finished_at));
        entry.checksum = row[checksum];
        const std::optional<std::int64_t> start = number_at(row, started_at);
        if (!row[finished_at]) {
            ledger.fail(std::move(entry));
            continue;
        }
        if (start && entry.applied_at && *entry.applied_at >= *start)
            entry.execution_time_ms = (*entry.applied_at - *start) / 1000;
        ledger.apply(std::move(entry));
    }
    return ledger.take();
}

std::vector<ForeignEntry> read_sqlx_rows(const std::vector<ForeignRow> &rows) {
    enum : std::size_t { version, success, installed_on, execution_time, checksum };
    constexpr std::int64_t kNanosecondsPerMs = 1'000'000;
    Ledger ledger(Tool::sqlx);
    for (const ForeignRow &row : rows) {
        ForeignEntry entry = version_entry(row, number_at(row, installed_on));
        const std::optional<std::int64_t> nanoseconds = number_at(row, execution_time);
        if (nanoseconds && *nanoseconds >= 0) // -1: not known yet
            entry.execution_time_ms = *nanoseconds / kNanosecondsPerMs;
        const std::string &sum = text_at(row, checksum);
        if (sum.starts_with("\\x"))
            entry.checksum = sum.substr(2);
        if (is_true(row, success))
            ledger.apply(std::move(entry));
        else
            ledger.fail(std::move(entry));
    }
    return ledger.take();
}

// The one row is the version at which golang-migrate stands; without one, or below zero, nothing is
// applied.
std::vector<ForeignEntry> read_golang_rows(const std::vector<ForeignRow> &rows) {
    std::vector<ForeignEntry> entries;
    for (const ForeignRow &row : rows) {
        if (is_true(row, 1))
            throw Error(sqlstate::kObjectNotInPrerequisiteState,
                        "golang-migrate has left version " + quoted(text_at(row, 0)) + " dirty")
                .with_detail("A migration to that version failed in the middle.")
                .with_hint("Mend the database, say so by \"migrate force VERSION\" of "
                           "golang-migrate, then adopt again.");
        if (is_version(text_at(row, 0)))
            entries = {version_entry(row, std::nullopt)};
    }
    return entries;
}

// Alembic keeps the heads of a graph of Python files only. A number that a file has (`--rev-id`)
// stands for the files up to it; of anything else nobody knows what it follows.
std::vector<ForeignEntry> read_alembic_rows(const std::vector<ForeignRow> &rows) {
    if (rows.empty())
        return {};
    if (rows.size() == 1 && is_version(text_at(rows[0], 0)))
        return {version_entry(rows[0], std::nullopt)};
    std::string heads;
    for (const ForeignRow &row : rows)
        heads.append(heads.empty() ? "" : ", ").append(quoted(text_at(row, 0)));
    throw Error(sqlstate::kFeatureNotSupported, "cannot match the history of alembic with files")
        .with_detail("Its table has only the heads, " + heads +
                     ", and what leads to them is Python.")
        .with_hint("Number the SQL files that follow, and record what is there by "
                   "migrate.baseline_versioned().");
}

[[noreturn]] void fail_project(const std::string &project, const std::vector<ForeignRow> &rows) {
    std::set<std::string> names;
    for (const ForeignRow &row : rows)
        names.insert(text_at(row, 0));
    std::string list;
    for (const std::string &name : names)
        list.append(list.empty() ? "" : ", ").append(quoted(name));
    throw Error(sqlstate::kUndefinedObject, "sqitch has no changes of project " + quoted(project))
        .with_detail("Its table has changes of " + list + ".")
        .with_hint("The name is that of \"%project\" in sqitch.plan.");
}

// A change that was reworked has several rows. Before sqitch 0.998 the hash of a script was its
// change's id.
std::vector<ForeignEntry> read_sqitch_rows(const std::vector<ForeignRow> &rows,
                                           const std::string &wanted) {
    enum : std::size_t { project, change, change_id, script_hash, committed_at };
    std::vector<ForeignEntry> entries;
    for (const ForeignRow &row : rows) {
        if (!wanted.empty() && text_at(row, project) != wanted)
            continue;
        const std::string &name = text_at(row, change);
        ForeignEntry entry = entry_of(name, name, number_at(row, committed_at));
        if (row[script_hash] != row[change_id])
            entry.checksum = row[script_hash];
        entries.push_back(std::move(entry));
    }
    if (entries.empty() && !rows.empty())
        fail_project(wanted, rows);
    return entries;
}

// One row a migration, with the time in the second column if there is one.
std::vector<ForeignEntry> read_plain_rows(Tool tool, const std::vector<ForeignRow> &rows) {
    const bool is_version_tool = tool != Tool::node_pg_migrate && tool != Tool::sql_migrate;
    Ledger ledger(tool);
    for (const ForeignRow &row : rows) {
        ForeignEntry entry = version_entry(row, row.size() > 1 ? number_at(row, 1) : std::nullopt);
        if (!is_version_tool)
            entry.key = without(without(entry.label, ".sql"), ".up");
        ledger.apply(std::move(entry));
    }
    return ledger.take();
}

std::vector<ForeignEntry> read_entries(Tool tool, const std::vector<ForeignRow> &rows,
                                       const std::string &project) {
    switch (tool) {
    case Tool::flyway:
        return read_flyway_rows(rows);
    case Tool::golang_migrate:
        return read_golang_rows(rows);
    case Tool::goose:
        return read_goose_rows(rows);
    case Tool::prisma:
        return read_prisma_rows(rows);
    case Tool::alembic:
        return read_alembic_rows(rows);
    case Tool::sqitch:
        return read_sqitch_rows(rows, project);
    case Tool::sqlx:
        return read_sqlx_rows(rows);
    default:
        return read_plain_rows(tool, rows);
    }
}

} // namespace

ForeignHistory read_foreign_history(Tool tool, const std::vector<ForeignRow> &rows,
                                    const std::string &project) {
    return {tool, tool == Tool::golang_migrate || tool == Tool::alembic,
            read_entries(tool, rows, project)};
}

// A sqitch folder has places in a plan for versions, which mean nothing to the other tools.
std::optional<std::string> foreign_key(Tool tool, const Migration &migration) {
    const std::string_view file = migration.up.file;
    if (migration.kind == MigrationKind::baseline ||
        (migration.layout == Layout::sqitch) != (tool == Tool::sqitch))
        return std::nullopt;
    switch (tool) {
    case Tool::sqitch:
        return migration.name;
    case Tool::prisma:
        return std::string(base_name(without(folder_of(file), "/")));
    case Tool::node_pg_migrate:
    case Tool::sql_migrate:
        return std::string(without(without(base_name(file), ".sql"), ".up"));
    default:
        return version_key(migration.version);
    }
}

} // namespace migrate::core::versioned

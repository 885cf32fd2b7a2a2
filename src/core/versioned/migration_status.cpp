#include "core/versioned/migration_status.hpp"

#include "core/error.hpp"
#include "core/versioned/version.hpp"

#include <algorithm>
#include <map>

#include "core/core_only.hpp"

namespace migrate::core::versioned {
namespace {

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

bool is_applied(const MigrationStatus &status) noexcept {
    return status.row != nullptr && status.status != Status::pending;
}

bool is_repeatable(const MigrationStatus &status) noexcept {
    return status.migration != nullptr && status.migration->kind == MigrationKind::repeatable;
}

bool equals_hex(std::string_view left, std::string_view right) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(left, right, {}, lower, lower);
}

// The checksum covers the UP text without BOM and with LF; what `sha256sum` prints of the file is
// taken too, so that either convention of a row written elsewhere is right.
bool has_checksum(const Digests &digests, std::string_view recorded) noexcept {
    return equals_hex(recorded, digests.body) || equals_hex(recorded, digests.file);
}

bool is_sha256(std::string_view text) noexcept {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

// A baseline file and a versioned one may have the same number: the row is of the one that ran.
bool takes_row(const MigrationSet &set, std::size_t place, const Digests &digests,
               const HistoryRow &row) {
    const Migration &migration = set.migrations[place];
    if (migration.kind != MigrationKind::baseline)
        return true;
    const bool has_twin = std::ranges::any_of(set.migrations, [&](const Migration &other) {
        return other.kind == MigrationKind::versioned &&
               version_key(other.version) == version_key(migration.version);
    });
    return !has_twin || (row.checksum && has_checksum(digests, *row.checksum));
}

std::string row_problem(const MigrationStatus &status) {
    const HistoryRow &row = *status.row;
    if (!row.checksum || row.checksum->empty())
        return "recorded without a checksum";
    if (!is_sha256(*row.checksum))
        return "recorded with a checksum that is no SHA-256";
    return "";
}

void judge_recorded(MigrationStatus &status) {
    const HistoryRow &row = *status.row;
    status.status = row.is_baseline ? Status::baseline : Status::applied;
    if (row.is_baseline)
        return;
    status.problem = row_problem(status);
    if (status.migration == nullptr) {
        status.status = Status::missing;
        status.problem = "its file is missing";
    } else if (status.problem.empty() && !has_checksum(*status.digests, *row.checksum)) {
        // A repeatable migration is there to be changed, and runs again.
        status.status = is_repeatable(status) ? Status::pending : Status::changed;
        status.problem = is_repeatable(status) ? "" : "its file has changed since it was applied";
    }
}

// A baseline of Flyway counts where nothing is recorded yet, the highest one; it stands for what is
// not higher. Otherwise baselines are no migrations.
std::vector<MigrationStatus> with_baselines(std::vector<MigrationStatus> statuses) {
    const auto is_baseline = [](const MigrationStatus &status) {
        return status.row == nullptr && status.migration->kind == MigrationKind::baseline;
    };
    const bool is_empty =
        std::ranges::none_of(statuses, [](const auto &status) { return status.row != nullptr; });
    std::string highest;
    for (const MigrationStatus &status : statuses)
        if (is_empty && is_baseline(status))
            highest = status.version;
    std::erase_if(statuses, [&](const MigrationStatus &status) {
        if (status.row != nullptr || is_repeatable(status))
            return false;
        if (highest.empty())
            return is_baseline(status);
        const auto order = compare_versions(status.version, highest);
        return order < 0 || (order == 0 && !is_baseline(status));
    });
    return statuses;
}

bool is_recorded_baseline(const MigrationStatus &status) noexcept {
    return status.status == Status::baseline ||
           (status.row != nullptr && status.migration != nullptr &&
            status.migration->kind == MigrationKind::baseline);
}

// What a recorded baseline stands for never ran, and never will.
void cover_by_baseline(std::vector<MigrationStatus> &statuses) {
    std::string_view highest;
    for (const MigrationStatus &status : statuses)
        if (is_recorded_baseline(status))
            highest = status.version;
    for (MigrationStatus &status : statuses)
        if (!highest.empty() && status.status == Status::pending && !is_repeatable(status) &&
            compare_versions(status.version, highest) <= 0)
            status.status = Status::baseline;
}

// A pending migration below the highest one that is applied.
void find_out_of_order(std::vector<MigrationStatus> &statuses) {
    std::string_view highest;
    for (const MigrationStatus &status : statuses)
        if (status.row != nullptr && !is_repeatable(status) && is_version(status.version))
            highest = status.version;
    for (MigrationStatus &status : statuses) {
        if (status.status != Status::pending || is_repeatable(status) || highest.empty() ||
            compare_versions(status.version, highest) >= 0)
            continue;
        status.status = Status::out_of_order;
        status.problem = "version " + std::string(highest) + " is applied already";
    }
}

Error stopped(const std::string &message, const std::string &detail, const std::string &hint) {
    return Error(sqlstate::kObjectNotInPrerequisiteState, message)
        .with_detail(detail)
        .with_hint(hint);
}

[[noreturn]] void fail_changed(const MigrationStatus &status) {
    throw stopped("checksum of applied migration " + quoted(status.version) + " has changed",
                  "The history has " + *status.row->checksum + ", file " +
                      quoted(status.migration->up.file) + " has " + status.digests->body + ".",
                  "Put the old file back and write a new migration; or use the option \"changed\" "
                  "with \"allow\", or migrate.repair_versioned() to record the new checksum.");
}

[[noreturn]] void fail_missing(const MigrationStatus &status) {
    throw stopped("file of applied migration " + quoted(status.version) + " is missing",
                  "The history has it as " + quoted(status.name) + ".",
                  "Put the file back; or use the option \"missing\" with \"allow\".");
}

[[noreturn]] void fail_order(const MigrationStatus &status) {
    throw stopped("migration " + quoted(status.version) + " is out of order",
                  "File " + quoted(status.migration->up.file) + " is pending, but " +
                      status.problem + ".",
                  "Give it a higher version; or use the option \"out_of_order\" with \"allow\".");
}

const MigrationStatus *find_version(const std::vector<MigrationStatus> &statuses,
                                    std::string_view version) {
    const auto found = std::ranges::find_if(statuses, [&](const MigrationStatus &status) {
        return version_key(status.version) == version_key(version);
    });
    return found == statuses.end() ? nullptr : &*found;
}

// What a baseline stands for was there before; a DOWN of it would undo what nobody applied.
void check_no_baseline(const std::vector<MigrationStatus> &statuses,
                       const std::vector<std::size_t> &places) {
    for (const std::size_t place : places)
        if (statuses[place].row->is_baseline)
            throw Error(sqlstate::kObjectNotInPrerequisiteState,
                        "migration " + quoted(statuses[place].version) + " is a baseline")
                .with_detail("It stands for what was there before, and was not applied.")
                .with_hint("To record it no more, delete its row from the history.");
}

} // namespace

std::string_view status_name(Status status) noexcept {
    switch (status) {
    case Status::applied:
        return "applied";
    case Status::pending:
        return "pending";
    case Status::out_of_order:
        return "out_of_order";
    case Status::changed:
        return "changed";
    case Status::missing:
        return "missing";
    case Status::baseline:
        return "baseline";
    }
    return "";
}

std::vector<MigrationStatus> compare(const MigrationSet &set, const std::vector<Digests> &digests,
                                     const std::vector<HistoryRow> &history) {
    std::map<std::string, const HistoryRow *> rows;
    for (const HistoryRow &row : history)
        rows.emplace(version_key(row.version), &row);
    std::vector<MigrationStatus> statuses;
    for (std::size_t i = 0; i < set.migrations.size(); ++i) {
        const Migration &migration = set.migrations[i];
        const auto row = rows.find(version_key(migration.version));
        MigrationStatus status{migration.version,
                               migration.name,
                               Status::pending,
                               &migration,
                               nullptr,
                               &digests[i],
                               ""};
        if (row != rows.end() && takes_row(set, i, digests[i], *row->second)) {
            status.row = row->second;
            rows.erase(row);
            judge_recorded(status);
        }
        statuses.push_back(std::move(status));
    }
    for (const auto &[key, row] : rows) {
        statuses.push_back({row->version, row->name, Status::missing, nullptr, row, nullptr, ""});
        judge_recorded(statuses.back());
    }
    std::ranges::stable_sort(statuses, [](const auto &left, const auto &right) {
        return compare_versions(left.version, right.version) < 0;
    });
    statuses = with_baselines(std::move(statuses));
    cover_by_baseline(statuses);
    find_out_of_order(statuses);
    return statuses;
}

void check_before_run(const MigrationSet &set, const std::vector<MigrationStatus> &statuses,
                      const VersionedOptions &options) {
    for (const FileProblem &problem : set.problems)
        if (problem.is_error)
            throw Error(sqlstate::kInvalidParameterValue,
                        "migration file " + quoted(problem.file) + " cannot be used")
                .with_detail("It " + problem.reason + ".");
    for (const MigrationStatus &status : statuses) {
        if (status.status == Status::changed && options.changed == Allowance::error)
            fail_changed(status);
        if (status.status == Status::missing && options.missing == Allowance::error)
            fail_missing(status);
        if (status.status == Status::out_of_order && options.out_of_order == Allowance::error)
            fail_order(status);
    }
}

std::vector<std::size_t> pending_up_to(const std::vector<MigrationStatus> &statuses,
                                       const std::optional<std::string> &target) {
    if (target && find_version(statuses, *target) == nullptr)
        throw Error(sqlstate::kUndefinedObject, "migration " + quoted(*target) + " does not exist")
            .with_hint("migrate.list_versioned() shows the versions.");
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        const MigrationStatus &status = statuses[i];
        const bool is_due =
            status.status == Status::pending || status.status == Status::out_of_order;
        const bool is_below =
            !target || (!is_repeatable(status) && compare_versions(status.version, *target) <= 0);
        if (is_due && is_below)
            places.push_back(i);
    }
    return places;
}

std::vector<std::size_t> applied_down_to(const std::vector<MigrationStatus> &statuses,
                                         const std::optional<std::string> &version, bool cascade) {
    std::vector<std::size_t> applied;
    for (std::size_t i = statuses.size(); i-- > 0;)
        if (is_applied(statuses[i]) && !is_repeatable(statuses[i]))
            applied.push_back(i);
    if (applied.empty())
        throw Error(sqlstate::kObjectNotInPrerequisiteState, "no migration is applied");
    if (!version) {
        applied.resize(1);
        check_no_baseline(statuses, applied);
        return applied;
    }
    const auto found = std::ranges::find_if(applied, [&](std::size_t place) {
        return version_key(statuses[place].version) == version_key(*version);
    });
    if (found == applied.end())
        throw Error(sqlstate::kUndefinedObject, "migration " + quoted(*version) + " is not applied")
            .with_hint("migrate.list_versioned() shows the versions.");
    if (found != applied.begin() && !cascade)
        throw Error("2BP01", "cannot roll back migration " + quoted(statuses[*found].version) +
                                 ": migration " + quoted(statuses[applied.front()].version) +
                                 " is applied")
            .with_detail(std::to_string(found - applied.begin()) + " later migrations are applied.")
            .with_hint("Roll back the later ones first; or use the option \"cascade\" with true.");
    applied.erase(found + 1, applied.end());
    check_no_baseline(statuses, applied);
    return applied;
}

} // namespace migrate::core::versioned

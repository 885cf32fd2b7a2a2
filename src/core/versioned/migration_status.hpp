// What a history and the files say of each other: the status of every migration, and what has to
// run for a target.
//
//     std::vector<MigrationStatus> statuses = compare(set, digests, history);
#pragma once

#include "core/versioned/migration_set.hpp"
#include "core/versioned/versioned_options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::versioned {

// One row of the history table. Checksums are hexadecimal, in any case.
struct HistoryRow {
    std::string version;
    std::string name;
    std::optional<std::int64_t> applied_at; // opaque; microseconds as PostgreSQL counts them
    std::optional<std::int64_t> execution_time_ms;
    std::optional<std::string> checksum;
    bool is_baseline = false; // made by baseline_versioned
};

// SHA-256 of a migration's UP: of Script::body, and of the bytes of its file.
struct Digests {
    std::string body;
    std::string file;
};

enum class Status : unsigned char { applied, pending, out_of_order, changed, missing, baseline };
std::string_view status_name(Status status) noexcept;

struct MigrationStatus {
    std::string version;
    std::string name;
    Status status;
    const Migration *migration; // nullptr: its file is missing
    const HistoryRow *row;      // nullptr: it is not recorded
    const Digests *digests;     // nullptr with migration
    std::string problem;        // empty: none
};

// In the order of versions, repeatable migrations last. `digests` has one entry a migration. The
// results point into the arguments.
std::vector<MigrationStatus> compare(const MigrationSet &set, const std::vector<Digests> &digests,
                                     const std::vector<HistoryRow> &history);

// What stops a run before it begins: throws Error for the first error of the files (22023), then
// for changed, missing and out-of-order migrations (55000) that the options do not allow.
void check_before_run(const MigrationSet &set, const std::vector<MigrationStatus> &statuses,
                      const VersionedOptions &options);

// The pending migrations up to `target` (all without one), in the order in which they run, as
// places in `statuses`. Throws Error 42704 for a target that no file and no row has.
std::vector<std::size_t> pending_up_to(const std::vector<MigrationStatus> &statuses,
                                       const std::optional<std::string> &target);

// What a rollback of `version` (the last applied one without it) undoes, the latest first. Throws
// Error 42704 for a version that is not applied, 2BP01 when later ones are applied and `cascade` is
// not given, 55000 when nothing is applied or a baseline would be undone.
std::vector<std::size_t> applied_down_to(const std::vector<MigrationStatus> &statuses,
                                         const std::optional<std::string> &version, bool cascade);

} // namespace migrate::core::versioned

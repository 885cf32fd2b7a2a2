// Which files another tool has applied: its history matched with a folder's migrations.
//
//     AdoptionPlan plan = plan_adoption(foreign_history, set, recorded);
//     … plan.adoptions[i].digests …
//     settle_checksums(plan, set, files, options.changed);
#pragma once

#include "core/versioned/foreign_history.hpp"
#include "core/versioned/migration_set.hpp"
#include "core/versioned/migration_status.hpp"
#include "core/versioned/versioned_options.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core::versioned {

// One row for our own history.
struct Adoption {
    ForeignEntry entry;
    std::string version;
    std::string name;
    std::optional<std::size_t> place; // in MigrationSet::migrations; none: a baseline
    std::vector<std::string> digests; // of the file, in the tool's kind, where it keeps one
};

struct AdoptionPlan {
    Tool tool;
    std::vector<Adoption> adoptions;       // in the order of the migrations, baselines first
    std::vector<std::string> without_file; // labels of what the tool applied, by version
};

// The project of the sqitch.plan that the set was read from; empty where there is none.
std::string sqitch_project(const std::vector<SourceFile> &files);

// Migrations that `recorded` has are left out. Throws Error 0A000 for a number of alembic's that no
// file has.
AdoptionPlan plan_adoption(const ForeignHistory &history, const MigrationSet &set,
                           const std::vector<HistoryRow> &recorded);

// The checksums that tools keep of a file.
enum class DigestKind : unsigned char { none, sha1, sha256, sha384 };
// What settle_checksums wants in Adoption::digests, each of file_variant(0), (1) and (2).
DigestKind digest_kind(Tool tool, const Adoption &adoption) noexcept;
inline constexpr int kFileVariants = 3;
// A file's bytes; with LF; with CRLF: a checkout on another system is no change.
std::string file_variant(const SourceFile &file, int variant);

// Compares the tool's checksums with the files. Repeatable migrations that changed are left out, as
// they are to run again; for others throws Error 55000, unless changes are allowed.
void settle_checksums(AdoptionPlan &plan, const MigrationSet &set,
                      const std::vector<SourceFile> &files, Allowance changed);

// Flyway's checksum: CRC-32 of the lines without their ends, as a signed number.
std::int32_t crc32_of_lines(std::string_view text) noexcept;

} // namespace migrate::core::versioned

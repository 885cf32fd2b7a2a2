#include "core/versioned/adoption.hpp"

#include "core/error.hpp"
#include "core/versioned/script_text.hpp"
#include "core/versioned/sqitch_folder.hpp"
#include "core/versioned/sqitch_plan.hpp"
#include "core/versioned/version.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::versioned {
namespace {

class Matcher {
  public:
    Matcher(const ForeignHistory &history, const MigrationSet &set,
            const std::vector<HistoryRow> &recorded);

    AdoptionPlan run();

  private:
    void match(const ForeignEntry &entry);
    void match_up_to(const ForeignEntry &entry);
    void add(const ForeignEntry &entry, std::size_t place);
    void add_baseline(const ForeignEntry &entry);
    bool take_version(const std::string &version) {
        return recorded_.insert(version_key(version)).second;
    }

    const ForeignHistory &history_;
    const MigrationSet &set_;
    std::set<std::string> recorded_;
    std::unordered_map<std::string, std::deque<std::size_t>> places_; // by key
    AdoptionPlan plan_;
};

Matcher::Matcher(const ForeignHistory &history, const MigrationSet &set,
                 const std::vector<HistoryRow> &recorded)
    : history_(history), set_(set), plan_{history.tool, {}, {}} {
    for (const HistoryRow &row : recorded)
        recorded_.insert(version_key(row.version));
    for (std::size_t place = 0; place < set.migrations.size(); ++place)
        if (const std::optional<std::string> key = foreign_key(history.tool, set.migrations[place]))
            places_[*key].push_back(place);
}

AdoptionPlan Matcher::run() {
    for (const ForeignEntry &entry : history_.entries) {
        if (history_.is_high_water)
            match_up_to(entry);
        else if (entry.is_baseline)
            add_baseline(entry);
        else
            match(entry);
    }
    std::ranges::stable_sort(plan_.adoptions, {}, [](const Adoption &adoption) {
        return adoption.place ? *adoption.place + 1 : 0;
    });
    std::ranges::stable_sort(plan_.without_file, [](const auto &left, const auto &right) {
        return compare_versions(left, right) < 0;
    });
    return std::move(plan_);
}

// A change of sqitch's that was reworked is in its plan as often as in its table: the first row is
// the first one of the plan.
void Matcher::match(const ForeignEntry &entry) {
    const auto found = places_.find(entry.key);
    if (found == places_.end() || found->second.empty()) {
        plan_.without_file.push_back(entry.label);
        return;
    }
    add(entry, found->second.front());
    found->second.pop_front();
}

void Matcher::match_up_to(const ForeignEntry &entry) {
    if (!places_.contains(entry.key)) {
        if (history_.tool == Tool::alembic)
            throw Error(sqlstate::kFeatureNotSupported,
                        "cannot match the history of alembic with files")
                .with_detail("Its table has revision " + quoted(entry.label) +
                             ", which is the version of no file.")
                .with_hint("Number the SQL files that follow, and record what is there by "
                           "migrate.baseline_versioned().");
        plan_.without_file.push_back(entry.label);
    }
    for (std::size_t place = 0; place < set_.migrations.size(); ++place) {
        const Migration &migration = set_.migrations[place];
        if (foreign_key(history_.tool, migration) && migration.kind == MigrationKind::versioned &&
            compare_versions(migration.version, entry.key) <= 0)
            add(entry, place);
    }
}

void Matcher::add(const ForeignEntry &entry, std::size_t place) {
    const Migration &migration = set_.migrations[place];
    if (take_version(migration.version))
        plan_.adoptions.push_back({entry, migration.version, migration.name, place, {}});
}

void Matcher::add_baseline(const ForeignEntry &entry) {
    if (take_version(entry.label))
        plan_.adoptions.push_back({entry, entry.label, "baseline", std::nullopt, {}});
}

// Flyway replaces placeholders in a repeatable migration before it takes the checksum.
bool is_verifiable(const Migration &migration, const std::string &text) {
    return migration.kind != MigrationKind::repeatable || text.find("${") == std::string::npos;
}

bool has_changed(const AdoptionPlan &plan, const Adoption &adoption, const Migration &migration,
                 const SourceFile &file) {
    if (!adoption.entry.checksum)
        return false;
    if (plan.tool == Tool::flyway)
        return is_verifiable(migration, file.text) &&
               std::to_string(crc32_of_lines(file.text)) != *adoption.entry.checksum;
    return !adoption.digests.empty() &&
           std::ranges::find(adoption.digests, *adoption.entry.checksum) == adoption.digests.end();
}

[[noreturn]] void fail_changed(const AdoptionPlan &plan, const Adoption &adoption,
                               const Migration &migration, const SourceFile &file) {
    throw Error(sqlstate::kObjectNotInPrerequisiteState, "file " + quoted(migration.up.file) +
                                                             " has changed since " +
                                                             tool_name(plan.tool) + " applied it")
        .with_detail("The tool has checksum " + *adoption.entry.checksum + ", the file has " +
                     (plan.tool == Tool::flyway ? std::to_string(crc32_of_lines(file.text))
                                                : adoption.digests.front()) +
                     ".")
        .with_hint("Put the old file back; or use the option \"changed\" with \"allow\" to record "
                   "it as it is now.");
}

} // namespace

// The plan that read_migrations follows is the outermost one.
std::string sqitch_project(const std::vector<SourceFile> &files) {
    const SourceFile *plan = nullptr;
    for (const SourceFile &file : files) {
        const bool is_further_out =
            plan == nullptr || file.name.size() < plan->name.size() ||
            (file.name.size() == plan->name.size() && file.name < plan->name);
        if (is_sqitch_plan(file.name) && is_further_out)
            plan = &file;
    }
    return plan == nullptr ? "" : read_sqitch_plan(normalized_text(plan->text)).project;
}

AdoptionPlan plan_adoption(const ForeignHistory &history, const MigrationSet &set,
                           const std::vector<HistoryRow> &recorded) {
    return Matcher(history, set, recorded).run();
}

DigestKind digest_kind(Tool tool, const Adoption &adoption) noexcept {
    if (!adoption.place || !adoption.entry.checksum)
        return DigestKind::none;
    switch (tool) {
    case Tool::prisma:
        return DigestKind::sha256;
    case Tool::sqlx:
        return DigestKind::sha384;
    case Tool::sqitch:
        return DigestKind::sha1;
    default:
        return DigestKind::none;
    }
}

std::string file_variant(const SourceFile &file, int variant) {
    if (variant == 0)
        return file.text;
    const std::string lines = normalized_text(file.text);
    if (variant == 1)
        return lines;
    std::string text;
    text.reserve(lines.size() + lines.size() / 16);
    for (const char c : lines) {
        if (c == '\n')
            text += '\r';
        text += c;
    }
    return text;
}

void settle_checksums(AdoptionPlan &plan, const MigrationSet &set,
                      const std::vector<SourceFile> &files, Allowance changed) {
    std::erase_if(plan.adoptions, [&](const Adoption &adoption) {
        if (!adoption.place)
            return false;
        const Migration &migration = set.migrations[*adoption.place];
        const SourceFile &file = files[migration.up.source];
        if (!has_changed(plan, adoption, migration, file))
            return false;
        if (migration.kind == MigrationKind::repeatable)
            return true;
        if (changed == Allowance::error)
            fail_changed(plan, adoption, migration, file);
        return false;
    });
}

std::int32_t crc32_of_lines(std::string_view text) noexcept {
    constexpr std::uint32_t kPolynomial = 0xEDB88320; // of zlib and java.util.zip.CRC32
    std::uint32_t sum = 0xFFFFFFFF;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    for (const char c : text) {
        if (c == '\n' || c == '\r')
            continue;
        sum ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum >> 1) ^ ((sum & 1) != 0 ? kPolynomial : 0);
    }
    return static_cast<std::int32_t>(~sum);
}

} // namespace migrate::core::versioned

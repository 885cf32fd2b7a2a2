#include "core/versioned/sqitch_folder.hpp"

#include "core/versioned/file_name.hpp"
#include "core/versioned/script_text.hpp"
#include "core/versioned/sqitch_plan.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

constexpr std::string_view kDeploy = "deploy/";
constexpr std::string_view kRevert = "revert/";
constexpr std::string_view kVerify = "verify/";
constexpr std::string_view kExtension = ".sql";

class FolderReader {
  public:
    FolderReader(const std::vector<SourceFile> &files, const FileIndex &index, std::size_t plan,
                 MigrationSet &set)
        : files_(files), index_(index), set_(set), plan_file_(files[plan].name),
          folder_(folder_of(plan_file_)) {}

    void run(const std::vector<std::size_t> &members, std::string_view plan_text);

  private:
    void find_reworked(const std::vector<std::size_t> &members);
    std::string script_name(const PlannedChange &change) const;
    void add_change(const PlannedChange &change, std::size_t position);
    const std::size_t *find(std::string_view part, const std::string &script) const;
    void check_member(std::string_view path);
    void add_problem(std::string reason, bool is_error) {
        set_.problems.push_back({plan_file_, std::move(reason), is_error});
    }

    const std::vector<SourceFile> &files_;
    const FileIndex &index_;
    MigrationSet &set_;
    const std::string &plan_file_;
    std::string_view folder_;
    SqitchPlan plan_;
    // The tags for which deploy/<change>@<tag>.sql exists, ascending, by change.
    std::unordered_map<std::string, std::vector<std::size_t>> reworked_;
    std::unordered_set<std::string> scripts_; // that the plan names
};

void FolderReader::run(const std::vector<std::size_t> &members, std::string_view plan_text) {
    plan_ = read_sqitch_plan(plan_text);
    for (PlanProblem &problem : plan_.problems) {
        add_problem(std::move(problem.reason), problem.is_error);
    }
    find_reworked(members);
    for (std::size_t position = 0; position < plan_.changes.size(); ++position) {
        add_change(plan_.changes[position], position);
    }
    for (const std::size_t member : members) {
        check_member(files_[member].name);
    }
}

void FolderReader::find_reworked(const std::vector<std::size_t> &members) {
    for (const std::size_t member : members) {
        std::string_view path = files_[member].name;
        path.remove_prefix(folder_.size());
        const std::size_t at = path.rfind('@');
        if (!path.starts_with(kDeploy) || !path.ends_with(kExtension) || at == path.npos) {
            continue;
        }
        const std::string_view tag = path.substr(at + 1, path.size() - at - 1 - kExtension.size());
        const auto found = plan_.tag_positions.find(std::string(tag));
        if (found != plan_.tag_positions.end()) {
            const std::string_view change = path.substr(kDeploy.size(), at - kDeploy.size());
            reworked_[std::string(change)].push_back(found->second);
        }
    }
    for (auto &[change, tags] : reworked_) {
        std::sort(tags.begin(), tags.end());
    }
}

// A reworked change's file is named after the first tag since it that has one (the first tag of all
// when none has).
std::string FolderReader::script_name(const PlannedChange &change) const {
    if (change.first_tag == change.end_tag) {
        return change.name + std::string(kExtension);
    }
    std::size_t tag = change.first_tag;
    if (const auto found = reworked_.find(change.name); found != reworked_.end()) {
        const auto first =
            std::lower_bound(found->second.begin(), found->second.end(), change.first_tag);
        tag = first != found->second.end() && *first < change.end_tag ? *first : tag;
    }
    return change.name + '@' + plan_.tags[tag] + std::string(kExtension);
}

const std::size_t *FolderReader::find(std::string_view part, const std::string &script) const {
    const auto found = index_.find(std::string(folder_).append(part).append(script));
    return found == index_.end() ? nullptr : &found->second;
}

void FolderReader::add_change(const PlannedChange &change, std::size_t position) {
    const std::string script = script_name(change);
    const std::size_t *deploy = find(kDeploy, script);
    if (deploy == nullptr) {
        add_problem("has the change " + quoted(change.name) + " without a deploy script" +
                        in_line(change.line) + ": expected " +
                        quoted(std::string(folder_).append(kDeploy).append(script)),
                    true);
        return;
    }
    Migration migration;
    migration.version = std::to_string(position + 1);
    migration.name = change.name;
    migration.layout = Layout::sqitch;
    migration.up = whole_script(files_, *deploy, set_.problems);
    if (const std::size_t *revert = find(kRevert, script)) {
        migration.down = whole_script(files_, *revert, set_.problems);
    }
    set_.migrations.push_back(std::move(migration));
    scripts_.insert(script);
}

void FolderReader::check_member(std::string_view path) {
    const std::string_view inner = path.substr(folder_.size());
    if (is_companion(path) || inner.starts_with(kVerify) || !inner.ends_with(kExtension)) {
        return;
    }
    if (!inner.starts_with(kDeploy) && !inner.starts_with(kRevert)) {
        set_.problems.push_back(
            {shown_name(path), "is in none of \"deploy\", \"revert\" and \"verify\"", false});
    } else if (!scripts_.contains(std::string(inner.substr(kDeploy.size())))) {
        set_.problems.push_back({shown_name(path), "is not in " + quoted(plan_file_), false});
    }
}

} // namespace

bool is_sqitch_plan(std::string_view path) noexcept {
    return base_name(path) == "sqitch.plan" && !is_companion(path);
}

void read_sqitch_folder(const std::vector<SourceFile> &files, const FileIndex &index,
                        std::size_t plan, const std::vector<std::size_t> &members,
                        MigrationSet &set) {
    const std::string text = normalized_text(files[plan].text);
    if (std::optional<std::string> defect = text_defect(text)) {
        set.problems.push_back({files[plan].name, std::move(*defect), true});
        return;
    }
    FolderReader(files, index, plan, set).run(members, text);
}

} // namespace migrate::core::versioned

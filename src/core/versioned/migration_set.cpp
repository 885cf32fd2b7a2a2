#include "core/versioned/migration_set.hpp"

#include "core/value/utf8.hpp"
#include "core/versioned/directives.hpp"
#include "core/versioned/file_name.hpp"
#include "core/versioned/script_text.hpp"
#include "core/versioned/sections.hpp"
#include "core/versioned/side_file.hpp"
#include "core/versioned/sqitch_folder.hpp"
#include "core/versioned/version.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

class SetReader {
  public:
    explicit SetReader(const std::vector<SourceFile> &files) : files_(files) {}

    MigrationSet run();

  private:
    // A version that a file was found for. A DOWN may come before its UP.
    struct Slot {
        Migration migration;
        bool has_up = false;
    };

    void read_sqitch();
    std::vector<std::size_t> take_members(std::string_view folder);
    void read_file(std::size_t file);
    bool has_valid_name(std::size_t file);
    bool read_both_directions(std::size_t file, const FileName &name);
    void read_one_direction(std::size_t file, FileName name);
    Script cut_section(std::size_t file, const std::string &text, const Section &section) const;
    Slot &slot_of(const FileName &name);
    void add_up(const FileName &name, Script script);
    void add_down(const FileName &name, Script script);
    void move_slots();
    void sort();
    void note_other_order();
    void add_problem(const std::string &file, std::string reason, bool is_error) {
        set_.problems.push_back({file, std::move(reason), is_error});
    }

    const std::vector<SourceFile> &files_;
    FileIndex index_;
    std::vector<std::size_t> by_name_; // places in files_
    std::vector<bool> is_done_;        // as files_
    std::vector<Slot> slots_;
    std::unordered_map<std::string, std::size_t> slot_positions_;
    MigrationSet set_;
};

MigrationSet SetReader::run() {
    by_name_.resize(files_.size());
    std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
    std::stable_sort(by_name_.begin(), by_name_.end(), [&](std::size_t left, std::size_t right) {
        return files_[left].name < files_[right].name;
    });
    for (std::size_t i = 0; i < files_.size(); ++i) {
        index_.emplace(files_[i].name, i);
    }
    is_done_.resize(files_.size());
    read_sqitch();
    for (const std::size_t file : by_name_) {
        if (!is_done_[file]) {
            read_file(file);
        }
    }
    move_slots();
    sort();
    return std::move(set_);
}

// The files of a folder and below, in the order of their names.
std::vector<std::size_t> SetReader::take_members(std::string_view folder) {
    std::vector<std::size_t> members;
    auto member = std::lower_bound(
        by_name_.begin(), by_name_.end(), folder,
        [&](std::size_t file, std::string_view name) { return files_[file].name < name; });
    for (; member != by_name_.end() && files_[*member].name.starts_with(folder); ++member) {
        is_done_[*member] = true;
        members.push_back(*member);
    }
    return members;
}

// sqitch's versions are places in a plan, so only one plan can be followed: the outermost one (a
// bundle within a project holds a copy).
void SetReader::read_sqitch() {
    std::vector<std::size_t> plans;
    std::copy_if(by_name_.begin(), by_name_.end(), std::back_inserter(plans),
                 [&](std::size_t file) { return is_sqitch_plan(files_[file].name); });
    std::stable_sort(plans.begin(), plans.end(), [&](std::size_t left, std::size_t right) {
        return files_[left].name.size() < files_[right].name.size();
    });
    for (const std::size_t plan : plans) {
        if (is_done_[plan]) {
            continue;
        }
        const std::vector<std::size_t> members = take_members(folder_of(files_[plan].name));
        if (plan != plans.front()) {
            add_problem(shown_name(files_[plan].name),
                        "is a second plan beside " + quoted(shown_name(files_[plans.front()].name)),
                        true);
        } else if (has_valid_name(plan)) {
            read_sqitch_folder(files_, index_, plan, members, set_);
        }
    }
    for (Migration &migration : set_.migrations) {
        slot_positions_.emplace('V' + version_key(migration.version), slots_.size());
        slots_.push_back({std::move(migration), true});
    }
    set_.migrations.clear();
}

// A name that is no text cannot be recorded.
bool SetReader::has_valid_name(std::size_t file) {
    const bool is_valid = value::is_valid_text(files_[file].name);
    if (!is_valid) {
        add_problem(shown_name(files_[file].name), "has a name that is not valid UTF-8", true);
    }
    return is_valid;
}

void SetReader::read_file(std::size_t file) {
    FileName name = read_file_name(files_[file].name);
    if (name.role == FileRole::other || !has_valid_name(file) || read_both_directions(file, name)) {
        return;
    }
    if (name.role == FileRole::near_miss) {
        add_problem(files_[file].name, std::move(name.reason), false);
        return;
    }
    read_one_direction(file, std::move(name));
}

// Files that tell their directions by directives. The name decides first where it is a pair's of
// golang-migrate's, Flyway's, Prisma's or diesel's, which have none; but "_DOWN" may be the end of
// a goose file's name (001_tear_down.sql), and any name with a number will do for dbmate.
bool SetReader::read_both_directions(std::size_t file, const FileName &name) {
    const bool is_open = name.direction == FileDirection::by_content && !name.version.empty();
    if (!is_open && name.layout != Layout::up_down) {
        return false;
    }
    const std::string text = normalized_text(files_[file].text);
    const std::optional<Sections> sections =
        read_sections(text, is_open ? SniffNodePgMigrate::yes : SniffNodePgMigrate::no);
    if (!sections) {
        return false;
    }
    std::optional<FileName> tool_name = read_tool_name(files_[file].name, sections->layout);
    if (!tool_name) {
        return false;
    }
    std::string error = text_defect(text).value_or(sections->error);
    if (error.empty()) {
        add_up(*tool_name, cut_section(file, text, sections->up));
        if (sections->down.is_present) {
            add_down(*tool_name, cut_section(file, text, sections->down));
        }
        return true;
    }
    add_problem(files_[file].name, std::move(error), true);
    Script unreadable;
    unreadable.file = files_[file].name;
    unreadable.body = text;
    unreadable.source = file;
    add_up(*tool_name, std::move(unreadable));
    return true;
}

Script SetReader::cut_section(std::size_t file, const std::string &text,
                              const Section &section) const {
    Script script;
    script.file = files_[file].name;
    script.source = file;
    script.text = blank_outside(text, section.lines);
    script.body = join_ranges(text, section.lines);
    script.is_transactional = section.is_transactional;
    script.directive_line = section.directive_line;
    return script;
}

void SetReader::read_one_direction(std::size_t file, FileName name) {
    Script script = whole_script(files_, file, set_.problems);
    if (name.layout == Layout::plain || name.layout == Layout::up_down ||
        name.layout == Layout::golang_migrate) {
        script.directive_line = find_no_transaction_line(script.text);
        script.is_transactional = script.directive_line == 0;
    }
    apply_side_file(files_, index_, name.layout, script, set_.problems);
    if (name.direction == FileDirection::down) {
        add_down(name, std::move(script));
    } else {
        add_up(name, std::move(script));
    }
}

// Equal versions share a slot however they are written; a baseline has its own beside the
// version's.
SetReader::Slot &SetReader::slot_of(const FileName &name) {
    const char kind = name.kind == MigrationKind::baseline ? 'B' : 'V';
    const auto [found, is_new] =
        slot_positions_.try_emplace(kind + version_key(name.version), slots_.size());
    if (is_new) {
        slots_.emplace_back();
    }
    return slots_[found->second];
}

void SetReader::add_up(const FileName &name, Script script) {
    Slot &slot = slot_of(name);
    Migration &migration = slot.migration;
    if (slot.has_up) {
        add_problem(script.file,
                    "has the same version as " + quoted(migration.up.file) + ": " +
                        quoted(name.version) + " equals " + quoted(migration.version),
                    true);
        return;
    }
    slot.has_up = true;
    migration.version = name.version;
    migration.name = name.name;
    migration.kind = name.kind;
    migration.layout = name.layout;
    migration.up = std::move(script);
}

void SetReader::add_down(const FileName &name, Script script) {
    Slot &slot = slot_of(name);
    if (slot.migration.down) {
        add_problem(script.file,
                    "is a second DOWN of version " + quoted(name.version) + " beside " +
                        quoted(slot.migration.down->file),
                    true);
        return;
    }
    if (!slot.has_up) {
        slot.migration.version = name.version;
    }
    slot.migration.down = std::move(script);
}

void SetReader::move_slots() {
    for (Slot &slot : slots_) {
        if (slot.has_up) {
            set_.migrations.push_back(std::move(slot.migration));
        } else {
            add_problem(slot.migration.down->file,
                        "is a DOWN without an UP of version " + quoted(slot.migration.version),
                        true);
        }
    }
}

void SetReader::sort() {
    std::stable_sort(set_.migrations.begin(), set_.migrations.end(),
                     [](const Migration &left, const Migration &right) {
                         const auto order = compare_versions(left.version, right.version);
                         return order == 0 ? left.kind == MigrationKind::baseline &&
                                                 right.kind != MigrationKind::baseline
                                           : order < 0;
                     });
    note_other_order();
    std::stable_sort(
        set_.problems.begin(), set_.problems.end(),
        [](const FileProblem &left, const FileProblem &right) { return left.file < right.file; });
}

// dbmate, Prisma and diesel sort names as text: without leading zeros they run 10 before 9.
void SetReader::note_other_order() {
    const Migration *before = nullptr;
    for (const Migration &migration : set_.migrations) {
        if (migration.layout != Layout::dbmate && migration.layout != Layout::prisma &&
            migration.layout != Layout::diesel) {
            continue;
        }
        if (before != nullptr && before->layout == migration.layout &&
            migration.version < before->version) {
            add_problem(migration.up.file,
                        "follows " + quoted(before->up.file) + " here, as a number; " +
                            std::string(layout_name(migration.layout)) + " runs it before",
                        false);
        }
        before = &migration;
    }
}

} // namespace

std::string_view layout_name(Layout layout) noexcept {
    switch (layout) {
    case Layout::up_down:
        return "up_down";
    case Layout::plain:
        return "plain";
    case Layout::golang_migrate:
        return "golang-migrate";
    case Layout::flyway:
        return "flyway";
    case Layout::dbmate:
        return "dbmate";
    case Layout::goose:
        return "goose";
    case Layout::sql_migrate:
        return "sql-migrate";
    case Layout::node_pg_migrate:
        return "node-pg-migrate";
    case Layout::prisma:
        return "prisma";
    case Layout::diesel:
        return "diesel";
    case Layout::sqitch:
        return "sqitch";
    }
    return "plain";
}

bool needs_text(std::string_view name) noexcept {
    const std::string_view base = base_name(name);
    return is_sqitch_plan(name) || base == "metadata.toml" || base.ends_with(".sql.conf") ||
           (base.ends_with(".sql") && !is_companion(name));
}

MigrationSet read_migrations(const std::vector<SourceFile> &files) {
    return SetReader(files).run();
}

} // namespace migrate::core::versioned

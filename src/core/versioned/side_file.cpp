#include "core/versioned/side_file.hpp"

#include "core/versioned/file_name.hpp"
#include "core/versioned/script_text.hpp"

#include <optional>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

struct Setting {
    std::string_view key;
    std::string_view value;
};

// "key = value" of a Java properties file and of TOML, as far as both agree; "key: value" of the
// former.
std::optional<Setting> read_setting(std::string_view line) {
    line = trim(line);
    const std::size_t at = line.find_first_of("=:");
    if (at == std::string_view::npos || line.front() == '#' || line.front() == '!') {
        return std::nullopt;
    }
    std::string_view value = line.substr(at + 1);
    value = value.substr(0, value.find(" #"));
    return Setting{trim(line.substr(0, at)), trim(value)};
}

void set_not_transactional(Script &script, const SourceFile &side_file, int line) {
    script.is_transactional = false;
    script.directive_line = line;
    script.directive_file = side_file.name;
}

} // namespace

void apply_side_file(const std::vector<SourceFile> &files, const FileIndex &index, Layout layout,
                     Script &script, std::vector<FileProblem> &problems) {
    std::string name;
    if (layout == Layout::flyway) {
        name = script.file + ".conf"; // "Script Config Files"
    } else if (layout == Layout::diesel) {
        name = std::string(folder_of(script.file)) + "metadata.toml";
    }
    const auto found = index.find(name);
    if (name.empty() || found == index.end()) {
        return;
    }
    const SourceFile &side_file = files[found->second];
    const std::string_view switch_name =
        layout == Layout::flyway ? "executeInTransaction" : "run_in_transaction";
    const std::string text = normalized_text(side_file.text);
    for (LineCursor line(text); line.is_valid(); line.advance()) {
        const std::optional<Setting> setting = read_setting(line.text());
        if (!setting) {
            continue;
        }
        if (setting->key == switch_name && equals_folded(setting->value, "false")) {
            set_not_transactional(script, side_file, line.number());
        } else if (layout == Layout::flyway && setting->key == "shouldExecute" &&
                   !equals_folded(setting->value, "true")) {
            problems.push_back(
                {side_file.name,
                 "sets \"shouldExecute\", which is not supported," + in_line(line.number()), true});
        }
    }
}

} // namespace migrate::core::versioned

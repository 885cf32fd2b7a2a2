#include "core/versioned/sqitch_plan.hpp"

#include "core/versioned/script_text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// ASCII punctuation but "_", which sqitch never takes for any.
bool is_punctuation(char c) noexcept {
    return c > ' ' && c < '\x7f' && c != '_' && !is_digit(c) && !(c >= 'A' && c <= 'Z') &&
           !(c >= 'a' && c <= 'z');
}

// sqitchchanges, "Change Names": no punctuation first or last, none of : @ # \ anywhere, no digits
// behind one of ~ ^ / = % at the end. A tag has no "/" besides.
bool is_name(std::string_view text, bool is_tag) noexcept {
    if (text.empty() || is_punctuation(text.front()) || is_punctuation(text.back()) ||
        text.find_first_of(is_tag ? ":@#\\/" : ":@#\\") != std::string_view::npos) {
        return false;
    }
    const std::size_t last = text.find_last_not_of("0123456789");
    return last == std::string_view::npos || last + 1 == text.size() ||
           std::string_view("~^/=%").find(text[last]) == std::string_view::npos;
}

// 2022-07-14T17:26:21Z
bool is_timestamp(std::string_view text) noexcept {
    constexpr std::string_view kPattern = "0000-00-00T00:00:00Z";
    return text.size() == kPattern.size() &&
           std::equal(text.begin(), text.end(), kPattern.begin(), [](char c, char pattern) {
               return pattern == '0' ? is_digit(c) : c == pattern;
           });
}

// A dependency: [!][project:]change[@tag], [!][project:]@tag, or the identifier of a change.
struct Dependency {
    bool is_conflict = false;
    std::string_view project;
    std::string_view change;
    std::string_view tag;
};

std::optional<Dependency> read_dependency(std::string_view text) {
    Dependency result;
    if (text.starts_with('!')) {
        result.is_conflict = true;
        text.remove_prefix(1);
    }
    if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        result.project = text.substr(0, colon);
        text.remove_prefix(colon + 1);
        if (!is_name(result.project, true)) {
            return std::nullopt;
        }
    }
    const std::size_t at = std::min(text.find('@'), text.size());
    result.change = text.substr(0, at);
    result.tag = text.substr(std::min(at + 1, text.size()));
    const bool is_valid =
        (result.change.empty() ? at < text.size() : is_name(result.change, false)) &&
        (at == text.size() || is_name(result.tag, true));
    return is_valid ? std::optional(result) : std::nullopt;
}

// SHA-1 identifiers of changes stand for themselves: their digests cover who planned them and when.
bool is_change_id(std::string_view text) noexcept {
    return text.size() == 40 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

class PlanReader {
  public:
    SqitchPlan run(std::string_view text);

  private:
    void read_line(std::string_view line);
    void read_pragma(std::string_view line);
    void read_tag(std::string_view line);
    void read_change(std::string_view line);
    void check_tail(std::string_view rest);
    void check_dependencies(std::string_view name, std::string_view list);
    void check_dependency(std::string_view name, std::string_view text);
    bool is_planned(const Dependency &dependency) const;
    void add_change(std::string_view name);
    void fail(std::string reason) {
        plan_.problems.push_back({std::move(reason) + in_line(line_), true});
    }

    SqitchPlan plan_;
    std::unordered_map<std::string, std::size_t> latest_; // of the changes, by name
    int line_ = 0;
};

SqitchPlan PlanReader::run(std::string_view text) {
    for (LineCursor line(text); line.is_valid(); line.advance()) {
        line_ = line.number();
        const std::string_view trimmed = trim(line.text());
        if (!trimmed.empty() && trimmed.front() != '#') {
            read_line(trimmed);
        }
    }
    return std::move(plan_);
}

void PlanReader::read_line(std::string_view line) {
    if (line.front() == '%') {
        read_pragma(line);
    } else if (line.front() == '@') {
        read_tag(line.substr(1));
    } else {
        read_change(line);
    }
}

void PlanReader::read_pragma(std::string_view line) {
    line = line.substr(1, line.find('#') - 1);
    const std::size_t at = std::min(line.find('='), line.size());
    if (trim(line.substr(0, at)) == "project") {
        plan_.project = trim(line.substr(std::min(at + 1, line.size())));
    }
}

void PlanReader::read_tag(std::string_view line) {
    const std::string name(take_word(line));
    if (!is_name(name, true)) {
        fail("has an invalid tag name " + quoted(name));
    } else if (plan_.changes.empty()) {
        fail("has the tag " + quoted(name) + " before any change");
    } else if (!plan_.tag_positions.try_emplace(name, plan_.tags.size()).second) {
        fail("has a second tag " + quoted(name));
    } else {
        plan_.tags.push_back(name);
        check_tail(line);
    }
}

void PlanReader::read_change(std::string_view line) {
    if (line.front() == '-') {
        fail("plans to revert a change, which is not supported,");
        return;
    }
    line = line.front() == '+' ? trim_left(line.substr(1)) : line;
    const std::string_view name = take_word(line);
    if (!is_name(name, false)) {
        fail("has an invalid change name " + quoted(name));
        return;
    }
    if (line.starts_with('[')) {
        const std::size_t end = std::min(line.find(']'), line.size());
        check_dependencies(name, line.substr(1, end - 1));
        line = trim_left(line.substr(std::min(end + 1, line.size())));
    }
    check_tail(line);
    add_change(name);
}

// Behind the name: timestamp, planner <mail>, # note. Without them sqitch takes no line, which
// finds names with blanks in them.
void PlanReader::check_tail(std::string_view rest) {
    if (!is_timestamp(take_word(rest))) {
        fail("has no timestamp behind the name: expected \"2006-01-02T15:04:05Z\"");
        return;
    }
    const std::size_t open = rest.find('<');
    const std::size_t close = rest.find('>', std::min(open, rest.size()));
    if (open == 0 || close == std::string_view::npos || close == open + 1) {
        fail("has no planner behind the timestamp: expected \"name <mail>\"");
        return;
    }
    rest = trim_left(rest.substr(close + 1));
    if (!rest.empty() && rest.front() != '#') {
        fail("has " + quoted(take_word(rest)) + " behind the planner: expected \"# note\"");
    }
}

void PlanReader::check_dependencies(std::string_view name, std::string_view list) {
    for (std::string_view word = take_word(list); !word.empty(); word = take_word(list)) {
        check_dependency(name, word);
    }
}

// A required change must be planned before, a conflicting one must not ("sqitch deploy" checks both
// before it runs anything).
void PlanReader::check_dependency(std::string_view name, std::string_view text) {
    const std::optional<Dependency> dependency = read_dependency(text);
    if (!dependency) {
        fail("has an invalid dependency " + quoted(text));
        return;
    }
    const std::string change = "plans the change " + quoted(name) + ", which ";
    if (!dependency->project.empty() && dependency->project != plan_.project) {
        if (!dependency->is_conflict) {
            plan_.problems.push_back({change + "requires " + quoted(text) +
                                          " of another project, unchecked here," + in_line(line_),
                                      false});
        }
    } else if (dependency->is_conflict && is_planned(*dependency)) {
        fail(change + "conflicts with " + quoted(text.substr(1)) + ", planned before,");
    } else if (!dependency->is_conflict && !is_change_id(dependency->change) &&
               !is_planned(*dependency)) {
        fail(change + "requires " + quoted(text) + ", not planned before,");
    }
}

bool PlanReader::is_planned(const Dependency &dependency) const {
    return (dependency.change.empty() || latest_.contains(std::string(dependency.change))) &&
           (dependency.tag.empty() || plan_.tag_positions.contains(std::string(dependency.tag)));
}

// A change that is planned a second time is reworked: a tag must stand between the two.
void PlanReader::add_change(std::string_view name) {
    const std::size_t tag = plan_.tags.size();
    const auto [latest, is_new] = latest_.try_emplace(std::string(name), plan_.changes.size());
    if (!is_new) {
        PlannedChange &before = plan_.changes[latest->second];
        if (before.first_tag == tag) {
            fail("has a second change " + quoted(name) + " without a tag since line " +
                 std::to_string(before.line) + ",");
            return;
        }
        before.end_tag = tag;
        latest->second = plan_.changes.size();
    }
    plan_.changes.push_back({std::string(name), line_, tag, tag});
}

} // namespace

SqitchPlan read_sqitch_plan(std::string_view text) {
    return PlanReader().run(text);
}

} // namespace migrate::core::versioned

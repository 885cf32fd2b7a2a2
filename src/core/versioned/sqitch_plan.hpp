// Reads sqitch.plan: the changes in the order in which they are deployed.
//
//     SqitchPlan plan = read_sqitch_plan(text);
//     plan.changes[0].name   // version "1"
//
// The syntax is sqitch's ("Plan File Specification"): %pragmas, changes, @tags, blank lines and
// # notes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace migrate::core::versioned {

struct PlannedChange {
    std::string name;
    int line;
    // A change that is planned again later (reworked) keeps its first text in a file that is named
    // after a tag between the two: tags[first_tag] up to, not with, tags[end_tag]. No tag: it is
    // not reworked.
    std::size_t first_tag = 0;
    std::size_t end_tag = 0;
};

struct PlanProblem {
    std::string reason;
    bool is_error;
};

struct SqitchPlan {
    std::string project;
    std::vector<PlannedChange> changes;
    std::vector<std::string> tags;
    std::unordered_map<std::string, std::size_t> tag_positions; // in `tags`
    std::vector<PlanProblem> problems;
};

// `text` is normalized. A line that is wrong is a problem; what can be read of it is kept, so that
// the places of the others do not move.
SqitchPlan read_sqitch_plan(std::string_view text);

} // namespace migrate::core::versioned

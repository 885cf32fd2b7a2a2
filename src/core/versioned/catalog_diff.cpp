#include "core/versioned/catalog_diff.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "core/core_only.hpp"

namespace migrate::core::versioned {
namespace {

constexpr std::size_t kMostDifferences = 50;
constexpr std::size_t kMostBytes = 160;

bool is_before(const CatalogObject &a, const CatalogObject &b) {
    return a.identity < b.identity;
}

// Cuts at a character, not within one.
std::string shortened(const std::string &definition) {
    if (definition.size() <= kMostBytes)
        return definition;
    std::size_t end = kMostBytes;
    while (end > 0 && (static_cast<unsigned char>(definition[end]) & 0xC0) == 0x80)
        end--;
    return definition.substr(0, end) + "…";
}

// Definitions of functions have many lines; a row of the result has one.
std::string without_breaks(std::string_view text) {
    std::string line;
    for (char c : text) {
        bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!is_blank)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    return line;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        std::size_t end = std::min(text.find('\n'), text.size());
        std::string line = without_breaks(text.substr(0, end));
        if (!line.empty())
            lines.push_back(std::move(line));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// The lines of `text` that `other` has not, in their order.
std::string lines_only_in(std::string_view text, std::string_view other) {
    std::vector<std::string> others = lines_of(other);
    std::multiset<std::string> known(others.begin(), others.end());
    std::string only;
    for (const std::string &line : lines_of(text)) {
        if (auto place = known.find(line); place != known.end())
            known.erase(place);
        else
            only += (only.empty() ? "" : ", ") + line;
    }
    return shortened(only);
}

std::string describe_change(const std::string &before, const std::string &after) {
    if (without_breaks(before) == without_breaks(after))
        return " differs in white space";
    std::string lost = lines_only_in(before, after);
    std::string gained = lines_only_in(after, before);
    if (lost.empty() && gained.empty())
        return " differs in the order of its lines";
    if (lost.empty())
        return " gained " + gained;
    if (gained.empty())
        return " lost " + lost;
    return ": " + lost + " became " + gained;
}

std::string on_one_line(std::string text) {
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at))
        text.replace(at, 1, ", ");
    return text;
}

class Comparison {
  public:
    Comparison(const CatalogSnapshot &before, const CatalogSnapshot &after)
        : before_(before), after_(after) {}

    CatalogDiff run() {
        auto old = before_.begin();
        auto now = after_.begin();
        while (old != before_.end() || now != after_.end()) {
            if (now == after_.end() || (old != before_.end() && is_before(*old, *now)))
                add_one_sided(*old++, before_, after_, " is missing");
            else if (old == before_.end() || is_before(*now, *old))
                add_one_sided(*now++, after_, before_, " was left behind");
            else
                add_two_sided(*old++, *now++);
        }
        if (count_ > kMostDifferences)
            diff_.text += "; and " + std::to_string(count_ - kMostDifferences) + " more";
        return std::move(diff_);
    }

  private:
    static bool has(const CatalogSnapshot &snapshot, const std::string &identity) {
        CatalogObject wanted;
        wanted.identity = identity;
        return std::ranges::binary_search(snapshot, wanted, is_before);
    }

    void add(const std::string &text) {
        if (++count_ > kMostDifferences)
            return;
        diff_.text += (diff_.text.empty() ? "" : "; ") + text;
    }

    void add_one_sided(const CatalogObject &object, const CatalogSnapshot &own,
                       const CatalogSnapshot &other, const char *words) {
        // A list of names says nothing that its names do not say.
        if (object.is_order || (has(own, object.parent) && !has(other, object.parent)))
            return;
        diff_.is_restored = false;
        add(object.identity + words);
    }

    void add_two_sided(const CatalogObject &old, const CatalogObject &now) {
        if (old.definition == now.definition)
            return;
        if (old.is_order) {
            if (lines_only_in(old.definition, now.definition).empty() &&
                lines_only_in(now.definition, old.definition).empty())
                add(old.identity + ": " + shortened(on_one_line(old.definition)) + " became " +
                    shortened(on_one_line(now.definition)));
            return;
        }
        diff_.is_restored = false;
        add(old.identity + describe_change(old.definition, now.definition));
    }

    const CatalogSnapshot &before_;
    const CatalogSnapshot &after_;
    CatalogDiff diff_;
    std::size_t count_ = 0;
};

} // namespace

CatalogDiff compare_catalogs(CatalogSnapshot &before, CatalogSnapshot &after) {
    std::ranges::stable_sort(before, is_before);
    std::ranges::stable_sort(after, is_before);
    return Comparison(before, after).run();
}

} // namespace migrate::core::versioned

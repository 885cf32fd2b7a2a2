#include "core/verify/digest.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

// Forms of one key beyond this are not told apart: such a key is no key.
constexpr std::size_t kMaxForms = 1000;

// Keys for people: the first few, and how many there were.
struct KeyList {
    std::vector<std::string> first;
    std::int64_t count = 0;

    void add(std::string key) {
        if (first.size() < Difference::kMaxKeys)
            first.push_back(std::move(key));
        ++count;
    }
    std::string text() const;
};

std::string KeyList::text() const {
    std::vector<std::string> keys = first;
    // By length first, so that numbers stand in their order.
    std::sort(keys.begin(), keys.end(), [](const std::string &a, const std::string &b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    std::string text;
    for (const std::string &key : keys) {
        if (!text.empty())
            text += ", ";
        text += key;
    }
    const std::int64_t others = count - static_cast<std::int64_t>(keys.size());
    if (others > 0)
        text += " and " + std::to_string(others) + (others == 1 ? " other" : " others");
    return text;
}

void append_part(std::string &text, std::string_view title, const KeyList &keys) {
    if (keys.count == 0)
        return;
    if (!text.empty())
        text += "; ";
    text.append(title).append(": ").append(keys.text());
}

std::string times(std::int64_t count) {
    return count == 1 ? std::string("once") : std::to_string(count) + " times";
}

} // namespace

struct Difference::Report {
    std::vector<KeyList> columns;
    KeyList missing;
    KeyList only_in_target;
    KeyList repeated;
    void add_changed(const Row &source, const Row &target);
    std::string columns_text(const std::vector<std::string> &names) const;
};

void Difference::Report::add_changed(const Row &source, const Row &target) {
    for (std::size_t column = 0; column < columns.size(); ++column)
        if (source.columns[column] != target.columns[column])
            columns[column].add(source.key);
}

std::string Difference::Report::columns_text(const std::vector<std::string> &names) const {
    std::string text;
    for (std::size_t column = 0; column < columns.size(); ++column) {
        const KeyList &keys = columns[column];
        if (keys.count == 0)
            continue;
        text += text.empty() ? "columns that differ: " : ", ";
        text += names[column] + (keys.count == 1 ? " (key " : " (keys ") + keys.text() + ")";
    }
    return text;
}

Difference::Difference(std::vector<std::string> columns, std::vector<std::uint32_t> buckets)
    : columns_(std::move(columns)), buckets_(std::move(buckets)) {
    std::sort(buckets_.begin(), buckets_.end());
    if (buckets_.size() > kMaxBuckets) {
        buckets_.resize(kMaxBuckets);
        has_more_ = true;
    }
}

void Difference::add(const CanonicalRow &row, Side side) {
    const std::uint32_t bucket = TableDigest::bucket_of(row);
    if (!std::binary_search(buckets_.begin(), buckets_.end(), bucket))
        return;
    Row form;
    form.columns.reserve(row.columns());
    for (std::size_t column = 0; column < row.columns(); ++column)
        form.columns.push_back(row.column_hash(column));

    std::vector<Row> &forms = rows_[row.key_hash()];
    auto known = std::find_if(forms.begin(), forms.end(),
                              [&](const Row &other) { return other.columns == form.columns; });
    if (known == forms.end()) {
        form.key = row.key_text();
        bytes_ += sizeof(Row) + 2 * form.key.size() + form.columns.size() * sizeof(Hash128);
        forms.push_back(std::move(form));
        known = forms.end() - 1;
    }
    ++(side == Side::source ? known->source : known->target);
    if (forms.size() > kMaxForms)
        give_up(bucket);
    while (bytes_ > kMaxBytes)
        give_up(buckets_.back());
}

// Forgets a bucket's rows, of both sides alike, and its later ones.
void Difference::give_up(std::uint32_t bucket) {
    has_more_ = true;
    buckets_.erase(std::find(buckets_.begin(), buckets_.end(), bucket));
    const auto first = rows_.lower_bound(Hash128{std::uint64_t{bucket} << 48, 0});
    auto last = first;
    for (; last != rows_.end() && last->first.high >> 48 == bucket; ++last)
        for (const Row &form : last->second)
            bytes_ -= sizeof(Row) + 2 * form.key.size() + form.columns.size() * sizeof(Hash128);
    rows_.erase(first, last);
}

// Rows of one key that are equal in all columns pair off first; what is left of both sides are
// changed rows, what is left of one side is missing or too many.
void Difference::report_key(std::vector<Row> forms, Report &report) {
    for (Row &form : forms) {
        if (form.source > 0 && form.target > 0 && form.source != form.target)
            report.repeated.add(form.key + " (" + times(form.target) + " instead of " +
                                times(form.source) + ")");
        if (form.source > 0 && form.target > 0)
            form.source = form.target = 0;
    }
    auto source = forms.begin();
    auto target = forms.begin();
    const auto has_source = [](const Row &form) { return form.source > 0; };
    const auto has_target = [](const Row &form) { return form.target > 0; };
    for (;;) {
        source = std::find_if(source, forms.end(), has_source);
        target = std::find_if(target, forms.end(), has_target);
        if (source == forms.end() || target == forms.end())
            break;
        report.add_changed(*source, *target);
        --source->source;
        --target->target;
    }
    for (const Row &form : forms) {
        if (form.source > 0)
            report.missing.add(form.key);
        if (form.target > 0)
            report.only_in_target.add(form.key);
    }
}

std::string Difference::describe() const {
    Report report;
    report.columns.resize(columns_.size());
    for (const auto &[hash, forms] : rows_)
        report_key(forms, report);
    std::string text = report.columns_text(columns_);
    append_part(text, "missing in the target", report.missing);
    append_part(text, "only in the target", report.only_in_target);
    append_part(text, "not as often in the target as in the source", report.repeated);
    if (has_more_)
        text += text.empty() ? "more rows differ than can be named" : "; more rows differ";
    return text;
}

} // namespace migrate::core::verify

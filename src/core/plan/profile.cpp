#include "core/plan/profile.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "core/core_only.hpp"

namespace migrate::core::plan {

namespace {

// The scratch of conversions is emptied when it has grown to this.
constexpr std::size_t kMaxScratch = std::size_t{16} << 10;
constexpr std::uint8_t kAllUnits = (1U << kEpochUnits.size()) - 1;

// Types for which option "invalid_text" decides on text that is not valid.
bool takes_invalid_text(const Type &type) noexcept {
    return type.is_text_like() || type.kind == TypeKind::other;
}

bool is_number(const Cell &cell) noexcept {
    return cell.storage == StorageClass::integer || cell.storage == StorageClass::real;
}

// The text of a 64-bit integer as PostgreSQL prints it, so that the text comes back unchanged.
bool is_plain_integer(std::string_view text) noexcept {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
        return false;
    }
    const std::string_view digits = text.substr(text.front() == '-' ? 1 : 0);
    return digits.front() != '0' || text == "0";
}

bool is_container(std::string_view text) noexcept {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && (text[start] == '{' || text[start] == '[');
}

// Bits of what was seen: kSawZero and kSawOne of the integers and the texts, kSawOther of all else.
constexpr std::uint8_t kSawZero = 1;
constexpr std::uint8_t kSawOne = 2;
constexpr std::uint8_t kSawOther = 4;

std::uint8_t flag_bit(const Cell &cell) noexcept {
    const bool is_text = cell.storage == StorageClass::text;
    if (is_text ? cell.view() == "0" : cell.integer == 0) {
        return kSawZero;
    }
    return (is_text ? cell.view() == "1" : cell.integer == 1) ? kSawOne : kSawOther;
}

} // namespace

ColumnProfile::ColumnProfile(const ColumnRule &proposed, const std::vector<Type> &others)
    : day_rule_(proposed) {
    day_rule_.type = make_type(TypeKind::date);
    const auto follow = [&](const Type &type, EpochUnit epoch) {
        Candidate candidate;
        candidate.type = type;
        candidate.epoch = epoch;
        candidates_.push_back(std::move(candidate));
        rules_.push_back(proposed);
        rules_.back().type = type;
        rules_.back().epoch = epoch;
        // Text as a number is for a type that the caller named, not for one that values choose.
        rules_.back().takes_number_text = proposed.takes_number_text && candidates_.size() == 1;
        if (type.kind == TypeKind::date) {
            has_day_candidate_ = true;
            day_units_ = kAllUnits;
        }
    };
    follow(proposed.type, proposed.epoch);
    for (const Type &type : others) {
        if (find(type) == nullptr) {
            follow(type, EpochUnit::none);
        }
    }
}

void ColumnProfile::add(std::int64_t row_id, const Cell &cell) {
    ++rows_;
    const auto storage = static_cast<std::size_t>(cell.storage);
    if (counts_[storage]++ == 0 && !cell.is_null()) {
        firsts_[storage] = {row_id, describe_cell(cell)};
    }
    switch (cell.storage) {
    case StorageClass::null:
        return;
    case StorageClass::integer:
        add_integer(cell);
        break;
    case StorageClass::real:
        add_real(cell);
        break;
    case StorageClass::text:
        add_text(cell);
        break;
    case StorageClass::blob:
        saw_flags_ |= kSawOther;
        break;
    }
    add_candidates(row_id, cell);
    if (scratch_.bytes() > kMaxScratch) {
        scratch_.clear();
    }
}

void ColumnProfile::add_integer(const Cell &cell) {
    if (!max_integer_ || cell.integer > *max_integer_) {
        max_integer_ = cell.integer;
    }
    saw_flags_ |= flag_bit(cell);
    numbers_.add(cell);
    add_day(cell);
}

void ColumnProfile::add_real(const Cell &cell) {
    saw_flags_ |= kSawOther;
    const double size = std::fabs(cell.real);
    // types.md: numbers beside integers are numeric, unless a real has no plain decimal form.
    if (!(size < 1e15) || (size > 0 && size < 1e-5)) {
        reals_need_float8_ = true;
    }
    numbers_.add(cell);
    add_day(cell);
}

void ColumnProfile::add_text(const Cell &cell) {
    const std::string_view text = cell.view();
    const std::vector<std::string> &null_texts = rules_.front().null_texts;
    if (std::find(null_texts.begin(), null_texts.end(), text) != null_texts.end()) {
        ++null_texts_;
        return;
    }
    empty_texts_ += text.empty() ? 1 : 0;
    shortest_text_ = std::min(shortest_text_, text.size());
    saw_flags_ |= flag_bit(cell);
    texts_are_integers_ = texts_are_integers_ && is_plain_integer(text);
    texts_are_containers_ = texts_are_containers_ && is_container(text);
}

void ColumnProfile::add_day(const Cell &cell) {
    if (!has_day_candidate_ || day_units_ == 0) {
        return;
    }
    for (std::size_t i = 0; i < kEpochUnits.size(); ++i) {
        const auto bit = static_cast<std::uint8_t>(1U << i);
        if ((day_units_ & bit) == 0) {
            continue;
        }
        Cell copy = cell;
        day_rule_.epoch = kEpochUnits[i];
        if (convert_cell(copy, day_rule_, scratch_) == Fit::misfit) {
            day_units_ = static_cast<std::uint8_t>(day_units_ & ~bit);
        }
    }
}

void ColumnProfile::add_candidates(std::int64_t row_id, const Cell &cell) {
    for (std::size_t i = candidates_.size(); i-- > 0;) {
        if (surely_fits(candidates_[i].type, cell) || !is_misfit(i, cell)) {
            continue;
        }
        // The numbers of a date or time type may be times in a unit that all rows only tell.
        const bool is_kept = i == 0 || (is_number(cell) && candidates_[i].type.is_time_like());
        if (is_kept) {
            count_misfit(candidates_[i], row_id, cell);
        } else {
            drop(i);
        }
    }
}

bool ColumnProfile::is_misfit(std::size_t candidate, const Cell &cell) {
    // A number is no time where nothing says what it counts.
    if (candidates_[candidate].epoch == EpochUnit::none && is_number(cell) &&
        candidates_[candidate].type.is_time_like()) {
        return true;
    }
    Cell copy = cell;
    const Fit fit = convert_cell(copy, rules_[candidate], scratch_);
    return fit == Fit::misfit ||
           (fit == Fit::invalid_text && !takes_invalid_text(candidates_[candidate].type));
}

bool ColumnProfile::has_only_zero_and_one() const noexcept {
    return saw_flags_ == (kSawZero | kSawOne);
}

std::int64_t ColumnProfile::misfits(EpochUnit epoch) const {
    const Candidate &candidate = proposed();
    const bool are_times = epoch != candidate.epoch && candidate.type.is_time_like() &&
                           numbers() > 0 && numbers_fit(candidate, epoch);
    return candidate.misfits - (are_times ? candidate.number_misfits : 0);
}

void ColumnProfile::count_misfit(Candidate &candidate, std::int64_t row_id, const Cell &cell) {
    if (candidate.misfits++ == 0) {
        candidate.first = {row_id, describe_cell(cell)};
    }
    if (is_number(cell)) {
        ++candidate.number_misfits;
    } else if (candidate.misfits - candidate.number_misfits == 1) {
        candidate.first_other = {row_id, describe_cell(cell)};
    }
}

void ColumnProfile::drop(std::size_t candidate) {
    const auto offset = static_cast<std::ptrdiff_t>(candidate);
    candidates_.erase(candidates_.begin() + offset);
    rules_.erase(rules_.begin() + offset);
}

const Candidate *ColumnProfile::find(const Type &type) const noexcept {
    for (const Candidate &candidate : candidates_) {
        if (candidate.type == type) {
            return &candidate;
        }
    }
    return nullptr;
}

bool ColumnProfile::fits(const Type &type, EpochUnit epoch) const {
    const Candidate *candidate = find(type);
    if (candidate == nullptr || candidate->is_refused_elsewhere) {
        return false;
    }
    if (candidate->epoch == epoch || numbers() == 0) {
        return candidate->misfits == 0;
    }
    return candidate->misfits == candidate->number_misfits && type.is_time_like() &&
           numbers_fit(*candidate, epoch);
}

bool ColumnProfile::numbers_fit(const Candidate &candidate, EpochUnit epoch) const {
    if (candidate.type.kind != TypeKind::date) {
        return numbers_are_times(epoch);
    }
    const auto unit = std::find(kEpochUnits.begin(), kEpochUnits.end(), epoch);
    return unit != kEpochUnits.end() && (day_units_ & (1U << (unit - kEpochUnits.begin()))) != 0;
}

bool ColumnProfile::numbers_are_times(EpochUnit epoch) const {
    // The numbers other than zero that a unit can tell as times are an interval, so that the
    // extremes answer for all of them; zero is a time of any unit.
    ColumnRule rule;
    rule.type = make_type(TypeKind::timestamptz);
    rule.epoch = epoch;
    Batch scratch(1);
    std::size_t count = 0;
    std::array<Cell, 4> cells = numbers_.extremes(count);
    return epoch != EpochUnit::none &&
           std::all_of(
               cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(count),
               [&](Cell &cell) { return convert_cell(cell, rule, scratch) != Fit::misfit; });
}

void ColumnProfile::merge(const ColumnProfile &other) {
    for (std::size_t i = candidates_.size(); i-- > 0;) {
        merge_candidate(candidates_[i], other);
        if (i > 0 && candidates_[i].is_refused_elsewhere) {
            drop(i);
        }
    }
    for (std::size_t i = 1; i < counts_.size(); ++i) {
        if (counts_[i] == 0) {
            firsts_[i] = other.firsts_[i];
        }
        counts_[i] += other.counts_[i];
    }
    empty_texts_ += other.empty_texts_;
    null_texts_ += other.null_texts_;
    shortest_text_ = std::min(shortest_text_, other.shortest_text_);
    saw_flags_ |= other.saw_flags_;
    texts_are_integers_ = texts_are_integers_ && other.texts_are_integers_;
    texts_are_containers_ = texts_are_containers_ && other.texts_are_containers_;
    reals_need_float8_ = reals_need_float8_ || other.reals_need_float8_;
    if (other.numbers() > 0) {
        day_units_ = static_cast<std::uint8_t>(day_units_ & other.day_units_);
    }
    numbers_.merge(other.numbers_);
}

void ColumnProfile::merge_candidate(Candidate &candidate, const ColumnProfile &other) const {
    const Candidate *theirs = other.find(candidate.type);
    if (theirs == nullptr) {
        candidate.is_refused_elsewhere |= other.rows() > other.nulls();
    } else if (theirs->misfits > theirs->number_misfits || theirs->is_refused_elsewhere ||
               (theirs->misfits > 0 && !candidate.type.is_time_like())) {
        candidate.is_refused_elsewhere = true;
    } else {
        // Their numbers may still be times; without a unit they are misfits here, too.
        if (candidate.misfits == 0) {
            candidate.first = theirs->first;
        }
        candidate.misfits += theirs->misfits;
        candidate.number_misfits += theirs->number_misfits;
    }
}

void TableProfile::add(const Batch &batch) {
    rows += static_cast<std::int64_t>(batch.rows());
    // Column by column: the candidates of one column stay in the processor's cache.
    for (std::size_t column = 0; column < columns.size(); ++column) {
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            columns[column].add(batch.row_id(row), batch.row(row)[column]);
        }
    }
}

} // namespace migrate::core::plan

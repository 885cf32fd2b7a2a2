// What every value of a column has in common: read once over all rows where the declared type
// alone does not decide (types.md), and by inspect_sqlite.
//
//     TableProfile profile(plan columns…);
//     while (reader.fetch(batch) == Fetch::rows) profile.add(batch);
//
// A profile keeps, for each candidate type, whether all values so far fit it, by calling the very
// conversion that loads them (core/convert.hpp), so that plan and import cannot disagree.
#pragma once

#include "core/batch.hpp"
#include "core/convert.hpp"
#include "core/plan/candidate.hpp"
#include "core/plan/number_range.hpp"
#include "core/type.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace migrate::core::plan {

// The profile of one column. Movable, not copyable.
class ColumnProfile {
  public:
    // `proposed` is counted to the end; the other candidates are dropped at their first misfit.
    // Pass what candidate_types gives.
    ColumnProfile(const ColumnRule &proposed, const std::vector<Type> &others);

    void add(std::int64_t row_id, const Cell &cell);

    // The column's own rows, NULLs, and largest integer: merge does not touch these.
    std::int64_t rows() const noexcept { return rows_; }
    std::int64_t nulls() const noexcept { return count(StorageClass::null); }
    std::optional<std::int64_t> max_integer() const noexcept { return max_integer_; }

    std::int64_t count(StorageClass storage) const noexcept {
        return counts_[static_cast<std::size_t>(storage)];
    }
    const Sample &first(StorageClass storage) const noexcept {
        return firsts_[static_cast<std::size_t>(storage)];
    }
    const Candidate &proposed() const noexcept { return candidates_.front(); }
    // Whether convert_cell takes every value for the type, the numbers of a date or time type as
    // `epoch`; false for a type that is no candidate. Invalid text counts as fitting where it is
    // for option "invalid_text" to decide (text and types of the caller).
    bool fits(const Type &type, EpochUnit epoch = EpochUnit::none) const;

    // Values that do not fit the proposed type when its numbers are read as `epoch`: none of the
    // numbers counts where all are times in that unit.
    std::int64_t misfits(EpochUnit epoch) const;
    // Whether every number is a time of the years that are read when it counts this unit.
    bool numbers_are_times(EpochUnit epoch) const;

    // Facts that the decision and the notes use.
    std::int64_t empty_texts() const noexcept { return empty_texts_; } // but NULL texts
    std::int64_t null_texts() const noexcept { return null_texts_; }   // option "null"
    std::int64_t numbers() const noexcept {
        return count(StorageClass::integer) + count(StorageClass::real);
    }
    // Both 0 and 1, as integers or as the texts '0' and '1', and nothing else.
    bool has_only_zero_and_one() const noexcept;
    std::size_t shortest_text() const noexcept { return shortest_text_; } // bytes; no text: huge
    // Every text is an integer of 64 bits without sign +, leading zeros or spaces.
    bool texts_are_integers() const noexcept { return texts_are_integers_; }
    // Every text begins as a JSON object or array does.
    bool texts_are_containers() const noexcept { return texts_are_containers_; }
    // A real is infinite, or so large or small that its shortest text needs an exponent.
    bool reals_need_float8() const noexcept { return reals_need_float8_; }
    // The one unit in which every non-zero number lies between 2000 and 2100, or none.
    EpochUnit epoch() const noexcept { return numbers_.unit(); }
    // The extremes of the non-zero numbers.
    const NumberRange &number_range() const noexcept { return numbers_; }

    // Takes in what another column saw: columns joined by a foreign key are decided together. Both
    // must have been made with the same candidates but for the proposed one.
    void merge(const ColumnProfile &other);

  private:
    void add_integer(const Cell &cell);
    void add_real(const Cell &cell);
    void add_text(const Cell &cell);
    void add_candidates(std::int64_t row_id, const Cell &cell);
    bool is_misfit(std::size_t candidate, const Cell &cell);
    void count_misfit(Candidate &candidate, std::int64_t row_id, const Cell &cell);
    void drop(std::size_t candidate);
    void merge_candidate(Candidate &candidate, const ColumnProfile &other) const;
    void add_day(const Cell &cell);
    const Candidate *find(const Type &type) const noexcept;
    bool numbers_fit(const Candidate &candidate, EpochUnit epoch) const;

    std::vector<Candidate> candidates_; // the proposed one first
    std::vector<ColumnRule> rules_;     // how each of them is converted
    ColumnRule day_rule_;
    std::array<std::int64_t, 5> counts_{};
    std::array<Sample, 5> firsts_;
    std::int64_t rows_ = 0;
    std::int64_t empty_texts_ = 0;
    std::int64_t null_texts_ = 0;
    std::size_t shortest_text_ = static_cast<std::size_t>(-1);
    std::uint8_t saw_flags_ = 0;
    bool texts_are_integers_ = true;
    bool texts_are_containers_ = true;
    bool reals_need_float8_ = false;
    bool has_day_candidate_ = false;
    std::uint8_t day_units_ = 0; // units in which every number so far is a whole day, a bit each
    std::optional<std::int64_t> max_integer_;
    NumberRange numbers_;
    Batch scratch_{1};
};

// The profiles of the columns of one table, in the order in which its reader returns them.
struct TableProfile {
    std::vector<ColumnProfile> columns;
    std::int64_t rows = 0;
    void add(const Batch &batch);
};

} // namespace migrate::core::plan

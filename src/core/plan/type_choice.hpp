// The PostgreSQL type of a SQLite column: the declared type proposes, the stored values decide
// (types.md; SQLite datatype3, section 3).
#pragma once

#include "core/import_options.hpp"
#include "core/plan/profile.hpp"
#include "core/type.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::plan {

// SQLite's column affinity by the five substring rules of datatype3, section 3.1.
enum class Affinity : unsigned char { integer, text, blob, real, numeric };
Affinity affinity_of(std::string_view declared_type) noexcept;

struct Proposal {
    Type type;
    // The values alone decide: no declared type, ANY, or one that nobody knows.
    bool is_by_values = false;
};

// The type that the declaration proposes, by the table of types.md. Range-checked digits only:
// VARCHAR(99999999) is text, DECIMAL(2000,5) is numeric.
Proposal propose_type(std::string_view declared_type, const ImportOptions &options);

// The candidates that a profile of a column must follow so that decide_type can answer.
std::vector<Type> candidate_types(const Proposal &proposal, const ImportOptions &options);

struct TypeChoice {
    Type type;
    EpochUnit epoch = EpochUnit::none;
    bool is_widened = false;
    // Lines for the table's notes: why it was widened with the count, the first row id and value;
    // the unit found with the earliest and latest time; numbers that stayed numbers.
    std::vector<std::string> notes;
};

// Decides from all values of the column. `column` is the name for the notes. Under
// on_type_mismatch other than widen the proposed type stays (its policy acts on the misfits), but
// the epoch is still found.
TypeChoice decide_type(std::string_view column, const Proposal &proposal,
                       const ColumnProfile &profile, const ImportOptions &options,
                       EpochChoice epoch);

// What inspect_sqlite suggests where the values say more than the declaration (a text column of
// ISO timestamps, of 0 and 1, of JSON, of UUIDs); empty when nothing more.
std::string suggest_type(const Type &target, const ColumnProfile &profile);

} // namespace migrate::core::plan

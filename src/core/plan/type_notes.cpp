#include "core/plan/type_notes.hpp"

#include <chrono>
#include <cstdio>
#include <vector>

#include "core/core_only.hpp"

namespace migrate::core::plan {

namespace {

constexpr std::string_view kJoined = ", as in the column that a foreign key joins with it";

std::string head(std::string_view column, std::string_view type) {
    std::string text = "column \"";
    text.append(column).append("\": ").append(type);
    return text;
}

std::string counted(std::int64_t count, std::string_view noun) {
    std::string text = std::to_string(count);
    text.append(" ").append(noun);
    return count == 1 ? text : text + "s";
}

// Microseconds since 2000-01-01 as 2024-05-06 07:08:09.5+00.
std::string time_text(std::int64_t microseconds) {
    using namespace std::chrono;
    constexpr sys_days kEpoch = year{2000} / January / 1;
    const std::chrono::microseconds since(microseconds);
    const days whole = floor<days>(since);
    const year_month_day date(kEpoch + whole);
    const hh_mm_ss time(since - whole);
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u %02d:%02d:%02d", int(date.year()),
                  unsigned(date.month()), unsigned(date.day()), int(time.hours().count()),
                  int(time.minutes().count()), int(time.seconds().count()));
    std::string text = buffer;
    if (time.subseconds().count() != 0) {
        std::snprintf(buffer, sizeof buffer, ".%06d", int(time.subseconds().count()));
        text += buffer;
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + "+00";
}

std::string cell_time(Cell number, EpochUnit unit) {
    ColumnRule rule;
    rule.type = make_type(TypeKind::timestamptz);
    rule.epoch = unit;
    Batch scratch(1);
    const Fit fit = convert_cell(number, rule, scratch);
    return fit == Fit::misfit ? describe_cell(number) : time_text(number.integer);
}

std::string misfit_clause(const Candidate &proposed, bool numbers_fit, std::int64_t values) {
    const std::int64_t misfits = proposed.misfits - (numbers_fit ? proposed.number_misfits : 0);
    if (misfits == 0) {
        // A DATE column whose numbers are times within the day.
        return numbers_fit && proposed.number_misfits > 0
                   ? ", not all of its numbers are whole days"
                   : std::string(kJoined);
    }
    const Sample &first = numbers_fit ? proposed.first_other : proposed.first;
    std::string text = ", " + std::to_string(misfits) + " of " + counted(values, "value");
    text += misfits == 1 ? " does not fit" : " do not fit";
    text += ", first in row " + std::to_string(first.row_id) + ": " + first.value;
    return text;
}

std::string epoch_clause(EpochChoice epoch) {
    switch (epoch) {
    case EpochChoice::automatic:
        return "; numbers are read as times where all lie between 2000 and 2100 in one unit, or "
               "where option \"epoch\" names what they count";
    case EpochChoice::none:
        return "";
    default:
        return "; not all of its numbers are times in the unit of option \"epoch\"";
    }
}

std::string empty_clause(std::int64_t empty_texts) {
    if (empty_texts == 0) {
        return "";
    }
    return "; " + counted(empty_texts, "value") +
           (empty_texts == 1 ? " is an empty text" : " are empty texts") +
           ", which option \"null\" can read as NULL";
}

std::string list_classes(const ColumnProfile &profile) {
    std::vector<std::string> parts;
    for (const StorageClass storage :
         {StorageClass::integer, StorageClass::real, StorageClass::text, StorageClass::blob}) {
        if (profile.count(storage) > 0) {
            parts.push_back(counted(profile.count(storage), storage_class_name(storage)));
        }
    }
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        text += i == 0 ? "" : (i + 1 == parts.size() ? " and " : ", ");
        text += parts[i];
    }
    return text;
}

} // namespace

std::string widened_note(std::string_view column, const TypeChange &change, EpochUnit unit,
                         const ColumnProfile &profile, EpochChoice epoch) {
    const Candidate &proposed = profile.proposed();
    const bool numbers_fit = unit != EpochUnit::none;
    std::string text = head(column, change.to.sql()) + " instead of " + change.from.sql();
    if (proposed.type != change.from) {
        return text + std::string(kJoined);
    }
    text += misfit_clause(proposed, numbers_fit, profile.rows() - profile.nulls());
    if (proposed.type.is_time_like() && !numbers_fit && proposed.number_misfits > 0) {
        text += epoch_clause(epoch);
    }
    return text + empty_clause(profile.empty_texts());
}

std::string epoch_note(std::string_view column, EpochUnit unit, const ColumnProfile &profile) {
    std::string text = head(column, counted(profile.numbers(), "number"));
    text.append(" read as ").append(epoch_unit_words(unit));
    if (!profile.number_range().is_empty()) {
        text += ", from " + cell_time(profile.number_range().lowest_cell(), unit);
        text += " to " + cell_time(profile.number_range().highest_cell(), unit);
    }
    return text;
}

std::string mixture_note(std::string_view column, const Type &type, const ColumnProfile &profile) {
    std::string text = head(column, type.sql()) + ", as it holds " + list_classes(profile);
    if (type.kind == TypeKind::text && profile.numbers() > 0) {
        text += "; numbers are written as SQLite prints them";
    }
    return text;
}

} // namespace migrate::core::plan

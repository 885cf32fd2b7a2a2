#include "core/cell_times.hpp"

#include "core/value/date_time.hpp"
#include "core/value/decimal.hpp"
#include "core/value/epoch.hpp"

#include <optional>

#include "core/core_only.hpp"

namespace migrate::core {
namespace {

std::optional<value::Instant> instant_of(const Cell &cell, EpochUnit unit) noexcept {
    if (cell.storage == StorageClass::integer)
        return value::instant_of(cell.integer, unit);
    if (cell.storage == StorageClass::real)
        return value::instant_of(cell.real, unit);
    return std::nullopt;
}

// To the digits of a second that the type keeps, half away from zero as PostgreSQL rounds
// (AdjustTimestampForTypmod).
std::int64_t round_to_digits(std::int64_t micros, std::int32_t digits) noexcept {
    const std::int64_t unit = value::power_of_ten(6 - digits);
    const std::int64_t half = micros < 0 ? -unit / 2 : unit / 2;
    return (micros + half) / unit * unit;
}

Fit set_micros(Cell &cell, const Type &type, std::int64_t micros, bool is_rounded,
               bool is_naive = false) {
    if (type.length >= 0 && type.length < 6) {
        const std::int64_t exact = micros;
        micros = round_to_digits(micros, type.length);
        is_rounded |= micros != exact;
    }
    cell.set_integer(micros);
    cell.is_naive = is_naive;
    return is_rounded ? Fit::rounded : Fit::fits;
}

// The day that a text names, when it names nothing but the beginning of one.
std::optional<std::int64_t> day_of_text(std::string_view text) noexcept {
    if (std::optional<std::int64_t> day = value::parse_date(text))
        return day;
    std::optional<value::DateTime> moment = value::parse_date_time(text);
    // 24:00 is midnight as well, but PostgreSQL's date_in reads the day before it.
    if (!moment || moment->is_rounded || moment->local != moment->day * value::kMicrosPerDay ||
        moment->offset != 0)
        return std::nullopt;
    return moment->day;
}

} // namespace

Fit to_date(Cell &cell, const ColumnRule &rule, Batch &) {
    std::optional<std::int64_t> day;
    if (cell.storage == StorageClass::text) {
        day = day_of_text(cell.view());
    } else if (auto instant = instant_of(cell, rule.epoch)) {
        if (!instant->is_rounded && instant->micros % value::kMicrosPerDay == 0)
            day = instant->micros / value::kMicrosPerDay;
    }
    if (!day)
        return Fit::misfit;
    cell.set_integer(*day);
    return Fit::fits;
}

Fit to_time(Cell &cell, const ColumnRule &rule, Batch &) {
    if (cell.storage != StorageClass::text)
        return Fit::misfit;
    std::optional<value::TimeOfDay> time = value::parse_time(cell.view());
    return time ? set_micros(cell, rule.type, time->micros, time->is_rounded) : Fit::misfit;
}

Fit to_timestamp(Cell &cell, const ColumnRule &rule, Batch &) {
    if (cell.storage == StorageClass::text) {
        std::optional<value::DateTime> moment = value::parse_date_time(cell.view());
        // PostgreSQL would drop the offset without a word.
        if (!moment || moment->offset != 0)
            return Fit::misfit;
        return set_micros(cell, rule.type, moment->local, moment->is_rounded);
    }
    std::optional<value::Instant> instant = instant_of(cell, rule.epoch);
    return instant ? set_micros(cell, rule.type, instant->micros, instant->is_rounded)
                   : Fit::misfit;
}

Fit to_timestamptz(Cell &cell, const ColumnRule &rule, Batch &) {
    if (cell.storage == StorageClass::text) {
        std::optional<value::DateTime> moment = value::parse_date_time(cell.view());
        if (!moment)
            return Fit::misfit;
        return set_micros(cell, rule.type, moment->utc(), moment->is_rounded, !moment->has_zone);
    }
    std::optional<value::Instant> instant = instant_of(cell, rule.epoch);
    return instant ? set_micros(cell, rule.type, instant->micros, instant->is_rounded)
                   : Fit::misfit;
}

} // namespace migrate::core

#include "core/plan/type_choice.hpp"

#include "core/plan/type_notes.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {

namespace {

Type timestamp_type(const ImportOptions &options) {
    return make_type(options.is_timestamp_without_zone ? TypeKind::timestamp
                                                       : TypeKind::timestamptz);
}

// Types near the proposed one that are tried, in this order, before the values alone decide.
std::vector<Type> family_of(const Proposal &proposal, const ImportOptions &options) {
    if (proposal.is_by_values) {
        return {};
    }
    switch (proposal.type.kind) {
    case TypeKind::varchar:
        return {make_type(TypeKind::text)};
    case TypeKind::numeric:
        return {make_type(TypeKind::numeric)};
    case TypeKind::jsonb:
        return {make_type(TypeKind::json)};
    case TypeKind::date:
    case TypeKind::time:
        return {timestamp_type(options)};
    case TypeKind::timestamptz:
        return {make_type(TypeKind::date)};
    case TypeKind::timestamp:
        return {make_type(TypeKind::timestamptz), make_type(TypeKind::date)};
    default:
        return {};
    }
}

// What suggest_type looks for in texts.
std::vector<Type> suggestible_types(const ImportOptions &options) {
    return {make_type(TypeKind::boolean), timestamp_type(options),   make_type(TypeKind::date),
            make_type(TypeKind::jsonb),   make_type(TypeKind::json), make_type(TypeKind::uuid)};
}

class Decision {
  public:
    Decision(std::string_view column, const Proposal &proposal, const ColumnProfile &profile,
             const ImportOptions &options, EpochChoice epoch)
        : column_(column), proposal_(proposal), profile_(profile), options_(options),
          epoch_(epoch) {}

    TypeChoice make() const;

  private:
    EpochUnit find_unit() const;
    TypeChoice keep(EpochUnit unit) const;
    TypeChoice widen(const Type &type, EpochUnit unit, EpochUnit found) const;
    TypeChoice choose_undeclared() const;
    Type choose_by_values() const;
    std::optional<Type> choose_number_type() const;
    bool has_texts() const;

    std::string_view column_;
    const Proposal &proposal_;
    const ColumnProfile &profile_;
    const ImportOptions &options_;
    EpochChoice epoch_;
};

TypeChoice Decision::make() const {
    if (proposal_.is_by_values) {
        return choose_undeclared();
    }
    const EpochUnit unit = find_unit();
    // A column of NULLs alone keeps its proposed type: nothing of it does not fit.
    if (profile_.fits(proposal_.type, unit) || options_.on_type_mismatch != TypeMismatch::widen) {
        return keep(unit);
    }
    for (const Type &type : family_of(proposal_, options_)) {
        const EpochUnit type_unit = type.is_time_like() ? unit : EpochUnit::none;
        if (profile_.fits(type, type_unit)) {
            return widen(type, type_unit, unit);
        }
    }
    return widen(choose_by_values(), EpochUnit::none, unit);
}

EpochUnit Decision::find_unit() const {
    if (!proposal_.type.is_time_like() || profile_.numbers() == 0) {
        return EpochUnit::none;
    }
    switch (epoch_) {
    case EpochChoice::automatic:
        return profile_.epoch();
    case EpochChoice::unix_time:
        return profile_.number_range().unix_unit();
    case EpochChoice::apple:
        return EpochUnit::apple;
    case EpochChoice::julian:
        return EpochUnit::julian;
    case EpochChoice::none:
        break;
    }
    return EpochUnit::none;
}

TypeChoice Decision::keep(EpochUnit unit) const {
    TypeChoice choice;
    choice.type = proposal_.type;
    choice.epoch = unit;
    if (unit != EpochUnit::none) {
        choice.notes.push_back(epoch_note(column_, unit, profile_));
    }
    return choice;
}

// `unit` is what the numbers count in the new type, `found` what they would count in the proposed
// one, had its texts fitted.
TypeChoice Decision::widen(const Type &type, EpochUnit unit, EpochUnit found) const {
    TypeChoice choice;
    choice.type = type;
    choice.epoch = unit;
    choice.is_widened = true;
    const EpochUnit noted = profile_.numbers_are_times(found) ? found : EpochUnit::none;
    choice.notes.push_back(widened_note(column_, {proposal_.type, type}, noted, profile_, epoch_));
    if (unit != EpochUnit::none) {
        choice.notes.push_back(epoch_note(column_, unit, profile_));
    }
    return choice;
}

TypeChoice Decision::choose_undeclared() const {
    TypeChoice choice;
    choice.type = choose_by_values();
    const bool is_mixed_number =
        profile_.count(StorageClass::text) == 0 && profile_.count(StorageClass::blob) == 0;
    int classes = 0;
    for (const StorageClass storage :
         {StorageClass::integer, StorageClass::real, StorageClass::text, StorageClass::blob}) {
        classes += profile_.count(storage) > 0 ? 1 : 0;
    }
    const bool is_lossy = choice.type.kind == TypeKind::text || choice.type.kind == TypeKind::bytea;
    if (classes > 1 && (is_lossy || !is_mixed_number)) {
        choice.notes.push_back(mixture_note(column_, choice.type, profile_));
    }
    return choice;
}

bool Decision::has_texts() const {
    return profile_.count(StorageClass::text) > profile_.null_texts();
}

Type Decision::choose_by_values() const {
    const bool has_blobs = profile_.count(StorageClass::blob) > 0;
    const bool has_numbers = profile_.numbers() > 0;
    if (!has_blobs && !has_numbers) {
        return make_type(TypeKind::text);
    }
    // NULL texts are NULL in a column of numbers or blobs.
    if (!has_texts() && !has_blobs) {
        if (const std::optional<Type> type = choose_number_type()) {
            return *type;
        }
    }
    const Type text = make_type(TypeKind::text);
    const bool is_text = (has_texts() || has_numbers) && profile_.fits(text);
    return is_text ? text : make_type(TypeKind::bytea);
}

std::optional<Type> Decision::choose_number_type() const {
    const Type bigint = make_type(TypeKind::bigint);
    const Type numeric = make_type(TypeKind::numeric);
    const Type float8 = make_type(TypeKind::float8);
    std::vector<Type> order = {numeric, float8};
    if (profile_.count(StorageClass::real) == 0) {
        order = {bigint, numeric};
    } else if (profile_.count(StorageClass::integer) == 0 || profile_.reals_need_float8()) {
        order = {float8, numeric};
    }
    for (const Type &type : order) {
        if (profile_.fits(type)) {
            return type;
        }
    }
    // Infinity beside integers that no double holds: only their texts can stand together.
    return std::nullopt;
}

std::string suggest_for_text(const ColumnProfile &profile) {
    if (profile.has_only_zero_and_one()) {
        return make_type(TypeKind::boolean).sql();
    }
    if (profile.texts_are_integers()) {
        return make_type(TypeKind::bigint).sql();
    }
    // 32 hexadecimal digits are as well a digest: only the form with dashes says UUID.
    constexpr std::size_t kDashedUuid = 36;
    if (profile.shortest_text() >= kDashedUuid && profile.fits(make_type(TypeKind::uuid))) {
        return make_type(TypeKind::uuid).sql();
    }
    for (const TypeKind kind : {TypeKind::date, TypeKind::timestamptz, TypeKind::timestamp,
                                TypeKind::jsonb, TypeKind::json}) {
        const bool is_json = kind == TypeKind::jsonb || kind == TypeKind::json;
        if ((!is_json || profile.texts_are_containers()) && profile.fits(make_type(kind))) {
            return make_type(kind).sql();
        }
    }
    const Type boolean = make_type(TypeKind::boolean);
    return profile.fits(boolean) ? boolean.sql() : std::string();
}

std::string suggest_for_integers(const ColumnProfile &profile) {
    if (profile.has_only_zero_and_one()) {
        return make_type(TypeKind::boolean).sql();
    }
    const EpochUnit unit = profile.epoch();
    // Whole Julian days of these years are ordinary numbers around 2.5 million.
    const bool is_time = unit != EpochUnit::none && unit != EpochUnit::julian;
    return is_time ? make_type(TypeKind::timestamptz).sql() : std::string();
}

} // namespace

std::vector<Type> candidate_types(const Proposal &proposal, const ImportOptions &options) {
    std::vector<Type> types = {make_type(TypeKind::bigint), make_type(TypeKind::numeric),
                               make_type(TypeKind::float8), make_type(TypeKind::text),
                               make_type(TypeKind::bytea)};
    std::vector<Type> more = family_of(proposal, options);
    if (proposal.type.is_text_like()) {
        const std::vector<Type> suggestible = suggestible_types(options);
        more.insert(more.end(), suggestible.begin(), suggestible.end());
    }
    types.insert(types.end(), more.begin(), more.end());
    std::vector<Type> others;
    for (const Type &type : types) {
        if (type != proposal.type &&
            std::find(others.begin(), others.end(), type) == others.end()) {
            others.push_back(type);
        }
    }
    return others;
}

TypeChoice decide_type(std::string_view column, const Proposal &proposal,
                       const ColumnProfile &profile, const ImportOptions &options,
                       EpochChoice epoch) {
    return Decision(column, proposal, profile, options, epoch).make();
}

std::string suggest_type(const Type &target, const ColumnProfile &profile) {
    const std::int64_t values = profile.rows() - profile.nulls();
    if (values == 0) {
        return "";
    }
    std::string suggestion;
    if (target.is_text_like() && profile.count(StorageClass::text) == values) {
        suggestion = suggest_for_text(profile);
    } else if (target.kind == TypeKind::bigint && profile.count(StorageClass::integer) == values) {
        suggestion = suggest_for_integers(profile);
    }
    return suggestion;
}

} // namespace migrate::core::plan

// One table of options makes a parser: what every function with options shares.
//
//     constexpr OptionRow<ImportOptions> kRows[] = {{{"mode", …}, read_enum<&ImportOptions::mode>},
//     …}; ImportOptions options = parse_options<ImportOptions>(kRows, value);
#pragma once

#include "core/option_reader.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace migrate::core {

template <typename Options>
struct OptionRow {
    OptionDescription description;
    // Reads a value of the caller's into its place; throws Error 22023.
    void (*read)(Options &options, const OptionDescription &row, const OptionValue &value);
};

// The class whose member a pointer to a member names.
template <typename Member>
struct MemberOwner;
template <typename Owner, typename Value>
struct MemberOwner<Value Owner::*> {
    using type = Owner;
};
template <auto Member>
using OwnerOf = typename MemberOwner<decltype(Member)>::type;

// The words of allowed_values stand in the order of the enumerators.
template <auto Member>
void read_enum(OwnerOf<Member> &options, const OptionDescription &row, const OptionValue &value) {
    using Choice = std::remove_reference_t<decltype(options.*Member)>;
    options.*Member = static_cast<Choice>(read_word(row.name, row.allowed_values, value));
}

template <auto Member>
void read_flag(OwnerOf<Member> &options, const OptionDescription &row, const OptionValue &value) {
    options.*Member = read_boolean(row.name, value);
}

template <auto Member>
void read_string(OwnerOf<Member> &options, const OptionDescription &row, const OptionValue &value) {
    options.*Member = read_text(row.name, value);
}

// The error for a name that is in no row.
[[noreturn]] void fail_unknown_option(const std::string &name,
                                      const std::vector<std::string_view> &valid);

template <typename Options>
Options parse_options(std::type_identity_t<std::span<const OptionRow<Options>>> rows,
                      const OptionValue &value) {
    Options parsed;
    if (value.kind == OptionKind::null)
        return parsed;
    if (value.kind != OptionKind::object)
        throw wrong_type("options", "an object", value);
    for (const auto &[name, member] : value.members) {
        const auto row = std::ranges::find_if(
            rows, [&key = name](const auto &each) { return key == each.description.name; });
        if (row == rows.end()) {
            std::vector<std::string_view> valid;
            for (const auto &each : rows)
                valid.emplace_back(each.description.name);
            fail_unknown_option(name, valid);
        }
        row->read(parsed, row->description, member);
    }
    return parsed;
}

// The descriptions alone, in the order of the rows.
template <typename Options, std::size_t size>
constexpr std::array<OptionDescription, size>
descriptions_of(const OptionRow<Options> (&rows)[size]) {
    std::array<OptionDescription, size> descriptions{};
    for (std::size_t i = 0; i < size; ++i)
        descriptions[i] = rows[i].description;
    return descriptions;
}

} // namespace migrate::core

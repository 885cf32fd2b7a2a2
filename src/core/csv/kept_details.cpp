#include "core/csv/kept_details.hpp"

#include "core/csv/csv_options.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// The members that are options of import_csv too.
constexpr std::array<std::string_view, 5> kDialectOptions = {"delimiter", "quote", "escape",
                                                             "newline", "comment"};
constexpr std::array<std::string_view, 3> kFormatOptions = {"date_order", "decimal", "thousands"};

template <std::size_t count>
OptionValue only(const OptionValue &object, const std::array<std::string_view, count> &names) {
    OptionValue part;
    part.kind = OptionKind::object;
    for (const auto &member : object.members)
        if (std::ranges::find(names, member.first) != names.end())
            part.members.push_back(member);
    return part;
}

Dialect read_dialect(const OptionValue &details) {
    const KnownDialect known = parse_csv_options(only(details, kDialectOptions)).dialect;
    Dialect dialect;
    dialect.delimiter = known.delimiter.value_or(dialect.delimiter);
    dialect.quote = known.quote.value_or(dialect.quote);
    if (known.escape && *known.escape != dialect.quote)
        dialect.escape = *known.escape;
    dialect.newline = known.newline.value_or(dialect.newline);
    dialect.comment = known.comment.value_or(dialect.comment);
    return dialect;
}

KeptField read_field(const OptionValue &value) {
    KeptField field;
    if (value.kind != OptionKind::object)
        return field;
    for (const auto &[name, member] : value.members)
        if (name == "column")
            field.column = member.text;
    field.format = parse_csv_options(only(value, kFormatOptions)).format;
    return field;
}

} // namespace

KeptDetails read_details(const OptionValue &details) {
    KeptDetails kept;
    kept.dialect = read_dialect(details);
    const auto fields = std::ranges::find(details.members, "fields",
                                          [](const auto &member) { return member.first; });
    if (fields == details.members.end() || fields->second.kind != OptionKind::array)
        throw Error(sqlstate::kInvalidParameterValue,
                    "the record of the file does not say what its fields are");
    for (const OptionValue &field : fields->second.items)
        kept.fields.push_back(read_field(field));
    return kept;
}

} // namespace migrate::core::csv

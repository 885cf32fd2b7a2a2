// Constants of the source as constants of a PostgreSQL type.
//
//     literal_sql(context, one, make_type(TypeKind::boolean), EpochUnit::none) … TRUE
#pragma once

#include "core/plan/printed_value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace migrate::core::plan {

// The constant as one of `type`, or nothing when the type has no such value. Strings, and numbers
// of a column of text, come as E'…' without a cast. Throws for text that PostgreSQL cannot hold.
std::optional<std::string> literal_sql(const PrintContext &context, const SourceLiteral &literal,
                                       const Type &type, EpochUnit epoch);

// The number that a string is as a whole, as numeric affinity takes it (datatype3, section 3).
std::optional<SourceLiteral> number_from_text(std::string_view text);
// The integer that a number is exactly.
std::optional<std::int64_t> whole_number(const SourceLiteral &literal);
// SQLite's text of a number; throws where 15 digits do not say it.
std::string source_text_of(const SourceLiteral &number);
bool is_number_literal(const SourceLiteral &literal); // integer, real, TRUE, FALSE

// ISO text as a constant of a date or time type; nothing when it is no such text.
std::optional<std::string> time_literal(const PrintContext &context, std::string_view text,
                                        const Type &type);
// The instant that a number counts, as a constant of a date or time type.
std::optional<std::string> epoch_literal(const PrintContext &context, const SourceLiteral &number,
                                         const Type &type, EpochUnit epoch);
// "2021-01-31 12:00:00[.5]" of microseconds since 2000-01-01.
std::string moment_text(std::int64_t micros);

bool is_uuid_text(std::string_view text); // 8-4-4-4-12 hexadecimal digits

} // namespace migrate::core::plan

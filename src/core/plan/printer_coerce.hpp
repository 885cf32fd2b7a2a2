// One printed value as a value of another type, where SQLite would see the same value.
//
//     std::string flag = condition_of(context, value);   // WHERE x → (x <> 0)
#pragma once

#include "core/plan/printed_value.hpp"

#include <span>
#include <string>

namespace migrate::core::plan {

// The SQL as a boolean, as WHERE, CHECK, AND and NOT read a value.
std::string condition_of(const PrintContext &context, const PrintedValue &value);

// A number for arithmetic, as `what` ("operator +") needs: bigint, numeric, float8 or a literal.
PrintedValue number_of(PrintContext &context, const PrintedValue &value, std::string_view what);

// Text as SQLite writes the value. `what` uses it.
std::string text_of(PrintContext &context, const PrintedValue &value, std::string_view what);

// The type that holds all the values (branches of CASE, rows of UNION); throws when they mix what
// no type holds. The result carries type, epoch, may_be_whole and the first collation, no sql.
PrintedValue common_type(std::span<const PrintedValue> values);

// The value with the full type of `type`, one of common_type's.
std::string as_type(PrintContext &context, const PrintedValue &value, const Type &type,
                    EpochUnit epoch);
// With the type it has when nobody asks: literals get a cast.
std::string as_itself(PrintContext &context, const PrintedValue &value);

// As a value of a column (DEFAULT, generated column): what affinity would store there.
std::string as_column_value(PrintContext &context, const PrintedValue &value, const Type &type,
                            EpochUnit epoch);

// timestamp without time zone, as SQLite's naive text shows the value of a date or time column.
std::string timestamp_of(const PrintContext &context, const PrintedValue &value);
// The timestamp as one of a date or time type; `zone` is the SQL of the zone it is in.
std::string from_timestamp(const std::string &timestamp, TypeKind kind, const std::string &zone);

// Throws for x COLLATE c inside a function or ||: SQLite carries it up to the comparison around.
void check_no_collate(const PrintedValue &value);

std::string type_words(const PrintedValue &value); // "bigint", "a string": for problems

} // namespace migrate::core::plan

// The parts of a Plan: what the caller asked for, and the tables, columns and views of the target.
#pragma once

#include "core/import_options.hpp"
#include "core/plan/target_tables.hpp"
#include "core/plan/type_choice.hpp"
#include "core/schema.hpp"
#include "core/type.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace migrate::core::plan {

// What the caller asked for.
struct PlanRequest {
    std::string target_schema;
    std::vector<std::string> tables;  // patterns; empty: all
    std::vector<std::string> exclude; // patterns
    ImportOptions options;
    // Column types that option "types" names, as PostgreSQL resolved them: the SQL of
    // format_type, by the text the caller wrote. Built-in types that types.md knows become their
    // TypeKind (parse_target_type), all others are kind `other`.
    std::vector<std::pair<std::string, std::string>> resolved_types;
    std::string citext_schema; // quoted; empty when citext is not installed
    bool is_utf8_server = true;
    bool is_utf8_checked = true; // false on SQL_ASCII
};

// "character varying(20)" → varchar(20), "bigint" → bigint; anything unknown → other.
Type parse_target_type(std::string_view formatted);

struct ColumnPlan {
    int source = -1; // index into Table::columns
    std::string name;
    std::string name_note; // why the name changed, "" when only folded or not at all
    Type type;
    EpochUnit epoch = EpochUnit::none;
    EpochChoice epoch_choice = EpochChoice::automatic; // option "epoch" for this column
    Proposal proposal;
    bool is_overridden = false; // option "types" named the type
    bool is_not_null = false;
    bool is_identity = false;
    bool is_key = false; // in the primary key; of an existing table, in the key of its rows
    const TargetColumn *target = nullptr; // the column that is there, in mode append
};

// A column of the source that no column of the target takes.
struct LeftOutColumn {
    int source = -1;
    std::string reason;
};

// What is known of a table's data after it was profiled or loaded.
struct TableFacts {
    bool is_known = false;
    std::int64_t rows = 0;
    std::vector<std::int64_t> nulls; // a plan column each
    std::vector<std::optional<std::int64_t>> max_integers;
};

struct TablePlan {
    const Table *source = nullptr;
    std::string name;
    std::string name_note;
    std::vector<ColumnPlan> columns; // readable columns only
    TableFacts facts;
    std::vector<std::string> type_notes; // from the last decide()
    bool is_decided = false;             // from a profile

    // Of a table that is there before (modes append and truncate).
    const TargetTable *target = nullptr;
    std::vector<LeftOutColumn> left_out;
    std::vector<std::string> conflict_key; // target columns; empty without on_conflict
};

struct ViewPlan {
    const View *source = nullptr;
    std::string name;
    std::string name_note;
};

// SQLite keeps NULL out of the column: NOT NULL, the rowid alias, a key WITHOUT ROWID.
bool is_never_null(const Table &table, int column);

// The unit that the choice alone names; none where the column's numbers have to tell it.
EpochUnit known_unit(EpochChoice choice) noexcept;

} // namespace migrate::core::plan

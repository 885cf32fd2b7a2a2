// The SQL of a plan and the fate of every object of the source: a pure function of the Plan.
//
//     Script script = write_script(plan);
//
// Statements come in the order of their phases; each is one statement for one call. Every
// identifier is quoted, every expression printed from its tree.
#pragma once

#include "core/plan/plan.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::plan {

// In the order in which they run.
enum class Phase : unsigned char {
    schema,
    table,
    data,
    key,
    index,
    foreign_key,
    check,
    sequence,
    view,
    policy,
    comment,
    analyze,
};
std::string_view phase_name(Phase phase) noexcept;

enum class Fate : unsigned char { imported, adapted, skipped };
std::string_view fate_name(Fate fate) noexcept;

// One object of the source and what became of it.
struct ObjectRecord {
    std::string object_type; // table, column, primary key, unique, index, foreign key, check,
                             // default, generated column, sequence, view, trigger, virtual table,
                             // shadow table
    std::string source_name; // item, item.price, item.item_price_check
    std::string target_name; // "" when skipped
    Fate status = Fate::imported;
    std::string reason;     // "" when imported as it was
    std::string source_sql; // the original text, "" when there is none of its own
};

struct Statement {
    Phase phase = Phase::table;
    int table = -1;     // index into Plan::tables, -1 for none
    int record = -1;    // index into Script::records, -1 for none
    std::string object; // the target's name for people: shop.orders, shop.orders.orders_pkey
    std::string sql;    // "" in phase data, and where only the probe decides (see below)
    std::string note;

    // A statement that the data can break (SQLSTATE classes 22, 23, 42 and 0A): instead of it
    // `fallback_sql` runs (nothing when empty), and the record becomes adapted (skipped when there
    // is no fallback_sql) with `fallback_note`. `probe_sql` then tells how many rows and which: one
    // row (count bigint, up to ten keys as text). When `sql` is empty the probe is run first, and
    // the fallback only when its count is not 0 or it fails. A fallback may fail too (a foreign key
    // whose parent key fell back: 42830): then the record becomes skipped with the server's words.
    bool can_fail = false;
    std::string fallback_sql;
    std::string fallback_note;
    std::string probe_sql;
    bool is_foreign_key = false; // its failure is an orphan (option "orphans")
    bool is_required = false;    // its failure is an error, with what the probe tells
};

struct Script {
    std::vector<Statement> statements;
    std::vector<ObjectRecord> records;
    // The notes of each table, by Plan::tables: names, types, what was left off.
    std::vector<std::vector<std::string>> table_notes;
    bool is_folded = false; // folding changed a name: the NOTICE about `preserve`
};

// Sequences restart at greatest(1, max(sqlite_sequence, max(id)) + 1) from the plan's facts, so
// the script is complete only when all facts are known; before that it is good up to phase data.
Script write_script(const Plan &plan);

// "schema"."table" with quotes only where needed, for people.
std::string display_name(std::string_view schema, std::string_view relation);

// Notes about the load of one table: values rounded, nulled, replaced, NULL texts, rejects.
std::vector<std::string> load_notes(const TablePlan &table,
                                    const std::vector<ColumnStatistics> &statistics,
                                    std::int64_t rejected);

} // namespace migrate::core::plan

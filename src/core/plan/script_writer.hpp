// The writer behind write_script: private to core/plan/script*.cpp, a file a phase.
#pragma once

#include "core/plan/expression_printer.hpp"
#include "core/plan/load_strategy.hpp"
#include "core/plan/naming.hpp"
#include "core/plan/plan.hpp"
#include "core/plan/script.hpp"
#include "core/plan/script_parts.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::plan {

class ScriptWriter {
  public:
    explicit ScriptWriter(const Plan &plan);
    Script write();
    // For tables that are there before: what surrounds their rows.
    Script write_append();

  private:
    // script_writer.cpp: what all phases use.
    const TablePlan &planned(std::size_t table) const { return plan_.tables()[table]; }
    void write_analyze(std::size_t table);
    const Column &source_column(std::size_t table, std::size_t column) const;
    const ImportOptions &options() const noexcept { return plan_.options(); }
    std::string type_sql(const Type &type) const;
    std::string column_list(std::size_t table, const std::vector<std::size_t> &columns) const;
    std::string display_of(std::size_t table, std::string_view object) const;
    Statement &add_statement(Phase phase, std::size_t table, std::string_view object);
    int add_record(std::size_t table, TableObject object, std::string reason);
    int add_skipped(std::size_t table, TableObject object, std::string reason);
    int push_record(std::size_t table, TableObject object, Fate fate, std::string reason);
    void add_note(std::size_t table, std::string note);
    std::string row_key(std::size_t table, std::string_view alias) const;

    // script_tables.cpp
    void write_schema();
    void write_table(std::size_t table);
    void bind_columns(std::size_t table);
    void record_table(std::size_t table);
    void record_column(std::size_t table, std::size_t column);
    std::string column_sql(std::size_t table, std::size_t column);
    std::string identity_sql(std::size_t table, std::size_t column);
    std::string default_sql(std::size_t table, std::size_t column);
    void write_data(std::size_t table);

    // script_keys.cpp, script_indexes.cpp
    void write_keys(std::size_t table);
    void write_primary_key(std::size_t table);
    void write_unique(std::size_t table, const Index &index);
    void write_lower_index(std::size_t table, const KeyTerms &key, std::string_view name,
                           int record);
    std::string made_key_name(std::size_t table, const KeyTerms &key, std::string_view label) const;
    std::string key_name(const std::string &source_name, const std::string &made);
    KeyTerms key_terms(std::size_t table, const std::vector<KeyColumn> &columns) const;
    void add_column_term(std::size_t table, const KeyColumn &column, KeyTerms &key) const;
    void add_expression_term(std::size_t table, const KeyColumn &column, KeyTerms &key) const;
    void add_unique_fallback(Statement &statement, std::size_t table, const KeyTerms &key,
                             std::string_view name, std::string_view predicate) const;
    void write_indexes(std::size_t table);
    void write_index(std::size_t table, std::size_t index);

    // script_foreign_keys.cpp
    void write_foreign_key(std::size_t table, const ForeignKey &given);
    std::string why_no_foreign_key(std::size_t table, const ForeignKey &key,
                                   const ResolvedKey &resolved) const;
    std::string foreign_key_name(std::size_t table, const ForeignKey &key,
                                 const ResolvedKey &resolved);
    std::string fit_actions(std::size_t table, ForeignKey &key) const;
    std::string set_list(std::size_t table, const ForeignKey &key) const;
    std::string orphan_probe(std::size_t table, const ResolvedKey &key) const;

    // script_checks.cpp
    void write_check(std::size_t table, const Check &check);
    void write_generated_probe(std::size_t table, std::size_t column);
    void write_sequence(std::size_t table);
    std::string sequence_start_sql(std::size_t table, const std::string &column, std::int64_t value,
                                   bool is_called) const;

    // script_append.cpp
    void write_truncate();
    void write_triggers(std::size_t table);
    void write_deferral(const LateKey &late);
    void write_late_check(const LateKey &late);
    void write_deferred_again(std::size_t table);
    void write_target_sequences(std::size_t table);
    void record_target(std::size_t table);
    void record_target_views();
    std::string constraint_sql(const std::string &name) const;
    std::string target_orphan_probe(std::size_t table, const TargetForeignKey &key) const;

    // script_views.cpp
    void write_views();
    void write_view(const ViewPlan &view, std::vector<BoundRelation> &relations);
    void record_left_out_views();

    // script_tenants.cpp
    int tenant_of(std::size_t table) const;
    std::string colocation_of(std::size_t table, const ColumnPlan &tenant) const;
    void write_distribution(std::size_t table);
    void write_policy(std::size_t table);

    // script_records.cpp: what is not imported.
    void record_other_tables();
    void record_excluded_objects(const Table &table, const std::string &reason);
    void record_triggers();
    void push_loose(std::string type, std::string name, std::string reason, std::string sql);

    const Plan &plan_;
    PrintOptions print_options_;
    Namer relations_;
    std::vector<TableState> states_;
    Script script_;
};

} // namespace migrate::core::plan

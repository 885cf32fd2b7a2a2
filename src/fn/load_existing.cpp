// Fills tables that are there before: what comes before their rows, the rows in the order of the
// target's foreign keys, and what comes after them. The statements are the plan's
// (core/plan/script_append), the rows take the way of any import.
#include "fn/import_run.hpp"

#include "pg/citus.hpp"
#include "pg/error_bridge.hpp"
#include "pg/shard_constraints.hpp"
#include "pg/subtransaction.hpp"

#include <algorithm>

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using core::plan::Phase;
using core::plan::Statement;
using pg::call_core;

constexpr char kWideRowHint[] = "Leave the table out with argument \"exclude\".";

// --- one table ----------------------------------------------------------------------------------

void describe_table(ImportRun *run, std::size_t table) {
    const core::plan::TablePlan &plan = run->call->state->plan->tables()[table];
    TableResult &result = run->state->tables[table];
    const char *source_name = pg::server_text(plan.source->name.c_str());
    result.relation = plan.target->oid;
    call_core([&] {
        for (const auto &column : plan.columns) {
            result.kinds.push_back(column.type.kind);
            result.names.push_back(column.name.c_str());
        }
        result.source_name = source_name;
        result.display_name =
            core::plan::display_name(run->call->state->request.target_schema, plan.name);
    });
}

// The types and the key of the table at hand, in lists that its writer points to.
void prepare_lists(ImportRun *run, std::size_t table) {
    const core::plan::TablePlan &plan = run->call->state->plan->tables()[table];
    ImportState *state = run->state;
    call_core([&] {
        state->types.clear();
        state->type_names.clear();
        state->key.clear();
        for (const auto &column : plan.columns) {
            state->types.push_back(column.target->type_oid);
            state->type_names.push_back(column.target->type_sql.c_str());
        }
        for (const std::string &column : plan.conflict_key)
            state->key.push_back(column.c_str());
    });
    run->inputs =
        pg::make_input_columns(run->state->tables[table].kinds.data(), state->type_names.data(),
                               static_cast<int>(state->type_names.size()));
}

pg::WriterTarget writer_target(const ImportRun *run, std::size_t table) {
    const core::ImportOptions &options = run->call->state->options;
    const TableResult &result = run->state->tables[table];
    pg::WriterTarget target = {};
    target.relation = result.relation;
    target.origin = {"SQLite table", result.source_name.c_str(), "row", kWideRowHint};
    target.kinds = result.kinds.data();
    target.names = result.names.data();
    target.columns = static_cast<int>(result.kinds.size());
    target.types = run->state->types.data();
    target.reads_as_caller = true;
    target.caller_settings = run->call->caller_settings;
    target.is_created = false;
    target.is_guarded = options.on_type_mismatch == core::TypeMismatch::reject;
    target.is_one_statement = run->state->strategy.tables[table].is_one_statement;
    target.on_conflict = static_cast<pg::Conflict>(options.on_conflict);
    target.key = run->state->key.data();
    target.key_columns = static_cast<int>(run->state->key.size());
    return target;
}

// SQLite itself keeps the values of a rowid alias apart; other keys may become the same by the
// conversion, or were never one.
bool may_repeat(const core::plan::TablePlan &plan) {
    if (plan.conflict_key.size() != 1)
        return !plan.conflict_key.empty();
    return std::none_of(plan.columns.begin(), plan.columns.end(), [&](const auto &column) {
        return column.name == plan.conflict_key.front() &&
               column.source == plan.source->rowid_alias &&
               column.type.kind == core::TypeKind::bigint;
    });
}

void load_table(ImportRun *run, std::size_t table) {
    prepare_lists(run, table);
    const pg::WriterTarget target = writer_target(run, table);
    run->keys = nullptr;
    if (may_repeat(run->call->state->plan->tables()[table]))
        find_repeated_keys(run, table, target);
    // Always true: what is there before is not planned again.
    (void)load_rows(run, table, target);
    if (run->keys != nullptr)
        pg::close_key_store(run->keys);
    run->keys = nullptr;
}

// The columns of foreign keys that could not be deferred, now that all rows are there.
void load_late_columns(ImportRun *run, std::size_t table) {
    const core::plan::TablePlan &plan = run->call->state->plan->tables()[table];
    ImportState *state = run->state;
    const std::vector<std::size_t> &late = state->strategy.tables[table].late_columns;
    if (late.empty())
        return;
    prepare_lists(run, table);
    call_core([&] {
        for (const auto &column : plan.columns)
            if (column.is_key)
                state->key.push_back(column.name.c_str());
        state->late.clear();
        for (const std::size_t column : late)
            state->late.push_back(plan.columns[column].name.c_str());
    });
    pg::WriterTarget target = writer_target(run, table);
    target.is_guarded = target.is_one_statement = false;
    target.updated = state->late.data();
    target.updated_columns = static_cast<int>(state->late.size());
    fill_late_columns(run, table, target);
}

// --- what surrounds the rows --------------------------------------------------------------------

// A user's deferred trigger runs under the caller's settings.
void run_statement(void *argument) {
    const auto *statement = static_cast<const Statement *>(argument);
    pg::run_definition(statement->sql.c_str(), statement->phase);
}

struct Probe {
    const char *sql;
    pg::ProbeResult result;
};

void run_probe(void *argument) {
    auto *probe = static_cast<Probe *>(argument);
    probe->result = pg::run_probe(probe->sql);
}

// The check of a deferred constraint, with the rows that break it named.
void check_deferred(ImportRun *run, Statement *statement) {
    const int level = pg::push_caller_settings(run->call->caller_settings);
    ErrorData *error =
        pg::try_in_subtransaction(run_statement, statement, pg::kDataErrors | pg::kTriggerErrors);
    pg::pop_settings(level);
    if (error == nullptr)
        return;
    Probe probe = {statement->probe_sql.c_str(), {-1, ""}};
    if (statement->is_foreign_key)
        (void)pg::try_in_subtransaction(run_probe, &probe, pg::kDataErrors | pg::kDefinitionErrors);
    if (probe.result.count > 0)
        refuse_orphans(*statement, probe.result);
    ThrowErrorData(error);
}

// A role that may fill a table need not be one that may move its sequence.
void move_sequence(ImportRun *run, Statement *statement) {
    const ErrorData *error = pg::try_in_subtransaction(run_statement, statement, pg::kScriptErrors);
    if (error == nullptr)
        return;
    const char *words = pg::utf8_text(error->message);
    call_core([&] {
        run->state->tables[static_cast<std::size_t>(statement->table)].finish_notes.push_back(
            "sequence of column " + statement->object + " was not moved: " + words);
    });
}

// Citus refuses ANALYZE in a transaction that ran a statement on placements of its own node.
bool leaves_unanalyzed(ImportRun *run, const Statement &statement) {
    if (statement.phase != Phase::analyze)
        return false;
    TableResult *result = &run->state->tables[static_cast<std::size_t>(statement.table)];
    if (!pg::is_distributed(result->relation))
        return false;
    call_core([&] {
        result->finish_notes.emplace_back(
            "not analyzed, as Citus cannot in the transaction that fills it");
    });
    return true;
}

void run_after(ImportRun *run, Statement *statement) {
    if (statement->sql.empty() || leaves_unanalyzed(run, *statement))
        return;
    if (statement->phase == Phase::foreign_key)
        check_deferred(run, statement);
    else if (statement->phase != Phase::sequence)
        run_statement(statement);
    // setval is not undone with the rest of a dry run.
    else if (!run->call->state->options.dry_run)
        move_sequence(run, statement);
}

} // namespace

pg::WriterTarget describe_existing(ImportRun *run, std::size_t table) {
    if (run->state->strategy.tables.empty())
        call_core(
            [&] { run->state->strategy = core::plan::load_strategy(*run->call->state->plan); });
    describe_table(run, table);
    prepare_lists(run, table);
    return writer_target(run, table);
}

void load_existing(ImportRun *run) {
    SqliteState *state = run->call->state;
    const std::size_t count = run->state->tables.size();
    call_core([&] { run->state->strategy = core::plan::load_strategy(*state->plan); });
    for (Statement &statement : state->script.statements)
        if (statement.phase == Phase::table)
            run_statement(&statement);
    for (std::size_t table = 0; table < count; table++)
        describe_table(run, table);
    for (std::size_t table = 0; table < count; table++)
        load_table(run, table);
    for (std::size_t table = 0; table < count; table++)
        load_late_columns(run, table);
}

void finish_existing(ImportRun *run) {
    const std::size_t count = run->state->tables.size();
    auto *relations = static_cast<Oid *>(palloc(sizeof(Oid) * (count + 1)));
    for (std::size_t table = 0; table < count; table++)
        relations[table] = run->state->tables[table].relation;
    pg::check_shard_constraints(relations, static_cast<int>(count));
    for (Statement &statement : run->call->state->script.statements) {
        CHECK_FOR_INTERRUPTS();
        if (statement.phase > Phase::data)
            run_after(run, &statement);
    }
}

} // namespace migrate::fn

#include "fn/verify_tables.hpp"

#include "core/note_lines.hpp"
#include "core/plan/column_overrides.hpp"
#include "core/plan/expression_printer.hpp"
#include "core/plan/naming.hpp"
#include "fn/verify_pass.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/settings.hpp"
#include "pg/target_schema.hpp"

#include <algorithm>
#include <utility>

#include "pg/postgres.hpp"

extern "C" {
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_class_d.h"
#include "mb/pg_wchar.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
}

namespace migrate::fn {
namespace {

using core::add_line;
using core::Type;
using core::TypeKind;
using core::verify::VerifyColumn;
using pg::call_core;

// A column's type as the target's catalog has it, in the words of core.
struct ActualType {
    TypeKind kind;
    int32 length; // varchar(n), numeric(p,s): p
    int32 scale;
    bool is_float4;
    bool is_blank_padded;
};

// numeric's modifier holds the precision and, in eleven bits with sign, the scale.
ActualType actual_numeric(int32 typmod) {
    if (typmod < VARHDRSZ)
        return {TypeKind::numeric, -1, 0, false, false};
    const int32 modifier = typmod - VARHDRSZ;
    const int32 scale = ((modifier & 0x7ff) ^ 0x400) - 0x400;
    return {TypeKind::numeric, (modifier >> 16) & 0xffff, scale, false, false};
}

ActualType actual_type(Oid type, int32 typmod) {
    const int32 length = typmod >= VARHDRSZ ? typmod - VARHDRSZ : -1;
    switch (type) {
    case BOOLOID:
        return {TypeKind::boolean, -1, 0, false, false};
    case INT2OID:
    case INT4OID:
    case INT8OID:
        return {TypeKind::bigint, -1, 0, false, false};
    case FLOAT4OID:
        return {TypeKind::float8, -1, 0, true, false};
    case FLOAT8OID:
        return {TypeKind::float8, -1, 0, false, false};
    case NUMERICOID:
        return actual_numeric(typmod);
    case TEXTOID:
    case NAMEOID:
        return {TypeKind::text, -1, 0, false, false};
    case VARCHAROID:
        return {TypeKind::varchar, length, 0, false, false};
    case BPCHAROID:
        return {TypeKind::varchar, length, 0, false, true};
    case BYTEAOID:
        return {TypeKind::bytea, -1, 0, false, false};
    case DATEOID:
        return {TypeKind::date, -1, 0, false, false};
    case TIMEOID:
        return {TypeKind::time, typmod, 0, false, false};
    case TIMESTAMPOID:
        return {TypeKind::timestamp, typmod, 0, false, false};
    case TIMESTAMPTZOID:
        return {TypeKind::timestamptz, typmod, 0, false, false};
    case JSONOID:
        return {TypeKind::json, -1, 0, false, false};
    case JSONBOID:
        return {TypeKind::jsonb, -1, 0, false, false};
    case UUIDOID:
        return {TypeKind::uuid, -1, 0, false, false};
    default:
        break;
    }
    const char *name = get_typ_typrelid(type) == InvalidOid ? format_type_be(type) : "";
    const char *base = strrchr(name, '.');
    bool is_citext = strcmp(base != nullptr ? base + 1 : name, "citext") == 0;
    return {is_citext ? TypeKind::citext : TypeKind::other, -1, 0, false, false};
}

int find_attribute(TupleDesc descriptor, const char *name) {
    for (int i = 0; i < descriptor->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
        if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0)
            return i;
    }
    return -1;
}

// What a column's numbers count, found anew from the file; only for a column of times.
core::EpochUnit find_epoch(SqliteCall *call, std::size_t table, const VerifyColumn &column,
                           int source_column) {
    if (column.type.kind != TypeKind::date && column.type.kind != TypeKind::timestamp &&
        column.type.kind != TypeKind::timestamptz)
        return core::EpochUnit::none;
    const core::ImportOptions &options = call->state->options;
    const core::Table &source = *call->state->plan->tables()[table].source;
    const core::EpochChoice *given =
        core::plan::find_column_rule(options.epochs, source.name, column.source_name);
    switch (given != nullptr ? *given : options.epoch) {
    case core::EpochChoice::none:
        return core::EpochUnit::none;
    case core::EpochChoice::apple:
        return core::EpochUnit::apple;
    case core::EpochChoice::julian:
        return core::EpochUnit::julian;
    case core::EpochChoice::automatic:
    case core::EpochChoice::unix_time:
        break;
    }
    auto range = call->state->source->number_range(source, source_column);
    return range ? core::verify::unit_of_range(range->first, range->second) : core::EpochUnit::none;
}

VerifyColumn make_column(SqliteCall *call, std::size_t table, std::size_t index,
                         const ActualType &actual) {
    const core::ImportOptions &options = call->state->options;
    const core::plan::TablePlan &plan = call->state->plan->tables()[table];
    const core::plan::ColumnPlan &planned = plan.columns[index];
    VerifyColumn column;
    column.source_name = plan.source->columns[static_cast<std::size_t>(planned.source)].name;
    column.target_name = planned.name;
    column.type.kind = actual.kind;
    column.type.length = actual.length;
    column.type.scale = actual.scale;
    column.is_float4 = actual.is_float4;
    column.is_blank_padded = actual.is_blank_padded;
    column.on_mismatch = options.on_type_mismatch;
    column.invalid_text = options.invalid_text;
    column.null_texts = options.null_texts;
    column.is_key = planned.is_key;
    column.takes_number_text = planned.is_overridden;
    column.is_utf8_checked = call->state->request.is_utf8_checked;
    column.epoch = find_epoch(call, table, column, planned.source);
    if (planned.target != nullptr) {
        column.min_integer = planned.target->min_integer;
        column.max_integer = planned.target->max_integer;
        column.is_array = planned.target->is_array;
        column.is_json_array = planned.target->is_json_array;
        column.refuses_numbers = planned.target->refuses_numbers;
        if (column.on_mismatch == core::TypeMismatch::widen)
            column.on_mismatch = core::TypeMismatch::error;
    }
    return column;
}

// Describes the target's columns as they are now; the name of a missing one, or NULL.
const char *describe_columns(SqliteCall *call, std::size_t table, Oid relation_oid,
                             VerifyState *state) {
    Relation relation = table_open(relation_oid, AccessShareLock);
    TupleDesc descriptor = RelationGetDescr(relation);
    const auto &columns = call->state->plan->tables()[table].columns;
    const char *missing = nullptr;
    for (std::size_t i = 0; i < columns.size() && missing == nullptr; i++) {
        int attribute = find_attribute(descriptor, pg::server_text(columns[i].name.c_str()));
        if (attribute < 0) {
            missing = columns[i].name.c_str();
            break;
        }
        Form_pg_attribute form = TupleDescAttr(descriptor, attribute);
        int32 typmod = form->atttypmod;
        const Oid base = getBaseTypeAndTypmod(form->atttypid, &typmod);
        ActualType actual = actual_type(base, typmod);
        call_core([&] { state->columns.push_back(make_column(call, table, i, actual)); });
    }
    table_close(relation, NoLock);
    return missing;
}

void prepare_rows(SqliteCall *call, std::size_t table, VerifyState *state) {
    const core::plan::TablePlan &plan = call->state->plan->tables()[table];
    std::vector<bool> is_key;
    for (const VerifyColumn &column : state->columns) {
        is_key.push_back(column.is_key);
        state->query += state->query.empty() ? "SELECT " : ", ";
        state->query += core::plan::quote_identifier(column.target_name);
    }
    state->query += state->query.empty() ? "SELECT FROM " : " FROM ";
    state->query += core::plan::quote_identifier(call->state->request.target_schema) + "." +
                    core::plan::quote_identifier(plan.name);
    state->agreed.resize(state->columns.size());
    const core::ImportOptions &options = call->state->options;
    state->is_subset = options.is_subset.value_or(options.mode == core::Mode::append);
    state->row.emplace(std::move(is_key));
}

void begin_difference(VerifyState *state) {
    std::vector<std::string> names;
    for (const VerifyColumn &column : state->columns)
        names.push_back(column.target_name);
    state->difference.emplace(std::move(names),
                              core::verify::TableDigest::differing(state->source, state->target));
}

// "1 value is NULL as agreed", "2 values are NULL as agreed"; nothing for none.
void add_count(std::string &detail, const std::string &place, std::int64_t count, const char *one,
               const char *many) {
    if (count > 0)
        add_line(detail, place + std::to_string(count) + (count == 1 ? one : many));
}

void add_rounded(std::string &detail, const std::string &place, std::int64_t count,
                 const Type &type) {
    const bool has_digits = type.length >= 0 && type.length < 6;
    const std::string unit =
        has_digits ? std::to_string(type.length) + " digits of a second" : "microseconds";
    add_count(detail, place, count, (" time is rounded to " + unit).c_str(),
              (" times are rounded to " + unit).c_str());
}

void describe_agreed(const VerifyState &state, TableVerdict *verdict) {
    add_count(verdict->detail, "", state.others, " other row in the target",
              " other rows in the target");
    add_count(verdict->detail, "", state.rejected, " source row was rejected as the run agreed",
              " source rows were rejected as the run agreed");
    for (std::size_t i = 0; i < state.columns.size(); i++) {
        const AgreedCounts &agreed = state.agreed[i];
        const std::string column =
            "column \"" + core::plan::replace_controls(state.columns[i].source_name) + "\": ";
        add_count(verdict->detail, column, agreed.nulled, " value is NULL as agreed",
                  " values are NULL as agreed");
        add_rounded(verdict->detail, column, agreed.rounded, state.columns[i].type);
        add_count(verdict->detail, column, agreed.replaced,
                  " text has replaced characters as agreed",
                  " texts have replaced characters as agreed");
    }
}

void set_verdict(const VerifyState &state, TableVerdict *verdict) {
    verdict->source_rows = state.source.rows() + state.rejected;
    verdict->target_rows = state.target.rows();
    verdict->source_digest = state.source.text();
    verdict->target_digest = state.target.text();
    verdict->matches =
        state.source.rows() == state.target.rows() && state.source.total() == state.target.total();
}

void set_detail(const VerifyState &state, TableVerdict *verdict) {
    if (state.difference)
        verdict->detail = state.difference->describe();
    describe_agreed(state, verdict);
}

// Each type's own input function, whatever core knows of it: what it prints is what counts.
pg::InputColumn *input_columns(const core::plan::TablePlan &plan) {
    const std::size_t count = plan.columns.size();
    auto *kinds = static_cast<TypeKind *>(palloc(sizeof(TypeKind) * (count + 1)));
    auto **types = static_cast<const char **>(palloc(sizeof(char *) * (count + 1)));
    for (std::size_t i = 0; i < count; i++) {
        kinds[i] = TypeKind::other;
        types[i] = plan.columns[i].target->type_sql.c_str();
    }
    return pg::make_input_columns(kinds, types, static_cast<int>(count));
}

// The source has rows, and nothing is there to compare them with.
void refuse(SqliteCall *call, std::size_t table, TableVerdict *verdict, const char *what) {
    SqliteState *state = call->state;
    call_core([&] {
        const core::Table &source = *state->plan->tables()[table].source;
        verdict->source_rows = state->source->count_rows(source);
        verdict->detail = what;
    });
}

} // namespace

namespace {

void compare_rows(SqliteCall *call, std::size_t table, VerifyState *state, TableVerdict *verdict) {
    call_core([&] { prepare_rows(call, table, state); });
    read_both(call, table, state);
    call_core([&] { set_verdict(*state, verdict); });
    if (!verdict->matches) {
        call_core([&] { begin_difference(state); });
        read_both(call, table, state);
    }
    call_core([&] { set_detail(*state, verdict); });
}

} // namespace

void verify_table(SqliteCall *call, std::size_t table, TableVerdict *verdict) {
    const core::plan::TablePlan &plan = call->state->plan->tables()[table];
    call_core([&] {
        verdict->display_name =
            core::plan::display_name(call->state->request.target_schema, plan.name);
    });
    Oid relation = pg::find_relation(pg::find_schema(call->schema), plan.name.c_str());
    if (!OidIsValid(relation))
        return refuse(call, table, verdict, "the table does not exist in the target");
    // Reading a view runs its functions with the caller's rights, whoever made it (hazards, 3).
    if (get_rel_relkind(relation) == RELKIND_VIEW)
        return refuse(call, table, verdict, "it is a view in the target, not a table");
    // The digests of a table go with it: a file may have thousands.
    MemoryContext memory =
        AllocSetContextCreate(call->memory, "migrate verify table", ALLOCSET_SMALL_SIZES);
    auto *state = pg::own<VerifyState>(memory, [] { return std::make_unique<VerifyState>(); });
    const char *missing = describe_columns(call, table, relation, state);
    if (plan.target != nullptr && missing == nullptr)
        state->inputs = input_columns(plan);
    if (missing == nullptr)
        compare_rows(call, table, state, verdict);
    else
        refuse(call, table, verdict, psprintf("the target has no column \"%s\"", missing));
    MemoryContextDelete(memory);
}

void check_digests(SqliteCall *call) {
    // The caller's snapshot is older than the rows that this call has loaded.
    CommandCounterIncrement();
    PushActiveSnapshot(GetTransactionSnapshot());
    for (std::size_t table = 0; table < call->state->plan->tables().size(); table++) {
        auto *verdict =
            pg::own<TableVerdict>(call->memory, [] { return std::make_unique<TableVerdict>(); });
        verify_table(call, table, verdict);
        if (verdict->matches)
            continue;
        ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
                        errmsg("table %s does not hold what the file holds",
                               pg::server_text(verdict->display_name.c_str())),
                        errdetail("%s", pg::server_text(verdict->detail.c_str()))));
    }
    PopActiveSnapshot();
}

} // namespace migrate::fn

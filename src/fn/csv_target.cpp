// The tables that the files of a call go into: named by the caller, or after each file.
#include "fn/csv_call.hpp"

#include "core/csv/file_list.hpp"
#include "core/plan/naming.hpp"
#include "core/plan/script.hpp"
#include "pg/csv_column.hpp"
#include "pg/error_bridge.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class_d.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"
}

namespace migrate::fn {
namespace {

using pg::call_core;

// Where a table is, or is to be made, by a name as SQL has it; under the caller's search_path.
struct Place {
    const char *schema; // server encoding
    const char *name;
    Oid relation;
};

const char *creation_schema() {
    List *path = fetch_search_path(false);
    const char *schema = path != NIL ? get_namespace_name(linitial_oid(path)) : nullptr;
    if (schema == nullptr)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
                        errmsg("no schema has been selected to import into"),
                        errhint("Name one in argument \"target\".")));
    return schema;
}

Place find_place(const char *schema, const char *name) {
    if (schema != nullptr) {
        Oid space = get_namespace_oid(schema, true);
        Oid relation = OidIsValid(space) ? get_relname_relid(name, space) : InvalidOid;
        return {schema, name, relation};
    }
    Oid relation = RelnameGetRelid(name);
    if (OidIsValid(relation))
        return {get_namespace_name(get_rel_namespace(relation)), name, relation};
    return {creation_schema(), name, InvalidOid};
}

Place parse_target(const char *target) {
    List *names = textToQualifiedNameList(cstring_to_text(target));
    if (list_length(names) > 2)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for argument \"target\": \"%s\"", target),
                        errhint("Write table or schema.table, names with dots in double quotes.")));
    if (list_length(names) == 1)
        return find_place(nullptr, strVal(linitial(names)));
    return find_place(strVal(linitial(names)), strVal(lsecond(names)));
}

CsvTable *add_table(CsvCall *call, const Place &place) {
    const char *schema = pg::utf8_text(place.schema);
    const char *name = pg::utf8_text(place.name);
    CsvState *state = call->state;
    return call_core([&] {
        for (CsvTable &table : state->tables)
            if (table.schema == schema && table.name == name)
                return &table;
        CsvTable &table = state->tables.emplace_back();
        table.schema = schema;
        table.name = name;
        table.display_name = core::plan::display_name(table.schema, table.name);
        table.relation = place.relation;
        return &table;
    });
}

void add_file(CsvTable *table, const std::string &path) {
    call_core([&] { table->files.emplace_back().path = path; });
}

// A table named after the file, as option "identifiers" folds it.
Place place_of_file(CsvCall *call, const std::string &path) {
    call_core([&] {
        call->state->text =
            core::plan::clean_name(core::csv::file_stem(path), call->state->options.identifiers);
    });
    return find_place(nullptr, pg::server_text(call->state->text.c_str()));
}

void check_kind(Relation relation) {
    switch (relation->rd_rel->relkind) {
    case RELKIND_RELATION:
    case RELKIND_PARTITIONED_TABLE:
    case RELKIND_VIEW:
    case RELKIND_FOREIGN_TABLE:
        return;
    default:
        ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
                        errmsg("\"%s\" is not a table", RelationGetRelationName(relation))));
    }
}

} // namespace

void find_targets(CsvCall *call) {
    CsvState *state = call->state;
    const int level = pg::push_caller_settings(call->caller_settings);
    Place place = {};
    if (call->target != nullptr)
        place = parse_target(call->target);
    for (const std::string &path : state->texts) {
        if (call->target == nullptr)
            place = place_of_file(call, path);
        add_file(add_table(call, place), path);
    }
    pg::pop_settings(level);
}

void read_target_columns(CsvTable *table) {
    Relation relation = table_open(table->relation, AccessShareLock);
    check_kind(relation);
    call_core([&] {
        table->columns.columns.clear();
        table->columns.is_existing = true;
    });
    TupleDesc descriptor = RelationGetDescr(relation);
    for (int i = 0; i < descriptor->natts; i++)
        if (!TupleDescAttr(descriptor, i)->attisdropped)
            pg::add_csv_column(&table->columns, TupleDescAttr(descriptor, i));
    table_close(relation, NoLock);
}

} // namespace migrate::fn

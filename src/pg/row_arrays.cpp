#include "pg/row_arrays.hpp"

#include "pg/settings.hpp"
#include "pg/sql_names.hpp"

extern "C" {
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
}

namespace migrate::pg {

struct RowArray {
    const char *name; // quoted
    Oid type;         // of the elements
    Oid output;       // for values that go as text, else invalid
    const char *cast; // to their type, NULL for none
    ArrayBuildState *state;
};

namespace {

// There are no arrays of arrays, and unnest() makes columns of a row's fields.
bool goes_as_text(Oid type) {
    return !OidIsValid(get_array_type(type)) || type_is_rowtype(type);
}

Datum print(Oid output, Datum value) {
    const int level = NewGUCNestLevel();
    pin_printing();
    const Datum text = CStringGetTextDatum(OidOutputFunctionCall(output, value));
    pop_settings(level);
    return text;
}

} // namespace

RowArrays *make_row_arrays(const char *relation, int room) {
    auto *rows = static_cast<RowArrays *>(palloc0(sizeof(RowArrays)));
    const auto size = static_cast<std::size_t>(room + 1);
    rows->relation = relation;
    rows->arrays = static_cast<RowArray *>(palloc0(sizeof(RowArray) * size));
    rows->types = static_cast<Oid *>(palloc0(sizeof(Oid) * size));
    rows->values = static_cast<Datum *>(palloc0(sizeof(Datum) * size));
    rows->memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate row arrays", ALLOCSET_DEFAULT_SIZES);
    return rows;
}

void add_array(RowArrays *rows, const char *name, Oid type, int32 typmod) {
    RowArray *array = &rows->arrays[rows->count];
    bool is_varlena = false;
    array->name = quote_identifier(pstrdup(name));
    array->type = type;
    if (goes_as_text(type)) {
        array->type = TEXTOID;
        array->cast = format_type_extended(type, typmod,
                                           FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
        getTypeOutputInfo(type, &array->output, &is_varlena);
    }
    rows->types[rows->count++] = get_array_type(array->type);
}

// ROWS FROM, as unnest(…, …) cannot be written with its schema. MATERIALIZED keeps the arrays from
// being unnested once more for each reference.
char *arrays_clause(const RowArrays *rows) {
    StringInfoData names, values, functions;
    initStringInfo(&names);
    initStringInfo(&values);
    initStringInfo(&functions);
    for (int i = 0; i < rows->count; i++) {
        const RowArray &array = rows->arrays[i];
        append_item(&names, ", ", array.name);
        append_item(&values, ", ",
                    array.cast != nullptr ? psprintf("CAST(r.%s AS %s)", array.name, array.cast)
                                          : psprintf("r.%s", array.name));
        append_item(&functions, ", ", psprintf("pg_catalog.unnest($%d)", i + 1));
    }
    return psprintf("WITH %s (%s) AS MATERIALIZED (SELECT %s FROM ROWS FROM (%s) AS r (%s)) ",
                    rows->relation, names.data, values.data, functions.data, names.data);
}

void add_value(RowArrays *rows, int array, Datum value, bool is_null) {
    RowArray *to = &rows->arrays[array];
    MemoryContext caller = MemoryContextSwitchTo(rows->memory);
    if (OidIsValid(to->output) && !is_null)
        value = print(to->output, value);
    to->state = accumArrayResult(to->state, value, is_null, to->type, rows->memory);
    MemoryContextSwitchTo(caller);
}

Size arrays_size(const RowArrays *rows) {
    return MemoryContextMemAllocated(rows->memory, true);
}

void make_arrays(RowArrays *rows) {
    for (int i = 0; i < rows->count; i++)
        rows->values[i] = rows->arrays[i].state != nullptr
                              ? makeArrayResult(rows->arrays[i].state, rows->memory)
                              : PointerGetDatum(construct_empty_array(rows->arrays[i].type));
}

void clear_arrays(RowArrays *rows) {
    MemoryContextReset(rows->memory);
    for (int i = 0; i < rows->count; i++)
        rows->arrays[i].state = nullptr;
}

} // namespace migrate::pg

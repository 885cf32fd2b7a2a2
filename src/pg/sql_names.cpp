#include "pg/sql_names.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_operator.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"
}

namespace migrate::pg {

const char *qualified_name(Relation relation) {
    return quote_qualified_identifier(get_namespace_name(RelationGetNamespace(relation)),
                                      RelationGetRelationName(relation));
}

const char *equality_operator(Oid type) {
    Oid oid = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
    HeapTuple tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(tuple))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
                        errmsg("type %s has no equality operator", format_type_be(type))));
    auto *form = reinterpret_cast<Form_pg_operator>(GETSTRUCT(tuple));
    char *text =
        psprintf("OPERATOR(%s.%s)", quote_identifier(get_namespace_name(form->oprnamespace)),
                 NameStr(form->oprname));
    ReleaseSysCache(tuple);
    return text;
}

void append_item(StringInfo list, const char *separator, const char *item) {
    if (list->len > 0)
        appendStringInfoString(list, separator);
    appendStringInfoString(list, item);
}

} // namespace migrate::pg

// The differences between PostgreSQL 15 and 18 that migrate meets, each behind one name.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "access/heapam.h"
#include "catalog/pg_namespace.h"
#include "catalog/storage_xlog.h"
#include "parser/parse_type.h"
#include "storage/proc.h"
#include "storage/smgr.h"
#include "utils/acl.h"
#include "utils/guc_tables.h"
#include "utils/inval.h"
#include "utils/rel.h"
}

namespace migrate::pg {

// The subtransaction that gave the relation its present file.
inline SubTransactionId new_file_subtransaction(Relation relation) {
#if PG_VERSION_NUM >= 160000
    return relation->rd_newRelfilelocatorSubid;
#else
    return relation->rd_newRelfilenodeSubid;
#endif
}

// The file of a relation, under the name that the version has for it.
#if PG_VERSION_NUM >= 160000
inline RelFileLocator *file_of(Relation relation) {
    return &relation->rd_locator;
}
inline void invalidate_file(Relation relation) {
    CacheInvalidateSmgr(RelationGetSmgr(relation)->smgr_rlocator);
}
#else
inline RelFileNode *file_of(Relation relation) {
    return &relation->rd_node;
}
inline void invalidate_file(Relation relation) {
    CacheInvalidateSmgr(RelationGetSmgr(relation)->smgr_rnode);
}
#endif

// All settings of the server; the array may be palloc'd.
inline config_generic **all_settings(int *count) {
#if PG_VERSION_NUM >= 160000
    return get_guc_variables(count);
#else
    *count = GetNumConfigOptions();
    return get_guc_variables();
#endif
}

// Changes with every transaction of the session.
inline LocalTransactionId local_transaction() {
#if PG_VERSION_NUM >= 170000
    return MyProc->vxid.lxid;
#else
    return MyProc->lxid;
#endif
}

// Reports 42501 unless the current user may give things to `role` (SET ROLE rights from 16 on,
// membership before).
inline void check_may_set_role(Oid role) {
#if PG_VERSION_NUM >= 160000
    check_can_set_role(GetUserId(), role);
#else
    check_is_member_of_role(GetUserId(), role);
#endif
}

// Whether `user` could SET ROLE to `role`; a superuser to any.
inline bool may_become(Oid user, Oid role) {
#if PG_VERSION_NUM >= 160000
    return member_can_set_role(user, role);
#else
    return is_member_of_role(user, role);
#endif
}

inline bool may_use_schema(Oid schema) {
#if PG_VERSION_NUM >= 160000
    return object_aclcheck(NamespaceRelationId, schema, GetUserId(), ACL_USAGE) == ACLCHECK_OK;
#else
    return pg_namespace_aclcheck(schema, GetUserId(), ACL_USAGE) == ACLCHECK_OK;
#endif
}

inline bool may_create_in_schema(Oid schema) {
#if PG_VERSION_NUM >= 160000
    return object_aclcheck(NamespaceRelationId, schema, GetUserId(), ACL_CREATE) == ACLCHECK_OK;
#else
    return pg_namespace_aclcheck(schema, GetUserId(), ACL_CREATE) == ACLCHECK_OK;
#endif
}

// A type as the caller wrote it; raises 42704 or 42601 for one that does not exist.
inline void parse_type(const char *text, Oid *type, int32 *typmod) {
#if PG_VERSION_NUM >= 160000
    (void)parseTypeString(text, type, typmod, nullptr);
#else
    parseTypeString(text, type, typmod, false);
#endif
}

} // namespace migrate::pg

#include "pg/statement_kind.hpp"

extern "C" {
#include "commands/defrem.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "tcop/cmdtag.h"
#include "tcop/utility.h"
}

namespace migrate::pg {
namespace {

TransactionCommand transaction_command(const TransactionStmt *statement) {
    if (statement->chain)
        return TransactionCommand::other;
    switch (statement->kind) {
    case TRANS_STMT_BEGIN:
    case TRANS_STMT_START:
        return TransactionCommand::begin;
    case TRANS_STMT_COMMIT:
        return TransactionCommand::commit;
    default:
        return TransactionCommand::other;
    }
}

bool has_option(List *options, const char *name) {
    ListCell *cell = nullptr;
    foreach (cell, options) {
        auto *option = lfirst_node(DefElem, cell);
        if (strcmp(option->defname, name) == 0 && (option->arg == nullptr || defGetBoolean(option)))
            return true;
    }
    return false;
}

bool detaches_concurrently(const AlterTableStmt *statement) {
    ListCell *cell = nullptr;
    foreach (cell, statement->cmds) {
        auto *command = lfirst_node(AlterTableCmd, cell);
        if (command->subtype == AT_DetachPartition && command->def != nullptr &&
            castNode(PartitionCmd, command->def)->concurrent)
            return true;
    }
    return false;
}

bool has_default_or_true(List *options, const char *name) {
    ListCell *cell = nullptr;
    foreach (cell, options) {
        auto *option = lfirst_node(DefElem, cell);
        if (strcmp(option->defname, name) == 0)
            return defGetBoolean(option);
    }
    return true;
}

// A subscription with a slot on the publisher cannot be undone.
bool makes_slot(const CreateSubscriptionStmt *statement) {
    return has_default_or_true(statement->options, "connect") &&
           has_default_or_true(statement->options, "create_slot");
}

bool is_whole_reindex(const ReindexStmt *statement) {
    return statement->kind != REINDEX_OBJECT_INDEX && statement->kind != REINDEX_OBJECT_TABLE;
}

bool moves_database(const AlterDatabaseStmt *statement) {
    return list_length(statement->options) == 1 &&
           strcmp(linitial_node(DefElem, statement->options)->defname, "tablespace") == 0;
}

OwnTransaction own_if(bool condition, OwnTransaction kind = OwnTransaction::other) {
    return condition ? kind : OwnTransaction::none;
}

OwnTransaction own_transaction(Node *node) {
    switch (nodeTag(node)) {
    case T_IndexStmt:
        return own_if(castNode(IndexStmt, node)->concurrent, OwnTransaction::concurrent_index);
    case T_DropStmt:
        return own_if(castNode(DropStmt, node)->concurrent, OwnTransaction::concurrent_index);
    case T_ReindexStmt:
        return own_if(has_option(castNode(ReindexStmt, node)->params, "concurrently") ||
                      is_whole_reindex(castNode(ReindexStmt, node)));
    case T_VacuumStmt:
        return own_if(castNode(VacuumStmt, node)->is_vacuumcmd, OwnTransaction::vacuum);
    case T_AlterTableStmt:
        return own_if(detaches_concurrently(castNode(AlterTableStmt, node)));
    case T_AlterDatabaseStmt:
        return own_if(moves_database(castNode(AlterDatabaseStmt, node)));
    case T_ClusterStmt:
        return own_if(castNode(ClusterStmt, node)->relation == nullptr);
    case T_DiscardStmt:
        return own_if(castNode(DiscardStmt, node)->target == DISCARD_ALL);
    case T_CreateSubscriptionStmt:
        return own_if(makes_slot(castNode(CreateSubscriptionStmt, node)));
    case T_CreatedbStmt:
    case T_DropdbStmt:
    case T_CreateTableSpaceStmt:
    case T_DropTableSpaceStmt:
    case T_AlterSystemStmt:
        return OwnTransaction::other;
    default:
        return OwnTransaction::none;
    }
}

bool copies_to_client(const CopyStmt *statement) {
    return statement->filename == nullptr && !statement->is_from;
}

} // namespace

StatementKind classify_statement(const char *sql) {
    List *parsed = raw_parser(sql, RAW_PARSE_DEFAULT);
    if (list_length(parsed) != 1)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("statement cannot be told from the one that follows it"),
                        errhint("End each statement with a semicolon.")));
    Node *node = linitial_node(RawStmt, parsed)->stmt;
    StatementKind kind = {};
    kind.tag = GetCommandTagName(CreateCommandTag(node));
    if (IsA(node, TransactionStmt))
        kind.transaction = transaction_command(castNode(TransactionStmt, node));
    kind.copies_to_client = IsA(node, CopyStmt) && copies_to_client(castNode(CopyStmt, node));
    kind.own_transaction = own_transaction(node);
    kind.adds_enum_value =
        IsA(node, AlterEnumStmt) && castNode(AlterEnumStmt, node)->oldVal == nullptr;
    kind.sets_constraints = IsA(node, ConstraintsSetStmt);
    kind.may_commit = IsA(node, CallStmt) || IsA(node, DoStmt);
    return kind;
}

} // namespace migrate::pg

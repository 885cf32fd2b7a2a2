#include "fdw/clause.hpp"

#include "fdw/planned_table.hpp"
#include "pg/column_type.hpp"
#include "pg/planner_compat.hpp"

extern "C" {
#include "access/stratnum.h"
#include "mb/pg_wchar.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"
}

namespace migrate::fdw {
namespace {

using core::TypeKind;
using core::fdw::Comparison;
using core::fdw::Family;

constexpr char kNoRule[] = "no rule for such an expression";
constexpr char kNoOperator[] = "no rule for its operator and types";
constexpr char kOtherColumn[] = "it compares columns of the same table";
constexpr char kSubquery[] = "its operand is a subquery";
constexpr char kVolatile[] = "its operand is volatile";
constexpr char kCollation[] = "SQLite does not know its collation";
constexpr char kEncoding[] = "SQLite does not know the database's encoding";

Node *strip_relabel(Node *node) {
    while (node != nullptr && IsA(node, RelabelType))
        node = reinterpret_cast<Node *>(reinterpret_cast<RelabelType *>(node)->arg);
    return node;
}

bool is_integer_type(Oid type) {
    return type == INT2OID || type == INT4OID || type == INT8OID;
}

bool is_moment_type(Oid type) {
    return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID;
}

bool is_text_type(Oid type) {
    return type == TEXTOID || type == VARCHAROID;
}

// The family in which the column is compared with an operand of that type; Family::any when there
// is none.
Family family_of(const Var *var, Oid operand) {
    switch (pg::column_type(var->vartype, var->vartypmod).kind) {
    case TypeKind::bigint:
        return is_integer_type(operand) ? Family::integer : Family::any;
    case TypeKind::float8:
        return operand == FLOAT8OID || operand == FLOAT4OID ? Family::real : Family::any;
    case TypeKind::numeric:
        return operand == NUMERICOID ? Family::numeric : Family::any;
    case TypeKind::text:
    case TypeKind::varchar:
        return is_text_type(operand) ? Family::text : Family::any;
    case TypeKind::date:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return is_moment_type(operand) ? Family::moment : Family::any;
    default:
        return Family::any;
    }
}

bool find_comparison(Oid operation, Oid opfamily, Comparison *comparison) {
    switch (get_op_opfamily_strategy(operation, opfamily)) {
    case BTLessStrategyNumber:
        *comparison = Comparison::less;
        return true;
    case BTLessEqualStrategyNumber:
        *comparison = Comparison::less_equal;
        return true;
    case BTEqualStrategyNumber:
        *comparison = Comparison::equal;
        return true;
    case BTGreaterEqualStrategyNumber:
        *comparison = Comparison::greater_equal;
        return true;
    case BTGreaterStrategyNumber:
        *comparison = Comparison::greater;
        return true;
    default:
        break;
    }
    Oid negator = get_negator(operation);
    *comparison = Comparison::not_equal;
    return OidIsValid(negator) &&
           get_op_opfamily_strategy(negator, opfamily) == BTEqualStrategyNumber;
}

// NULL when the operand is known before the table is read.
const char *why_no_operand(Index varno, Node *operand) {
    if (contain_subplans(operand))
        return kSubquery;
    Bitmapset *columns = nullptr;
    pull_varattnos(operand, varno, &columns);
    if (!bms_is_empty(columns))
        return kOtherColumn;
    return contain_volatile_functions(operand) ? kVolatile : nullptr;
}

// Text is compared as bytes by SQLite. NULL when PostgreSQL does so too.
const char *why_no_text(Comparison comparison, Oid collation) {
    if (GetDatabaseEncoding() != PG_UTF8 && GetDatabaseEncoding() != PG_SQL_ASCII)
        return kEncoding;
    bool is_equality = comparison == Comparison::equal || comparison == Comparison::not_equal ||
                       comparison == Comparison::any_of;
    bool is_bytewise =
        is_equality ? pg::is_bytewise_equality(collation) : pg::is_bytewise_order(collation);
    return is_bytewise ? nullptr : kCollation;
}

Leaf *make_leaf(const Var *var, Family family, Comparison comparison, Node *operand) {
    auto *leaf = static_cast<Leaf *>(palloc(sizeof(Leaf)));
    *leaf = {var->varattno, family, comparison, reinterpret_cast<Expr *>(operand)};
    return leaf;
}

Leaf *read_comparison(Index varno, const Var *var, Oid operation, Node *operand, Oid collation,
                      const char **reason) {
    Comparison comparison = Comparison::equal;
    Family family = family_of(var, exprType(operand));
    if (family == Family::any || !find_comparison(operation, order_of(var->vartype), &comparison)) {
        *reason = kNoOperator;
        return nullptr;
    }
    *reason = why_no_operand(varno, operand);
    if (*reason == nullptr && family == Family::text)
        *reason = why_no_text(comparison, collation);
    return *reason == nullptr ? make_leaf(var, family, comparison, operand) : nullptr;
}

Leaf *read_operator(Index varno, OpExpr *expression, const char **reason) {
    if (list_length(expression->args) != 2)
        return nullptr;
    auto *left = static_cast<Node *>(linitial(expression->args));
    auto *right = static_cast<Node *>(lsecond(expression->args));
    if (Var *var = column_of(varno, left))
        return read_comparison(varno, var, expression->opno, right, expression->inputcollid,
                               reason);
    Var *var = column_of(varno, right);
    Oid commuted = var == nullptr ? InvalidOid : get_commutator(expression->opno);
    if (!OidIsValid(commuted))
        return nullptr;
    return read_comparison(varno, var, commuted, left, expression->inputcollid, reason);
}

// column = ANY (array).
Leaf *read_array(Index varno, ScalarArrayOpExpr *expression, const char **reason) {
    Var *var = column_of(varno, static_cast<Node *>(linitial(expression->args)));
    auto *array = static_cast<Node *>(lsecond(expression->args));
    Oid element = get_base_element_type(exprType(array));
    if (var == nullptr || !expression->useOr || !OidIsValid(element))
        return nullptr;
    Family family = family_of(var, element);
    if (family == Family::any ||
        get_op_opfamily_strategy(expression->opno, order_of(var->vartype)) !=
            BTEqualStrategyNumber) {
        *reason = kNoOperator;
        return nullptr;
    }
    *reason = why_no_operand(varno, array);
    if (*reason == nullptr && family == Family::text)
        *reason = why_no_text(Comparison::any_of, expression->inputcollid);
    return *reason == nullptr ? make_leaf(var, family, Comparison::any_of, array) : nullptr;
}

Leaf *read_boolean(Index varno, Node *node, bool is_true) {
    Var *var = column_of(varno, node);
    if (var == nullptr || var->vartype != BOOLOID)
        return nullptr;
    return make_leaf(var, Family::boolean, is_true ? Comparison::is_true : Comparison::is_false,
                     nullptr);
}

Leaf *read_null_test(Index varno, NullTest *test) {
    Var *var = column_of(varno, reinterpret_cast<Node *>(test->arg));
    if (var == nullptr || test->argisrow)
        return nullptr;
    return make_leaf(var, Family::any,
                     test->nulltesttype == IS_NULL ? Comparison::is_null : Comparison::is_not_null,
                     nullptr);
}

Leaf *read_boolean_test(Index varno, BooleanTest *test) {
    auto *argument = reinterpret_cast<Node *>(test->arg);
    if (test->booltesttype == IS_TRUE || test->booltesttype == IS_FALSE)
        return read_boolean(varno, argument, test->booltesttype == IS_TRUE);
    return nullptr;
}

Leaf *read_leaf(Index varno, Node *clause, const char **reason) {
    *reason = nullptr;
    Leaf *leaf = nullptr;
    if (IsA(clause, OpExpr))
        leaf = read_operator(varno, reinterpret_cast<OpExpr *>(clause), reason);
    else if (IsA(clause, ScalarArrayOpExpr))
        leaf = read_array(varno, reinterpret_cast<ScalarArrayOpExpr *>(clause), reason);
    else if (IsA(clause, NullTest))
        leaf = read_null_test(varno, reinterpret_cast<NullTest *>(clause));
    else if (IsA(clause, BooleanTest))
        leaf = read_boolean_test(varno, reinterpret_cast<BooleanTest *>(clause));
    else if (is_notclause(clause))
        leaf = read_boolean(varno, reinterpret_cast<Node *>(get_notclausearg(clause)), false);
    else
        leaf = read_boolean(varno, clause, true);
    if (leaf == nullptr && *reason == nullptr)
        *reason = kNoRule;
    return leaf;
}

} // namespace

Var *column_of(Index varno, Node *node) {
    node = strip_relabel(node);
    if (node == nullptr || !IsA(node, Var))
        return nullptr;
    auto *var = reinterpret_cast<Var *>(node);
    bool is_ours = static_cast<Index>(var->varno) == varno && var->varlevelsup == 0;
    return is_ours && var->varattno > 0 ? var : nullptr;
}

// None of its operators has another meaning than that of the type's own order.
Oid order_of(Oid type) {
    return lookup_type_cache(type == VARCHAROID ? TEXTOID : type, TYPECACHE_BTREE_OPFAMILY)
        ->btree_opf;
}

List *read_clause(Index varno, Node *clause, const char **reason) {
    List *leaves = NIL;
    if (!is_orclause(clause)) {
        Leaf *leaf = read_leaf(varno, clause, reason);
        return leaf == nullptr ? NIL : list_make1(leaf);
    }
    ListCell *cell = nullptr;
    foreach (cell, reinterpret_cast<BoolExpr *>(clause)->args) {
        Leaf *leaf = read_leaf(varno, static_cast<Node *>(lfirst(cell)), reason);
        if (leaf == nullptr)
            return NIL;
        leaves = lappend(leaves, leaf);
    }
    return leaves;
}

List *store_leaves(List *leaves, List **operands) {
    List *stored = NIL;
    ListCell *cell = nullptr;
    foreach (cell, leaves) {
        auto *leaf = static_cast<Leaf *>(lfirst(cell));
        int operand = leaf->operand == nullptr ? -1 : list_length(*operands);
        if (leaf->operand != nullptr)
            *operands = lappend(*operands, leaf->operand);
        stored = lappend(stored, list_make4_int(leaf->attribute, static_cast<int>(leaf->family),
                                                static_cast<int>(leaf->comparison), operand));
    }
    return stored;
}

Leaf stored_leaf(List *stored, int *operand) {
    *operand = list_nth_int(stored, 3);
    return {static_cast<AttrNumber>(list_nth_int(stored, 0)),
            static_cast<Family>(list_nth_int(stored, 1)),
            static_cast<Comparison>(list_nth_int(stored, 2)), nullptr};
}

} // namespace migrate::fdw

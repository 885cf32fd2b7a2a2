// What of a WHERE clause can be said to SQLite, as far as PostgreSQL's side of it goes: which
// column is compared with what, by which operator. What SQLite's column makes of it is for
// core/fdw/predicate.hpp, when the scan begins.
#pragma once

#include "core/fdw/condition.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/primnodes.h"
}

namespace migrate::fdw {

// A test of one column. Palloc'd.
struct Leaf {
    AttrNumber attribute;
    core::fdw::Family family;
    core::fdw::Comparison comparison;
    Expr *operand; // NULL where there is none
};

// The alternatives (Leaf *, joined by OR) that a clause on the relation `varno` consists of; NIL
// when it cannot be pushed, `reason` then says why.
List *read_clause(Index varno, Node *clause, const char **reason);

// The conditions of a plan, in a form that plans are copied in: each clause a list of leaves, each
// leaf a list of attribute, family, comparison and the number of its operand in `operands`, or -1.
List *store_leaves(List *leaves, List **operands);
Leaf stored_leaf(List *stored, int *operand);

} // namespace migrate::fdw

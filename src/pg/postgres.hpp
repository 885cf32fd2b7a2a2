// PostgreSQL's headers as C, and none of the macros that break C++. Include it after the headers of
// core and the standard library: postgres.h redefines printf and its family.
#pragma once

extern "C" {
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
}

// pg_config.h turns this C keyword into a macro; in C++ it is a name like any other.
#undef restrict

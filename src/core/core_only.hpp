// Keeps core free of PostgreSQL: the last include of every src/core/*.cpp.
//
//     #include "core/naming.hpp"
//     #include "core/core_only.hpp"
#pragma once

#if defined(POSTGRES_H) || defined(FMGR_H) || defined(POSTGRES_EXT_H)
#error "src/core must not include a PostgreSQL header: move the code to src/pg"
#endif

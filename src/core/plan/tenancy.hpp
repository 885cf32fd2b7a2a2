// Option "tenant_key": rewrites a schema so that the keys of tenant tables are led by the tenant
// column, before anything is planned of it.
//
//     apply_tenancy(schema, selection, options);
//
// A tenant table is one that has the column, or that a foreign key leads to one that has it; the
// latter gets the column, read by Column::lookups. All that is rewritten keeps what the file said
// in a KeyRewrite or Column::adaptation, for the notes.
#pragma once

#include "core/import_options.hpp"
#include "core/plan/plan_selection.hpp"
#include "core/schema.hpp"

namespace migrate::core::plan {

// Rewrites the chosen tables; nothing when options.tenant_key is empty. Throws Error 42703 when no
// table of the file has the column, 22023 for a name in option "tenant_unique_keep" that is
// no table's and no key's.
void apply_tenancy(Schema &schema, const Selection &selection, const ImportOptions &options);

} // namespace migrate::core::plan

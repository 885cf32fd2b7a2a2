// What migrate.run_objects keeps of a loaded file (file_details), read back for retry_rejects.
#pragma once

#include "core/csv/dialect.hpp"
#include "core/csv/value_format.hpp"
#include "core/option_value.hpp"

#include <string>
#include <vector>

namespace migrate::core::csv {

struct KeptField {
    std::string column; // of the table; empty for a field that was not loaded
    ValueFormat format;
};

struct KeptDetails {
    Dialect dialect;
    std::vector<KeptField> fields;
};

// Throws Error 22023 when the object is not what file_details writes.
KeptDetails read_details(const OptionValue &details);

} // namespace migrate::core::csv

// A record as one JSON object, by the names of its file (option "raw").
//
//     RawRecord raw(plan.field_names);
//     raw.write(fields, trim, reading, json); // {"id": "7", "name": null}
#pragma once

#include "core/csv/csv_options.hpp"
#include "core/csv/inferred_type.hpp"
#include "core/csv/record.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

class RawRecord {
  public:
    // Fields behind those with a name are called column_N, from 1. No two names may be the same:
    // jsonb would keep the last.
    explicit RawRecord(const std::vector<std::string> &names);

    // Replaces `json`. NULL is what `reading` says; what is valid text and has no NUL becomes valid
    // jsonb.
    void write(std::span<const Field> fields, Trim trim, const InferenceOptions &reading,
               std::string &json);

  private:
    void add_key(std::string_view name);

    std::vector<std::string> keys_; // with quotes and the colon
};

} // namespace migrate::core::csv

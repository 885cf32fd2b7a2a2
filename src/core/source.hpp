// What a source of rows is to the rest of migrate: it opens, tells its schema, and is pulled.
#pragma once

#include "core/batch.hpp"
#include "core/schema.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace migrate::core {

enum class Fetch : unsigned char {
    rows,        // the batch holds at least one row; more may follow
    end,         // no row is left; the batch is empty
    interrupted, // stopped by the interrupt flag; the batch holds what was read so far (maybe
                 // nothing); call fetch again to go on after the last row
};

// Reads the rows of one table from the first to the last. Owned by the caller; it must go before
// the Source that made it.
class RowReader {
  public:
    virtual ~RowReader() = default;
    // Clears the batch and fills it with the next rows. Throws Error when the file is damaged.
    virtual Fetch fetch(Batch &batch) = 0;
};

// An opened file in one read transaction.
class Source {
  public:
    virtual ~Source() = default;
    virtual const Schema &schema() const = 0;
    // A reader of the given columns (indexes into table.columns), one cell a column in that order.
    virtual std::unique_ptr<RowReader> read(const Table &table,
                                            const std::vector<int> &columns) = 0;
    // Ends the read transaction after the last row. Throws Error 55006 when the file was changed
    // while it was read.
    virtual void finish() = 0;
};

} // namespace migrate::core

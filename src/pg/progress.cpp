#include "pg/progress.hpp"

extern "C" {
#include "commands/progress.h"
#include "pgstat.h"
#include "utils/backend_progress.h"
}

namespace migrate::pg {

void start_progress(Oid relation) {
    const int indexes[] = {PROGRESS_COPY_COMMAND, PROGRESS_COPY_TYPE};
    const int64 values[] = {PROGRESS_COPY_COMMAND_FROM, PROGRESS_COPY_TYPE_CALLBACK};
    pgstat_progress_start_command(PROGRESS_COMMAND_COPY, relation);
    pgstat_progress_update_multi_param(2, indexes, values);
}

void report_progress(int64 rows, int64 rejected, int64 bytes) {
    const int indexes[] = {PROGRESS_COPY_TUPLES_PROCESSED, PROGRESS_COPY_TUPLES_EXCLUDED,
                           PROGRESS_COPY_BYTES_PROCESSED};
    const int64 values[] = {rows, rejected, bytes};
    pgstat_progress_update_multi_param(3, indexes, values);
}

void end_progress() {
    pgstat_progress_end_command();
}

} // namespace migrate::pg

#include "fn/guarded_write.hpp"

#include "pg/error_bridge.hpp"
#include "pg/subtransaction.hpp"

#include <algorithm>

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

// So few rows are tried one by one at once: each half that fails would cost a transaction id.
constexpr std::size_t kMostSingly = 8;

struct WriteTask {
    GuardedWrite *guarded;
    std::size_t first;
    std::size_t end;
    pg::Written written;
};

void run_write(void *argument) {
    auto *task = static_cast<WriteTask *>(argument);
    task->written = task->guarded->writer->write(*task->guarded->batch, task->first, task->end);
}

} // namespace

void write_guarded(GuardedWrite *task, std::size_t first, std::size_t end) {
    if (end - first == 1 && task->batch->is_rejected(first))
        return;
    WriteTask part = {task, first, end, {}};
    ErrorData *error = pg::try_in_subtransaction(
        run_write, &part,
        pg::kDataErrors | pg::kTriggerErrors | pg::kObjectSizeErrors | pg::kCardinalityErrors);
    if (error == nullptr) {
        task->written.inserted += part.written.inserted;
        task->written.updated += part.written.updated;
        task->written.skipped += part.written.skipped;
        return;
    }
    task->has_undone = true;
    if (end - first == 1)
        return task->refuse(task->argument, first, error);
    const std::size_t step = end - first <= kMostSingly ? 1 : (end - first + 1) / 2;
    for (std::size_t row = first; row < end; row += step)
        write_guarded(task, row, std::min(row + step, end));
}

const char *refusal_words(const ErrorData *error) {
    return pg::utf8_text(error->detail == nullptr
                             ? error->message
                             : psprintf("%s: %s", error->message, error->detail));
}

} // namespace migrate::fn

#include "fdw/csv_parallel.hpp"

#include "pg/error_bridge.hpp"

#include <algorithm>

#include "pg/postgres.hpp"

extern "C" {
#include "port/atomics.h"
#include "storage/condition_variable.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/wait_event.h"
}

namespace migrate::fdw {

namespace {

using core::csv::ChunkCount;
using core::csv::ChunkStart;
using core::csv::SettledFile;
using pg::call_core;

// A part is read from the file twice, the second time out of the system's cache.
constexpr int64 kLargestPart = int64{4} << 20;
constexpr int64 kSmallestPart = int64{256} << 10;
constexpr int64 kPartsEach = 8; // so that no process has to wait long for the last one

// One file, and how far its parts are known.
struct SharedFile {
    int64 first_part; // number of it, among those of all files
    int64 parts;      // 1: the file is read as a whole
    int64 part_size;
    int64 begin; // of the first record
    int64 end;
    int64 line; // of the first record
    // Under the mutex:
    int64 published; // parts whose begin is known
    ChunkStart next; // of that part
};

} // namespace

struct SharedCsvScan {
    slock_t mutex;
    ConditionVariable has_published;
    pg_atomic_uint64 next_part;
    int64 parts;
    int files;
    Size packed_size; // of the settled files, behind the array
    SharedFile file[FLEXIBLE_ARRAY_MEMBER];
};

namespace {

Size array_size(int files) {
    return add_size(offsetof(SharedCsvScan, file),
                    mul_size(static_cast<Size>(files), sizeof(SharedFile)));
}

char *packed_files(SharedCsvScan *shared) {
    return reinterpret_cast<char *>(shared) + array_size(shared->files);
}

void settle_files(CsvTableScan *scan) {
    CsvScanState *state = scan->state;
    if (state->settled.empty()) {
        list_files(scan->table);
        call_core([&] { state->settled.resize(scan->table->state->files.size()); });
    }
    call_core([&] { state->text.clear(); });
    for (int i = 0; i < static_cast<int>(state->settled.size()); i++) {
        const auto place = static_cast<std::size_t>(i);
        if (!state->settled[place]) {
            (void)open_csv_file(scan, i);
            close_csv_file(scan);
        }
    }
    call_core([&] {
        for (const auto &file : state->settled)
            core::csv::pack(*file, state->text);
    });
    scan->file = -1;
}

// Where the first record of the file begins; false when there is none.
bool find_first_record(CsvTableScan *scan, int number, SharedFile *file) {
    CsvScanState *state = scan->state;
    (void)open_csv_file(scan, number);
    start_csv_file(scan);
    bool is_found = false;
    while (!(is_found = call_core([&] { return state->scan->next(state->record); })))
        if (!pg::pull_block(&scan->pull))
            break;
    file->begin = is_found ? state->record.byte_offset : file->end;
    file->line = is_found ? state->record.first_line : 1;
    close_csv_file(scan);
    return is_found;
}

void divide_file(CsvTableScan *scan, int number, SharedFile *file, int64 part_size) {
    const SettledFile &settled = *scan->state->settled[static_cast<std::size_t>(number)];
    file->end = settled.stamp.size;
    file->part_size = part_size;
    file->parts = settled.width == 0 ? 0 : 1;
    const bool can_be_split =
        core::csv::can_be_split(settled.dialect, settled.guess.encoding, settled.is_compressed);
    if (file->parts == 0 || !can_be_split || file->end <= part_size)
        return;
    if (find_first_record(scan, number, file))
        file->parts = (file->end - file->begin + part_size - 1) / part_size;
    else
        file->parts = 0;
}

int64 part_size_for(const CsvTableScan *scan, int workers) {
    int64 bytes = 0;
    for (const auto &file : scan->state->settled)
        bytes += file->stamp.size;
    return std::clamp(bytes / ((workers + 1) * kPartsEach), kSmallestPart, kLargestPart);
}

void rewind_parts(SharedCsvScan *shared) {
    pg_atomic_write_u64(&shared->next_part, 0);
    for (int i = 0; i < shared->files; i++) {
        shared->file[i].published = 0;
        shared->file[i].next = {false, shared->file[i].line, true};
    }
}

SharedFile *file_of_part(SharedCsvScan *shared, int64 part) {
    SharedFile *behind = std::upper_bound(
        shared->file, shared->file + shared->files, part,
        [](int64 wanted, const SharedFile &each) { return wanted < each.first_part; });
    return behind - 1;
}

// Waits until the begin of the part is known, and publishes that of the next.
ChunkStart take_turn(SharedCsvScan *shared, SharedFile *file, int64 part, const ChunkCount &count) {
    ChunkStart start;
    bool is_known = false;
    for (;;) {
        SpinLockAcquire(&shared->mutex);
        is_known = file->published == part;
        if (is_known) {
            start = file->next;
            file->next = core::csv::start_behind(start, count);
            file->published = part + 1;
        }
        SpinLockRelease(&shared->mutex);
        if (is_known)
            break;
        ConditionVariableSleep(&shared->has_published, PG_WAIT_EXTENSION);
    }
    ConditionVariableCancelSleep();
    ConditionVariableBroadcast(&shared->has_published);
    return start;
}

// Whether a record begins in the part.
bool begin_part(CsvTableScan *scan, SharedFile *file, int64 part) {
    CsvScanState *state = scan->state;
    const SettledFile *settled = begin_csv_file(scan, static_cast<int>(file - scan->shared->file));
    const int64 begin = file->begin + part * file->part_size;
    const int64 end = Min(begin + file->part_size, file->end);
    const ChunkCount count = call_core([&] {
        if (state->look == nullptr)
            state->look = std::make_unique<core::csv::ChunkLook>(settled->dialect);
        state->look->read(state->scan->stream(), begin, end);
        return state->look->count();
    });
    const ChunkStart start = take_turn(scan->shared, file, part, count);
    scan->end = end;
    return call_core([&] {
        const auto place = state->look->first_record(start);
        if (place)
            state->scan->start_at(settled->dialect, place->offset, place->line);
        return place.has_value();
    });
}

} // namespace

Size estimate_shared_scan(CsvTableScan *scan, int) {
    settle_files(scan);
    return add_size(array_size(static_cast<int>(scan->state->settled.size())),
                    scan->state->text.size());
}

void init_shared_scan(CsvTableScan *scan, void *memory, int workers) {
    auto *shared = static_cast<SharedCsvScan *>(memory);
    CsvScanState *state = scan->state;
    SpinLockInit(&shared->mutex);
    ConditionVariableInit(&shared->has_published);
    pg_atomic_init_u64(&shared->next_part, 0);
    shared->files = static_cast<int>(state->settled.size());
    shared->packed_size = state->text.size();
    memcpy(packed_files(shared), state->text.data(), state->text.size());
    shared->parts = 0;
    const int64 part_size = part_size_for(scan, workers);
    for (int i = 0; i < shared->files; i++) {
        SharedFile *file = &shared->file[i];
        *file = SharedFile();
        divide_file(scan, i, file, part_size);
        file->first_part = shared->parts;
        shared->parts += file->parts;
    }
    rewind_parts(shared);
    scan->file = -1;
    scan->shared = shared;
}

void reset_shared_scan(CsvTableScan *scan) {
    rewind_parts(scan->shared);
}

void join_shared_scan(CsvTableScan *scan, void *memory) {
    auto *shared = static_cast<SharedCsvScan *>(memory);
    CsvScanState *state = scan->state;
    call_core([&] {
        std::string_view packed(packed_files(shared), shared->packed_size);
        state->settled.clear();
        scan->table->state->files.clear();
        for (int i = 0; i < shared->files; i++) {
            state->settled.emplace_back(core::csv::unpack(packed));
            scan->table->state->files.push_back(state->settled.back()->path);
        }
    });
    scan->shared = shared;
}

bool open_next_part(CsvTableScan *scan) {
    SharedCsvScan *shared = scan->shared;
    for (;;) {
        CHECK_FOR_INTERRUPTS();
        const auto part = static_cast<int64>(pg_atomic_fetch_add_u64(&shared->next_part, 1));
        if (part >= shared->parts) {
            close_csv_file(scan);
            return false;
        }
        SharedFile *file = file_of_part(shared, part);
        if (file->parts > 1) {
            if (begin_part(scan, file, part - file->first_part))
                return true;
            continue;
        }
        (void)begin_csv_file(scan, static_cast<int>(file - shared->file));
        start_csv_file(scan);
        return true;
    }
}

} // namespace migrate::fdw

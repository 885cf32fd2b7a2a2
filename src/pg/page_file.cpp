#include "pg/page_file.hpp"

extern "C" {
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "access/xlogrecord.h"
#include "storage/smgr.h"
}

#include "pg/compat.hpp"

namespace migrate::pg {
namespace {

// As many as one WAL record takes.
constexpr int kPages = XLR_MAX_BLOCK_ID;
// What direct I/O wants of memory, from 16 on.
constexpr Size kAlignment = 4096;

} // namespace

struct PageFile {
    Relation relation;
    ForkNumber fork;
    PageLog log;
    XLogRecPtr redo;   // where recovery would begin, before the WAL of the pages that wait
    BlockNumber block; // of the page that next_page gives
    int filled;        // pages that wait
    void *memory;
    char *pages; // in it, aligned
};

namespace {

Page page_at(const PageFile *file, int index) {
    return file->pages + Size{BLCKSZ} * index;
}

void log_pages(const PageFile *file, BlockNumber first) {
    BlockNumber blocks[kPages];
    Page pages[kPages];
    for (int i = 0; i < file->filled; i++) {
        blocks[i] = first + i;
        pages[i] = page_at(file, i);
    }
    log_newpages(file_of(file->relation), file->fork, file->filled, blocks, pages,
                 file->log == PageLog::standard);
}

// The checkpointer hears of the last page only, and of the last of a file: it flushes whole files.
void extend(const PageFile *file, BlockNumber first) {
    for (int i = 0; i < file->filled; i++) {
        BlockNumber block = first + i;
        bool is_reported = i + 1 == file->filled || (block + 1) % RELSEG_SIZE == 0;
        PageSetChecksumInplace(page_at(file, i), block);
        smgrextend(RelationGetSmgr(file->relation), file->fork, block, page_at(file, i),
                   !is_reported);
    }
}

// WAL first. A checkpoint that began after it and was over before the pages were reported has not
// flushed them, and recovery would begin behind their WAL: then they are flushed here. Until the
// commit nobody misses them.
void write_pages(PageFile *file) {
    if (file->filled == 0)
        return;
    BlockNumber first = file->block - file->filled;
    bool is_logged = RelationNeedsWAL(file->relation);
    if (is_logged && file->log != PageLog::by_caller)
        log_pages(file, first);
    extend(file, first);
    // The walwriter writes and flushes WAL while the next pages are made; else this backend would
    // wait for the disk at the end of each segment.
    if (is_logged)
        XLogSetAsyncXactLSN(PageGetLSN(page_at(file, file->filled - 1)));
    if (is_logged && file->redo != GetRedoRecPtr())
        smgrimmedsync(RelationGetSmgr(file->relation), file->fork);
    file->filled = 0;
}

} // namespace

PageFile *open_page_file(Relation relation, ForkNumber fork, PageLog log) {
    auto *file = static_cast<PageFile *>(palloc(sizeof(PageFile)));
    file->relation = relation;
    file->fork = fork;
    file->log = log;
    file->block = smgrnblocks(RelationGetSmgr(relation), fork);
    file->filled = 0;
    file->memory = palloc(Size{BLCKSZ} * kPages + kAlignment);
    file->pages =
        reinterpret_cast<char *>(TYPEALIGN(kAlignment, reinterpret_cast<uintptr_t>(file->memory)));
    return file;
}

Page next_page(PageFile *file) {
    if (file->filled == kPages)
        write_pages(file);
    if (file->filled == 0)
        file->redo = GetRedoRecPtr();
    return page_at(file, file->filled);
}

BlockNumber next_block(const PageFile *file) {
    return file->block;
}

void write_page(PageFile *file) {
    file->filled++;
    file->block++;
}

void close_page_file(PageFile *file) {
    write_pages(file);
    pfree(file->memory);
    pfree(file);
}

} // namespace migrate::pg

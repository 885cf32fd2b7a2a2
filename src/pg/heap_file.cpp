#include "pg/heap_sink.hpp"

#include <new>

#include "pg/compat.hpp"
#include "pg/page_file.hpp"

extern "C" {
#include "access/heapam.h"
#include "access/heapam_xlog.h"
#include "access/heaptoast.h"
#include "access/htup_details.h"
#include "access/visibilitymapdefs.h"
#include "access/xloginsert.h"
#include "pgstat.h"
}

namespace migrate::pg {
namespace {

// The WAL record of heap_multi_insert is a seventh smaller than images of the pages. Its format is
// the same in 15 to 18; a later server gets images until somebody has looked.
constexpr PageLog kHeapLog = PG_VERSION_NUM < 190000 ? PageLog::by_caller : PageLog::standard;

class HeapFile final : public HeapSink {
  public:
    HeapFile(Relation relation, int options);
    void add(HeapTuple tuple) override;
    void end_batch() override;
    void close() override;

  private:
    HeapTuple prepare(HeapTuple tuple) const;
    void begin_page();
    void log_page();
    void end_page();
    void write_visibility_map(BlockNumber heap_blocks);

    bool is_frozen() const { return (options_ & HEAP_INSERT_FROZEN) != 0; }

    Relation relation_;
    int options_;
    TransactionId xid_;
    CommandId command_;
    Size spare_; // what the fillfactor leaves free
    PageFile *file_;
    Page page_ = nullptr;
    int64 unreported_ = 0; // tuples that the statistics do not know yet
};

HeapFile::HeapFile(Relation relation, int options)
    : relation_(relation), options_(options), xid_(GetCurrentTransactionId()),
      command_(GetCurrentCommandId(true)),
      spare_(RelationGetTargetPageFreeSpace(relation, HEAP_DEFAULT_FILLFACTOR)),
      file_(open_page_file(relation, MAIN_FORKNUM, kHeapLog)) {}

// What every insert into a heap does to a tuple, and TOAST where it is long.
HeapTuple HeapFile::prepare(HeapTuple tuple) const {
    HeapTupleHeader header = tuple->t_data;
    header->t_infomask &= ~HEAP_XACT_MASK;
    header->t_infomask2 &= ~HEAP2_XACT_MASK;
    header->t_infomask |= HEAP_XMAX_INVALID;
    HeapTupleHeaderSetXmin(header, xid_);
    if (is_frozen())
        HeapTupleHeaderSetXminFrozen(header);
    HeapTupleHeaderSetCmin(header, command_);
    HeapTupleHeaderSetXmax(header, InvalidTransactionId);
    tuple->t_tableOid = RelationGetRelid(relation_);
    if (tuple->t_len > TOAST_TUPLE_THRESHOLD)
        tuple = heap_toast_insert_or_update(relation_, tuple, nullptr, options_);
    if (MAXALIGN(tuple->t_len) > MaxHeapTupleSize)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("row is too big: size %zu, maximum size %zu",
                               static_cast<Size>(tuple->t_len), MaxHeapTupleSize)));
    return tuple;
}

void HeapFile::begin_page() {
    page_ = next_page(file_);
    PageInit(page_, BLCKSZ, 0);
}

// The tuples of a page as XLOG_HEAP2_MULTI_INSERT has them: each with the fields of its header that
// replay cannot know, and what follows the header. Returns their size.
Size pack_tuples(Page page, char *packed) {
    char *end = packed;
    for (OffsetNumber i = FirstOffsetNumber; i <= PageGetMaxOffsetNumber(page); i++) {
        ItemId item = PageGetItemId(page, i);
        auto *tuple = reinterpret_cast<HeapTupleHeader>(PageGetItem(page, item));
        Size size = ItemIdGetLength(item) - SizeofHeapTupleHeader;
        end = reinterpret_cast<char *>(SHORTALIGN(reinterpret_cast<uintptr_t>(end)));
        auto *header = reinterpret_cast<xl_multi_insert_tuple *>(end);
        header->datalen = static_cast<uint16>(size);
        header->t_infomask2 = tuple->t_infomask2;
        header->t_infomask = tuple->t_infomask;
        header->t_hoff = tuple->t_hoff;
        end += SizeOfMultiInsertTuple;
        memcpy(end, reinterpret_cast<char *>(tuple) + SizeofHeapTupleHeader, size);
        end += size;
    }
    return end - packed;
}

// Logs the page as heap_multi_insert logs one that it began and filled.
void HeapFile::log_page() {
    PGAlignedBlock packed; // each header here is smaller than the one in the page
    xl_heap_multi_insert record;
    record.flags = is_frozen() ? XLH_INSERT_ALL_FROZEN_SET : 0;
    record.ntuples = PageGetMaxOffsetNumber(page_);
    Assert(xid_ == GetCurrentTransactionId());
    XLogBeginInsert();
    XLogRegisterData(reinterpret_cast<char *>(&record), SizeOfHeapMultiInsert);
    XLogRegisterBlock(0, file_of(relation_), MAIN_FORKNUM, next_block(file_), page_,
                      REGBUF_STANDARD | REGBUF_WILL_INIT);
    XLogRegisterBufData(0, packed.data, pack_tuples(page_, packed.data));
    XLogSetRecordFlags(XLOG_INCLUDE_ORIGIN);
    XLogRecPtr end = XLogInsert(RM_HEAP2_ID, XLOG_HEAP2_MULTI_INSERT | XLOG_HEAP_INIT_PAGE);
    PageSetLSN(page_, end);
}

void HeapFile::end_page() {
    if (is_frozen())
        PageSetAllVisible(page_);
    if (kHeapLog == PageLog::by_caller && RelationNeedsWAL(relation_))
        log_page();
    write_page(file_);
    page_ = nullptr;
}

void HeapFile::add(HeapTuple tuple) {
    tuple = prepare(tuple);
    if (page_ != nullptr && MAXALIGN(tuple->t_len) + spare_ > PageGetHeapFreeSpace(page_))
        end_page();
    if (page_ == nullptr)
        begin_page();
    // The page is ours alone: the tuple may know its place before it has it.
    OffsetNumber place = OffsetNumberNext(PageGetMaxOffsetNumber(page_));
    ItemPointerSet(&tuple->t_data->t_ctid, next_block(file_), place);
    if (PageAddItem(page_, reinterpret_cast<Item>(tuple->t_data), tuple->t_len, InvalidOffsetNumber,
                    false, true) != place)
        elog(ERROR, "could not add a tuple to a page");
    unreported_++;
}

void HeapFile::end_batch() {
    pgstat_count_heap_insert(relation_, unreported_);
    unreported_ = 0;
}

void create_visibility_map(Relation relation) {
    if (smgrexists(RelationGetSmgr(relation), VISIBILITYMAP_FORKNUM))
        return; // and is empty, as the heap was
    smgrcreate(RelationGetSmgr(relation), VISIBILITYMAP_FORKNUM, false);
    if (RelationNeedsWAL(relation))
        log_smgrcreate(file_of(relation), VISIBILITYMAP_FORKNUM);
}

// All pages are frozen and visible to all (storage-vm): without the map, index-only scans would
// visit the heap, and the first VACUUM read and write all of it.
void HeapFile::write_visibility_map(BlockNumber heap_blocks) {
    constexpr BlockNumber kMapBytes = BLCKSZ - MAXALIGN(SizeOfPageHeaderData);
    constexpr BlockNumber kBlocksPerByte = BITS_PER_BYTE / BITS_PER_HEAPBLOCK;
    constexpr BlockNumber kBlocksPerPage = kMapBytes * kBlocksPerByte;
    create_visibility_map(relation_);
    PageFile *map = open_page_file(relation_, VISIBILITYMAP_FORKNUM, PageLog::whole);
    for (BlockNumber first = 0; first < heap_blocks; first += kBlocksPerPage) {
        BlockNumber count = Min(heap_blocks - first, kBlocksPerPage);
        Page page = next_page(map);
        PageInit(page, BLCKSZ, 0);
        auto *bytes = reinterpret_cast<uint8 *>(PageGetContents(page));
        memset(bytes, 0xff, count / kBlocksPerByte);
        if (count % kBlocksPerByte != 0)
            bytes[count / kBlocksPerByte] =
                (1 << (count % kBlocksPerByte * BITS_PER_HEAPBLOCK)) - 1;
        write_page(map);
    }
    close_page_file(map);
    invalidate_file(relation_);
}

void HeapFile::close() {
    if (page_ != nullptr)
        end_page();
    BlockNumber blocks = next_block(file_);
    close_page_file(file_);
    if (is_frozen() && blocks > 0)
        write_visibility_map(blocks);
}

} // namespace

HeapSink *open_heap_file(Relation relation, int options) {
    return new (palloc(sizeof(HeapFile))) HeapFile(relation, options);
}

} // namespace migrate::pg

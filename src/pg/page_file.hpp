// Writes the pages of one fork of a new relation in order and past the shared buffers, each page
// once, WAL-logged where the relation is; what CREATE INDEX does. A page that goes through the
// buffers is written twice, as zeros when the relation grows and again when the buffer is needed.
//
//     PageFile *file = open_page_file(relation, MAIN_FORKNUM, PageLog::standard);
//     fill(next_page(file)); write_page(file); …
//     close_page_file(file);
//
// Only for a fork that nobody has read yet: a page in the shared buffers would hide what is written
// here. The server's own bulk writer (storage/bulk_write.h) exists from 17 on, and flushes the
// whole fork by itself when a checkpoint passes by; here that is left to the checkpointer, as for
// COPY.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "storage/bufpage.h"
#include "utils/rel.h"
}

namespace migrate::pg {

// Lives in the memory context that was current when it was opened. An error leaves it to that
// context, and the pages to the end of the transaction that made the relation.
struct PageFile;

// How pages get into WAL, where the relation needs it.
enum class PageLog {
    by_caller, // it logs a page before write_page and sets its LSN
    whole,     // images of whole pages
    standard,  // images without what is between pd_lower and pd_upper
};

// Opens a fork that exists and begins behind its last page.
PageFile *open_page_file(Relation relation, ForkNumber fork, PageLog log);

// Memory of one block to fill; what is in it is undefined. Belongs to the file, until write_page.
Page next_page(PageFile *file);

// The number that the page of next_page will have.
BlockNumber next_block(const PageFile *file);

// Takes the page of next_page. Errors: the server's, of storage and WAL.
void write_page(PageFile *file);

// Writes what is left.
void close_page_file(PageFile *file);

} // namespace migrate::pg

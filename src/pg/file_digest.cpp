#include "pg/file_digest.hpp"

#include <cstdio>

#include "pg/postgres.hpp"

extern "C" {
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "storage/fd.h"
}

namespace migrate::pg {
namespace {

constexpr std::size_t kBlock = 65536;

char *hex_text(const uint8 *digest, int length) {
    auto *text = static_cast<char *>(palloc(length * 2 + 1));
    for (int i = 0; i < length; i++)
        snprintf(text + i * 2, 3, "%02x", digest[i]);
    return text;
}

void add_file(pg_cryptohash_ctx *hash, FILE *file, const char *path) {
    auto *block = static_cast<uint8 *>(palloc(kBlock));
    std::size_t length = 0;
    while ((length = fread(block, 1, kBlock, file)) > 0) {
        CHECK_FOR_INTERRUPTS();
        if (pg_cryptohash_update(hash, block, length) < 0)
            elog(ERROR, "could not compute SHA-256: %s", pg_cryptohash_error(hash));
    }
    if (ferror(file))
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not read file \"%s\": %m", path)));
    pfree(block);
}

} // namespace

char *file_sha256(const char *path) {
    FILE *file = AllocateFile(path, PG_BINARY_R);
    if (file == nullptr)
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not open file \"%s\": %m", path)));
    uint8 digest[PG_SHA256_DIGEST_LENGTH];
    pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);
    if (hash == nullptr || pg_cryptohash_init(hash) < 0)
        elog(ERROR, "could not begin SHA-256");
    add_file(hash, file, path);
    if (pg_cryptohash_final(hash, digest, sizeof(digest)) < 0)
        elog(ERROR, "could not finish SHA-256: %s", pg_cryptohash_error(hash));
    pg_cryptohash_free(hash);
    FreeFile(file);
    return hex_text(digest, PG_SHA256_DIGEST_LENGTH);
}

} // namespace migrate::pg

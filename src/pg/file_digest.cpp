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

constexpr int kDigest = PG_SHA256_DIGEST_LENGTH;

void write_hex(const uint8 *digest, char *hex) {
    for (int i = 0; i < kDigest; i++)
        snprintf(hex + i * 2, 3, "%02x", digest[i]);
}

pg_cryptohash_ctx *begin_sha256() {
    pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);
    if (hash == nullptr || pg_cryptohash_init(hash) < 0)
        elog(ERROR, "could not begin SHA-256");
    return hash;
}

void add_bytes(pg_cryptohash_ctx *hash, const void *bytes, std::size_t size) {
    if (pg_cryptohash_update(hash, static_cast<const uint8 *>(bytes), size) < 0)
        elog(ERROR, "could not compute SHA-256: %s", pg_cryptohash_error(hash));
}

void end_sha256(pg_cryptohash_ctx *hash, char *hex) {
    uint8 digest[kDigest];
    if (pg_cryptohash_final(hash, digest, sizeof(digest)) < 0)
        elog(ERROR, "could not finish SHA-256: %s", pg_cryptohash_error(hash));
    pg_cryptohash_free(hash);
    write_hex(digest, hex);
}

void add_file(pg_cryptohash_ctx *hash, FILE *file, const char *path) {
    auto *block = static_cast<uint8 *>(palloc(kBlock));
    std::size_t length = 0;
    while ((length = fread(block, 1, kBlock, file)) > 0) {
        CHECK_FOR_INTERRUPTS();
        add_bytes(hash, block, length);
    }
    if (ferror(file))
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not read file \"%s\": %m", path)));
    pfree(block);
}

} // namespace

void sha256_hex(const void *bytes, std::size_t size, char *hex) {
    pg_cryptohash_ctx *hash = begin_sha256();
    add_bytes(hash, bytes, size);
    end_sha256(hash, hex);
}

char *file_sha256(const char *path) {
    FILE *file = AllocateFile(path, PG_BINARY_R);
    if (file == nullptr)
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not open file \"%s\": %m", path)));
    pg_cryptohash_ctx *hash = begin_sha256();
    add_file(hash, file, path);
    auto *hex = static_cast<char *>(palloc(kDigest * 2 + 1));
    end_sha256(hash, hex);
    FreeFile(file);
    return hex;
}

} // namespace migrate::pg

#include "pg/tool_digest.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "common/cryptohash.h"
#include "common/sha1.h"
#include "common/sha2.h"
}

namespace migrate::pg {
namespace {

using core::versioned::DigestKind;

struct Method {
    pg_cryptohash_type type;
    std::size_t length;
};

Method method_of(DigestKind kind) {
    switch (kind) {
    case DigestKind::sha1:
        return {PG_SHA1, SHA1_DIGEST_LENGTH};
    case DigestKind::sha384:
        return {PG_SHA384, PG_SHA384_DIGEST_LENGTH};
    default:
        return {PG_SHA256, PG_SHA256_DIGEST_LENGTH};
    }
}

} // namespace

char *tool_digest(DigestKind kind, const void *bytes, std::size_t size) {
    Method method = method_of(kind);
    uint8 digest[PG_SHA384_DIGEST_LENGTH];
    pg_cryptohash_ctx *hash = pg_cryptohash_create(method.type);
    if (hash == nullptr || pg_cryptohash_init(hash) < 0 ||
        pg_cryptohash_update(hash, static_cast<const uint8 *>(bytes), size) < 0 ||
        pg_cryptohash_final(hash, digest, method.length) < 0)
        ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR),
                        errmsg("could not compute the digest of a migration file")));
    pg_cryptohash_free(hash);
    auto *hex = static_cast<char *>(palloc(method.length * 2 + 1));
    for (std::size_t i = 0; i < method.length; i++)
        snprintf(hex + i * 2, 3, "%02x", digest[i]);
    return hex;
}

} // namespace migrate::pg

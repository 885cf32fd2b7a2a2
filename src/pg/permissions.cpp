#include "pg/permissions.hpp"

#include <pwd.h>
#include <unistd.h>

#include "pg/compat.hpp"

extern "C" {
#include "catalog/pg_authid_d.h"
}

namespace migrate::pg {
namespace {

void check_role(Oid role, const char *message, const char *role_name) {
    if (has_privs_of_role(GetUserId(), role))
        return;
    ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("%s", message),
                    errdetail("Only roles with privileges of \"%s\" may do this.", role_name)));
}

[[noreturn]] void refuse_path(const char *path, const char *place, const char *detail) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("invalid value for %s: \"%s\"", place, path), errdetail("%s", detail),
                    errhint("Give the absolute path of a file on the server.")));
    pg_unreachable();
}

} // namespace

void check_may_read_server_files() {
    check_role(ROLE_PG_READ_SERVER_FILES, "permission denied to read server files",
               "pg_read_server_files");
}

void check_may_write_server_files() {
    check_role(ROLE_PG_WRITE_SERVER_FILES, "permission denied to write server files",
               "pg_write_server_files");
}

char *checked_path(const char *path, const char *name, const char *kind) {
    const char *place = psprintf("%s \"%s\"", kind, name);
    if (path == nullptr)
        ereport(ERROR,
                (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s must not be null", place)));
    if (path[0] == '\0')
        refuse_path(path, place, "The path is empty.");
    if (strcmp(path, ":memory:") == 0)
        refuse_path(path, place, "A database in memory holds nothing to import.");
    if (pg_strncasecmp(path, "file:", 5) == 0)
        refuse_path(path, place, "A path is never read as a URI.");
    if (!is_absolute_path(path))
        refuse_path(path, place, "The path is relative.");
    char *canonical = pstrdup(path);
    canonicalize_path(canonical);
    return canonical;
}

char *os_user_name() {
    struct passwd *entry = getpwuid(geteuid());
    return entry != nullptr ? pstrdup(entry->pw_name) : psprintf("%u", geteuid());
}

} // namespace migrate::pg

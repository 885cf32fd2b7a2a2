// Who may do what with files of the server, checked before a file is touched.
#pragma once

namespace migrate::pg {

// 42501 unless the current user has the privileges of pg_read_server_files.
void check_may_read_server_files();
// 42501 unless the current user has the privileges of pg_write_server_files.
void check_may_write_server_files();

// The path in canonical form, palloc'd. 22004 for NULL, 22023 for a path that is not absolute,
// empty, ':memory:' or a URI. `name` is the name of the argument for the message, or of what else
// `kind` says: an "option".
char *checked_path(const char *path, const char *name, const char *kind = "argument");

// The server's operating system user, palloc'd, for messages.
char *os_user_name();

} // namespace migrate::pg

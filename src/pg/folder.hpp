// The files of a folder of migrations on the server.
#pragma once

#include <cstddef>

namespace migrate::pg {

// Calls `take` for each regular file in the folder and the folders in it that a migration tool
// reads: *.sql, *.conf, *.toml and sqitch.plan; hidden files and folders are passed over, links to
// folders are not followed. `name` is relative to the folder; what it points to lasts for the call
// only. The caller has checked the right to read server files. Errors: 58P01 and its kin for what
// cannot be opened, 42809 when the path is no folder, 54000 for a file beyond 256 MB.
using TakeFile = void (*)(void *argument, const char *name, const char *bytes, std::size_t size);
void read_folder(const char *path, TakeFile take, void *argument);

} // namespace migrate::pg

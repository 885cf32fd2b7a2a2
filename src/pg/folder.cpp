#include "pg/folder.hpp"

#include <sys/stat.h>

#include "pg/postgres.hpp"

extern "C" {
#include "storage/fd.h"
}

namespace migrate::pg {
namespace {

// Tools that use folders at all use two levels of them.
constexpr int kMaxDepth = 8;
constexpr off_t kMaxFileSize = off_t{256} << 20;

struct Reading {
    TakeFile take;
    void *argument;
};

bool has_ending(const char *name, const char *ending) {
    std::size_t length = strlen(name);
    std::size_t end = strlen(ending);
    return length >= end && pg_strcasecmp(name + length - end, ending) == 0;
}

bool is_read_by_tools(const char *name) {
    return has_ending(name, ".sql") || has_ending(name, ".conf") || has_ending(name, ".toml") ||
           has_ending(name, "sqitch.plan");
}

void read_file(const char *path, const char *name, off_t size, const Reading *reading) {
    if (size > kMaxFileSize)
        ereport(
            ERROR,
            (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("file \"%s\" is too large", path),
             errdetail("It has " INT64_FORMAT " bytes, a migration has at most " INT64_FORMAT ".",
                       static_cast<int64>(size), static_cast<int64>(kMaxFileSize))));
    FILE *file = AllocateFile(path, PG_BINARY_R);
    if (file == nullptr)
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not open file \"%s\": %m", path)));
    auto *bytes = static_cast<char *>(palloc(size + 1));
    std::size_t length = fread(bytes, 1, size, file);
    if (ferror(file))
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not read file \"%s\": %m", path)));
    FreeFile(file);
    reading->take(reading->argument, name, bytes, length);
    pfree(bytes);
}

void read_level(const char *path, const char *prefix, int depth, const Reading *reading) {
    DIR *directory = AllocateDir(path);
    struct dirent *entry = nullptr;
    while ((entry = ReadDir(directory, path)) != nullptr) {
        CHECK_FOR_INTERRUPTS();
        if (entry->d_name[0] == '.')
            continue;
        char *child = psprintf("%s/%s", path, entry->d_name);
        char *name = psprintf("%s%s", prefix, entry->d_name);
        struct stat about;
        if (lstat(child, &about) != 0)
            ereport(ERROR,
                    (errcode_for_file_access(), errmsg("could not stat file \"%s\": %m", child)));
        if (S_ISDIR(about.st_mode) && depth < kMaxDepth)
            read_level(child, psprintf("%s/", name), depth + 1, reading);
        else if (is_read_by_tools(name) && stat(child, &about) == 0 && S_ISREG(about.st_mode))
            read_file(child, name, about.st_size, reading);
        pfree(child);
        pfree(name);
    }
    FreeDir(directory);
}

} // namespace

void read_folder(const char *path, TakeFile take, void *argument) {
    struct stat about;
    if (stat(path, &about) != 0)
        ereport(ERROR,
                (errcode_for_file_access(), errmsg("could not open directory \"%s\": %m", path),
                 errhint("The path is read by the server, not by the client; the form with "
                         "files jsonb takes files that the server cannot see.")));
    if (!S_ISDIR(about.st_mode))
        ereport(ERROR,
                (errcode(ERRCODE_WRONG_OBJECT_TYPE), errmsg("\"%s\" is not a directory", path),
                 errhint("Give the folder that holds the migrations.")));
    Reading reading = {take, argument};
    read_level(path, "", 1, &reading);
}

} // namespace migrate::pg

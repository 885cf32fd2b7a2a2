#include "core/sqlite/database.hpp"

#include "core/error.hpp"
#include "core/sqlite/authorizer.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/readonly_vfs.hpp"
#include "core/sqlite/write_access.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include <sys/stat.h>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

constexpr int kProgressSteps = 10'000;
constexpr std::string_view kForWriting = "mode=rw";
constexpr auto kBusySleep = std::chrono::milliseconds(10);
constexpr char kWalNote[] = "the file is in WAL mode and has no -wal beside it: if it was copied, "
                            "copy the -wal file too";
// A value is allowed this much whatever max_value_size says: the schema's own texts are values.
// The readers check max_value_size itself.
constexpr std::int64_t kLeastLength = std::int64_t{16} << 20;
constexpr int kMaxSqlLength = 64 << 20;
constexpr int kMaxProgramSteps = 250'000; // generated columns that nest double it each time

extern "C" {

int migrate_on_progress(void *database) noexcept {
    return static_cast<const Database *>(database)->is_interrupted() ? 1 : 0;
}

int migrate_on_busy(void *database, int attempts) noexcept {
    return static_cast<Database *>(database)->keep_waiting(attempts) ? 1 : 0;
}

int migrate_compare_bytes(void *, int left_size, const void *left, int right_size,
                          const void *right) noexcept {
    const int size = std::min(left_size, right_size);
    const int order = size == 0 ? 0
                                : std::char_traits<char>::compare(static_cast<const char *>(left),
                                                                  static_cast<const char *>(right),
                                                                  static_cast<std::size_t>(size));
    return order != 0 ? order : left_size - right_size;
}

void migrate_on_unknown_collation(void *, sqlite3 *handle, int, const char *name) noexcept {
    sqlite3_create_collation_v2(handle, name, SQLITE_UTF8, nullptr, migrate_compare_bytes, nullptr);
}

} // extern "C"

void set_switch(sqlite3 *handle, int name, int value) {
    int now = 0;
    if (sqlite3_db_config(handle, name, value, &now) != SQLITE_OK || now != value)
        throw Error(sqlstate::kInternalError, "the SQLite library refuses a security setting");
}

void set_switches(sqlite3 *handle) {
    // TRUSTED_SCHEMA stays on: off, Debian's SQLite 3.40 refuses to load a schema with an index
    // over json_extract(). What it would keep off is off by other means: functions by the
    // authorizer, virtual tables by SQLITE_PREPARE_NO_VTAB, views and triggers by their own
    // switches.
    constexpr std::array kOn = {SQLITE_DBCONFIG_DEFENSIVE,
                                // The last connection would copy the -wal and delete it.
                                SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE};
    constexpr std::array kOff = {
        SQLITE_DBCONFIG_ENABLE_TRIGGER,        SQLITE_DBCONFIG_ENABLE_VIEW,
        SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
        SQLITE_DBCONFIG_WRITABLE_SCHEMA,       SQLITE_DBCONFIG_ENABLE_FKEY};
    for (const int name : kOn)
        set_switch(handle, name, 1);
    for (const int name : kOff)
        set_switch(handle, name, 0);
}

// The depth of expressions stays at SQLite's own 1000: a deeper view or CHECK would make the whole
// schema unreadable, and SQLite's parser keeps to its limit.
void set_limits(sqlite3 *handle, std::int64_t max_value_size) {
    const auto length = std::clamp<std::int64_t>(max_value_size, kLeastLength, INT32_MAX);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, static_cast<int>(length));
    sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, kMaxSqlLength);
    sqlite3_limit(handle, SQLITE_LIMIT_VDBE_OP, kMaxProgramSteps);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
    sqlite3_limit(handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
}

} // namespace

Database::Database(std::string path, const OpenOptions &options)
    : path_(std::move(path)), options_(options) {}

std::unique_ptr<Database> Database::open(const std::string &path, const OpenOptions &options) {
    check_path(path, options.os_user);
    std::unique_ptr<Database> database(new Database(path, options));
    if (!options.is_writable || !database->connect_for_writing()) {
        database->connect("mode=ro&readonly_shm=1");
        const FileHeader header = read_header(database->handle(), path);
        check_header(path, header);
        if (header.is_wal())
            database->choose_wal_access();
    }
    database->load_schema();
    return database;
}

std::string Database::opening() const {
    return "open SQLite database \"" + shown(path_) + "\"";
}

// False where the file cannot be written, or must not be.
bool Database::connect_for_writing() {
    connect(kForWriting);
    const FileHeader header = read_header(handle_.get(), path_);
    check_header(path_, header);
    if (sqlite3_db_readonly(handle_.get(), "main") == 0 &&
        (!header.is_wal() || may_make_wal(handle_.get())))
        return true;
    handle_.reset();
    return false;
}

// The pager opens the file here and reads nothing yet.
void Database::connect(std::string_view parameters) {
    const bool is_writing = parameters == kForWriting;
    sqlite3 *handle = nullptr;
    const int result =
        sqlite3_open_v2(file_uri(path_, parameters).c_str(), &handle,
                        (is_writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                            SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
                        is_writing ? nullptr : readonly_vfs_name());
    handle_.reset(handle);
    if (handle == nullptr)
        throw Error(sqlstate::kOutOfMemory, "out of memory")
            .with_detail("SQLite could not open a connection.");
    if (result != SQLITE_OK)
        fail(sqlite3_extended_errcode(handle), opening());
    sqlite3_extended_result_codes(handle, 1);
    restrict();
    if (is_writing)
        unlock_writing(handle_.get());
}

// A plain connection to a WAL database uses its -shm and -wal; where they are missing SQLite would
// make them, so it is used only where both are there.
void Database::choose_wal_access() {
    const std::string real_path = sqlite3_db_filename(handle_.get(), "main");
    const std::string wal = real_path + "-wal";
    const std::string shm = real_path + "-shm";
    const std::int64_t wal_size = size_of_file(wal);
    const bool has_shm = size_of_file(shm) >= 0;
    if (has_shm && wal_size >= 0) {
        check_readable(shm, options_.os_user);
        check_readable(wal, options_.os_user);
        return;
    }
    if (wal_size > 0)
        fail(SQLITE_READONLY_RECOVERY, opening());
    // Left by a crash while the mode was changed; an immutable connection would not see it.
    if (size_of_file(real_path + "-journal") > 0)
        fail(SQLITE_READONLY_ROLLBACK, opening());
    open_immutable();
}

void Database::open_immutable() {
    wait_while_locked();
    connect("mode=ro&immutable=1");
    is_immutable_ = true;
    state_ = read_state();
    notes_.emplace_back(kWalNote);
}

// An application in exclusive locking mode keeps its WAL index in its own memory: no -shm tells of
// it, only its lock does.
void Database::wait_while_locked() {
    sqlite3_file *file = nullptr;
    sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    int result = file->pMethods->xLock(file, SQLITE_LOCK_SHARED);
    for (int attempts = 0; (result & 0xff) == SQLITE_BUSY && keep_waiting(attempts); ++attempts)
        result = file->pMethods->xLock(file, SQLITE_LOCK_SHARED);
    if (result != SQLITE_OK)
        fail(result, opening());
    file->pMethods->xUnlock(file, SQLITE_LOCK_NONE);
}

void Database::restrict() {
    set_switches(handle_.get());
    set_limits(handle_.get(), options_.max_value_size);
    sqlite3_busy_handler(handle_.get(), migrate_on_busy, this);
    sqlite3_progress_handler(handle_.get(), kProgressSteps, migrate_on_progress, this);
    // A mapped file that shrinks is SIGBUS, the end of every session of the server.
    run("PRAGMA mmap_size = 0", opening());
    run("PRAGMA temp_store = MEMORY", opening());
    run("PRAGMA cell_size_check = ON", opening());
    run("PRAGMA query_only = ON", opening());
}

void Database::load_schema() {
    // These two take the lock and parse the schema: whatever is wrong with the file shows here.
    run("SELECT 1 FROM sqlite_schema LIMIT 1", opening());
    run("PRAGMA cache_size = -8192", opening());
    set_authorizer(handle_.get());
}

void Database::accept_unknown_collations() {
    sqlite3_collation_needed(handle_.get(), nullptr, migrate_on_unknown_collation);
}

void Database::run(const char *sql, std::string_view doing) const {
    const int result = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK)
        fail(result, doing);
}

void Database::begin_read() {
    if (is_reading_)
        return;
    run("BEGIN", opening());
    try {
        // BEGIN takes no lock, the first read does.
        run("SELECT 1 FROM sqlite_schema LIMIT 1", opening());
        const FileState now = read_state();
        if (is_immutable_ && now != state_)
            fail_changed();
        state_ = now;
        is_wal_ = !is_immutable_ && read_header(handle_.get(), path_).is_wal();
    } catch (...) {
        sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
    is_reading_ = true;
}

void Database::end_read() {
    if (!is_reading_)
        return;
    is_reading_ = false;
    const bool is_changed = is_moved() || (!is_wal_ && read_state() != state_);
    // SQLite has ended the transaction itself after an error such as a lack of memory.
    // After damage in the file COMMIT reports it once more; nothing was written either way.
    if (sqlite3_get_autocommit(handle_.get()) == 0 &&
        sqlite3_exec(handle_.get(), "COMMIT", nullptr, nullptr, nullptr) != SQLITE_OK)
        sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    if (is_changed)
        fail_changed();
}

FileState Database::read_state() const {
    const FileHeader header = read_header(handle_.get(), path_);
    FileState state;
    state.size = header.size;
    state.change_counter = header.change_counter();
    struct stat status {};
    if (stat(path_.c_str(), &status) == 0)
        state.mtime_ns =
            std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    return state;
}

bool Database::is_moved() const noexcept {
    int is_moved = 0;
    sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &is_moved);
    return is_moved != 0;
}

bool Database::is_interrupted() const noexcept {
    return options_.is_interrupted != nullptr && options_.is_interrupted();
}

bool Database::keep_waiting(int attempts) noexcept {
    const auto now = std::chrono::steady_clock::now();
    if (attempts == 0)
        wait_began_ = now;
    if (is_interrupted() ||
        (options_.busy_timeout_ms > 0 &&
         now - wait_began_ >= std::chrono::milliseconds(options_.busy_timeout_ms)))
        return false;
    std::this_thread::sleep_for(kBusySleep);
    return true;
}

} // namespace migrate::core::sqlite

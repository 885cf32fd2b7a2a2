// A SQLite file, opened so that neither the file nor its folder is ever changed, and so that a
// hostile file can do nothing but give data.
//
//     auto database = Database::open("/data/shop.db", options);
//     database->begin_read();
//     … Statement(*database, "SELECT …") …
//     database->end_read();
//
// All connections of a backend come from here. The file is never opened by hand: closing any
// descriptor of it in this process would drop every lock on it (sqlite.org/howtocorrupt, 2.2), so
// header bytes come through SQLite's own file object.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::sqlite {

// Reads flags only; called inside SQLite, so it must not throw or jump.
using InterruptFlag = bool (*)() noexcept;

struct OpenOptions {
    InterruptFlag is_interrupted = nullptr; // nullptr: never
    std::int64_t busy_timeout_ms = 5000; // how long to wait for the application's lock; 0: for ever
    std::int64_t max_value_size = std::int64_t{256} << 20;
    std::string os_user; // the server's operating system user, named in permission errors
};

// What tells whether the file changed while it was read.
struct FileState {
    std::int64_t size = 0;
    std::int64_t mtime_ns = 0;
    std::uint32_t change_counter = 0; // header bytes 24-27
    bool operator==(const FileState &) const = default;
};

struct CloseHandle {
    void operator()(sqlite3 *handle) const noexcept { sqlite3_close_v2(handle); }
};

class Database {
  public:
    // `path` is absolute and canonical. Throws Error for whatever is no readable SQLite database:
    // 58P01 missing; 42501 permission, naming the server's OS user and the directory; 42809 a
    // directory, a FIFO or another special file; 22023 '', ':memory:' or a URI; XX001 an empty
    // file, a text dump, a gzip, another format, an encrypted or corrupt file, each in its own
    // words; 0A000 a newer format; 55000 a WAL without its -shm or a hot journal, saying how to
    // checkpoint; 55P03 when the application holds its lock longer than busy_timeout_ms.
    static std::unique_ptr<Database> open(const std::string &path, const OpenOptions &options);

    // Opens the one read transaction and takes the file's state under its lock; nothing when it is
    // open. Throws 55P03 when the application holds its lock longer than busy_timeout_ms; 55006
    // when the file is immutable (no lock protects what the connection keeps of it) and was changed
    // since it was opened: open it anew.
    void begin_read();
    // Compares the file's state and ends the transaction; throws 55006 when it differs. A file in
    // WAL mode may be written by a checkpoint while the transaction's snapshot stays right: there
    // only a file that was moved or replaced counts. Nothing when no transaction is open.
    void end_read();

    sqlite3 *handle() const noexcept { return handle_.get(); }
    const std::string &path() const noexcept { return path_; }
    const OpenOptions &options() const noexcept { return options_; }
    const FileState &state() const noexcept { return state_; }
    bool is_immutable() const noexcept { return is_immutable_; }
    // Whether readers see what writers commit meanwhile: the read transaction's file is in WAL
    // mode.
    bool is_wal() const noexcept { return is_wal_; }
    // Remarks on how the file was opened (a WAL header without its -wal, say), for the notes.
    const std::vector<std::string> &notes() const noexcept { return notes_; }
    bool is_interrupted() const noexcept;

    // From here on an unknown collation compares bytes, so that a table clustered by one can be
    // scanned; before, a statement that needs one fails.
    void accept_unknown_collations();

    // Turns a result code of this connection into the Error that the user sees and throws it;
    // `doing` completes "could not …", such as "read table \"item\"".
    [[noreturn]] void fail(int result, std::string_view doing) const;

    // Sleeps 10 ms and says whether to try for the lock again; for SQLite's busy handler.
    bool keep_waiting(int attempts) noexcept;

  private:
    Database(std::string path, const OpenOptions &options);

    void connect(std::string_view parameters);
    void choose_wal_access();
    void open_immutable();
    void wait_while_locked();
    void restrict();
    void load_schema();
    void run(const char *sql, std::string_view doing) const;
    FileState read_state() const;
    bool is_moved() const noexcept;
    std::string opening() const;
    [[noreturn]] void fail_changed() const;
    [[noreturn]] void fail_busy() const;
    [[noreturn]] void fail_damaged(int result, std::string_view doing) const;
    [[noreturn]] void fail_unopened(int result, std::string_view doing) const;

    std::string path_;
    OpenOptions options_;
    std::unique_ptr<sqlite3, CloseHandle> handle_;
    FileState state_;
    bool is_immutable_ = false;
    bool is_wal_ = false; // as the header said when the transaction began
    bool is_reading_ = false;
    std::chrono::steady_clock::time_point wait_began_;
    std::vector<std::string> notes_;
};

} // namespace migrate::core::sqlite

#include "core/csv/file_list.hpp"

#include "core/error.hpp"

#include "catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

using migrate::core::Error;
using namespace migrate::core::csv;
namespace fs = std::filesystem;

namespace {

// A directory with files, gone with the object.
class Folder {
  public:
    Folder() {
        char name[] = "/tmp/csv_file_list.XXXXXX";
        path_ = ::mkdtemp(name);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder &) = delete;
    Folder &operator=(const Folder &) = delete;

    void add(const std::string &name) const {
        fs::create_directories((fs::path(path_) / name).parent_path());
        std::ofstream(path_ + "/" + name) << "a\n";
    }
    const std::string &path() const { return path_; }

    std::string listed(const std::string &pattern) const {
        std::string text;
        for (const std::string &file : list_csv_files(path_ + pattern))
            text += (text.empty() ? "" : " ") + file.substr(path_.size() + 1);
        return text;
    }
    std::string error(const std::string &pattern) const {
        try {
            (void)list_csv_files(path_ + pattern);
        } catch (const Error &error) {
            std::string message = error.message();
            if (const std::size_t at = message.find(path_); at != std::string::npos)
                message.replace(at, path_.size(), "DIR");
            return std::string(error.code()) + " " + message;
        }
        return "none";
    }

  private:
    std::string path_;
};

} // namespace

TEST_CASE("a path means a file, a directory or a glob", "[csv][files]") {
    Folder folder;
    for (const char *name : {"b.csv", "a.CSV", "c.tsv.gz", "d.txt", "e.json", ".f.csv", "Z.csv",
                             "sub/g.csv", "h[1].csv"})
        folder.add(name);
    CHECK(folder.listed("/e.json") == "e.json");
    CHECK(folder.listed("") == "Z.csv a.CSV b.csv c.tsv.gz d.txt h[1].csv");
    CHECK(folder.listed("/*.csv") == "Z.csv b.csv h[1].csv");
    CHECK(folder.listed("/[ab].*") == "a.CSV b.csv");
    CHECK(folder.listed("/*/*.csv") == "sub/g.csv");
    CHECK(folder.listed("/?.json") == "e.json");
    CHECK(folder.listed("/h[1].csv") == "h[1].csv");
}

TEST_CASE("a path that means no file is an error", "[csv][files]") {
    Folder folder;
    CHECK(folder.error("/none.csv") ==
          "58P01 could not open \"DIR/none.csv\": No such file or directory");
    CHECK(folder.error("/*.csv") == "58P01 no file matches \"DIR/*.csv\"");
    CHECK(folder.error("") == "58P01 directory \"DIR\" holds no CSV file");
    folder.add("x");
    CHECK(folder.error("/x/y.csv") == "58P01 could not open \"DIR/x/y.csv\": Not a directory");
}

TEST_CASE("a table is named after its file", "[csv][files]") {
    CHECK(file_stem("/data/orders.csv") == "orders");
    CHECK(file_stem("/data/orders.CSV.gz") == "orders");
    CHECK(file_stem("orders.2024.tsv") == "orders.2024");
    CHECK(file_stem("/data/orders") == "orders");
    CHECK(file_stem("/data/.csv") == ".csv");
}

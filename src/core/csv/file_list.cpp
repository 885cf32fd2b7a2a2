#include "core/csv/file_list.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include <glob.h>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

namespace fs = std::filesystem;

constexpr char kServerHint[] =
    "The path is read by the server, as the operating system's user that runs it.";

[[noreturn]] void fail(const std::string &path, const std::error_code &error) {
    const bool is_denied = error == std::errc::permission_denied;
    const bool is_absent =
        error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
    throw Error(is_denied   ? sqlstate::kInsufficientPrivilege
                : is_absent ? sqlstate::kUndefinedFile
                            : sqlstate::kIoError,
                "could not open \"" + path + "\": " + std::strerror(error.value()))
        .with_hint(kServerHint);
}

bool ends_with(std::string_view text, std::string_view ending) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return text.size() >= ending.size() &&
           std::ranges::equal(text.substr(text.size() - ending.size()), ending, {}, lower);
}

std::string_view without_ending(std::string_view name, std::string_view ending) noexcept {
    return ends_with(name, ending) ? name.substr(0, name.size() - ending.size()) : name;
}

constexpr std::array<std::string_view, 3> kEndings = {".csv", ".tsv", ".txt"};

bool is_csv_name(std::string_view name) noexcept {
    const std::string_view plain = without_ending(name, ".gz");
    return !name.starts_with('.') && std::ranges::any_of(kEndings, [&](std::string_view ending) {
        return ends_with(plain, ending);
    });
}

std::vector<std::string> list_directory(const std::string &path) {
    std::error_code error;
    std::vector<std::string> files;
    fs::directory_iterator entries(path, error);
    while (!error && entries != fs::directory_iterator()) {
        const std::string name = entries->path().filename().string();
        std::error_code ignored; // a dangling link is no file
        if (is_csv_name(name) && !entries->is_directory(ignored))
            files.push_back(entries->path().string());
        entries.increment(error);
    }
    if (error)
        fail(path, error);
    if (files.empty())
        throw Error(sqlstate::kUndefinedFile, "directory \"" + path + "\" holds no CSV file")
            .with_hint("Files that end in .csv, .tsv or .txt count, also with .gz; a glob such as "
                       "\"" +
                       path + "/*\" takes others.");
    return files;
}

struct FreeGlob {
    void operator()(glob_t *matches) const noexcept { ::globfree(matches); }
};

// Wildcards of a sort (glob(7)); the C locale's order is made afterwards.
std::vector<std::string> match_glob(const std::string &path) {
    glob_t matches{};
    const std::unique_ptr<glob_t, FreeGlob> owner(&matches);
    const int result = ::glob(path.c_str(), GLOB_NOSORT, nullptr, &matches);
    if (result == GLOB_NOSPACE)
        throw std::bad_alloc();
    std::vector<std::string> files;
    for (std::size_t i = 0; i < matches.gl_pathc; i++) {
        std::error_code ignored;
        if (!fs::is_directory(matches.gl_pathv[i], ignored))
            files.emplace_back(matches.gl_pathv[i]);
    }
    if (files.empty())
        throw Error(sqlstate::kUndefinedFile, "no file matches \"" + path + "\"")
            .with_hint(kServerHint);
    return files;
}

bool has_wildcard(std::string_view path) noexcept {
    return path.find_first_of("*?[") != std::string_view::npos;
}

} // namespace

std::vector<std::string> list_csv_files(const std::string &path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    const bool is_there = fs::exists(status);
    if (!is_there && !has_wildcard(path))
        fail(path, error ? error : std::make_error_code(std::errc::no_such_file_or_directory));
    if (is_there && !fs::is_directory(status))
        return {path};
    std::vector<std::string> files = is_there ? list_directory(path) : match_glob(path);
    std::ranges::sort(files);
    return files;
}

std::string_view file_stem(std::string_view path) noexcept {
    std::string_view name = path.substr(path.rfind('/') + 1);
    name = without_ending(name, ".gz");
    for (const std::string_view ending : kEndings)
        if (name.size() > ending.size() && ends_with(name, ending))
            return name.substr(0, name.size() - ending.size());
    return name;
}

} // namespace migrate::core::csv

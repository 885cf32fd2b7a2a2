// What the tests of migration folders share: a folder from name and text, the rows it becomes.
#pragma once

#include "core/versioned/migration_set.hpp"

#include <string>
#include <utility>
#include <vector>

inline migrate::core::versioned::MigrationSet
read_folder(std::vector<std::pair<std::string, std::string>> files) {
    std::vector<migrate::core::versioned::SourceFile> sources;
    for (auto &[name, text] : files)
        sources.push_back({name, text});
    return migrate::core::versioned::read_migrations(sources);
}

// Files whose text does not matter.
inline migrate::core::versioned::MigrationSet read_names(std::vector<std::string> names) {
    std::vector<migrate::core::versioned::SourceFile> sources;
    for (std::string &name : names)
        sources.push_back({std::move(name), "SELECT 1;\n"});
    return migrate::core::versioned::read_migrations(sources);
}

// "version|name|layout|UP file|DOWN file" of each migration.
inline std::vector<std::string> rows(const migrate::core::versioned::MigrationSet &set) {
    std::vector<std::string> result;
    for (const auto &migration : set.migrations)
        result.push_back(migration.version + "|" + migration.name + "|" +
                         std::string(layout_name(migration.layout)) + "|" + migration.up.file +
                         "|" + (migration.down ? migration.down->file : ""));
    return result;
}

inline std::vector<std::string> versions(const migrate::core::versioned::MigrationSet &set) {
    std::vector<std::string> result;
    for (const auto &migration : set.migrations)
        result.push_back(migration.version);
    return result;
}

// "file: reason", with "!" before an error.
inline std::vector<std::string> problems(const migrate::core::versioned::MigrationSet &set) {
    std::vector<std::string> result;
    for (const auto &problem : set.problems)
        result.push_back((problem.is_error ? "!" : "") + problem.file + ": " + problem.reason);
    return result;
}

using Lines = std::vector<std::string>;

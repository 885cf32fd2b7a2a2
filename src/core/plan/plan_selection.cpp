#include "core/plan/plan_selection.hpp"

#include "core/error.hpp"
#include "core/import_options.hpp"
#include "core/plan/naming.hpp"

#include <cstddef>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// "a""b" → a"b; nothing when the text is not one quoted name.
bool unquote(std::string_view text, std::string &name) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
        return false;
    text = text.substr(1, text.size() - 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"' && (++i == text.size() || text[i] != '"'))
            return false;
        name += text[i];
    }
    return true;
}

std::string why_never_imported(const Table &table) {
    switch (table.kind) {
    case TableKind::virtual_table:
        return "It is a virtual table of module \"" + table.module +
               "\", which only that module can read.";
    case TableKind::shadow:
        return "It holds the private data of the virtual table \"" + table.module + "\".";
    case TableKind::ordinary:
    case TableKind::internal:
        break;
    }
    return "It is a table of SQLite's own.";
}

[[noreturn]] void refuse(const Table &table) {
    throw Error(sqlstate::kWrongObjectType, "cannot import table \"" + table.name + "\"")
        .with_detail(why_never_imported(table));
}

[[noreturn]] void fail_unmatched(const Schema &schema, const std::string &text) {
    std::vector<std::string_view> names;
    for (const Table &table : schema.tables) {
        if (table.kind == TableKind::ordinary)
            names.push_back(table.name);
    }
    for (const View &view : schema.views)
        names.push_back(view.name);
    Error error(sqlstate::kUndefinedTable,
                "table pattern \"" + text + "\" matches no table in the file");
    const std::string nearest = nearest_name(NamePattern(text).name(), names);
    if (!nearest.empty())
        throw std::move(error).with_hint("Perhaps you meant the table \"" + nearest + "\".");
    if (text.find('.') != std::string::npos && text.front() != '"')
        throw std::move(error).with_hint(
            "Write a name that holds a dot in double quotes; names carry no schema.");
    throw error;
}

// Marks what matches; tells whether anything did.
bool mark(const Schema &schema, const NamePattern &pattern, Selection &marks) {
    bool is_found = false;
    for (std::size_t i = 0; i < schema.tables.size(); ++i) {
        if (schema.tables[i].kind == TableKind::ordinary && pattern.matches(schema.tables[i].name))
            is_found = marks.tables[i] = true;
    }
    for (std::size_t i = 0; i < schema.views.size(); ++i) {
        if (pattern.matches(schema.views[i].name))
            is_found = marks.views[i] = true;
    }
    return is_found;
}

const Table *find_never_imported(const Schema &schema, const NamePattern &pattern) {
    for (const Table &table : schema.tables) {
        if (table.kind != TableKind::ordinary && pattern.matches(table.name))
            return &table;
    }
    return nullptr;
}

Selection make_selection(const Schema &schema, bool is_chosen) {
    Selection selection;
    selection.tables.assign(schema.tables.size(), false);
    selection.views.assign(schema.views.size(), is_chosen);
    for (std::size_t i = 0; is_chosen && i < schema.tables.size(); ++i)
        selection.tables[i] = schema.tables[i].kind == TableKind::ordinary;
    return selection;
}

void clear_marked(std::vector<bool> &chosen, const std::vector<bool> &marks) {
    for (std::size_t i = 0; i < chosen.size(); ++i)
        chosen[i] = chosen[i] && !marks[i];
}

} // namespace

NamePattern::NamePattern(std::string_view text) {
    std::string name;
    const bool is_quoted = unquote(text, name);
    pattern_ = fold_ascii(is_quoted ? name : text);
    has_wildcard_ = !is_quoted && pattern_.find_first_of("*?") != std::string::npos;
}

bool NamePattern::matches(std::string_view name) const {
    const std::string folded = fold_ascii(name);
    return has_wildcard_ ? matches_wildcard(pattern_, folded) : pattern_ == folded;
}

Selection select_relations(const Schema &schema, const std::vector<std::string> &tables,
                           const std::vector<std::string> &exclude) {
    Selection chosen = make_selection(schema, tables.empty());
    for (const std::string &text : tables) {
        const NamePattern pattern(text);
        if (mark(schema, pattern, chosen))
            continue;
        const Table *table = find_never_imported(schema, pattern);
        if (table != nullptr && !pattern.has_wildcard())
            refuse(*table);
        fail_unmatched(schema, text);
    }
    Selection excluded = make_selection(schema, false);
    for (const std::string &text : exclude) {
        const NamePattern pattern(text);
        // To leave out what is never imported anyway is no mistake.
        if (!mark(schema, pattern, excluded) && find_never_imported(schema, pattern) == nullptr)
            fail_unmatched(schema, text);
    }
    clear_marked(chosen.tables, excluded.tables);
    clear_marked(chosen.views, excluded.views);
    return chosen;
}

} // namespace migrate::core::plan

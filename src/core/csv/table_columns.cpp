#include "core/csv/table_columns.hpp"

#include "core/error.hpp"
#include "core/plan/column_overrides.hpp"
#include "core/plan/naming.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr char kUndefinedColumn[] = "42703";
constexpr char kBadFileFormat[] = "22P04";

TableColumn made_column(std::string_view name, TypeKind kind, ColumnOrigin origin) {
    TableColumn column;
    column.name = name;
    column.type = make_type(kind);
    column.type_sql = column.type.sql();
    column.origin = origin;
    column.is_given = true;
    return column;
}

std::vector<ColumnName> names_of_file(const FileSurvey &survey, const CsvOptions &options) {
    return name_columns(survey.header, survey.width, options.identifiers);
}

bool has_column(const TableColumns &table, std::string_view name) {
    return std::ranges::find(table.columns, name, &TableColumn::name) != table.columns.end();
}

TableColumn planned_column(const ColumnName &name) {
    TableColumn column;
    column.name = name.name;
    column.original = name.original;
    column.note = name.note;
    return column;
}

std::string in_quotes(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

void add_name(std::string &list, std::string_view name) {
    list += (list.empty() ? "" : ", ") + in_quotes(plan::replace_controls(name));
}

// How the columns of a further file differ from those of the files before it.
std::string difference_of(const TableColumns &table, const std::vector<ColumnName> &names) {
    std::string lacking;
    std::string more;
    for (const TableColumn &column : table.columns)
        if (column.origin == ColumnOrigin::field &&
            std::ranges::find(names, column.name, &ColumnName::name) == names.end())
            add_name(lacking, column.name);
    for (const ColumnName &name : names)
        if (!has_column(table, name.name))
            add_name(more, name.name);
    std::string difference;
    if (!lacking.empty())
        difference = "It lacks " + lacking + ".";
    if (!more.empty())
        difference += (difference.empty() ? "It adds " : " It adds ") + more + ".";
    return difference;
}

void set_origin(TableColumns &table, const std::string &name, ColumnOrigin origin, TypeKind kind,
                std::string_view table_name) {
    if (name.empty())
        return;
    const auto found = std::ranges::find(table.columns, name, &TableColumn::name);
    if (!table.is_existing) {
        if (found != table.columns.end())
            throw Error("42701", "column \"" + name + "\" is a column of the file too")
                .with_hint("Choose another name in the option \"filename_column\" or "
                           "\"line_column\".");
        table.columns.push_back(made_column(name, kind, origin));
        return;
    }
    if (found == table.columns.end())
        throw Error(kUndefinedColumn, "column \"" + name + "\" of table \"" +
                                          std::string(table_name) + "\" does not exist")
            .with_detail("An option says that it gets the name of the file or the line.");
    found->origin = origin;
}

} // namespace

TableColumns columns_of_file(const FileSurvey &survey, const CsvOptions &options) {
    TableColumns table;
    table.is_by_name = !survey.header.empty();
    for (const ColumnName &name : names_of_file(survey, options))
        table.columns.push_back(planned_column(name));
    return table;
}

TableColumns raw_columns() {
    TableColumns table;
    table.columns = {made_column("record", TypeKind::jsonb, ColumnOrigin::record),
                     made_column("file_name", TypeKind::text, ColumnOrigin::file_name),
                     made_column("line", TypeKind::bigint, ColumnOrigin::line),
                     made_column("loaded_at", TypeKind::timestamptz, ColumnOrigin::constant),
                     made_column("digest", TypeKind::text, ColumnOrigin::blank)};
    return table;
}

void add_origin_columns(TableColumns &table, const CsvOptions &options,
                        std::string_view table_name) {
    set_origin(table, options.filename_column, ColumnOrigin::file_name, TypeKind::text, table_name);
    set_origin(table, options.line_column, ColumnOrigin::line, TypeKind::bigint, table_name);
}

void add_file_columns(TableColumns &table, const FileSurvey &survey, const CsvOptions &options,
                      std::string_view file, std::string_view first_file) {
    if (survey.width == 0) // an empty file
        return;
    const std::vector<ColumnName> names = names_of_file(survey, options);
    const std::string difference = difference_of(table, names);
    if (difference.empty())
        return;
    if (!options.union_by_name)
        throw Error(kBadFileFormat, "file \"" + std::string(file) +
                                        "\" has other columns than file \"" +
                                        std::string(first_file) + "\"")
            .with_detail(difference)
            .with_hint("Use the option \"union_by_name\" with true to make a table with the "
                       "columns of all files, or import the files into tables of their own.");
    for (const ColumnName &name : names)
        if (!has_column(table, name.name))
            table.columns.push_back(planned_column(name));
}

const std::string *type_option(const CsvOptions &options, const TableColumn &column) {
    const std::string *best = nullptr;
    bool is_best_exact = false;
    for (const auto &[pattern, type] : options.types) {
        const bool is_exact = plan::is_exact_name(pattern);
        if ((best == nullptr || (is_exact && !is_best_exact)) &&
            (plan::takes_in(pattern, column.name) || plan::takes_in(pattern, column.original))) {
            best = &type;
            is_best_exact = is_exact;
        }
    }
    return best;
}

namespace {

void check_names(const std::vector<std::string> &names, const char *option,
                 const TableColumns &table) {
    for (const std::string &name : names)
        if (name != "*" && !has_column(table, name))
            throw Error(sqlstate::kInvalidParameterValue, "option \"" + std::string(option) +
                                                              "\" names column \"" + name +
                                                              "\", which the table does not have");
}

bool is_taken_in(const std::string &pattern, const TableColumns &table) {
    return std::ranges::any_of(table.columns, [&](const TableColumn &column) {
        return plan::takes_in(pattern, column.name) || plan::takes_in(pattern, column.original);
    });
}

} // namespace

void check_named_columns(const CsvOptions &options, const TableColumns &table) {
    check_names(options.force_null.names, "force_null", table);
    check_names(options.force_not_null.names, "force_not_null", table);
    check_names(options.key, "key", table);
    for (const auto &[pattern, type] : options.types)
        if (!is_taken_in(pattern, table))
            throw Error(sqlstate::kInvalidParameterValue, "option \"types\" names column \"" +
                                                              pattern +
                                                              "\", which the file does not have");
}

} // namespace migrate::core::csv

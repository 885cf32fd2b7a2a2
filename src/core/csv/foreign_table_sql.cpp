#include "core/csv/foreign_table_sql.hpp"

#include "core/csv/effective_options.hpp"
#include "core/error.hpp"
#include "core/plan/expression_printer.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::size_t kMostColumns = 1600; // MaxHeapAttributeNumber

// As PostgreSQL's quote_literal: right whatever standard_conforming_strings says.
std::string literal(std::string_view text) {
    std::string quoted = text.find('\\') == std::string_view::npos ? "'" : "E'";
    for (const char c : text) {
        if (c == '\'' || c == '\\')
            quoted += c;
        quoted += c;
    }
    return quoted + "'";
}

class OptionList {
  public:
    void add(std::string_view name, std::string_view value) {
        if (std::ranges::find(names_, name) != names_.end())
            return;
        names_.emplace_back(name);
        text_ += (text_.empty() ? "" : ", ") + std::string(name) + " " + literal(value);
    }
    const std::string &text() const noexcept { return text_; }

  private:
    std::vector<std::string> names_;
    std::string text_;
};

bool has_numbers(const InferredType &finding) noexcept {
    const TypeKind kind = finding.type.kind;
    return kind == TypeKind::bigint || kind == TypeKind::numeric || kind == TypeKind::float8;
}

// The form of dates and of numbers, where all columns that have any agree on one that is not the
// plain one: an option holds for all of them.
void add_format(OptionList &options, const std::vector<ColumnFinding> &findings) {
    DateOrder order = DateOrder::iso;
    bool is_one_order = true;
    const ValueFormat *numbers = nullptr;
    bool is_one_form = true;
    for (const ColumnFinding &finding : findings) {
        if (!finding)
            continue;
        const ValueFormat &format = finding->format;
        if (format.date_order != DateOrder::iso) {
            is_one_order = is_one_order && (order == DateOrder::iso || order == format.date_order);
            order = format.date_order;
        }
        if (!has_numbers(*finding))
            continue;
        is_one_form =
            is_one_form && (numbers == nullptr || (numbers->decimal == format.decimal &&
                                                   numbers->thousands == format.thousands));
        numbers = &format;
    }
    if (is_one_order && order != DateOrder::iso)
        options.add("date_order", date_order_word(order));
    if (numbers == nullptr || !is_one_form || numbers->has_plain_numbers())
        return;
    options.add("decimal", std::string_view(&numbers->decimal, 1));
    if (!numbers->thousands.empty())
        options.add("thousands", numbers->thousands);
}

// The name by which a scan finds the field.
const std::string &name_in_file(const TableColumn &column) {
    return column.original.empty() ? column.name : column.original;
}

// Whether each column of the foreign table will find its own field by its name.
bool are_names_enough(const ForeignFile &file, const CsvOptions &options) {
    TableColumns columns = file.columns;
    columns.is_existing = true;
    for (TableColumn &column : columns.columns)
        column.name = name_in_file(column);
    try {
        const FileMatch match = match_file(columns, file.survey, options, file.table, file.path);
        for (std::size_t i = 0; i < match.fields.size(); i++)
            if (match.fields[i] != static_cast<int>(i))
                return false;
    } catch (const Error &) {
        return false;
    }
    return true;
}

void add_dialect(OptionList &list, const ForeignFile &file) {
    const Dialect &dialect = file.survey.found.dialect;
    list.add("delimiter", dialect.delimiter);
    list.add("quote", quote_word(dialect));
    if (dialect.quote != '\0')
        list.add("escape", escape_word(dialect));
    if (dialect.newline != Newline::automatic)
        list.add("newline", newline_word(dialect));
    list.add("comment", dialect.comment);
    list.add("encoding", file.encoding);
    list.add("skip", std::to_string(file.survey.found.skip_lines));
    list.add("header", file.survey.has_header() ? "true" : "false");
}

std::string table_options(const ForeignFile &file, bool is_by_name) {
    OptionList list;
    list.add("filename", file.path);
    add_dialect(list, file);
    if (!is_by_name)
        list.add("header_match", "position");
    for (const auto &[name, value] : file.given)
        list.add(name, value);
    add_format(list, file.findings);
    return list.text();
}

} // namespace

std::string create_foreign_table(const ForeignFile &file, const CsvOptions &options) {
    if (file.columns.columns.size() > kMostColumns)
        throw Error(sqlstate::kTooManyColumns, "table \"" + file.table + "\" would have " +
                                                   std::to_string(file.columns.columns.size()) +
                                                   " columns");
    const bool has_names = !file.survey.header.empty();
    const bool is_by_name = !has_names || are_names_enough(file, options);
    std::string sql = "CREATE FOREIGN TABLE " + plan::quote_identifier(file.table) + " (";
    for (const TableColumn &column : file.columns.columns) {
        sql += (sql.ends_with('(') ? "\n  " : ",\n  ") + plan::quote_identifier(column.name) + " " +
               column.type_sql;
        if (has_names && is_by_name && name_in_file(column) != column.name)
            sql += " OPTIONS (column_name " + literal(name_in_file(column)) + ")";
    }
    return sql + "\n) SERVER " + plan::quote_identifier(file.server) + " OPTIONS (" +
           table_options(file, is_by_name) + ")";
}

} // namespace migrate::core::csv

// Which field of a file goes into which column of the table.
#include "core/csv/table_columns.hpp"

#include "core/error.hpp"
#include "core/plan/naming.hpp"

#include <algorithm>
#include <span>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr char kUndefinedColumn[] = "42703";
constexpr char kDuplicateColumn[] = "42701";
constexpr char kNotNullViolation[] = "23502";
constexpr char kBadFileFormat[] = "22P04";
constexpr std::size_t kMostShown = 20; // names in a message

class Matcher {
  public:
    Matcher(const TableColumns &table, const FileSurvey &survey, const CsvOptions &options,
            std::string_view table_name, std::string_view file)
        : table_(table), survey_(survey), options_(options), table_name_(table_name), file_(file),
          names_(name_columns(survey.header, survey.width, options.identifiers)) {}

    FileMatch match() {
        match_.fields.assign(table_.columns.size(), -1);
        const bool is_by_name = !survey_.header.empty() &&
                                options_.header_match == HeaderMatch::name && table_.is_by_name;
        if (survey_.width == 0)
            return std::move(match_);
        if (options_.header == HeaderMode::match)
            check_header();
        if (is_by_name)
            match_names();
        else
            match_positions();
        check_required();
        return std::move(match_);
    }

  private:
    bool takes_field(const TableColumn &column) const {
        return column.origin == ColumnOrigin::field && !column.is_generated;
    }
    std::vector<std::size_t> open_columns() const;
    std::string names_of_table() const;
    std::string names_of_file() const;
    std::string file_words() const { return "file \"" + file_ + "\""; }
    std::string table_words() const { return "table \"" + table_name_ + "\""; }

    int find_column(std::size_t field) const;
    int find_folded(std::string_view name) const;
    void match_names();
    void match_positions();
    void check_header() const;
    void check_required();
    void note_differences();
    void note(std::string words) { match_.notes.push_back(std::move(words)); }

    const TableColumns &table_;
    const FileSurvey &survey_;
    const CsvOptions &options_;
    std::string table_name_;
    std::string file_;
    std::vector<ColumnName> names_;
    std::vector<std::string> extra_; // fields without a column
    FileMatch match_;
};

std::string list_names(std::span<const std::string> names) {
    std::string list;
    for (std::size_t i = 0; i < names.size() && i < kMostShown; i++)
        list += (i == 0 ? "\"" : ", \"") + plan::replace_controls(names[i]) + "\"";
    if (names.size() > kMostShown)
        list += " and " + std::to_string(names.size() - kMostShown) + " more";
    return list;
}

std::vector<std::size_t> Matcher::open_columns() const {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < table_.columns.size(); i++)
        if (takes_field(table_.columns[i]))
            open.push_back(i);
    return open;
}

std::string Matcher::names_of_table() const {
    std::vector<std::string> names;
    for (const std::size_t column : open_columns())
        names.push_back(table_.columns[column].name);
    return list_names(names);
}

std::string Matcher::names_of_file() const {
    std::vector<std::string> names;
    for (const ColumnName &name : names_)
        names.push_back(name.original.empty() ? name.name : name.original);
    return list_names(names);
}

int Matcher::find_folded(std::string_view name) const {
    const std::string folded = plan::fold_ascii(name);
    int found = -1;
    for (std::size_t i = 0; i < table_.columns.size(); i++) {
        if (plan::fold_ascii(table_.columns[i].name) != folded)
            continue;
        if (found >= 0) // "Id" and "id": only the exact name can tell
            return -1;
        found = static_cast<int>(i);
    }
    return found;
}

int Matcher::find_column(std::size_t field) const {
    const auto exact = [&](std::string_view name) {
        const auto found = std::ranges::find(table_.columns, name, &TableColumn::name);
        return found == table_.columns.end() ? -1
                                             : static_cast<int>(found - table_.columns.begin());
    };
    if (!table_.is_existing)
        return exact(names_[field].name);
    const std::string &original = names_[field].original;
    for (const int column : {exact(original), exact(names_[field].name)})
        if (column >= 0)
            return column;
    return find_folded(original);
}

void Matcher::match_names() {
    bool is_any = false;
    for (std::size_t field = 0; field < names_.size(); field++) {
        const int column = find_column(field);
        if (column < 0) {
            extra_.push_back(names_[field].original);
            continue;
        }
        const auto place = static_cast<std::size_t>(column);
        if (!takes_field(table_.columns[place])) {
            note("column \"" + table_.columns[place].name +
                 "\" is computed: the file's values of it were not loaded");
            continue;
        }
        if (match_.fields[place] >= 0)
            throw Error(kDuplicateColumn, file_words() + " has column \"" +
                                              table_.columns[place].name + "\" more than once")
                .with_hint("Name the file's columns in the option \"columns\".");
        match_.fields[place] = static_cast<int>(field);
        is_any = true;
    }
    if (!is_any)
        throw Error(kUndefinedColumn,
                    file_words() + " names none of the columns of " + table_words())
            .with_detail("The file has " + names_of_file() + "; the table has " + names_of_table() +
                         ".")
            .with_hint("Use the option \"header_match\" with \"position\", name the file's columns "
                       "in the option \"columns\", or set the option \"header\" to false.");
    note_differences();
}

void Matcher::note_differences() {
    if (!table_.is_existing)
        return;
    if (!extra_.empty())
        note("columns of the file that the table does not have were not loaded: " +
             list_names(extra_));
    std::vector<std::string> missing;
    std::vector<int> order;
    for (const std::size_t column : open_columns()) {
        if (match_.fields[column] < 0)
            missing.push_back(table_.columns[column].name);
        else
            order.push_back(match_.fields[column]);
    }
    if (!missing.empty())
        note((table_.is_synced ? "columns that the file does not have are left alone: "
                               : "columns that the file does not have got their defaults: ") +
             list_names(missing));
    if (!std::ranges::is_sorted(order))
        note("the file has the columns in another order than the table");
}

void Matcher::match_positions() {
    const std::vector<std::size_t> open = open_columns();
    if (open.size() != survey_.width)
        throw Error(kBadFileFormat, file_words() + " has " + std::to_string(survey_.width) +
                                        " columns, " + table_words() + " has " +
                                        std::to_string(open.size()))
            .with_detail("Without a header the columns are found by their position.")
            .with_hint("Name the file's columns in the option \"columns\".");
    for (std::size_t field = 0; field < open.size(); field++)
        match_.fields[open[field]] = static_cast<int>(field);
}

// COPY's HEADER MATCH: all columns, in the order of the table.
void Matcher::check_header() const {
    const std::vector<std::size_t> open = open_columns();
    bool is_equal = open.size() == names_.size();
    for (std::size_t field = 0; is_equal && field < open.size(); field++)
        is_equal = table_.columns[open[field]].name == names_[field].original;
    if (is_equal || !table_.is_existing)
        return;
    throw Error(kBadFileFormat,
                "the header of " + file_words() + " does not match the columns of " + table_words())
        .with_detail("The file has " + names_of_file() + "; the table has " + names_of_table() +
                     ".")
        .with_hint("Set the option \"header\" to true to find the columns by their names.");
}

void Matcher::check_required() {
    if (table_.is_synced)
        return;
    for (std::size_t i = 0; i < table_.columns.size(); i++) {
        const TableColumn &column = table_.columns[i];
        if (match_.fields[i] >= 0 || !takes_field(column) || !column.is_not_null ||
            column.has_default)
            continue;
        throw Error(kNotNullViolation, file_words() + " has no column \"" + column.name +
                                           "\", which " + table_words() + " requires")
            .with_detail("The column is NOT NULL and has no default. The file has " +
                         names_of_file() + ".");
    }
}

} // namespace

FileMatch match_file(const TableColumns &table, const FileSurvey &survey, const CsvOptions &options,
                     std::string_view table_name, std::string_view file) {
    return Matcher(table, survey, options, table_name, file).match();
}

} // namespace migrate::core::csv

#include "core/csv/effective_options.hpp"

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// A JSON object under construction.
class JsonObject {
  public:
    void add(std::string_view key, std::string_view json) {
        text_ += (text_.size() > 1 ? ", " : "") + json_text(key) + ": " + std::string(json);
    }
    void add_text(std::string_view key, std::string_view text) { add(key, json_text(text)); }
    bool is_empty() const noexcept { return text_.size() == 1; }
    std::string close() { return text_ + "}"; }

  private:
    std::string text_ = "{";
};

void add_dialect(JsonObject &object, const FileSurvey &survey, std::string_view encoding) {
    const Dialect &dialect = survey.found.dialect;
    object.add_text("delimiter", dialect.delimiter);
    object.add_text("quote", quote_word(dialect));
    if (dialect.quote != '\0')
        object.add_text("escape", escape_word(dialect));
    if (dialect.newline != Newline::automatic)
        object.add_text("newline", newline_word(dialect));
    if (!dialect.comment.empty())
        object.add_text("comment", dialect.comment);
    object.add_text("encoding", encoding);
    object.add("skip", std::to_string(survey.found.skip_lines));
    object.add("header", survey.has_header() ? "true" : "false");
}

void add_format(JsonObject &object, const ValueFormat &format) {
    if (format.date_order != DateOrder::iso)
        object.add_text("date_order", date_order_word(format.date_order));
    if (format.decimal != '.')
        object.add_text("decimal", std::string_view(&format.decimal, 1));
    if (!format.thousands.empty())
        object.add_text("thousands", format.thousands);
}

// The form of the values in which any column differs from the plain one: options hold for all.
ValueFormat common_format(const std::vector<ColumnFinding> &findings) {
    ValueFormat common;
    for (const ColumnFinding &finding : findings) {
        if (!finding)
            continue;
        if (finding->format.date_order != DateOrder::iso)
            common.date_order = finding->format.date_order;
        if (finding->format.decimal != '.')
            common.decimal = finding->format.decimal;
        if (!finding->format.thousands.empty())
            common.thousands = finding->format.thousands;
    }
    return common;
}

std::string field_details(const TableColumns &table, const std::vector<ColumnFinding> &findings,
                          std::size_t column) {
    JsonObject object;
    object.add_text("column", table.columns[column].name);
    if (column < findings.size() && findings[column])
        add_format(object, findings[column]->format);
    return object.close();
}

} // namespace

std::string json_text(std::string_view text) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string json = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (json += '\\') += c;
        else if (c == '\t')
            json += "\\t";
        else if (byte < 0x20)
            ((json += "\\u00") += kDigits[byte >> 4]) += kDigits[byte & 0xF];
        else
            json += c;
    }
    return json + '"';
}

std::string escape_word(const Dialect &dialect) {
    return std::string(1, dialect.escape == kDoubled ? dialect.quote : dialect.escape);
}

std::string quote_word(const Dialect &dialect) {
    return dialect.quote == '\0' ? std::string() : std::string(1, dialect.quote);
}

std::string newline_word(const Dialect &dialect) {
    constexpr const char *kWords[] = {"auto", "lf", "crlf", "cr"};
    return kWords[static_cast<std::size_t>(dialect.newline)];
}

std::string effective_options(const FileSurvey &survey, std::string_view encoding,
                              const TableColumns &table,
                              const std::vector<ColumnFinding> &findings) {
    JsonObject object;
    add_dialect(object, survey, encoding);
    add_format(object, common_format(findings));
    JsonObject types;
    for (const TableColumn &column : table.columns)
        if (column.origin == ColumnOrigin::field)
            types.add_text(column.name, column.type_sql);
    if (!types.is_empty())
        object.add("types", types.close());
    return object.close();
}

std::string file_details(std::string_view database, const FileSurvey &survey,
                         std::string_view encoding, const TableColumns &table,
                         const FileMatch &match, const std::vector<ColumnFinding> &findings) {
    JsonObject object;
    object.add_text("database", database);
    add_dialect(object, survey, encoding);
    std::string fields;
    for (std::size_t field = 0; field < survey.width; field++) {
        std::string one = "null";
        for (std::size_t i = 0; i < match.fields.size(); i++)
            if (match.fields[i] == static_cast<int>(field))
                one = field_details(table, findings, i);
        fields += (field > 0 ? ", " : "") + one;
    }
    object.add("fields", "[" + fields + "]");
    return object.close();
}

std::string import_call(std::string_view path, std::string_view target, std::string_view options) {
    const auto literal = [](std::string_view text) {
        std::string quoted = "'";
        const bool has_backslash = text.find('\\') != std::string_view::npos;
        for (const char c : text) {
            quoted += c;
            if (c == '\'' || c == '\\')
                quoted += c;
        }
        return (has_backslash ? "E" : "") + quoted + "'";
    };
    return "SELECT * FROM migrate.import_csv(" + literal(path) + ", " + literal(target) + ", " +
           literal(options) + ");";
}

} // namespace migrate::core::csv

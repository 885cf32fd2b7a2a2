#include "core/sqlite/tenant_check.hpp"

#include "core/error.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/lookup_sql.hpp"
#include "core/sqlite/row_reader.hpp"
#include "core/sqlite/statement.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

constexpr std::size_t kMaxRows = 20;  // named in an error
constexpr std::size_t kMaxLines = 40; // of an error
constexpr std::size_t kMaxText = 60;  // bytes of a value

const Column &column_at(const Table &table, int column) {
    return table.columns[static_cast<std::size_t>(column)];
}

std::vector<std::string> names_of(const Table &table, const std::vector<int> &columns) {
    std::vector<std::string> names;
    for (const int column : columns)
        names.push_back(column_at(table, column).name);
    return names;
}

// The columns that tell a row from others in the file: its key there, or its rowid.
std::vector<std::string> key_sql(const Table &table) {
    const std::vector<int> &key =
        table.primary_key_rewrite ? table.primary_key_rewrite->columns : table.primary_key;
    std::vector<std::string> terms;
    for (const int column : key)
        if (column_at(table, column).lookups.empty())
            terms.push_back(value_sql("migrate_t", column_at(table, column)));
    if (terms.empty() && !rowid_name(table).empty())
        terms.push_back("migrate_t." + rowid_name(table));
    return terms;
}

std::string value_text(const Statement &row, int column) {
    if (row.is_null(column))
        return "NULL";
    std::string text = shown(row.text(column));
    if (text.size() <= kMaxText)
        return text;
    std::size_t end = kMaxText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end) + "…";
}

std::string counted(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " row " : " rows ");
}

class TenantCheck {
  public:
    TenantCheck(const Database &database, const Schema &schema)
        : database_(database), schema_(schema) {}

    void run() {
        for (const Table &table : schema_.tables) {
            if (table.tenant_column < 0)
                continue;
            if (!table.is_tenant_root)
                find_without_tenant(table);
            for (const ForeignKey &key : table.foreign_keys)
                find_crossing(table, key);
        }
        if (without_ + crossing_ > 0)
            fail();
    }

  private:
    struct Query {
        std::string what; // the sentence after the count
        std::string sql;  // the rows at fault: their key, then their tenants
        int keys = 0;
        bool is_by_row = false;   // the key is the rowid
        bool has_tenants = false; // the row's and its parent's follow the key
    };

    static std::string tenant_sql(const std::string &alias, const Table &table) {
        return value_sql(alias, column_at(table, table.tenant_column));
    }

    void find_without_tenant(const Table &table) {
        const Column &tenant = column_at(table, table.tenant_column);
        Query query = start(table);
        query.what = (tenant.lookups.empty() ? "without " : "without a parent that has ") +
                     shown(quote_name(tenant.name));
        query.sql += " FROM main." + quote_name(table.name) + " AS migrate_t NOT INDEXED WHERE " +
                     missing_sql(table);
        without_ += list(table, query);
    }

    // Parents whose own tenants are looked at need only be there: the rows at fault are theirs.
    std::string missing_sql(const Table &table) const {
        const Column &tenant = column_at(table, table.tenant_column);
        std::string sql;
        for (const Lookup &lookup : tenant.lookups) {
            const Table *parent = find_table(lookup.parent_table);
            if (parent == nullptr || parent->tenant_column < 0)
                return value_sql("migrate_t", tenant) + " IS NULL";
            sql += (sql.empty() ? "" : " AND ") + std::string("NOT EXISTS (SELECT 1 FROM main.") +
                   quote_name(parent->name) + " AS migrate_q WHERE " +
                   join_sql("migrate_t", lookup.columns, "migrate_q", lookup.parent_columns) + ")";
        }
        return sql.empty() ? value_sql("migrate_t", tenant) + " IS NULL" : sql;
    }

    // A foreign key that joins rows of two tenant tables. Where it is the one that gives the row
    // its tenant there is nothing to differ.
    void find_crossing(const Table &table, const ForeignKey &key) {
        const Table *parent = find_table(key.parent_table);
        if (!key.rewrite || parent == nullptr || parent->tenant_column < 0)
            return;
        const std::vector<std::string> columns = names_of(table, key.rewrite->columns);
        const std::vector<Lookup> &lookups = column_at(table, table.tenant_column).lookups;
        const std::vector<std::string> parents = parent_columns(*parent, key);
        if (!lookups.empty() && lookups.front().parent_table == parent->name &&
            lookups.front().columns == columns && lookups.front().parent_columns == parents)
            return;
        const std::string own = tenant_sql("migrate_t", table);
        const std::string other = tenant_sql("migrate_q", *parent);
        Query query = start(table);
        query.has_tenants = true;
        query.what = "of another tenant than the parent in " + shown(quote_name(parent->name));
        query.sql += (query.keys > 0 ? ", " : "") + own + ", " + other + " FROM main." +
                     quote_name(table.name) + " AS migrate_t NOT INDEXED CROSS JOIN main." +
                     quote_name(parent->name) + " AS migrate_q WHERE " +
                     join_sql("migrate_t", columns, "migrate_q", parents) + " AND " + own +
                     " COLLATE BINARY <> " + other;
        crossing_ += list(table, query);
    }

    static Query start(const Table &table) {
        Query query;
        query.sql = "SELECT ";
        for (const std::string &term : key_sql(table))
            query.sql += (query.keys++ > 0 ? ", " : "") + term;
        query.is_by_row = table.primary_key.empty();
        return query;
    }

    const Table *find_table(const std::string &name) const {
        const auto found = std::ranges::find_if(schema_.tables, [&](const Table &table) {
            return sqlite3_stricmp(table.name.c_str(), name.c_str()) == 0;
        });
        return found == schema_.tables.end() ? nullptr : &*found;
    }

    // As the file has them.
    static std::vector<std::string> parent_columns(const Table &parent, const ForeignKey &key) {
        if (!key.rewrite->parent_columns.empty())
            return key.rewrite->parent_columns;
        return names_of(parent, parent.primary_key_rewrite ? parent.primary_key_rewrite->columns
                                                           : parent.primary_key);
    }

    std::int64_t list(const Table &table, const Query &query) {
        Statement row(database_, query.sql,
                      "check the tenants of table " + shown(quote_name(table.name)));
        std::int64_t count = 0;
        std::string rows;
        for (; row.step(); ++count) {
            if (listed_ == kMaxRows)
                continue;
            ++listed_;
            rows += (rows.empty() ? "" : ", ") + describe(row, query);
        }
        if (count > 0)
            lines_.push_back("Table " + shown(quote_name(table.name)) + ": " + counted(count) +
                             query.what + (rows.empty() ? "" : ": " + rows) + ".");
        return count;
    }

    static std::string describe(const Statement &row, const Query &query) {
        std::string key;
        for (int i = 0; i < query.keys; ++i)
            key += (i > 0 ? ", " : "") + value_text(row, i);
        if (query.keys != 1)
            key = "(" + key + ")";
        else if (query.is_by_row)
            key = "row " + key;
        if (!query.has_tenants)
            return key;
        return key + " (" + value_text(row, query.keys) + ", not " +
               value_text(row, query.keys + 1) + ")";
    }

    [[noreturn]] void fail() const {
        std::string detail;
        for (std::size_t i = 0; i < std::min(lines_.size(), kMaxLines); ++i)
            detail += (i > 0 ? "\n" : "") + lines_[i];
        if (lines_.size() > kMaxLines)
            detail += "\nSo it is with " + std::to_string(lines_.size() - kMaxLines) +
                      " more foreign keys and tables.";
        std::string message = without_ > 0 ? counted(without_) + "without a tenant" : "";
        message += without_ > 0 && crossing_ > 0 ? ", " : "";
        message += crossing_ > 0 ? counted(crossing_) + "of another tenant than the parent" : "";
        throw Error(crossing_ > 0 ? sqlstate::kForeignKeyViolation : sqlstate::kNotNullViolation,
                    message)
            .with_detail(detail)
            .with_hint("Nothing was loaded. Mend these rows in the file, or leave their tables out "
                       "with argument \"exclude\".");
    }

    const Database &database_;
    const Schema &schema_;
    std::vector<std::string> lines_;
    std::size_t listed_ = 0;
    std::int64_t without_ = 0;
    std::int64_t crossing_ = 0;
};

} // namespace

void check_tenants(const Database &database, const Schema &schema) {
    TenantCheck(database, schema).run();
}

} // namespace migrate::core::sqlite

#include "core/plan/tenancy.hpp"

#include "core/plan/kept_keys.hpp"
#include "core/plan/naming.hpp"
#include "core/plan/parent_fill.hpp"
#include "core/plan/tenant_tables.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

const Column &column_at(const Table &table, int column) {
    return table.columns[static_cast<std::size_t>(column)];
}

bool holds(const std::vector<int> &columns, int column) {
    return std::ranges::find(columns, column) != columns.end();
}

std::string led_by(const Table &table) {
    return "led by the tenant column \"" + column_at(table, table.tenant_column).name + "\"";
}

// Where the value of a child's column is first declared, over as many parents as it takes.
const Column &origin_of(const Schema &schema, const Lookup &lookup) {
    if (lookup.value_column.empty())
        return origin_of(schema, lookup.lookups.front());
    const auto parent = std::ranges::find(schema.tables, lookup.parent_table, &Table::name);
    return column_at(*parent, find_column(*parent, lookup.value_column));
}

// Of the rewritten keys of a table, the file's columns of each.
std::vector<std::set<int>> rewritten_keys(const Table &table) {
    std::vector<std::set<int>> keys;
    const auto add = [&](const std::optional<KeyRewrite> &rewrite) {
        if (rewrite)
            keys.emplace_back(rewrite->columns.begin(), rewrite->columns.end());
    };
    add(table.primary_key_rewrite);
    for (const Index &index : table.indexes) {
        if (!index.predicate)
            add(index.rewrite);
    }
    return keys;
}

class Tenancy {
  public:
    Tenancy(Schema &schema, const Selection &selection, const ImportOptions &options)
        : schema_(schema), tenants_(find_tenant_tables(schema, options.tenant_key)),
          kept_(options.tenant_unique_keep, schema) {
        is_chosen_ = selection.tables;
        // As the file has them: the columns of a foreign key are those that the parent's key had.
        for (const Table &table : schema.tables) {
            auto &parents = parents_.emplace_back();
            for (const ForeignKey &key : table.foreign_keys)
                parents.push_back(find_parent_key(schema, key));
        }
    }

    void apply() {
        std::vector<Column> added = make_columns();
        for (std::size_t i = 0; i < tenants_.size(); ++i) {
            if (is_chosen_[i])
                rewrite_table(i, added[i]);
        }
        for (std::size_t i = 0; i < tenants_.size(); ++i) {
            const std::size_t count = schema_.tables[i].foreign_keys.size();
            for (std::size_t key = 0; is_chosen_[i] && key < count; ++key)
                rewrite_foreign_key(i, key);
        }
    }

  private:
    // Made before any is added: an added column is a copy of one of the file's.
    std::vector<Column> make_columns() const {
        std::vector<Column> columns(tenants_.size());
        for (std::size_t i = 0; i < tenants_.size(); ++i) {
            const std::vector<Lookup> &lookups = tenants_[i].lookups;
            if (lookups.empty())
                continue;
            const Column &origin = origin_of(schema_, lookups.front());
            columns[i].name = origin.name;
            columns[i].declared_type = origin.declared_type;
            columns[i].collation = origin.collation;
            columns[i].lookups = lookups;
            columns[i].adaptation = "added, " + describe_lookups(lookups);
        }
        return columns;
    }

    void rewrite_table(std::size_t number, Column &added) {
        Table &table = schema_.tables[number];
        const TenantTable &tenant = tenants_[number];
        table.tenant_column = tenant.column;
        table.is_tenant_root = tenant.role == TenantRole::root;
        if (!tenant.is_tenant())
            return;
        if (tenant.role == TenantRole::child)
            table.columns.push_back(std::move(added));
        Column &column = table.columns[static_cast<std::size_t>(tenant.column)];
        if (tenant.role == TenantRole::owner && !is_mandatory_column(table))
            column.adaptation = "NOT NULL, as every row has a tenant";
        column.is_not_null = true;
        // Where the tenant alone is the key, there is one row to each: nothing has to be told
        // apart.
        const bool is_one_row = table.primary_key == std::vector<int>{tenant.column};
        if (!table.primary_key.empty() && !is_one_row)
            rewrite_primary_key(table);
        for (std::size_t i = 0; i < table.indexes.size(); ++i) {
            if (table.indexes[i].is_unique && table.indexes[i].origin != IndexOrigin::primary_key &&
                !is_one_row)
                rewrite_index(table, table.indexes[i]);
        }
    }

    static bool is_mandatory_column(const Table &table) {
        ForeignKey key;
        key.columns = {table.tenant_column};
        return is_mandatory(table, key);
    }

    static void rewrite_primary_key(Table &table) {
        std::vector<int> &key = table.primary_key;
        if (key.front() == table.tenant_column)
            return;
        KeyRewrite rewrite;
        rewrite.columns = key;
        rewrite.reason = led_by(table);
        table.primary_key_rewrite = std::move(rewrite);
        std::erase(key, table.tenant_column);
        key.insert(key.begin(), table.tenant_column);
        for (std::size_t i = 0; i < key.size(); ++i)
            table.columns[static_cast<std::size_t>(key[i])].key_position = static_cast<int>(i) + 1;
    }

    // A key that holds the tenant somewhere is one within the tenant already.
    void rewrite_index(const Table &table, Index &index) const {
        KeyRewrite rewrite;
        for (const KeyColumn &column : index.columns)
            rewrite.columns.push_back(column.column);
        if (holds(rewrite.columns, table.tenant_column) || kept_.holds(table, index))
            return;
        rewrite.reason = led_by(table);
        index.rewrite = std::move(rewrite);
        KeyColumn tenant;
        tenant.column = table.tenant_column;
        tenant.collation = column_at(table, table.tenant_column).collation;
        index.columns.insert(index.columns.begin(), std::move(tenant));
    }

    void rewrite_foreign_key(std::size_t child, std::size_t number) {
        const std::optional<FoundKey> &found = parents_[child][number];
        Table &table = schema_.tables[child];
        if (!found || table.tenant_column < 0)
            return;
        const Table &parent = schema_.tables[found->parent];
        if (parent.tenant_column < 0 || parent.is_tenant_root)
            return;
        ForeignKey &key = table.foreign_keys[number];
        if (!holds(key.columns, table.tenant_column) &&
            !holds(found->columns, parent.tenant_column))
            lead_foreign_key(table, key, parent, *found);
        keep_tenant(table, key);
    }

    static void lead_foreign_key(const Table &table, ForeignKey &key, const Table &parent,
                                 const FoundKey &found) {
        KeyRewrite rewrite;
        rewrite.columns = key.columns;
        rewrite.parent_columns = key.parent_columns;
        rewrite.on_update = key.on_update;
        const auto keys = rewritten_keys(parent);
        const std::set<int> wanted(found.columns.begin(), found.columns.end());
        if (std::ranges::find(keys, wanted) == keys.end()) {
            // Its rows are looked at all the same: parent and child are of one tenant.
            rewrite.reason = "as it was: the key it refers to is unique across tenants";
            key.rewrite = std::move(rewrite);
            return;
        }
        rewrite.reason = led_by(table);
        key.rewrite = std::move(rewrite);
        key.columns.insert(key.columns.begin(), table.tenant_column);
        key.parent_columns = {column_at(parent, parent.tenant_column).name};
        for (const int column : found.columns)
            key.parent_columns.push_back(column_at(parent, column).name);
    }

    // No action may take a row's tenant away.
    static void keep_tenant(const Table &table, ForeignKey &key) {
        if (!holds(key.columns, table.tenant_column))
            return;
        const auto writes = [](ForeignKeyAction action) {
            return action == ForeignKeyAction::set_null || action == ForeignKeyAction::set_default;
        };
        if (writes(key.on_delete)) {
            key.set_columns = key.columns;
            std::erase(key.set_columns, table.tenant_column);
        }
        if (!writes(key.on_update) || !key.rewrite)
            return;
        key.on_update = ForeignKeyAction::no_action;
        key.rewrite->reason += "; its ON UPDATE is left off, as it would write the tenant too";
    }

    Schema &schema_;
    std::vector<TenantTable> tenants_;
    const KeptKeys kept_;
    std::vector<bool> is_chosen_;
    std::vector<std::vector<std::optional<FoundKey>>> parents_; // by table and foreign key
};

} // namespace

void apply_tenancy(Schema &schema, const Selection &selection, const ImportOptions &options) {
    if (!options.tenant_key.empty())
        Tenancy(schema, selection, options).apply();
}

} // namespace migrate::core::plan

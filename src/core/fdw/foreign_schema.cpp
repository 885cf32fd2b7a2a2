#include "core/fdw/foreign_schema.hpp"

#include "core/error.hpp"
#include "core/fdw/epoch_words.hpp"
#include "core/fdw/view_access.hpp"
#include "core/sqlite/catalog.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/statement.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

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

std::string column_options(const Table &table, const plan::ColumnPlan &column) {
    const Column &source = table.columns[static_cast<std::size_t>(column.source)];
    std::string options = "column_name " + literal(source.name);
    if (column.epoch != EpochUnit::none && column.type.is_time_like())
        options += ", epoch " + literal(epoch_word(column.epoch));
    if (column.is_key)
        options += ", key 'true'";
    return options;
}

} // namespace

ForeignSchema::ForeignSchema(Connection &connection, const plan::PlanRequest &request)
    : connection_(&connection), schema_(sqlite::read_catalog(connection.database())) {
    add_views();
    for (const Table &table : schema_.tables)
        if (table.kind == TableKind::virtual_table)
            notes_.push_back({table.name, "virtual table \"" + sqlite::shown(table.name) +
                                              "\" of module \"" + sqlite::shown(table.module) +
                                              "\" is left out"});
    plan_ = std::make_unique<plan::Plan>(schema_, request);
    for (const plan::TablePlan &table : plan_->tables())
        names_.push_back(table.name);
}

void ForeignSchema::add_views() {
    connection_->use_views();
    for (const View &view : std::exchange(schema_.views, {})) {
        try {
            schema_.tables.push_back(describe_view(connection_->database(), view.name));
        } catch (const Error &error) {
            if (std::string_view(error.code()) == sqlstate::kQueryCanceled)
                throw;
            notes_.push_back({view.name, "view \"" + sqlite::shown(view.name) +
                                             "\" is left out: " + error.message()});
        }
    }
}

void ForeignSchema::start_profile(std::size_t table) {
    const plan::TablePlan &planned = plan_->tables()[table];
    const Relation *relation = connection_->find(planned.source->name);
    ScanRequest request;
    request.relation = relation;
    for (const int column : plan_->source_columns(table))
        request.columns.push_back({column, EpochUnit::none});
    profile_ = std::make_unique<plan::TableProfile>(plan_->make_profile(table));
    batch_ = std::make_unique<Batch>(request.columns.size());
    reader_ = std::make_unique<QueryReader>(connection_->database(), *relation, request.columns);
    reader_->start(write_query(*connection_, request));
}

bool ForeignSchema::profile_some() {
    if (next_ == chosen_.size()) {
        plan_->decide();
        return false;
    }
    const std::size_t table = chosen_[next_];
    if (reader_ == nullptr)
        start_profile(table);
    const Fetch fetch = reader_->fetch(*batch_, Batch::kMaxRows);
    profile_->add(*batch_);
    if (fetch == Fetch::end) {
        plan_->set_profile(table, std::move(*profile_));
        reader_.reset();
        ++next_;
    }
    return true;
}

std::string ForeignSchema::statement(const plan::TablePlan &table,
                                     const std::string &server) const {
    std::string sql = "CREATE FOREIGN TABLE " + sqlite::quote_name(table.name) + " (";
    bool is_first = true;
    for (const plan::ColumnPlan &column : table.columns) {
        sql += std::exchange(is_first, false) ? "\n  " : ",\n  ";
        sql += sqlite::quote_name(column.name) + " " + column.type.sql() + " OPTIONS (" +
               column_options(*table.source, column) + ")";
        if (column.is_not_null)
            sql += " NOT NULL";
    }
    return sql + "\n) SERVER " + sqlite::quote_name(server) + " OPTIONS (table " +
           literal(table.source->name) + ")";
}

std::vector<std::string> ForeignSchema::statements(const std::string &server) const {
    std::vector<std::string> all;
    for (const std::size_t table : chosen_)
        all.push_back(statement(plan_->tables()[table], server));
    return all;
}

} // namespace migrate::core::fdw

// IMPORT FOREIGN SCHEMA: the tables and views of a SQLite file as foreign tables.
#include "fdw/sqlite_fdw.hpp"

#include "core/fdw/foreign_schema.hpp"
#include "fdw/connection_cache.hpp"
#include "fdw/fdw_options.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pg/postgres.hpp"

extern "C" {
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "mb/pg_wchar.h"
#include "parser/scansup.h"
}

namespace migrate::fdw {
namespace {

using core::fdw::ForeignSchema;
using pg::call_core;

constexpr char kOnlySchema[] = "main";

// The C++ side, owned by the memory context of the statement.
struct ImportState {
    core::OptionValue options;
    core::plan::PlanRequest request;
    std::unique_ptr<ForeignSchema> schema;
    std::vector<std::string> statements;
};

void check_schema(const ImportForeignSchemaStmt *statement) {
    if (strcmp(statement->remote_schema, kOnlySchema) == 0)
        return;
    ereport(ERROR, (errcode(ERRCODE_FDW_SCHEMA_NOT_FOUND),
                    errmsg("SQLite database has no schema \"%s\"", statement->remote_schema),
                    errhint("The one that a file has is called \"main\".")));
}

// The options have the words and meanings of import_sqlite's.
void read_options(const ImportForeignSchemaStmt *statement, ImportState *state) {
    call_core([&] { state->options.kind = core::OptionKind::object; });
    ListCell *cell = nullptr;
    foreach (cell, statement->options) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        check_import_option(option);
        const char *value = pg::utf8_text(defGetString(option));
        call_core([&] {
            core::OptionMember &member = state->options.members.emplace_back();
            member.first = option->defname;
            member.second.kind = core::OptionKind::string;
            member.second.text = value;
        });
    }
    const int encoding = GetDatabaseEncoding();
    call_core([&] {
        state->request.options = core::parse_import_options(state->options);
        state->request.is_utf8_server = encoding == PG_UTF8;
        state->request.is_utf8_checked = encoding != PG_SQL_ASCII;
    });
}

void choose_tables(ImportForeignSchemaStmt *statement, ForeignSchema *schema) {
    for (std::size_t i = 0; i < schema->names().size(); i++) {
        const char *name = pg::server_text(schema->names()[i].c_str());
        if (IsImportableForeignTable(name, statement))
            call_core([&] { schema->choose(i); });
    }
}

// What LIMIT TO and EXCEPT leave out anyway is no news. What is not planned has no name in
// PostgreSQL; the file's, folded, is what the statement would call it.
bool is_wanted(const ForeignSchema::Note &note, ImportForeignSchemaStmt *statement) {
    char *name = pg::server_text(note.name.c_str());
    char *folded = downcase_identifier(name, static_cast<int>(strlen(name)), false, false);
    const bool is_wanted = IsImportableForeignTable(name, statement);
    const bool is_folded_wanted = IsImportableForeignTable(folded, statement);
    return statement->list_type == FDW_IMPORT_SCHEMA_EXCEPT ? is_wanted && is_folded_wanted
                                                            : is_wanted || is_folded_wanted;
}

void report_notes(const ForeignSchema *schema, ImportForeignSchemaStmt *statement) {
    for (const ForeignSchema::Note &note : schema->notes())
        if (is_wanted(note, statement))
            ereport(NOTICE, (errmsg("%s", pg::server_text(note.text.c_str()))));
}

List *import_schema(ImportForeignSchemaStmt *statement, Oid server) {
    check_schema(statement);
    core::fdw::Lease *lease = open_lease(CurrentMemoryContext, server);
    auto *state =
        pg::own<ImportState>(CurrentMemoryContext, [] { return std::make_unique<ImportState>(); });
    read_options(statement, state);
    const char *server_name = pg::utf8_text(GetForeignServer(server)->servername);
    call_core([&] { state->schema = std::make_unique<ForeignSchema>(**lease, state->request); });
    choose_tables(statement, state->schema.get());
    while (call_core([&] { return state->schema->profile_some(); }))
        CHECK_FOR_INTERRUPTS();
    call_core([&] {
        state->statements = state->schema->statements(server_name);
        lease->finish();
    });
    report_notes(state->schema.get(), statement);
    List *commands = NIL;
    for (const std::string &sql : state->statements)
        commands =
            lappend(commands, pg_any_to_server(sql.c_str(), static_cast<int>(sql.size()), PG_UTF8));
    return commands;
}

} // namespace

void set_importing(FdwRoutine *routine) {
    routine->ImportForeignSchema = import_schema;
}

} // namespace migrate::fdw

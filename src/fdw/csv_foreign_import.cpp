// IMPORT FOREIGN SCHEMA: the CSV files of a directory as one foreign table each, with the names and
// types that import_csv would give them.
#include "fdw/csv_fdw.hpp"

#include "core/csv/file_list.hpp"
#include "core/csv/foreign_table_sql.hpp"
#include "core/csv/record_problem.hpp"
#include "core/plan/naming.hpp"
#include "fdw/csv_table_options.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/permissions.hpp"
#include "pg/subtransaction.hpp"

#include <utility>

#include "pg/postgres.hpp"

extern "C" {
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "mb/pg_wchar.h"
}

namespace migrate::fdw {
namespace {

using core::csv::TableInference;
using pg::call_core;

constexpr char kServerSchema[] = "main";

// The C++ side, owned by the memory context of the statement.
struct ImportState {
    core::OptionValue given;
    core::csv::CsvOptions options;
    std::vector<std::string> files;
    std::vector<std::string> no_names; // of a table that is there
    std::unique_ptr<core::plan::Namer> names;
    std::unique_ptr<core::csv::Scan> scan;
    std::unique_ptr<TableInference> inference;
    core::csv::ForeignFile file; // the one at hand
    core::csv::Record record;
    std::string text;
    std::string notes;
    std::string reason; // why the file is left out
    bool is_all_text = false;
};

struct SchemaImport {
    ImportState *state;
    MemoryContext memory;
    const char *os_user;
    bool is_utf8;
};

char *directory_of(const ImportForeignSchemaStmt *statement, List *server_options) {
    if (is_absolute_path(statement->remote_schema))
        return pg::checked_path(statement->remote_schema, "remote schema");
    char *directory = csv_option_text(server_options, "directory");
    if (strcmp(statement->remote_schema, kServerSchema) == 0 && directory != nullptr)
        return pg::checked_path(directory, "directory", "option");
    ereport(ERROR, (errcode(ERRCODE_FDW_SCHEMA_NOT_FOUND),
                    errmsg("there is no schema \"%s\" of CSV files", statement->remote_schema),
                    errhint("Name a directory by its absolute path, or give the server the option "
                            "\"directory\" and import \"main\".")));
    pg_unreachable();
}

// What the statement says goes into the tables' options; all_text has done its work by then.
void read_options(List *statement_options, List *server_options, SchemaImport *task) {
    ImportState *state = task->state;
    validate_csv_schema_options(statement_options);
    add_csv_options(&state->given, server_options);
    add_csv_options(&state->given, statement_options);
    ListCell *cell = nullptr;
    foreach (cell, statement_options) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        const char *value = pg::utf8_text(defGetString(option));
        if (strcmp(option->defname, "all_text") != 0)
            call_core([&] { state->file.given.emplace_back(option->defname, value); });
    }
    call_core([&] {
        state->options = core::csv::parse_csv_options(state->given);
        state->names = std::make_unique<core::plan::Namer>(state->options.identifiers,
                                                           core::plan::NameSpace::relation);
    });
}

// --- a file -------------------------------------------------------------------------------------

void open_file(SchemaImport *task, pg::CsvPull *pull) {
    ImportState *state = task->state;
    call_core([&] {
        core::csv::ScanOptions how;
        how.stream.compression = state->options.compression;
        how.stream.os_user = task->os_user;
        how.encoding = state->options.encoding;
        state->scan = std::make_unique<core::csv::Scan>(state->file.path, how);
    });
    *pull = {state->scan.get(), nullptr, task->memory};
    pg::find_conversion(pull);
}

void name_encoding(ImportState *state) {
    const core::csv::Encoding &encoding = state->scan->encoding();
    const bool is_utf16 = encoding.charset == core::csv::Charset::utf16_le ||
                          encoding.charset == core::csv::Charset::utf16_be;
    state->file.encoding = is_utf16 ? "UTF-16" : encoding.name;
}

void plan_columns(ImportState *state) {
    state->file.columns = core::csv::columns_of_file(state->file.survey, state->options);
    for (core::csv::TableColumn &column : state->file.columns.columns) {
        if (!state->options.all_text)
            continue;
        column.type = core::make_type(core::TypeKind::text);
        column.type_sql = "text";
        column.is_given = true;
    }
}

// By every record, as import_csv does it.
void infer_types(SchemaImport *task, pg::CsvPull *pull) {
    ImportState *state = task->state;
    core::csv::ForeignFile &file = state->file;
    const core::csv::FileSurvey &survey = file.survey;
    call_core([&] {
        plan_columns(state);
        const core::csv::FileMatch match =
            core::csv::match_file(file.columns, survey, state->options, file.table, file.path);
        state->inference = std::make_unique<TableInference>(file.columns, state->options,
                                                            survey.found.dialect, task->is_utf8);
        state->inference->begin_file(match.fields, survey.width);
        state->scan->start(survey.found.dialect, survey.found.skip_lines);
    });
    int64 header = survey.header_records;
    do
        call_core([&] {
            while (state->scan->next(state->record))
                if (header-- <= 0)
                    state->inference->add(state->record);
        });
    while (state->inference->is_needed() && pg::pull_block(pull));
    call_core([&] {
        file.findings = state->inference->findings();
        core::csv::set_types(file.columns, file.findings);
        state->scan->finish();
    });
}

void look_at_file(void *argument) {
    auto *task = static_cast<SchemaImport *>(argument);
    ImportState *state = task->state;
    pg::CsvPull pull = {};
    open_file(task, &pull);
    pg::pull_survey(&pull, state->options, state->no_names, &state->text, &state->file.survey,
                    &state->notes);
    call_core([&] {
        const core::csv::FileSurvey &survey = state->file.survey;
        name_encoding(state);
        if (survey.first_problem != core::csv::Problem::none)
            state->reason = core::csv::problem_name(survey.first_problem);
        else if (survey.width == 0)
            state->reason = "it holds no record";
    });
    if (state->reason.empty())
        infer_types(task, &pull);
}

// A file may have more columns than a table can.
void write_statement(ImportState *state) {
    try {
        state->text = core::csv::create_foreign_table(state->file, state->options);
    } catch (const core::Error &error) {
        state->reason = error.message();
    }
}

// A file's name is bytes, an option is text: what has another form as text names no file.
bool is_nameable(const std::string &path) {
    return path == pg::utf8_text(pg::server_text(path.c_str()));
}

// The file as a table; NULL when it is none.
char *import_file(SchemaImport *task) {
    ImportState *state = task->state;
    const bool is_text = is_nameable(state->file.path);
    call_core(
        [&] { state->reason = is_text ? "" : "its name is no text of the server's encoding"; });
    const ErrorData *error = nullptr;
    if (is_text)
        error =
            pg::try_in_subtransaction(look_at_file, task, pg::kDataErrors | pg::kDefinitionErrors);
    const char *message = error == nullptr ? nullptr : pg::utf8_text(error->message);
    call_core([&] {
        state->scan.reset();
        state->inference.reset();
        if (message != nullptr)
            state->reason = message;
        if (state->reason.empty())
            write_statement(state);
    });
    if (state->reason.empty()) // a copy, even where the encodings are the same
        return pstrdup(
            pg_any_to_server(state->text.c_str(), static_cast<int>(state->text.size()), PG_UTF8));
    ereport(NOTICE,
            (errmsg("file \"%s\" is left out: %s", pg::server_text(state->file.path.c_str()),
                    pg::server_text(state->reason.c_str()))));
    return nullptr;
}

// Files whose tables are wanted; names are given to all of them, so that what LIMIT TO names does
// not depend on what it leaves out.
List *import_files(SchemaImport *task, ImportForeignSchemaStmt *statement) {
    ImportState *state = task->state;
    List *commands = NIL;
    for (std::size_t i = 0; i < state->files.size(); i++) {
        CHECK_FOR_INTERRUPTS();
        call_core([&] {
            state->file.path = state->files[i];
            state->file.table = state->names->take(core::csv::file_stem(state->file.path)).name;
        });
        if (!IsImportableForeignTable(pg::server_text(state->file.table.c_str()), statement))
            continue;
        char *command = import_file(task);
        if (command != nullptr)
            commands = lappend(commands, command);
    }
    return commands;
}

// A path that PostgreSQL has cut is another one.
void list_directory(ImportState *state, const char *directory, bool is_cut) {
    call_core([&] {
        try {
            state->files = core::csv::list_csv_files(directory);
        } catch (const core::Error &error) {
            if (!is_cut)
                throw;
            throw core::Error(error.code(), error.message())
                .with_hint("A schema's name has at most 63 bytes: give the server the path in the "
                           "option \"directory\" and import \"main\".");
        }
    });
}

List *import_schema(ImportForeignSchemaStmt *statement, Oid server) {
    pg::check_may_read_server_files();
    ForeignServer *foreign = GetForeignServer(server);
    const char *directory = directory_of(statement, foreign->options);
    SchemaImport task = {};
    task.memory = CurrentMemoryContext;
    task.os_user = pg::os_user_name();
    task.is_utf8 = GetDatabaseEncoding() == PG_UTF8;
    task.state =
        pg::own<ImportState>(CurrentMemoryContext, [] { return std::make_unique<ImportState>(); });
    read_options(statement->options, foreign->options, &task);
    const char *server_name = pg::utf8_text(foreign->servername);
    call_core([&] { task.state->file.server = server_name; });
    list_directory(task.state, directory, strlen(statement->remote_schema) == NAMEDATALEN - 1);
    return import_files(&task, statement);
}

} // namespace

void set_csv_importing(FdwRoutine *routine) {
    routine->ImportForeignSchema = import_schema;
}

} // namespace migrate::fdw

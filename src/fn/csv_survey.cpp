// The first look at every file: how it is written, what its columns are, and where they go.
#include "fn/csv_call.hpp"

#include "core/error.hpp"
#include "core/note_lines.hpp"
#include "pg/column_type.hpp"
#include "pg/error_bridge.hpp"

#include "pg/compat.hpp"

namespace migrate::fn {
namespace {

using core::add_line;
using pg::call_core;

void remember_encoding(CsvState *state, CsvFile *file) {
    const core::csv::Encoding &encoding = state->scan->encoding();
    const bool is_utf16 = encoding.charset == core::csv::Charset::utf16_le ||
                          encoding.charset == core::csv::Charset::utf16_be;
    file->encoding = is_utf16 ? "UTF-16" : encoding.name;
    if (is_utf16)
        file->unit = encoding.charset == core::csv::Charset::utf16_le ? core::csv::Unit::utf16_le
                                                                      : core::csv::Unit::utf16_be;
    const core::csv::EncodingGuess &guess = state->scan->guess();
    file->guess = guess;
    if (guess.is_guess)
        file->notes = "encoding " + file->encoding + " was guessed: " + guess.evidence;
}

// The digest, where there is one, was taken of the file as it was then.
void keep_stamp(const CsvState &state, CsvFile *file) {
    const core::csv::FileStamp &stamp = state.scan->stream().stamp();
    if (!file->digest.empty() && stamp != file->stamp)
        throw core::Error(core::sqlstate::kObjectInUse,
                          "file \"" + file->path + "\" was changed while it was read")
            .with_hint("Import it when nobody writes to it.");
    file->stamp = stamp;
}

void list_target_names(CsvState *state, const CsvTable &table) {
    state->target_names.clear();
    if (table.columns.is_existing && !state->options.raw)
        for (const core::csv::TableColumn &column : table.columns.columns)
            state->target_names.push_back(column.name);
}

void survey_file(CsvCall *call, CsvTable *table, CsvFile *file) {
    CsvState *state = call->state;
    open_scan(call, *file);
    call_core([&] { list_target_names(state, *table); });
    pg::pull_survey(&call->pull, state->options, state->target_names, &state->text, &file->survey,
                    &state->notes);
    call_core([&] {
        keep_stamp(*state, file);
        file->bytes = file->stamp.size;
        remember_encoding(state, file);
        if (!state->notes.empty())
            add_line(file->notes, state->notes);
        state->notes.clear();
    });
    close_scan(call);
}

// A file of a single line that is longer than what is looked at is not empty, but tells as little.
[[noreturn]] void fail_without_columns(const CsvFile &file) {
    const bool is_long = file.bytes > static_cast<std::int64_t>(core::csv::Scan::kSampleSize);
    throw core::Error("22P04", "file \"" + file.path + "\" " +
                                   (is_long ? "begins with a line that is too long" : "is empty"))
        .with_detail("There is no record that could tell the columns of a new table.")
        .with_hint("Make the table first, or name the columns in the option \"columns\".");
}

// The columns of a table to be made: of its first file, and of the others with union_by_name.
void plan_columns(CsvState *state, CsvTable *table) {
    const CsvFile *first = nullptr;
    for (const CsvFile &file : table->files) {
        if (file.survey.width == 0)
            continue;
        if (first == nullptr) {
            first = &file;
            table->columns = core::csv::columns_of_file(file.survey, state->options);
        } else {
            core::csv::add_file_columns(table->columns, file.survey, state->options, file.path,
                                        first->path);
        }
    }
    if (first == nullptr)
        fail_without_columns(table->files.front());
}

void set_given_type(CsvCall *call, core::csv::TableColumn *column, const std::string &written) {
    CsvState *state = call->state;
    const char *sql = nullptr;
    for (const auto &[option, name] : state->type_names)
        if (option == written)
            sql = name.c_str();
    Oid oid = InvalidOid;
    int32 typmod = -1;
    pg::parse_type(pg::server_text(sql), &oid, &typmod);
    const pg::ColumnType type = pg::column_type(oid, typmod);
    call_core([&] {
        column->type = pg::core_type(type, sql);
        column->type_sql = sql;
        column->min_integer = type.min_integer;
        column->max_integer = type.max_integer;
        column->is_given = true;
    });
}

void set_given_types(CsvCall *call, CsvTable *table) {
    const core::csv::CsvOptions &options = call->state->options;
    for (core::csv::TableColumn &column : table->columns.columns) {
        if (column.is_given)
            continue;
        const std::string *type = core::csv::type_option(options, column);
        if (type != nullptr)
            set_given_type(call, &column, *type);
        else if (options.all_text)
            call_core([&] {
                column.type = core::make_type(core::TypeKind::text);
                column.type_sql = "text";
                column.is_given = true;
            });
    }
}

void match_files(CsvState *state, CsvTable *table) {
    for (CsvFile &file : table->files) {
        if (state->options.raw || file.loaded_by != 0) {
            file.match.fields.assign(table->columns.columns.size(), -1);
            continue;
        }
        file.match = core::csv::match_file(table->columns, file.survey, state->options,
                                           table->display_name, file.path);
        for (const std::string &note : file.match.notes)
            add_line(file.notes, note);
    }
}

void note_unused_types(const core::csv::CsvOptions &options, CsvTable *table) {
    if (!table->columns.is_existing || options.types.empty())
        return;
    for (CsvFile &file : table->files)
        add_line(file.notes,
                 "option types has no effect: the table is there, with types of its own");
}

// A table of records has columns of its own; an existing one must have them too.
void plan_raw(CsvTable *table) {
    core::csv::TableColumns raw = core::csv::raw_columns();
    if (!table->columns.is_existing) {
        table->columns = std::move(raw);
        return;
    }
    for (const core::csv::TableColumn &wanted : raw.columns) {
        bool is_found = false;
        for (core::csv::TableColumn &column : table->columns.columns) {
            if (column.name != wanted.name)
                continue;
            is_found = column.type_sql == wanted.type_sql;
            column.origin = wanted.origin;
        }
        if (!is_found)
            throw core::Error("42703", "table \"" + table->display_name + "\" has no column \"" +
                                           wanted.name + "\" of type " + wanted.type_sql)
                .with_detail("Option \"raw\" loads records into the columns \"record\", "
                             "\"file_name\", \"line\", \"loaded_at\" and \"digest\".");
    }
}

} // namespace

void survey_files(CsvCall *call) {
    CsvState *state = call->state;
    for (CsvTable &table : state->tables) {
        if (OidIsValid(table.relation))
            read_target_columns(&table);
        for (CsvFile &file : table.files)
            if (file.loaded_by == 0)
                survey_file(call, &table, &file);
        call_core([&] {
            if (state->options.raw)
                plan_raw(&table);
            else if (!table.columns.is_existing)
                plan_columns(state, &table);
            if (!state->options.raw)
                core::csv::add_origin_columns(table.columns, state->options, table.display_name);
            core::csv::check_named_columns(state->options, table.columns);
        });
        set_given_types(call, &table);
        call_core([&] {
            match_files(state, &table);
            note_unused_types(state->options, &table);
        });
    }
}

} // namespace migrate::fn

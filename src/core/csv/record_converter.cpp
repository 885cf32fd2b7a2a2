#include "core/csv/record_converter.hpp"

#include "core/cell_text.hpp"
#include "core/csv/field_trim.hpp"
#include "core/csv/misfit_reason.hpp"
#include "core/csv/value_problem.hpp"
#include "core/error.hpp"
#include "core/value/decimal.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// Of a record with many bad columns each is listed with all its raw bytes, up to so many in a
// batch.
constexpr std::size_t kMaxRepeatedBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxTold = 63; // Step::null_lengths

std::uint64_t length_bit(std::size_t size) noexcept {
    return std::uint64_t{1} << std::min(size, kMaxTold);
}

std::uint64_t null_lengths(const InferenceOptions &reading) noexcept {
    std::uint64_t lengths = 0;
    for (const std::string &text : reading.null_texts)
        lengths |= length_bit(text.size());
    return reading.is_null_refused && !reading.is_null_forced ? 0 : lengths;
}

Fit read_nothing(std::string_view, const RecordColumn &, Cell &, Batch &) {
    return Fit::misfit;
}

FieldReader reader_of(const RecordColumn &column) noexcept {
    const TypeKind kind = column.rule.type.kind;
    if (kind == TypeKind::other && column.has_input_function)
        return read_nothing;
    // What RawRecord writes is JSON.
    const bool is_json = kind == TypeKind::json || kind == TypeKind::jsonb;
    return field_reader(column.origin == ColumnOrigin::record && is_json ? TypeKind::text : kind);
}

std::string_view without_line_end(std::string_view raw, const RecordPlan &plan) noexcept {
    if (plan.newline != Newline::automatic || plan.unit == Unit::byte)
        return LineEnd(plan.newline, plan.unit).content(raw);
    raw = LineEnd(Newline::lf, plan.unit).content(raw);
    return LineEnd(Newline::cr, plan.unit).content(raw);
}

// A refused row's cells are converted: only these still say what stood in the file.
std::string shown_cell(const Cell &cell, TypeKind kind) {
    const bool is_as_written = cell.storage == StorageClass::text || kind == TypeKind::bigint;
    return is_as_written ? describe_cell(cell) : std::string();
}

} // namespace

RecordConverter::RecordConverter(RecordPlan plan)
    : plan_(std::move(plan)), raw_record_(plan_.field_names) {
    for (RecordColumn &column : plan_.columns) {
        column.rule.takes_number_text = true;
        steps_.push_back(make_step(column));
    }
    statistics_.nulled.resize(steps_.size());
    statistics_.rounded.resize(steps_.size());
}

RecordConverter::Step RecordConverter::make_step(const RecordColumn &column) {
    Step step{};
    step.read = reader_of(column);
    step.field = column.field < 0 ? SIZE_MAX : static_cast<std::size_t>(column.field);
    step.null_lengths = null_lengths(column.reading);
    step.max_size = static_cast<std::size_t>(std::max<std::int64_t>(column.rule.max_value_size, 0));
    step.origin = column.origin;
    return step;
}

bool RecordConverter::keeps_problems() const noexcept {
    return plan_.wants_problems || plan_.on_error != OnError::ignore;
}

RecordConverter::Answer RecordConverter::answer_to_value() const noexcept {
    if (plan_.wants_problems)
        return Answer::reject;
    switch (plan_.on_error) {
    case OnError::stop:
        return Answer::raise;
    case OnError::set_null:
        return Answer::set_null;
    case OnError::ignore:
    case OnError::reject:
        break;
    }
    return Answer::reject;
}

// A whole record cannot be NULL.
RecordConverter::Answer RecordConverter::answer_to_record() const noexcept {
    return answer_to_value() == Answer::reject ? Answer::reject : Answer::raise;
}

RecordConverter::Answer RecordConverter::answer_to_width() const noexcept {
    if (plan_.wants_problems || plan_.ragged == Ragged::reject)
        return Answer::reject;
    if (plan_.ragged == Ragged::error && plan_.has_ragged)
        return Answer::raise;
    return answer_to_record();
}

void RecordConverter::add(const Record &record, Batch &batch) {
    statistics_.rows_read++;
    if (record.is_joined_by_inner_quote) [[unlikely]]
        statistics_.joined.add_text(record.first_line, without_line_end(record.raw, plan_));
    const bool is_whole = record.problem == Problem::none;
    const WidthFit width = is_whole && plan_.width != 0
                               ? width_fit(record, plan_.width, plan_.ragged)
                               : WidthFit::fits;
    if (width == WidthFit::blank) {
        statistics_.blank_lines.add(record.first_line, "");
        return;
    }
    const std::size_t pending_before = pending_.size();
    Cell *cells = start_row(record, batch);
    if (!is_whole) {
        refuse_record(batch, answer_to_record(), record_fault(record.problem));
    } else if (width == WidthFit::ragged) {
        refuse_record(batch, answer_to_width(), width_fault(record.fields.size(), plan_.width));
    } else {
        if (width != WidthFit::fits) [[unlikely]]
            note_width(record, width);
        fill(record, cells, batch);
    }
    finish_row(batch, pending_before);
}

// Until finish_row the source's raw bytes are the reader's.
Cell *RecordConverter::start_row(const Record &record, Batch &batch) {
    sources_.push_back({record.first_line, record.last_line, without_line_end(record.raw, plan_)});
    return batch.add_row(record.first_line);
}

void RecordConverter::note_width(const Record &record, WidthFit fit) {
    if (fit == WidthFit::trailing)
        statistics_.trailing_delimiters.add(record.first_line, "");
    else if (fit == WidthFit::padded)
        statistics_.padded.add(record.first_line, "");
    else
        statistics_.truncated.add_text(record.first_line, record.fields[plan_.width].text);
}

void RecordConverter::fill(const Record &record, Cell *cells, Batch &batch) {
    const Step *const steps = steps_.data();
    const std::size_t columns = steps_.size();
    for (std::size_t column = 0; column < columns; column++) {
        const Step &step = steps[column];
        if (step.origin != ColumnOrigin::field) [[unlikely]] {
            fill_from_elsewhere(record, column, cells[column], batch);
            continue;
        }
        if (step.field >= record.fields.size()) [[unlikely]]
            continue;
        const Field &field = record.fields[step.field];
        const std::string_view text = trimmed_field(field, plan_.trim);
        if ((step.null_lengths & length_bit(text.size())) != 0 &&
            is_null_field(text, field.is_quoted, plan_.columns[column].reading))
            continue;
        read(column, text, cells[column], batch);
    }
}

void RecordConverter::fill_from_elsewhere(const Record &record, std::size_t column, Cell &cell,
                                          Batch &batch) {
    switch (steps_[column].origin) {
    case ColumnOrigin::file_name:
        read(column, plan_.file_name, cell, batch);
        break;
    case ColumnOrigin::line: {
        value::RealBuffer buffer;
        read(column, value::integer_text(record.first_line, buffer), cell, batch);
        break;
    }
    case ColumnOrigin::record: {
        std::span<const Field> fields = record.fields;
        if (plan_.width != 0)
            fields = fields.first(std::min(fields.size(), plan_.width));
        raw_record_.write(fields, plan_.trim, plan_.columns[column].reading, json_);
        read(column, json_, cell, batch);
        break;
    }
    case ColumnOrigin::constant:
        cell.set_integer(plan_.constant);
        break;
    case ColumnOrigin::field:
    case ColumnOrigin::blank:
        break;
    }
}

inline void RecordConverter::read(std::size_t column, std::string_view text, Cell &cell,
                                  Batch &batch) {
    const Step &step = steps_[column];
    const Fit fit = text.size() <= step.max_size
                        ? step.read(text, plan_.columns[column], cell, batch)
                        : Fit::misfit;
    if (fit != Fit::fits) [[unlikely]]
        settle(column, text, fit, cell, batch);
}

void RecordConverter::settle(std::size_t column, std::string_view text, Fit fit, Cell &cell,
                             Batch &batch) {
    const RecordColumn &plan = plan_.columns[column];
    if (fit == Fit::rounded) {
        statistics_.rounded[column].add_text(sources_.back().first_line, text);
        return;
    }
    if (!is_clean_text(text, plan.rule))
        fit = Fit::invalid_text;
    if (fit != Fit::misfit || !plan.has_input_function || text.size() > steps_[column].max_size) {
        refuse_value(column, text, fit, batch);
        return;
    }
    batch.set_bytes(cell, StorageClass::text, text);
    pending_.push_back({batch.rows() - 1, column});
}

void RecordConverter::finish_row(Batch &batch, std::size_t pending_before) {
    const std::size_t row = batch.rows() - 1;
    std::string_view &raw = sources_[row].raw;
    const bool is_rejected = batch.is_rejected(row);
    if (is_rejected) [[unlikely]] {
        pending_.resize(pending_before);
        std::fill_n(batch.row(row), batch.columns(), Cell());
    }
    const bool is_kept = plan_.keeps_raw || (is_rejected && keeps_problems());
    raw = is_kept ? std::string_view(batch.store(raw.data(), raw.size()), raw.size())
                  : std::string_view();
}

void RecordConverter::refuse_value(std::size_t column, std::string_view text, Fit fit,
                                   Batch &batch) {
    const Answer answer = answer_to_value();
    const std::size_t row = batch.rows() - 1;
    if (answer == Answer::set_null) {
        statistics_.nulled[column].add_text(sources_[row].first_line, text);
        return;
    }
    if (answer == Answer::reject && !mark_rejected(batch, row))
        return;
    const RecordColumn &plan = plan_.columns[column];
    ValueProblem found = text.size() > steps_[column].max_size ? size_problem(text.size(), plan)
                                                               : value_problem(text, plan, fit);
    RecordProblem problem;
    problem.column = plan.rule.name;
    problem.code = found.code;
    problem.reason = std::move(found.reason);
    problem.value = shown_value(text);
    if (answer == Answer::raise)
        raise(row, std::move(problem), value_hint());
    list(row, std::move(problem));
}

void RecordConverter::refuse_record(Batch &batch, Answer answer, RecordFault fault) {
    const std::size_t row = batch.rows() - 1;
    RecordProblem problem;
    problem.code = fault.code;
    problem.reason = std::move(fault.reason);
    if (answer == Answer::raise)
        raise(row, std::move(problem), fault.hint);
    if (mark_rejected(batch, row))
        list(row, std::move(problem));
}

// Whether the problem is to be listed.
bool RecordConverter::mark_rejected(Batch &batch, std::size_t row) {
    if (!batch.is_rejected(row)) {
        batch.reject_row(row);
        statistics_.rows_rejected++;
        return keeps_problems();
    }
    repeated_bytes_ += sources_[row].raw.size();
    return keeps_problems() && repeated_bytes_ <= kMaxRepeatedBytes;
}

void RecordConverter::list(std::size_t row, RecordProblem problem) {
    const RowSource &source = sources_[row];
    problem.first_line = source.first_line;
    problem.last_line = source.last_line;
    problem.raw = source.raw;
    problems_.push_back(std::move(problem));
}

void RecordConverter::raise(std::size_t row, RecordProblem problem, std::string_view hint) const {
    throw Error(problem.code, std::move(problem.reason))
        .with_hint(std::string(hint))
        .with_context(place_words(plan_.file_name, sources_[row], problem.column, problem.value));
}

void RecordConverter::refuse(Batch &batch, std::size_t row, std::size_t column, const char *code,
                             std::string reason) {
    const Answer answer = answer_to_value();
    Cell &cell = batch.row(row)[column];
    RecordProblem problem;
    problem.column = plan_.columns[column].rule.name;
    problem.code = code;
    problem.reason = std::move(reason);
    problem.value = describe_cell(cell);
    if (answer == Answer::raise)
        raise(row, std::move(problem), value_hint());
    if (answer == Answer::set_null) {
        statistics_.nulled[column].add(sources_[row].first_line, problem.value);
        cell.set_null();
    } else if (mark_rejected(batch, row)) {
        list(row, std::move(problem));
    }
}

void RecordConverter::refuse_row(Batch &batch, std::size_t row, std::string column,
                                 const char *code, std::string reason) {
    RecordProblem problem;
    problem.code = code;
    problem.reason = std::move(reason);
    const auto found = std::ranges::find(plan_.columns, column, [](const RecordColumn &each) {
        return std::string_view(each.rule.name);
    });
    if (found != plan_.columns.end())
        problem.value =
            shown_cell(batch.row(row)[found - plan_.columns.begin()], found->rule.type.kind);
    problem.column = std::move(column);
    if (answer_to_record() == Answer::raise)
        raise(row, std::move(problem), row_hint());
    if (mark_rejected(batch, row))
        list(row, std::move(problem));
}

void RecordConverter::clear() {
    sources_.clear();
    pending_.clear();
    repeated_bytes_ = 0;
}

std::vector<RecordProblem> RecordConverter::take_problems() {
    return std::exchange(problems_, {});
}

} // namespace migrate::core::csv

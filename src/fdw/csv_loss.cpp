#include "fdw/csv_loss.hpp"

#include "pg/error_bridge.hpp"

#include "pg/postgres.hpp"

namespace migrate::fdw {
namespace {

using core::csv::RecordConverter;
using pg::call_core;

CsvLoss loss_of(const RecordConverter &converter) {
    CsvLoss loss = {converter.statistics().rows_rejected, 0};
    for (const core::csv::Happening &nulled : converter.statistics().nulled)
        loss.values += nulled.count;
    return loss;
}

[[noreturn]] void fail_limit(const char *limit) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
                    errmsg("rejected rows exceed the reject limit of %s", limit),
                    errhint("Raise the option \"reject_limit\", or mend the rows: "
                            "migrate.check_csv() lists all of them.")));
    pg_unreachable();
}

} // namespace

void count_csv_file(CsvTableScan *scan) {
    const RecordConverter *converter = scan->state->converter.get();
    if (converter == nullptr)
        return;
    const CsvLoss loss = loss_of(*converter);
    scan->loss.rows += loss.rows;
    scan->loss.values += loss.values;
    scan->read += converter->statistics().rows_read;
    scan->state->converter.reset();
}

CsvLoss csv_loss(const CsvTableScan *scan) {
    CsvLoss loss = scan->loss;
    if (scan->state->converter != nullptr) {
        const CsvLoss open = loss_of(*scan->state->converter);
        loss.rows += open.rows;
        loss.values += open.values;
    }
    return loss;
}

void check_csv_limit(const CsvTableScan *scan) {
    const auto &limit = scan->table->state->options.reject_limit.rows;
    if (limit && scan->keeps_going && csv_loss(scan).rows > *limit)
        fail_limit(psprintf(INT64_FORMAT, static_cast<int64>(*limit)));
}

void check_csv_share(const CsvTableScan *scan) {
    const auto &limit = scan->table->state->options.reject_limit.percent;
    if (!limit || scan->read == 0 || !scan->keeps_going)
        return;
    const double share =
        100.0 * static_cast<double>(scan->loss.rows) / static_cast<double>(scan->read);
    if (share > *limit)
        fail_limit(psprintf("%g%%", *limit));
}

} // namespace migrate::fdw

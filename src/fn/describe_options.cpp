// migrate.options: printed from the table that the parser of the options itself uses.
#include "core/import_options.hpp"

#include "pg/error_bridge.hpp"
#include "pg/result_set.hpp"

#include <span>

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

std::span<const core::OptionDescription> options_of(const char *function) {
    const char *name = pg_strncasecmp(function, "migrate.", 8) == 0 ? function + 8 : function;
    auto options = pg::call_core([&] { return core::describe_options(name); });
    if (options.empty())
        ereport(
            ERROR,
            (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
             errmsg("no function \"%s\" with options", function),
             errhint("Functions with options are \"import_sqlite\", \"plan_sqlite\", "
                     "\"verify_sqlite\", \"sync_sqlite\", \"import_csv\", \"sniff_csv\", "
                     "\"check_csv\", \"sync_csv\", and all with \"versioned\" in their names.")));
    return options;
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_options);

PGDLLEXPORT Datum migrate_options(PG_FUNCTION_ARGS) {
    using namespace migrate;
    if (PG_ARGISNULL(0))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("argument \"function_name\" must not be null")));
    pg::open_result(fcinfo);
    for (const core::OptionDescription &option :
         fn::options_of(text_to_cstring(PG_GETARG_TEXT_PP(0)))) {
        pg::ResultRow row;
        pg::start_row(fcinfo, &row);
        pg::set_text(&row, option.name);
        pg::set_text(&row, option.type);
        pg::set_text(&row, option.default_value);
        pg::set_text(&row, option.allowed_values);
        pg::set_text(&row, option.meaning);
        pg::finish_row(&row);
    }
    return (Datum)0;
}
}

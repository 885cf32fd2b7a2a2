#include "pg/options.hpp"

#include "pg/owned.hpp"

#include <string>
#include <utility>
#include <vector>

#include "pg/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
}

namespace migrate::pg {
namespace {

// The tree under construction: the values still open, from the object of the caller inwards.
struct Builder {
    core::OptionValue root;
    std::vector<core::OptionValue *> open;
    std::string key;
};

core::OptionValue *add_value(Builder &builder) {
    if (builder.open.empty())
        return &builder.root;
    core::OptionValue &parent = *builder.open.back();
    if (parent.kind == core::OptionKind::array)
        return &parent.items.emplace_back();
    parent.members.push_back({builder.key, core::OptionValue{}});
    return &parent.members.back().second;
}

// A scalar's text in UTF-8, palloc'd; NULL where the kind says all.
const char *scalar_text(const JsonbValue *value) {
    if (value->type == jbvNumeric)
        return DatumGetCString(
            DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
    if (value->type != jbvString)
        return nullptr;
    char *text = pnstrdup(value->val.string.val, value->val.string.len);
    return pg_server_to_any(text, value->val.string.len, PG_UTF8);
}

void add_scalar(Builder *builder, const JsonbValue *value) {
    const char *text = scalar_text(value);
    call_core([&] {
        core::OptionValue *target = add_value(*builder);
        target->kind = value->type == jbvNumeric  ? core::OptionKind::number
                       : value->type == jbvString ? core::OptionKind::string
                       : value->type == jbvBool   ? core::OptionKind::boolean
                                                  : core::OptionKind::null;
        if (value->type == jbvBool)
            target->boolean = value->val.boolean;
        if (text != nullptr)
            target->text = text;
    });
}

void add_token(Builder *builder, JsonbIteratorToken token, const JsonbValue *value) {
    switch (token) {
    case WJB_BEGIN_OBJECT:
    case WJB_BEGIN_ARRAY:
        call_core([&] {
            core::OptionValue *target = add_value(*builder);
            target->kind =
                token == WJB_BEGIN_OBJECT ? core::OptionKind::object : core::OptionKind::array;
            builder->open.push_back(target);
        });
        break;
    case WJB_END_OBJECT:
    case WJB_END_ARRAY:
        call_core([&] { builder->open.pop_back(); });
        break;
    case WJB_KEY: {
        const char *key = scalar_text(value);
        call_core([&] { builder->key = key; });
        break;
    }
    default:
        add_scalar(builder, value);
    }
}

} // namespace

core::OptionValue *read_options(MemoryContext context, Datum options, const char *argument) {
    Jsonb *json = DatumGetJsonbP(options);
    if (!JB_ROOT_IS_OBJECT(json))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("argument \"%s\" must be a JSON object", argument),
                        errhint("Write %s => '{\"name\": value}'.", argument)));
    Builder *builder = own<Builder>(context, [] { return std::make_unique<Builder>(); });
    JsonbIterator *iterator = JsonbIteratorInit(&json->root);
    JsonbValue value;
    JsonbIteratorToken token;
    while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
        add_token(builder, token, &value);
    return &builder->root;
}

} // namespace migrate::pg

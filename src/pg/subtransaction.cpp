#include "pg/subtransaction.hpp"

#include <cstddef>

#include "pg/postgres.hpp"

extern "C" {
#include "utils/resowner.h"
}

namespace migrate::pg {
namespace {

bool is_class(int code, const char *name) {
    return ERRCODE_TO_CATEGORY(code) == MAKE_SQLSTATE(name[0], name[1], '0', '0', '0');
}

template <std::size_t count>
bool is_one_of(int code, const char *const (&names)[count]) {
    for (const char *name : names)
        if (is_class(code, name))
            return true;
    return false;
}

bool is_trouble_of_server(int code) {
    constexpr const char *kClasses[] = {"40", "53", "57", "58", "XX"};
    return is_one_of(code, kClasses);
}

bool is_trigger_error(int code) {
    constexpr const char *kClasses[] = {"P0", "09", "27", "44"};
    return is_one_of(code, kClasses);
}

// A missing privilege is of class 42, but it is the caller's to mend, never the data's.
bool is_swallowed(int code, unsigned classes) {
    if ((classes & kScriptErrors) != 0)
        return !is_trouble_of_server(code);
    if (code == ERRCODE_INSUFFICIENT_PRIVILEGE)
        return false;
    if ((classes & kDataErrors) != 0 && (is_class(code, "22") || is_class(code, "23")))
        return true;
    if ((classes & kDefinitionErrors) != 0 && (is_class(code, "42") || is_class(code, "0A")))
        return true;
    if ((classes & kTriggerErrors) != 0 && is_trigger_error(code))
        return true;
    if ((classes & kCardinalityErrors) != 0 && is_class(code, "21"))
        return true;
    return (classes & kObjectSizeErrors) != 0 && code == ERRCODE_PROGRAM_LIMIT_EXCEEDED;
}

// Runs the function in a subtransaction and ends that: undone after an error, or when `is_undone`
// asks for it, else committed into the parent. The subtransaction is gone before anybody throws on,
// as a caller's own handler (plpgsql's EXCEPTION) rolls back what it takes for its own.
ErrorData *run_in_subtransaction(void (*function)(void *), void *argument, bool is_undone) {
    MemoryContext context = CurrentMemoryContext;
    ResourceOwner owner = CurrentResourceOwner;
    ErrorData *volatile error = nullptr;

    BeginInternalSubTransaction(nullptr);
    MemoryContextSwitchTo(context);
    PG_TRY();
    { function(argument); }
    PG_CATCH();
    {
        MemoryContextSwitchTo(context);
        error = CopyErrorData();
        FlushErrorState();
    }
    PG_END_TRY();
    if (error != nullptr || is_undone)
        RollbackAndReleaseCurrentSubTransaction();
    else
        ReleaseCurrentSubTransaction();
    MemoryContextSwitchTo(context);
    CurrentResourceOwner = owner;
    return error;
}

ErrorData *swallow(ErrorData *error, unsigned classes) {
    if (error != nullptr && !is_swallowed(error->sqlerrcode, classes))
        ReThrowError(error);
    return error;
}

} // namespace

ErrorData *try_in_subtransaction(void (*function)(void *), void *argument, unsigned classes) {
    return swallow(run_in_subtransaction(function, argument, false), classes);
}

ErrorData *try_and_undo(void (*function)(void *), void *argument, unsigned classes) {
    return swallow(run_in_subtransaction(function, argument, true), classes);
}

void run_and_undo(void (*function)(void *), void *argument) {
    ErrorData *error = run_in_subtransaction(function, argument, true);
    if (error != nullptr)
        ReThrowError(error);
}

} // namespace migrate::pg

// The wall between C++ exceptions and PostgreSQL's longjmp, and the only place that turns a core
// error into an ereport.
//
//     call_core([&] { state->source = SqliteSource::open(state->path, options); });
//
// The lambda runs under try/catch; a caught exception is copied into a plain box, every destructor
// runs, the catch block is left, and only then the error is raised, with all its fields.
#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>

namespace migrate::pg {

// An error's texts in fixed buffers: no destructor, so a longjmp over it loses nothing.
struct ErrorBox {
    bool is_set;
    char sqlstate[6];
    char message[2048];
    char detail[4096];
    char hint[2048];
    char context[1024];
};

// Copies the exception that is being handled into the box; to be called inside a catch block.
// std::bad_alloc and std::length_error become 53200, anything unknown XX000.
void box_current_exception(ErrorBox *box) noexcept;

// Raises the box by ereport(ERROR), its texts converted to the server's encoding. For 57014 an
// interrupt that PostgreSQL has pending is served first, in PostgreSQL's own words.
[[noreturn]] void raise_error(const ErrorBox *box);

// Runs a core function. What it captures and returns must be trivially destructible, as the error
// leaves by longjmp: a std::string by value does not compile.
template <typename Function>
auto call_core(Function function) {
    using Result = std::invoke_result_t<Function &>;
    static_assert(std::is_trivially_destructible_v<Function>);
    ErrorBox box;
    box.is_set = false;
    if constexpr (std::is_void_v<Result>) {
        try {
            function();
        } catch (...) {
            box_current_exception(&box);
        }
        if (box.is_set)
            raise_error(&box);
    } else {
        static_assert(std::is_trivially_destructible_v<Result>);
        Result result{};
        try {
            result = function();
        } catch (...) {
            box_current_exception(&box);
        }
        if (box.is_set)
            raise_error(&box);
        return result;
    }
}

// A copy of UTF-8 text in the server's encoding, palloc'd; what cannot be converted becomes '?'.
// Never raises an error, so that it can be used while one is reported.
char *server_text(const char *utf8);

// The same; NULL when any character of it cannot be converted.
char *server_text_or_null(const char *utf8);

// Text of the server as UTF-8 for core, palloc'd. 22P05 for what has no equivalent.
char *utf8_text(const char *text);

} // namespace migrate::pg

// The lines of a script that psql itself would run: \echo, \set, \gexec and their like
// (documentation of psql, "Meta-Commands").
//
//     const PsqlCommand command = read_psql_command("echo 'a b' \\\\ SELECT 1;");
//     // name "echo", arguments "'a b'"; line.substr(command.length) is " SELECT 1;"
#pragma once

#include <cstddef>
#include <string_view>

namespace migrate::core::versioned {

struct PsqlCommand {
    std::string_view name;      // empty for a backslash that stands alone
    std::string_view arguments; // as written, without blanks around them
    std::size_t shown_length;   // up to the end of the last argument
    std::size_t length;         // up to where the script goes on
};

// Reads the command at the beginning of `line`, which is the rest of a line behind the backslash.
// The views are into it.
PsqlCommand read_psql_command(std::string_view line) noexcept;

// Whether the command takes the statement that stands before it: \g, \gexec, \watch, …
bool takes_statement(std::string_view name) noexcept;

// Whether this is \copy … from stdin, whose data follow in the script as those of COPY do.
bool is_copy_command_from_stdin(const PsqlCommand &command) noexcept;

} // namespace migrate::core::versioned

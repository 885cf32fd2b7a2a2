// Lines that a migration tool reads as instructions: the directives of dbmate, goose, sql-migrate
// and node-pg-migrate, each recognized as its own tool does.
//
//     if (std::optional<Directive> directive = read_directive("-- migrate:up transaction:false")) …
#pragma once

#include "core/versioned/migration_set.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace migrate::core::versioned {

enum class Action : std::uint8_t {
    up,
    down,
    statement_begin,
    statement_end,
    no_transaction,
    nothing, // it changes nothing here
    wrong,   // `reason` says why
};

// One line that a tool reads as an instruction.
struct Directive {
    Layout tool = Layout::dbmate;
    Action action = Action::nothing;
    std::string shown;            // "migrate:up", for messages
    bool is_transactional = true; // of a section that begins here
    std::string reason = {};      // of a wrong one, without its line
};

// The directive of dbmate, goose or sql-migrate that a line is.
std::optional<Directive> read_directive(std::string_view line);

// "-- Up Migration", "-- Down Migration": a plain comment to everybody but node-pg-migrate.
std::optional<Directive> read_node_pg_migrate_directive(std::string_view line);

// The line at the head of a file of one direction that says "no transaction" to sqlx
// ("-- no-transaction"), graphile-migrate ("--! no-transaction") or Atlas
// ("-- atlas:txmode none"); 0 when there is none.
int find_no_transaction_line(std::string_view text);

} // namespace migrate::core::versioned

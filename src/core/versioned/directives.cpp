#include "core/versioned/directives.hpp"

#include "core/versioned/script_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

Directive wrong(Layout tool, std::string shown, std::string reason) {
    return {tool, Action::wrong, std::move(shown), true, std::move(reason)};
}

// dbmate: ^--\s*migrate:up(\s*$|\s+\S+), options are "key:value"; only transaction:false means
// something to PostgreSQL, and env:NAME asks for substitution.
Directive read_dbmate_options(Directive directive, std::string_view options) {
    while (!options.empty()) {
        const std::string_view option = take_word(options);
        if (option == "transaction:false") {
            directive.is_transactional = false;
        } else if (option != "transaction:true") {
            return wrong(directive.tool, directive.shown,
                         "has the option " + quoted(option) + " of " + quoted(directive.shown) +
                             ", which is not supported,");
        }
    }
    return directive;
}

std::optional<Directive> read_dbmate(std::string_view line, std::string_view comment) {
    constexpr std::string_view kMark = "migrate:";
    if (!comment.starts_with(kMark)) {
        return std::nullopt;
    }
    std::string_view rest = comment.substr(kMark.size());
    const bool is_attached = !rest.empty() && !is_blank(rest.front());
    const std::string_view word = take_word(rest);
    Directive directive{Layout::dbmate, Action::up, std::string(kMark).append(word)};
    if (word != "up" && word != "down") {
        // "-- migrate: the users" is a comment.
        return is_attached
                   ? std::optional(wrong(Layout::dbmate, directive.shown,
                                         "has an unknown directive " + quoted(directive.shown)))
                   : std::nullopt;
    }
    if (!is_attached || is_blank(line.front())) {
        return wrong(Layout::dbmate, directive.shown,
                     "has blanks where dbmate takes none: expected " +
                         quoted("-- " + directive.shown));
    }
    directive.action = word == "up" ? Action::up : Action::down;
    return read_dbmate_options(std::move(directive), rest);
}

struct NamedAction {
    std::string_view word; // in lower case
    Action action;
};

// goose, "Annotations": they begin the line, in any case; ENVSUB replaces ${NAME} by the
// environment of the program, which a server must not do.
constexpr std::array<NamedAction, 7> kGooseActions = {{{"up", Action::up},
                                                       {"down", Action::down},
                                                       {"statementbegin", Action::statement_begin},
                                                       {"statementend", Action::statement_end},
                                                       {"no transaction", Action::no_transaction},
                                                       {"envsub on", Action::wrong},
                                                       {"envsub off", Action::nothing}}};

std::optional<Directive> read_goose(std::string_view line, std::string_view comment) {
    constexpr std::string_view kMark = "+goose";
    if (!comment.starts_with(kMark)) {
        return std::nullopt;
    }
    const std::string_view word = trim(comment.substr(kMark.size()));
    std::string shown = std::string(kMark).append(" ").append(word);
    if (is_blank(line.front())) {
        return wrong(Layout::goose, shown,
                     "has blanks before " + quoted("-- " + shown) + ", which goose does not take,");
    }
    for (const NamedAction &known : kGooseActions) {
        if (equals_folded(word, known.word)) {
            return Directive{Layout::goose, known.action, shown, true,
                             "uses " + quoted(shown) + ", which is not supported,"};
        }
    }
    return wrong(Layout::goose, shown, "has an unknown directive " + quoted(shown));
}

// sql-migrate: the line begins with exactly "-- +migrate ", the words in this case.
constexpr std::array<NamedAction, 4> kSqlMigrateActions = {
    {{"Up", Action::up},
     {"Down", Action::down},
     {"StatementBegin", Action::statement_begin},
     {"StatementEnd", Action::statement_end}}};

std::optional<Directive> read_sql_migrate(std::string_view line, std::string_view comment) {
    constexpr std::string_view kMark = "+migrate";
    if (!comment.starts_with(kMark)) {
        return std::nullopt;
    }
    std::string_view rest = comment.substr(kMark.size());
    const std::string_view word = take_word(rest);
    Directive directive{Layout::sql_migrate, Action::wrong,
                        std::string(kMark).append(" ").append(word)};
    if (!line.starts_with("-- +migrate ")) {
        directive.reason =
            "has other blanks than sql-migrate takes: expected " + quoted("-- " + directive.shown);
        return directive;
    }
    directive.reason = "has an unknown directive " + quoted(directive.shown);
    for (const NamedAction &known : kSqlMigrateActions) {
        directive.action = word == known.word ? known.action : directive.action;
    }
    if (rest == "notransaction") {
        directive.is_transactional = false;
    } else if (!rest.empty() && directive.action != Action::wrong) {
        directive.action = Action::wrong;
        directive.reason =
            "has an unknown option " + quoted(rest) + " of " + quoted(directive.shown);
    }
    return directive;
}

} // namespace

std::optional<Directive> read_directive(std::string_view line) {
    std::string_view comment = trim_left(line);
    if (!comment.starts_with("--")) {
        return std::nullopt;
    }
    comment = trim(comment.substr(2));
    if (std::optional<Directive> directive = read_dbmate(line, comment)) {
        return directive;
    }
    if (std::optional<Directive> directive = read_goose(line, comment)) {
        return directive;
    }
    return read_sql_migrate(line, comment);
}

// node-pg-migrate: ^\s*--[\s-]*up\s+migration, in any case.
std::optional<Directive> read_node_pg_migrate_directive(std::string_view line) {
    constexpr std::string_view kWord = "migration";
    std::string_view comment = trim_left(line);
    if (!comment.starts_with("--")) {
        return std::nullopt;
    }
    while (!comment.empty() && (comment.front() == '-' || is_blank(comment.front()))) {
        comment.remove_prefix(1);
    }
    const std::string_view direction = take_word(comment);
    if (!equals_folded(comment.substr(0, kWord.size()), kWord)) {
        return std::nullopt;
    }
    if (equals_folded(direction, "up")) {
        return Directive{Layout::node_pg_migrate, Action::up, "-- Up Migration"};
    }
    if (equals_folded(direction, "down")) {
        return Directive{Layout::node_pg_migrate, Action::down, "-- Down Migration"};
    }
    return std::nullopt;
}

int find_no_transaction_line(std::string_view text) {
    for (LineCursor line(text); line.is_valid(); line.advance()) {
        const std::string_view trimmed = trim(line.text());
        if (!trimmed.empty() && !trimmed.starts_with("--")) {
            break;
        }
        // sqlx looks at the first line only.
        if ((line.number() == 1 && trimmed == "-- no-transaction") ||
            trimmed == "--! no-transaction" || trimmed == "-- atlas:txmode none") {
            return line.number();
        }
    }
    return 0;
}

} // namespace migrate::core::versioned

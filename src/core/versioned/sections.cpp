#include "core/versioned/sections.hpp"

#include "core/versioned/directives.hpp"

#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

std::string tool_word(Layout tool, Action action) {
    const bool is_up = action == Action::up;
    switch (tool) {
    case Layout::dbmate:
        return is_up ? "migrate:up" : "migrate:down";
    case Layout::goose:
        return is_up ? "+goose Up" : "+goose Down";
    case Layout::sql_migrate:
        return is_up ? "+migrate Up" : "+migrate Down";
    default:
        return is_up ? "-- Up Migration" : "-- Down Migration";
    }
}

// Takes the directives of one tool in the order of the file.
class SectionReader {
  public:
    SectionReader(std::string_view text, Layout tool) : text_(text) { result_.layout = tool; }

    Sections run();

  private:
    std::optional<Directive> read_line(std::string_view line) const {
        return result_.layout == Layout::node_pg_migrate ? read_node_pg_migrate_directive(line)
                                                         : read_directive(line);
    }
    void take(const Directive &directive, const LineCursor &line);
    void begin_section(const Directive &directive, const LineCursor &line);
    void take_unmarked_up(const Directive &directive, const LineCursor &line);
    void take_mark(const Directive &directive, int line);
    void check_order(const Directive &directive, std::size_t begin, int line);
    void end_section(std::size_t end);
    void finish();
    void fail(std::string reason) {
        if (result_.error.empty()) {
            result_.error = std::move(reason);
        }
    }

    std::string_view text_;
    Sections result_{};
    Section *current_ = nullptr;
    std::size_t begin_ = 0; // of the current section
    bool is_up_unmarked_ = false;
    int statement_line_ = 0;      // of the StatementBegin that is open
    int no_transaction_line_ = 0; // goose's, which holds for the whole file
};

Sections SectionReader::run() {
    for (LineCursor line(text_); line.is_valid(); line.advance()) {
        const std::optional<Directive> directive = read_line(line.text());
        if (directive && directive->tool == result_.layout) {
            take(*directive, line);
        }
    }
    end_section(text_.size());
    finish();
    return std::move(result_);
}

void SectionReader::take(const Directive &directive, const LineCursor &line) {
    switch (directive.action) {
    case Action::up:
    case Action::down:
        begin_section(directive, line);
        break;
    case Action::statement_begin:
    case Action::statement_end:
        take_mark(directive, line.number());
        break;
    case Action::no_transaction:
        no_transaction_line_ = line.number();
        break;
    case Action::wrong:
        fail(directive.reason + in_line(line.number()));
        break;
    case Action::nothing:
        break;
    }
}

// What a tool does not take. dbmate and goose: UP once, then DOWN once (dbmate reads more, but then
// applies the first only). sql-migrate joins sections of one direction, in any order.
void SectionReader::check_order(const Directive &directive, std::size_t begin, int line) {
    const bool is_strict = result_.layout == Layout::dbmate || result_.layout == Layout::goose;
    const bool is_up = directive.action == Action::up;
    const bool is_first = !result_.up.is_present && !result_.down.is_present;
    if (is_strict && (is_up ? result_.up : result_.down).is_present) {
        fail("has a second " + quoted(directive.shown) + in_line(line));
    } else if (is_strict && !is_up && !result_.up.is_present) {
        fail("has " + quoted(directive.shown) + " before " +
             quoted(tool_word(result_.layout, Action::up)) + in_line(line));
    } else if (statement_line_ != 0) {
        fail("has " + quoted(directive.shown) + in_line(line) +
             " within the statement that begins" + in_line(statement_line_));
    } else if (is_first && has_sql(text_.substr(0, begin))) {
        // The other two drop it silently, which is never meant.
        fail("has SQL before the first " + quoted(directive.shown) + in_line(line));
    }
}

void SectionReader::begin_section(const Directive &directive, const LineCursor &line) {
    Section &section = directive.action == Action::up ? result_.up : result_.down;
    if (result_.layout == Layout::node_pg_migrate) {
        if (section.is_present && !(directive.action == Action::up && is_up_unmarked_)) {
            // It searches for the first marker of each direction; later ones are comments.
            return;
        }
        take_unmarked_up(directive, line);
    }
    check_order(directive, line.begin(), line.number());
    end_section(line.begin());
    current_ = &section;
    begin_ = line.end();
    section.is_present = true;
    if (!directive.is_transactional && section.is_transactional) {
        section.is_transactional = false;
        section.directive_line = line.number();
    }
}

// node-pg-migrate: without an UP marker the UP is what stands before the DOWN marker. When the
// marker comes after all, the tool would drop that.
void SectionReader::take_unmarked_up(const Directive &directive, const LineCursor &line) {
    if (is_up_unmarked_) {
        fail("has SQL before the first " + quoted(tool_word(result_.layout, Action::down)) +
             " and " + quoted(directive.shown) + in_line(line.number()));
    } else if (directive.action == Action::down && !result_.up.is_present &&
               has_sql(text_.substr(0, line.begin()))) {
        is_up_unmarked_ = true;
        result_.up.is_present = true;
        result_.up.lines.push_back({0, line.begin()});
    }
}

void SectionReader::take_mark(const Directive &directive, int line) {
    const bool is_begin = directive.action == Action::statement_begin;
    if (current_ == nullptr) {
        fail("has " + quoted(directive.shown) + " before " +
             quoted(tool_word(result_.layout, Action::up)) + in_line(line));
    } else if (is_begin && statement_line_ != 0) {
        fail("has a second " + quoted(directive.shown) + in_line(line) +
             " without an end of the first" + in_line(statement_line_));
    } else if (!is_begin && statement_line_ == 0) {
        fail("has " + quoted(directive.shown) + " without a beginning" + in_line(line));
    }
    statement_line_ = is_begin ? line : 0;
}

void SectionReader::end_section(std::size_t end) {
    if (current_ != nullptr && begin_ < end) {
        current_->lines.push_back({begin_, end});
    }
}

void SectionReader::finish() {
    if (statement_line_ != 0) {
        fail("has no StatementEnd for the StatementBegin" + in_line(statement_line_));
    }
    if (!result_.up.is_present) {
        fail("has no " + quoted(tool_word(result_.layout, Action::up)));
    }
    if (no_transaction_line_ != 0) {
        for (Section *section : {&result_.up, &result_.down}) {
            section->is_transactional = false;
            section->directive_line = no_transaction_line_;
        }
    }
}

// A word behind "-- migrate:" that is no directive may be a comment; all others are meant.
bool is_meant(const Directive &directive) {
    return directive.action != Action::wrong || directive.tool != Layout::dbmate ||
           directive.shown == "migrate:up" || directive.shown == "migrate:down";
}

// Whose file it is: the first directive of a tool that names itself decides, a comment of
// node-pg-migrate's only where there is none.
std::optional<Layout> sniff_tool(std::string_view text, SniffNodePgMigrate sniff) {
    bool has_node_pg_migrate = false;
    for (LineCursor line(text); line.is_valid(); line.advance()) {
        const std::optional<Directive> directive = read_directive(line.text());
        if (directive && is_meant(*directive)) {
            return directive->tool;
        }
        has_node_pg_migrate = has_node_pg_migrate || (sniff == SniffNodePgMigrate::yes &&
                                                      read_node_pg_migrate_directive(line.text()));
    }
    return has_node_pg_migrate ? std::optional(Layout::node_pg_migrate) : std::nullopt;
}

} // namespace

std::optional<Sections> read_sections(std::string_view text, SniffNodePgMigrate sniff) {
    const std::optional<Layout> tool = sniff_tool(text, sniff);
    if (!tool) {
        return std::nullopt;
    }
    return SectionReader(text, *tool).run();
}

} // namespace migrate::core::versioned

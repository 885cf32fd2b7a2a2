#include "core/sqlite/table_parser.hpp"

#include "core/sqlite/clause_parser.hpp"
#include "core/sqlite/select_parser.hpp"

#include <map>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

class TableParser {
  public:
    TableParser(TokenStream &in, TableClauses &out) : in_(in), out_(out) {}
    void parse();

  private:
    void parse_columns();
    void parse_column();
    bool parse_column_constraint();
    bool parse_key_constraint();
    bool parse_value_constraint();
    void parse_primary_key();
    bool parse_generation();
    void parse_check();
    void add_foreign_key(std::vector<std::string> columns);
    bool parse_deferral();

    void parse_table_constraints();
    bool parse_table_constraint();
    void parse_table_primary_key();
    void parse_table_unique();
    void parse_foreign_key();
    std::string parse_key_column();
    void parse_options();

    ColumnClauses &column() { return out_.columns.back(); }
    std::string declared_name(std::string name);
    ColumnClauses *find_column(std::string_view name);
    // CONSTRAINT names the constraint right after it, and that one only.
    std::string take_name() { return std::exchange(name_, {}); }

    TokenStream &in_;
    TableClauses &out_;
    std::string name_;
    std::map<std::string, std::size_t> places_; // of columns, by their names in upper case
};

void TableParser::parse() {
    parse_create_head(in_, "TABLE");
    if (in_.at_word("AS")) {
        fail_unsupported("CREATE TABLE … AS SELECT");
    }
    in_.expect_op("(");
    parse_columns();
    in_.expect_op(")");
    parse_options();
    in_.expect_end();
}

void TableParser::parse_columns() {
    parse_column();
    while (in_.accept_op(",")) {
        name_.clear();
        const bool is_constraint = in_.at_word("CONSTRAINT") || in_.at_word("PRIMARY") ||
                                   in_.at_word("UNIQUE") || in_.at_word("CHECK") ||
                                   in_.at_word("FOREIGN");
        if (is_constraint) {
            parse_table_constraints();
            return;
        }
        parse_column();
    }
}

void TableParser::parse_column() {
    name_.clear();
    std::string name = in_.expect_name();
    places_.emplace(ascii_upper(name), out_.columns.size());
    out_.columns.emplace_back().name = std::move(name);
    column().declared_type = parse_declared_type(in_);
    while (parse_column_constraint()) {
    }
}

bool TableParser::parse_column_constraint() {
    if (in_.accept_word("CONSTRAINT")) {
        name_ = in_.expect_name();
        return true;
    }
    if (parse_key_constraint() || parse_value_constraint()) {
        name_.clear();
        return true;
    }
    return false;
}

bool TableParser::parse_key_constraint() {
    if (in_.at_words("PRIMARY", "KEY")) {
        parse_primary_key();
    } else if (in_.accept_word("UNIQUE")) {
        skip_conflict_clause(in_);
        out_.uniques.push_back({take_name(), {column().name}});
    } else if (in_.at_word("REFERENCES")) {
        add_foreign_key({column().name});
    } else {
        return parse_deferral();
    }
    return true;
}

bool TableParser::parse_value_constraint() {
    if (in_.accept_word("NULL")) {
        skip_conflict_clause(in_);
    } else if (in_.accept_words("NOT", "NULL")) {
        skip_conflict_clause(in_);
        column().is_not_null = true;
    } else if (in_.accept_word("DEFAULT")) {
        column().default_value = parse_default(in_);
    } else if (in_.at_word("CHECK")) {
        parse_check();
    } else if (in_.accept_word("COLLATE")) {
        if (!in_.at_alias()) {
            in_.fail();
        }
        column().collation = ascii_upper(in_.next().text);
    } else {
        return parse_generation();
    }
    return true;
}

void TableParser::parse_primary_key() {
    in_.accept_words("PRIMARY", "KEY");
    column().is_primary_key = true;
    column().is_primary_key_descending = parse_direction(in_);
    out_.primary_key_name = take_name();
    skip_conflict_clause(in_);
    column().is_autoincrement = in_.accept_word("AUTOINCREMENT");
}

// [GENERATED ALWAYS] AS (…) [STORED | VIRTUAL]. Behind a type without arguments GENERATED ALWAYS
// has gone with the type.
bool TableParser::parse_generation() {
    if (in_.accept_word("GENERATED")) {
        in_.expect_word("ALWAYS");
    } else if (!in_.at_word("AS")) {
        return false;
    }
    in_.expect_word("AS");
    column().generation = parse_parenthesised(in_);
    column().is_generation_stored = in_.accept_word("STORED");
    if (!column().is_generation_stored) {
        in_.accept_word("VIRTUAL");
    }
    return true;
}

void TableParser::parse_check() {
    in_.accept_word("CHECK");
    Check check;
    check.name = take_name();
    check.expression = parse_parenthesised(in_);
    out_.checks.push_back(std::move(check));
}

void TableParser::add_foreign_key(std::vector<std::string> columns) {
    in_.expect_word("REFERENCES");
    ForeignKey key = parse_references(in_);
    key.name = take_name();
    out_.foreign_keys.push_back(std::move(key));
    out_.foreign_key_columns.push_back(std::move(columns));
}

// [NOT] DEFERRABLE [INITIALLY …] is about the last foreign key before it, even one of another
// column, and about nothing when there is none.
bool TableParser::parse_deferral() {
    const bool is_not = in_.accept_words("NOT", "DEFERRABLE");
    if (!is_not && !in_.accept_word("DEFERRABLE")) {
        return false;
    }
    bool is_deferred = false;
    if (in_.accept_word("INITIALLY")) {
        is_deferred = in_.accept_word("DEFERRED");
        if (!is_deferred) {
            in_.expect_word("IMMEDIATE");
        }
    }
    if (!out_.foreign_keys.empty()) {
        out_.foreign_keys.back().is_deferrable = !is_not;
        out_.foreign_keys.back().is_initially_deferred = !is_not && is_deferred;
    }
    return true;
}

// Table constraints may follow each other without a comma.
void TableParser::parse_table_constraints() {
    do {
        name_.clear();
        if (!parse_table_constraint()) {
            in_.fail();
        }
        while (parse_table_constraint()) {
        }
    } while (in_.accept_op(","));
}

bool TableParser::parse_table_constraint() {
    if (in_.accept_word("CONSTRAINT")) {
        name_ = in_.expect_name();
    } else if (in_.accept_words("PRIMARY", "KEY")) {
        parse_table_primary_key();
    } else if (in_.accept_word("UNIQUE")) {
        parse_table_unique();
    } else if (in_.at_word("CHECK")) {
        parse_check();
        skip_conflict_clause(in_);
    } else if (in_.accept_words("FOREIGN", "KEY")) {
        parse_foreign_key();
    } else {
        return false;
    }
    return true;
}

// The columns themselves stand in the pk ordinals of PRAGMA table_xinfo.
void TableParser::parse_table_primary_key() {
    out_.primary_key_name = take_name();
    in_.expect_op("(");
    std::string last;
    do {
        last = parse_key_column();
    } while (in_.accept_op(","));
    if (in_.accept_word("AUTOINCREMENT")) {
        if (ColumnClauses *found = find_column(last)) {
            found->is_autoincrement = true;
        }
    }
    in_.expect_op(")");
    skip_conflict_clause(in_);
}

void TableParser::parse_table_unique() {
    UniqueClause unique;
    unique.name = take_name();
    in_.expect_op("(");
    do {
        unique.columns.push_back(parse_key_column());
    } while (in_.accept_op(","));
    in_.expect_op(")");
    skip_conflict_clause(in_);
    out_.uniques.push_back(std::move(unique));
}

void TableParser::parse_foreign_key() {
    if (!in_.at_op("(")) {
        in_.fail();
    }
    std::vector<std::string> columns = parse_optional_names(in_);
    for (std::string &name : columns) {
        name = declared_name(std::move(name));
    }
    add_foreign_key(std::move(columns));
    parse_deferral();
}

// A key of a table is made of columns, which the grammar reads as expressions.
std::string TableParser::parse_key_column() {
    Query scratch;
    OrderTerm term = parse_order_term(in_, scratch);
    simplify_key_term(term.expression);
    if (term.expression->kind == ExpressionKind::boolean_literal) {
        return declared_name(term.expression->text); // a column that is called "true"
    }
    if (term.expression->kind != ExpressionKind::column || term.expression->path.size() != 1) {
        fail_unsupported("an expression in a PRIMARY KEY or UNIQUE constraint");
    }
    return declared_name(term.expression->path.front());
}

void TableParser::parse_options() {
    if (in_.at_end() || in_.at_op(";")) {
        return;
    }
    do {
        if (in_.accept_words("WITHOUT", "ROWID")) {
            out_.is_without_rowid = true;
        } else {
            in_.expect_word("STRICT");
            out_.is_strict = true;
        }
    } while (in_.accept_op(","));
}

ColumnClauses *TableParser::find_column(std::string_view name) {
    const auto found = places_.find(ascii_upper(name));
    return found == places_.end() ? nullptr : &out_.columns[found->second];
}

// Constraints may spell a column's name in another case than its definition does.
std::string TableParser::declared_name(std::string name) {
    const ColumnClauses *found = find_column(name);
    return found != nullptr ? found->name : std::move(name);
}

} // namespace

void parse_table(TokenStream &in, TableClauses &out) {
    TableParser(in, out).parse();
}

} // namespace migrate::core::sqlite

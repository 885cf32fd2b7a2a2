// Trees of core/expression.hpp as S-expressions, for tests to compare.
#pragma once

#include "core/expression.hpp"

#include <string>

namespace migrate::test {

std::string dump(const core::Expression *node);
std::string dump(const core::Select &select);

inline std::string join_path(const std::vector<std::string> &path) {
    std::string out;
    for (const std::string &part : path) {
        out += (out.empty() ? "" : ".") + part;
    }
    return out;
}

// " a b c" for a list of trees.
template <typename List>
std::string dump_list(const List &list) {
    std::string out;
    for (const core::ExpressionPtr &item : list) {
        out += " " + dump(item.get());
    }
    return out;
}

inline std::string hex_of(const std::string &bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const unsigned char c : bytes) {
        out += kDigits[c >> 4];
        out += kDigits[c & 15];
    }
    return out;
}

inline std::string dump_leaf(const core::Expression &node) {
    using Kind = core::ExpressionKind;
    switch (node.kind) {
    case Kind::null_literal:
        return "NULL";
    case Kind::integer_literal:
        return std::to_string(node.integer);
    case Kind::real_literal:
        return "r:" + node.text;
    case Kind::string_literal:
        return "'" + node.text + "'";
    case Kind::blob_literal:
        return "x'" + hex_of(node.text) + "'";
    case Kind::boolean_literal:
        return node.integer != 0 ? "TRUE" : "FALSE";
    case Kind::current_time:
        return "CURRENT_" + node.text;
    case Kind::column:
        return node.is_quoted ? "\"" + join_path(node.path) + "\"" : join_path(node.path);
    case Kind::star:
        return node.path.empty() ? "*" : join_path(node.path) + ".*";
    default:
        return {};
    }
}

inline std::string head_of(const core::Expression &node) {
    using Kind = core::ExpressionKind;
    switch (node.kind) {
    case Kind::unary:
    case Kind::binary:
    case Kind::like:
        return node.op;
    case Kind::is_null:
        return "null?";
    case Kind::between:
        return "between";
    case Kind::in_list:
    case Kind::in_select:
        return "in";
    case Kind::exists:
        return "exists";
    case Kind::scalar_select:
        return "select";
    case Kind::case_when:
        return "case";
    case Kind::cast:
        return "cast[" + node.text + "]";
    case Kind::collate:
        return "collate[" + node.text + "]";
    case Kind::function:
        return node.text + "()";
    default:
        return "row";
    }
}

inline std::string dump(const core::Expression *node) {
    if (node == nullptr) {
        return "_";
    }
    if (std::string leaf = dump_leaf(*node); !leaf.empty()) {
        return leaf;
    }
    std::string out = node->is_negated ? "(not-" : "(";
    out += head_of(*node);
    out += node->is_distinct ? " distinct" : "";
    out += node->is_star ? " *" : "";
    out += dump_list(node->operands);
    out += node->select ? " " + dump(*node->select) : "";
    out += node->filter ? " filter " + dump(node->filter.get()) : "";
    out += node->is_window ? " over" : "";
    return out + ")";
}

inline std::string dump_from(const std::vector<core::FromItem> &items) {
    static constexpr const char *kJoins[] = {
        "", " ,", " inner-join", " cross-join", " left-join", " right-join", " full-join"};
    std::string out;
    for (const core::FromItem &item : items) {
        out += item.is_natural ? " natural" : "";
        out += kJoins[static_cast<int>(item.join)];
        out += " ";
        out += item.schema.empty() ? "" : item.schema + ".";
        out += item.select          ? dump(*item.select)
               : item.group.empty() ? item.table
                                    : "{" + dump_from(item.group) + " }";
        out += item.is_function ? "()" : "";
        out += item.alias.empty() ? "" : "=" + item.alias;
        out += item.on ? " on " + dump(item.on.get()) : "";
        for (const std::string &column : item.using_columns) {
            out += " using " + column;
        }
    }
    return out;
}

inline std::string dump_core(const core::SelectCore &core) {
    std::string out = core.compound.empty() ? "[" : core.compound + " [";
    for (const auto &row : core.values) {
        out += "(values" + dump_list(row) + ")";
    }
    out += core.is_distinct ? "distinct" : "";
    for (const core::ResultColumn &column : core.columns) {
        out += " " + dump(column.expression.get());
        out += column.alias.empty() ? "" : "=" + column.alias;
    }
    out += core.from.empty() ? "" : " FROM" + dump_from(core.from);
    out += core.where ? " WHERE " + dump(core.where.get()) : "";
    out += core.group_by.empty() ? "" : " GROUP" + dump_list(core.group_by);
    out += core.having ? " HAVING " + dump(core.having.get()) : "";
    return out + "]";
}

inline std::string dump(const core::Select &select) {
    std::string out;
    for (const core::CommonTable &table : select.with) {
        out += select.is_recursive ? "RECURSIVE " : "WITH ";
        out += table.name;
        for (const std::string &column : table.columns) {
            out += "." + column;
        }
        out += " " + dump(*table.select) + " ";
    }
    for (const core::SelectCore &core : select.cores) {
        out += (core.compound.empty() ? "" : " ") + dump_core(core);
    }
    for (const core::OrderTerm &term : select.order_by) {
        out += " ORDER " + dump(term.expression.get());
        out += term.is_descending ? " desc" : "";
        out += !term.nulls_first ? "" : *term.nulls_first ? " nulls-first" : " nulls-last";
    }
    out += select.limit ? " LIMIT " + dump(select.limit.get()) : "";
    out += select.offset ? " OFFSET " + dump(select.offset.get()) : "";
    return out;
}

} // namespace migrate::test

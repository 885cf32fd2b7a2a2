#include "core/plan/load_order.hpp"

#include "core/plan/naming.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <set>
#include <string>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

using NameIndex = std::map<std::string, std::size_t, std::less<>>;

// Who must come before whom, by index; each edge once.
struct Graph {
    std::vector<std::vector<std::size_t>> parents;
    std::vector<std::vector<std::size_t>> children;

    explicit Graph(std::size_t size) : parents(size), children(size) {}

    void add_parents(std::size_t child, const std::set<std::size_t> &found) {
        for (const std::size_t parent : found) {
            parents[child].push_back(parent);
            children[parent].push_back(child);
        }
    }
};

// Kahn's algorithm with the smallest index first, so that the order is stable.
class Sorter {
  public:
    explicit Sorter(const Graph &graph)
        : graph_(graph), missing_(graph.parents.size()), is_done_(graph.parents.size()) {
        for (std::size_t i = 0; i < missing_.size(); ++i) {
            missing_[i] = graph_.parents[i].size();
            if (missing_[i] == 0)
                ready_.push(i);
        }
    }

    // Takes all that can be taken without breaking a cycle.
    void take_ready() {
        while (!ready_.empty()) {
            const std::size_t next = ready_.top();
            ready_.pop();
            take(next);
        }
    }

    void take(std::size_t next) {
        if (is_done_[next])
            return;
        is_done_[next] = true;
        order_.push_back(next);
        for (const std::size_t child : graph_.children[next]) {
            if (--missing_[child] == 0)
                ready_.push(child);
        }
    }

    bool is_done(std::size_t index) const { return is_done_[index]; }
    const std::vector<std::size_t> &order() const { return order_; }

  private:
    const Graph &graph_;
    std::vector<std::size_t> missing_; // parents that are not done
    std::vector<bool> is_done_;
    std::vector<std::size_t> order_;
    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready_;
};

// Tarjan's strongly connected components over the nodes that are not done, stopped at the first:
// with edges from child to parent, the first one found has no parent outside itself. Its own stack
// instead of recursion, as the depth is the file's.
class CycleFinder {
  public:
    CycleFinder(const Graph &graph, const Sorter &sorter)
        : graph_(graph), sorter_(sorter), number_(graph.parents.size()),
          low_(graph.parents.size()) {}

    // The smallest index of a cycle that waits for nothing but itself.
    std::size_t first_of_cycle(std::size_t start) {
        open(start);
        for (;;) {
            Frame &frame = frames_.back();
            if (frame.next_parent < graph_.parents[frame.node].size()) {
                visit(frame.node, graph_.parents[frame.node][frame.next_parent++]);
                continue;
            }
            const std::size_t node = frame.node;
            if (low_[node] == number_[node])
                return smallest_from(node);
            frames_.pop_back();
            low_[frames_.back().node] = std::min(low_[frames_.back().node], low_[node]);
        }
    }

  private:
    struct Frame {
        std::size_t node;
        std::size_t next_parent;
    };

    void open(std::size_t node) {
        number_[node] = low_[node] = ++counter_;
        path_.push_back(node);
        frames_.push_back({node, 0});
    }

    void visit(std::size_t child, std::size_t parent) {
        if (sorter_.is_done(parent))
            return;
        if (number_[parent] == 0)
            open(parent);
        else
            low_[child] = std::min(low_[child], number_[parent]);
    }

    std::size_t smallest_from(std::size_t node) const {
        const auto begin = std::find(path_.begin(), path_.end(), node);
        return *std::min_element(begin, path_.end());
    }

    const Graph &graph_;
    const Sorter &sorter_;
    std::vector<std::size_t> number_; // order of discovery from 1, 0 when not seen
    std::vector<std::size_t> low_;
    std::vector<std::size_t> path_;
    std::vector<Frame> frames_;
    std::size_t counter_ = 0;
};

Graph table_graph(const std::vector<const Table *> &tables) {
    NameIndex names;
    for (std::size_t i = 0; i < tables.size(); ++i)
        names.emplace(fold_ascii(tables[i]->name), i);
    Graph graph(tables.size());
    for (std::size_t i = 0; i < tables.size(); ++i) {
        std::set<std::size_t> parents;
        for (const ForeignKey &key : tables[i]->foreign_keys) {
            if (const auto found = names.find(fold_ascii(key.parent_table)); found != names.end())
                parents.insert(found->second);
        }
        parents.erase(i);
        graph.add_parents(i, parents);
    }
    return graph;
}

} // namespace

namespace {

std::vector<std::size_t> sort_graph(const Graph &graph) {
    Sorter sorter(graph);
    sorter.take_ready();
    for (std::size_t i = 0; i < graph.parents.size(); ++i) {
        while (!sorter.is_done(i)) {
            sorter.take(CycleFinder(graph, sorter).first_of_cycle(i));
            sorter.take_ready();
        }
    }
    return sorter.order();
}

} // namespace

std::vector<std::size_t> load_order(const std::vector<const Table *> &tables) {
    return sort_graph(table_graph(tables));
}

std::vector<std::size_t> order_by_parents(const std::vector<std::set<std::size_t>> &parents) {
    Graph graph(parents.size());
    for (std::size_t i = 0; i < parents.size(); ++i) {
        std::set<std::size_t> others = parents[i];
        others.erase(i);
        graph.add_parents(i, others);
    }
    return sort_graph(graph);
}

std::vector<std::size_t> view_order(const std::vector<View> &views) {
    NameIndex names;
    for (std::size_t i = 0; i < views.size(); ++i)
        names.emplace(fold_ascii(views[i].name), i);
    Graph graph(views.size());
    for (std::size_t i = 0; i < views.size(); ++i) {
        std::set<std::size_t> read;
        if (views[i].select == nullptr)
            continue;
        for (const std::string &name : relations_of(*views[i].select)) {
            if (const auto found = names.find(fold_ascii(name)); found != names.end())
                read.insert(found->second);
        }
        // A view of itself stays a parent of itself, so it is never ready, nor is what reads it.
        graph.add_parents(i, read);
    }
    Sorter sorter(graph);
    sorter.take_ready();
    return sorter.order();
}

} // namespace migrate::core::plan

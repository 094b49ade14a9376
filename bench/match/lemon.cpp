// bench/match/lemon.cpp - the peer: LEMON's NetworkSimplex on the same instance from standard input. One line:
// solver=lemon cost=N solve_ms=X peak_mb=X
// The k-th place of an inspector with prior load b costs (b + k)^2 - (b + k - 1)^2, so that the least cost plus the sum of
// b^2 is the least sum of squared loads. build_ms (making the graph) is not counted in solve_ms.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>
#include <sys/resource.h>

using Graph = lemon::SmartDigraph;
using Clock = std::chrono::steady_clock;

static std::int64_t number()
{
    std::int64_t v = -1;
    if (std::scanf("%ld", &v) != 1)
        v = -1;
    return v;
}

static std::vector<std::int64_t> list()
{
    std::vector<std::int64_t> ids(static_cast<std::size_t>(number()));
    for (auto &id : ids)
        id = number();
    return ids;
}

static double ms_since(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

int main()
{
    auto inspectors = static_cast<std::size_t>(number());
    std::vector<std::int64_t> base(inspectors), cap(inspectors);
    for (std::size_t i = 0; i < inspectors; i++) {
        base[i] = number();
        cap[i] = number();
    }
    std::vector<std::vector<std::int64_t>> classes(static_cast<std::size_t>(number()));
    for (auto &c : classes)
        c = list();

    auto build = Clock::now();
    Graph g;
    std::vector<Graph::Node> inspector(inspectors);
    for (auto &n : inspector)
        n = g.addNode();
    Graph::Node source = g.addNode(), sink = g.addNode();
    std::vector<std::pair<std::int64_t, std::int64_t>> limit_cost; // by arc
    std::int64_t places = 0, cost_of_base = 0;
    auto add = [&](Graph::Node from, Graph::Node to, std::int64_t limit, std::int64_t cost) {
        g.addArc(from, to);
        limit_cost.emplace_back(limit, cost);
    };
    auto groups = static_cast<std::size_t>(number());
    std::vector<std::int64_t> most(inspectors, 0); // groups that he could serve
    for (std::size_t k = 0; k < groups; k++) {
        (void) number();
        auto c = static_cast<std::size_t>(number());
        std::int64_t demand = number();
        auto forbidden = list();
        Graph::Node node = g.addNode();
        add(source, node, demand, 0);
        places += demand;
        std::size_t f = 0;
        for (std::int64_t id : classes[c]) {
            while (f < forbidden.size() && forbidden[f] < id)
                f++;
            if (f < forbidden.size() && forbidden[f] == id)
                continue;
            add(node, inspector[static_cast<std::size_t>(id)], 1, 0);
            most[static_cast<std::size_t>(id)]++;
        }
    }
    for (std::size_t i = 0; i < inspectors; i++) {
        cost_of_base += base[i] * base[i];
        for (std::int64_t k = 1; k <= cap[i] && k <= most[i]; k++)
            add(inspector[i], sink, 1, 2 * (base[i] + k) - 1);
    }
    Graph::ArcMap<std::int64_t> limit(g), cost(g);
    for (Graph::ArcIt a(g); a != lemon::INVALID; ++a) {
        limit[a] = limit_cost[static_cast<std::size_t>(g.id(a))].first;
        cost[a] = limit_cost[static_cast<std::size_t>(g.id(a))].second;
    }
    double build_ms = ms_since(build);

    auto start = Clock::now();
    lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t> simplex(g);
    simplex.upperMap(limit).costMap(cost).stSupply(source, sink, places);
    auto verdict = simplex.run();
    double solve_ms = ms_since(start);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    if (verdict != simplex.OPTIMAL) {
        std::printf("solver=lemon infeasible\n");
        return 1;
    }
    std::printf("solver=lemon cost=%ld solve_ms=%.1f build_ms=%.1f peak_mb=%.1f\n",
                simplex.totalCost() + cost_of_base, solve_ms, build_ms, static_cast<double>(usage.ru_maxrss) / 1024);
    return 0;
}

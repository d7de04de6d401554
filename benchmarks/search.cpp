// Every node within a limit of each venue: the plain loop that a C++ programmer would write, as a yardstick.
//
// A bucket queue over the same arrays that xsgeo searches (nodes in Hilbert order, arcs as (end, ms)), one search a
// venue, venues shared out among threads. Prints the number of pairs, the sum of their ms, and seconds of CPU and wall.
//
//     search ARRAYS THREADS    ARRAYS: n_nodes, n_arcs, n_venues, limit, bits, longest; first; arcs; venues (all int32)

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>
#include <vector>

struct Arc { int32_t end, ms; };
struct Entry { int32_t node, ms, next; };

static std::vector<int32_t> read(std::FILE *file, size_t count) {
    std::vector<int32_t> values(count);
    if (std::fread(values.data(), sizeof(int32_t), count, file) != count) std::exit(1);
    return values;
}

int main(int argc, char **argv) {
    std::FILE *file = argc == 3 ? std::fopen(argv[1], "rb") : nullptr;
    if (!file) return 1;
    const auto sizes = read(file, 6);
    const int32_t n_nodes = sizes[0], n_venues = sizes[2], limit = sizes[3], bits = sizes[4], longest = sizes[5];
    const auto first = read(file, n_nodes + 1), flat = read(file, 2 * size_t(sizes[1])), venues = read(file, n_venues);
    std::fclose(file);
    const Arc *arcs = reinterpret_cast<const Arc *>(flat.data());

    std::atomic<int32_t> next_block{0};
    std::atomic<int64_t> pairs{0}, total{0};
    const auto search = [&] {
        std::vector<int32_t> distance(n_nodes, limit + 1), head(((limit + longest) >> bits) + 1, -1), touched;
        std::vector<Entry> pool;
        int64_t own_pairs = 0, own_total = 0;
        for (int32_t block; (block = next_block.fetch_add(64)) < n_venues;)
            for (int32_t i = block; i < block + 64 && i < n_venues; ++i) {
                pool.clear();
                touched.clear();
                distance[venues[i]] = 0;
                touched.push_back(venues[i]);
                pool.push_back({venues[i], 0, -1});
                head[0] = 0;
                for (int32_t here = 0; here <= limit >> bits; ++here)
                    while (head[here] >= 0) {
                        const Entry entry = pool[head[here]];
                        head[here] = entry.next;
                        if (entry.ms != distance[entry.node]) continue;
                        for (int32_t k = first[entry.node]; k < first[entry.node + 1]; ++k) {
                            const int32_t node = arcs[k].end, ms = entry.ms + arcs[k].ms;
                            if (ms >= distance[node]) continue;
                            if (distance[node] > limit) touched.push_back(node);
                            distance[node] = ms;
                            pool.push_back({node, ms, head[ms >> bits]});
                            head[ms >> bits] = int32_t(pool.size()) - 1;
                        }
                    }
                own_pairs += int64_t(touched.size());
                for (const int32_t node : touched) {
                    own_total += distance[node];
                    distance[node] = limit + 1;
                }
            }
        pairs += own_pairs;
        total += own_total;
    };

    const std::clock_t cpu = std::clock();
    const auto wall = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < std::atoi(argv[2]); ++i) threads.emplace_back(search);
    for (auto &thread : threads) thread.join();
    const double cpu_s = double(std::clock() - cpu) / CLOCKS_PER_SEC;
    const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    std::printf("%lld %lld %.6f %.6f\n", (long long)pairs, (long long)total, cpu_s, wall_s);
}

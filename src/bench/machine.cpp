#include <algorithm>
#include <cstdlib>
#include <fallline/bench/machine.hpp>
#include <fallline/memory.hpp>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <system_error>

#include "bench/loops.hpp"
#include "kernels/peak.hpp"

namespace fallline::bench {
namespace {

/// The first word of a file; empty where there is none.
std::string word_in(const std::filesystem::path& path) {
  std::string word;
  std::ifstream(path) >> word;
  return word;
}

/// Bytes of the third-level caches together, each counted once, as far as the system tells.
std::size_t last_caches() {
  std::map<std::string, std::size_t> sizes;  // by the processors that share one
  std::error_code none;
  for (const auto& cpu : std::filesystem::directory_iterator("/sys/devices/system/cpu", none)) {
    const std::filesystem::path cache = cpu.path() / "cache" / "index3";
    const std::string kibibytes = word_in(cache / "size");  // "32768K"
    if (!kibibytes.empty())
      sizes[word_in(cache / "shared_cpu_list")] = std::strtoull(kibibytes.c_str(), nullptr, 10);
  }
  std::size_t sum = 0;
  for (const auto& [processors, size] : sizes) sum += size << 10;
  return sum;
}

double triad_bandwidth(std::size_t array_bytes, Workers& workers) {
  constexpr int rounds = 8;
  const std::size_t n = array_bytes / sizeof(float);
  const auto a = filled(n, 0, workers);
  const auto b = filled(n, 1, workers);
  const auto c = filled(n, 2, workers);
  const Triad triad{.a = a.get(), .b = b.get(), .c = c.get(), .s = 0.5F};
  double best = std::numeric_limits<double>::infinity();
  for (int k = 0; k < rounds; ++k)
    best = std::min(best, seconds_of([&] { sweep(triad, n, workers); }));
  return 3 * static_cast<double>(array_bytes) / best;
}

}  // namespace

double peak_flops(Workers& workers) { return kernels::peak_flops(workers); }

Machine measure_machine(Workers& workers, std::uint64_t memory_limit) {
  constexpr std::size_t least_array = std::size_t{64} << 20;
  constexpr std::size_t most_array = std::size_t{1} << 30;
  const std::size_t array_bytes = std::clamp(4 * last_caches(), least_array, most_array);
  require_memory(3 * array_bytes, memory_limit, "the memory's triad", "measure something else");
  return {.instruction_set = instruction_set(),
          .threads = workers.threads(),
          .flops = peak_flops(workers),
          .triad = triad_bandwidth(array_bytes, workers),
          .array_bytes = array_bytes};
}

}  // namespace fallline::bench

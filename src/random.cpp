#include <Random123/philox.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fallline/random.hpp>
#include <numbers>
#include <numeric>
#include <utility>

namespace fallline {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
constexpr std::uint32_t high(std::uint64_t value) { return low(value >> 32); }

using Block = std::array<std::uint64_t, 2>;

Block block(std::uint64_t seed, Purpose purpose, std::uint32_t epoch, std::uint64_t index) {
  const philox4x32_ctr_t counter{
      {low(index), high(index), epoch, static_cast<std::uint32_t>(purpose)}};
  const philox4x32_key_t key{{low(seed), high(seed)}};
  const philox4x32_ctr_t words = philox4x32_R(10, counter, key);
  return {words[0] | std::uint64_t{words[1]} << 32, words[2] | std::uint64_t{words[3]} << 32};
}

constexpr double unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

}  // namespace

std::uint64_t Random::bits(std::uint64_t index) const {
  return block(seed_, purpose_, epoch_, index)[0];
}

double Random::uniform(std::uint64_t index) const { return unit(bits(index)); }

double Random::normal(std::uint64_t index) const {
  const auto [first, second] = block(seed_, purpose_, epoch_, index);
  return std::sqrt(-2 * std::log(1 - unit(first))) * std::cos(2 * std::numbers::pi * unit(second));
}

std::uint64_t Random::below(std::uint64_t index, std::uint64_t bound) const {
  return static_cast<std::uint64_t>(Wide{bits(index)} * bound >> 64);
}

std::vector<std::size_t> shuffled(std::size_t n, const Random& random, Workers* workers) {
  // The draws do not depend on one another; the exchanges do.
  std::vector<std::size_t> partner(n);
  constexpr std::size_t piece = 4096;
  const auto draw = [&](std::size_t p) {
    for (std::size_t i = p * piece; i < std::min(n, (p + 1) * piece); ++i)
      partner[i] = random.below(i, i + 1);
  };
  const std::size_t pieces = (n + piece - 1) / piece;
  if (workers != nullptr)
    workers->for_each(pieces, draw);
  else
    for (std::size_t p = 0; p < pieces; ++p) draw(p);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i-- > 1;) std::swap(order[i], order[partner[i]]);
  return order;
}

}  // namespace fallline

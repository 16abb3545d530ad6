#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/data/split.hpp>
#include <fallline/error.hpp>
#include <functional>
#include <numeric>

namespace fallline {
namespace {

using Indices = std::vector<std::size_t>;

std::vector<Indices> by_class(const Dataset& data) {
  std::vector<Indices> members(std::max<std::size_t>(data.classes(), 1));
  for (std::size_t i = 0; i < data.size(); ++i)
    members[data.labels().empty() ? 0 : static_cast<std::size_t>(data.labels()[i])].push_back(i);
  return members;
}

std::size_t total_held_out(std::size_t n, double fraction) {
  if (fraction == 0 || n < 2) return 0;
  const auto nearest = static_cast<std::size_t>(std::llround(static_cast<double>(n) * fraction));
  return std::clamp<std::size_t>(nearest, 1, n - 1);
}

/// How many each class gives, by the largest remainders.
Indices quotas(const std::vector<Indices>& members, double fraction, std::size_t total) {
  Indices quota(members.size());
  std::vector<double> remainder(members.size());
  for (std::size_t c = 0; c < members.size(); ++c) {
    const double share = static_cast<double>(members[c].size()) * fraction;
    quota[c] = static_cast<std::size_t>(share);
    remainder[c] = share - std::floor(share);
  }
  Indices order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t c) { return remainder[c]; });
  std::size_t given = std::accumulate(quota.begin(), quota.end(), std::size_t{0});
  for (const std::size_t kept_by_each : {1, 0})
    for (const std::size_t c : order)
      if (given < total && quota[c] + kept_by_each < members[c].size()) ++quota[c], ++given;
  return quota;
}

}  // namespace

Split split(const Dataset& data, double fraction, std::uint64_t seed, Purpose purpose) {
  if (!(fraction >= 0 && fraction < 1))
    throw usage_error(fmt::format("the share held out is {}, outside [0, 1)", fraction),
                      "0.1 holds out a tenth");
  const std::vector<Indices> members = by_class(data);
  const Indices quota = quotas(members, fraction, total_held_out(data.size(), fraction));
  Split parts;
  for (std::size_t c = 0; c < members.size(); ++c) {
    const Random random(seed, purpose, static_cast<std::uint32_t>(c));
    const Indices order = shuffled(members[c].size(), random);
    for (std::size_t i = 0; i < order.size(); ++i)
      (i < quota[c] ? parts.held_out : parts.kept).push_back(members[c][order[i]]);
  }
  std::ranges::sort(parts.kept);
  std::ranges::sort(parts.held_out);
  return parts;
}

}  // namespace fallline

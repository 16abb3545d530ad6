#include <algorithm>
#include <cmath>
#include <fallline/data/split.hpp>

namespace fallline {

Split split(const Dataset& data, double share, std::uint64_t seed, Purpose purpose) {
  std::vector<std::vector<std::size_t>> of_class(std::max<std::size_t>(1, data.classes()));
  for (const std::size_t i : shuffled(data.size(), Random(seed, purpose)))
    of_class[data.labelled() ? static_cast<std::size_t>(data.labels()[i]) : 0].push_back(i);
  Split halves;
  for (const std::vector<std::size_t>& members : of_class) {
    const auto count =
        static_cast<std::ptrdiff_t>(std::round(share * static_cast<double>(members.size())));
    halves.held_out.insert(halves.held_out.end(), members.begin(), members.begin() + count);
    halves.kept.insert(halves.kept.end(), members.begin() + count, members.end());
  }
  std::ranges::sort(halves.kept);
  std::ranges::sort(halves.held_out);
  return halves;
}

}  // namespace fallline

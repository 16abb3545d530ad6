#include "objective/evaluation_bytes.hpp"

#include <algorithm>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/objective/confusion.hpp>
#include <string>
#include <vector>

namespace fallline {
namespace {

std::uint64_t names_bytes(const std::vector<std::string>& names) {
  std::uint64_t bytes = 0;
  for (const std::string& name : names) bytes += sizeof(std::string) + name.capacity();
  return bytes;
}

}  // namespace

std::uint64_t evaluation_bytes(const Network& network, CellType cells, std::size_t examples,
                               std::size_t threads) {
  return BatchObjective::working_bytes(network, cells, threads) +
         Confusion::bytes(network.classes(), examples);
}

std::uint64_t figures_bytes(const Dataset& data) {
  constexpr std::uint64_t parts = 3;
  constexpr std::uint64_t number_in_json = 64;
  constexpr std::uint64_t copies = 8;
  const std::uint64_t written = std::min(data.classes(), Confusion::most_dense);
  return parts *
             (Confusion::bytes(data.classes(), data.size()) + written * written * number_in_json) +
         copies * (names_bytes(data.class_names()) + names_bytes(data.feature_names()));
}

}  // namespace fallline

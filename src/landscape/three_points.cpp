#include <algorithm>
#include <array>
#include <fallline/landscape/three_points.hpp>
#include <memory>

namespace fallline::landscape {

WorkedCase three_points() {
  constexpr std::array x{2.0F, -1.0F, 0.5F};
  constexpr std::array w{0.0F, -1.0F, 0.25F};
  const auto cells = std::make_shared<const std::array<float, 3>>(x);
  DatasetParts parts{.name = "three points",
                     .cells = CellType::f32,
                     .features = 1,
                     .labels = {0, 1, 2},
                     .class_names = {"0", "1", "2"},
                     .storage = {cells},
                     .storage_bytes = sizeof(x)};
  for (const float& cell : *cells) parts.rows.push_back(reinterpret_cast<const std::byte*>(&cell));
  const Network network(w.size(), 1);
  std::vector<float> parameters(network.parameters());
  std::ranges::copy(w, parameters.begin());
  WorkedCase worked{.data = Dataset(std::move(parts))};
  worked.model = {.network = network,
                  .parameters = std::move(parameters),
                  .preprocessing = Preprocessing::identity(1),
                  .loss = {.kind = LossKind::hinge},
                  .schema = worked.data.schema()};
  return worked;
}

}  // namespace fallline::landscape

// A dataset made of cells that are in memory already: nothing is copied.
#include <array>
#include <fallline/data/dataset.hpp>
#include <iostream>

int main() {
  // Four points of the plane, one row each, and the class of each.
  static constexpr std::array<float, 8> cells{0, 0, 0, 1, 1, 0, 1, 1};
  fallline::DatasetParts parts{.name = "and", .cells = fallline::CellType::f32, .features = 2};
  for (std::size_t row = 0; row < 4; ++row) {
    parts.rows.push_back(reinterpret_cast<const std::byte*>(&cells[2 * row]));
  }
  parts.labels = {0, 0, 0, 1};
  parts.class_names = {"false", "true"};

  const fallline::Dataset data(parts);
  std::cout << data.size() << " examples of " << data.features() << " features in "
            << data.classes() << " classes\n";
}

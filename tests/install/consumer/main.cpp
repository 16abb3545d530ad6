#include <array>
#include <fallline/fallline.hpp>
#include <iostream>

int main() {
  static constexpr std::array<std::byte, 6> cells{};
  fallline::DatasetParts parts{.name = "cells", .features = 3};
  parts.rows = {&cells[0], &cells[3]};
  parts.labels = {0, 1};
  parts.class_names = {"cat", "dog"};
  const fallline::Dataset data(parts);
  std::cout << data.size() << " examples of " << data.features() << " features, " << data.classes()
            << " classes\n";
  // Reaches every reader, and so every library that they stand on.
  for (const fallline::FormatInfo& format : fallline::formats())
    if (format.name.empty()) return 1;
}

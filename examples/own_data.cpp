// Classifies points that lie in the caller's own memory: nothing is copied.
#include <cstdlib>
#include <fallline/fallline.hpp>
#include <iostream>
#include <memory>
#include <vector>

namespace {

constexpr std::size_t features = 2;

/// Points around three centres, one class each.
fallline::Dataset points(const std::vector<float>& cells) {
  fallline::DatasetParts parts{
      .name = "points", .cells = fallline::CellType::f32, .features = features};
  for (std::size_t i = 0; i < cells.size() / features; ++i) {
    parts.rows.push_back(reinterpret_cast<const std::byte*>(&cells[i * features]));
    parts.labels.push_back(static_cast<std::int32_t>(i % 3));
  }
  parts.class_names = {"left", "right", "top"};
  return fallline::Dataset(std::move(parts));
}

}  // namespace

int main() {
  constexpr float centres[3][features] = {{-1, 0}, {1, 0}, {0, 2}};
  const fallline::Random random(1, fallline::Purpose::sample);
  std::vector<float> cells(300 * features);  // must outlive every dataset that looks at it
  for (std::size_t i = 0; i < cells.size(); ++i)
    cells[i] =
        centres[i / features % 3][i % features] + 0.4F * static_cast<float>(random.normal(i));

  const fallline::Source source{.train = points(cells)};
  const fallline::Parts parts = fallline::divide(source, {.test = 0.2, .validation = 0});
  fallline::Workers workers;
  const fallline::TrainResult result = fallline::train(parts, {.epochs = 200}, workers);
  std::cout << parts.test.size() << " points held out, accuracy " << result.test->accuracy()
            << '\n';

  const std::vector<float> fresh{0.1F, 1.9F};
  std::size_t answer = 0;
  fallline::predict(result.model, points(fresh), workers, [&](const fallline::Prediction& p) {
    answer = p.predicted;
    std::cout << "(0.1, 1.9) is " << result.model.schema.class_names[answer]
              << ", with probability " << p.probabilities[answer] << '\n';
  });
  return answer == 2 && result.test->accuracy() > 0.9 ? EXIT_SUCCESS : EXIT_FAILURE;
}

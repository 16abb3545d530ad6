#include <gtest/gtest.h>

#include <cmath>
#include <fallline/landscape/directions.hpp>
#include <fallline/landscape/plane.hpp>
#include <vector>

#include "support/plain_network.hpp"
#include "support/site.hpp"

namespace fallline::landscape {
namespace {

Classifier random_network(const Dataset& data, Workers& workers) {
  Classifier model = test::random_model(data, {}, {.l2 = 0.1}, workers);
  model.network = Network::parse("mlp:9,8", data.features(), data.classes());
  model.parameters = test::random_vector<float>(model.network.parameters(), 0.4);
  return model;
}

TEST(NetworkPlane, IsTheObjectiveOfANetworkWrittenOutPlainly) {
  Workers workers(2);
  const Dataset data = test::random_dataset(120, 11, 4, CellType::u8);
  Site site(random_network(data, workers), data, workers);
  ASSERT_FALSE(site.linear());
  const Direction first = scaled(random_direction(site.parameters(), 1, 1), Scaling::filter,
                                 site.weights(), site.blocks());
  const Direction second = scaled(random_direction(site.parameters(), 1, 2), Scaling::filter,
                                  site.weights(), site.blocks());
  const Plane plane{.origin = site.weights(), .first = first.values, .second = second.values};
  const std::vector<PlanePoint> points{{0, 0}, {0.5, -1}, {-1, 1}, {2, 0.25}};
  const PlaneMeasures found = measure_plane(site, plane, points, {});
  std::vector<float> w(site.parameters());
  std::vector<double> ignored;
  for (std::size_t p = 0; p < points.size(); ++p) {
    plane.at(points[p].a, points[p].b, w);
    const test::PlainNetwork plain(site.model().network, std::vector<double>(w.begin(), w.end()));
    const double wanted =
        plain.value_and_gradient(site.data(), site.model().preprocessing, {}, {.l2 = 0.1},
                                 test::indices(site.size()), ignored);
    EXPECT_NEAR(found.points[p].objective(), wanted, 1e-5 * wanted);
  }
  EXPECT_THROW((void)measure_plane(site, plane, points, {.method = PlaneMethod::scores}), Error);
}

TEST(NetworkPlane, ByFilterEveryUnitsWeightsHaveTheLengthOfItsOwn) {
  Workers workers(1);
  const Dataset data = test::random_dataset(20, 11, 4, CellType::u8);
  Site site(random_network(data, workers), data, workers);
  const Direction d = scaled(random_direction(site.parameters(), 1, 1), Scaling::filter,
                             site.weights(), site.blocks());
  for (const ParameterBlock& block : site.blocks())
    for (std::size_t r = 0; r < block.rows; ++r) {
      double length = 0;
      double wanted = 0;
      for (std::size_t k = 0; k < block.columns; ++k) {
        const std::size_t i = block.first + r * block.columns + k;
        length += double(d.values[i]) * d.values[i];
        wanted += double(site.weights()[i]) * site.weights()[i];
      }
      EXPECT_NEAR(length, block.role == BlockRole::bias ? 0 : wanted, 1e-5 * wanted) << block.name;
    }
}

}  // namespace
}  // namespace fallline::landscape

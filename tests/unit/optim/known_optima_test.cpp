#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fallline/optim/minimize.hpp>
#include <map>
#include <string>
#include <vector>

#include "support/known_functions.hpp"

namespace fallline {
namespace {

using test::known_functions;
using test::KnownFunction;

TEST(KnownFunctions, TheirGradientsAreCentralDifferences) {
  for (const auto& f : known_functions<double>()) {
    std::vector<double> w = f.start;
    std::vector<double> g(w.size());
    std::vector<double> ignored(w.size());
    f(w, g);
    for (std::size_t i = 0; i < w.size(); ++i) {
      const double h = 1e-5;
      const double x = w[i];
      w[i] = x + h;
      const double above = f(w, ignored);
      w[i] = x - h;
      const double below = f(w, ignored);
      w[i] = x;
      const double difference = (above - below) / (2 * h);
      EXPECT_NEAR(g[i], difference, 1e-6 * (1 + std::abs(g[i]))) << f.name << " " << i;
    }
  }
}

TEST(KnownFunctions, TheirMinimaHaveTheLowestValueAndNoGradient) {
  for (const auto& f : known_functions<double>())
    for (const std::vector<double>& minimum : f.minima) {
      std::vector<double> g(minimum.size());
      EXPECT_NEAR(f(minimum, g), f.lowest, 1e-8) << f.name;
      for (const double slope : g) EXPECT_NEAR(slope, 0, 1e-6) << f.name;
    }
}

/// How each optimizer is run: `stages` times `steps` steps from the best point of the stage
/// before, each stage at half the rate of that before.
///
/// An update that follows the size of the gradient needs a rate of the size of 1/curvature, and
/// keeps it. One that does not needs none, but comes no nearer than its rate: hence the stages.
struct Way {
  std::string_view optimizer;
  double rate;
  bool scaled;  ///< the rate is multiplied by that of the function, below
  int stages;
  std::uint64_t steps;
};

constexpr std::array ways{
    Way{"sgd", 1, true, 1, 60000},        Way{"heavy-ball", 0.2, true, 1, 60000},
    Way{"nesterov", 0.5, true, 1, 60000}, Way{"ewma-momentum", 2, true, 1, 60000},
    Way{"rmsprop", 0.1, false, 16, 1500}, Way{"adam", 0.1, false, 16, 1500},
    Way{"adamw", 0.1, false, 16, 1500},   Way{"nadam", 0.5, false, 16, 1500},
    Way{"amsgrad", 0.5, false, 16, 1500}, Way{"adagrad", 1, false, 16, 1500},
    Way{"adadelta", 5, false, 16, 12000}, Way{"lion", 0.01, false, 16, 1500},
    Way{"lbfgs", 1, false, 1, 500},
};

/// About half of 1/curvature where the function is steepest on the way.
const std::map<std::string_view, double> rates{
    {"rosenbrock", 1e-3},      {"booth", 0.05},           {"beale", 0.02},
    {"matyas", 0.5},           {"mccormick", 0.1},        {"himmelblau", 0.01},
    {"styblinski-tang", 0.01}, {"goldstein-price", 1e-4}, {"wood", 4e-4},
    {"colville", 1e-3}};

OptimizerOptions options_of(std::string_view name) {
  OptimizerOptions options{.name = std::string(name)};
  if (name == "adamw") options.settings = {{"weight-decay", 0}};  // decay moves the minimum
  return options;
}

template <class T>
struct Reached {
  std::vector<T> w;
  std::uint64_t steps = 0;
};

template <class T>
Reached<T> descend(const KnownFunction<T>& f, const Way& way) {
  double rate = way.rate * (way.scaled ? rates.at(f.name) : 1);
  // RMSProp goes from Wood's start, where x₁ = x₃ and x₂ = x₄, to the saddle at (−1, 1, −1, 1)
  // unless its first steps are long enough to break the symmetry.
  if (way.optimizer == "rmsprop" && f.name == "wood") rate = 0.5;
  Reached<T> reached{.w = f.start};
  for (int stage = 0; stage < way.stages; ++stage, rate /= 2) {
    const auto found = minimize(f, reached.w, options_of(way.optimizer),
                                {.learning_rate = rate,
                                 .max_steps = way.steps,
                                 .gradient_tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-8,
                                 .keep_history = false});
    reached.w = found.w;
    reached.steps += found.steps;
    if (found.why == Termination::gradient) break;
  }
  return reached;
}

template <class T>
class KnownOptima : public testing::Test {};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(KnownOptima, Numbers);

// In float the gradient of Rosenbrock's function, with numbers of 400 in it, is off by 400 ε = 5e-5
// near its minimum, where its curvature is 0.4: the point is off by 1e-4, and 1e-3 leaves room.
TYPED_TEST(KnownOptima, EveryOptimizerReachesEveryOne) {
  using T = TypeParam;
  for (const OptimizerInfo& optimizer : optimizers()) {
    const auto way = std::ranges::find(ways, optimizer.name, &Way::optimizer);
    ASSERT_NE(way, ways.end()) << optimizer.name << " has no row in the table of ways";
    const double tolerance = std::is_same_v<T, float> ? 1e-3 : optimizer.whole ? 1e-6 : 1e-4;
    for (const KnownFunction<T>& f : known_functions<T>()) {
      const auto reached = descend<T>(f, *way);
      EXPECT_LE(f.distance(reached.w), tolerance)
          << optimizer.name << " on " << f.name << ", " << reached.steps << " steps";
    }
  }
}

TYPED_TEST(KnownOptima, LbfgsReachesRosenbrocksIn512Dimensions) {
  using T = TypeParam;
  const auto f = test::rosenbrock_in<T>(512);
  const bool single = std::is_same_v<T, float>;
  const auto found = minimize(f, f.start, Lbfgs{}, {.gradient_tolerance = single ? 1e-4 : 1e-8});
  EXPECT_EQ(found.why, Termination::gradient);
  EXPECT_LE(f.distance(found.w), single ? 1e-3 : 1e-6);
  EXPECT_LT(found.steps, 4000U);
}

}  // namespace
}  // namespace fallline

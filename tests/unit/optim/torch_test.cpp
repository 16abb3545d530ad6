#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fallline/optim/minimize.hpp>
#include <fallline/optim/optimizer.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace fallline {
namespace {

constexpr std::size_t parameters = 50;

/// The optimizers of tests/golden/torch_trajectories.py, in the same words.
struct Case {
  const char* name;
  double rate;
  OptimizerOptions options;
};

std::vector<Case> cases() {
  const auto torch = [](const char* name,
                        std::map<std::string, double, std::less<>> settings = {}) {
    return OptimizerOptions{.name = name, .preset = Preset::torch, .settings = std::move(settings)};
  };
  return {{"sgd", 0.05, torch("sgd")},
          {"momentum", 0.01, torch("momentum")},
          {"dampening", 0.02, torch("heavy-ball", {{"dampening", 0.5}})},
          {"nesterov", 0.01, torch("nesterov")},
          {"rmsprop", 0.001, torch("rmsprop")},
          {"rmsprop-momentum", 0.0001, torch("rmsprop", {{"momentum", 0.9}})},
          {"rmsprop-centered", 0.001, torch("rmsprop", {{"centered", 1}})},
          {"rmsprop-both", 0.0001, torch("rmsprop", {{"centered", 1}, {"momentum", 0.9}})},
          {"adam", 0.001, torch("adam")},
          {"adamw", 0x1p-10, torch("adamw", {{"weight-decay", 0.125}})},
          {"nadam", 0.001, torch("nadam")},
          {"amsgrad", 0.001, torch("amsgrad")},
          {"adagrad", 0.1, torch("adagrad")},
          {"adadelta", 0.1, torch("adadelta")}};
}

/// "CASE,TYPE,STEP" → the parameters after that step.
const std::map<std::string, std::vector<double>>& golden() {
  static const auto figures = [] {
    std::map<std::string, std::vector<double>> map;
    std::ifstream in(FALLLINE_GOLDEN "/torch_trajectories.csv");
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
      std::istringstream cells(line);
      std::string name;
      std::string type;
      std::string step;
      std::string cell;
      std::getline(cells, name, ',');
      std::getline(cells, type, ',');
      std::getline(cells, step, ',');
      std::vector<double>& w = map[name + "," + type + "," + step];
      while (std::getline(cells, cell, ',')) w.push_back(std::stod(cell));
    }
    return map;
  }();
  return figures;
}

/// f of the script: its value, and its gradient in the same order of operations.
template <class T>
double problem(std::span<const T> w, std::span<T> gradient) {
  constexpr std::size_t n = parameters;
  std::vector<T> cube(n);
  double value = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const T d = w[i] - w[(i + 1) % n];
    cube[i] = d * d * d;
    value += 0.25 * static_cast<double>(cube[i]) * static_cast<double>(d);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const auto a = static_cast<T>(std::ldexp(1.0, -static_cast<int>(i % 3)));
    const T off = w[i] - (static_cast<T>((7 * i) % 13) - 6) / 4;
    gradient[i] = a * off + cube[i] - cube[(i + n - 1) % n];
    value += 0.5 * static_cast<double>(a) * static_cast<double>(off) * static_cast<double>(off);
  }
  return value;
}

template <class T>
std::vector<T> start() {
  std::vector<T> w(parameters);
  for (std::size_t i = 0; i < parameters; ++i)
    w[i] = (static_cast<T>((5 * i) % 11) - 5) / 4 + T(0.125);
  return w;
}

/// ‖w − w'‖/‖w'‖
template <class T>
double distance(const std::vector<T>& w, const std::vector<double>& other) {
  double apart = 0;
  double size = 0;
  for (std::size_t i = 0; i < parameters; ++i) {
    const double x = other.at(i);
    apart += (static_cast<double>(w[i]) - x) * (static_cast<double>(w[i]) - x);
    size += x * x;
  }
  return std::sqrt(apart / size);
}

template <class T>
void agree_over_two_hundred_steps(const char* type, double tolerance) {
  for (const Case& c : cases()) {
    const auto optimizer = make_optimizer<T>(c.options, parameters);
    std::vector<T> w = start<T>();
    std::vector<T> g(parameters);
    int compared = 0;
    for (std::uint64_t t = 1; t <= 200; ++t) {
      problem<T>(w, g);
      optimizer->step({.t = t, .rate = c.rate}, w, g, w, nullptr);
      const auto it = golden().find(fmt::format("{},{},{}", c.name, type, t));
      if (it == golden().end()) continue;
      ++compared;
      const double found = distance(w, it->second);
      EXPECT_TRUE(!(found > tolerance) && std::isfinite(found))
          << c.name << " in " << type << ", step " << t << ": " << found;
    }
    EXPECT_EQ(compared, 10) << c.name;
  }
}

TEST(Torch, TwoHundredStepsOfEveryOptimizerInDouble) {
  agree_over_two_hundred_steps<double>("double", 1e-12);
}

TEST(Torch, TwoHundredStepsOfEveryOptimizerInFloat) {
  agree_over_two_hundred_steps<float>("float", 1e-6);
}

template <class T>
double lbfgs_distance(const char* type) {
  const auto found = minimize(problem<T>, start<T>(), Lbfgs{}, {.gradient_tolerance = 0});
  return distance(found.w, golden().at(fmt::format("lbfgs,{},converged", type)));
}

TEST(Torch, LbfgsConvergesToTheSamePoint) {
  EXPECT_LE(lbfgs_distance<double>("double"), 1e-12);
  EXPECT_LE(lbfgs_distance<float>("float"), 1e-6);
}

}  // namespace
}  // namespace fallline

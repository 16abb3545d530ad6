#include <gtest/gtest.h>

#include <algorithm>
#include <fallline/gradient/network_check.hpp>
#include <string>
#include <vector>

#include "gradient/network_checker.hpp"
#include "support/datasets.hpp"
#include "support/refusal.hpp"

namespace fallline {
namespace {

constexpr const char* branching =
    "layer1 = dense(6) of input; act1 = tanh of layer1; layer2 = dense(6) of act1; "
    "beside = dense(6) of input; sum = add of layer2, act1, beside, act1; act2 = gelu of sum; "
    "drop = dropout(0.25) of act2; layer3 = dense(classes) of drop";

struct NetworkProblem {
  explicit NetworkProblem(const std::string& text) : network(Network::parse(text, 11, 4)) {}

  [[nodiscard]] NetworkGradientCheck check(const GradientCheckOptions& options = {},
                                           LossKind loss = LossKind::softmax,
                                           Penalty penalty = {}) {
    return check_network_gradient(data, preprocessing, network, {.kind = loss}, penalty, w, options,
                                  workers);
  }

  Workers workers{2};
  Dataset data = test::random_dataset(9, 11, 4, CellType::u8);
  Preprocessing preprocessing = Preprocessing::fit(PreprocessingKind::feature, data, workers);
  Network network;
  std::vector<float> w = test::random_vector<float>(network.parameters(), 0.4);
};

TEST(NetworkCheck, EveryActivationAndABranchingGraphPassInDouble) {
  for (const std::string text :
       {"mlp:7,5,activation=relu", "mlp:7,5,activation=leaky-relu", "mlp:7,5,activation=tanh",
        "mlp:7,5,activation=sigmoid", "mlp:7,5,activation=gelu", "mlp:5x4,skip=2,dropout=0.5",
        branching, "linear"})
    for (const LossKind loss : {LossKind::softmax, LossKind::squared_hinge})
      for (const Penalty penalty : {Penalty{}, Penalty{.l2 = 0.1}}) {
        NetworkProblem problem(text);
        const NetworkGradientCheck found = problem.check({}, loss, penalty);
        EXPECT_EQ(found.verdict(), Verdict::pass) << text;
        EXPECT_TRUE(found.wrong_layers().empty()) << text << " " << found.wrong_layers().front();
        EXPECT_TRUE(!(found.whole.all.worst.error > 1e-6))
            << text << " " << found.whole.all.worst.error;
        EXPECT_EQ(found.whole.all.checked, problem.network.parameters());
        EXPECT_EQ(found.whole.blocks.size(), problem.network.blocks().size());
        EXPECT_LT(found.float_kernels, 1e-5) << text;
        EXPECT_LT(found.integer_kernels, 1e-2) << text;
        for (const LayerCheck& layer : found.layers)
          EXPECT_TRUE(!(layer.check.all.worst.error > 1e-6)) << text << " " << layer.layer;
      }
}

TEST(NetworkCheck, ChecksTheSameShareOfEveryBlock) {
  NetworkProblem problem("mlp:30,20");
  const NetworkGradientCheck found = problem.check({.coordinates = 60});
  for (const CheckedBlock& block : found.whole.blocks)
    EXPECT_EQ(block.checked, block.name == "layer3.bias" ? 4U : 10U);
}

/// A network one layer of which sends back, or sums up, a hundredth too much.
class WrongLayers : public LayerValues<double> {
 public:
  WrongLayers(const Network& network, std::size_t examples, std::size_t wrong, bool parameters)
      : LayerValues(network, examples, false), wrong_(wrong), parameters_(parameters) {}

  void backward(std::size_t l, std::size_t first, std::size_t count) override {
    LayerValues::backward(l, first, count);
    const Layer& layer = network().layers()[l];
    if (l != wrong_ || parameters_ || layer.reads[0] == 0) return;
    gradient(layer.reads[0], first)[0] *= 1.01;
  }
  void parameter_gradient(const Tile& tile, std::size_t count, bool add,
                          std::span<double> g) override {
    LayerValues::parameter_gradient(tile, count, add, g);
    if (tile.layer == wrong_ && parameters_ && tile.rows == 0)
      g[network().bias_of(tile.layer)] *= 1.01;
  }

 private:
  std::size_t wrong_;
  bool parameters_;
};

TEST(NetworkCheck, AWrongJacobianInAnyLayerIsCaughtAndTheLayerNamed) {
  NetworkProblem problem(branching);
  const auto& layers = problem.network.layers();
  for (std::size_t l = 1; l < layers.size(); ++l)
    for (const bool parameters : {false, true}) {
      const bool dense = layers[l].kind == Layer::Kind::dense;
      if (parameters ? !dense : layers[l].reads[0] == 0) continue;
      WrongLayers values(problem.network, problem.data.size(), l, parameters);
      const Loss loss;
      const Penalty penalty;
      const GradientCheckOptions options;
      NetworkChecker checker(values, problem.data, problem.preprocessing, loss, penalty, problem.w,
                             options, {});
      const NetworkGradientCheck found = checker.check();
      EXPECT_EQ(found.verdict(), Verdict::fail) << layers[l].name;
      EXPECT_EQ(found.wrong_layers(), std::vector<std::string>{layers[l].name});
      EXPECT_GT(found.whole.all.failed, 0U) << layers[l].name;
    }
}

TEST(NetworkCheck, AReluThatChangesSideIsAKinkAndNoFailure) {
  NetworkProblem problem("mlp:6");
  // The bias of a unit that reads nothing: its sum is 1e-6, within the step.
  const std::size_t bias = problem.network.bias_of(1);
  for (std::size_t d = 0; d < 11; ++d) problem.w[d] = 0;
  problem.w[bias] = 1e-6F;
  const NetworkGradientCheck found = problem.check();
  EXPECT_NE(found.verdict(), Verdict::fail);
  EXPECT_GE(found.whole.all.kinks, 1U);
}

TEST(NetworkCheck, StopsWhenItIsTold) {
  NetworkProblem problem("mlp:30,20");
  const NetworkGradientCheck found =
      check_network_gradient(problem.data, problem.preprocessing, problem.network, {}, {},
                             problem.w, {}, problem.workers, [](double) { return false; });
  EXPECT_TRUE(found.stopped);
  EXPECT_LT(found.whole.all.checked, 100U);
}

TEST(NetworkCheck, RefusesAnotherNumberOfParameters) {
  NetworkProblem problem("mlp:3");
  problem.w.pop_back();
  EXPECT_EQ(test::refusal([&] { return problem.check(); }).problem(),
            "the network does not fit the parameters or the data");
}

}  // namespace
}  // namespace fallline

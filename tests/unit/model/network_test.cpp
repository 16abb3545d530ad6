#include <gtest/gtest.h>

#include <cmath>
#include <fallline/model/network.hpp>
#include <fallline/random.hpp>
#include <string>

#include "support/refusal.hpp"

namespace fallline {
namespace {

constexpr const char* branching =
    "layer1 = dense(6) of input; act1 = tanh of layer1; layer2 = dense(6, glorot) of act1; "
    "beside = dense(6) of input; sum = add of layer2, act1, beside; act2 = gelu of sum; "
    "drop = dropout(0.25) of act2; layer3 = dense(classes) of drop";

TEST(Network, ALinearOneIsTheLayoutOfLinear) {
  const Network network = Network::parse("linear", 5, 3);
  EXPECT_TRUE(network.linear());
  EXPECT_EQ(network.parameters(), 18U);
  EXPECT_EQ(network.blocks()[0], (ParameterBlock{"linear.weight", 0, 15, 3, 5, BlockRole::weight}));
  EXPECT_EQ(network.blocks()[1], (ParameterBlock{"linear.bias", 15, 3, 3, 1, BlockRole::bias}));
  const Random random(4, Purpose::initial_weights);
  const std::vector<float> w = network.initial_parameters(4, 0.5);
  for (std::size_t i = 0; i < 15; ++i) EXPECT_EQ(w[i], static_cast<float>(0.5 * random.normal(i)));
  for (std::size_t i = 15; i < 18; ++i) EXPECT_EQ(w[i], 0);
}

TEST(Network, AnMlpIsAChain) {
  const Network network = Network::parse("mlp:7,2x3,activation=sigmoid,dropout=0.5", 4, 2);
  EXPECT_EQ(network.text(),
            "layer1 = dense(7) of input; act1 = sigmoid of layer1; drop1 = dropout(0.5) of act1; "
            "layer2 = dense(2) of drop1; act2 = sigmoid of layer2; drop2 = dropout(0.5) of act2; "
            "layer3 = dense(2) of drop2; act3 = sigmoid of layer3; drop3 = dropout(0.5) of act3; "
            "layer4 = dense(2) of drop3; act4 = sigmoid of layer4; drop4 = dropout(0.5) of act4; "
            "layer5 = dense(classes) of drop4");
  EXPECT_EQ(network.parameters(), 7U * 5 + 2 * 8 + 3 * (2 * 3));
  EXPECT_TRUE(network.draws());
  EXPECT_FALSE(network.linear());
}

TEST(Network, ASkipAddsTheActivationBeforeWhereWidthsAgree) {
  EXPECT_EQ(Network::parse("mlp:4,4,5,skip=1", 3, 2).text(),
            "layer1 = dense(4) of input; act1 = relu of layer1; layer2 = dense(4) of act1; "
            "act2 = relu of layer2; sum2 = add of act2, act1; layer3 = dense(5) of sum2; "
            "act3 = relu of layer3; layer4 = dense(classes) of act3");
}

TEST(Network, ItsTextMakesItAgain) {
  for (const std::string text :
       {"linear", "mlp:3", "mlp:8,4,activation=gelu,init=he,skip=1,dropout=0.1", branching}) {
    const Network network = Network::parse(text, 9, 4);
    EXPECT_EQ(Network::parse(network.text(), 9, 4), network) << text;
    EXPECT_EQ(Network::parse(network.text(), 9, 4).text(), network.text());
  }
}

TEST(Network, LayersThatReadTheInputComeFirstWeightsBeforeBiases) {
  const Network network = Network::parse(branching, 3, 2);
  std::string names;
  std::size_t at = 0;
  for (const ParameterBlock& block : network.blocks()) {
    names += block.name + " ";
    EXPECT_EQ(block.first, at);
    EXPECT_EQ(block.count, block.rows * block.columns);
    at += block.count;
  }
  EXPECT_EQ(names,
            "layer1.weight beside.weight layer1.bias beside.bias layer2.weight layer2.bias "
            "layer3.weight layer3.bias ");
  EXPECT_EQ(at, network.parameters());
  EXPECT_EQ(network.input_units(), 12U);
}

TEST(Network, WeightsBeginWithTheVarianceOfTheirInitialisation) {
  const Network network = Network::parse("mlp:200,150,activation=relu", 300, 100);
  const Network saturating = Network::parse("mlp:200,150,activation=tanh", 300, 100);
  const auto variance = [](const Network& n, std::size_t b) {
    const std::vector<float> w = n.initial_parameters(1, 1e-4);
    const ParameterBlock& block = n.blocks()[b];
    double sum = 0;
    for (std::size_t i = block.first; i < block.first + block.count; ++i)
      sum += double(w[i]) * w[i];
    return sum / static_cast<double>(block.count);
  };
  // Of 15,000 squares and more the mean is within 3 %.
  EXPECT_NEAR(variance(network, 0) * 300 / 2, 1, 0.03);
  EXPECT_NEAR(variance(network, 2) * 200 / 2, 1, 0.03);
  EXPECT_NEAR(variance(network, 4) * (150 + 100) / 2, 1, 0.05);  // no rectifier reads the scores
  EXPECT_NEAR(variance(saturating, 2) * (200 + 150) / 2, 1, 0.03);
  EXPECT_EQ(variance(network, 1), 0);
}

TEST(Network, RefusesWhatItCannotBeAndNamesIt) {
  const auto problem = [](const std::string& text) {
    return test::refusal([&] { return Network::parse(text, 4, 3); }).problem();
  };
  EXPECT_EQ(problem("cnn"), "there is no model 'cnn'");
  EXPECT_EQ(problem(""), "there is no model ''");
  EXPECT_EQ(problem("mlp:"), "'' is no number of units");
  EXPECT_EQ(problem("mlp:0"), "'0' is no number of units");
  EXPECT_EQ(problem("mlp:-3"), "'-3' is no number of units");
  EXPECT_EQ(problem("mlp:99999999999999999999"), "'99999999999999999999' is no number of units");
  EXPECT_EQ(problem("mlp:8x100000"), "'100000' is no number of layers");
  EXPECT_EQ(problem("mlp:activation=relu"), "the network has no hidden layer");
  EXPECT_EQ(problem("mlp:8,colour=blue"), "mlp has no setting 'colour'");
  EXPECT_EQ(problem("mlp:8,activation=step"), "there is no activation 'step'");
  EXPECT_EQ(problem("mlp:8,dropout=1"), "layer 'drop1' drops a share of 1");
  EXPECT_EQ(problem("mlp:8,dropout=nan"), "layer 'drop1' drops a share of nan");
  EXPECT_EQ(problem("a = dense(3) of b"),
            "there is no layer 'b' before this one: 'a = dense(3) of b'");
  EXPECT_EQ(problem("a = relu of input"), "layer 'a' reads the input");
  EXPECT_EQ(problem("a = dense(2) of input"), "the last layer, 'a', makes 2 scores for 3 classes");
  EXPECT_EQ(problem("a = dense(2) of input; b = dense(classes) of input"),
            "layer 'a' is read by none");
  EXPECT_EQ(problem("a = dense(2) of input; a = dense(classes) of a"), "layer 'a' is there twice");
  EXPECT_EQ(problem("a = dense(2) of input; b = dense(3) of input; c = add of a, b"),
            "layer 'c' is 2 wide, and 'b', which it reads, 3");
  EXPECT_EQ(problem("a = dense(2) of input; c = add of a"), "layer 'c' reads 1 layers");
  EXPECT_EQ(problem("a = dense(3) of input, input"), "layer 'a' reads 2 layers");
  EXPECT_EQ(problem("a = dense(3 of input"), "'dense(3' has no closing bracket");
  EXPECT_EQ(problem("a = dense of input"), "'dense' has 0 arguments");
  EXPECT_EQ(problem("a b = dense(3) of input"), "'a b' is no name for a layer");
}

}  // namespace
}  // namespace fallline

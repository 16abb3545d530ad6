#include <gtest/gtest.h>

#include <cmath>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/objective/evaluation.hpp>
#include <fallline/optim/optimizer.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "support/allocations.hpp"
#include "support/datasets.hpp"
#include "support/plain_network.hpp"
#include "support/same_bits.hpp"

namespace fallline {
namespace {

constexpr const char* branches =
    "layer1 = dense(40) of input; act1 = tanh of layer1; layer2 = dense(40) of act1; "
    "beside = dense(40) of input; sum = add of layer2, act1, beside; act2 = relu of sum; "
    "layer3 = dense(classes) of act2";

const std::vector<std::string> texts{"mlp:33",
                                     "mlp:20,17,activation=gelu",
                                     "mlp:9,activation=sigmoid",
                                     "mlp:150,140,activation=leaky-relu",
                                     "mlp:7x6,skip=2,activation=tanh",
                                     branches};

struct NetworkData {
  NetworkData(const std::string& text, CellType cells)
      : data(test::random_dataset(200, 70, 5, cells)),
        preprocessing(Preprocessing::fit(PreprocessingKind::feature, data, one)),
        network(Network::parse(text, 70, 5)),
        w(network.initial_parameters(3, 0.1)) {
    // Biases that are not 0, so that they count.
    const auto more = test::random_vector<float>(w.size(), 0.05, 8);
    for (std::size_t i = 0; i < w.size(); ++i) w[i] += more[i];
  }

  [[nodiscard]] BatchObjective objective(Workers& workers,
                                         Arithmetic arithmetic = Arithmetic::floats,
                                         Penalty penalty = {}) const {
    return {data, preprocessing, network, {}, penalty, workers, arithmetic};
  }

  Workers one{1};
  Dataset data;
  Preprocessing preprocessing;
  Network network;
  std::vector<float> w;
};

TEST(NetworkObjective, AgreesWithANetworkWrittenOutPlainlyInDouble) {
  for (const std::string& text : texts)
    for (const CellType cells : {CellType::u8, CellType::f32})
      for (const Penalty penalty : {Penalty{}, Penalty{.l2 = 0.1}, Penalty{.l1 = 0.01}})
        for (const std::size_t n : {1, 16, 63, 64, 65, 200}) {
          const NetworkData p(text, cells);
          Workers workers(2);
          const auto batch = test::indices(n);
          const std::vector<double> w(p.w.begin(), p.w.end());
          const test::PlainNetwork plain(p.network, w);
          std::vector<double> wanted;
          const double value =
              plain.value_and_gradient(p.data, p.preprocessing, {}, penalty, batch, wanted);
          BatchObjective objective = p.objective(workers, Arithmetic::floats, penalty);
          std::vector<float> g(p.w.size());
          const Measure found = objective.value_and_gradient(p.w, batch, g);
          EXPECT_NEAR(found.objective(), value, 2e-5 * value) << text;
          EXPECT_NEAR(objective.value(p.w, batch).objective(), value, 2e-5 * value) << text;
          EXPECT_TRUE(!(test::relative_distance(g, wanted) > 2e-5))
              << text << " " << n << " " << test::relative_distance(g, wanted);
          double squares = 0;
          for (const float x : g) squares += double(x) * x;
          EXPECT_NEAR(found.gradient_norm, std::sqrt(squares), 1e-6 * std::sqrt(squares));
        }
}

TEST(NetworkObjective, InIntegersAgreesToTheirSixteenBits) {
  for (const std::string& text : texts) {
    const NetworkData p(text, CellType::u8);
    Workers workers(2);
    const auto batch = test::indices(200);
    std::vector<float> wanted(p.w.size());
    std::vector<float> g(p.w.size());
    const double value = p.objective(workers).value_and_gradient(p.w, batch, wanted).loss;
    EXPECT_NEAR(p.objective(workers, Arithmetic::integers).value_and_gradient(p.w, batch, g).loss,
                value, 1e-3 * value);
    EXPECT_TRUE(!(test::relative_distance(g, wanted) > 5e-3)) << test::relative_distance(g, wanted);
    EXPECT_FALSE(test::same_bits(g, wanted));
  }
}

/// A few steps of Adam, part by part where `parts`, else by whole gradients.
std::vector<float> stepped(const NetworkData& p, std::size_t threads, bool parts,
                           Arithmetic arithmetic) {
  Workers workers(threads);
  BatchObjective objective = p.objective(workers, arithmetic, {.l2 = 0.01});
  const auto adam = make_optimizer<float>({.name = "adam"}, p.w.size());
  std::vector<float> w = p.w;
  std::vector<float> next(w.size());
  std::vector<float> g(w.size());
  const std::function<void(std::size_t, std::span<const float>)> part =
      [&](std::size_t first, std::span<const float> gradient) { adam->part(first, gradient); };
  for (std::uint64_t t = 1; t <= 4; ++t) {
    std::vector<std::size_t> batch(77);
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i] = (t * 31 + i * 7) % 200;
    objective.begin_step(5, t);
    if (parts) {
      adam->begin_parts({.t = t, .rate = 0.01}, w, next);
      (void)objective.value_and_update(w, batch, {.next = next, .part = part});
      w.swap(next);
    } else {
      (void)objective.value_and_gradient(w, batch, g);
      adam->step({.t = t, .rate = 0.01}, w, g, w, nullptr);
    }
  }
  return w;
}

TEST(NetworkObjective, AnUpdateIsTheGradientAndTheStepBitForBitOnAnyThreads) {
  for (const std::string& text : {texts[1], texts[5], std::string("mlp:150,130,dropout=0.4")})
    for (const Arithmetic arithmetic : {Arithmetic::floats, Arithmetic::integers}) {
      const NetworkData p(text, CellType::u8);
      const std::vector<float> wanted = stepped(p, 1, false, arithmetic);
      ASSERT_FALSE(test::same_bits(wanted, p.w));
      for (const std::size_t threads : {1, 2, 3, 7})
        EXPECT_TRUE(test::same_bits(stepped(p, threads, true, arithmetic), wanted))
            << text << " on " << threads;
    }
}

TEST(NetworkObjective, AStepAllocatesNothingAfterTheFirst) {
#ifdef FALLLINE_ALLOCATIONS_ARE_NOT_COUNTED
  GTEST_SKIP() << "allocations are not counted under clang's thread sanitizer";
#endif
  for (const Arithmetic arithmetic : {Arithmetic::floats, Arithmetic::integers}) {
    const NetworkData p("mlp:40,30,dropout=0.3,skip=1", CellType::u8);
    Workers workers(2);
    BatchObjective objective = p.objective(workers, arithmetic, {.l2 = 0.1});
    std::vector<float> next(p.w.size());
    const std::function<void(std::size_t, std::span<const float>)> part =
        [&](std::size_t first, std::span<const float> g) {
          for (std::size_t i = 0; i < g.size(); ++i) next[first + i] = p.w[first + i] - 0.1F * g[i];
        };
    const auto batch = test::indices(130);
    const auto step = [&](std::uint64_t t) {
      objective.begin_step(1, t);
      (void)objective.value_and_update(p.w, batch, {.next = next, .part = part});
    };
    step(1);
    const std::size_t before = test::allocations();
    step(2);
    EXPECT_EQ(test::allocations() - before, 0U);
  }
}

TEST(NetworkObjective, ALinearNetworkHasTheBitsOfALinearClassifier) {
  const NetworkData p("linear", CellType::u8);
  Workers workers(2);
  BatchObjective linear(p.data, p.preprocessing, {}, {}, workers);
  BatchObjective network = p.objective(workers);
  std::vector<float> g(p.w.size());
  std::vector<float> h(p.w.size());
  const auto batch = test::indices(100);
  EXPECT_EQ(linear.value_and_gradient(p.w, batch, g).loss,
            network.value_and_gradient(p.w, batch, h).loss);
  EXPECT_TRUE(test::same_bits(g, h));
}

TEST(NetworkObjective, ADropoutDropsItsShareInTrainingAndNothingInAValue) {
  const NetworkData p("mlp:300,dropout=0.5", CellType::f32);
  const NetworkData without("mlp:300", CellType::f32);
  Workers workers(2);
  BatchObjective objective = p.objective(workers);
  const auto batch = test::indices(200);
  std::vector<float> g(p.w.size());
  const double plain = without.objective(workers).value(p.w, batch).loss;
  EXPECT_EQ(objective.value(p.w, batch).loss, plain);
  EXPECT_EQ(objective.value_and_gradient(p.w, batch, g).loss, plain);
  objective.begin_step(1, 1);
  const double first = objective.value_and_gradient(p.w, batch, g).loss;
  EXPECT_NE(first, plain);
  EXPECT_EQ(objective.value_and_gradient(p.w, batch, g).loss, first);
  objective.begin_step(1, 2);
  EXPECT_NE(objective.value_and_gradient(p.w, batch, g).loss, first);
  EXPECT_EQ(objective.value(p.w, batch).loss, plain);
}

TEST(NetworkObjective, TellsOfEachLayerItsNormsAndItsSilentUnits) {
  const NetworkData p("mlp:40,30", CellType::f32);
  std::vector<float> w = p.w;
  // A unit of the first layer that is far below 0 for every example, and three of the second.
  w[p.network.bias_of(1)] = -1e6F;
  for (std::size_t u = 0; u < 3; ++u) w[p.network.bias_of(3) + u] = -1e6F;
  Workers workers(2);
  BatchObjective objective = p.objective(workers);
  std::vector<float> next(w.size());
  const std::function<void(std::size_t, std::span<const float>)> part =
      [&](std::size_t first, std::span<const float> g) {
        for (std::size_t i = 0; i < g.size(); ++i) next[first + i] = w[first + i] - 0.5F * g[i];
      };
  const Measure found =
      objective.value_and_update(w, test::indices(50), {.next = next, .part = part});
  const auto layers = objective.layers();
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_EQ(layers[0].name, "layer1");
  EXPECT_EQ(layers[0].dead, 1 / 40.0);
  EXPECT_EQ(layers[1].dead, 3 / 30.0);
  EXPECT_FALSE(layers[2].dead);
  double squares = 0;
  for (const LayerMeasure& layer : layers) {
    squares += layer.gradient_norm * layer.gradient_norm;
    EXPECT_NEAR(*layer.update_norm, 0.5 * layer.gradient_norm, 1e-4 * layer.gradient_norm);
  }
  EXPECT_NEAR(found.gradient_norm, std::sqrt(squares), 1e-9 * found.gradient_norm);
}

TEST(NetworkObjective, EvaluationAndPredictionAreItsScores) {
  const NetworkData p(branches, CellType::u8);
  Workers workers(2);
  const Classifier model{.network = p.network,
                         .parameters = p.w,
                         .preprocessing = p.preprocessing,
                         .schema = p.data.schema()};
  const Evaluation e = evaluate(model, p.data, workers);
  const Measure m = p.objective(workers).value(p.w, test::indices(200));
  EXPECT_NEAR(e.loss, m.loss, 1e-12);
  EXPECT_EQ(e.correct, m.correct);
  const test::PlainNetwork plain(p.network, std::vector<double>(p.w.begin(), p.w.end()));
  predict(model, p.data, workers, [&](const Prediction& prediction) {
    std::vector<double> z(70);
    for (std::size_t d = 0; d < z.size(); ++d)
      z[d] = (double(p.data.cell(prediction.example, d)) - p.preprocessing.mean[d]) *
             p.preprocessing.scale[d];
    EXPECT_TRUE(!(test::relative_distance(prediction.scores, plain.values(z).back()) > 1e-5));
  });
}

}  // namespace
}  // namespace fallline

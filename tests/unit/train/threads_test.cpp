#include <gtest/gtest.h>

#include <fallline/train/train.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "support/datasets.hpp"

namespace fallline {
namespace {

struct Trail {
  std::string hash;
  std::vector<double> norms;  // of the gradient, a step each
  bool operator==(const Trail&) const = default;
};

Trail run_on(std::size_t threads, const Dataset& data, const TrainOptions& options) {
  struct Norms : Listener {
    void on(const Event& event) override {
      if (const auto* step = std::get_if<StepTaken>(&event)) of.push_back(step->gradient_norm);
    }
    std::vector<double> of;
  } norms;
  Listener* const listeners[] = {&norms};
  Workers workers(threads);
  const TrainResult result = train({.train = data}, options, workers, listeners);
  return {.hash = std::string(result.model.weights_hash()), .norms = norms.of};
}

class AnyNumberOfThreads : public testing::TestWithParam<std::tuple<LossKind, Arithmetic>> {
 protected:
  [[nodiscard]] static TrainOptions options() {
    return {.loss = {.kind = std::get<LossKind>(GetParam())},
            .epochs = 3,
            .arithmetic = std::get<Arithmetic>(GetParam())};
  }
};

TEST_P(AnyNumberOfThreads, GivesTheSameWeightsAndNormsForEveryBatchSize) {
  // Several strips of columns, a short last block of 16, and a batch of many pieces.
  const Dataset data = test::random_dataset(1300, 700, 7, CellType::u8);
  for (const std::size_t batch :
       {std::size_t{64}, std::size_t{256}, std::size_t{1000}, full_batch}) {
    TrainOptions run = options();
    run.penalty = {.l2 = 1e-3};
    run.learning_rate = 1e-3;
    run.batch_size = batch;
    const Trail one = run_on(1, data, run);
    for (const std::size_t threads : {2U, 3U, 4U, 7U})
      EXPECT_EQ(run_on(threads, data, run), one) << threads << " threads, batch " << batch;
  }
}

TEST_P(AnyNumberOfThreads, GivesTheSameWeightsExampleByExample) {
  const Dataset data = test::random_dataset(100, 700, 7, CellType::u8);
  TrainOptions run = options();
  run.batch_size = 1;
  const Trail one = run_on(1, data, run);
  for (const std::size_t threads : {2U, 3U, 4U, 7U})
    EXPECT_EQ(run_on(threads, data, run), one) << threads << " threads";
}

INSTANTIATE_TEST_SUITE_P(
    EveryLoss, AnyNumberOfThreads,
    testing::Combine(testing::Values(LossKind::softmax, LossKind::hinge, LossKind::squared_hinge),
                     testing::Values(Arithmetic::floats, Arithmetic::integers)),
    [](const auto& of) { return std::to_string(of.index); });

}  // namespace
}  // namespace fallline

// What follows a descent: the weights are told of first, and an interrupt leaves the rest out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fallline/error.hpp>
#include <fallline/search/search.hpp>
#include <fallline/train/run_directory.hpp>
#include <fallline/train/train.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "support/datasets.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Keeps the order of what it is told, and does something at one of them.
class Order : public Listener {
 public:
  explicit Order(std::function<void(const Event&)> also = {}) : also_(std::move(also)) {}
  void on(const Event& event) override {
    if (const auto* ready = std::get_if<WeightsReady>(&event)) {
      told.emplace_back("weights");
      weights = ready->model.parameters;
    }
    if (std::holds_alternative<RunEnded>(event)) told.emplace_back("end");
    if (also_) also_(event);
  }
  std::vector<std::string> told;
  std::vector<float> weights;

 private:
  std::function<void(const Event&)> also_;
};

Parts three_parts() {
  return {.train = test::random_dataset(3000, 6, 3, CellType::f32, 1),
          .validation = test::random_dataset(500, 6, 3, CellType::f32, 2),
          .test = test::random_dataset(500, 6, 3, CellType::f32, 3)};
}

TEST(Aftermath, TheWeightsAreToldOfOnceAndBeforeTheEnd) {
  Workers workers(1);
  Order order;
  Listener* const listeners[] = {&order};
  const TrainResult result = train(three_parts(), {.epochs = 2}, workers, listeners);
  EXPECT_THAT(order.told, ElementsAre("weights", "end"));
  EXPECT_EQ(order.weights, result.model.parameters);
}

TEST(Aftermath, AnErrorDuringTheDescentLeavesTheWeightsFromBeforeIt) {
  Workers workers(1);
  std::vector<float> at_step;
  Order order([&](const Event& event) {
    const auto* step = std::get_if<StepTaken>(&event);
    if (step == nullptr || step->step != 5) return;
    at_step.assign(step->parameters.begin(), step->parameters.end());
    throw Error(ErrorKind::output, "the disk is full");
  });
  Listener* const listeners[] = {&order};
  const Error error = test::refusal(
      [&] { return train({.train = three_parts().train}, {.epochs = 2}, workers, listeners); });
  EXPECT_EQ(error.kind(), ErrorKind::output);
  EXPECT_THAT(order.told, ElementsAre("weights"));
  EXPECT_EQ(order.weights, at_step);
}

TEST(Aftermath, BeforeTheFirstUpdateThereAreNoWeightsToKeep) {
  Workers workers(1);
  Order order([](const Event& event) {
    if (std::holds_alternative<StepTaken>(event)) throw Error(ErrorKind::output, "no room");
  });
  Listener* const listeners[] = {&order};
  (void)test::refusal(
      [&] { return train({.train = three_parts().train}, {.epochs = 2}, workers, listeners); });
  EXPECT_THAT(order.told, testing::IsEmpty());
}

TEST(Aftermath, AnInterruptAfterTheDescentLeavesOutWhatIsNotDoneYetAndSaysSo) {
  Workers workers(1);
  std::atomic<bool> interrupt = false;
  Order order([&](const Event& event) {
    if (std::holds_alternative<WeightsReady>(event)) interrupt = true;
  });
  Listener* const listeners[] = {&order};
  TrainOptions options{.epochs = 2, .certificate = true};
  options.penalty.l2 = 0.01;
  const TrainResult result = train(three_parts(), options, workers, listeners, &interrupt);
  EXPECT_EQ(result.stop, StopReason::interrupted);
  EXPECT_EQ(result.epochs, 2U);
  EXPECT_EQ(result.train.examples, 1024U);
  EXPECT_GT(result.train.loss, 0);
  EXPECT_FALSE(result.validation || result.test || result.certificate);
  EXPECT_THAT(result.notes,
              ElementsAre(HasSubstr("first 1024 of 3000 examples"), HasSubstr("validation"),
                          HasSubstr("test"), HasSubstr("certificate")));
  EXPECT_THAT(order.told, ElementsAre("weights", "end"));
  EXPECT_NO_THROW((void)summary_json(result, "run"));
}

TEST(Aftermath, AnInterruptOfTheDescentLeavesItsFiguresWhole) {
  Workers workers(1);
  std::atomic<bool> interrupt = false;
  Order order([&](const Event& event) {
    if (std::holds_alternative<StepTaken>(event)) interrupt = true;
  });
  Listener* const listeners[] = {&order};
  const TrainResult result = train(three_parts(), {.epochs = 9}, workers, listeners, &interrupt);
  EXPECT_EQ(result.stop, StopReason::interrupted);
  EXPECT_EQ(result.steps, 1U);
  EXPECT_EQ(result.train.examples, 3000U);
  EXPECT_EQ(result.test->examples, 500U);
}

TEST(Aftermath, ARunDirectoryHasItsModelBeforeAnythingIsEvaluated) {
  const test::Scratch scratch;
  Workers workers(1);
  RunDirectory directory(scratch / "run", "");
  bool there = false;
  Order order([&](const Event& event) {
    if (!std::holds_alternative<WeightsReady>(event)) return;
    there = std::filesystem::exists(scratch / "run/model.safetensors") &&
            std::filesystem::exists(scratch / "run/history.jsonl");
    throw Error(ErrorKind::not_enough_memory, "evaluation does not fit");
  });
  Listener* const listeners[] = {&directory, &order};
  (void)test::refusal([&] { return train(three_parts(), {.epochs = 2}, workers, listeners); });
  EXPECT_TRUE(there);
  EXPECT_FALSE(std::filesystem::exists(scratch / "run/summary.json"));
}

TEST(Aftermath, AnInterruptedCertificateHasTheBestBoundUntilThen) {
  Workers workers(1);
  const Parts parts{.train = three_parts().train};
  TrainOptions options{.epochs = 2};
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge}) {
    options.loss.kind = kind;
    options.penalty.l2 = 1e-4;
    const Classifier model = train(parts, options, workers).model;
    const std::atomic<bool> interrupt = true;
    const Certificate cut = certify(model, parts.train, workers, {}, &interrupt);
    EXPECT_TRUE(cut.interrupted);
    EXPECT_LE(cut.evaluations, 1U);
    EXPECT_LE(cut.bound, cut.objective);
    const std::atomic<bool> none = false;
    const Certificate whole = certify(model, parts.train, workers, {}, &none);
    EXPECT_FALSE(whole.interrupted);
    EXPECT_GT(whole.evaluations, 1U);
  }
}

TEST(Aftermath, OfASearchTheBestWeightsAreToldOfBeforeTheyAreEvaluatedAndAfterAnError) {
  struct Told : SearchListener {
    void on(const SearchEvent& event) override {
      if (const auto* attempt = std::get_if<Attempt>(&event);
          attempt && attempt->attempt == fail_at)
        throw Error(ErrorKind::output, "the disk is full");
      if (const auto* best = std::get_if<BestFound>(&event)) weights = best->model.parameters;
      if (const auto* end = std::get_if<SearchEnded>(&event))
        before_the_end = weights == end->result.model.parameters;
    }
    std::uint64_t fail_at = 0;
    std::vector<float> weights;
    bool before_the_end = false;
  };
  Workers workers(1);
  const Parts parts{.train = three_parts().train};
  for (const Strategy strategy : {Strategy::random, Strategy::local, Strategy::gradient}) {
    Told told;
    SearchListener* const listeners[] = {&told};
    const SearchOptions options{.strategy = strategy, .tries = 40};
    (void)search(parts, options, workers, listeners);
    EXPECT_TRUE(told.before_the_end);
    Told failing;
    failing.fail_at = 30;
    SearchListener* const failing_listeners[] = {&failing};
    (void)test::refusal([&] { return search(parts, options, workers, failing_listeners); });
    EXPECT_FALSE(failing.weights.empty());
    EXPECT_FALSE(failing.before_the_end);
  }
}

}  // namespace
}  // namespace fallline

#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/schedule/cosine.hpp>
#include <fallline/schedule/inverse_time.hpp>
#include <fallline/schedule/plateau.hpp>
#include <fallline/schedule/preview.hpp>
#include <fallline/schedule/replay.hpp>
#include <fallline/schedule/text.hpp>
#include <fallline/train/run_directory.hpp>
#include <fallline/train/train.hpp>
#include <string>
#include <vector>

#include "support/datasets.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

struct Rates : Listener {
  void on(const Event& event) override {
    if (const auto* step = std::get_if<StepTaken>(&event)) {
      rates.push_back(step->rate);
      history += history_line(*step) + "\n";
    }
    if (const auto* epoch = std::get_if<EpochEnded>(&event)) {
      training.push_back(epoch->training.loss);
      if (epoch->validation) validation.push_back(epoch->validation->loss);
    }
  }
  std::vector<double> rates;
  std::vector<double> training;
  std::vector<double> validation;
  std::string history;
};

struct Watched {
  TrainResult result;
  Rates seen;
};

Watched run(const Parts& parts, const TrainOptions& options) {
  Workers workers(1);
  Rates seen;
  Listener* const listeners[] = {&seen};
  TrainResult result = train(parts, options, workers, listeners);
  return {std::move(result), std::move(seen)};
}

Parts small() { return {.train = test::random_dataset(100, 6, 3, CellType::f32)}; }

TEST(Train, EveryStepIsTakenAtTheRateThatTheScheduleGivesForIt) {
  for (const char* text : {"inverse-time", "warmup:steps=7 then cosine", "one-cycle"}) {
    const TrainOptions options{
        .learning_rate = 0.2, .schedule = parse_schedule(text), .batch_size = 30, .epochs = 5};
    std::vector<double> expected;
    preview(*options.schedule, {.learning_rate = 0.2, .epochs = 5, .steps_per_epoch = 4},
            [&](const RatePoint& p) { expected.push_back(p.rate); });
    EXPECT_EQ(run(small(), options).seen.rates, expected) << text;
  }
}

TEST(Train, AFullBatchStepAtAScheduledRateIsTheStepAtThatRate) {
  const TrainOptions halved{.learning_rate = 0.5,
                            .schedule = schedule::InverseTime{.r = 1},
                            .batch_size = full_batch,
                            .epochs = 1};
  const TrainOptions constant{.learning_rate = 0.25, .batch_size = full_batch, .epochs = 1};
  EXPECT_EQ(run(small(), halved).result.model.weights_hash(),
            run(small(), constant).result.model.weights_hash());
}

TEST(Train, AReplayOfItsOwnHistoryGivesTheSameWeights) {
  const test::Scratch scratch;
  for (const char* text : {"exponential:base=0.9", "warmup:steps=3 then cosine", "plateau"}) {
    TrainOptions options{.schedule = parse_schedule(text), .batch_size = 30, .epochs = 9};
    const Watched first = run(small(), options);
    const auto file = scratch.file("history.jsonl", first.seen.history);
    options.schedule = schedule::read_replay(file);
    options.learning_rate = 77;  // of no account: every step has its rate from the record
    const Watched again = run(small(), options);
    EXPECT_EQ(again.seen.rates, first.seen.rates) << text;
    EXPECT_EQ(again.result.model.weights_hash(), first.result.model.weights_hash()) << text;
  }
}

/// The rates that a plateau has to give at the first step of each epoch, from the losses.
std::vector<double> expected_rates(const schedule::Plateau& rule, std::span<const double> losses) {
  std::vector<double> rates;
  for (std::uint64_t e = 0; e < losses.size(); ++e)
    rates.push_back(rule(1, {.step = e + 1, .losses = losses.first(e)}));
  return rates;
}

TEST(Train, APlateauWatchesTheValidationLossOrElseTheTrainingLoss) {
  const schedule::Plateau rule{.factor = 0.5, .patience = 1, .threshold = 0};
  const TrainOptions options{
      .learning_rate = 1, .schedule = rule, .batch_size = full_batch, .epochs = 12};
  const Parts with = {.train = small().train,
                      .validation = test::random_dataset(20, 6, 3, CellType::f32, 8)};
  const Rates validated = run(with, options).seen;
  EXPECT_EQ(validated.rates, expected_rates(rule, validated.validation));
  EXPECT_NE(validated.rates, expected_rates(rule, validated.training)) << "the two must differ";
  EXPECT_LT(validated.rates.back(), 1);
  const Rates plain = run(small(), options).seen;
  EXPECT_EQ(plain.rates, expected_rates(rule, plain.training));
}

TEST(Train, ADivergenceNamesTheRateOfItsStep) {
  const TrainOptions options{.loss = {.kind = LossKind::squared_hinge},
                             .learning_rate = 1e30,
                             .schedule = parse_schedule("exponential:base=1e4"),
                             .epochs = 3};
  const Watched found = run(small(), options);
  EXPECT_EQ(found.result.stop, StopReason::diverged);
  EXPECT_EQ(found.result.last_rate, found.seen.rates.back());
  EXPECT_NE(found.result.message.find("learning rate 1e+3"), std::string::npos);
  EXPECT_EQ(found.result.message.find("learning rate 1e+30"), std::string::npos)
      << found.result.message;
}

TEST(History, ARateIsWrittenInAsManyDigitsAsItTakes) {
  const double third = 1.0 / 3;
  EXPECT_NE(history_line({.step = 1, .rate = third}).find("\"rate\":0.3333333333333333,"),
            std::string::npos);
  EXPECT_NE(history_line({.step = 1, .rate = INFINITY}).find("\"rate\":null,"), std::string::npos);
}

}  // namespace
}  // namespace fallline

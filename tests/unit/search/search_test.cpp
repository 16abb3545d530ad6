#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/random.hpp>
#include <fallline/search/run_directory.hpp>
#include <fallline/search/search.hpp>
#include <fallline/train/train.hpp>
#include <limits>
#include <string>
#include <vector>

#include "support/datasets.hpp"
#include "support/refusal.hpp"

namespace fallline {
namespace {

struct Trail : SearchListener {
  void on(const SearchEvent& event) override {
    if (const auto* attempt = std::get_if<Attempt>(&event)) attempts.push_back(*attempt);
  }
  [[nodiscard]] std::vector<double> objectives() const {
    std::vector<double> all;
    for (const Attempt& a : attempts) all.push_back(a.measure.objective());
    return all;
  }
  std::vector<Attempt> attempts;
};

struct Searched {
  SearchResult result;
  Trail trail;
};

Searched run_on(const Dataset& data, const SearchOptions& options, std::size_t threads = 2) {
  Workers workers(threads);
  Searched run;
  SearchListener* const listeners[] = {&run.trail};
  run.result = search({.train = data}, options, workers, listeners);
  return run;
}

/// More than one batch of scores, and a last block that is not full.
Dataset pictures() { return test::random_dataset(1111, 70, 3, CellType::u8); }

class EveryStrategy : public testing::TestWithParam<Strategy> {};

TEST_P(EveryStrategy, KeepsTheLowestOfWhatItTried) {
  const Searched run = run_on(pictures(), {.strategy = GetParam(), .tries = 40});
  ASSERT_EQ(run.trail.attempts.size(), 40U);
  EXPECT_EQ(run.result.attempts, 40U);
  double lowest = std::numeric_limits<double>::infinity();
  std::uint64_t at = 0;
  std::uint64_t improvements = 0;
  for (const Attempt& a : run.trail.attempts) {
    EXPECT_EQ(a.improved, a.measure.objective() < lowest) << a.attempt;
    if (a.measure.objective() < lowest) {
      lowest = a.measure.objective();
      at = a.attempt;
      ++improvements;
    }
    EXPECT_EQ(a.best, lowest) << a.attempt;
    EXPECT_EQ(a.measure.examples, 1111U);
  }
  EXPECT_EQ(run.result.best.objective(), lowest);
  EXPECT_EQ(run.result.best_attempt, at);
  EXPECT_EQ(run.result.improvements, improvements);
  EXPECT_EQ(run.result.stop, SearchStop::tries);
}

TEST_P(EveryStrategy, TheModelHasTheObjectiveAndTheAccuracyOfTheBestAttempt) {
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge}) {
    const Searched run = run_on(pictures(), {.strategy = GetParam(),
                                             .tries = 25,
                                             .loss = {.kind = kind},
                                             .penalty = {.l2 = 0.5, .l1 = 0.1}});
    const SearchResult& r = run.result;
    EXPECT_EQ(r.train.correct, r.best.correct);
    EXPECT_LE(std::abs(r.train.loss - r.best.loss), 1e-12 * r.best.loss);
    EXPECT_LE(std::abs(r.train.objective - r.best.objective()), 1e-12 * r.best.objective());
    EXPECT_GT(r.train.objective, r.train.loss);
  }
}

TEST_P(EveryStrategy, DoesNotDependOnTheThreads) {
  const SearchOptions options{.strategy = GetParam(), .tries = 30, .penalty = {.l2 = 0.1}};
  const Searched one = run_on(pictures(), options, 1);
  for (const std::size_t threads : {2U, 3U, 7U}) {
    const Searched other = run_on(pictures(), options, threads);
    EXPECT_EQ(other.trail.objectives(), one.trail.objectives()) << threads;
    EXPECT_EQ(other.result.model.weights_hash(), one.result.model.weights_hash()) << threads;
  }
}

TEST_P(EveryStrategy, AnotherSeedIsAnotherSearch) {
  const Searched one = run_on(pictures(), {.strategy = GetParam(), .tries = 5, .seed = 1});
  const Searched other = run_on(pictures(), {.strategy = GetParam(), .tries = 5, .seed = 2});
  EXPECT_NE(one.result.model.weights_hash(), other.result.model.weights_hash());
}

TEST_P(EveryStrategy, AShorterSearchIsTheBeginningOfALongerOne) {
  const Searched whole = run_on(pictures(), {.strategy = GetParam(), .tries = 30});
  const Searched part = run_on(pictures(), {.strategy = GetParam(), .tries = 13});
  std::vector<double> beginning = whole.trail.objectives();
  beginning.resize(13);
  EXPECT_EQ(part.trail.objectives(), beginning);
}

TEST_P(EveryStrategy, InterruptedKeepsTheBestOfWhatItHas) {
  Workers workers(1);
  const std::atomic<bool> interrupt = true;
  Trail trail;
  SearchListener* const listeners[] = {&trail};
  const SearchResult result =
      search({.train = pictures()}, {.strategy = GetParam(), .tries = 1000, .candidates = 4},
             workers, listeners, &interrupt);
  EXPECT_EQ(result.stop, SearchStop::interrupted);
  EXPECT_GE(result.attempts, 1U);
  EXPECT_LE(result.attempts, 4U);
  const std::vector<double> tried = trail.objectives();
  EXPECT_EQ(result.best.objective(), *std::ranges::min_element(tried));
  EXPECT_EQ(result.train.correct, result.best.correct);
}

TEST_P(EveryStrategy, WhereNoLossIsFiniteThereIsNothingToKeep) {
  static const float cells[] = {1, 2, NAN, 4, 5, 6};
  DatasetParts bad{
      .name = "nan", .cells = CellType::f32, .features = 1, .labels = {0, 1, 0, 1, 0, 1}};
  for (const float& cell : cells) bad.rows.push_back(reinterpret_cast<const std::byte*>(&cell));
  bad.class_names = {"a", "b"};
  const SearchOptions options{.strategy = GetParam(),
                              .tries = 5,
                              .preprocessing = PreprocessingKind::none,
                              .learning_rate = 1};
  const Error error = test::refusal([&] { return run_on(Dataset(bad), options).result; });
  EXPECT_EQ(error.kind(), ErrorKind::diverged);
}

TEST_P(EveryStrategy, WhatCannotFitIsRefused) {
  const SearchOptions options{.strategy = GetParam(), .memory_limit = 1000};
  const Error error = test::refusal([&] { return run_on(pictures(), options).result; });
  EXPECT_EQ(error.kind(), ErrorKind::not_enough_memory);
}

INSTANTIATE_TEST_SUITE_P(Search, EveryStrategy,
                         testing::Values(Strategy::random, Strategy::local, Strategy::gradient),
                         [](const auto& of) { return std::string(name_of(of.param)); });

TEST(Search, AsManyCandidatesAPassAsOneLikesGiveTheSameBits) {
  for (const CellType cells : {CellType::u8, CellType::f32})
    for (const std::size_t classes : {2U, 3U, 5U, 10U}) {
      const Dataset data = test::random_dataset(150, 37, classes, cells);
      for (const Strategy strategy : {Strategy::random, Strategy::local}) {
        SearchOptions options{.strategy = strategy, .tries = 60, .candidates = 1};
        options.penalty.l2 = 0.01;
        const Searched one = run_on(data, options);
        EXPECT_EQ(one.result.discarded, 0U);
        for (const std::size_t candidates : {2U, 3U, 7U, 16U, 100U, 0U}) {
          options.candidates = candidates;
          const Searched many = run_on(data, options);
          EXPECT_EQ(many.trail.objectives(), one.trail.objectives()) << candidates;
          EXPECT_EQ(many.result.best_attempt, one.result.best_attempt);
          EXPECT_EQ(many.result.model.weights_hash(), one.result.model.weights_hash());
        }
      }
    }
}

TEST(Search, RandomSearchDrawsEveryParameterFromTheSeedAndTheAttempt) {
  const SearchResult r =
      run_on(pictures(), {.strategy = Strategy::random, .tries = 20, .scale = 0.25, .seed = 9})
          .result;
  const Random draws(9, Purpose::search, static_cast<std::uint32_t>(r.best_attempt));
  const auto parameters = r.model.parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    EXPECT_EQ(parameters[i], static_cast<float>(0.25 * draws.normal(i)));
}

TEST(Search, LocalSearchIsItsStartAndTheStepsThatWereAccepted) {
  const Searched run = run_on(pictures(), {.strategy = Strategy::local, .tries = 50, .seed = 4});
  std::vector<float> w(run.result.plan.parameters);
  for (const Attempt& a : run.trail.attempts) {
    if (!a.improved) continue;
    const Random draws(4, Purpose::search, static_cast<std::uint32_t>(a.attempt));
    const double scale = a.attempt == 1 ? 1e-3 : 1e-4;
    for (std::size_t i = 0; i < w.size(); ++i) w[i] += static_cast<float>(scale * draws.normal(i));
  }
  EXPECT_GT(run.result.improvements, 1U);
  EXPECT_TRUE(std::ranges::equal(run.result.model.parameters, w));
}

TEST(Search, TheGradientFollowedIsFullBatchTraining) {
  const Dataset data = pictures();
  const SearchResult found =
      run_on(data, {.strategy = Strategy::gradient, .tries = 8, .learning_rate = 1e-5}).result;
  ASSERT_EQ(found.best_attempt, 8U) << "the rate is low enough for the loss to fall";
  Workers workers(1);
  const TrainResult trained = train({.train = data},
                                    {.loss = {.kind = LossKind::hinge},
                                     .preprocessing = PreprocessingKind::mean,
                                     .learning_rate = 1e-5,
                                     .batch_size = full_batch,
                                     .epochs = 7,
                                     .sampling = Sampling::sequential},
                                    workers);
  EXPECT_EQ(found.model.weights_hash(), trained.model.weights_hash());
}

TEST(Search, WithTheSameEvaluationsTheGradientWinsAndLocalSearchBeatsGuessing) {
  const Dataset data = test::random_dataset(2000, 300, 5, CellType::u8);
  const auto loss = [&](Strategy strategy) {
    return run_on(data, {.strategy = strategy, .tries = 300}).result.train.loss;
  };
  EXPECT_LT(loss(Strategy::gradient), loss(Strategy::local));
  EXPECT_LT(loss(Strategy::local), loss(Strategy::random));
}

TEST(Search, DescentAtTooHighARateStopsAndKeepsTheBestBeforeIt) {
  const Searched run = run_on(pictures(), {.strategy = Strategy::gradient,
                                           .tries = 200,
                                           .loss = {.kind = LossKind::squared_hinge},
                                           .learning_rate = 1000});
  EXPECT_EQ(run.result.stop, SearchStop::diverged);
  EXPECT_LT(run.result.attempts, 200U);
  EXPECT_FALSE(std::isfinite(run.trail.attempts.back().measure.objective()));
  EXPECT_TRUE(std::isfinite(run.result.train.objective));
  EXPECT_NE(run.result.message.find("learning rate 1000"), std::string::npos) << run.result.message;
}

TEST(Search, SettingsOutOfTheirBoundsAreNamed) {
  const auto refused = [](const SearchOptions& options) {
    const Error error = test::refusal([&] {
      options.validate();
      return 0;
    });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return std::string(error.what());
  };
  EXPECT_NE(refused({.tries = 0}).find("tries is 0"), std::string::npos);
  EXPECT_NE(refused({.tries = 1ULL << 32}).find("tries is 4294967296"), std::string::npos);
  EXPECT_NE(refused({.scale = 0}).find("scale is 0"), std::string::npos);
  EXPECT_NE(refused({.start = -1}).find("start is -1"), std::string::npos);
  EXPECT_NE(refused({.step = NAN}).find("step is nan"), std::string::npos);
  EXPECT_NE(refused({.learning_rate = -2}).find("learning rate is -2"), std::string::npos);
  EXPECT_THROW((void)strategy_named("randm"), Error);
}

TEST(Search, AutomaticCandidatesAreAtLeastOneAndFewOfWhatIsLarge) {
  for (const Strategy strategy : {Strategy::random, Strategy::local, Strategy::gradient}) {
    EXPECT_EQ(automatic_candidates(strategy, 1'000'000, 1000), 1U);
    EXPECT_GE(automatic_candidates(strategy, 0, 2), 1U);
  }
  EXPECT_GT(automatic_candidates(Strategy::random, 3072, 10), 4U);
  EXPECT_LT(automatic_candidates(Strategy::random, 3072, 10), 100U);
  EXPECT_GT(automatic_candidates(Strategy::local, 3072, 2), 1U);
  EXPECT_EQ(automatic_candidates(Strategy::local, 3072, 10), 1U);
}

TEST(SearchHistory, ALineIsJsonEvenWhereTheLossIsNot) {
  Attempt attempt{.attempt = 7, .best = 1.5};
  attempt.measure.loss = INFINITY;
  EXPECT_EQ(history_line(attempt), R"({"attempt":7,"loss":null,"objective":null,"best":1.5})");
}

}  // namespace
}  // namespace fallline

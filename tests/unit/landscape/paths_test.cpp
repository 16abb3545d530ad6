#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/paths.hpp>
#include <nlohmann/json.hpp>

#include "support/datasets.hpp"
#include "support/refusal.hpp"

namespace fallline::landscape {
namespace {

std::vector<Descender> three_kinds(const TrainOptions& training, std::size_t batch_steps = 30) {
  std::vector<Descender> all;
  for (const PathKind kind : {PathKind::batch, PathKind::mini_batch, PathKind::stochastic})
    all.push_back(descender(kind, training, batch_steps));
  return all;
}

TrainOptions short_training() {
  TrainOptions training{.epochs = 2};
  training.arithmetic = Arithmetic::floats;
  return training;
}

const Dataset& some_data() {
  static const Dataset data = test::random_dataset(900, 12, 4, CellType::f32);
  return data;
}

// Two classes and one feature: the gradient has w₀ = −w₁ and b₀ = −b₁ everywhere, so that a descent
// has two parameters to itself.
TEST(Paths, OfTwoParametersLieInTheirPlaneAndTheObjectiveThereIsTheTrueOne) {
  Workers workers(2);
  const Dataset data = test::random_dataset(600, 1, 2, CellType::f32);
  for (const PlaneKind kind : {PlaneKind::principal, PlaneKind::start_end}) {
    const Paths paths = follow_paths(data, three_kinds(short_training()), {.plane = kind}, workers);
    EXPECT_NEAR(paths.explained[0] + paths.explained[1], 1, 1e-6);
    ASSERT_EQ(paths.runs.size(), 3U);
    for (const PathRun& run : paths.runs) {
      EXPECT_LE(run.most_beside(), 1e-5) << run.name;
      for (const PathPoint& p : run.points)
        EXPECT_NEAR(p.in_plane.objective(), p.truth.objective(), 1e-6 * p.truth.objective());
    }
  }
}

TEST(Paths, ABatchIsSmoothMiniBatchesLessSoAndSingleExamplesGoToAndFro) {
  Workers workers(2);
  TrainOptions training = short_training();
  training.batch_size = 64;
  const Paths paths = follow_paths(some_data(), three_kinds(training), {}, workers);
  ASSERT_EQ(paths.runs.size(), 3U);
  EXPECT_GT(paths.runs[0].straightness(), 0.8);
  EXPECT_GT(paths.runs[0].straightness(), paths.runs[1].straightness());
  EXPECT_GT(paths.runs[1].straightness(), 2 * paths.runs[2].straightness());
  EXPECT_EQ(paths.runs[0].batch_size, 900U);
  EXPECT_EQ(paths.runs[1].batch_size, 64U);
  EXPECT_EQ(paths.runs[2].batch_size, 1U);
}

TEST(Paths, BeginAtOneStartAndEndWhereTrainEnds) {
  Workers workers(2);
  const std::vector<Descender> kinds = three_kinds(short_training());
  const Paths paths = follow_paths(some_data(), kinds, {}, workers);
  for (std::size_t r = 0; r < kinds.size(); ++r) {
    const PathRun& run = paths.runs[r];
    EXPECT_EQ(run.points.front().step, 0U);
    EXPECT_EQ(run.points.front().distance, 0);
    EXPECT_EQ(run.points.front().truth.objective(), paths.start.objective());
    const TrainResult result = train({.train = some_data()}, kinds[r].training, workers);
    EXPECT_EQ(run.points.back().step, result.steps);
    EXPECT_NEAR(run.points.back().truth.objective(), result.train.objective,
                1e-6 * result.train.objective);
    EXPECT_EQ(run.learning_rate, result.plan.learning_rate);
    EXPECT_EQ(run.points.back().examples, result.plan.batch_size == 900U ? 27000U : 1800U);
  }
}

TEST(Paths, KeepAsManyPointsAsAskedForInTheirOrderAndMoreOfTheBeginning) {
  Workers workers(1);
  const Descender d = descender(PathKind::stochastic, short_training(), 1);
  const Paths paths = follow_paths(some_data(), {&d, 1}, {.iterates = 20}, workers);
  const std::vector<PathPoint>& points = paths.runs[0].points;
  ASSERT_EQ(points.size(), 20U);
  for (std::size_t k = 1; k < points.size(); ++k) {
    EXPECT_GT(points[k].step, points[k - 1].step);
    EXPECT_EQ(points[k].examples, points[k].step);
  }
  EXPECT_LT(points[1].step, 10U);
  EXPECT_GT(points[19].step - points[18].step, 100U);
  const Paths all =
      follow_paths(some_data(), std::vector{descender(PathKind::batch, {}, 7)}, {}, workers);
  EXPECT_EQ(all.runs[0].points.size(), 8U);
}

TEST(Paths, WhatLiesBesideThePlaneIsWhatTheDistanceLacks) {
  Workers workers(2);
  const Paths paths = follow_paths(some_data(), three_kinds(short_training()),
                                   {.plane = PlaneKind::start_end}, workers);
  // The plane goes through the start: by Pythagoras.
  for (const PathRun& run : paths.runs)
    for (const PathPoint& p : run.points)
      EXPECT_NEAR(p.distance * p.distance,
                  p.place.a * p.place.a + p.place.b * p.place.b + p.residual * p.residual,
                  1e-5 * (1 + p.distance * p.distance));
}

TEST(Paths, ADivergedRunIsShownAndThePlaneChosenWithoutIt) {
  Workers workers(1);
  std::vector<Descender> two = {descender(PathKind::batch, short_training(), 20),
                                descender(PathKind::mini_batch, short_training(), 20)};
  const Paths wanted = follow_paths(some_data(), std::span(two).first(1), {}, workers);
  two[1].training.learning_rate = 1e38;
  const Paths paths = follow_paths(some_data(), two, {}, workers);
  ASSERT_EQ(paths.runs.size(), 2U);
  EXPECT_FALSE(paths.runs[0].diverged());
  EXPECT_TRUE(paths.runs[1].diverged());
  ASSERT_EQ(paths.notes.size(), 2U);
  EXPECT_NE(paths.notes[0].find("mini-batch"), std::string::npos) << paths.notes[0];
  EXPECT_EQ(paths.a, wanted.a);
  EXPECT_EQ(paths.b, wanted.b);
  EXPECT_GE(paths.runs[1].points.size(), 1U);
  EXPECT_NE(paths.notes[1].find("without"), std::string::npos) << paths.notes[1];
  const Paths lost = follow_paths(some_data(), std::span(two).last(1), {}, workers);
  EXPECT_NE(lost.notes[1].find("every run"), std::string::npos) << lost.notes[1];
}

TEST(Paths, OptimizersGoAtTheirOwnSweptRatesUnlessOneIsGiven) {
  Workers workers(2);
  const std::vector<Descender> both{descender("sgd", short_training()),
                                    descender("adam", short_training())};
  const Paths paths = follow_paths(some_data(), both, {.iterates = 10}, workers);
  for (const PathRun& run : paths.runs) EXPECT_TRUE(run.swept) << run.name;
  EXPECT_NE(paths.runs[0].learning_rate, paths.runs[1].learning_rate);
  EXPECT_EQ(paths.runs[1].optimizer, "adam");
  TrainOptions given = short_training();
  given.learning_rate = 0.01;
  EXPECT_FALSE(descender("adam", given).sweep);
}

TEST(Paths, TheSameFiguresForAnyNumberOfWorkers) {
  const auto without_times = [](const std::string& text) {
    auto json = nlohmann::json::parse(text);
    json.erase("seconds");
    for (auto& run : json["runs"]) run.erase("seconds");
    return json;
  };
  Workers one(1);
  Workers many(3);
  const std::vector<Descender> kinds = three_kinds(short_training(), 5);
  EXPECT_EQ(without_times(json(follow_paths(some_data(), kinds, {}, one), {})),
            without_times(json(follow_paths(some_data(), kinds, {}, many), {})));
}

TEST(Paths, JsonHasEachColumnInFull) {
  Workers workers(2);
  const Paths paths = follow_paths(some_data(), three_kinds(short_training(), 5),
                                   {.iterates = 10, .points = {7, 5}}, workers);
  const auto found = nlohmann::json::parse(json(paths, {.part = "train"}));
  EXPECT_EQ(found["kind"], "paths");
  EXPECT_EQ(found["version"], 1);
  EXPECT_EQ(found["data"]["part"], "train");
  EXPECT_EQ(found["model"]["classes"], 4);
  EXPECT_TRUE(found["start"]["objective"].is_number());
  EXPECT_EQ(found["plane"]["kind"], "principal");
  EXPECT_EQ(found["plane"]["explained"].size(), 2U);
  EXPECT_EQ(found["plane"]["a"].size(), 7U);
  EXPECT_EQ(found["plane"]["objective"].size(), 5U);
  EXPECT_EQ(found["plane"]["loss"][4].size(), 7U);
  ASSERT_EQ(found["runs"].size(), 3U);
  EXPECT_EQ(found["runs"][1]["kind"], "mini-batch");
  EXPECT_EQ(found["runs"][1]["stop_reason"], "epochs");
  for (const char* column :
       {"step", "examples", "a", "b", "residual", "distance", "objective", "plane_objective"})
    EXPECT_EQ(found["runs"][2][column].size(), 10U) << column;
}

TEST(Paths, AnInterruptLeavesThePathsUntilThen) {
  Workers workers(1);
  std::atomic<bool> interrupt = false;
  PathsOptions options{.iterates = 10, .interrupt = &interrupt};
  // In the midst of the second path.
  options.told = [&](const std::string& line) { interrupt = line == "mini-batch: descending"; };
  const Paths paths = follow_paths(some_data(), three_kinds(short_training(), 5), options, workers);
  EXPECT_TRUE(paths.interrupted);
  ASSERT_EQ(paths.runs.size(), 2U);
  EXPECT_EQ(paths.runs[1].stop, StopReason::interrupted);
  EXPECT_FALSE(paths.points.empty());
  const auto found = nlohmann::json::parse(json(paths, {}));
  EXPECT_EQ(found["interrupted"], true);
}

TEST(Paths, WhatCannotBeFollowedIsRefused) {
  Workers workers(1);
  const std::vector<Descender> kinds = three_kinds(short_training());
  const auto kind = [&](std::span<const Descender> d, const PathsOptions& options) {
    return test::refusal([&] { return follow_paths(some_data(), d, options, workers); }).kind();
  };
  EXPECT_EQ(kind({}, {}), ErrorKind::usage);
  EXPECT_EQ(kind(kinds, {.iterates = 1}), ErrorKind::usage);
  EXPECT_EQ(kind(kinds, {.points = {0, 5}}), ErrorKind::usage);
  EXPECT_EQ(kind(kinds, {.memory_limit = 1000}), ErrorKind::not_enough_memory);
  EXPECT_THROW((void)path_kind("full"), Error);
  EXPECT_THROW((void)plane_kind("pca"), Error);
}

}  // namespace
}  // namespace fallline::landscape

#include <gtest/gtest.h>

#include <cmath>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/optim/optimizer.hpp>
#include <limits>
#include <vector>

#include "support/datasets.hpp"
#include "support/limited.hpp"
#include "support/same_bits.hpp"

namespace fallline {
namespace {

using test::same_bits;

constexpr std::uint64_t steps = 3;
constexpr std::size_t examples = 1100;  // more than have their scores held at once

struct UpdatedProblem {
  UpdatedProblem(CellType cells, std::size_t features, std::size_t classes, LossKind kind,
                 Penalty p, Arithmetic a = Arithmetic::floats)
      : arithmetic(a),
        data(test::random_dataset(examples, features, classes, cells)),
        loss{.kind = kind},
        penalty(p) {
    Workers workers(1);
    preprocessing = Preprocessing::fit(PreprocessingKind::feature, data, workers);
  }

  [[nodiscard]] BatchObjective objective(Workers& workers) const {
    return {data, preprocessing, loss, penalty, workers, arithmetic};
  }
  [[nodiscard]] std::vector<float> start() const {
    return test::random_vector<float>(data.classes() * (data.features() + 1), 0.05);
  }
  /// All examples, or a few of them.
  [[nodiscard]] static std::vector<std::size_t> batch(std::uint64_t t) {
    return test::indices(t == 2 ? 37 : examples);
  }

  Arithmetic arithmetic;
  Dataset data;
  Preprocessing preprocessing;
  Loss loss;
  Penalty penalty;
};

std::vector<UpdatedProblem> problems() {
  return {{CellType::f32, 67, 3, LossKind::softmax, {}},
          {CellType::u8, 13, 2, LossKind::softmax, {.l2 = 0.1}},
          {CellType::u8, 130, 13, LossKind::hinge, {.l2 = 0.1, .l1 = 0.01}},
          {CellType::u8, 700, 7, LossKind::squared_hinge, {.l1 = 0.01}},
          {CellType::u8, 130, 13, LossKind::hinge, {.l2 = 0.1}, Arithmetic::integers},
          {CellType::u8, 700, 7, LossKind::softmax, {.l1 = 0.01}, Arithmetic::integers}};
}

/// Where some steps of Adam lead, and what was found on the way.
struct Path {
  std::vector<float> w;
  std::vector<double> found;

  void note(const Measure& m) {
    found.insert(found.end(), {m.loss, m.penalty, m.gradient_norm, static_cast<double>(m.correct),
                               static_cast<double>(m.examples)});
  }
};

Path by_gradients(const UpdatedProblem& problem) {
  Workers workers(1);
  Path path{.w = problem.start(), .found = {}};
  const auto adam = make_optimizer<float>({.name = "adam"}, path.w.size());
  std::vector<float> g(path.w.size());
  for (std::uint64_t t = 1; t <= steps; ++t) {
    BatchObjective objective = problem.objective(workers);
    path.note(objective.value_and_gradient(path.w, UpdatedProblem::batch(t), g));
    adam->step({.t = t, .rate = 0.01}, path.w, g, path.w, nullptr);
  }
  return path;
}

/// A step of `adam` part by part from `w` to `next`.
Measure update(BatchObjective& objective, Optimizer<float>& adam, std::uint64_t t,
               std::span<const float> w, std::span<float> next) {
  adam.begin_parts({.t = t, .rate = 0.01}, w, next);
  const std::function<void(std::size_t, std::span<const float>)> part =
      [&](std::size_t first, std::span<const float> gradient) { adam.part(first, gradient); };
  return objective.value_and_update(w, UpdatedProblem::batch(t), {.next = next, .part = part});
}

/// The objective that has made an update has its weights packed already.
Path by_updates(const UpdatedProblem& problem, std::size_t threads) {
  Workers workers(threads);
  Path path{.w = problem.start(), .found = {}};
  std::vector<float> next(path.w.size());
  const auto adam = make_optimizer<float>({.name = "adam"}, path.w.size());
  BatchObjective objective = problem.objective(workers);
  for (std::uint64_t t = 1; t <= steps; ++t) {
    path.note(update(objective, *adam, t, path.w, next));
    path.w.swap(next);
  }
  return path;
}

TEST(ValueAndUpdate, IsTheGradientAndTheStepOfAFreshObjectiveBitForBitOnAnyThreads) {
  for (const UpdatedProblem& problem : problems()) {
    const Path wanted = by_gradients(problem);
    ASSERT_FALSE(same_bits(wanted.w, problem.start()));
    for (const std::size_t threads : {1, 2, 3, 7}) {
      const Path got = by_updates(problem, threads);
      EXPECT_TRUE(same_bits(got.w, wanted.w)) << problem.data.features() << " on " << threads;
      EXPECT_EQ(got.found, wanted.found) << problem.data.features() << " on " << threads;
    }
  }
}

TEST(ValueAndUpdate, WhateverIsAskedNextOfWhatItLeftIsWhatAFreshObjectiveSays) {
  for (const UpdatedProblem& problem : problems()) {
    Workers workers(2);
    const std::vector<float> w = problem.start();
    std::vector<float> next(w.size());
    const auto adam = make_optimizer<float>({.name = "adam"}, w.size());
    BatchObjective used = problem.objective(workers);
    (void)update(used, *adam, 1, w, next);
    BatchObjective fresh = problem.objective(workers);
    const auto batch = test::indices(50);
    EXPECT_EQ(used.value(next, batch).loss, fresh.value(next, batch).loss);
    EXPECT_EQ(used.value(w, batch).loss, fresh.value(w, batch).loss);
    EXPECT_EQ(used.value(next, batch).loss, fresh.value(next, batch).loss);
  }
}

TEST(ValueAndUpdate, EveryParameterIsInOnePart) {
  for (const UpdatedProblem& problem : problems())
    for (const std::size_t threads : {1, 3}) {
      Workers workers(threads);
      BatchObjective objective = problem.objective(workers);
      const std::vector<float> w = problem.start();
      std::vector<float> next(w.size());
      std::vector<int> visits(w.size());
      const std::function<void(std::size_t, std::span<const float>)> part =
          [&](std::size_t first, std::span<const float> gradient) {
            for (std::size_t i = 0; i < gradient.size(); ++i) {
              ++visits.at(first + i);
              next[first + i] = gradient[i];
            }
          };
      (void)objective.value_and_update(w, UpdatedProblem::batch(1), {.next = next, .part = part});
      EXPECT_EQ(visits, std::vector<int>(w.size(), 1));
      std::vector<float> g(w.size());
      (void)objective.value_and_gradient(w, UpdatedProblem::batch(1), g);
      EXPECT_TRUE(same_bits(next, g));
    }
}

TEST(ValueAndUpdate, ALossThatIsNotFiniteBeginsNoUpdateAndLeavesNoTrace) {
  for (const UpdatedProblem& problem : problems()) {
    Workers workers(2);
    BatchObjective objective = problem.objective(workers);
    const std::vector<float> w = problem.start();
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), 3e38F})
      for (std::uint64_t t = 1; t <= 2; ++t) {
        std::vector<float> bad_w(w.size(), 0.0F);
        for (std::size_t i = 0; i < w.size(); i += 2) bad_w[i] = bad;
        std::vector<float> next(w.size(), 5.0F);
        const auto sgd = make_optimizer<float>({.name = "sgd"}, w.size());
        EXPECT_FALSE(std::isfinite(update(objective, *sgd, t, bad_w, next).objective()));
        EXPECT_EQ(next, std::vector<float>(w.size(), 5.0F));
      }
    BatchObjective fresh = problem.objective(workers);
    std::vector<float> g(w.size());
    std::vector<float> wanted(w.size());
    (void)objective.value_and_gradient(w, UpdatedProblem::batch(1), g);
    (void)fresh.value_and_gradient(w, UpdatedProblem::batch(1), wanted);
    EXPECT_TRUE(same_bits(g, wanted));
  }
}

TEST(BatchObjective, FindsTheSameToFiveDigitsOnEveryInstructionSet) {
  for (const UpdatedProblem& problem : problems()) {
    Workers workers(2);
    std::vector<Measure> found;
    test::on_every_set([&] {
      BatchObjective objective = problem.objective(workers);
      const std::vector<float> w = problem.start();
      std::vector<float> g(w.size());
      found.push_back(objective.value_and_gradient(w, UpdatedProblem::batch(1), g));
      const Measure& first = found.front();
      const Measure& here = found.back();
      EXPECT_TRUE(std::abs(here.objective() - first.objective()) <= 1e-5 * first.objective());
      EXPECT_TRUE(std::abs(here.gradient_norm - first.gradient_norm) <= 1e-5 * first.gradient_norm);
    });
    EXPECT_EQ(found.size(), instruction_sets().size());
  }
}

}  // namespace
}  // namespace fallline

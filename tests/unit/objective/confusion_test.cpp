#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fallline/objective/evaluation.hpp>
#include <fallline/random.hpp>
#include <fallline/train/run_directory.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "objective/confusion_counter.hpp"

namespace fallline {
namespace {

using Pair = Confusion::Pair;
using testing::ElementsAre;

/// Examples drawn at random in C classes, counted one by one.
struct Drawn {
  Drawn(std::size_t c, std::size_t examples)
      : classes(c), matrix(c, std::vector<std::size_t>(c)), counted(of(examples)) {}

  Confusion of(std::size_t examples) {
    const Random random(1, Purpose::search);
    ConfusionCounter counter(classes);
    for (std::size_t i = 0; i < examples; ++i) {
      const std::size_t own = random.below(2 * i, classes);
      const std::size_t predicted =
          random.below(2 * i + 1, 2) == 0 ? own : random.below(3 * i, classes);
      ++matrix[own][predicted];
      counter.add(own, predicted);
    }
    return std::move(counter).finish();
  }

  std::size_t classes;
  std::vector<std::vector<std::size_t>> matrix;
  Confusion counted;
};

TEST(Confusion, OfFewAndOfManyClassesTheCountsAreThoseOfAMatrix) {
  for (const std::size_t classes : {1U, 3U, 256U, 257U, 400U}) {
    const Drawn drawn(classes, 60'000);
    EXPECT_EQ(drawn.counted.matrix(), drawn.matrix) << classes;
    for (std::size_t c = 0; c < classes; ++c) {
      ClassFigures figures{.correct = drawn.matrix[c][c]};
      for (std::size_t other = 0; other < classes; ++other) {
        figures.examples += drawn.matrix[c][other];
        figures.predicted += drawn.matrix[other][c];
        ASSERT_EQ(drawn.counted(c, other), drawn.matrix[c][other]);
      }
      ASSERT_EQ(drawn.counted.of_class(c), figures);
    }
  }
}

TEST(Confusion, WhatItTakesGrowsWithTheExamplesAndNotWithTheSquareOfTheClasses) {
  const std::size_t classes = 1'000'000;
  ConfusionCounter counter(classes);
  for (std::size_t i = 0; i < 300'000; ++i) counter.add(i % 10, classes - 1);
  const Confusion found = std::move(counter).finish();
  EXPECT_EQ(found.pairs().size(), 10U);
  EXPECT_EQ(found(3, classes - 1), 30'000U);
  EXPECT_LT(Confusion::bytes(classes, 1000), 26U << 20U);
  EXPECT_LT(Confusion::bytes(10, 50'000'000), 1U << 20U);
}

TEST(Confusion, TheLargestMistakesComeFirstAndOfEqualsTheFirstClass) {
  const Confusion found(
      4, {{0, 0, 90}, {1, 2, 5}, {0, 3, 5}, {2, 1, 9}, {3, 0, 1}, {1, 2, 2}, {3, 3, 40}});
  EXPECT_THAT(found.largest_mistakes(3), ElementsAre(Pair{2, 1, 9}, Pair{1, 2, 7}, Pair{0, 3, 5}));
  EXPECT_EQ(found.largest_mistakes(100).size(), 4U);
}

/// The JSON of an evaluation whose classes are all taken for the next.
nlohmann::json written(std::size_t classes) {
  std::vector<std::string> names;
  std::vector<Pair> pairs;
  for (std::uint32_t c = 0; c < classes; ++c) {
    names.push_back("class " + std::to_string(c));
    pairs.push_back({c, static_cast<std::uint32_t>((c + 1) % classes), 1 + c % 7});
  }
  Evaluation e{.examples = classes};
  e.confusion = Confusion(classes, pairs);
  return nlohmann::json::parse(evaluation_json(e, names));
}

TEST(Confusion, InJsonItIsAMatrixOfFewClassesAndAListOfTheLargestMistakesOfMany) {
  const nlohmann::json few = written(256);
  EXPECT_EQ(few["confusion"].size(), 256U);
  EXPECT_EQ(few["classes"].size(), 256U);
  EXPECT_FALSE(few.contains("confusion_pairs"));
  const nlohmann::json many = written(257);
  EXPECT_FALSE(many.contains("confusion"));
  ASSERT_EQ(many["confusion_pairs"].size(), 257U);
  EXPECT_EQ(many["confusion_pairs"][0]["class"], "class 6");
  EXPECT_EQ(many["confusion_pairs"][0]["predicted"], "class 7");
  EXPECT_EQ(many["confusion_pairs"][0]["examples"], 7);
}

TEST(Confusion, WhatIsWrittenOfAHundredThousandClassesIsBounded) {
  const nlohmann::json most = written(100'000);
  EXPECT_EQ(most["confusion_pairs"].size(), 1000U);
  EXPECT_EQ(most["classes"].size(), 1000U);
  EXPECT_EQ(most["classes_left_out"], 99'000);
  for (const auto& one : most["classes"]) EXPECT_EQ(one["examples"], 7);
  EXPECT_LT(most.dump(2).size(), 1U << 19U);
}

}  // namespace
}  // namespace fallline

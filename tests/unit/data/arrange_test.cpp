#include <gtest/gtest.h>

#include <fallline/data/arrange.hpp>
#include <fallline/data/open.hpp>
#include <fallline/data/save.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/landscape/site.hpp>
#include <fallline/objective/certificate.hpp>
#include <fallline/objective/evaluation.hpp>
#include <fallline/objective/mistakes.hpp>
#include <fallline/search/search.hpp>
#include <fallline/train/train.hpp>
#include <fallline/tune/gradient_noise.hpp>
#include <fallline/tune/rate_sweep.hpp>
#include <functional>

#include "support/datasets.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"
#include "support/table.hpp"

namespace fallline::test {
namespace {

using Names = std::vector<std::string>;

/// Four columns that mean different things: taken for one another they give other answers.
const std::vector<float> cells{1, 10, 100, -5, 2, 30, 120, -6, 9, 11, 300, -7,
                               7, 33, 310, 5,  3, 12, 90,  -4, 8, 31, 290, 4};
const std::vector<std::int32_t> labels{0, 0, 1, 1, 0, 1};

Dataset original() {
  return table<float>(4, cells, labels, {"no", "yes"}, {}, {"a", "b", "c", "d"});
}

/// The same rows with the columns `names`; one that is not a, b, c or d is filled with 77.
Dataset with_columns(const Names& names) {
  std::vector<float> moved;
  for (std::size_t i = 0; i < labels.size(); ++i)
    for (const std::string& name : names)
      moved.push_back(name.size() == 1 && name >= "a" && name <= "d"
                          ? cells[4 * i + static_cast<std::size_t>(name[0] - 'a')]
                          : 77.0F);
  return table<float>(names.size(), moved, labels, {"no", "yes"}, {}, names);
}

/// The same rows with the classes numbered the other way.
Dataset with_other_classes() {
  std::vector<std::int32_t> other;
  for (const std::int32_t y : labels) other.push_back(1 - y);
  return table<float>(4, cells, other, {"yes", "no"}, {}, {"a", "b", "c", "d"});
}

Dataset sparse(std::size_t features, IndexBase base, const std::vector<float>& values) {
  DatasetParts parts{.name = "sparse",
                     .cells = CellType::f32,
                     .features = features,
                     .labels = labels,
                     .class_names = {"no", "yes"},
                     .index_base = base};
  const auto kept = std::make_shared<const std::vector<float>>(values);
  for (std::size_t at = 0; at < values.size(); at += features)
    parts.rows.push_back(reinterpret_cast<const std::byte*>(kept->data() + at));
  parts.storage = {kept};
  return Dataset(std::move(parts));
}

Classifier trained(const Dataset& data) {
  Workers workers(1);
  return train({.train = data, .validation = {}, .test = {}, .notes = {}},
               {.penalty = {.l2 = 0.1}, .epochs = 20}, workers)
      .model;
}

std::vector<float> row_of(const Dataset& data, std::size_t i) {
  std::vector<float> row(data.features());
  data.copy_row(i, row);
  return row;
}

/// A call of the library in which data meet a model, and a figure that it gives.
struct Door {
  const char* name;
  std::function<double(const Classifier&, const Dataset&, Workers&)> figure;
};

std::vector<Door> doors() {
  return {
      {"evaluate",
       [](const Classifier& m, const Dataset& d, Workers& w) { return evaluate(m, d, w).loss; }},
      {"predict",
       [](const Classifier& m, const Dataset& d, Workers& w) {
         double sum = 0;
         predict(m, d, w, [&](const Prediction& p) { sum = 3 * sum + p.scores[0]; });
         return sum;
       }},
      {"most_confidently_wrong",
       [](const Classifier& m, const Dataset& d, Workers& w) {
         const Mistakes found = most_confidently_wrong(m, d, 9, w);
         return static_cast<double>(found.wrong) +
                (found.surest.empty() ? 0 : found.surest.front().confidence);
       }},
      {"certify", [](const Classifier& m, const Dataset& d,
                     Workers& w) { return certify(m, d, w).objective; }},
      {"Site",
       [](const Classifier& m, const Dataset& d, Workers& w) {
         landscape::Site site(m, d, w);
         return site.value(site.weights()).objective();
       }},
      {"sweep_rates",
       [](const Classifier& m, const Dataset& d, Workers& w) {
         const Parts parts{.train = d, .validation = {}, .test = {}, .notes = {}};
         return tune::sweep_rates(parts, {}, w, &m).start.objective();
       }},
      {"measure_gradient_noise",
       [](const Classifier& m, const Dataset& d, Workers& w) {
         const Parts parts{.train = d, .validation = {}, .test = {}, .notes = {}};
         return tune::measure_gradient_noise(parts, {.largest = 2, .draws = 2, .copies = 0}, w, &m)
             .gradient_norm;
       }},
  };
}

TEST(Learned, ColumnsInAnotherOrderGiveTheSameFiguresThroughEveryDoor) {
  Workers workers(1);
  const Classifier model = trained(original());
  for (const Door& door : doors()) {
    const double wanted = door.figure(model, original(), workers);
    EXPECT_EQ(door.figure(model, with_columns({"d", "b", "a", "c"}), workers), wanted) << door.name;
    EXPECT_EQ(door.figure(model, with_columns({"a", "extra", "b", "c", "d", "more"}), workers),
              wanted)
        << door.name;
  }
}

TEST(Learned, AMissingColumnIsRefusedByNameThroughEveryDoor) {
  Workers workers(1);
  const Classifier model = trained(original());
  for (const Door& door : doors()) {
    const Error error = refusal([&] {
      return door.figure(model, with_columns({"a", "b", "other", "d"}), workers);
    });
    EXPECT_EQ(error.kind(), ErrorKind::bad_input) << door.name;
    EXPECT_NE(error.problem().find("'c'"), std::string::npos) << door.name << error.what();
  }
}

TEST(Learned, ClassesNumberedOtherwiseGiveTheSameFiguresThroughEveryDoor) {
  Workers workers(1);
  const Classifier model = trained(original());
  for (const Door& door : doors())
    EXPECT_EQ(door.figure(model, with_other_classes(), workers),
              door.figure(model, original(), workers))
        << door.name;
}

TEST(Learned, ANarrowerSparseSetIsFilledWithZerosThroughEveryDoor) {
  Workers workers(1);
  const IndexBase zero{.first = 0};
  std::vector<float> narrow;
  std::vector<float> wide;
  std::vector<float> wider;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const float x = cells[4 * i];
    const float y = cells[4 * i + 3];
    for (std::vector<float>* to : {&narrow, &wide, &wider}) to->insert(to->end(), {x, y});
    wide.push_back(0);
    wider.insert(wider.end(), {0, 55});
  }
  const Classifier model = trained(sparse(3, zero, wide));
  for (const Door& door : doors()) {
    const double wanted = door.figure(model, sparse(3, zero, wide), workers);
    EXPECT_EQ(door.figure(model, sparse(2, zero, narrow), workers), wanted) << door.name;
    EXPECT_EQ(door.figure(model, sparse(4, zero, wider), workers), wanted) << door.name;
  }
}

TEST(Learned, AnotherIndexBaseThatWasOnlyGuessedIsRefusedThroughEveryDoor) {
  Workers workers(1);
  const Classifier model = trained(sparse(4, {.first = 0}, cells));
  for (const Door& door : doors()) {
    const Error error =
        refusal([&] { return door.figure(model, sparse(4, {.first = 1}, cells), workers); });
    EXPECT_NE(error.problem().find("indices from 1"), std::string::npos) << door.name;
    // A person who says what a file counts from has put it right.
    EXPECT_EQ(door.figure(model, sparse(4, {.first = 1, .told = true}, cells), workers),
              door.figure(model, original(), workers) * 0 +
                  door.figure(model, sparse(4, {.first = 0}, cells), workers))
        << door.name;
  }
}

TEST(Learned, PicturesWithTheirChannelsLastAreThoseWithTheirChannelsFirst) {
  Workers workers(1);
  // Two pixels side by side of three channels.
  const std::vector<std::uint8_t> first{10, 11, 20, 21, 30, 31, 90, 80, 70, 60, 50, 40};
  const std::vector<std::uint8_t> last{10, 20, 30, 11, 21, 31, 90, 70, 50, 80, 60, 40};
  const ImageShape shape{.channels = 3, .height = 1, .width = 2};
  ImageShape interleaved = shape;
  interleaved.interleaved = true;
  const Dataset planar = table<std::uint8_t>(6, first, {0, 1}, {"x", "y"}, shape);
  const Dataset other = table<std::uint8_t>(6, last, {0, 1}, {"x", "y"}, interleaved);
  EXPECT_EQ(row_of(arrange(other, planar.schema()).data, 1), row_of(planar, 1));
  EXPECT_EQ(row_of(arrange(planar, other.schema()).data, 0), row_of(other, 0));
  const Classifier model = trained(planar);
  for (const Door& door : doors())
    EXPECT_EQ(door.figure(model, other, workers), door.figure(model, planar, workers)) << door.name;
  ImageShape upright = shape;
  std::swap(upright.height, upright.width);
  for (const Door& door : doors())
    EXPECT_NE(refusal([&] {
                return door.figure(
                    model, table<std::uint8_t>(6, first, {0, 1}, {"x", "y"}, upright), workers);
              })
                  .problem()
                  .find("2x1x3"),
              std::string::npos)
        << door.name;
}

TEST(Learned, AnotherNumberOfFeaturesWithoutNamesIsRefusedThroughEveryDoor) {
  Workers workers(1);
  const Classifier model = trained(original());
  const Dataset narrow = table<float>(3, {1, 2, 3, 4, 5, 6}, {0, 1}, {"no", "yes"});
  for (const Door& door : doors())
    EXPECT_NE(
        refusal([&] { return door.figure(model, narrow, workers); }).problem().find("3 features"),
        std::string::npos)
        << door.name;
}

TEST(Learned, PartsAgreeBeforeTheFirstStep) {
  Workers workers(1);
  const Dataset moved = with_columns({"d", "b", "a", "c"});
  const TrainOptions options{.epochs = 3};
  const TrainResult wanted = train({original(), original(), original(), {}}, options, workers);
  const TrainResult found = train({original(), moved, with_other_classes(), {}}, options, workers);
  EXPECT_EQ(found.model.weights_hash(), wanted.model.weights_hash());
  EXPECT_EQ(found.validation->loss, wanted.validation->loss);
  EXPECT_EQ(found.test->loss, wanted.test->loss);
  const SearchOptions tries{.tries = 3};
  EXPECT_EQ(search({original(), moved, moved, {}}, tries, workers).test->loss,
            search({original(), original(), original(), {}}, tries, workers).test->loss);

  struct : Listener {
    void on(const Event& event) override { steps += std::holds_alternative<StepTaken>(event); }
    int steps = 0;
  } steps;
  Listener* const listeners[] = {&steps};
  const Dataset without_labels = table<float>(4, cells, {}, {});
  for (const Dataset& bad : {with_columns({"a", "b", "c"}), without_labels})
    EXPECT_EQ(refusal([&] {
                return train({original(), {}, bad, {}}, options, workers, listeners);
              }).kind(),
              ErrorKind::bad_input);
  EXPECT_EQ(steps.steps, 0);
}

TEST(Learned, TheOtherModelOfADirectionMustBeOfTheSameFeatures) {
  Workers workers(1);
  const Classifier model = trained(original());
  const landscape::Site site(model, original(), workers);
  const Classifier other = trained(with_columns({"b", "a", "c", "d"}));
  EXPECT_NE(refusal([&] { return landscape::direction_towards(site, other, "other"); })
                .problem()
                .find("features"),
            std::string::npos);
  EXPECT_NE(refusal([&] {
              return landscape::direction_towards(site, trained(with_other_classes()), "other");
            })
                .problem()
                .find("classes"),
            std::string::npos);
  (void)landscape::direction_towards(site, trained(original()), "other");
}

TEST(Learned, ASavedTestPartHasTheColumnsOfTheTrainingPart) {
  const Scratch scratch;
  const Dataset test = with_columns({"d", "c", "b", "a"});
  save(original(), &test, scratch / "set.npz", "npz");
  EXPECT_EQ(row_of(*open(scratch / "set.npz").test, 3), row_of(original(), 3));
}

TEST(Arrange, SharesTheCellsWhereTheirOrderIsTheSame) {
  const Dataset wide = with_columns({"x", "a", "b", "c", "d", "y"});
  const Dataset data = arrange(wide, original().schema()).data;
  EXPECT_EQ(data.rows()[2], wide.rows()[2] + sizeof(float));
  EXPECT_EQ(data.feature_names(), original().feature_names());
}

TEST(Arrange, SaysWhatItPutRight) {
  const Names notes = arrange(with_columns({"b", "a", "z", "c", "d"}), original().schema()).notes;
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_NE(notes[0].find("another order"), std::string::npos) << notes[0];
  EXPECT_NE(notes[1].find("'z'"), std::string::npos) << notes[1];
  EXPECT_TRUE(arrange(original(), original().schema()).notes.empty());
  EXPECT_EQ(
      arrange(table<float>(4, cells, labels, {"no", "yes"}), original().schema()).notes.size(), 1U);
}

TEST(Arrange, ANameThatStandsTwiceIsRefused) {
  EXPECT_NE(refusal([] {
              return arrange(with_columns({"a", "b", "b", "c", "d"}), original().schema());
            })
                .problem()
                .find("'b'"),
            std::string::npos);
}

TEST(Arrange, NumbersThatWereDividedBy255AreNotedBothWays) {
  const Dataset bytes = table<std::uint8_t>(2, {200, 3, 5, 90}, {0, 1}, {"x", "y"});
  const Dataset whole = table<float>(2, {200, 3, 5, 90}, {0, 1}, {"x", "y"});
  const Dataset scaled = table<float>(2, {0.8F, 0.01F, 0.02F, -0.35F}, {0, 1}, {"x", "y"});
  for (const Dataset& learned : {bytes, whole}) {
    ASSERT_EQ(arrange(scaled, learned.schema()).notes.size(), 1U);
    EXPECT_NE(arrange(scaled, learned.schema()).notes[0].find("were they divided by 255"),
              std::string::npos);
    ASSERT_EQ(arrange(learned, scaled.schema()).notes.size(), 1U);
    EXPECT_NE(arrange(learned, scaled.schema()).notes[0].find("were those divided by 255"),
              std::string::npos);
  }
}

TEST(Arrange, NumbersThatMayBeAnythingGiveNoNoteOfTheirScale) {
  const Dataset bytes = table<std::uint8_t>(2, {200, 3, 5, 90}, {0, 1}, {"x", "y"});
  const Dataset scaled = table<float>(2, {0.8F, 0.01F, 0.02F, 0.35F}, {0, 1}, {"x", "y"});
  const Dataset plain = table<float>(2, {200.5F, 3, 5, 90}, {0, 1}, {"x", "y"});
  const Dataset counts = table<std::uint8_t>(2, {1, 3, 0, 1}, {0, 1}, {"x", "y"});
  for (const Dataset& other : {plain, counts})
    for (const Dataset& set : {bytes, scaled}) {
      EXPECT_TRUE(arrange(other, set.schema()).notes.empty());
      EXPECT_TRUE(arrange(set, other.schema()).notes.empty());
    }
}

}  // namespace
}  // namespace fallline::test

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fallline/random.hpp>
#include <fallline/train/run_directory.hpp>
#include <fallline/train/train.hpp>
#include <numbers>
#include <string>
#include <vector>

#include "support/datasets.hpp"
#include "train/layer_trail.hpp"

namespace fallline {
namespace {

/// Points of the plane with their classes.
Dataset plane(const std::vector<float>& x, const std::vector<std::int32_t>& y,
              std::size_t classes) {
  auto storage = std::make_shared<std::vector<float>>(x);
  DatasetParts parts{.name = "plane", .cells = CellType::f32, .features = 2};
  for (std::size_t i = 0; i < y.size(); ++i)
    parts.rows.push_back(reinterpret_cast<const std::byte*>(storage->data() + 2 * i));
  parts.labels = y;
  for (std::size_t c = 0; c < classes; ++c) parts.class_names.push_back(std::to_string(c));
  parts.storage = {storage};
  parts.storage_bytes = storage->size() * sizeof(float);
  return Dataset(std::move(parts));
}

Dataset exclusive_or() { return plane({0, 0, 0, 1, 1, 0, 1, 1}, {0, 1, 1, 0}, 2); }

/// Three arms of 100 points, which wind around each other by four radians, with noise of 0.2.
Dataset spirals() {
  const Random random(5, Purpose::search);
  std::vector<float> x;
  std::vector<std::int32_t> y;
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 100; ++i) {
      const double r = i / 99.0;
      const double t = 4.0 * c + 4 * r + 0.2 * random.normal(x.size());
      x.push_back(static_cast<float>(r * std::sin(t)));
      x.push_back(static_cast<float>(r * std::cos(t)));
      y.push_back(c);
    }
  return plane(x, y, 3);
}

TrainResult trained(const Dataset& data, TrainOptions options, std::size_t threads = 2) {
  Workers workers(threads);
  return train({.train = data}, options, workers);
}

TEST(NetworkRun, LearnsExclusiveOrWhichNoLinearClassifierCan) {
  EXPECT_EQ(trained(exclusive_or(), {.model = "mlp:8,activation=tanh"}).train.accuracy(), 1);
  EXPECT_LT(trained(exclusive_or(), {}).train.accuracy(), 1);
}

TEST(NetworkRun, SeparatesSpirals) {
  EXPECT_GE(trained(spirals(), {.model = "mlp:100", .epochs = 1000}).train.accuracy(), 0.98);
  EXPECT_LE(trained(spirals(), {.epochs = 1000}).train.accuracy(), 0.6);
}

TEST(NetworkRun, ADeepNarrowNetTrains) {
  for (const char* model : {"mlp:16x20", "mlp:16x20,activation=tanh", "mlp:16x20,skip=2"}) {
    const TrainResult result =
        trained(spirals(),
                {.model = model, .optimizer = {.name = "adam"}, .batch_size = 50, .epochs = 300});
    EXPECT_GE(result.train.accuracy(), 0.95) << model;
    EXPECT_EQ(result.layers.size(), 21U);
    for (const std::string& note : result.notes) EXPECT_EQ(note.find("vanish"), std::string::npos);
  }
}

/// The notes of a first epoch.
std::string notes_of(const char* model, double rate) {
  const Dataset data = test::random_dataset(200, 12, 3, CellType::f32);
  std::string all;
  for (const std::string& note :
       trained(data, {.model = model, .learning_rate = rate, .batch_size = 50, .epochs = 1}).notes)
    all += note + "\n";
  return all;
}

TEST(NetworkRun, VanishingGradientsAreNamed) {
  const std::string notes = notes_of("mlp:16x20,activation=sigmoid", 0.01);
  EXPECT_NE(notes.find("gradients vanish: in the first epoch a weight of 'layer1' had"),
            std::string::npos)
      << notes;
  EXPECT_EQ(notes_of("mlp:16", 0.01).find("gradients"), std::string::npos);
}

TEST(NetworkRun, ExplodingGradientsAreNamed) {
  // Each sum doubles what the layer before had.
  const std::string notes = notes_of("mlp:16x40,skip=1", 1e-12);
  EXPECT_NE(notes.find("gradients explode: in the first epoch that of 'layer"), std::string::npos)
      << notes;
}

TEST(NetworkRun, DeadUnitsAreNamed) {
  std::vector<LayerSummary> layers{{.name = "a", .first_gradient_norm = 1, .dead = 0.25},
                                   {.name = "b", .first_gradient_norm = 1, .dead = 0.75},
                                   {.name = "c", .first_gradient_norm = 1}};
  for (LayerSummary& layer : layers) layer.parameters = 10;
  const std::vector<std::string> notes = layer_notes(layers);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].find("75 % of the units of 'b' are dead"), 0U) << notes[0];
  layers[1].dead = 0.5;
  EXPECT_TRUE(layer_notes(layers).empty());
}

TEST(NetworkRun, TheSameSeedGivesTheSameBitsOnAnyThreads) {
  const Dataset data = test::random_dataset(500, 70, 5, CellType::u8);
  for (const std::string model : {"mlp:150,140,dropout=0.2", "mlp:20,20,skip=1,activation=gelu"})
    for (const Arithmetic arithmetic : {Arithmetic::floats, Arithmetic::integers})
      for (const char* optimizer : {"sgd", "adam", "lbfgs"}) {
        TrainOptions options{.model = model,
                             .optimizer = {.name = optimizer},
                             .epochs = 3,
                             .arithmetic = arithmetic};
        if (!options.whole_batch()) options.batch_size = 64;
        const std::string wanted = trained(data, options, 1).model.weights_hash();
        for (const std::size_t threads : {2, 3, 7})
          EXPECT_EQ(trained(data, options, threads).model.weights_hash(), wanted)
              << model << " " << optimizer << " on " << threads;
      }
}

TEST(NetworkRun, HistoryAndSummaryTellOfTheLayers) {
  struct Lines : Listener {
    void on(const Event& event) override {
      if (const auto* step = std::get_if<StepTaken>(&event)) last = history_line(*step);
    }
    std::string last;
  };
  Lines lines;
  Listener* const listeners[] = {&lines};
  Workers workers(1);
  const TrainResult result =
      train({.train = test::random_dataset(100, 6, 3, CellType::f32)},
            {.model = "mlp:8", .batch_size = 50, .epochs = 2}, workers, listeners);
  EXPECT_NE(lines.last.find(R"("layers":[{"name":"layer1","gradient_norm":)"), std::string::npos);
  EXPECT_NE(lines.last.find(R"("update_norm":)"), std::string::npos);
  EXPECT_NE(lines.last.find(R"("dead":)"), std::string::npos);
  const std::string summary = summary_json(result, "run");
  for (const char* key : {R"("layers")", R"("notes")", R"("architecture")", R"("dead")"})
    EXPECT_NE(summary.find(key), std::string::npos) << key;
}

}  // namespace
}  // namespace fallline

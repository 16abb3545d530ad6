#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/optim/compare.hpp>
#include <fallline/optim/optimizer.hpp>
#include <set>
#include <vector>

namespace fallline {
namespace {

std::string refusal_of(const OptimizerOptions& options) {
  try {
    (void)make_optimizer<double>(options, 3);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "accepted";
}

void expect_named(const OptimizerOptions& options, const std::vector<std::string>& words) {
  const std::string message = refusal_of(options);
  for (const std::string& word : words)
    EXPECT_NE(message.find(word), std::string::npos) << word << " is not in: " << message;
}

TEST(Optimizers, ASettingOutOfItsBoundsIsNamedWithItsBound) {
  expect_named({.name = "heavy-ball", .settings = {{"momentum", 1}}}, {"momentum", "less than 1"});
  expect_named({.name = "heavy-ball", .settings = {{"dampening", -0.1}}}, {"dampening"});
  expect_named({.name = "nesterov", .settings = {{"momentum", std::nan("")}}}, {"momentum", "nan"});
  expect_named({.name = "ewma-momentum", .settings = {{"momentum", -1}}}, {"momentum"});
  expect_named({.name = "rmsprop", .settings = {{"decay", 1}}}, {"decay"});
  expect_named({.name = "rmsprop", .settings = {{"accumulator", -1}}},
               {"accumulator", "at least 0"});
  for (const char* name : {"adam", "adamw", "nadam", "amsgrad"}) {
    expect_named({.name = name, .settings = {{"beta1", 1}}}, {"beta1"});
    expect_named({.name = name, .settings = {{"beta2", -0.5}}}, {"beta2"});
    expect_named({.name = name, .settings = {{"eps", -1e-8}}}, {"eps"});
  }
  expect_named({.name = "adagrad", .settings = {{"eps-root", -1}}}, {"eps-root"});
  expect_named({.name = "adadelta", .settings = {{"eps", 0}}}, {"eps", "above 0"});
  expect_named({.name = "lion", .settings = {{"beta2", 1}}}, {"beta2"});
  expect_named({.name = "lbfgs", .settings = {{"history", 0}}}, {"history"});
  expect_named({.name = "lbfgs", .settings = {{"c1", 0.95}}}, {"c2"});
  expect_named({.name = "sgd", .settings = {{"clip-norm", 0}}}, {"clip norm"});
  expect_named({.name = "sgd", .settings = {{"clip-value", -1}}}, {"clip value"});
  expect_named({.name = "sgd", .settings = {{"weight-decay", -1}}}, {"weight decay"});
  expect_named({.name = "adam", .settings = {{"bias-correction", 0.5}}},
               {"bias-correction", "0 or 1"});
}

TEST(Optimizers, WhatDoesNotExistIsNamedWithWhatDoes) {
  expect_named({.name = "sgdd"}, {"sgdd", "heavy-ball", "lbfgs"});
  expect_named({.name = "adam", .settings = {{"rho", 0.9}}}, {"adam", "rho", "beta1", "clip-norm"});
  expect_named({.name = "lion", .preset = Preset::torch}, {"torch", "lion"});
  expect_named({.name = "adamw", .preset = Preset::tf1}, {"tf1", "adamw"});
  expect_named({.name = "lbfgs", .settings = {{"clip-norm", 1}}},
               {"lbfgs", "clip-norm", "history"});
  expect_named({.name = "adam", .settings = {{"eps", 0}}}, {"eps", "eps-root", "0/0"});
  EXPECT_THROW((void)preset_named("pytorch"), Error);
}

TEST(Optimizers, MomentumIsWhatThePresetCallsSo) {
  EXPECT_EQ(optimizer_named("momentum", Preset::course).name, "ewma-momentum");
  EXPECT_EQ(optimizer_named("momentum", Preset::torch).name, "heavy-ball");
}

TEST(Optimizers, EverySettingOfEveryOneHasAMeaningAndCanBeSet) {
  for (const SettingInfo& setting : optimizer_settings()) {
    EXPECT_FALSE(setting.meaning.empty()) << setting.name;
    for (const std::string_view name : setting.optimizers) {
      const double value = setting.flag ? 1 : setting.name == "history" ? 5 : 0.5;
      OptimizerOptions options{.name = std::string(name)};
      options.settings[std::string(setting.name)] = value;
      if (name == "lbfgs" && setting.name == "c1") options.settings["c2"] = 0.9;
      EXPECT_EQ(refusal_of(options), "accepted") << name << " " << setting.name;
      bool found = false;
      for (const Setting& s : settings_in_force(options))
        if (s.name == setting.name) found = s.value == value;
      EXPECT_TRUE(found) << name << " " << setting.name;
    }
  }
}

TEST(Optimizers, TheGainIsThatOfAConstantGradient) {
  EXPECT_EQ(make_optimizer<float>({.name = "sgd"}, 1)->gain(), 1);
  EXPECT_NEAR(make_optimizer<float>({.name = "heavy-ball"}, 1)->gain(), 10, 1e-12);
  EXPECT_NEAR(
      make_optimizer<float>({.name = "heavy-ball", .settings = {{"dampening", 0.5}}}, 1)->gain(), 5,
      1e-12);
  EXPECT_EQ(make_optimizer<float>({.name = "ewma-momentum"}, 1)->gain(), 1);
  EXPECT_EQ(make_optimizer<float>({.name = "adam"}, 1)->gain(), 1);
  EXPECT_NEAR(
      make_optimizer<float>({.name = "rmsprop", .settings = {{"momentum", 0.9}}}, 1)->gain(), 10,
      1e-12);
}

TEST(Compare, CourseAndTorchDifferInAdamByThePlaceOfEpsilonOnly) {
  const auto list = differences("adam", Preset::course, Preset::torch);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_NE(list[0].find("eps (added to the root): 0 in course, 1e-08 in torch"),
            std::string::npos);
  EXPECT_NE(list[1].find("eps-root (added inside the root): 1e-08 in course, 0 in torch"),
            std::string::npos);
  EXPECT_TRUE(differences("adam", Preset::torch, Preset::optax).empty());
  EXPECT_THROW((void)differences("lion", Preset::torch, Preset::optax), Error);
}

TEST(Compare, TheSmallExampleShowsWhereEpsilonStands) {
  // Inside the root 1e-8 outweighs g² = 1e-12: the step is g/1e-4 of the rate, not 1/(1 + 1e-2).
  const auto course = first_steps({.name = "adam", .preset = Preset::course});
  const auto torch = first_steps({.name = "adam", .preset = Preset::torch});
  ASSERT_EQ(course.size(), 2U);
  EXPECT_NEAR(1 - course[0][1], 0.1 * 1e-6 / std::sqrt(1e-12 + 1e-8), 1e-15);
  EXPECT_NEAR(1 - torch[0][1], 0.1 / 1.01, 1e-15);
  EXPECT_THROW((void)first_steps({.name = "lbfgs"}), Error);
}

}  // namespace
}  // namespace fallline

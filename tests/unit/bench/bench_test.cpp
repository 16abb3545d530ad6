#include <gtest/gtest.h>

#include <fallline/bench/bench.hpp>
#include <fallline/bench/chart.hpp>
#include <fallline/bench/step_meter.hpp>
#include <fallline/data/sampler.hpp>
#include <fallline/error.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "bench/turns.hpp"
#include "kernels/target.hpp"
#include "support/limited.hpp"
#include "support/refusal.hpp"

namespace fallline::bench {
namespace {

/// Quick: everything but the machine's memory.
Options quick() {
  return {.subjects = {Subject::epoch, Subject::evaluation, Subject::optimizers},
          .threads = {2},
          .examples = {300},
          .features = {40},
          .classes = {3},
          .batch_sizes = {64},
          .optimizers = {"adam"},
          .parameters = {5000},
          .repeats = 3};
}

const Measurement& the(Subject subject, const Result& result) {
  for (const Measurement& m : result.measurements)
    if (m.subject == subject) return m;
  throw std::runtime_error("not measured");
}

TEST(Bench, CountsTheWorkOfAnEpochAnEvaluationAndAStep) {
  const Result result = run(quick());
  ASSERT_EQ(result.measurements.size(), 3U);
  EXPECT_EQ(the(Subject::epoch, result).work, 4.0 * 300 * 40 * 3);
  EXPECT_EQ(the(Subject::epoch, result).batch_size, 64U);
  EXPECT_EQ(the(Subject::evaluation, result).work, 2.0 * 300 * 40 * 3);
  // w, m and v are read and written, g is read.
  EXPECT_EQ(the(Subject::optimizers, result).work, 4.0 * 5000 * 7);
  EXPECT_EQ(the(Subject::optimizers, result).unit, Unit::bytes);
  for (const Measurement& m : result.measurements) {
    EXPECT_EQ(m.threads, 2U);
    EXPECT_EQ(m.seconds.repeats, 3U) << name_of(m.subject);
    EXPECT_GT(m.seconds.least, 0);
    EXPECT_LE(m.seconds.least, m.seconds.median);
    EXPECT_LE(m.seconds.median, m.seconds.greatest);
    EXPECT_GT(m.peak, 0);
  }
}

TEST(Bench, MeasuresTheCrossProductOfItsListsAndTellsOfEachAsItIsFound) {
  Options options = quick();
  options.subjects = {Subject::epoch};
  options.examples = {50, 100};
  options.batch_sizes = {10, full_batch};
  options.losses = {LossKind::softmax, LossKind::hinge};
  options.repeats = 1;
  std::size_t told = 0;
  const Result result = run(options, {}, [&](const Finding&) { ++told; });
  EXPECT_EQ(result.measurements.size(), 8U);
  EXPECT_EQ(told, 8U);
  EXPECT_EQ(result.measurements[1].batch_size, 50U) << "full";
}

TEST(Bench, ALineSearchIsMeasuredInEpochsOfAllExamples) {
  Options options = quick();
  options.subjects = {Subject::epoch};
  options.optimizers = {"lbfgs"};
  EXPECT_THROW(options.validate(), Error);
  options.batch_sizes = {full_batch};
  EXPECT_EQ(run(options).measurements.front().batch_size, 300U);
  options.subjects = {Subject::optimizers};
  EXPECT_THROW(options.validate(), Error);
}

TEST(InstructionSet, LimitsWhatTheKernelsRunOn) {
  for (const InstructionSet set : instruction_sets()) {
    const test::Limited limited(set);
    EXPECT_TRUE(test::kernels_of(set)) << name_of(set) << ": " << kernels::instruction_set();
  }
}

TEST(Bench, AForcedInstructionSetIsTheOneThatRunsAndIsPutBack) {
  Options options = quick();
  options.subjects = {Subject::epoch};
  options.instruction_sets = instruction_sets();
  const InstructionSet before = instruction_set();
  std::vector<InstructionSet> measured;
  (void)run(options, {}, [&](const Finding& finding) {
    measured.push_back(std::get<Measurement>(finding).instruction_set);
    EXPECT_EQ(instruction_set(), measured.back());
    EXPECT_TRUE(test::kernels_of(measured.back())) << kernels::instruction_set();
  });
  EXPECT_EQ(measured, instruction_sets());
  EXPECT_EQ(instruction_set(), before);
}

TEST(InstructionSet, ANameThatIsUnknownIsAnsweredWithThoseThereAre) {
  for (const InstructionSet set : instruction_sets())
    EXPECT_EQ(instruction_set_named(name_of(set)), set);
  const Error error = test::refusal([] { return instruction_set_named("avx3"); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_NE(error.advice().find("baseline"), std::string::npos);
  if (instruction_sets().back() == InstructionSet::avx512) return;
  const Error lacking = test::refusal([] { return instruction_set_named("avx512"); });
  EXPECT_EQ(lacking.problem(), "this machine has no avx512");
}

TEST(Bench, WhatIsOutOfItsBoundsIsNamedBeforeAnythingIsMeasured) {
  const auto refused = [](auto change) {
    Options options = quick();
    change(options);
    const Error error = test::refusal([&] { return run(options); });
    return std::pair(error.kind(), error.problem());
  };
  using Refused = std::pair<ErrorKind, std::string>;
  EXPECT_EQ(refused([](Options& o) { o.repeats = 0; }), Refused(ErrorKind::usage, "repeats is 0"));
  EXPECT_EQ(refused([](Options& o) { o.threads.clear(); }),
            Refused(ErrorKind::usage, "threads is an empty list"));
  EXPECT_EQ(refused([](Options& o) {
              o.classes = {2, 1};
            }),
            Refused(ErrorKind::usage, "classes is 1"));
  EXPECT_EQ(refused([](Options& o) { o.parameters = {0}; }).first, ErrorKind::usage);
  EXPECT_EQ(refused([](Options& o) { o.learning_rate = 0; }).first, ErrorKind::usage);
  EXPECT_EQ(refused([](Options& o) { o.optimizers = {"adamm"}; }).first, ErrorKind::usage);
  EXPECT_EQ(refused([](Options& o) { o.memory_limit = 1000; }).first, ErrorKind::not_enough_memory);
  EXPECT_EQ(refused([](Options& o) {
              o.examples = {10, 1'000'000'000};
            }).first,
            ErrorKind::not_enough_memory);
}

TEST(Bench, ARunThatDivergesIsNoMeasurement) {
  Options options = quick();
  options.subjects = {Subject::epoch};
  options.optimizers = {"sgd"};
  options.losses = {LossKind::squared_hinge};
  options.learning_rate = 1e30;
  EXPECT_EQ(test::refusal([&] { return run(options); }).kind(), ErrorKind::diverged);
}

/// A result whose every epoch takes a microsecond an example.
Result linear_in_examples() {
  Result result;
  for (const std::size_t batch_size : {64U, 256U})
    for (const std::size_t n : {500U, 5'000U, 50'000U})
      result.measurements.push_back({.examples = n,
                                     .features = 10,
                                     .batch_size = batch_size,
                                     .seconds = Seconds::of({1e-6 * static_cast<double>(n)})});
  return result;
}

TEST(BenchChart, HasALineForEachChoiceOfTheRestAndOneInProportion) {
  const std::string svg = chart(linear_in_examples()).svg();
  EXPECT_NE(svg.find("3 lines over examples from 500 to 50000"), std::string::npos) << svg;
  const std::string line = "3 points from 0.0005 to 0.05, the last 0.05.";
  for (const char* name : {"in proportion: ", "batch size 64: ", "batch size 256: "})
    EXPECT_NE(svg.find(name + line), std::string::npos) << name << svg;
}

TEST(BenchChart, NoProportionIsExpectedOfBatchSizes) {
  Result result = linear_in_examples();
  std::erase_if(result.measurements, [](const Measurement& m) { return m.examples != 500; });
  const std::string svg = chart(result).svg();
  EXPECT_NE(svg.find("1 lines over batch size from 64 to 256"), std::string::npos) << svg;
  EXPECT_EQ(svg.find("in proportion"), std::string::npos);
}

TEST(BenchChart, WhereNothingVariesThereIsNone) {
  Result result = linear_in_examples();
  result.measurements.resize(1);
  EXPECT_EQ(test::refusal([&] { return chart(result); }).kind(), ErrorKind::usage);
  EXPECT_THROW(require_varied(quick()), Error);
  Options options = quick();
  options.features = {1, 2};
  EXPECT_NO_THROW(require_varied(options));
  options.subjects = {Subject::machine};
  EXPECT_THROW(require_varied(options), Error);
}

TEST(BenchJson, HasAVersionAndTheShareOfThePeak) {
  Result result = linear_in_examples();
  result.machines.push_back({.threads = 2, .flops = 2e11, .triad = 4e10, .array_bytes = 64});
  result.measurements[0].work = 1e6;
  result.measurements[0].peak = 4e9;
  const nlohmann::json parsed = nlohmann::json::parse(json(result), nullptr, false);
  EXPECT_EQ(parsed["version"], 1);
  EXPECT_EQ(parsed["machines"][0]["peak_gflops"], 200);
  EXPECT_EQ(parsed["machines"][0]["triad_gigabytes_per_second"], 40);
  EXPECT_EQ(parsed["measurements"][0]["what"], "epoch");
  EXPECT_NEAR(parsed["measurements"][0]["percent_of_peak"].get<double>(), 50, 1e-9);
}

TEST(Turns, TheMedianTimeStandsBesideTheLargerOfThePeaksNextToIt) {
  Turns turns;
  for (const auto& [peak, seconds] : {std::pair{9.0, 100.0}, {5.0, 1.0}, {3.0, 2.0}, {4.0, 3.0}}) {
    turns.add_peak(peak);
    turns.add_seconds(seconds);
  }
  turns.add_peak(7);
  turns.drop_first();
  EXPECT_EQ(turns.seconds().median, 2);
  EXPECT_EQ(turns.seconds().greatest, 3);
  EXPECT_EQ(turns.peak(), 4);
}

TEST(StepMeter, AnOptimizerWithMoreStateThanTheTriadHasArraysIsMeasuredToo) {
  Workers workers(1);
  StepMeter meter(2000, 0, workers);
  const auto centered = make_optimizer<float>(
      {.name = "rmsprop", .settings = {{"centered", 1}, {"momentum", 0.9}}}, 2000);
  const Measurement m = meter("rmsprop", *centered, 2);
  EXPECT_EQ(m.work, 4.0 * 2000 * 9);
  EXPECT_GT(m.percent_of_peak(), 0);
  EXPECT_THROW(StepMeter(0, 0, workers), Error);
}

TEST(Machine, IsNotMeasuredWhereTheArraysDoNotFit) {
  Workers workers(1);
  EXPECT_EQ(test::refusal([&] { return measure_machine(workers, 1000); }).kind(),
            ErrorKind::not_enough_memory);
}

}  // namespace
}  // namespace fallline::bench

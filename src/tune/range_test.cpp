#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/optim/ewma.hpp>
#include <fallline/train/train.hpp>
#include <fallline/tune/range_test.hpp>
#include <fallline/tune/steps.hpp>

#include "tune/json.hpp"

namespace fallline::tune {
namespace {

constexpr std::size_t least_batches = 100;
constexpr double too_far = 4;
constexpr double distance = 3;

/// Keeps the steps, and ends the run where the loss has grown too far or the caller wants it.
class Watch : public Listener {
 public:
  Watch(double beta, const std::atomic<bool>* interrupt, RangeTest& test)
      : average_(beta), interrupt_(interrupt), test_(test) {}

  void on(const Event& event) override {
    if (const auto* taken = std::get_if<StepTaken>(&event)) add(*taken);
  }
  [[nodiscard]] const std::atomic<bool>* stop() const { return &stop_; }

 private:
  void add(const StepTaken& taken) {
    average_.add(taken.measure.loss);
    test_.steps.push_back({.step = taken.step,
                           .rate = taken.rate,
                           .loss = taken.measure.loss,
                           .smoothed = average_.corrected()});
    const double now = test_.steps.back().smoothed;
    if (!test_.lowest || now < test_.steps[*test_.lowest].smoothed)
      test_.lowest = test_.steps.size() - 1;
    test_.stopped = !(now <= too_far * test_.steps[*test_.lowest].smoothed);
    test_.interrupted = interrupt_ != nullptr && interrupt_->load();
    if (test_.stopped || test_.interrupted) stop_ = true;
  }

  Ewma average_;
  const std::atomic<bool>* interrupt_;
  RangeTest& test_;
  std::atomic<bool> stop_ = false;
};

TrainOptions rising(const RangeTestOptions& o, std::size_t examples) {
  TrainOptions training = o.training;
  training.seek_held_rate = false;
  const std::size_t batch = resolve_batch_size(training.batch_size, examples);
  const std::size_t steps = (examples + batch - 1) / batch;
  training.epochs = (least_batches + steps - 1) / steps;
  training.patience = 0;
  training.learning_rate = o.from;
  training.schedule = [ratio = o.to / o.from](double base, const schedule::Moment& now) {
    return base * std::pow(ratio, now.progress());
  };
  return training;
}

void suggest(RangeTest& test) {
  if (!test.lowest || *test.lowest == 0) {
    test.reason = "the loss never fell: begin with a lower rate";
    return;
  }
  const double lowest = test.steps[*test.lowest].rate;
  test.suggestion = in_six_digits(lowest / distance);
  test.reason = fmt::format("a third of {:.3g}, at which the smoothed loss was lowest", lowest);
  if (*test.lowest + 1 == test.steps.size())
    test.reason += "; there the test ended, and the loss was still falling";
}

}  // namespace

void RangeTestOptions::validate() const {
  training.validate();
  (void)rates_between(from, to, 1);
  (void)Ewma(beta);
  if (training.whole_batch())
    throw usage_error(
        fmt::format("{} finds the length of its steps by itself", training.optimizer.name),
        "test the rates of another optimizer");
}

RangeTest test_range(const Parts& parts, const RangeTestOptions& options, Workers& workers,
                     const std::atomic<bool>* interrupt) {
  options.validate();
  RangeTest test;
  Watch watch(options.beta, interrupt, test);
  Listener* const listeners[] = {&watch};
  const Parts training{.train = parts.train};
  const TrainResult result =
      train(training, rising(options, parts.train.size()), workers, listeners, watch.stop());
  // Rates rise until the loss does: to end above the beginning is no failure here.
  test.stopped = test.stopped || result.stopped_being_finite();
  suggest(test);
  return test;
}

std::string json(const RangeTest& test) {
  Json json{{"kind", "sweep-lr-range"},
            {"version", report_version},
            {"mode", "range"},
            {"steps", Json::array()}};
  for (const RangeStep& s : test.steps)
    json["steps"].push_back({{"step", s.step},
                             {"rate", s.rate},
                             {"loss", number(s.loss)},
                             {"smoothed", number(s.smoothed)}});
  json["lowest_rate"] = test.lowest ? Json(test.steps[*test.lowest].rate) : Json();
  json["stopped"] = test.stopped;
  json["suggested_rate"] = number(test.suggestion);
  json["reason"] = test.reason;
  json["interrupted"] = test.interrupted;
  return indented(json);
}

LineChart chart(const RangeTest& test) {
  const auto rate = [](const RangeStep& s) { return s.rate; };
  LineChart chart({.title = "range test: the loss while the rate rises",
                   .x_name = "learning rate",
                   .x_first = test.steps.empty() ? 1 : rate(test.steps.front()),
                   .x_last = test.steps.empty() ? 1 : rate(test.steps.back()),
                   .logarithmic = true});
  chart.begin_line("batch", LineChart::Style::background);
  for (const RangeStep& s : test.steps) chart.add(s.rate, s.loss);
  chart.begin_line("smoothed");
  for (const RangeStep& s : test.steps) chart.add(s.rate, s.smoothed);
  return chart;
}

}  // namespace fallline::tune

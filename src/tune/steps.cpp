#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/tune/steps.hpp>
#include <string>

#include "model/score_pass.hpp"
#include "model/stacked.hpp"
#include "objective/labelled_block.hpp"

namespace fallline::tune {
namespace {

class StepPass {
 public:
  StepPass(const Dataset& data, const Preprocessing& preprocessing, const Loss& loss,
           std::span<const double> rates, Workers& workers)
      : pass_(data, preprocessing, 2 * data.classes(), workers),
        loss_(loss),
        rates_(rates),
        losses_(kernels::blocks_of(ScorePass::most) * rates.size()),
        hits_(losses_.size()) {}

  std::vector<Measure> run(std::span<const float> parameters) {
    pass_.set_weights(parameters);
    std::vector<Measure> found(rates_.size());
    pass_.run_all(
        [&](std::size_t first, std::size_t i, std::size_t count) { measure(first + i, i, count); },
        [&](std::size_t /*first*/, std::size_t n) { add(kernels::blocks_of(n), found); });
    const std::size_t n = pass_.data().size();
    for (Measure& m : found) {
      m.loss /= static_cast<double>(n);
      m.examples = n;
    }
    return found;
  }

 private:
  /// Of the block of examples from `first` on, at position i of the pass, at every rate.
  void measure(std::size_t first, std::size_t i, std::size_t count) {
    const std::size_t size = pass_.classes() / 2 * kernels::block;
    const float* f = pass_.scores(i).data();
    const float* s = f + size;
    AlignedVector<float> scores(size);
    const LabelledBlock block(scores.data(), pass_.classes() / 2, count,
                              [&](std::size_t k) { return pass_.data().labels()[first + k]; });
    for (std::size_t r = 0; r < rates_.size(); ++r) {
      const auto rate = static_cast<float>(rates_[r]);
      for (std::size_t k = 0; k < size; ++k) scores[k] = f[k] - rate * s[k];
      const BlockSums sums = block.sums(loss_);
      const std::size_t at = i / kernels::block * rates_.size() + r;
      losses_[at] = sums.loss;
      hits_[at] = sums.correct;
    }
  }

  /// The blocks in order, so that the threads do not matter.
  void add(std::size_t blocks, std::vector<Measure>& found) const {
    for (std::size_t b = 0; b < blocks; ++b)
      for (std::size_t r = 0; r < found.size(); ++r) {
        found[r].loss += losses_[b * found.size() + r];
        found[r].correct += hits_[b * found.size() + r];
      }
  }

  ScorePass pass_;
  const Loss& loss_;
  std::span<const double> rates_;
  std::vector<double> losses_;  // of each block of a batch, a rate each
  std::vector<std::size_t> hits_;
};

}  // namespace

std::vector<Measure> measure_steps(const Dataset& data, const Preprocessing& preprocessing,
                                   const Loss& loss, const Penalty& penalty,
                                   std::span<const float> w, std::span<const float> g,
                                   std::span<const double> rates, Workers& workers) {
  std::vector<Measure> found =
      StepPass(data, preprocessing, loss, rates, workers).run(stacked({w, g}, data.classes()));
  if (penalty.none()) return found;
  const std::size_t weights = w.size() - data.classes();
  workers.for_each(rates.size(), [&](std::size_t r) {
    std::vector<double> reached(weights);
    for (std::size_t i = 0; i < weights; ++i)
      reached[i] = static_cast<double>(w[i]) - rates[r] * static_cast<double>(g[i]);
    found[r].penalty = penalty.value(std::span<const double>(reached));
  });
  return found;
}

double in_six_digits(double rate) { return std::stod(fmt::format("{:.5e}", rate)); }

std::vector<double> rates_between(double from, double to, std::size_t per_decade) {
  constexpr double least = 1e-30;
  constexpr double greatest = 1e30;
  if (!(least <= from && from <= to && to <= greatest))
    throw usage_error(fmt::format("the rates go from {:g} to {:g}", from, to),
                      "give two numbers from 1e-30 to 1e30, the smaller one first");
  constexpr std::size_t most = 100;
  if (per_decade < 1 || per_decade > most)
    throw usage_error(fmt::format("{} rates a decade", per_decade), "give 1 to 100");
  std::vector<double> rates;
  for (std::size_t k = 0;; ++k) {
    const double decades = static_cast<double>(k) / static_cast<double>(per_decade);
    const double rate = in_six_digits(from * std::pow(10, decades));
    // The last one may miss `to` by its rounding.
    if (rate > to * (1 + 1e-5)) break;
    rates.push_back(rate);
  }
  return rates;
}

}  // namespace fallline::tune

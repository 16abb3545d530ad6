#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/data/sampler.hpp>
#include <fallline/error.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/tune/gradient_noise.hpp>
#include <fallline/tune/spread.hpp>
#include <numbers>
#include <optional>

#include "indices.hpp"
#include "tune/duplicates.hpp"
#include "tune/room.hpp"
#include "tune/start.hpp"

namespace fallline::tune {
namespace {

/// Draws batches and sets their gradients beside that of all examples.
class NoiseMeter {
 public:
  NoiseMeter(const Dataset& data, const Start& start, std::uint64_t seed, Workers& workers)
      : objective_(data, start.preprocessing, start.network, start.loss, start.penalty, workers),
        start_(start),
        seed_(seed),
        workers_(workers),
        full_(start.parameters.size()),
        drawn_(full_.size()) {
    norm_ = objective_.value_and_gradient(start.parameters, all_indices(data.size()), full_)
                .gradient_norm;
  }

  [[nodiscard]] double norm() const { return norm_; }

  /// Nothing where `interrupt` came before the last draw.
  std::optional<BatchNoise> measure(std::size_t size, std::size_t draws,
                                    const std::atomic<bool>* interrupt) {
    // An epoch with replacement is as many independent batches as fit into it.
    Sampler sampler(objective_.size(), size, Sampling::replacement, seed_, true);
    std::vector<double> squares;
    std::vector<double> distances;
    double angles = 0;
    for (std::size_t k = 0; k < draws; ++k) {
      if (interrupt != nullptr && *interrupt) return std::nullopt;
      const std::size_t step = k % sampler.steps_per_epoch();
      // Another size takes other epochs, so that no two sizes share their draws.
      if (step == 0) sampler.begin_epoch(++epoch_, &workers_);
      (void)objective_.value_and_gradient(start_.parameters, sampler.batch(step), drawn_);
      const double distance = compare(angles);
      distances.push_back(distance);
      squares.push_back(distance * distance);
    }
    const Spread square = spread_of(squares);
    const auto n = static_cast<double>(draws);
    return BatchNoise{
        .size = size,
        .distance = std::sqrt(square.mean),
        .mean_distance = spread_of(distances).mean,
        .angle = angles / n,
        .error = square.mean > 0 ? 0.5 * square.deviation / (square.mean * std::sqrt(n)) : 0};
  }

 private:
  /// ‖g_b − g‖/‖g‖; adds the angle between them in degrees.
  double compare(double& angles) const {
    double apart = 0;
    double product = 0;
    double size = 0;
    for (std::size_t i = 0; i < full_.size(); ++i) {
      const auto g = static_cast<double>(full_[i]);
      const auto b = static_cast<double>(drawn_[i]);
      apart += (b - g) * (b - g);
      product += b * g;
      size += b * b;
    }
    const double cosine = size > 0 ? product / (std::sqrt(size) * norm_) : 0;
    angles += std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
    return std::sqrt(apart) / norm_;
  }

  BatchObjective objective_;
  const Start& start_;
  std::uint64_t seed_;
  Workers& workers_;
  std::vector<float> full_;
  std::vector<float> drawn_;
  double norm_ = 0;
  std::uint32_t epoch_ = 0;
};

/// The line of least squares through ln distance against ln b; there is none where a distance is 0.
void fit(GradientNoise& noise) {
  const bool apart = std::ranges::all_of(noise.sizes, [](const auto& s) { return s.distance > 0; });
  if (noise.sizes.size() < 2 || !apart) return;
  const auto n = static_cast<double>(noise.sizes.size());
  const auto x = [](const BatchNoise& s) { return std::log(static_cast<double>(s.size)); };
  double mean = 0;
  for (const BatchNoise& s : noise.sizes) mean += x(s) / n;
  double squares = 0;
  double products = 0;
  double errors = 0;
  for (const BatchNoise& s : noise.sizes) {
    const double d = x(s) - mean;
    squares += d * d;
    products += d * std::log(s.distance);
    errors += d * d * s.error * s.error;
  }
  noise.exponent = products / squares;
  noise.exponent_error = std::sqrt(errors) / squares;
}

void find_scale(GradientNoise& noise) {
  for (const BatchNoise& s : noise.sizes)
    noise.noise_scale += static_cast<double>(s.size) * s.distance * s.distance /
                         static_cast<double>(noise.sizes.size());
}

}  // namespace

void GradientNoiseOptions::validate() const {
  training.validate();
  if (largest == 0) throw usage_error("the largest batch is 0", "give a number from 1");
  if (draws < 2) throw usage_error(fmt::format("{} draws", draws), "give 2 or more: they scatter");
  if (copies > 0 && distinct == 0)
    throw usage_error("copies of 0 distinct examples", "give a number from 1");
}

GradientNoise measure_gradient_noise(const Parts& parts, const GradientNoiseOptions& options,
                                     Workers& workers, const Classifier* model,
                                     const std::function<void(const BatchNoise&)>& told,
                                     const std::atomic<bool>* interrupt) {
  options.validate();
  const Dataset data = model == nullptr ? parts.train : model->accept(parts.train);
  const std::size_t distinct = std::min(options.distinct, data.size());
  // A pointer, a label and an index of each copy.
  require_room(parts, options.training, workers.threads(), distinct * options.copies * (8 + 4 + 8),
               "measuring the noise of gradients");
  const Start start = start_of(data, options.training, model, workers);
  NoiseMeter meter(data, start, options.training.seed, workers);
  GradientNoise noise{
      .examples = data.size(), .gradient_norm = meter.norm(), .draws = options.draws};
  if (!(noise.gradient_norm > 0) || !std::isfinite(noise.gradient_norm))
    throw usage_error(fmt::format("the gradient on all examples has size {}", noise.gradient_norm),
                      "start from another point: there is nothing to compare with");
  const auto interrupted = [&] { return noise.interrupted = interrupt != nullptr && *interrupt; };
  for (std::size_t size = 1; size <= std::min(options.largest, data.size()); size *= 2) {
    const auto found = meter.measure(size, options.draws, interrupt);
    if (!found) break;
    noise.sizes.push_back(*found);
    if (told) told(noise.sizes.back());
  }
  fit(noise);
  find_scale(noise);
  if (!interrupted() && options.copies > 0)
    noise.duplicates = measure_duplicates(data, start, distinct, options.copies, workers);
  return noise;
}

}  // namespace fallline::tune

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fallline/data/parts.hpp>
#include <fallline/line_chart.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/train/options.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fallline::tune {

struct GradientNoiseOptions {
  TrainOptions training;        ///< objective, first weights and seed
  std::size_t largest = 4096;   ///< batch sizes are 1, 2, 4, … up to this
  std::size_t draws = 32;       ///< batches of each size, at least 2
  std::size_t distinct = 1000;  ///< K of the duplicates
  std::size_t copies = 1200;    ///< r of the duplicates; 0: leaves that experiment out

  /// @throws Error(usage)
  void validate() const;
};

/// How far gradients g_b on batches of one size are from g, that on all examples.
struct BatchNoise {
  std::size_t size = 0;
  double distance = 0;       ///< √ mean ‖g_b − g‖² / ‖g‖
  double mean_distance = 0;  ///< mean ‖g_b − g‖ / ‖g‖
  double angle = 0;          ///< mean angle between g_b and g, in degrees
  /// Standard error of ln `distance`, from the scatter of the draws.
  double error = 0;
};

/// K distinct examples, and the same r times over.
struct Duplicates {
  std::size_t distinct = 0;
  std::size_t copies = 0;
  double loss = 0;                 ///< of the K
  double loss_of_copies = 0;       ///< of the K·r
  double gradient_difference = 0;  ///< ‖g of the K·r − g of the K‖ / ‖g of the K‖
  double rounding = 0;             ///< what float sums of as many terms are off by
  double seconds = 0;              ///< one loss and gradient of the K
  double seconds_of_copies = 0;
};

struct GradientNoise {
  std::size_t examples = 0;
  double gradient_norm = 0;  ///< ‖g‖
  std::size_t draws = 0;
  std::vector<BatchNoise> sizes;
  std::optional<double> exponent;  ///< p of distance ∝ b^p, fitted; of two sizes or more, apart
  double exponent_error = 0;       ///< its standard error, from those of the distances
  /// b·distance², averaged: the batch whose noise is as large as the gradient itself (the simple
  /// noise scale of McCandlish et al., 2018, section 2.2).
  double noise_scale = 0;
  std::optional<Duplicates> duplicates;
  bool interrupted = false;
};

/// Measures why mini-batches work.
///
/// Batches are drawn with replacement, so that
///
///     E ‖g_b − g‖² = tr Σ / b,      Σ the covariance of the gradients of single examples,
///
/// and the distance falls as 1/√b: four times the work halves the error. The exponent is that of a
/// line of least squares through ln distance against ln b.
///
/// Duplicates: the mean loss and gradient of a set of K distinct examples r times over are those of
/// the K. The set is a view of repeated rows: no cell is copied.
///
/// @param start      parameters, preprocessing and objective to look from, in place of those of
///                   the options
/// @param told       of each size, as it is done
/// @param interrupt  true ends the measurement with what there is
/// @throws Error(usage), Error(not_enough_memory)
[[nodiscard]] GradientNoise measure_gradient_noise(
    const Parts& parts, const GradientNoiseOptions& options, Workers& workers,
    const Classifier* start = nullptr, const std::function<void(const BatchNoise&)>& told = {},
    const std::atomic<bool>* interrupt = nullptr);

/// `data` r times over, as a view: example i + k·N is example i.
/// @throws Error(usage) for r = 0
[[nodiscard]] Dataset repeated(const Dataset& data, std::size_t copies);

/// The findings as one JSON object, and as a chart of the distance against b beside 1/√b.
[[nodiscard]] std::string json(const GradientNoise& noise);
[[nodiscard]] LineChart chart(const GradientNoise& noise);

}  // namespace fallline::tune

#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/model/classifier.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/train/plan.hpp>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace fallline {

struct Classifier;
struct TrainResult;

/// The run is about to take its first step.
struct RunStarted {
  const Plan& plan;
};

/// One step: what was found on its batch before the update.
struct StepTaken {
  std::uint64_t step = 0;      ///< from 1
  std::uint64_t epoch = 0;     ///< from 1
  std::uint64_t examples = 0;  ///< seen so far, this batch included
  Measure measure;             ///< on the batch; not finite only at the last step of a diverged run
  double rate = 0;             ///< α in force
  double gradient_norm = 0;    ///< ‖∂L/∂w‖ on the batch, over all parameters
  /// What was found of each dense layer of a network, during the call; empty for a linear one.
  std::span<const LayerMeasure> layers = {};
  /// The parameters at which that was found; valid while the event is told.
  std::span<const float> parameters;
};

/// Full-batch descent, where the cost must fall at every step, saw it rise.
struct CostRose {
  std::uint64_t step = 0;  ///< at which the higher cost was found
  double before = 0;
  double after = 0;
  double rate = 0;  ///< α of the step that raised it
};

/// An epoch is over.
struct EpochEnded {
  std::uint64_t epoch = 0;
  std::uint64_t step = 0;
  std::size_t epochs = 0;             ///< planned
  double seconds = 0;                 ///< since the first step
  Measure training;                   ///< over the epoch's batches, each example counted once
  std::optional<Measure> validation;  ///< where a share is held out
  bool best = false;                  ///< its weights are the best so far and were kept
  double rate = 0;
};

/// The descent is over, and this is the model it leaves: before it is evaluated, so that nothing
/// that takes long, or fails, stands between the weights and whoever keeps them. Also told where
/// the run ends with an error after its first step: those are the weights from before it, and
/// RunEnded does not follow.
struct WeightsReady {
  const Classifier& model;
};

/// The run is over.
struct RunEnded {
  const TrainResult& result;
};

using Event = std::variant<RunStarted, StepTaken, CostRose, EpochEnded, WeightsReady, RunEnded>;

/// Someone who is told of a run's events as they happen: a console, a file, a page.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on(const Event& event) = 0;
};

}  // namespace fallline

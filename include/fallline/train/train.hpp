#pragma once

#include <atomic>
#include <cstdint>
#include <fallline/data/parts.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/objective/certificate.hpp>
#include <fallline/objective/evaluation.hpp>
#include <fallline/train/events.hpp>
#include <fallline/train/options.hpp>
#include <fallline/train/plan.hpp>
#include <fallline/workers.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// Why a run ended.
enum class StopReason : std::uint8_t {
  epochs,          ///< all planned epochs are done
  early_stopping,  ///< `patience` epochs without a better one
  diverged,        ///< loss, gradient or weights not finite; or a higher objective than at first
  interrupted,     ///< the caller asked for it
  no_lower_cost,   ///< the line search found no lower cost: the minimum, to rounding
};

[[nodiscard]] std::string_view name_of(StopReason reason);

/// A dense layer of a network over a run: means over the steps of its first epoch and of its last.
struct LayerSummary {
  std::string name;
  std::size_t units = 0;
  std::size_t parameters = 0;
  double first_gradient_norm = 0;  ///< ‖∂L/∂(W, b)‖ in the first epoch
  double gradient_norm = 0;        ///< in the last
  std::optional<double> update_norm;  ///< ‖Δ(W, b)‖ in the last, where steps are made part by part
  std::optional<double> dead;         ///< share of its units in the last, where a ReLU reads it
};

/// What a run leaves.
struct TrainResult {
  Plan plan;
  Classifier model;  ///< see `train` for which weights
  StopReason stop = StopReason::epochs;
  std::string message;              ///< of a diverged run: what happened, and what to do
  std::uint64_t steps = 0;          ///< updates that stand
  std::uint64_t last_step = 0;      ///< the last one begun, where the run may have diverged
  double last_rate = 0;             ///< α of that step
  std::optional<double> held_rate;  ///< of a diverged run: a lower α0 that was tried and held
  /// The objective on the training part at the first weights, where that of the model is higher:
  /// the run then diverged without a loss that was not finite.
  std::optional<double> exceeded;
  std::uint64_t epochs = 0;      ///< whole epochs done
  std::uint64_t best_epoch = 0;  ///< whose weights the model has, where chosen; else 0
  std::uint64_t cost_rises = 0;  ///< steps of full-batch descent that raised the cost
  double seconds = 0;            ///< spent in steps
  double examples_per_second = 0;
  double flops = 0;       ///< operations a second of the two products of each step
  double peak_flops = 0;  ///< measured just before on the same threads
  Evaluation train;       ///< of the model on the training part
  std::optional<Evaluation> validation;
  std::optional<Evaluation> test;
  std::vector<LayerSummary> layers;  ///< of a network
  /// In sentences: what is likely a mistake in the data, parts of the schedule that the run does
  /// not come to, layers whose gradients vanish or explode or whose units are dead, and where the
  /// model does not beat the most frequent class on the part it is judged by.
  std::vector<std::string> notes;
  std::optional<Certificate> certificate;  ///< of the model on the training part, where asked for

  /// It was stopped by a loss, gradient or weights that were not finite.
  [[nodiscard]] bool stopped_being_finite() const {
    return stop == StopReason::diverged && !exceeded;
  }

  /// `flops` in percent of `peak_flops`.
  [[nodiscard]] double percent_of_peak() const;
};

/// Trains a linear classifier on `parts.train` by gradient descent.
///
/// With a validation part the model has the weights of the epoch with the lowest loss on it, else
/// the last weights. A run that was stopped keeps the weights from before the step that spoiled
/// them. One that came to its end with a higher objective than it began with has diverged, too. The
/// test part is looked at once, at the end.
///
/// The schedule is asked for the rate of every step; the loss it watches is that of the validation
/// part at the end of each epoch, or without one that of the epoch's batches.
///
/// The same parts, options and instruction set give the same bits, whatever the threads.
///
/// Whatever ends the descent, an error included, listeners are told of the weights it leaves before
/// anything else is tried with them.
///
/// @param listeners  told of every event, in order, on the calling thread
/// @param interrupt  looked at after every step, and in what is found out about the model then;
///                   true ends the run as `StopReason::interrupted`
/// @throws Error(usage) for options out of bounds; Error(not_enough_memory) before it starts;
///         Error(bad_input) where data are taken away meanwhile, under a `MappingGuard`
[[nodiscard]] TrainResult train(const Parts& parts, const TrainOptions& options, Workers& workers,
                                std::span<Listener* const> listeners = {},
                                const std::atomic<bool>* interrupt = nullptr);

}  // namespace fallline

#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/instruction_set.hpp>
#include <fallline/memory.hpp>
#include <fallline/objective/sharpness.hpp>
#include <fallline/schedule/shortfalls.hpp>
#include <fallline/train/train.hpp>
#include <utility>

#include "kernels/peak.hpp"
#include "train/descent.hpp"
#include "train/held_rate.hpp"
#include "train/initial_weights.hpp"
#include "train/layer_trail.hpp"

namespace fallline {
namespace {

void choose_rate(Plan& plan, const Dataset& data, const Preprocessing& preprocessing,
                 Workers& workers) {
  const TrainOptions& o = plan.options;
  const OptimizerInfo optimizer = optimizer_named(o.optimizer.name, o.optimizer.preset);
  if (optimizer.whole) {
    plan.rate_source = RateSource::line_search;
    return;
  }
  plan.learning_rate = o.learning_rate;
  if (plan.learning_rate != 0) return;
  const Network& network = plan.network;
  plan.moment = feature_moment(data, preprocessing, workers);
  const double gain = make_optimizer<float>(o.optimizer, 0)->gain();
  if (optimizer.first_move != 0 && !network.linear()) {
    plan.rate_source = RateSource::custom;
    plan.learning_rate = customary_rate(optimizer.first_move, gain);
  } else if (optimizer.first_move != 0) {
    plan.rate_source = RateSource::features;
    plan.learning_rate =
        automatic_adaptive_rate(optimizer.first_move, plan.features, plan.moment, gain);
  } else {
    plan.rate_source = RateSource::curvature;
    plan.learning_rate =
        network.linear()
            ? automatic_rate(o.loss, o.penalty, plan.classes, plan.batch_size, plan.moment, gain)
            : automatic_network_rate(
                  plan,
                  sharpness(data, preprocessing, network, o.loss, o.penalty,
                            network.initial_parameters(o.seed, o.initial_scale), workers),
                  gain);
  }
}

/// Features so large that their squares overflow tell nothing of a rate.
void require_rate(const Plan& plan, const Dataset& data) {
  if (plan.rate_source == RateSource::line_search) return;
  if (std::isfinite(plan.learning_rate) && plan.learning_rate > 0) return;
  if (plan.rate_source == RateSource::given) return;
  throw bad_input({.file = data.name()},
                  "the features are too large or too small for a learning rate to be found",
                  plan.preprocessing == PreprocessingKind::feature
                      ? "scale them, or give a learning rate"
                      : "standardise them (preprocessing by feature), or give a learning rate");
}

Plan plan_of(const Parts& parts, const TrainOptions& options, const Preprocessing& preprocessing,
             Workers& workers) {
  const Dataset& data = parts.train;
  Plan plan{.options = options,
            .preprocessing = preprocessing.kind,
            .classes = data.classes(),
            .features = data.features(),
            .network = Network::parse(options.model, data.features(), data.classes()),
            .examples = data.size(),
            .validation_examples = parts.validation.size(),
            .test_examples = parts.test.size(),
            .batch_size = options.whole_batch()
                              ? data.size()
                              : resolve_batch_size(options.batch_size, data.size()),
            .threads = workers.threads(),
            .instruction_set = std::string(name_of(instruction_set()))};
  plan.parameters = plan.network.parameters();
  plan.arithmetic = options.arithmetic == Arithmetic::automatic
                        ? automatic_arithmetic(data, plan.batch_size)
                        : options.arithmetic;
  const Sampler sampler(plan.examples, plan.batch_size, options.sampling, options.seed,
                        options.drop_last);
  plan.steps_per_epoch = sampler.steps_per_epoch();
  plan.epochs = options.epochs != 0 ? options.epochs : automatic_epochs(plan.steps_per_epoch);
  plan.working_bytes = training_bytes(data, options, plan.threads);
  plan.memory_bytes = plan.working_bytes + data.storage_bytes() + parts.test.storage_bytes();
  choose_rate(plan, data, preprocessing, workers);
  require_rate(plan, data);
  return plan;
}

void require_room(const Parts& parts, const TrainOptions& options, std::size_t threads) {
  const Dataset& data = parts.train;
  const std::uint64_t working = training_bytes(data, options, threads);
  const std::uint64_t stored = data.storage_bytes() + parts.test.storage_bytes();
  // Under a limit all counts; otherwise the data are in memory already.
  require_memory(options.memory_limit != 0 ? working + stored : working, options.memory_limit,
                 fmt::format("training on {} examples of {} features in {} classes", data.size(),
                             data.features(), data.classes()),
                 "use fewer examples or features, a smaller model, or raise the limit");
}

Classifier classifier_for(const Parts& parts, Preprocessing preprocessing, const Plan& plan,
                          std::span<const float> weights) {
  const Dataset& data = parts.train;
  const TrainOptions& options = plan.options;
  return {.network = plan.network,
          .parameters = std::vector<float>(weights.begin(), weights.end()),
          .preprocessing = std::move(preprocessing),
          .loss = options.loss,
          .penalty = options.penalty,
          .class_names = data.class_names(),
          .feature_names = data.feature_names(),
          .shape = data.shape()};
}

std::string divergence_advice(const TrainResult& result) {
  if (result.held_rate)
    return fmt::format("a learning rate of {:.3g} was tried and held", *result.held_rate);
  if (result.plan.rate_source != RateSource::given) {
    if (result.plan.preprocessing != PreprocessingKind::feature)
      return "features of very different sizes are the likely cause: try --preprocess feature";
    return fmt::format("the rate that was chosen is too high here: try --learning-rate {:.2g}",
                       result.plan.learning_rate / 10);
  }
  return "the rate is most likely too high: leave --learning-rate out to have it chosen";
}

std::string divergence_message(const TrainResult& result) {
  if (result.exceeded)
    return fmt::format(
        "the cost rose: from {:.4g} at the first weights to {:.4g} at those of epoch {}{} ({} "
        "examples a batch), learning rate {:g}\n  {}; the weights of that epoch are kept",
        *result.exceeded, result.train.objective,
        result.best_epoch != 0 ? result.best_epoch : result.epochs,
        result.best_epoch != 0 ? ", the best" : "", result.plan.batch_size,
        result.plan.learning_rate, divergence_advice(result));
  return fmt::format(
      "the loss stopped being finite at step {} of epoch {} ({} examples a batch), "
      "learning rate {:g}\n  {}; the weights from before that step are kept",
      result.last_step, result.epochs + 1, result.plan.batch_size, result.last_rate,
      divergence_advice(result));
}

/// The objective at the first weights, where the run went through and that of the weights it leaves
/// is higher.
std::optional<double> exceeded_objective(const Parts& parts, const TrainResult& result,
                                         double at_first_batch, Workers& workers) {
  const bool went_through =
      result.stop == StopReason::epochs || result.stop == StopReason::early_stopping;
  // A batch tells enough of what most runs are far below.
  if (!went_through || result.train.objective < 0.8 * at_first_batch) return std::nullopt;
  Classifier first = result.model;
  first.parameters = initial_weights(parts.train, result.plan.options);
  const double before = evaluate(first, parts.train, workers).objective;
  if (result.train.objective <= before) return std::nullopt;
  return before;
}

/// What is to be said of the data, the schedule and the layers.
std::vector<std::string> notes_of_run(const Parts& parts, const TrainResult& result) {
  std::vector<std::string> notes = parts.warnings;
  for (const auto& more : {shortfalls(result.plan.options.schedule_in_force(), result.plan.steps(),
                                      result.plan.steps_per_epoch),
                           layer_notes(result.layers)})
    notes.insert(notes.end(), more.begin(), more.end());
  return notes;
}

/// On the part that the model is judged by: the last there is.
void note_majority(TrainResult& result) {
  if (result.stop == StopReason::diverged) return;
  const auto& names = result.model.class_names;
  const auto note = result.test         ? majority_note(*result.test, names, "test")
                    : result.validation ? majority_note(*result.validation, names, "validation")
                                        : majority_note(result.train, names, "train");
  if (note) result.notes.push_back(*note);
}

void evaluate_parts(const Parts& parts, Workers& workers, TrainResult& result) {
  result.train = evaluate(result.model, parts.train, workers);
  if (!parts.validation.empty())
    result.validation = evaluate(result.model, parts.validation, workers);
  if (!parts.test.empty()) result.test = evaluate(result.model, parts.test, workers);
}

}  // namespace

std::string_view name_of(StopReason reason) {
  switch (reason) {
    case StopReason::epochs:
      return "epochs";
    case StopReason::early_stopping:
      return "early-stopping";
    case StopReason::diverged:
      return "diverged";
    case StopReason::no_lower_cost:
      return "no-lower-cost";
    case StopReason::interrupted:
      return "interrupted";
  }
  return "unknown";
}

double TrainResult::percent_of_peak() const {
  return peak_flops > 0 ? 100 * flops / peak_flops : 0;
}

TrainResult train(const Parts& parts, const TrainOptions& options, Workers& workers,
                  std::span<Listener* const> listeners, const std::atomic<bool>* interrupt) {
  options.validate();
  if (options.patience != 0 && parts.validation.empty())
    throw usage_error("patience needs a validation part to judge by",
                      "hold out a validation share, or leave patience out");
  require_arithmetic(options.arithmetic, parts.train.cells(), parts.train.features());
  require_room(parts, options, workers.threads());
  Preprocessing preprocessing = Preprocessing::fit(options.preprocessing, parts.train, workers);
  TrainResult result{.plan = plan_of(parts, options, preprocessing, workers)};
  result.peak_flops = kernels::peak_flops(workers);

  const Network& network = result.plan.network;
  BatchObjective training(parts.train, preprocessing, network, options.loss, options.penalty,
                          workers, result.plan.arithmetic);
  std::optional<BatchObjective> validation;
  if (!parts.validation.empty())
    validation.emplace(parts.validation, preprocessing, network, options.loss, options.penalty,
                       workers);
  LayerTrail trail;
  std::vector<Listener*> told(listeners.begin(), listeners.end());
  if (!network.linear()) told.push_back(&trail);
  Descent descent(result.plan, training, validation ? &*validation : nullptr,
                  initial_weights(parts.train, options), told, interrupt, workers);
  descent.run(result);
  result.layers = trail.layers(network);
  result.notes = notes_of_run(parts, result);

  result.model = classifier_for(parts, preprocessing, result.plan, descent.weights());
  evaluate_parts(parts, workers, result);
  result.exceeded = exceeded_objective(parts, result, descent.first_objective(), workers);
  if (result.exceeded) result.stop = StopReason::diverged;
  if (result.stop == StopReason::diverged) {
    if (options.seek_held_rate)
      result.held_rate = held_rate(result, parts, preprocessing, workers, interrupt);
    result.message = divergence_message(result);
  }
  note_majority(result);
  if (options.certificate && result.stop != StopReason::diverged)
    result.certificate = certify(result.model, parts.train, workers);
  for (Listener* listener : listeners) listener->on(RunEnded{result});
  return result;
}

}  // namespace fallline

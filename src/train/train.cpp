#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/data/mapping_guard.hpp>
#include <fallline/error.hpp>
#include <fallline/instruction_set.hpp>
#include <fallline/memory.hpp>
#include <fallline/objective/sharpness.hpp>
#include <fallline/schedule/shortfalls.hpp>
#include <fallline/train/train.hpp>
#include <utility>

#include "files/mappings.hpp"
#include "kernels/peak.hpp"
#include "train/aftermath.hpp"
#include "train/descent.hpp"
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
          .schema = data.schema()};
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

void tell(std::span<Listener* const> listeners, const Event& event) {
  for (Listener* listener : listeners) listener->on(event);
}

/// Descends and fills in what there is to say of it, the model included; returns the objective of
/// the first batch at the first weights. What the descent needs is given back at its end.
double descend(const Parts& parts, const Preprocessing& preprocessing, Workers& workers,
               std::span<Listener* const> listeners, const std::atomic<bool>* interrupt,
               TrainResult& result) {
  const Plan& plan = result.plan;
  const TrainOptions& options = plan.options;
  BatchObjective training(parts.train, preprocessing, plan.network, options.loss, options.penalty,
                          workers, plan.arithmetic);
  std::optional<BatchObjective> validation;
  if (!parts.validation.empty())
    validation.emplace(parts.validation, preprocessing, plan.network, options.loss, options.penalty,
                       workers);
  LayerTrail trail;
  std::vector<Listener*> told(listeners.begin(), listeners.end());
  if (!plan.network.linear()) told.push_back(&trail);
  Descent descent(plan, training, validation ? &*validation : nullptr,
                  initial_weights(parts.train, options), told, interrupt, workers);
  try {
    descent.run(result);
  } catch (...) {
    if (descent.updates() > 0)
      tell(listeners, WeightsReady{classifier_for(parts, preprocessing, plan, descent.weights())});
    throw;
  }
  result.layers = trail.layers(plan.network);
  result.notes = notes_of_run(parts, result);
  result.model = classifier_for(parts, preprocessing, plan, descent.weights());
  return descent.first_objective();
}

/// @param known  what had changed before the run
void note_changed_files(const std::vector<std::string>& known, TrainResult& result) {
  for (const std::string& file : changed_files())
    if (std::ranges::find(known, file) == known.end())
      result.notes.push_back(file +
                             " changed while it was read: what was learned may be of neither "
                             "the old nor the new");
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

TrainResult train(const Parts& given, const TrainOptions& options, Workers& workers,
                  std::span<Listener* const> listeners, const std::atomic<bool>* interrupt) {
  options.validate();
  const Parts parts = agreeing(given);
  const std::vector<std::string> changed_before = changed_files();
  if (options.patience != 0 && parts.validation.empty())
    throw usage_error("patience needs a validation part to judge by",
                      "hold out a validation share, or leave patience out");
  require_arithmetic(options.arithmetic, parts.train.cells(), parts.train.features());
  require_room(parts, options, workers.threads());
  Preprocessing preprocessing = Preprocessing::fit(options.preprocessing, parts.train, workers);
  TrainResult result{.plan = plan_of(parts, options, preprocessing, workers)};
  result.peak_flops = kernels::peak_flops(workers);

  const double at_first_batch =
      descend(parts, preprocessing, workers, listeners, interrupt, result);
  tell(listeners, WeightsReady{result.model});

  Aftermath aftermath(parts, workers, interrupt, result);
  aftermath.evaluate_parts();
  aftermath.look_for_divergence(at_first_batch);
  if (result.stop == StopReason::diverged) aftermath.explain_divergence(preprocessing);
  aftermath.note_majority();
  if (options.certificate && result.stop != StopReason::diverged) aftermath.certify_model();
  require_whole_mappings();
  note_changed_files(changed_before, result);
  tell(listeners, RunEnded{result});
  return result;
}

}  // namespace fallline

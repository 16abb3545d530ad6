#include "train/aftermath.hpp"

#include <fmt/format.h>

#include <fallline/objective/certificate.hpp>

#include "train/held_rate.hpp"
#include "train/initial_weights.hpp"

namespace fallline {
namespace {

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

}  // namespace

Aftermath::Aftermath(const Parts& parts, Workers& workers, const std::atomic<bool>* interrupt,
                     TrainResult& result)
    : parts_(parts),
      workers_(workers),
      interrupt_(result.stop == StopReason::interrupted ? nullptr : interrupt),
      result_(result) {}

void Aftermath::evaluate_parts() {
  result_.train = figures("training", parts_.train);
  result_.validation = held_out("validation", parts_.validation);
  result_.test = held_out("test", parts_.test);
}

void Aftermath::look_for_divergence(double at_first_batch) {
  const bool went_through =
      result_.stop == StopReason::epochs || result_.stop == StopReason::early_stopping;
  // A batch tells enough of what most runs are far below.
  if (!went_through || result_.train.objective < 0.8 * at_first_batch) return;
  Classifier first = result_.model;
  first.parameters = initial_weights(parts_.train, result_.plan.options);
  const Evaluation before = evaluate(first, parts_.train, workers_, 1, interrupt_);
  if (before.examples < parts_.train.size() || result_.train.objective <= before.objective) return;
  result_.exceeded = before.objective;
  result_.stop = StopReason::diverged;
}

void Aftermath::explain_divergence(const Preprocessing& preprocessing) {
  if (result_.plan.options.seek_held_rate)
    result_.held_rate = held_rate(result_, parts_, preprocessing, workers_, interrupt_);
  result_.message = divergence_message(result_);
}

void Aftermath::note_majority() {
  if (result_.stop == StopReason::diverged) return;
  const auto& names = result_.model.schema.class_names;
  const auto note = result_.test         ? majority_note(*result_.test, names, "test")
                    : result_.validation ? majority_note(*result_.validation, names, "validation")
                                         : majority_note(result_.train, names, "train");
  if (note) result_.notes.push_back(*note);
}

void Aftermath::certify_model() {
  // After the figures of an interrupted run nobody waits for more.
  if (left_out("the certificate", result_.stop == StopReason::interrupted)) return;
  const Certificate found = certify(result_.model, parts_.train, workers_, {}, interrupt_);
  if (found.evaluations > 0) result_.certificate = found;
  if (!found.interrupted) return;
  result_.stop = StopReason::interrupted;
  result_.notes.emplace_back("interrupted: the certificate has the best bound until then");
}

/// A run that diverged did so before.
void Aftermath::note_interrupt() {
  if (result_.stop != StopReason::diverged) result_.stop = StopReason::interrupted;
}

bool Aftermath::interrupted() const {
  return interrupt_ != nullptr && interrupt_->load(std::memory_order_relaxed);
}

bool Aftermath::left_out(const std::string& what, bool in_any_case) {
  if (!in_any_case && !interrupted()) return false;
  result_.notes.push_back("interrupted: " + what + " is left out");
  note_interrupt();
  return true;
}

std::optional<Evaluation> Aftermath::held_out(const std::string& name, const Dataset& data) {
  if (data.empty() || left_out("the evaluation of the " + name + " part")) return std::nullopt;
  return figures(name, data);
}

Evaluation Aftermath::figures(const std::string& name, const Dataset& data) {
  constexpr std::size_t top = 5;
  Evaluation found = evaluate(result_.model, data, workers_, top, interrupt_);
  if (found.examples == data.size()) return found;
  note_interrupt();
  result_.notes.push_back(
      fmt::format("interrupted: the figures of the {} part are over its first {} of {} examples",
                  name, found.examples, data.size()));
  return found;
}

}  // namespace fallline

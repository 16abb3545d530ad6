#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/objective/certificate.hpp>
#include <fallline/optim/minimize.hpp>
#include <vector>

#include "indices.hpp"
#include "objective/dual_pass.hpp"

namespace fallline {
namespace {

void require_weights(const Dataset& data, std::span<const double> w) {
  const std::size_t parameters = data.classes() * (data.features() + 1);
  if (w.size() != parameters)
    throw usage_error(fmt::format("{} weights for {} parameters", w.size(), parameters));
  if (!std::ranges::all_of(w, [](double x) { return std::isfinite(x); }))
    throw usage_error("the weights are not finite, so there is nothing to certify");
}

/// The widths of the rounded hinge, in turn; losses that are smooth stay as they are.
std::vector<double> widths_for(const Loss& loss) {
  if (loss.kind != LossKind::hinge) return {0};
  std::vector<double> widths;
  for (double mu = loss.delta; mu > 1e-4 * loss.delta; mu /= 4) widths.push_back(mu);
  return widths;
}

/// Keeps the best of what is met on the way.
class Bounds {
 public:
  Bounds(DualPass& pass, const CertificateOptions& options, const std::atomic<bool>* interrupt)
      : pass_(pass), options_(options), interrupt_(interrupt) {}

  double take(std::span<const double> w, double mu, std::span<double> g) {
    const DualPass::Values found = pass_(w, mu, g);
    if (certificate_.evaluations++ == 0)
      certificate_ = {.objective = found.objective,
                      .bound = found.bound,
                      .lowest = found.objective,
                      .evaluations = 1};
    certificate_.bound = std::max(certificate_.bound, found.bound);
    certificate_.lowest = std::min(certificate_.lowest, found.objective);
    return found.rounded;
  }

  [[nodiscard]] bool done() const { return found() || interrupted(); }
  [[nodiscard]] bool interrupted() const {
    return interrupt_ != nullptr && interrupt_->load(std::memory_order_relaxed);
  }
  [[nodiscard]] Certificate certificate() const {
    Certificate best = certificate_;
    best.interrupted = !found() && interrupted();
    return best;
  }

 private:
  [[nodiscard]] bool found() const {
    return certificate_.evaluations >= options_.evaluations ||
           (certificate_.evaluations > 0 &&
            certificate_.at_most() <= options_.factor * certificate_.at_least());
  }

  DualPass& pass_;
  const CertificateOptions& options_;
  const std::atomic<bool>* interrupt_;
  Certificate certificate_;
};

/// Weights from where the float's rounding hides any lower objective: an evaluation takes a tenth
/// of the time that one in double does. The bound there is all that is asked of double then.
std::vector<double> descended_in_float(const Dataset& data, const Preprocessing& preprocessing,
                                       const Loss& loss, const Penalty& penalty,
                                       std::span<const double> w, Workers& workers,
                                       std::uint64_t steps, const Bounds& bounds) {
  BatchObjective objective(data, preprocessing, loss, penalty, workers);
  const std::vector<std::size_t> all = all_indices(data.size());
  const auto value = [&](std::span<const float> at, std::span<float> g) {
    return objective.value_and_gradient(at, all, g).objective();
  };
  const auto found =
      minimize(value, std::vector<float>(w.begin(), w.end()), Lbfgs{},
               {.max_steps = steps,
                .value_tolerance = 1e-8,
                .keep_history = false,
                .watch = [&](const MinimizeStep&) { return !bounds.interrupted(); }});
  return {found.w.begin(), found.w.end()};
}

}  // namespace

void require_certifiable(const Penalty& penalty) {
  if (!(penalty.l2 > 0))
    throw usage_error("without an L2 penalty there is no certificate",
                      "give an l2, or leave the certificate out");
  if (penalty.l1 != 0)
    throw usage_error("there is no certificate under an L1 penalty",
                      "leave the L1 penalty or the certificate out");
}

void CertificateOptions::validate() const {
  if (evaluations < 1) throw usage_error("the certificate may make 0 evaluations", "allow some");
  if (!(factor > 1))
    throw usage_error(fmt::format("the certificate's factor is {}", factor), "it must be above 1");
}

Certificate certify(const Dataset& data, const Preprocessing& preprocessing, const Loss& loss,
                    const Penalty& penalty, std::span<const double> w, Workers& workers,
                    const CertificateOptions& options, const std::atomic<bool>* interrupt) {
  options.validate();
  require_certifiable(penalty);
  require_weights(data, w);
  require_memory(certificate_bytes(data.features(), data.classes()), 0, "the certificate",
                 "leave it out, or use fewer features or classes");
  const auto start = std::chrono::steady_clock::now();
  DualPass pass(data, preprocessing, loss, penalty.l2, workers);
  Bounds bounds(pass, options, interrupt);
  std::vector<double> from(w.begin(), w.end());
  const std::vector<double> widths = widths_for(loss);
  // The hinge has no gradient to descend by; it is rounded, in double alone.
  if (loss.kind != LossKind::hinge) {
    std::vector<double> gradient(w.size());
    bounds.take(w, widths.front(), gradient);
    if (!bounds.done())
      from = descended_in_float(data, preprocessing, loss, penalty, w, workers,
                                10 * options.evaluations, bounds);
  }
  const std::uint64_t share = std::max<std::uint64_t>(1, options.evaluations / widths.size());
  for (const double mu : widths) {
    if (bounds.interrupted()) break;
    const auto rounded = [&](std::span<const double> at, std::span<double> g) {
      return bounds.take(at, mu, g);
    };
    const bool last = mu == widths.back();
    from = minimize(rounded, from, Lbfgs{},
                    {.max_steps = last ? options.evaluations : share,
                     .gradient_tolerance = 1e-12,
                     .keep_history = false,
                     .watch = [&](const MinimizeStep&) { return !bounds.done(); }})
               .w;
    if (bounds.done()) break;
  }
  Certificate found = bounds.certificate();
  found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return found;
}

std::uint64_t certificate_bytes(std::size_t features, std::size_t classes) {
  // The sums of 16 pieces and the means of the classes; weights, gradients and the steps that
  // L-BFGS remembers, in double.
  constexpr std::uint64_t sets = 48;
  return sets * sizeof(double) * classes * (features + 1);
}

Certificate certify(const Classifier& model, const Dataset& data, Workers& workers,
                    const CertificateOptions& options, const std::atomic<bool>* interrupt) {
  const Linear<float> linear = model.linear("a certificate");
  const std::vector<double> w(linear.parameters().begin(), linear.parameters().end());
  return certify(model.accept(data), model.preprocessing, model.loss, model.penalty, w, workers,
                 options, interrupt);
}

}  // namespace fallline

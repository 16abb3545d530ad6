#include <algorithm>
#include <cmath>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/objective/certificate.hpp>
#include <fallline/train/plan.hpp>

#include "objective/evaluation_bytes.hpp"

namespace fallline {

double automatic_rate(const Loss& loss, const Penalty& penalty, std::size_t classes,
                      std::size_t batch_size, const FeatureMoment& moment, double gain) {
  const double batch = moment.largest + moment.trace / static_cast<double>(batch_size);
  return 1.5 / ((loss.curvature(classes) * batch + penalty.l2) * gain);
}

double automatic_network_rate(const Plan& plan, double sharpness, double gain) {
  // A curvature of 0, of weights that see nothing, says nothing either.
  if (!(sharpness > 0) || !std::isfinite(sharpness)) return 0.1 / gain;
  if (plan.full_batch()) return 1.5 / (sharpness * gain);
  const bool rectified = std::ranges::all_of(plan.network.layers(), [](const Layer& layer) {
    return layer.kind != Layer::Kind::activation || is_rectifier(layer.activation);
  });
  const double of_batch =
      plan.moment.trace / (static_cast<double>(plan.batch_size) * plan.moment.largest);
  return (rectified ? 8 : 3) / (sharpness * (1 + of_batch) * gain);
}

double automatic_adaptive_rate(double first_move, std::size_t features, const FeatureMoment& moment,
                               double gain) {
  return first_move / (std::sqrt(static_cast<double>(features + 1) * moment.trace) * gain);
}

double customary_rate(double first_move, double gain) { return first_move / (300 * gain); }

Arithmetic automatic_arithmetic(const Dataset& data, std::size_t batch_size) {
  const bool batches = batch_size < data.size();
  return batches && why_not_integers(data.cells(), data.features()).empty() ? Arithmetic::integers
                                                                            : Arithmetic::floats;
}

std::size_t automatic_epochs(std::size_t steps_per_epoch) {
  constexpr std::size_t least_epochs = 15;
  constexpr std::size_t most_epochs = 500;
  constexpr std::size_t least_steps = 2000;
  const std::size_t wanted = (least_steps + steps_per_epoch - 1) / steps_per_epoch;
  return std::clamp(wanted, least_epochs, most_epochs);
}

std::uint64_t training_bytes(const Dataset& data, const TrainOptions& options,
                             std::size_t threads) {
  const Network network = Network::parse(options.model, data.features(), data.classes());
  // Two sets of parameters, the gradient, the best set and the optimizer's state.
  const std::uint64_t state = make_optimizer<float>(options.optimizer, 0)->state().size();
  // A network's curvature, before, takes five sets beside the first weights.
  const std::uint64_t slots = std::max<std::uint64_t>(4 + state, network.linear() ? 0 : 6);
  const std::uint64_t parameters = slots * network.parameters() * 4;
  // The order of the epoch, while it is drawn two of them and the partners; row pointers and labels
  // of the training and validation views.
  const std::uint64_t per_example = std::uint64_t{3} * 8 + 12;
  const std::uint64_t descent = parameters + data.size() * per_example +
                                2 * BatchObjective::working_bytes(network, data.cells(), threads);
  const std::uint64_t certificate =
      options.certificate ? certificate_bytes(data.features(), data.classes()) : 0;
  return std::max(descent, certificate) + figures_bytes(data);
}

}  // namespace fallline

#include "train/layer_trail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace fallline {
namespace {

/// A weight of the first layer with so much less gradient than one of the last is not trained.
constexpr double smallest_ratio = 1e-4;
/// Losses start near log C, of the order of 1: a gradient like this leads nowhere near.
constexpr double largest_norm = 1e4;
/// Share of a layer's units that is worth a word.
constexpr double many_dead = 0.5;

/// ‖g‖/√P.
double size_of_gradient(const LayerSummary& layer) {
  return layer.first_gradient_norm / std::sqrt(static_cast<double>(layer.parameters));
}

std::optional<std::string> note_of_dead_units(const std::vector<LayerSummary>& layers) {
  const auto dead = [](const LayerSummary& layer) { return layer.dead.value_or(0); };
  const LayerSummary& worst = *std::ranges::max_element(layers, {}, dead);
  if (!(dead(worst) > many_dead)) return std::nullopt;
  const auto more = std::ranges::count_if(
      layers, [&](const LayerSummary& layer) { return dead(layer) > many_dead; });
  return fmt::format(
      "{:.0f} % of the units of '{}'{} are dead, 0 for every example of a batch; try a lower "
      "learning rate or activation=leaky-relu",
      100 * dead(worst), worst.name,
      more == 1 ? "" : fmt::format(", and more than half in {} other layers,", more - 1));
}

}  // namespace

void LayerTrail::on(const Event& event) {
  const auto* step = std::get_if<StepTaken>(&event);
  if (step == nullptr || step->layers.empty()) return;
  if (!std::isfinite(step->gradient_norm)) return;
  if (step->epoch != last_.number) {
    last_.number = step->epoch;
    last_.steps = 0;
    last_.layers.assign(step->layers.size(), {});
  }
  ++last_.steps;
  for (std::size_t k = 0; k < step->layers.size(); ++k) {
    const LayerMeasure& found = step->layers[k];
    Sums& sums = last_.layers[k];
    sums.gradient += found.gradient_norm;
    sums.update += found.update_norm.value_or(0);
    sums.moved = sums.moved && found.update_norm.has_value();
    sums.dead += found.dead.value_or(0);
    sums.rectified = found.dead.has_value();
  }
  if (step->epoch == 1) first_ = last_;
}

std::vector<LayerSummary> LayerTrail::layers(const Network& network) const {
  std::vector<LayerSummary> all;
  std::size_t k = 0;
  for (const Layer& layer : network.layers()) {
    if (layer.kind != Layer::Kind::dense || k >= last_.layers.size()) continue;
    const Sums& sums = last_.layers[k];
    const auto steps = static_cast<double>(last_.steps);
    LayerSummary summary{
        .name = layer.name,
        .units = layer.width,
        .parameters = layer.width * (network.layers()[layer.reads[0]].width + 1),
        .first_gradient_norm = first_.layers[k].gradient / static_cast<double>(first_.steps),
        .gradient_norm = sums.gradient / steps};
    if (sums.moved) summary.update_norm = sums.update / steps;
    if (sums.rectified) summary.dead = sums.dead / steps;
    all.push_back(std::move(summary));
    ++k;
  }
  return all;
}

std::vector<std::string> layer_notes(const std::vector<LayerSummary>& layers) {
  std::vector<std::string> notes;
  if (layers.size() < 2) return notes;
  const LayerSummary& first = layers.front();
  const LayerSummary& last = layers.back();
  const double ratio = size_of_gradient(first) / size_of_gradient(last);
  if (ratio < smallest_ratio)
    notes.push_back(fmt::format(
        "gradients vanish: in the first epoch a weight of '{}' had {:.2g} times the gradient of "
        "one of '{}'; try activation=relu or tanh, skip connections, or fewer layers",
        first.name, ratio, last.name));
  const LayerSummary& steepest =
      *std::ranges::max_element(layers, {}, &LayerSummary::first_gradient_norm);
  if (steepest.first_gradient_norm > largest_norm)
    notes.push_back(
        fmt::format("gradients explode: in the first epoch that of '{}' had a norm of {:.2g}; try "
                    "--preprocess feature, init=glorot, fewer layers, or --clip-norm 1",
                    steepest.name, steepest.first_gradient_norm));
  if (auto note = note_of_dead_units(layers)) notes.push_back(*std::move(note));
  return notes;
}

}  // namespace fallline

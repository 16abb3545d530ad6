#include "train/layer_trail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fallline {
namespace {

/// Root mean squares of a layer's gradient that are this far from the last layer's, one way or the
/// other, are out of proportion: one learning rate cannot serve both.
constexpr double disproportion = 1e4;

/// ‖g‖/√P.
double size_of_gradient(const LayerSummary& layer) {
  return layer.first_gradient_norm / std::sqrt(static_cast<double>(layer.parameters));
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
  const LayerSummary& last = layers.back();
  const LayerSummary& first = layers.front();
  const double ratio = size_of_gradient(first) / size_of_gradient(last);
  const auto note = [&](const char* what, const char* advice) {
    notes.push_back(fmt::format(
        "gradients {}: in the first epoch a weight of '{}' had {:.2g} times the gradient of one of "
        "'{}'; {}",
        what, first.name, ratio, last.name, advice));
  };
  if (ratio < 1 / disproportion)
    note("vanish", "try activation=relu or tanh, skip connections, or fewer layers");
  if (ratio > disproportion || !std::isfinite(ratio))
    note("explode", "try init=glorot, smaller initial weights, or --clip-norm");
  constexpr double many = 0.5;
  for (const LayerSummary& layer : layers)
    if (layer.dead.value_or(0) > many)
      notes.push_back(fmt::format(
          "{:.0f} % of the units of '{}' are dead, 0 for every example of a batch; try a lower "
          "learning rate or activation=leaky-relu",
          100 * *layer.dead, layer.name));
  return notes;
}

}  // namespace fallline

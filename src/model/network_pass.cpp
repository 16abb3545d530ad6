#include "model/network_pass.hpp"

#include <algorithm>
#include <utility>

namespace fallline {
namespace {

/// Units of 16 examples, one unit after another, to rows of `width` units, or back.
void to_rows(const float* units, std::size_t width, std::size_t count, float* rows) {
  for (std::size_t u = 0; u < width; ++u)
    for (std::size_t i = 0; i < count; ++i) rows[i * width + u] = units[u * kernels::block + i];
}

void to_units(const float* rows, std::size_t width, std::size_t count, float* units) {
  for (std::size_t u = 0; u < width; ++u) {
    float* unit = units + u * kernels::block;
    for (std::size_t i = 0; i < count; ++i) unit[i] = rows[i * width + u];
    std::fill(unit + count, unit + kernels::block, 0.0F);
  }
}

}  // namespace

NetworkPass::NetworkPass(Dataset data, const Preprocessing& preprocessing, const Network& network,
                         Workers& workers, Arithmetic arithmetic)
    : network_(network),
      workers_(workers),
      most_(most_of(network)),
      first_(std::move(data), preprocessing, network.input_units(), workers, arithmetic) {
  if (network_.linear()) return;
  later_ = std::make_unique<LayerValues<float>>(network_, most_, true);
  scores_.resize(most_ * classes());
}

std::size_t NetworkPass::most_of(const Network& network) {
  if (network.linear()) return ScorePass::most;
  constexpr std::size_t bytes = 64 << 20;
  const std::size_t rows = bytes / std::max<std::size_t>(1, LayerValues<float>::bytes(network, 1));
  return std::clamp(rows / tile * tile, tile, ScorePass::most);
}

std::size_t NetworkPass::working_bytes(const Network& network) {
  if (network.linear()) return 0;
  const std::size_t rows = most_of(network);
  return LayerValues<float>::bytes(network, rows) + rows * network.classes() * sizeof(float);
}

void NetworkPass::set_parameters(std::span<const float> parameters) {
  first_.set_weights(parameters.first(first_parameters()));
  set_later_parameters(parameters);
}

void NetworkPass::set_later_parameters(std::span<const float> parameters) {
  if (later_ != nullptr) later_->set_parameters(parameters);
}

void NetworkPass::take_block(std::size_t first, std::size_t count) {
  const float* units = first_.scores(first).data();
  for (std::size_t l = 0; l < network_.layers().size(); ++l)
    if (network_.reads_input(l))
      to_rows(units + network_.input_unit_of(l) * kernels::block, network_.layers()[l].width, count,
              later_->value(l, first));
}

void NetworkPass::forward(std::size_t first, std::size_t count, const DropoutDraw& draw) {
  later_->forward(first, count, draw);
  const std::size_t last = network_.layers().size() - 1;
  for (std::size_t i = first; i < first + count; i += kernels::block)
    to_units(later_->value(last, i), classes(), std::min(kernels::block, first + count - i),
             scores(i).data());
}

void NetworkPass::backward(std::size_t first, std::size_t count) {
  const std::size_t last = network_.layers().size() - 1;
  const auto blocks = [&](auto each) {
    for (std::size_t i = first; i < first + count; i += kernels::block)
      each(i, std::min(kernels::block, first + count - i));
  };
  blocks([&](std::size_t i, std::size_t n) {
    to_rows(scores(i).data(), classes(), n, later_->gradient(last, i));
  });
  later_->backward(first, count);
  blocks([&](std::size_t i, std::size_t n) {
    float* units = first_.scores(i).data();
    for (std::size_t l = 0; l < network_.layers().size(); ++l)
      if (network_.reads_input(l))
        to_units(later_->gradient(l, i), network_.layers()[l].width, n,
                 units + network_.input_unit_of(l) * kernels::block);
  });
}

void NetworkPass::later_gradient(bool add, std::span<float> g) {
  const auto& tiles = later_->tiles();
  workers_.for_each(tiles.size(),
                    [&](std::size_t t) { later_->parameter_gradient(tiles[t], count_, add, g); });
}

}  // namespace fallline

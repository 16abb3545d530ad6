#include "data/embedded/canvas.hpp"

#include <algorithm>
#include <cmath>

namespace fallline::data {
namespace {

/// Adds one octave: heights every `cell` pixels, joined by smooth steps.
template <std::size_t cell>
void add_octave(Plane& plane, float strength, Draws& draws) {
  constexpr std::size_t nodes = side / cell + 1;
  std::array<std::array<float, nodes>, nodes> height;
  for (auto& row : height)
    for (float& node : row) node = draws.uniform(-strength, strength);
  std::array<float, cell> step;
  for (std::size_t i = 0; i < cell; ++i) {
    const float t = (static_cast<float>(i) + 0.5F) / static_cast<float>(cell);
    step[i] = t * t * (3.0F - 2.0F * t);
  }
  for (std::size_t y = 0; y < side; ++y) {
    const auto& above = height[y / cell];
    const auto& below = height[y / cell + 1];
    const float down = step[y % cell];
    std::array<float, nodes> edge;
    for (std::size_t k = 0; k < nodes; ++k) edge[k] = above[k] + down * (below[k] - above[k]);
    for (std::size_t k = 0; k + 1 < nodes; ++k)
      for (std::size_t i = 0; i < cell; ++i)
        plane[y * side + k * cell + i] += edge[k] + step[i] * (edge[k + 1] - edge[k]);
  }
}

/// A triangle wave with the crest of `hue` at 0: 1 there, 0 from a third of the circle on.
float nearness(float hue) {
  const float turn = hue - std::floor(hue);
  const float away = std::min(turn, 1.0F - turn);
  return std::clamp(2.0F - 6.0F * away, 0.0F, 1.0F);
}

}  // namespace

Colour colour(const Shade& shade) {
  const std::array<float, 3> pure{nearness(shade.hue), nearness(shade.hue - 1.0F / 3.0F),
                                  nearness(shade.hue - 2.0F / 3.0F)};
  const float mean = (pure[0] + pure[1] + pure[2]) / 3.0F;
  const auto channel = [&](float value) { return shade.lightness + shade.chroma * (value - mean); };
  return {channel(pure[0]), channel(pure[1]), channel(pure[2])};
}

void fill_with_noise(Plane& plane, Draws& draws) {
  plane.fill(0.0F);
  add_octave<8>(plane, 2.0F / 3.0F, draws);
  add_octave<4>(plane, 1.0F / 3.0F, draws);
}

void Canvas::cover(const Plane& blend, const Colour& from, const Colour& to) {
  const std::array<float, 3> start{from.red, from.green, from.blue};
  const std::array<float, 3> change{to.red - from.red, to.green - from.green, to.blue - from.blue};
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < area; ++i) channels_[c][i] = start[c] + blend[i] * change[c];
}

void Canvas::paint(const Plane& coverage, const Colour& ink) {
  const std::array<float, 3> value{ink.red, ink.green, ink.blue};
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < area; ++i)
      channels_[c][i] += coverage[i] * (value[c] - channels_[c][i]);
}

void Canvas::paint(std::size_t pixel, float coverage, const Colour& ink) {
  const std::array<float, 3> value{ink.red, ink.green, ink.blue};
  for (std::size_t c = 0; c < 3; ++c)
    channels_[c][pixel] += coverage * (value[c] - channels_[c][pixel]);
}

void Canvas::light(const Plane& brightness) {
  for (Plane& channel : channels_)
    for (std::size_t i = 0; i < area; ++i) channel[i] *= brightness[i];
}

void Canvas::develop(float grain, Draws& draws, std::span<std::uint8_t, picture_bytes> out) const {
  // A draw serves eight values: the difference of the halves of each of its bytes is -15..15.
  constexpr std::size_t served = 8;
  const float step = 255.0F / 15.0F * grain;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < area; i += served) {
      const std::uint64_t bits = draws.bits();
      for (std::size_t k = 0; k < served; ++k) {
        const int high = static_cast<int>(bits >> (8 * k + 4) & 15U);
        const int low = static_cast<int>(bits >> (8 * k) & 15U);
        const float value = 255.0F * channels_[c][i + k] + step * static_cast<float>(high - low);
        out[c * area + i + k] = static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
      }
    }
}

}  // namespace fallline::data

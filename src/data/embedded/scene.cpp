#include "data/embedded/scene.hpp"

#include <algorithm>
#include <cmath>

namespace fallline::data {
namespace {

struct Direction {
  float x, y;
};

/// A direction within `spread` of straight ahead, by the rational parametrisation of the circle:
/// 1 is a quarter turn to either side.
Direction direction(float spread, Draws& draws) {
  const float t = 0.41421356F * draws.uniform(-spread, spread);
  const float u = 1.0F / (1.0F + t * t);
  const Direction half{(1.0F - t * t) * u, 2.0F * t * u};
  return {half.x * half.x - half.y * half.y, 2.0F * half.x * half.y};
}

/// How far a pixel is covered whose centre is `distance` pixels outside an edge `soft` wide.
float coverage(float distance, float soft) {
  return std::clamp(0.5F - distance / soft, 0.0F, 1.0F);
}

/// Fills `plane` with `value(x, y)` at the pixels' centres, measured from the picture's centre in
/// half widths.
template <class Value>
void fill(Plane& plane, Value value) {
  constexpr float half = side * 0.5F;
  for (std::size_t row = 0; row < side; ++row)
    for (std::size_t column = 0; column < side; ++column)
      plane[row * side + column] = value((static_cast<float>(column) + 0.5F - half) / half,
                                         (static_cast<float>(row) + 0.5F - half) / half);
}

struct Palette {
  Colour near_ground, far_ground, ink, detail;
  float lightness;  ///< of the ground
};

/// `tendency` or near it with the given probability, else any hue.
float choose_hue(float tendency, float probability, Draws& draws) {
  return draws.chance(probability) ? tendency + draws.uniform(-0.08F, 0.08F) : draws.uniform();
}

/// Most figures are brighter than their ground. Draws stand in braces, not among arguments: only
/// there is their order the same for every compiler.
Palette choose_palette(const Figure& figure, Draws& draws) {
  const bool bright = draws.chance(0.8F);
  const float ground = bright ? draws.uniform(0.12F, 0.45F) : draws.uniform(0.5F, 0.85F);
  const float contrast = draws.uniform(0.1F, 0.42F);
  const float ink = bright ? ground + contrast : ground - contrast;
  const float detail = ink < 0.5F ? ink + 0.33F : ink - 0.33F;
  const float hue = choose_hue(figure.hue, 0.5F, draws);
  const float ground_hue = choose_hue(figure.ground_hue, 0.3F, draws);
  return {.near_ground = colour({.hue = ground_hue,
                                 .lightness = ground + draws.uniform(-0.1F, 0.1F),
                                 .chroma = draws.uniform(0.1F, 0.4F)}),
          .far_ground = colour({.hue = ground_hue + draws.uniform(-0.25F, 0.25F),
                                .lightness = ground + draws.uniform(-0.1F, 0.1F),
                                .chroma = draws.uniform(0.1F, 0.4F)}),
          .ink = colour({.hue = hue, .lightness = ink, .chroma = draws.uniform(0.25F, 0.6F)}),
          .detail = colour({.hue = hue + draws.uniform(-0.3F, 0.3F),
                            .lightness = detail,
                            .chroma = draws.uniform(0.2F, 0.5F)}),
          .lightness = ground};
}

/// From a soft gradient to a hard horizon, with blotches.
void paint_ground(Canvas& canvas, const Palette& palette, Draws& draws) {
  Plane blotches;
  fill_with_noise(blotches, draws);
  const Direction up = direction(2.0F, draws);
  const float sharpness = draws.uniform(0.4F, 4.0F);
  const float offset = draws.uniform(-0.5F, 0.5F);
  const float roughness = draws.uniform(0.2F, 1.0F);
  Plane blend;
  fill(blend, [&](float x, float y) { return 0.5F + sharpness * (up.x * y + up.y * x + offset); });
  for (std::size_t i = 0; i < area; ++i)
    blend[i] = std::clamp(blend[i], 0.0F, 1.0F) + roughness * blotches[i];
  canvas.cover(blend, palette.near_ground, palette.far_ground);
}

/// The pixels along one edge that lie within `reach` of `centre`.
struct Range {
  std::size_t begin, end;
};
Range within(float centre, float reach) {
  const auto pixel = [](float at) {
    return static_cast<std::size_t>(std::clamp(at, 0.0F, static_cast<float>(side)));
  };
  return {pixel(centre - reach), pixel(centre + reach + 1.0F)};
}

/// A disc or a bar of any colour, with its centre anywhere; `size` in pixels.
void paint_thing(Canvas& canvas, float size, float lightness, Draws& draws) {
  const float x = draws.uniform(0.0F, side);
  const float y = draws.uniform(0.0F, side);
  const bool round = draws.chance(0.4F);
  const Direction along = direction(2.0F, draws);
  const float length = round ? size : size * draws.uniform(0.6F, 1.8F);
  const float width = round ? size : size * draws.uniform(0.5F, 1.0F);
  const Colour ink =
      colour({.hue = draws.uniform(), .lightness = lightness, .chroma = draws.uniform(0.1F, 0.5F)});
  const float reach = length + width + 1.0F;
  const Range rows = within(y, reach);
  const Range columns = within(x, reach);
  for (std::size_t row = rows.begin; row < rows.end; ++row)
    for (std::size_t column = columns.begin; column < columns.end; ++column) {
      const float dx = static_cast<float>(column) + 0.5F - x;
      const float dy = static_cast<float>(row) + 0.5F - y;
      const float u = std::abs(along.x * dx + along.y * dy) - length;
      const float v = std::abs(along.x * dy - along.y * dx) - width;
      const float far = round ? std::sqrt(dx * dx + dy * dy) - size : std::max(u, v);
      canvas.paint(row * side + column, coverage(far, 1.2F), ink);
    }
}

void paint_clutter(Canvas& canvas, const Palette& palette, Draws& draws) {
  const std::uint32_t things = 2 + draws.below(4);
  for (std::uint32_t i = 0; i < things; ++i) {
    const float size = draws.uniform(1.3F, 5.6F);
    paint_thing(canvas, size, palette.lightness + draws.uniform(-0.3F, 0.3F), draws);
  }
}

/// Hides a part of what is there, more often than not.
void paint_obstacle(Canvas& canvas, Draws& draws) {
  if (!draws.chance(0.6F)) return;
  const float size = draws.uniform(1.6F, 4.0F);
  paint_thing(canvas, size, draws.uniform(0.2F, 0.8F), draws);
}

Pose choose_pose(Draws& draws) {
  const float radius = draws.uniform(8.0F, 12.5F);
  const float reach = 4.0F;
  const float x = 16.0F + draws.uniform(-reach, reach);
  const float y = 16.0F + draws.uniform(-reach, reach);
  const Direction tilt = direction(0.35F, draws);
  return {x, y, radius, tilt.x, tilt.y};
}

/// Darkens what lies round the figure, then paints it in its two colours.
void paint_figure(Canvas& canvas, const Figure& figure, const Palette& palette, Draws& draws) {
  const Pose pose = choose_pose(draws);
  const Variety variety{draws.uniform(), draws.uniform()};
  Drawing drawing;
  figure.draw(pose, variety, drawing);
  const float soft = draws.uniform(1.0F, 1.8F);
  const float shade = draws.uniform(0.0F, 0.4F);
  Plane cover;
  for (std::size_t i = 0; i < area; ++i)
    cover[i] = 1.0F - shade * std::clamp(1.0F - drawing.outline[i] / 3.0F, 0.0F, 1.0F);
  canvas.light(cover);
  for (std::size_t i = 0; i < area; ++i) cover[i] = coverage(drawing.outline[i], soft);
  canvas.paint(cover, palette.ink);
  for (std::size_t i = 0; i < area; ++i) cover[i] *= coverage(drawing.detail[i], soft);
  canvas.paint(cover, palette.detail);
}

/// Brighter towards one corner, and uneven.
void cast_light(Canvas& canvas, Draws& draws) {
  Plane mottle;
  fill_with_noise(mottle, draws);
  const float gain = draws.uniform(0.75F, 1.2F);
  const float across = draws.uniform(-0.3F, 0.3F);
  const float down = draws.uniform(-0.3F, 0.3F);
  const float roughness = draws.uniform(0.0F, 0.3F);
  Plane brightness;
  fill(brightness, [&](float x, float y) { return gain * (1.0F + across * x + down * y); });
  for (std::size_t i = 0; i < area; ++i) brightness[i] *= 1.0F + roughness * mottle[i];
  canvas.light(brightness);
}

}  // namespace

void draw_scene(const Figure& figure, Draws& draws, std::span<std::uint8_t, picture_bytes> out) {
  Canvas canvas;
  const Palette palette = choose_palette(figure, draws);
  paint_ground(canvas, palette, draws);
  paint_clutter(canvas, palette, draws);
  paint_figure(canvas, figure, palette, draws);
  paint_obstacle(canvas, draws);
  cast_light(canvas, draws);
  canvas.develop(draws.uniform(0.01F, 0.12F), draws, out);
}

}  // namespace fallline::data

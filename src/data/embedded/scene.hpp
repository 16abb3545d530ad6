#pragma once

#include <cstdint>
#include <span>

#include "data/embedded/canvas.hpp"
#include "data/embedded/figures.hpp"

namespace fallline::data {

/// Draws one picture of `figure`: a background, clutter, the figure, something that hides a part
/// of it, slanting light and grain.
void draw_scene(const Figure& figure, Draws& draws, std::span<std::uint8_t, picture_bytes> out);

}  // namespace fallline::data

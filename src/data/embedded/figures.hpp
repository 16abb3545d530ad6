#pragma once

#include <array>
#include <string_view>

#include "data/embedded/canvas.hpp"

namespace fallline::data {

/// Where a figure stands on the canvas.
struct Pose {
  float x, y;          ///< its centre, in pixels
  float radius;        ///< pixels from its centre to its rim
  float cosine, sine;  ///< of its tilt
};

/// How one figure of its class differs from another; each in 0..1.
struct Variety {
  float shape, detail;
};

/// A figure as two fields of signed distances in pixels, negative inside: its outline, and the
/// part of it that takes the second colour.
struct Drawing {
  Plane outline, detail;
};

/// A class of the embedded set.
struct Figure {
  std::string_view name;
  float hue;         ///< the colour it tends to
  float ground_hue;  ///< and that of what lies behind it
  void (*draw)(const Pose&, const Variety&, Drawing&);
};

/// The ten classes, in alphabetical order.
extern const std::array<Figure, 10> figures;

}  // namespace fallline::data

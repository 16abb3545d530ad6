#pragma once

// A small colour picture in floats, painted with soft-edged coverage.
//
// Every operation is made of + - * / and square roots, which IEEE 754 rounds alike everywhere, and
// nothing is summed across pixels: the bytes are the same on every machine and compiler.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "data/embedded/draws.hpp"

namespace fallline::data {

inline constexpr std::size_t side = 32;                 ///< pixels along each edge
inline constexpr std::size_t area = side * side;        ///< pixels of a picture
inline constexpr std::size_t picture_bytes = 3 * area;  ///< planar red, green, blue

/// One number a pixel, row by row.
using Plane = std::array<float, area>;

/// Red, green and blue; 0 is black and 1 is full.
struct Colour {
  float red, green, blue;
};

/// A colour as a painter mixes it.
struct Shade {
  float hue;        ///< once round in 0..1: red 0, green 1/3, blue 2/3
  float lightness;  ///< mean of the three channels
  float chroma;     ///< 0: grey; 1: as far apart as the channels get
};
[[nodiscard]] Colour colour(const Shade& shade);

/// Smooth noise in -1..1: random heights on a lattice of 8 pixels and, half as strong, of 4,
/// blended in between.
void fill_with_noise(Plane& plane, Draws& draws);

class Canvas {
 public:
  /// Covers everything: `from` where `blend` is 0, `to` where it is 1.
  void cover(const Plane& blend, const Colour& from, const Colour& to);

  /// Paints `ink` where `coverage` is 1 and leaves what was there where it is 0.
  void paint(const Plane& coverage, const Colour& ink);

  /// The same for one pixel, counted row by row.
  void paint(std::size_t pixel, float coverage, const Colour& ink);

  /// Multiplies every channel, as light does.
  void light(const Plane& brightness);

  /// Adds triangular noise in -grain..grain to every channel of every pixel, independently, and
  /// rounds to bytes, planar.
  void develop(float grain, Draws& draws, std::span<std::uint8_t, picture_bytes> out) const;

 private:
  std::array<Plane, 3> channels_;
};

}  // namespace fallline::data

#include "data/embedded/figures.hpp"

#include <algorithm>
#include <cmath>

namespace fallline::data {
namespace {

/// A place in the figure's own coordinates: its rim is about 1 away, y points down.
struct Point {
  float x, y;
};

/// Signed distances in the figure's own coordinates.
struct Distances {
  float outline, detail;
};

constexpr float nowhere = 9.0F;

Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
float length(Point p) { return std::sqrt(p.x * p.x + p.y * p.y); }
float disc(Point p, float radius) { return length(p) - radius; }
float box(Point p, float half_width, float half_height) {
  return std::max(std::abs(p.x) - half_width, std::abs(p.y) - half_height);
}

/// A triangle wave of period 2 and slope 1 that runs from -1/2 to 1/2; t above -64.
float wave(float t) {
  const float half = 0.5F * (t + 64.0F);
  const float within = 2.0F * (half - static_cast<float>(static_cast<int>(half)));
  return std::abs(within - 1.0F) - 0.5F;
}

Distances ball(Point p, Variety v) {
  const Point gleam{0.7F * v.detail - 0.5F, -0.4F};
  return {disc(p, 0.85F), disc(p - gleam, 0.25F)};
}

Distances checkers(Point p, Variety v) {
  const float squares = 1.6F + 1.2F * v.detail;
  const float column = wave(squares * p.x + v.shape);
  const float row = wave(squares * p.y + v.shape);
  const float alike = std::max(std::min(column, row), std::min(-column, -row));
  return {box(p, 1.0F, 1.0F), alike / squares};
}

Distances crescent(Point p, Variety v) {
  const Point bite{0.35F + 0.2F * v.shape, -0.1F};
  return {std::max(disc(p, 0.95F), -disc(p - bite, 0.75F)), nowhere};
}

Distances cross(Point p, Variety v) {
  const float arm = 0.2F + 0.14F * v.shape;
  return {std::min(box(p, 1.0F, arm), box(p, arm, 1.0F)), nowhere};
}

/// Six petals round a centre.
Distances flower(Point p, Variety v) {
  constexpr std::array<Point, 6> petals{{{0.0F, -0.62F},
                                         {0.537F, -0.31F},
                                         {0.537F, 0.31F},
                                         {0.0F, 0.62F},
                                         {-0.537F, 0.31F},
                                         {-0.537F, -0.31F}}};
  float nearest = p.x * p.x + p.y * p.y;
  for (const Point petal : petals) {
    const Point q = p - petal;
    nearest = std::min(nearest, q.x * q.x + q.y * q.y);
  }
  return {std::sqrt(nearest) - 0.31F, disc(p, 0.26F + 0.14F * v.detail)};
}

/// Two discs on the upper edges of a square that stands on its corner.
Distances heart(Point p, Variety v) {
  constexpr float diagonal = 0.70710678F;
  const float half = 0.5F + 0.08F * v.shape;
  const Point q{std::abs(p.x), p.y - 0.1F};
  const float square = (q.x + std::abs(q.y)) * diagonal - half;
  const Point lobe{half * diagonal, -half * diagonal};
  return {std::min(square, disc(q - lobe, half)), nowhere};
}

/// Walls and a roof; the roof and the door take the second colour.
Distances house(Point p, Variety v) {
  const float eaves = -0.2F + 0.25F * v.shape;
  const float walls = std::max(box(p, 0.68F, 0.85F), eaves - p.y);
  const float slope = 0.72F * std::abs(p.x) - 0.69F * (p.y + 0.95F);
  const float roof = std::max(slope, p.y - eaves);
  const float door = box(p - Point{0.6F * v.detail - 0.3F, 0.6F}, 0.17F, 0.3F);
  return {std::min(walls, roof), std::min(roof, door)};
}

Distances ring(Point p, Variety v) {
  return {std::abs(length(p) - 0.7F) - (0.16F + 0.1F * v.shape), nowhere};
}

/// The five-pointed star: within at least four of the five lines that make it.
Distances star(Point p, Variety) {
  constexpr std::array<Point, 5> normals{{{0.0F, 1.0F},
                                          {0.95106F, 0.30902F},
                                          {0.58779F, -0.80902F},
                                          {-0.58779F, -0.80902F},
                                          {-0.95106F, 0.30902F}}};
  float largest = -nowhere;
  float second = -nowhere;
  for (const Point n : normals) {
    const float beyond = n.x * p.x + n.y * p.y;
    second = std::max(second, std::min(largest, beyond));
    largest = std::max(largest, beyond);
  }
  return {second - 0.33F, nowhere};
}

Distances stripes(Point p, Variety v) {
  const float bands = 2.0F + 1.6F * v.detail;
  const float bend = 0.5F * v.shape - 0.25F;
  return {box(p, 1.05F, 0.75F), wave(bands * (p.x + 0.6F * p.y + bend * p.y * p.y)) / bands};
}

template <Distances (*figure)(Point, Variety)>
void draw(const Pose& pose, const Variety& variety, Drawing& drawing) {
  const float scale = 1.0F / pose.radius;
  const float cosine = pose.cosine * scale;
  const float sine = pose.sine * scale;
  for (std::size_t row = 0; row < side; ++row) {
    const float y = static_cast<float>(row) + 0.5F - pose.y;
    for (std::size_t column = 0; column < side; ++column) {
      const float x = static_cast<float>(column) + 0.5F - pose.x;
      const Distances d = figure({cosine * x + sine * y, cosine * y - sine * x}, variety);
      drawing.outline[row * side + column] = d.outline * pose.radius;
      drawing.detail[row * side + column] = d.detail * pose.radius;
    }
  }
}

}  // namespace

const std::array<Figure, 10> figures{{
    {"ball", 0.08F, 0.33F, draw<ball>},
    {"checkers", 0.95F, 0.10F, draw<checkers>},
    {"crescent", 0.16F, 0.70F, draw<crescent>},
    {"cross", 0.00F, 0.50F, draw<cross>},
    {"flower", 0.85F, 0.30F, draw<flower>},
    {"heart", 0.97F, 0.85F, draw<heart>},
    {"house", 0.07F, 0.40F, draw<house>},
    {"ring", 0.55F, 0.00F, draw<ring>},
    {"star", 0.16F, 0.65F, draw<star>},
    {"stripes", 0.62F, 0.18F, draw<stripes>},
}};

}  // namespace fallline::data

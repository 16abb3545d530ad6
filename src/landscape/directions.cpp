#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/optim/dot.hpp>
#include <fallline/random.hpp>
#include <utility>

#include "names.hpp"

namespace fallline::landscape {
namespace {

constexpr Names<DirectionKind, 6> kinds{"direction",
                                        {{{DirectionKind::random, "random"},
                                          {DirectionKind::gradient, "gradient"},
                                          {DirectionKind::towards, "to"},
                                          {DirectionKind::principal, "principal"},
                                          {DirectionKind::axis, "axis"},
                                          {DirectionKind::given, "given"}}}};
constexpr Names<Scaling, 3> scalings{
    "scaling",
    {{{Scaling::none, "none"}, {Scaling::weights, "weights"}, {Scaling::filter, "filter"}}}};

double norm_of(std::span<const float> v) { return std::sqrt(optim::Dot<float>(v.size())(v, v)); }

void multiply(std::span<float> v, double factor) {
  for (float& x : v) x = static_cast<float>(factor * static_cast<double>(x));
}

/// Gives `v` the length of `w`; where it has none it stays 0.
void take_length(std::span<float> v, std::span<const float> w) {
  const double length = norm_of(v);
  multiply(v, length > 0 ? norm_of(w) / length : 0);
}

void take_lengths_of_rows(std::span<float> v, std::span<const float> w,
                          std::span<const ParameterBlock> blocks) {
  for (const ParameterBlock& block : blocks) {
    if (block.role == BlockRole::bias) {
      std::ranges::fill(v.subspan(block.first, block.count), 0.0F);
      continue;
    }
    for (std::size_t r = 0; r < block.rows; ++r) {
      const std::size_t first = block.first + r * block.columns;
      take_length(v.subspan(first, block.columns), w.subspan(first, block.columns));
    }
  }
}

/// Where in which block a parameter lies.
std::string place_of(std::size_t k, std::span<const ParameterBlock> blocks) {
  for (const ParameterBlock& b : blocks)
    if (k < b.first + b.count)
      return fmt::format("{}, row {}, column {}", b.name, (k - b.first) / b.columns + 1,
                         (k - b.first) % b.columns + 1);
  return {};
}

}  // namespace

std::string_view name_of(DirectionKind kind) { return kinds.name_of(kind); }
std::string_view name_of(Scaling scaling) { return scalings.name_of(scaling); }
Scaling scaling_named(std::string_view name) { return scalings.value_of(name); }

Scaling usual_scaling(DirectionKind kind) {
  if (kind == DirectionKind::random) return Scaling::filter;
  const bool steep = kind == DirectionKind::gradient || kind == DirectionKind::principal;
  return steep ? Scaling::weights : Scaling::none;
}

double Direction::norm() const { return norm_of(values); }

Direction random_direction(std::size_t parameters, std::uint64_t seed, std::uint32_t number) {
  const Random random(seed, Purpose::landscape_direction, number);
  Direction direction{
      .kind = DirectionKind::random,
      .about = fmt::format("random, N(0,1) each, number {} of seed {}", number, seed),
      .values = std::vector<float>(parameters)};
  for (std::size_t i = 0; i < parameters; ++i)
    direction.values[i] = static_cast<float>(random.normal(i));
  return direction;
}

Direction gradient_direction(Site& site) {
  Direction direction{.kind = DirectionKind::gradient,
                      .about = "the gradient: the objective rises along it, and falls against it",
                      .values = std::vector<float>(site.parameters())};
  (void)site.value_and_gradient(site.weights(), direction.values);
  return direction;
}

Direction direction_towards(const Site& site, std::span<const float> other,
                            const std::string& name) {
  const std::span<const float> w = site.weights();
  if (other.size() != w.size())
    throw usage_error(
        fmt::format("{} has {} parameters, where the model has {}", name, other.size(), w.size()),
        "go towards a model of the same kind");
  Direction direction{.kind = DirectionKind::towards,
                      .about = "towards " + name + ", which lies at 1",
                      .values = std::vector<float>(w.size())};
  for (std::size_t i = 0; i < w.size(); ++i) direction.values[i] = other[i] - w[i];
  return direction;
}

Direction axis_direction(const Site& site, std::size_t k) {
  if (k >= site.parameters())
    throw usage_error(fmt::format("there is no parameter {} to go along", k),
                      fmt::format("the model has {}, from 0 on", site.parameters()));
  Direction direction{
      .kind = DirectionKind::axis,
      .about = fmt::format("parameter {} alone ({})", k, place_of(k, site.blocks())),
      .values = std::vector<float>(site.parameters())};
  direction.values[k] = 1;
  return direction;
}

Direction scaled(Direction direction, Scaling scaling, std::span<const float> w,
                 std::span<const ParameterBlock> blocks) {
  if (scaling == Scaling::weights) take_length(direction.values, w);
  if (scaling == Scaling::filter) take_lengths_of_rows(direction.values, w, blocks);
  direction.scaled = scaling;
  const double norm = direction.norm();
  if (!(norm > 0) || !std::isfinite(norm))
    throw usage_error(
        fmt::format("the direction '{}' has the length {}", direction.about, norm),
        norm == 0 && norm_of(w) == 0
            ? "the weights are all 0, and with them any length taken from them: take --scaling none"
            : "choose another direction");
  return direction;
}

double cosine(const Direction& one, const Direction& other) {
  const double lengths = one.norm() * other.norm();
  return lengths > 0 ? optim::Dot<float>(one.values.size())(one.values, other.values) / lengths : 0;
}

}  // namespace fallline::landscape

#include "landscape_arguments.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>
#include <optional>
#include <utility>

#include "checks.hpp"
#include "numbers.hpp"
#include "spelling.hpp"

namespace fallline::tool {
namespace {

constexpr const char* known_directions =
    "choose random, gradient, principal, axis:K (parameter K alone, from 0) or to:MODEL";

/// `axis:7` → `axis`, `7`.
struct DirectionWord {
  explicit DirectionWord(const std::string& word)
      : kind(word.substr(0, word.find(':'))),
        rest(word.size() > kind.size() ? word.substr(kind.size() + 1) : "") {}
  std::string kind;
  std::string rest;
};

std::size_t parameter_of(const std::string& text) {
  const auto k = whole_number(text);
  if (!k) throw usage_error("the direction is 'axis:" + text + "'", known_directions);
  return *k;
}

landscape::Direction direction_of(const std::string& word, landscape::Site& site,
                                  std::uint64_t seed, std::uint32_t number,
                                  std::uint64_t memory_limit) {
  const DirectionWord direction(word);
  const bool bare = direction.rest.empty();
  if (direction.kind == "random" && bare)
    return landscape::random_direction(site.parameters(), seed, number);
  if (direction.kind == "gradient" && bare) return landscape::gradient_direction(site);
  if (direction.kind == "axis")
    return landscape::axis_direction(site, parameter_of(direction.rest));
  if (direction.kind == "to" && !bare)
    return landscape::direction_towards(site, load_model(direction.rest, memory_limit),
                                        direction.rest);
  throw usage_error("there is no direction '" + word + "'", known_directions);
}

landscape::Axis axis_of(const std::string& range, const std::string& option) {
  landscape::Axis axis;
  if (range.empty()) return axis;
  const std::vector<double> ends = numbers_of(range, option);
  if (ends.size() > 2 || (ends.size() == 1 && !(ends[0] > 0)))
    throw usage_error(option + " is '" + range + "'",
                      "give how far to go to both sides, or FROM,TO");
  axis.from = ends.size() == 1 ? -ends[0] : ends[0];
  axis.to = ends.back();
  return axis;
}

std::size_t count_of(double number) {
  if (!(number >= 1) || number != std::floor(number) || number > 1e9)
    throw usage_error(fmt::format("--points has {:g}", number), "give whole numbers from 1");
  return static_cast<std::size_t>(number);
}

}  // namespace

std::vector<double> numbers_of(const std::string& text, const std::string& option) {
  std::vector<double> numbers;
  for (const std::string& word : CLI::detail::split(text, ',')) {
    double number = 0;
    if (!CLI::detail::lexical_cast(word, number) || !why_it_does_not_fit("FLOAT", word).empty())
      throw usage_error(fmt::format("{} has '{}', which is no number", option, word),
                        "give numbers with commas between them");
    numbers.push_back(number);
  }
  return numbers;
}

void add_grid(CLI::App& app, GridArguments& a) {
  constexpr const char* group = "Directions";
  app.add_option(
         "--directions", a.directions,
         "One for a line, two for a plane: random, gradient, principal (of the run's path, "
         "which is trained again), axis:K (parameter K alone), to:MODEL (which then lies at 1)")
      ->default_str("random,random")
      ->group(group);
  app.add_option(
         "--scaling", a.scaling,
         "Their length: filter (each row that of W's, biases 0), weights (that of W), none; "
         "auto: filter for random, weights for gradient, none for the others")
      ->check(one_of({"auto", "filter", "weights", "none"}))
      ->group(group);
  app.add_option("--points", a.points,
                 "Points along a line, or along each side of a plane; N,M gives both sides")
      ->default_str("101, in a plane 51")
      ->group(group);
  app.add_option("--range", a.range, "How far to go along them: R (to both sides) or FROM,TO")
      ->default_str("1")
      ->group(group);
  app.add_option("--range-b", a.range_b, "The same of the second one")
      ->default_str("that of the first")
      ->group(group);
}

std::vector<std::string> words_of(const GridArguments& a) {
  return CLI::detail::split(a.directions.empty() ? "random,random" : a.directions, ',');
}

std::array<landscape::Axis, 2> axes_of(const GridArguments& a) {
  std::array<landscape::Axis, 2> axes{
      axis_of(a.range, "--range"), axis_of(a.range_b.empty() ? a.range : a.range_b, "--range-b")};
  if (a.points.empty()) return axes;
  const std::vector<double> counts = numbers_of(a.points, "--points");
  if (counts.empty() || counts.size() > 2)
    throw usage_error("--points is '" + a.points + "'", "give N, or N,M");
  axes[0].points = count_of(counts.front());
  axes[1].points = count_of(counts.back());
  return axes;
}

std::vector<landscape::Direction> directions_of(const GridArguments& a, landscape::Site& site,
                                                std::uint64_t seed, std::uint64_t memory_limit,
                                                const PathDirections& of_path) {
  std::optional<std::array<landscape::Direction, 2>> principal;
  std::vector<landscape::Direction> directions;
  std::size_t principals = 0;
  for (const std::string& word : words_of(a)) {
    const auto number = static_cast<std::uint32_t>(directions.size() + 1);
    landscape::Direction direction;
    if (word == "principal" && principals < 2) {
      if (!principal) principal = of_path();
      if (!principal) return {};
      direction = std::move((*principal)[principals++]);
    } else {
      direction = direction_of(word, site, seed, number, memory_limit);
    }
    const landscape::Scaling scaling = a.scaling == "auto"
                                           ? landscape::usual_scaling(direction.kind)
                                           : landscape::scaling_named(a.scaling);
    directions.push_back(
        landscape::scaled(std::move(direction), scaling, site.weights(), site.blocks()));
  }
  return directions;
}

void add_choice(CLI::App& app, ChoiceArguments& a) {
  constexpr const char* group = "Examples";
  app.add_option("--which", a.which,
                 "The objective of all examples, of a batch, or of one example alone")
      ->check(one_of({"all", "batch", "example"}))
      ->group(group);
  app.add_option("--examples", a.choice.batch, "batch: how many are drawn")
      ->check(positive)
      ->group(group);
  app.add_option("--number", a.choice.number, "example: which one, from 1")
      ->check(positive)
      ->group(group);
}

landscape::Choice choice_of(const ChoiceArguments& a, std::uint64_t seed) {
  landscape::Choice choice = a.choice;
  choice.which = landscape::which_named(a.which);
  choice.seed = seed;
  return choice;
}

}  // namespace fallline::tool

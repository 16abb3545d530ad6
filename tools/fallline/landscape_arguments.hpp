#pragma once

#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <fallline/landscape/choice.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/landscape/slice.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fallline::tool {

/// Which points of which directions are looked at.
struct GridArguments {
  std::string directions;  ///< empty: two random ones
  std::string scaling = "auto";
  std::string points;
  std::string range;  ///< of a, and of b unless it has its own
  std::string range_b;
};

void add_grid(CLI::App& app, GridArguments& arguments);

/// The words of `--directions`.
[[nodiscard]] std::vector<std::string> words_of(const GridArguments& arguments);

/// The axes. @throws Error(usage)
[[nodiscard]] std::array<landscape::Axis, 2> axes_of(const GridArguments& arguments);

/// The principal directions of the path of the run that is looked at; nothing after an interrupt.
using PathDirections = std::function<std::optional<std::array<landscape::Direction, 2>>()>;

/// The directions from a site, each with its length; none after an interrupt.
/// @throws Error(usage)
[[nodiscard]] std::vector<landscape::Direction> directions_of(const GridArguments& arguments,
                                                              landscape::Site& site,
                                                              std::uint64_t seed,
                                                              std::uint64_t memory_limit,
                                                              const PathDirections& of_path);

/// Numbers that a person writes as 1,2.5,-3. @throws Error(usage) naming the option
[[nodiscard]] std::vector<double> numbers_of(const std::string& text, const std::string& option);

/// Which examples.
struct ChoiceArguments {
  std::string which = "all";
  landscape::Choice choice;
};
void add_choice(CLI::App& app, ChoiceArguments& arguments);
[[nodiscard]] landscape::Choice choice_of(const ChoiceArguments& arguments, std::uint64_t seed);

}  // namespace fallline::tool

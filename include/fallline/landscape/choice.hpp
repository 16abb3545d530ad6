#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <string_view>

namespace fallline::landscape {

/// Which examples an objective is taken over.
enum class Which : std::uint8_t { all, batch, example };

[[nodiscard]] std::string_view name_of(Which which);
/// @throws Error(usage) that lists the names.
[[nodiscard]] Which which_named(std::string_view name);

struct Choice {
  Which which = Which::all;
  std::size_t batch = 256;  ///< examples of a batch, drawn without replacement
  std::size_t number = 1;   ///< of the one example, from 1
  std::uint64_t seed = 1;   ///< of the draw
};

/// The chosen examples of `data`; shares the cells.
/// @throws Error(usage) where there are not as many.
[[nodiscard]] Dataset choose(const Dataset& data, const Choice& choice);

}  // namespace fallline::landscape

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace fallline {

/// What the parameters of a block are to a layer.
enum class BlockRole : std::uint8_t {
  weight,  ///< rows of weights, one a unit; penalties are on these
  bias,    ///< one number a unit; never penalised
};

/// Parameters that belong together: a layer's weights, its bias.
struct ParameterBlock {
  std::string name;
  std::size_t first = 0;  ///< of the P parameters
  std::size_t count = 0;
  std::size_t rows = 0;     ///< of weights: units; a row is what one unit sees
  std::size_t columns = 0;  ///< of weights: what the layer reads; of a bias: 1
  BlockRole role = BlockRole::weight;

  bool operator==(const ParameterBlock&) const = default;
};

}  // namespace fallline

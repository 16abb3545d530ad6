#pragma once

#include <cstddef>
#include <fallline/model/classifier.hpp>
#include <string>
#include <vector>

namespace fallline::landscape {

/// A matrix among the parameters, row by row. A row is what makes one output of a layer: a filter.
struct ParameterBlock {
  std::string name;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t first = 0;  ///< where it begins among the parameters
  bool bias = false;      ///< a column of biases, one a row

  [[nodiscard]] std::size_t size() const { return rows * columns; }
};

/// What the parameters of a model are made of, in their order: they cover all of them once.
[[nodiscard]] std::vector<ParameterBlock> parameter_blocks(const Classifier& model);

}  // namespace fallline::landscape

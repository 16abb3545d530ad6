#pragma once

#include <cstddef>
#include <fallline/objective/confusion.hpp>
#include <utility>
#include <vector>

namespace fallline {

/// Counts an example at a time: of few classes in a matrix, of many in a list of pairs whose equals
/// are made one whenever it has grown to twice its size.
class ConfusionCounter {
 public:
  /// Classes whose matrix, 512 KiB at most, stays in the cache.
  static constexpr std::size_t most_counted = 256;
  /// Pairs that may wait to be added up.
  static constexpr std::size_t most_waiting = 1 << 14;

  explicit ConfusionCounter(std::size_t classes)
      : classes_(classes), counts_(classes <= most_counted ? classes * classes : 0) {}

  void add(std::size_t own, std::size_t predicted);
  [[nodiscard]] Confusion finish() &&;

 private:
  std::size_t classes_;
  std::vector<std::size_t> counts_;  ///< C×C, or empty
  std::vector<Confusion::Pair> pairs_;
  std::size_t distinct_ = 0;  ///< of them, when they were last added up
};

}  // namespace fallline

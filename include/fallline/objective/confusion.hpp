#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fallline {

/// How a model does on one class.
struct ClassFigures {
  std::size_t examples = 0;   ///< of this class
  std::size_t predicted = 0;  ///< predicted to be of this class
  std::size_t correct = 0;    ///< both

  /// correct / predicted; none where there are no examples, or none was predicted to be one.
  [[nodiscard]] std::optional<double> precision() const;
  /// correct / examples; none where there are no examples.
  [[nodiscard]] std::optional<double> recall() const;

  bool operator==(const ClassFigures&) const = default;
};

/// How many examples of a class were predicted to be of another, for each pair of classes that
/// occurs: of many classes few do, and a matrix of all would be C² numbers.
class Confusion {
 public:
  struct Pair {
    std::uint32_t own = 0;
    std::uint32_t predicted = 0;
    std::uint64_t examples = 0;

    bool operator==(const Pair&) const = default;
  };

  /// Of so many classes at most the whole matrix is written into JSON.
  static constexpr std::size_t most_dense = 256;

  Confusion() = default;
  /// @param pairs  of classes below `classes`; those of one pair are added up
  Confusion(std::size_t classes, std::vector<Pair> pairs);

  [[nodiscard]] std::size_t classes() const { return figures_.size(); }
  /// Those that occur, by own class and then by predicted class.
  [[nodiscard]] std::span<const Pair> pairs() const { return pairs_; }
  /// Examples of class `own` that were predicted to be of class `predicted`.
  [[nodiscard]] std::size_t operator()(std::size_t own, std::size_t predicted) const;
  [[nodiscard]] const ClassFigures& of_class(std::size_t c) const { return figures_[c]; }

  /// C×C numbers, [own class][predicted class].
  [[nodiscard]] std::vector<std::vector<std::size_t>> matrix() const;
  /// The mistakes made most often, of equals the first, `most` at most.
  [[nodiscard]] std::vector<Pair> largest_mistakes(std::size_t most) const;

  /// Bytes for the confusion of so many examples at most, while they are counted.
  [[nodiscard]] static std::uint64_t bytes(std::size_t classes, std::size_t examples);

  bool operator==(const Confusion&) const = default;

 private:
  std::vector<Pair> pairs_;
  std::vector<ClassFigures> figures_;  ///< C
};

}  // namespace fallline

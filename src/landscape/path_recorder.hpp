#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/train/events.hpp>
#include <fallline/train/train.hpp>
#include <span>
#include <vector>

namespace fallline::landscape {

/// Keeps some of the points that a run goes through: the first, the last, and between them those
/// after T (k/(n−1))² of its T steps, k = 1, 2, …: more of the beginning, where steps are long.
class PathRecorder : public Listener {
 public:
  /// @param most  points that are kept, n ≥ 2
  explicit PathRecorder(std::size_t most) : most_(most) {}

  void on(const Event& event) override;
  /// Adds the weights that the run leaves.
  void finish(const TrainResult& result, std::span<const float> weights);

  [[nodiscard]] const std::vector<float>& start() const { return start_; }
  [[nodiscard]] std::vector<std::vector<float>>& displacements() { return displacements_; }
  [[nodiscard]] const std::vector<std::uint64_t>& steps() const { return steps_; }
  [[nodiscard]] const std::vector<std::uint64_t>& examples() const { return examples_; }

 private:
  void take(const StepTaken& taken);
  void keep(std::span<const float> w, std::uint64_t steps, std::uint64_t examples);
  /// Steps after which the next point is kept.
  [[nodiscard]] std::uint64_t wanted() const;

  std::size_t most_;
  std::uint64_t planned_ = 0;  // T
  std::size_t next_ = 0;       // k
  std::uint64_t seen_ = 0;     // examples before the step under way
  std::vector<float> start_;
  std::vector<std::vector<float>> displacements_;
  std::vector<std::uint64_t> steps_;
  std::vector<std::uint64_t> examples_;
};

}  // namespace fallline::landscape

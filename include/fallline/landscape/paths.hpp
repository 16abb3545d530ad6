#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/landscape/path_plane.hpp>
#include <fallline/landscape/slice.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/train/options.hpp>
#include <fallline/train/train.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fallline::landscape {

/// What tells a path from the others.
enum class PathKind : std::uint8_t { batch, mini_batch, stochastic, optimizer };

[[nodiscard]] std::string_view name_of(PathKind kind);
/// @throws Error(usage) that lists the names.
[[nodiscard]] PathKind path_kind(std::string_view name);

/// A descent to follow.
struct Descender {
  std::string name;
  PathKind kind = PathKind::optimizer;
  TrainOptions training;  ///< a rate of 0 is chosen as `train` does, or by a sweep
  bool sweep = false;     ///< the rate is that which `tune::sweep_rates` suggests
};

/// Descent on all examples, on batches and on single examples, from one start.
/// @param batch_steps  steps on all examples; the others go through the epochs of `training`
[[nodiscard]] Descender descender(PathKind kind, const TrainOptions& training,
                                  std::size_t batch_steps);
/// An optimizer with the settings of its preset, at its own swept rate where `training` names none.
[[nodiscard]] Descender descender(const std::string& optimizer, const TrainOptions& training);

struct PathsOptions {
  std::size_t iterates = 100;  ///< points of each path that are kept, at least 2
  PlaneKind plane = PlaneKind::principal;
  std::array<std::size_t, 2> points{51, 51};  ///< of the plane that are measured
  std::uint64_t memory_limit = 0;
  std::function<void(const std::string&)> told = {};  ///< of what is begun, a line each
  std::function<void(double)> progress = {};          ///< of the share that is done
  const std::atomic<bool>* interrupt = nullptr;

  /// @throws Error(usage)
  void validate() const;
};

/// A point that a descent went through.
struct PathPoint {
  std::uint64_t step = 0;      ///< updates before it
  std::uint64_t examples = 0;  ///< seen before it
  PlanePoint place;            ///< of its projection
  double residual = 0;         ///< distance from the plane
  double distance = 0;         ///< from the start
  Measure truth;               ///< over all examples; NaN where an interrupt came before
  Measure in_plane;            ///< at the projection
};

struct PathRun {
  std::string name;
  PathKind kind = PathKind::optimizer;
  std::string optimizer;
  std::size_t batch_size = 0;
  double learning_rate = 0;
  bool swept = false;
  std::uint64_t steps = 0;
  double seconds = 0;
  StopReason stop = StopReason::epochs;
  std::vector<PathPoint> points;
  double length = 0;  ///< of the path through its points

  [[nodiscard]] bool diverged() const { return stop == StopReason::diverged; }
  /// ‖end − start‖ / length: 1 of a straight path, little of one that goes to and fro.
  [[nodiscard]] double straightness() const {
    return length > 0 ? points.back().distance / length : 1;
  }
  /// The largest distance from the plane, as a share of the largest from the start.
  [[nodiscard]] double most_beside() const;
};

struct Paths {
  std::shared_ptr<Site> site;  ///< the objective; its workers are those of the call
  Measure start;
  PlaneKind kind = PlaneKind::principal;
  std::array<double, 2>
      explained{};  ///< shares of the variance of all points, diverged runs left out
  std::vector<double> a;
  std::vector<double> b;
  std::vector<Measure> points;  ///< of the plane, for each b all a
  std::vector<PathRun> runs;
  double seconds = 0;
  bool interrupted = false;
  std::vector<std::string> notes;
};

/// Follows descents from one start over the objective that they descend.
///
/// Each is a run of `train` on all the data, with its loop, its batches and its optimizer; some of
/// its points are kept. They are shown in one plane (path_plane.hpp), which is laid through those
/// of the runs that did not diverge. What a plane cannot show is said: the share of the variance
/// along each of its directions; of every point the distance from the plane; the objective itself
/// beside that at its projection.
///
/// The same figures for any number of workers, times excepted. An interrupt leaves the paths until
/// then.
///
/// @param data  labelled
/// @throws Error(usage), Error(not_enough_memory) before it begins
[[nodiscard]] Paths follow_paths(const Dataset& data, std::span<const Descender> descenders,
                                 const PathsOptions& options, Workers& workers);

/// The paths as one JSON object (docs/landscape-json.md lists the keys).
[[nodiscard]] std::string json(const Paths& paths, const Subject& subject);

}  // namespace fallline::landscape

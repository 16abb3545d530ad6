#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/paths.hpp>
#include <fallline/memory.hpp>
#include <fallline/train/plan.hpp>
#include <fallline/tune/rate_sweep.hpp>
#include <limits>
#include <utility>

#include "landscape/clock.hpp"
#include "landscape/path_recorder.hpp"
#include "landscape/step_progress.hpp"

namespace fallline::landscape {
namespace {

/// How far the plane goes beyond the paths, of their extent.
constexpr double margin = 0.15;

/// How a run went wrong.
std::string divergence_note(const std::string& name, const TrainResult& result) {
  const std::string what = result.exceeded
                               ? std::string("ended with a higher objective than it began with")
                               : fmt::format("diverged at step {}", result.last_step);
  return fmt::format("{} {}, rate {:g}", name, what, result.last_rate);
}

/// Runs descents and lays what they leave into a plane.
class PathFollower {
 public:
  PathFollower(const Dataset& data, const PathsOptions& options, Workers& workers)
      : data_(data), options_(options), workers_(workers) {}

  Paths follow(std::span<const Descender> descenders) {
    const Stopwatch watch;
    for (const Descender& d : descenders)
      if (!interrupted()) descend(d);
    paths_.interrupted = interrupted();
    if (paths_.site != nullptr) {
      lay_plane();
      measure_points();
      measure_grid_of_plane();
    }
    paths_.seconds = watch.seconds();
    return std::move(paths_);
  }

 private:
  [[nodiscard]] bool interrupted() const {
    return options_.interrupt != nullptr && options_.interrupt->load(std::memory_order_relaxed);
  }
  void tell(const std::string& line) const {
    if (options_.told) options_.told(line);
  }
  void descend(const Descender& d);
  [[nodiscard]] TrainOptions with_rate(const Descender& d, bool& swept);
  void lay_plane();
  void place_points(const PathPlane& plane);
  void measure_points();
  void measure_grid_of_plane();
  [[nodiscard]] PlaneMeasures measured(std::span<const PlanePoint> points) const;

  const Dataset& data_;
  const PathsOptions& options_;
  Workers& workers_;
  Paths paths_;
  std::vector<float> start_;
  std::vector<std::vector<std::vector<float>>> displacements_;  // of each run's points
  PathPlane plane_;
};

/// The options with a rate that a sweep suggests; or as they are, where it suggests none.
TrainOptions PathFollower::with_rate(const Descender& d, bool& swept) {
  TrainOptions training = d.training;
  training.seek_held_rate = false;
  swept = false;
  if (!d.sweep || training.learning_rate != 0 || training.whole_batch()) return training;
  tell(fmt::format("{}: looking for its rate", d.name));
  const tune::RateSweep sweep = tune::sweep_rates({.train = data_}, {.training = training},
                                                  workers_, nullptr, {}, options_.interrupt);
  swept = sweep.suggestion.has_value();
  training.learning_rate = sweep.suggestion.value_or(0);
  return training;
}

void PathFollower::descend(const Descender& d) {
  PathRun run{.name = d.name, .kind = d.kind, .optimizer = d.training.optimizer.name};
  const TrainOptions training = with_rate(d, run.swept);
  if (interrupted()) return;
  tell(fmt::format("{}: descending", d.name));
  PathRecorder recorder(options_.iterates);
  StepProgress progress(options_.progress);
  Listener* const listeners[] = {&recorder, &progress};
  const TrainResult result =
      train({.train = data_}, training, workers_, listeners, options_.interrupt);
  auto site = std::make_shared<Site>(result.model, data_, workers_);
  recorder.finish(result, site->weights());
  if (recorder.steps().empty()) return;
  run.batch_size = result.plan.batch_size;
  run.learning_rate = result.plan.learning_rate;
  run.steps = result.steps;
  run.seconds = result.seconds;
  run.stop = result.stop;
  for (std::size_t k = 0; k < recorder.steps().size(); ++k)
    run.points.push_back({.step = recorder.steps()[k], .examples = recorder.examples()[k]});
  if (run.diverged()) paths_.notes.push_back(divergence_note(run.name, result));
  if (paths_.site == nullptr) {
    paths_.site = std::move(site);
    start_ = recorder.start();
  }
  displacements_.push_back(std::move(recorder.displacements()));
  paths_.runs.push_back(std::move(run));
}

void PathFollower::lay_plane() {
  const bool all = std::ranges::all_of(paths_.runs, &PathRun::diverged);
  Displacements points{.start = start_};
  std::optional<std::size_t> end;
  for (std::size_t r = 0; r < paths_.runs.size(); ++r) {
    if (paths_.runs[r].diverged() && !all) continue;
    points.rows.insert(points.rows.end(), displacements_[r].begin(), displacements_[r].end());
    if (!end) end = points.rows.size() - 1;
  }
  if (all)
    paths_.notes.emplace_back("every run diverged: the plane was chosen by all of them");
  else if (!paths_.notes.empty())
    paths_.notes.emplace_back("the plane was chosen without the runs that diverged");
  tell(fmt::format("choosing the plane of {} points", points.rows.size()));
  plane_ = plane_through(points, options_.plane, end.value_or(0), workers_);
  paths_.kind = options_.plane;
  paths_.explained = plane_.explained;
  place_points(plane_);
}

double distance_between(std::span<const float> v, std::span<const float> w) {
  double squares = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double d = static_cast<double>(v[i]) - static_cast<double>(w[i]);
    squares += d * d;
  }
  return std::sqrt(squares);
}

void PathFollower::place_points(const PathPlane& plane) {
  for (std::size_t r = 0; r < paths_.runs.size(); ++r) {
    std::vector<PathPoint>& points = paths_.runs[r].points;
    const auto& rows = displacements_[r];
    std::vector<double> lengths(points.size());
    workers_.for_each(points.size(), [&](std::size_t k) {
      const Projection p = project(plane, start_, rows[k]);
      points[k].place = p.place;
      points[k].residual = p.residual;
      points[k].distance = distance_between(rows[k], rows[0]);
      lengths[k] = k == 0 ? 0 : distance_between(rows[k], rows[k - 1]);
    });
    for (const double length : lengths) paths_.runs[r].length += length;
  }
}

PlaneMeasures PathFollower::measured(std::span<const PlanePoint> points) const {
  return measure_plane(*paths_.site, plane_.view(), points);
}

/// The objective at every point, and at its projection. After an interrupt the first is left out.
void PathFollower::measure_points() {
  tell("measuring the objective along the paths");
  paths_.start = paths_.site->value(start_);
  std::size_t all = 0;
  for (const PathRun& run : paths_.runs) all += run.points.size();
  std::size_t done = 0;
  std::vector<float> w(start_.size());
  std::vector<PlanePoint> places;
  for (std::size_t r = 0; r < paths_.runs.size(); ++r)
    for (std::size_t k = 0; k < paths_.runs[r].points.size(); ++k) {
      PathPoint& point = paths_.runs[r].points[k];
      places.push_back(point.place);
      point.truth.loss = std::numeric_limits<double>::quiet_NaN();
      paths_.interrupted = paths_.interrupted || interrupted();
      if (paths_.interrupted) continue;
      for (std::size_t i = 0; i < w.size(); ++i)
        w[i] = static_cast<float>(static_cast<double>(start_[i]) +
                                  static_cast<double>(displacements_[r][k][i]));
      point.truth = paths_.site->value(w);
      if (options_.progress)
        options_.progress(static_cast<double>(++done) / static_cast<double>(all));
    }
  const PlaneMeasures found = measured(places);
  std::size_t p = 0;
  for (PathRun& run : paths_.runs)
    for (PathPoint& point : run.points) point.in_plane = found.points[p++];
}

/// Where the paths of runs that did not diverge go, and some way beyond.
Axis extent_of(const std::vector<PathRun>& runs, double PlanePoint::*coordinate,
               std::size_t points) {
  const bool all = std::ranges::all_of(runs, &PathRun::diverged);
  Axis axis{.from = std::numeric_limits<double>::infinity(),
            .to = -std::numeric_limits<double>::infinity(),
            .points = points};
  for (const PathRun& run : runs)
    for (const PathPoint& point : run.points) {
      if (run.diverged() && !all) break;
      axis.from = std::min(axis.from, point.place.*coordinate);
      axis.to = std::max(axis.to, point.place.*coordinate);
    }
  const double beyond = axis.to > axis.from ? margin * (axis.to - axis.from) : 1e-3;
  axis.from -= beyond;
  axis.to += beyond;
  return axis;
}

void PathFollower::measure_grid_of_plane() {
  paths_.a = extent_of(paths_.runs, &PlanePoint::a, options_.points[0]).places();
  paths_.b = extent_of(paths_.runs, &PlanePoint::b, options_.points[1]).places();
  tell(fmt::format("measuring {} points of the plane", paths_.a.size() * paths_.b.size()));
  std::vector<PlanePoint> places;
  for (const double b : paths_.b)
    for (const double a : paths_.a) places.push_back({.a = a, .b = b});
  paths_.points = measured(places).points;
}

/// P of the model that all of them train.
std::uint64_t parameters_of(const Dataset& data, std::span<const Descender> descenders) {
  const std::string model = descenders.empty() ? "linear" : descenders.front().training.model;
  return Network::parse(model, data.features(), data.classes()).parameters();
}

void require_paths_room(const Dataset& data, std::span<const Descender> descenders,
                        const PathsOptions& options, std::size_t threads) {
  const std::uint64_t parameters = parameters_of(data, descenders);
  const std::uint64_t kept = options.iterates * descenders.size();
  std::uint64_t working = 0;
  for (const Descender& d : descenders)
    working = std::max(working, training_bytes(data, d.training, threads));
  const std::uint64_t stored = options.memory_limit != 0 ? data.storage_bytes() : 0;
  // The points twice, while a plane is laid through them; their dot products.
  require_memory(stored + working + 2 * kept * parameters * sizeof(float) + 4 * kept * kept * 8 +
                     options.points[0] * options.points[1] * sizeof(Measure),
                 options.memory_limit,
                 fmt::format("{} paths of {} points of {} parameters", descenders.size(),
                             options.iterates, parameters),
                 "keep fewer iterates or follow fewer paths, or raise the limit");
}

}  // namespace

double PathRun::most_beside() const {
  double residual = 0;
  double distance = 0;
  for (const PathPoint& point : points) {
    residual = std::max(residual, point.residual);
    distance = std::max(distance, point.distance);
  }
  return distance > 0 ? residual / distance : 0;
}

void PathsOptions::validate() const {
  if (iterates < 2)
    throw usage_error(fmt::format("{} points of each path", iterates), "keep at least 2");
  constexpr std::size_t most = 10'000;
  for (const std::size_t n : points)
    if (n < 1 || n > most)
      throw usage_error(fmt::format("{} points along a side of the plane", n), "give 1 to 10000");
}

Paths follow_paths(const Dataset& data, std::span<const Descender> descenders,
                   const PathsOptions& options, Workers& workers) {
  options.validate();
  if (descenders.empty()) throw usage_error("there is no path to follow", "name at least one");
  for (const Descender& d : descenders) d.training.validate();
  require_paths_room(data, descenders, options, workers.threads());
  return PathFollower(data, options, workers).follow(descenders);
}

}  // namespace fallline::landscape

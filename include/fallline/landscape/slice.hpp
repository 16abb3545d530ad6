#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fallline/landscape/breakpoints.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/landscape/plane.hpp>
#include <fallline/landscape/site.hpp>
#include <fallline/landscape/steepest.hpp>
#include <fallline/line_chart.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fallline::landscape {

/// Where a slice is looked at along a direction: so many points from one place to another, both
/// included.
struct Axis {
  double from = -1;
  double to = 1;
  std::size_t points = 0;  ///< 0: 101 of a line, 51 of each side of a plane

  /// from + (to − from)·i/(n − 1)
  [[nodiscard]] std::vector<double> places() const;
};

struct SliceOptions {
  std::array<Axis, 2> axes;  ///< of a and b
  PlaneMethod method = PlaneMethod::automatic;
  bool accuracy = true;       ///< counted at each point as well
  bool breakpoints = true;    ///< found, of the hinge along a line
  bool steepest = false;      ///< steps along the steepest descent are taken
  PlanePoint steepest_from;   ///< where they begin
  std::vector<double> rates;  ///< of these steps; empty: chosen (steepest.hpp)
  std::size_t check = 3;      ///< points of the grid that are evaluated directly as well
  std::uint64_t seed = 1;     ///< of their draw
  std::uint64_t memory_limit = 0;
  std::function<void(double)> told = {};  ///< of the share that is done
  const std::atomic<bool>* interrupt = nullptr;
};

/// How far the fast way is from the objective itself, at points drawn from the grid.
struct SliceCheck {
  std::size_t points = 0;
  double worst = 0;  ///< largest |fast − direct| / |direct|; 0 where both are 0
  double seconds_a_point = 0;
  double seconds_all = 0;  ///< what all points would take
};

struct Slice {
  std::vector<Direction> directions;  ///< one, or two
  std::vector<double> a;
  std::vector<double> b;        ///< empty of a line
  Measure centre;               ///< at a = b = 0
  std::vector<Measure> points;  ///< for each b one after another, all a
  bool accuracy = false;        ///< whether it was counted
  PlaneMethod method = PlaneMethod::direct;
  std::size_t examples = 0;  ///< that the means are over
  std::optional<PiecewiseLinear> breakpoints;
  std::optional<SteepestDescent> steepest;
  std::optional<SliceCheck> check;
  double seconds = 0;  ///< of the grid
  bool interrupted = false;
  std::vector<std::string> notes;

  [[nodiscard]] const Measure& at(std::size_t i, std::size_t j = 0) const {
    return points[j * a.size() + i];
  }
  /// The point of the grid with the lowest objective, its place and its measure; none where no
  /// objective is finite.
  struct Found {
    PlanePoint place;
    Measure measure;
  };
  [[nodiscard]] std::optional<Found> lowest() const;
};

/// The objective of a site around its weights, along one direction or over the plane of two.
/// @throws Error(usage) for other numbers of directions, empty or unbounded axes;
///         Error(not_enough_memory) before it begins
[[nodiscard]] Slice slice(Site& site, std::vector<Direction> directions,
                          const SliceOptions& options = {});

/// What a picture is of, where its numbers do not say it.
struct Subject {
  std::string run;                ///< the model's path
  std::string part;               ///< train, validation, test, all
  std::string which = "all";      ///< all, batch, example
  std::size_t first_example = 1;  ///< of the part, from 1
};

/// The slice as one JSON object (docs/landscape-json.md lists the keys).
[[nodiscard]] std::string json(const Slice& slice, const Site& site, const Subject& subject);

/// A line as a chart of loss and objective. @throws Error(usage) of a plane.
[[nodiscard]] LineChart chart(const Slice& slice, const Site& site);

}  // namespace fallline::landscape

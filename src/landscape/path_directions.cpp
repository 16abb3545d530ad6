#include <fmt/format.h>

#include <fallline/landscape/path_directions.hpp>
#include <fallline/landscape/path_plane.hpp>
#include <fallline/memory.hpp>
#include <fallline/train/train.hpp>
#include <utility>

#include "landscape/path_recorder.hpp"
#include "landscape/step_progress.hpp"

namespace fallline::landscape {
namespace {

Direction principal(std::vector<float> values, int number, double explained) {
  return {.kind = DirectionKind::principal,
          .about = fmt::format("principal direction {} of the run's path, {:.1f} % of its variance",
                               number, 100 * explained),
          .values = std::move(values)};
}

}  // namespace

std::optional<std::array<Direction, 2>> path_directions(const Parts& parts,
                                                        const TrainOptions& training,
                                                        Workers& workers, std::size_t iterates,
                                                        const std::function<void(double)>& progress,
                                                        const std::atomic<bool>* interrupt) {
  const std::uint64_t parameters =
      Network::parse(training.model, parts.train.features(), parts.train.classes()).parameters();
  require_memory(iterates * parameters * sizeof(float), training.memory_limit,
                 fmt::format("{} points of a path of {} parameters", iterates, parameters),
                 "choose other directions, or raise the limit");
  TrainOptions options = training;
  options.seek_held_rate = false;
  PathRecorder recorder(iterates);
  StepProgress steps(progress);
  Listener* const listeners[] = {&recorder, &steps};
  const TrainResult result = train(parts, options, workers, listeners, interrupt);
  if (result.stop == StopReason::interrupted) return std::nullopt;
  Displacements points{.start = recorder.start(), .rows = std::move(recorder.displacements())};
  const std::size_t end = points.rows.size() - 1;
  PathPlane plane = plane_through(points, PlaneKind::principal, end, workers);
  return std::array{principal(std::move(plane.first), 1, plane.explained[0]),
                    principal(std::move(plane.second), 2, plane.explained[1])};
}

}  // namespace fallline::landscape

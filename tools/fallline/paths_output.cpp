#include "paths_output.hpp"

#include <fmt/format.h>

#include "console.hpp"

namespace fallline::tool {
namespace {

using landscape::PathRun;
using landscape::Paths;

void print_plane(const Paths& p) {
  fmt::print("start       loss {:#.6g}   objective {:#.6g}   accuracy {:.2f} %   {} examples\n",
             p.start.loss, p.start.objective(), 100 * p.start.accuracy(), p.start.examples);
  fmt::print("plane       {}, {:.2f} % and {:.2f} % of the points' variance; {} points\n\n",
             name_of(p.kind), 100 * p.explained[0], 100 * p.explained[1], p.points.size());
}

void print_runs(const Paths& p) {
  fmt::print("{:<12} {:>6} {:>10} {:>8} {:>9} {:>11} {:>11} {:>9} {:>9} {:>8}\n", "path", "batch",
             "rate", "steps", "examples", "objective", "in plane", "beside", "straight", "seconds");
  for (const PathRun& run : p.runs) {
    const landscape::PathPoint& end = run.points.back();
    fmt::print(
        "{:<12} {:>6} {:>10.4g} {:>8} {:>9} {:>#11.6g} {:>#11.6g} {:>7.2f} % {:>9.4f} "
        "{:>8.2f}{}\n",
        run.name, run.batch_size, run.learning_rate, run.steps, end.examples, end.truth.objective(),
        end.in_plane.objective(), 100 * run.most_beside(), run.straightness(), run.seconds,
        run.diverged() ? "  diverged" : "");
  }
}

void print_text(const Paths& p) {
  if (p.site != nullptr) print_plane(p);
  print_runs(p);
  fmt::print(
      "\nbeside: the farthest from the plane, in % of the farthest from the start;\n"
      "straight: from start to end, as a share of the path's length\n");
  for (const std::string& note : p.notes) fmt::print("note: {}\n", note);
}

void print_csv(const Paths& p) {
  fmt::print("path,step,examples,a,b,residual,distance,objective,plane_objective\n");
  for (const PathRun& run : p.runs)
    for (const landscape::PathPoint& k : run.points)
      fmt::print("{},{},{},{},{},{},{},{},{}\n", csv_cell(run.name), k.step, k.examples, k.place.a,
                 k.place.b, k.residual, k.distance, k.truth.objective(), k.in_plane.objective());
}

}  // namespace

void print_paths(const Paths& paths, const std::string& json, const std::string& format) {
  if (format == "json") fmt::print("{}", json);
  if (format == "csv") print_csv(paths);
  if (format == "text") print_text(paths);
}

}  // namespace fallline::tool

#include <fallline/landscape/paths.hpp>

#include "landscape/json.hpp"

namespace fallline::landscape {
namespace {

std::string about(const Paths& paths) {
  return paths.kind == PlaneKind::principal
             ? "through the mean of the paths' points, along the directions in which they vary most"
             : "through the start and the end of the first path, and along what varies most beside";
}

Json plane_json(const Paths& paths) {
  const std::size_t columns = paths.a.size();
  return {{"about", about(paths)},
          {"kind", name_of(paths.kind)},
          {"explained", paths.explained},
          {"a", column(paths.a)},
          {"b", column(paths.b)},
          {"loss", grid_json(paths.points, columns, true, loss_of)},
          {"objective", grid_json(paths.points, columns, true, objective_of)}};
}

Json run_json(const PathRun& run) {
  Json steps = Json::array();
  Json examples = Json::array();
  for (const PathPoint& p : run.points) {
    steps.push_back(p.step);
    examples.push_back(p.examples);
  }
  return {{"name", run.name},
          {"kind", name_of(run.kind)},
          {"optimizer", run.optimizer},
          {"batch_size", run.batch_size},
          {"learning_rate", run.learning_rate},
          {"swept", run.swept},
          {"steps", run.steps},
          {"seconds", run.seconds},
          {"diverged", run.diverged()},
          {"stop_reason", name_of(run.stop)},
          {"length", number(run.length)},
          {"straightness", number(run.straightness())},
          {"step", steps},
          {"examples", examples},
          {"a", column(run.points, [](const PathPoint& p) { return p.place.a; })},
          {"b", column(run.points, [](const PathPoint& p) { return p.place.b; })},
          {"residual", column(run.points, [](const PathPoint& p) { return p.residual; })},
          {"distance", column(run.points, [](const PathPoint& p) { return p.distance; })},
          {"objective", column(run.points, [](const PathPoint& p) { return p.truth.objective(); })},
          {"plane_objective",
           column(run.points, [](const PathPoint& p) { return p.in_plane.objective(); })}};
}

}  // namespace

std::string json(const Paths& paths, const Subject& subject) {
  Json json{{"kind", "paths"}, {"version", json_version}};
  if (paths.site != nullptr) {
    json["model"] = model_json(*paths.site, subject);
    json["data"] = data_json(*paths.site, subject, paths.site->size());
    json["start"] = {{"loss", number(paths.start.loss)},
                     {"objective", number(paths.start.objective())},
                     {"accuracy", number(paths.start.accuracy())}};
    json["plane"] = plane_json(paths);
  }
  json["runs"] = Json::array();
  for (const PathRun& run : paths.runs) json["runs"].push_back(run_json(run));
  json["seconds"] = paths.seconds;
  json["interrupted"] = paths.interrupted;
  json["notes"] = paths.notes;
  return compact(json);
}

}  // namespace fallline::landscape

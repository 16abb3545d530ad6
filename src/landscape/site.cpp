#include <fallline/error.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/landscape/site.hpp>
#include <fallline/objective/linear_objective.hpp>
#include <utility>

#include "indices.hpp"

namespace fallline::landscape {

struct Site::Work {
  Work(Classifier m, const Dataset& d, Workers& w)
      : model(std::move(m)),
        data(model.accept(d)),
        workers(w),
        blocks(parameter_blocks(model)),
        all(all_indices(data.size())),
        objective(data, model.preprocessing, model.loss, model.penalty, workers) {}

  Classifier model;
  Dataset data;
  Workers& workers;
  std::vector<ParameterBlock> blocks;
  std::vector<std::size_t> all;
  LinearObjective objective;
};

namespace {

const Dataset& labelled(const Dataset& data) {
  if (data.empty() || !data.labelled())
    throw bad_input({.file = data.name()},
                    data.empty() ? "there are no examples" : "the examples have no labels",
                    "an objective needs labelled examples");
  return data;
}

}  // namespace

std::vector<ParameterBlock> parameter_blocks(const Classifier& model) {
  const std::size_t classes = model.linear.classes();
  const std::size_t features = model.linear.features();
  return {
      {.name = "weight", .rows = classes, .columns = features},
      {.name = "bias", .rows = classes, .columns = 1, .first = classes * features, .bias = true}};
}

Direction direction_towards(const Site& site, const Classifier& other, const std::string& name) {
  return direction_towards(site, other.linear.parameters(), name);
}

Site::Site(Classifier model, const Dataset& data, Workers& workers)
    : work_(std::make_unique<Work>(std::move(model), labelled(data), workers)) {}

Site::~Site() = default;

const Classifier& Site::model() const { return work_->model; }
const Dataset& Site::data() const { return work_->data; }
Workers& Site::workers() const { return work_->workers; }
std::span<const float> Site::weights() const {
  return std::as_const(work_->model.linear).parameters();
}
const std::vector<ParameterBlock>& Site::blocks() const { return work_->blocks; }
bool Site::linear() const { return true; }

Measure Site::value(std::span<const float> w) { return work_->objective.value(w, work_->all); }

Measure Site::value_and_gradient(std::span<const float> w, std::span<float> g) {
  return work_->objective.value_and_gradient(w, work_->all, g);
}

}  // namespace fallline::landscape

#include <fallline/error.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/landscape/site.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <utility>

#include "indices.hpp"

namespace fallline::landscape {

struct Site::Work {
  Work(Classifier m, const Dataset& d, Workers& w)
      : model(std::move(m)),
        data(model.accept(d)),
        workers(w),
        all(all_indices(data.size())),
        objective(data, model.preprocessing, model.network, model.loss, model.penalty, workers) {}

  Classifier model;
  Dataset data;
  Workers& workers;
  std::vector<std::size_t> all;
  BatchObjective objective;
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

Direction direction_towards(const Site& site, const Classifier& other, const std::string& name) {
  require_same(site.model().schema, other.schema, "the model", name);
  return direction_towards(site, other.parameters, name);
}

Site::Site(Classifier model, const Dataset& data, Workers& workers)
    : work_(std::make_unique<Work>(std::move(model), labelled(data), workers)) {}

Site::~Site() = default;

const Classifier& Site::model() const { return work_->model; }
const Dataset& Site::data() const { return work_->data; }
Workers& Site::workers() const { return work_->workers; }
std::span<const float> Site::weights() const { return work_->model.parameters; }
const std::vector<ParameterBlock>& Site::blocks() const { return work_->model.network.blocks(); }
bool Site::linear() const { return work_->model.network.linear(); }

Measure Site::value(std::span<const float> w) { return work_->objective.value(w, work_->all); }

Measure Site::value_and_gradient(std::span<const float> w, std::span<float> g) {
  return work_->objective.value_and_gradient(w, work_->all, g);
}

}  // namespace fallline::landscape

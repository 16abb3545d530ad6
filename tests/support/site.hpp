#pragma once

#include <fallline/landscape/plane.hpp>
#include <fallline/landscape/site.hpp>
#include <fallline/objective/reference_objective.hpp>
#include <vector>

#include "support/datasets.hpp"

namespace fallline::test {

/// A linear model with random weights for `data`, standardised.
inline Classifier random_model(const Dataset& data, const Loss& loss, const Penalty& penalty,
                               Workers& workers, double scale = 0.1) {
  Classifier model{.network = Network(data.classes(), data.features()),
                   .preprocessing = Preprocessing::fit(PreprocessingKind::feature, data, workers),
                   .loss = loss,
                   .penalty = penalty,
                   .schema = data.schema()};
  model.parameters = random_vector<float>(model.network.parameters(), scale);
  return model;
}

/// The objective at a point of a plane, in double throughout.
inline Measure reference_at(const landscape::Site& site, const landscape::Plane& plane,
                            const landscape::PlanePoint& point) {
  std::vector<double> w(site.parameters());
  for (std::size_t i = 0; i < w.size(); ++i)
    w[i] = static_cast<double>(plane.origin[i]) + point.a * static_cast<double>(plane.first[i]) +
           (plane.second.empty() ? 0 : point.b * static_cast<double>(plane.second[i]));
  const Classifier& model = site.model();
  return ReferenceObjective(site.data(), model.preprocessing, model.loss, model.penalty)
      .value(w, indices(site.size()));
}

}  // namespace fallline::test

#pragma once

#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/workers.hpp>
#include <memory>
#include <span>
#include <vector>

namespace fallline::landscape {

/// A model and the examples that its objective is taken over: what a landscape is of.
///
///     L(W) = (1/N) Σ_i L_i(W) + λ R(W)      over all N examples given
///
/// One example, a batch or a whole set: the objective is always that of training (`Measure`), with
/// the model's preprocessing, loss and penalty.
class Site {
 public:
  /// @param data     labelled, at least one example
  /// @param workers  who computes; must outlive the site
  /// @throws Error(bad_input) where the data do not fit the model, or have no labels.
  Site(Classifier model, const Dataset& data, Workers& workers);
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  [[nodiscard]] const Classifier& model() const;
  [[nodiscard]] const Dataset& data() const;  ///< as the model sees it
  [[nodiscard]] Workers& workers() const;

  [[nodiscard]] std::size_t size() const { return data().size(); }  ///< N
  [[nodiscard]] std::size_t parameters() const { return weights().size(); }
  /// The model's parameters.
  [[nodiscard]] std::span<const float> weights() const;
  [[nodiscard]] const std::vector<ParameterBlock>& blocks() const;
  /// Whether scores are linear in the parameters, so that planes are cheap (plane.hpp).
  [[nodiscard]] bool linear() const;

  /// The objective at other parameters; with its gradient into `g`.
  [[nodiscard]] Measure value(std::span<const float> w);
  [[nodiscard]] Measure value_and_gradient(std::span<const float> w, std::span<float> g);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace fallline::landscape

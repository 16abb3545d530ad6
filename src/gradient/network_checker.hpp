#pragma once

#include <fallline/gradient/network_check.hpp>
#include <functional>
#include <vector>

#include "model/layer_values.hpp"

namespace fallline {

/// The objective of a network in double, written over its layers, and the checks of its gradient.
/// A test hands in layers with a wrong Jacobian.
class NetworkChecker {
 public:
  /// @param values  with room for all of `data`, nothing given
  NetworkChecker(LayerValues<double>& values, const Dataset& data,
                 const Preprocessing& preprocessing, const Loss& loss, const Penalty& penalty,
                 std::span<const float> w, const GradientCheckOptions& options,
                 const std::function<bool(double)>& progress);

  [[nodiscard]] NetworkGradientCheck check();

  /// L at the parameters in question.
  [[nodiscard]] double value();
  /// ∂L/∂w there.
  [[nodiscard]] const std::vector<double>& gradient();

 private:
  using Function = std::function<double(std::span<const double>)>;

  [[nodiscard]] double loss_of(std::size_t example, bool slopes);
  [[nodiscard]] LayerCheck check_layer(std::size_t l);
  [[nodiscard]] GradientCheck compare(const Function& f, std::span<double> x,
                                      std::span<const double> gradient,
                                      const std::vector<ParameterBlock>& blocks);
  [[nodiscard]] CheckedCoordinate settle(const Function& f, std::span<double> x,
                                         CheckedCoordinate found, double step);
  [[nodiscard]] std::vector<bool> sides();
  [[nodiscard]] std::size_t coordinates_of(std::size_t count) const;

  LayerValues<double>& values_;
  const Network& network_;
  const Dataset& data_;
  const Loss& loss_;
  const Penalty& penalty_;
  const GradientCheckOptions& options_;
  std::function<bool(double)> progress_;
  std::vector<double> w_;
  std::vector<double> gradient_;
  double done_ = 0;
  double total_ = 0;
  bool stopped_ = false;
};

}  // namespace fallline

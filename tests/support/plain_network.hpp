#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/model/network.hpp>
#include <span>
#include <vector>

namespace fallline::test {

/// A network written out plainly, an example and a number at a time, in double: what the layers of
/// the library are compared with.
class PlainNetwork {
 public:
  PlainNetwork(Network network, std::span<const double> w)
      : network_(std::move(network)), w_(w.begin(), w.end()) {}

  /// Values of all layers for the features z.
  [[nodiscard]] std::vector<std::vector<double>> values(const std::vector<double>& z) const {
    std::vector<std::vector<double>> y{z};
    for (std::size_t l = 1; l < network_.layers().size(); ++l) y.push_back(layer(l, y));
    return y;
  }

  /// Loss and gradient of some examples' mean.
  double value_and_gradient(const Dataset& data, const Preprocessing& p, const Loss& loss,
                            const Penalty& penalty, std::span<const std::size_t> batch,
                            std::vector<double>& g) const {
    g.assign(w_.size(), 0);
    double value = 0;
    const double n = static_cast<double>(batch.size());
    for (const std::size_t i : batch) {
      std::vector<double> z(data.features());
      for (std::size_t d = 0; d < z.size(); ++d)
        z[d] = (double(data.cell(i, d)) - double(p.mean[d])) * double(p.scale[d]);
      const auto y = values(z);
      std::vector<std::vector<double>> slopes;
      for (const auto& v : y) slopes.emplace_back(v.size());
      value += loss(std::span<const double>(y.back()), std::size_t(data.labels()[i]),
                    std::span(slopes.back())) /
               n;
      for (double& s : slopes.back()) s /= n;
      for (std::size_t l = y.size(); l-- > 1;) send_back(l, y, slopes, g);
    }
    for (const ParameterBlock& b : network_.blocks()) {
      if (b.role != BlockRole::weight) continue;
      value += penalty.value(std::span(w_).subspan(b.first, b.count));
      penalty.add_gradient(std::span(w_).subspan(b.first, b.count),
                           std::span(g).subspan(b.first, b.count));
    }
    return value;
  }

 private:
  [[nodiscard]] std::vector<double> layer(std::size_t l,
                                          const std::vector<std::vector<double>>& y) const {
    const Layer& layer = network_.layers()[l];
    std::vector<double> out(layer.width);
    const std::vector<double>& x = y[layer.reads[0]];
    for (std::size_t u = 0; u < out.size(); ++u) {
      if (layer.kind == Layer::Kind::dense) {
        out[u] = w_[network_.bias_of(l) + u];
        for (std::size_t k = 0; k < x.size(); ++k)
          out[u] += w_[network_.weights_of(l) + u * x.size() + k] * x[k];
      } else if (layer.kind == Layer::Kind::activation) {
        out[u] = activate(layer.activation, x[u]);
      } else {
        for (const std::size_t r : layer.reads) out[u] += y[r][u];
      }
    }
    return out;
  }

  void send_back(std::size_t l, const std::vector<std::vector<double>>& y,
                 std::vector<std::vector<double>>& slopes, std::vector<double>& g) const {
    const Layer& layer = network_.layers()[l];
    for (const std::size_t r : layer.reads)
      for (std::size_t u = 0; u < layer.width; ++u) {
        const double s = slopes[l][u];
        if (layer.kind == Layer::Kind::dense) {
          g[network_.bias_of(l) + u] += s;
          for (std::size_t k = 0; k < y[r].size(); ++k) {
            const std::size_t at = network_.weights_of(l) + u * y[r].size() + k;
            g[at] += s * y[r][k];
            slopes[r][k] += s * w_[at];
          }
        } else if (layer.kind == Layer::Kind::activation) {
          slopes[r][u] += s * derivative(layer.activation, y[r][u], y[l][u]);
        } else {
          slopes[r][u] += s;
        }
      }
  }

  Network network_;
  std::vector<double> w_;
};

}  // namespace fallline::test

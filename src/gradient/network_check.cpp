#include <algorithm>
#include <chrono>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/gradient/network_check.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/random.hpp>
#include <limits>

#include "gradient/network_checker.hpp"
#include "indices.hpp"

namespace fallline {
namespace {

/// Coordinates between two reports of progress.
constexpr std::size_t slice = 16;

template <class Work>
double seconds_of_work(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double training_distance(const Dataset& data, const Preprocessing& preprocessing,
                         const Network& network, const Loss& loss, const Penalty& penalty,
                         std::span<const float> w, const std::vector<double>& exact,
                         Arithmetic arithmetic, Workers& workers) {
  if (arithmetic == Arithmetic::integers &&
      !why_not_integers(data.cells(), data.features()).empty())
    return std::numeric_limits<double>::quiet_NaN();
  BatchObjective objective(data, preprocessing, network, loss, penalty, workers, arithmetic);
  std::vector<float> g(exact.size());
  (void)objective.value_and_gradient(w, all_indices(data.size()), g);
  double apart = 0;
  double size = 0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    apart += (g[i] - exact[i]) * (g[i] - exact[i]);
    size += exact[i] * exact[i];
  }
  return std::sqrt(apart / size);
}

}  // namespace

Verdict NetworkGradientCheck::verdict() const {
  return wrong_layers().empty() ? whole.verdict() : Verdict::fail;
}

std::vector<std::string> NetworkGradientCheck::wrong_layers() const {
  std::vector<std::string> names;
  for (const LayerCheck& layer : layers)
    if (layer.check.verdict() == Verdict::fail) names.push_back(layer.layer);
  return names;
}

NetworkChecker::NetworkChecker(LayerValues<double>& values, const Dataset& data,
                               const Preprocessing& preprocessing, const Loss& loss,
                               const Penalty& penalty, std::span<const float> w,
                               const GradientCheckOptions& options,
                               const std::function<bool(double)>& progress)
    : values_(values),
      network_(values.network()),
      data_(data),
      loss_(loss),
      penalty_(penalty),
      options_(options),
      progress_(progress),
      w_(w.begin(), w.end()),
      gradient_(w.size()) {
  options.validate();
  if (w.size() != network_.parameters() || data.features() != network_.features() ||
      data.classes() != network_.classes())
    throw usage_error("the network does not fit the parameters or the data",
                      "make it for the data's features and classes");
  values_.set_parameters(w_);
  std::vector<float> x(data.features());
  for (std::size_t i = 0; i < data.size(); ++i) {
    data.copy_row(i, x);
    for (std::size_t d = 0; d < x.size(); ++d)
      values_.value(0, i)[d] = (static_cast<double>(x[d]) - preprocessing.mean[d]) *
                               static_cast<double>(preprocessing.scale[d]);
  }
}

double NetworkChecker::loss_of(std::size_t i, bool slopes) {
  const std::size_t last = network_.layers().size() - 1;
  const std::span<const double> f(values_.value(last, i), network_.classes());
  const auto y = static_cast<std::size_t>(data_.labels()[i]);
  if (!slopes) return loss_(f, y);
  const std::span<double> g(values_.gradient(last, i), network_.classes());
  const double loss = loss_(f, y, g);
  for (double& slope : g) slope /= static_cast<double>(data_.size());
  return loss;
}

double NetworkChecker::value() {
  values_.forward(0, data_.size());
  double sum = 0;
  for (std::size_t i = 0; i < data_.size(); ++i) sum += loss_of(i, false);
  double value = sum / static_cast<double>(data_.size());
  for (const ParameterBlock& block : network_.blocks())
    if (block.role == BlockRole::weight)
      value += penalty_.value(std::span<const double>(w_).subspan(block.first, block.count));
  return value;
}

const std::vector<double>& NetworkChecker::gradient() {
  values_.forward(0, data_.size());
  for (std::size_t i = 0; i < data_.size(); ++i) (void)loss_of(i, true);
  for (std::size_t l = network_.layers().size(); l-- > 1;) values_.backward(l, 0, data_.size());
  for (const auto& tile : values_.tiles())
    values_.parameter_gradient(tile, data_.size(), false, gradient_);
  for (const ParameterBlock& block : network_.blocks())
    if (block.role == BlockRole::weight)
      penalty_.add_gradient(std::span<const double>(w_).subspan(block.first, block.count),
                            std::span(gradient_).subspan(block.first, block.count));
  return gradient_;
}

std::size_t NetworkChecker::coordinates_of(std::size_t count) const {
  if (options_.coordinates == 0) return count;
  return std::min(count, std::max<std::size_t>(1, options_.coordinates / network_.blocks().size()));
}

/// On which side of its kink each ReLU is, and each margin of a hinge.
std::vector<bool> NetworkChecker::sides() {
  std::vector<bool> all;
  const auto& layers = network_.layers();
  for (const Layer& layer : layers) {
    if (layer.kind != Layer::Kind::activation) continue;
    if (layer.activation != Activation::relu && layer.activation != Activation::leaky_relu)
      continue;
    const double* x = values_.value(layer.reads[0], 0);
    for (std::size_t i = 0; i < data_.size() * layer.width; ++i) all.push_back(x[i] > 0);
  }
  if (loss_.kind == LossKind::softmax) return all;
  for (std::size_t i = 0; i < data_.size(); ++i) {
    const double* f = values_.value(layers.size() - 1, i);
    const double own = f[static_cast<std::size_t>(data_.labels()[i])];
    for (std::size_t c = 0; c < network_.classes(); ++c)
      all.push_back(f[c] - own + loss_.delta > 0);
  }
  return all;
}

/// A coordinate that failed, looked at from nearer where something changed sides between the
/// points: a failure there stands, and anything else is a kink.
CheckedCoordinate NetworkChecker::settle(const Function& f, std::span<double> x,
                                         CheckedCoordinate found, double step) {
  if (found.verdict != Verdict::fail) return found;
  constexpr int most = 6;
  const double before = x[found.index];
  double h = 2 * step * std::max(1.0, std::abs(before));
  bool crossed = false;
  for (int k = 0; k < most; ++k, h /= 8) {
    const double high = before + h;
    const double low = before - h;
    x[found.index] = high;
    const double above = f(x);
    const std::vector<bool> sides_above = sides();
    x[found.index] = low;
    const double below = f(x);
    const bool same = sides() == sides_above;
    x[found.index] = before;
    if (same && !crossed) return found;
    crossed = true;
    if (!same) continue;
    const double rounding = 4 * std::numeric_limits<double>::epsilon();
    const Difference nearer{.value = (above - below) / (high - low),
                            .error = rounding * (std::abs(above) + std::abs(below)) / (high - low)};
    const CheckedCoordinate again =
        judge(found.index, found.analytic, {.difference = nearer}, options_.tolerance);
    if (again.verdict == Verdict::fail) return again;
    break;
  }
  found.verdict = Verdict::inconclusive;
  found.kink = true;
  return found;
}

/// The same share of every block's coordinates, slice by slice.
GradientCheck NetworkChecker::compare(const Function& f, std::span<double> x,
                                      std::span<const double> gradient,
                                      const std::vector<ParameterBlock>& blocks) {
  std::vector<std::size_t> indices;
  for (const ParameterBlock& block : blocks) {
    GradientCheckOptions drawn = options_;
    drawn.coordinates = coordinates_of(block.count);
    for (const std::size_t i : checked_coordinates(block.count, drawn))
      indices.push_back(block.first + i);
  }
  std::vector<CheckedCoordinate> found;
  GradientCheckOptions part = options_;
  part.worst = slice;
  double step = 0;
  for (std::size_t first = 0; first < indices.size() && !stopped_; first += slice) {
    const auto begin = indices.begin() + static_cast<std::ptrdiff_t>(first);
    const std::size_t count = std::min(slice, indices.size() - first);
    part.indices.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    const GradientCheck checked = check_gradient(f, x, gradient, part);
    step = checked.step;
    for (const CheckedCoordinate& coordinate : checked.worst)
      found.push_back(settle(f, x, coordinate, step));
    done_ += static_cast<double>(count);
    if (progress_ && !progress_(std::min(1.0, done_ / total_))) stopped_ = true;
  }
  GradientCheck result = summary_of(found, blocks, options_);
  result.step = step;
  return result;
}

LayerCheck NetworkChecker::check_layer(std::size_t l) {
  const Layer& layer = network_.layers()[l];
  const std::size_t n = data_.size();
  values_.forward(0, n);
  // ū, the gradient of ū·y with respect to y.
  const Random random(options_.seed, Purpose::cotangents, static_cast<std::uint32_t>(l));
  double* u = values_.gradient(l, 0);
  const std::size_t outputs = n * layer.width;
  for (std::size_t i = 0; i < outputs; ++i) u[i] = random.normal(i);
  const std::vector<double> cotangent(u, u + outputs);
  // A share that is added is added to nothing here: what others send back is not this layer's.
  for (const std::size_t from : layer.reads)
    if (from != 0) std::fill_n(values_.gradient(from, 0), n * network_.layers()[from].width, 0.0);
  values_.backward(l, 0, n);
  std::vector<double> parameters(network_.parameters());
  for (const auto& tile : values_.tiles())
    if (tile.layer == l) values_.parameter_gradient(tile, n, false, parameters);

  LayerCheck result{.layer = layer.name, .check = {.all = {.name = "all"}}};
  const Function f = [&](std::span<const double>) {
    values_.forward(l, 0, n, {});
    double sum = 0;
    for (std::size_t i = 0; i < outputs; ++i) sum += cotangent[i] * values_.value(l, 0)[i];
    return sum;
  };
  const auto add = [&](const std::string& name, std::span<double> x, std::span<const double> g) {
    const GradientCheck one = compare(f, x, g, {{.name = name, .first = 0, .count = x.size()}});
    result.check.blocks.push_back(one.blocks.front());
    result.check.all.add(one.all);
    result.check.worst.insert(result.check.worst.end(), one.worst.begin(), one.worst.end());
    result.check.step = one.step;
    result.check.tolerance = one.tolerance;
  };
  std::vector<std::size_t> read = layer.reads;
  std::ranges::sort(read);
  read.erase(std::unique(read.begin(), read.end()), read.end());
  for (const std::size_t from : read) {
    if (from == 0) continue;
    const std::size_t count = n * network_.layers()[from].width;
    add(network_.layers()[from].name, {values_.value(from, 0), count},
        {values_.gradient(from, 0), count});
  }
  for (const ParameterBlock& block : network_.blocks()) {
    if (layer.kind != Layer::Kind::dense) break;
    if (block.first != network_.weights_of(l) && block.first != network_.bias_of(l)) continue;
    add(block.role == BlockRole::weight ? "weight" : "bias",
        std::span(w_).subspan(block.first, block.count),
        std::span<const double>(parameters).subspan(block.first, block.count));
  }
  return result;
}

NetworkGradientCheck NetworkChecker::check() {
  NetworkGradientCheck found{.examples = data_.size(), .parameters = w_.size()};
  for (const ParameterBlock& block : network_.blocks())
    total_ += 2 * static_cast<double>(coordinates_of(block.count));
  for (std::size_t l = 1; l < network_.layers().size(); ++l)
    for (const std::size_t from : network_.layers()[l].reads)
      if (from != 0)
        total_ += static_cast<double>(coordinates_of(data_.size() * network_.layers()[from].width));
  found.numerical_seconds = seconds_of_work([&] {
    for (std::size_t l = 1; l < network_.layers().size() && !stopped_; ++l)
      found.layers.push_back(check_layer(l));
  });
  found.analytic_seconds = seconds_of_work([&] { (void)gradient(); });
  found.evaluation_seconds = seconds_of_work([&] { (void)value(); });
  found.numerical_seconds += seconds_of_work([&] {
    found.whole =
        compare([&](std::span<const double>) { return value(); }, w_, gradient_, network_.blocks());
  });
  found.stopped = stopped_;
  return found;
}

NetworkGradientCheck check_network_gradient(const Dataset& data, const Preprocessing& preprocessing,
                                            const Network& network, const Loss& loss,
                                            const Penalty& penalty, std::span<const float> w,
                                            const GradientCheckOptions& options, Workers& workers,
                                            const std::function<bool(double)>& progress) {
  LayerValues<double> values(network, data.size(), false);
  NetworkChecker checker(values, data, preprocessing, loss, penalty, w, options, progress);
  NetworkGradientCheck found = checker.check();
  const std::vector<double>& exact = checker.gradient();
  const auto distance = [&](Arithmetic arithmetic) {
    return training_distance(data, preprocessing, network, loss, penalty, w, exact, arithmetic,
                             workers);
  };
  found.float_kernels = distance(Arithmetic::floats);
  found.integer_kernels = distance(Arithmetic::integers);
  return found;
}

}  // namespace fallline

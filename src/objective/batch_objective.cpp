#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "kernels/columns.hpp"
#include "model/network_pass.hpp"
#include "objective/labelled_block.hpp"
#include "objective/layer_norms.hpp"

namespace fallline {

using kernels::ColumnBlocks;

/// What is done with the gradient: written down, or used up by an update, or neither.
struct Goal {
  std::span<float> gradient;
  const BatchObjective::Update* update = nullptr;
};

struct BatchObjective::Work {
  /// From a unit to the next in the gradient of a strip of columns. The odd line keeps the units
  /// from sharing a set of the cache.
  static constexpr std::size_t strip_stride = (ScorePass::most_blocks + 1) * kernels::block;

  Work(const Dataset& dataset, const Preprocessing& preprocessing, const Network& network, Loss l,
       Penalty p, Workers& w, Arithmetic arithmetic)
      : pass(dataset, preprocessing, network, w, arithmetic),
        loss(l),
        penalty(p),
        workers(w),
        block_losses(kernels::blocks_of(ScorePass::most)),
        block_hits(block_losses.size()),
        norms(network, pass.first().column_blocks()),
        bias(network.input_units()) {
    name_layers();
  }

  [[nodiscard]] const Dataset& data() const { return pass.data(); }
  [[nodiscard]] const Network& network() const { return pass.network(); }
  [[nodiscard]] std::size_t features() const { return data().features(); }
  /// Of the first product: classes of a linear model.
  [[nodiscard]] std::size_t units() const { return bias.size(); }

  /// Scores of a part of a batch; replaces them by G = weight · ∂L_i/∂f where a gradient is wanted;
  /// sums losses and hits, each block of 16 by itself and then the blocks in order.
  void forward(std::span<const std::size_t> part, std::span<const std::size_t> upcoming,
               float weight, bool gradient, Measure& sum) {
    const auto measure = [&](std::size_t first, std::size_t count) {
      measure_block(part.subspan(first, count), first, weight, gradient);
    };
    if (gradient)
      pass.run_staged(part, upcoming, draw, measure);
    else
      pass.run(part, measure);
    for (std::size_t b = 0; b < kernels::blocks_of(part.size()); ++b) {
      sum.loss += block_losses[b];
      sum.correct += block_hits[b];
    }
  }

  void measure_block(std::span<const std::size_t> examples, std::size_t first, float weight,
                     bool gradient) {
    const LabelledBlock block(pass.scores(first).data(), pass.classes(), examples.size(),
                              [&](std::size_t i) { return data().labels()[examples[i]]; });
    const BlockSums found = gradient ? block.sums_and_slopes(loss, weight) : block.sums(loss);
    block_losses[first / kernels::block] = found.loss;
    block_hits[first / kernels::block] = found.correct;
  }

  /// What a part of a batch adds to the gradient: first Gᵀ(X − mean) and Σ G of the first product.
  void backward(bool first) {
    begin_backward(first);
    pass.first().for_columns([&](ColumnBlocks columns, std::size_t /*thread*/) {
      pass.first().add_outer(columns, {.panel = sums.data(), .fresh = first});
    });
  }

  /// The same for the last part of a batch, where a strip of columns goes on to be the gradient,
  /// and that to be the new weights, while it is in the cache.
  void backward(bool first, std::span<const float> w, const Goal& goal) {
    begin_backward(first);
    ScorePass& product = pass.first();
    product.for_columns([&](ColumnBlocks columns, std::size_t thread) {
      const std::size_t begin = columns.begin * kernels::block;
      const std::size_t count = std::min(features(), columns.end * kernels::block) - begin;
      const bool whole = goal.update == nullptr;
      float* gradient = whole ? goal.gradient.data() + begin : strips[thread].data();
      const std::size_t stride = whole ? features() : strip_stride;
      product.add_outer(
          columns, {.panel = sums.data(), .fresh = first, .gradient = gradient, .stride = stride});
      for (std::size_t c = 0; c < units(); ++c) {
        const std::size_t at = c * features() + begin;
        const std::span<float> g(gradient + c * stride, count);
        add_penalty(w.subspan(at, count), g);
        update_part(at, g, goal);
        norms.add(c, columns.begin, g, w.subspan(at, count), moved(at, count, goal));
      }
      if (goal.update != nullptr) product.set_weights(first_of(goal.update->next), columns, thread);
    });
    finish_later(w, goal);
  }

  void begin_backward(bool first) {
    pass.first().add_class_sums(bias);
    pass.first().set_slopes();
    if (!network().linear()) pass.later_gradient(!first, later);
  }

  /// The gradient of the layers behind the first product goes where it is wanted.
  void finish_later(std::span<const float> w, const Goal& goal) {
    const auto& pieces = norms.pieces();
    workers.for_each(pieces.size(), [&](std::size_t p) {
      const LayerNorms::Piece& piece = pieces[p];
      const std::span<float> g = std::span(later).subspan(piece.first, piece.count);
      const std::span<const float> own = w.subspan(piece.first, piece.count);
      if (piece.role == BlockRole::weight) add_penalty(own, g);
      update_part(piece.first, g, goal);
      norms.set(p, g, own, moved(piece.first, piece.count, goal));
      if (!goal.gradient.empty()) std::ranges::copy(g, goal.gradient.begin() + offset(piece.first));
    });
  }

  static std::ptrdiff_t offset(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

  static void update_part(std::size_t first, std::span<const float> g, const Goal& goal) {
    if (goal.update != nullptr) goal.update->part(first, g);
  }
  static std::span<const float> moved(std::size_t first, std::size_t count, const Goal& goal) {
    if (goal.update == nullptr) return {};
    return goal.update->next.subspan(first, count);
  }

  void add_penalty(std::span<const float> w, std::span<float> g) const {
    if (penalty.none()) return;
    kernels::add_penalty_gradient(w.data(), w.size(), static_cast<float>(penalty.l2),
                                  static_cast<float>(penalty.l1), g.data());
  }

  /// The parameters of the first product.
  [[nodiscard]] std::span<const float> first_of(std::span<const float> w) const {
    return w.first(pass.first_parameters());
  }

  /// The gradient of the first product's bias; returns ‖g‖.
  double finish(std::span<const float> w, const Goal& goal) {
    const std::size_t at = units() * features();
    std::vector<float>& g = bias_gradient;
    for (std::size_t c = 0; c < units(); ++c) g[c] = static_cast<float>(bias[c]);
    update_part(at, g, goal);
    norms.add_bias(g, w.subspan(at, units()), moved(at, units(), goal));
    if (goal.update != nullptr) {
      pass.first().finish_weights(first_of(goal.update->next));
      ready = goal.update->next.data();
    } else {
      std::ranges::copy(g, goal.gradient.begin() + offset(at));
    }
    measure_layers(goal.update != nullptr);
    return std::sqrt(norms.all().gradient);
  }

  /// Value, and gradient or update where they are wanted.
  Measure measure(std::span<const float> w, std::span<const std::size_t> batch, Goal goal) {
    Measure found{.penalty = penalty_value(w), .examples = batch.size()};
    if (ready != w.data()) pass.first().set_weights(first_of(w));
    pass.set_later_parameters(w);
    ready = nullptr;
    const bool backwards = goal.update != nullptr || !goal.gradient.empty();
    if (backwards) make_room(goal);
    const float weight = 1.0F / static_cast<float>(batch.size());
    const std::size_t most = backwards ? pass.most_staged() : pass.most();
    for (std::size_t first = 0; first < batch.size(); first += most) {
      const auto part = batch.subspan(first, std::min(most, batch.size() - first));
      const auto rest = batch.subspan(first + part.size());
      const auto next = goal.update != nullptr ? goal.update->upcoming : rest;
      draw.position = first;
      forward(part, rest.empty() ? next : rest, weight, backwards, found);
      if (!backwards) continue;
      if (first + part.size() < batch.size()) {
        backward(first == 0);
        continue;
      }
      if (goal.update != nullptr && !std::isfinite(found.objective())) return divided(found);
      backward(first == 0, w, goal);
      found.gradient_norm = finish(w, goal);
    }
    return divided(found);
  }

  static Measure divided(Measure found) {
    found.loss /= static_cast<double>(found.examples);
    return found;
  }

  void make_room(const Goal& goal) {
    sums.resize(pass.first().panel_size());
    bias.assign(units(), 0.0);
    norms.begin();
    bias_gradient.resize(units());
    if (!network().linear()) later.resize(network().parameters());
    if (goal.update == nullptr || !strips.empty()) return;
    strips.assign(workers.threads(), AlignedVector<float>(units() * strip_stride));
  }

  [[nodiscard]] double penalty_value(std::span<const float> w) {
    if (penalty.none()) return 0;
    double value = 0;
    for (const ParameterBlock& block : network().blocks())
      if (block.role == BlockRole::weight) value += penalty_of(w.subspan(block.first, block.count));
    return value;
  }

  double penalty_of(std::span<const float> w) {
    constexpr std::size_t piece = 4096;
    const std::size_t n = w.size();
    penalties.resize((n + piece - 1) / piece);
    workers.for_each(penalties.size(), [&](std::size_t p) {
      penalties[p] = kernels::penalty_sums(w.data() + p * piece, std::min(piece, n - p * piece));
    });
    double value = 0;
    for (const auto& parts : penalties)
      value += 0.5 * penalty.l2 * parts.squares + penalty.l1 * parts.sizes;
    return value;
  }

  void name_layers() {
    if (network().linear()) return;
    const std::vector<Layer>& all = network().layers();
    for (std::size_t l = 0; l < all.size(); ++l) {
      if (all[l].kind != Layer::Kind::dense) continue;
      layers.push_back({.name = all[l].name});
      rectifiers.push_back(0);
      for (std::size_t k = l + 1; k < all.size(); ++k)
        if (all[k].kind == Layer::Kind::activation && all[k].activation == Activation::relu &&
            all[k].reads[0] == l)
          rectifiers.back() = k;
    }
  }

  void measure_layers(bool updated) {
    workers.for_each(layers.size(), [&](std::size_t k) {
      const LayerNorms::Squares squares = norms.of_layer(k);
      layers[k].gradient_norm = std::sqrt(squares.gradient);
      layers[k].update_norm.reset();
      if (updated) layers[k].update_norm = std::sqrt(squares.update);
      const std::size_t r = rectifiers[k];
      if (r != 0)
        layers[k].dead = static_cast<double>(pass.dead_units(r)) /
                         static_cast<double>(network().layers()[r].width);
    });
  }

  NetworkPass pass;
  Loss loss;
  Penalty penalty;
  Workers& workers;
  DropoutDraw draw;
  std::vector<double> block_losses;
  std::vector<std::size_t> block_hits;
  std::vector<kernels::PenaltySums> penalties;
  LayerNorms norms;
  std::vector<LayerMeasure> layers;          // dense ones, of a network
  std::vector<std::size_t> rectifiers;       // the ReLU that reads each of them; 0: none
  AlignedVector<float> sums;                 // a panel: Gᵀ(X − mean) of the parts before
  AlignedVector<float> later;                // P: gradients of the layers behind the first product
  std::vector<double> bias;                  // units of the first product
  std::vector<float> bias_gradient;          // as many
  std::vector<AlignedVector<float>> strips;  // a thread each: the gradient of a strip
  const float* ready = nullptr;              // parameters that the pass has the weights of already
};

BatchObjective::BatchObjective(const Dataset& data, const Preprocessing& preprocessing, Loss loss,
                               Penalty penalty, Workers& workers, Arithmetic arithmetic)
    : BatchObjective(data, preprocessing, Network(data.classes(), data.features()), loss, penalty,
                     workers, arithmetic) {}

BatchObjective::BatchObjective(const Dataset& data, const Preprocessing& preprocessing,
                               const Network& network, Loss loss, Penalty penalty, Workers& workers,
                               Arithmetic arithmetic)
    : work_(std::make_unique<Work>(data, preprocessing, network, loss, penalty, workers,
                                   arithmetic)) {
  if (network.features() != data.features() || network.classes() != data.classes())
    throw usage_error(
        fmt::format("the network is for {} features and {} classes, and the data have {} and {}",
                    network.features(), network.classes(), data.features(), data.classes()),
        "make it for the data");
}

BatchObjective::~BatchObjective() = default;

std::size_t BatchObjective::size() const { return work_->data().size(); }

std::size_t BatchObjective::parameters() const { return work_->network().parameters(); }

double BatchObjective::flops_per_example() const { return flops_of(work_->network()); }

double BatchObjective::flops_of(const Network& network) {
  // Forwards, the gradient of the weights, and that of what a layer reads, but for the input.
  const double first = static_cast<double>(network.input_units() * network.features());
  return 6 * network.products() - 2 * first;
}

std::size_t BatchObjective::working_bytes(const Network& network, CellType cells,
                                          std::size_t threads) {
  const std::size_t features = network.features();
  const std::size_t units = network.input_units();
  const kernels::Stage stage{.rows = ScorePass::most_staged(features, cells)};
  const std::size_t scores = ScorePass::most * (units * 4 + 16);
  const std::size_t strips = threads * units * Work::strip_stride * 4;
  const std::size_t later = network.linear() ? 0 : network.parameters() * 4;
  return scores + products_bytes(features, units, stage.rows) + kernels::blocks_of(features) * 8 +
         stage.bytes(cells, features) + strips + later + NetworkPass::working_bytes(network);
}

std::size_t BatchObjective::working_bytes(std::size_t features, std::size_t classes, CellType cells,
                                          std::size_t threads) {
  return working_bytes(Network(classes, features), cells, threads);
}

void BatchObjective::begin_step(std::uint64_t seed, std::uint64_t step) {
  work_->draw = {.seed = seed, .step = step};
}

std::span<const LayerMeasure> BatchObjective::layers() const { return work_->layers; }

Measure BatchObjective::value(std::span<const float> w, std::span<const std::size_t> batch) {
  return work_->measure(w, batch, {});
}

Measure BatchObjective::value_and_gradient(std::span<const float> w,
                                           std::span<const std::size_t> batch, std::span<float> g) {
  return work_->measure(w, batch, {.gradient = g});
}

Measure BatchObjective::value_and_update(std::span<const float> w,
                                         std::span<const std::size_t> batch, const Update& update) {
  return work_->measure(w, batch, {.gradient = {}, .update = &update});
}

}  // namespace fallline

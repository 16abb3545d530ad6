#include <algorithm>
#include <cmath>
#include <fallline/objective/linear_objective.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "kernels/columns.hpp"
#include "model/score_pass.hpp"
#include "objective/labelled_block.hpp"

namespace fallline {

using kernels::ColumnBlocks;

/// What is done with the gradient: written down, or used up by an update, or neither.
struct Goal {
  std::span<float> gradient;
  const LinearObjective::Update* update = nullptr;
};

struct LinearObjective::Work {
  /// Column blocks whose squares are summed together.
  static constexpr std::size_t square_blocks = 8;
  /// From a class to the next in the gradient of a strip of columns. The odd line keeps the classes
  /// from sharing a set of the cache.
  static constexpr std::size_t strip_stride = (ScorePass::most_blocks + 1) * kernels::block;

  Work(const Dataset& dataset, const Preprocessing& preprocessing, Loss l, Penalty p, Workers& w,
       Arithmetic arithmetic)
      : pass(dataset, preprocessing, dataset.classes(), w, arithmetic),
        loss(l),
        penalty(p),
        workers(w),
        block_losses(kernels::blocks_of(ScorePass::most)),
        block_hits(block_losses.size()),
        bias(dataset.classes()) {}

  [[nodiscard]] const Dataset& data() const { return pass.data(); }
  [[nodiscard]] std::size_t features() const { return data().features(); }
  [[nodiscard]] std::size_t classes() const { return data().classes(); }

  /// Scores of a part of a batch; replaces them by G = weight · ∂L_i/∂f where a gradient is wanted;
  /// sums losses and hits, each block of 16 by itself and then the blocks in order.
  void forward(std::span<const std::size_t> part, std::span<const std::size_t> upcoming,
               float weight, bool gradient, Measure& sum) {
    const auto measure = [&](std::size_t first, std::size_t count) {
      measure_block(part.subspan(first, count), first, weight, gradient);
    };
    if (gradient)
      pass.run_staged(part, upcoming, measure);
    else
      pass.run(part, measure);
    for (std::size_t b = 0; b < kernels::blocks_of(part.size()); ++b) {
      sum.loss += block_losses[b];
      sum.correct += block_hits[b];
    }
  }

  void measure_block(std::span<const std::size_t> examples, std::size_t first, float weight,
                     bool gradient) {
    const LabelledBlock block(pass.scores(first).data(), classes(), examples.size(),
                              [&](std::size_t i) { return data().labels()[examples[i]]; });
    const BlockSums found = gradient ? block.sums_and_slopes(loss, weight) : block.sums(loss);
    block_losses[first / kernels::block] = found.loss;
    block_hits[first / kernels::block] = found.correct;
  }

  /// Adds Gᵀ(X − mean) and Σ G for the part whose G lies in the pass.
  void backward(bool first) {
    pass.add_class_sums(bias);
    pass.set_slopes();
    pass.for_columns([&](ColumnBlocks columns, std::size_t /*thread*/) {
      pass.add_outer(columns, {.panel = sums.data(), .fresh = first});
    });
  }

  /// The same for the last part of a batch, where a strip of columns goes on to be the gradient,
  /// and that to be the new weights, while it is in the cache.
  void backward(bool first, std::span<const float> w, const Goal& goal) {
    pass.add_class_sums(bias);
    pass.set_slopes();
    pass.for_columns([&](ColumnBlocks columns, std::size_t thread) {
      const std::size_t begin = columns.begin * kernels::block;
      const std::size_t count = std::min(features(), columns.end * kernels::block) - begin;
      const bool whole = goal.update == nullptr;
      float* gradient = whole ? goal.gradient.data() + begin : strips[thread].data();
      const std::size_t stride = whole ? features() : strip_stride;
      pass.add_outer(
          columns, {.panel = sums.data(), .fresh = first, .gradient = gradient, .stride = stride});
      for (std::size_t c = 0; c < classes(); ++c) {
        const std::span<float> g(gradient + c * stride, count);
        add_penalty(w.subspan(c * features() + begin, count), g);
        add_squares(g, columns.begin);
        if (goal.update != nullptr) goal.update->part(c * features() + begin, g);
      }
      if (goal.update != nullptr) pass.set_weights(goal.update->next, columns, thread);
    });
  }

  /// Adds the squares of a class's gradient in the columns from `block` on, by pieces that do not
  /// depend on the strips and therefore not on the threads.
  void add_squares(std::span<const float> g, std::size_t block) {
    constexpr std::size_t columns = square_blocks * kernels::block;
    for (std::size_t d = 0; d < g.size(); d += columns)
      squares[(block * kernels::block + d) / columns] +=
          kernels::sum_of_squares(g.data() + d, std::min(columns, g.size() - d));
  }

  void add_penalty(std::span<const float> w, std::span<float> g) const {
    if (penalty.none()) return;
    kernels::add_penalty_gradient(w.data(), w.size(), static_cast<float>(penalty.l2),
                                  static_cast<float>(penalty.l1), g.data());
  }

  /// The gradient of the bias; returns ‖g‖.
  double finish_bias(const Goal& goal) {
    double sum = std::accumulate(squares.begin(), squares.end(), 0.0);
    std::vector<float>& g = bias_gradient;
    for (std::size_t c = 0; c < classes(); ++c) {
      g[c] = static_cast<float>(bias[c]);
      sum += static_cast<double>(g[c]) * static_cast<double>(g[c]);
    }
    if (goal.update != nullptr) {
      goal.update->part(classes() * features(), g);
      pass.finish_weights(goal.update->next);
      ready = goal.update->next.data();
    } else if (!goal.gradient.empty()) {
      std::ranges::copy(g, goal.gradient.last(classes()).begin());
    }
    return std::sqrt(sum);
  }

  /// Value, and gradient or update where they are wanted.
  Measure measure(std::span<const float> w, std::span<const std::size_t> batch, Goal goal) {
    Measure found{.penalty = penalty_value(w), .examples = batch.size()};
    if (ready != w.data()) pass.set_weights(w);
    ready = nullptr;
    const bool backwards = goal.update != nullptr || !goal.gradient.empty();
    if (backwards) make_room(goal);
    const float weight = 1.0F / static_cast<float>(batch.size());
    const std::size_t most = backwards ? pass.most_staged() : ScorePass::most;
    for (std::size_t first = 0; first < batch.size(); first += most) {
      const auto part = batch.subspan(first, std::min(most, batch.size() - first));
      const auto rest = batch.subspan(first + part.size());
      const auto next = goal.update != nullptr ? goal.update->upcoming : rest;
      forward(part, rest.empty() ? next : rest, weight, backwards, found);
      if (!backwards) continue;
      if (first + part.size() < batch.size()) {
        backward(first == 0);
        continue;
      }
      if (goal.update != nullptr && !std::isfinite(found.objective())) return divided(found);
      backward(first == 0, w, goal);
      found.gradient_norm = finish_bias(goal);
    }
    return divided(found);
  }

  static Measure divided(Measure found) {
    found.loss /= static_cast<double>(found.examples);
    return found;
  }

  void make_room(const Goal& goal) {
    sums.resize(pass.panel_size());
    bias.assign(classes(), 0.0);
    squares.assign(pass.column_blocks() / square_blocks + 1, 0.0);
    bias_gradient.resize(classes());
    if (goal.update == nullptr || !strips.empty()) return;
    strips.assign(workers.threads(), AlignedVector<float>(classes() * strip_stride));
  }

  [[nodiscard]] double penalty_value(std::span<const float> w) {
    if (penalty.none()) return 0;
    constexpr std::size_t piece = 4096;
    const std::size_t n = classes() * features();
    penalties.resize((n + piece - 1) / piece);
    workers.for_each(penalties.size(), [&](std::size_t p) {
      penalties[p] = kernels::penalty_sums(w.data() + p * piece, std::min(piece, n - p * piece));
    });
    double value = 0;
    for (const auto& parts : penalties)
      value += 0.5 * penalty.l2 * parts.squares + penalty.l1 * parts.sizes;
    return value;
  }

  ScorePass pass;
  Loss loss;
  Penalty penalty;
  Workers& workers;
  std::vector<double> block_losses;
  std::vector<std::size_t> block_hits;
  std::vector<kernels::PenaltySums> penalties;
  AlignedVector<float> sums;                 // a panel: Gᵀ(X − mean) of the parts before
  std::vector<double> squares;               // of the gradient, 8 column blocks each
  std::vector<double> bias;                  // C
  std::vector<float> bias_gradient;          // C
  std::vector<AlignedVector<float>> strips;  // a thread each: the gradient of a strip, C rows
  const float* ready = nullptr;              // parameters that the pass has the weights of already
};

LinearObjective::LinearObjective(const Dataset& data, const Preprocessing& preprocessing, Loss loss,
                                 Penalty penalty, Workers& workers, Arithmetic arithmetic)
    : work_(std::make_unique<Work>(data, preprocessing, loss, penalty, workers, arithmetic)) {}

LinearObjective::~LinearObjective() = default;

std::size_t LinearObjective::size() const { return work_->data().size(); }

std::size_t LinearObjective::parameters() const {
  return work_->data().classes() * (work_->data().features() + 1);
}

double LinearObjective::flops_per_example() const {
  return 4.0 * static_cast<double>(work_->data().classes() * work_->data().features());
}

std::size_t LinearObjective::working_bytes(std::size_t features, std::size_t classes,
                                           CellType cells, std::size_t threads) {
  const kernels::Stage stage{.rows = ScorePass::most_staged(features, cells)};
  const std::size_t scores = ScorePass::most * (classes * 4 + 16);
  const std::size_t strips = threads * classes * Work::strip_stride * 4;
  return scores + products_bytes(features, classes, stage.rows) + kernels::blocks_of(features) * 8 +
         stage.bytes(cells, features) + strips;
}

Measure LinearObjective::value(std::span<const float> w, std::span<const std::size_t> batch) {
  return work_->measure(w, batch, {});
}

Measure LinearObjective::value_and_gradient(std::span<const float> w,
                                            std::span<const std::size_t> batch,
                                            std::span<float> g) {
  return work_->measure(w, batch, {.gradient = g});
}

Measure LinearObjective::value_and_update(std::span<const float> w,
                                          std::span<const std::size_t> batch,
                                          const Update& update) {
  return work_->measure(w, batch, {.gradient = {}, .update = &update});
}

}  // namespace fallline

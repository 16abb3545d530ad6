#include <algorithm>
#include <array>
#include <cmath>
#include <fallline/objective/linear_objective.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "kernels/columns.hpp"
#include "kernels/losses.hpp"
#include "model/score_pass.hpp"

namespace fallline {

using kernels::ColumnBlocks;

struct LinearObjective::Work {
  Work(const Dataset& dataset, const Preprocessing& preprocessing, Loss l, Penalty p, Workers& w)
      : pass(dataset, preprocessing, dataset.classes(), w),
        loss(l),
        penalty(p),
        workers(w),
        block_losses(kernels::blocks_of(ScorePass::most)),
        block_hits(block_losses.size()),
        squares(pass.panel().column_blocks() / kernels::square_blocks + 1),
        bias(dataset.classes()) {}

  [[nodiscard]] const Dataset& data() const { return pass.data(); }
  [[nodiscard]] std::size_t features() const { return data().features(); }
  [[nodiscard]] std::size_t classes() const { return data().classes(); }

  /// Scores of a part of a batch; replaces them by G = weight · ∂L_i/∂f where a gradient is wanted;
  /// sums losses and hits, each block of 16 by itself and then the blocks in order.
  void forward(std::span<const std::size_t> part, float weight, bool gradient, Measure& sum) {
    const auto measure = [&](std::size_t first, std::size_t count) {
      measure_block(part.subspan(first, count), first, weight, gradient);
    };
    if (gradient)
      pass.run_staged(part, measure);
    else
      pass.run(part, measure);
    for (std::size_t b = 0; b < kernels::blocks_of(part.size()); ++b) {
      sum.loss += block_losses[b];
      sum.correct += block_hits[b];
    }
  }

  void measure_block(std::span<const std::size_t> examples, std::size_t first, float weight,
                     bool gradient) {
    std::array<std::int32_t, kernels::block> labels{};
    std::array<std::int32_t, kernels::block> ranks;
    std::array<float, kernels::block> losses;
    for (std::size_t i = 0; i < examples.size(); ++i) labels[i] = data().labels()[examples[i]];
    const kernels::ScoreBlock block{.scores = pass.scores(first).data(),
                                    .classes = classes(),
                                    .labels = labels.data(),
                                    .count = examples.size()};
    kernels::ranks(block, ranks.data());
    if (gradient)
      kernels::gradients(loss, block, weight, losses.data());
    else
      kernels::losses(loss, block, losses.data());
    const auto n = static_cast<std::ptrdiff_t>(examples.size());
    const std::size_t b = first / kernels::block;
    block_losses[b] = std::accumulate(losses.begin(), losses.begin() + n, 0.0);
    block_hits[b] = static_cast<std::size_t>(std::count(ranks.begin(), ranks.begin() + n, 0));
  }

  /// Adds Gᵀ(X − mean) and Σ G for the part whose G lies in the pass.
  void backward(bool first) {
    pass.add_class_sums(bias);
    pass.for_columns([&](ColumnBlocks columns) {
      pass.add_outer(columns, {.panel = sums.data(), .fresh = first});
    });
  }

  /// The same for the last part of a batch, where a strip of columns goes on to be the gradient,
  /// and the new weights, at once.
  void backward(bool first, std::span<const float> w, std::span<float> g, const Update* update) {
    pass.add_class_sums(bias);
    pass.for_columns([&](ColumnBlocks columns) {
      pass.add_outer(columns, {.panel = sums.data(), .fresh = first, .gradient = g.data()});
      finish(w, g, columns, update);
    });
  }

  void finish(std::span<const float> w, std::span<float> g, ColumnBlocks columns,
              const Update* update) {
    const std::size_t begin = columns.begin * kernels::block;
    const std::size_t count = std::min(features(), columns.end * kernels::block) - begin;
    const auto l2 = static_cast<float>(penalty.l2);
    const auto l1 = static_cast<float>(penalty.l1);
    for (std::size_t i = begin; !penalty.none() && i < classes() * features(); i += features())
      kernels::add_penalty_gradient(w.data() + i, count, l2, l1, g.data() + i);
    kernels::sum_squares(pass.panel(), g.data(), columns, squares.data());
    if (update == nullptr) return;
    for (std::size_t c = 0; c < classes(); ++c) update->part(c * features() + begin, count);
    pass.set_weights(update->next, columns);
  }

  /// The gradient of the bias; returns ‖g‖.
  double finish_bias(std::span<float> g, const Update* update) {
    double sum = std::accumulate(squares.begin(), squares.end(), 0.0);
    for (std::size_t c = 0; c < classes(); ++c) {
      const auto v = static_cast<float>(bias[c]);
      g[classes() * features() + c] = v;
      sum += static_cast<double>(v) * static_cast<double>(v);
    }
    if (update != nullptr) {
      update->part(classes() * features(), classes());
      pass.set_bias(update->next);
      ready = update->next.data();
    }
    return std::sqrt(sum);
  }

  /// Value, gradient where `g` is not empty, and update where there is one.
  Measure measure(std::span<const float> w, std::span<const std::size_t> batch, std::span<float> g,
                  const Update* update) {
    Measure found{.penalty = penalty_value(w), .examples = batch.size()};
    if (ready != w.data()) pass.set_weights(w);
    ready = nullptr;
    if (!g.empty()) {
      sums.resize(pass.panel().size());
      bias.assign(classes(), 0.0);
    }
    const float weight = 1.0F / static_cast<float>(batch.size());
    for (std::size_t first = 0; first < batch.size(); first += ScorePass::most) {
      const auto part = batch.subspan(first, std::min(ScorePass::most, batch.size() - first));
      forward(part, weight, !g.empty(), found);
      if (g.empty()) continue;
      const bool last = first + part.size() == batch.size();
      if (last && !std::isfinite(found.objective())) update = nullptr;
      if (last)
        backward(first == 0, w, g, update);
      else
        backward(first == 0);
    }
    if (!g.empty()) found.gradient_norm = finish_bias(g, update);
    found.loss /= static_cast<double>(batch.size());
    return found;
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
  AlignedVector<float> sums;     // a panel: Gᵀ(X − mean) of the parts before
  std::vector<double> squares;   // of the gradient, 8 column blocks each
  std::vector<double> bias;      // C
  const float* ready = nullptr;  // parameters that the pass has the weights of already
};

LinearObjective::LinearObjective(const Dataset& data, const Preprocessing& preprocessing, Loss loss,
                                 Penalty penalty, Workers& workers)
    : work_(std::make_unique<Work>(data, preprocessing, loss, penalty, workers)) {}

LinearObjective::~LinearObjective() = default;

std::size_t LinearObjective::size() const { return work_->data().size(); }

std::size_t LinearObjective::parameters() const {
  return work_->data().classes() * (work_->data().features() + 1);
}

double LinearObjective::flops_per_example() const {
  return 4.0 * static_cast<double>(work_->data().classes() * work_->data().features());
}

std::size_t LinearObjective::working_bytes(std::size_t features, std::size_t classes) {
  const kernels::Panel panel{.classes = classes, .features = features};
  const std::size_t scores = ScorePass::most * (classes * 4 + 16);
  return scores + 2 * panel.size() * 4 + panel.column_blocks() * (kernels::block * 4 + 8);
}

Measure LinearObjective::value(std::span<const float> w, std::span<const std::size_t> batch) {
  return work_->measure(w, batch, {}, nullptr);
}

Measure LinearObjective::value_and_gradient(std::span<const float> w,
                                            std::span<const std::size_t> batch,
                                            std::span<float> g) {
  return work_->measure(w, batch, g, nullptr);
}

Measure LinearObjective::value_and_update(std::span<const float> w,
                                          std::span<const std::size_t> batch, std::span<float> g,
                                          const Update& update) {
  return work_->measure(w, batch, g, &update);
}

}  // namespace fallline

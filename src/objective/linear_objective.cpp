#include <algorithm>
#include <fallline/objective/linear_objective.hpp>
#include <utility>
#include <vector>

#include "model/score_pass.hpp"

namespace fallline {
namespace {

bool is_highest(std::span<const float> scores, std::size_t y) {
  // Of equal scores the first wins, as in prediction; a NaN among them never does.
  for (std::size_t j = 0; j < scores.size(); ++j)
    if (j < y ? !(scores[j] < scores[y]) : !(scores[j] <= scores[y])) return false;
  return true;
}

}  // namespace

struct LinearObjective::Work {
  Work(const Dataset& dataset, const Preprocessing& preprocessing, Loss l, Penalty p, Workers& w)
      : pass(dataset, preprocessing, dataset.classes(), w),
        loss(l),
        penalty(p),
        losses(ScorePass::block),
        correct(ScorePass::block) {}

  [[nodiscard]] const Dataset& data() const { return pass.data(); }

  /// Scores of a block; replaces them by G where a gradient is wanted; sums loss and hits.
  void forward(std::span<const std::size_t> batch, float weight, bool gradient, Measure& sum) {
    pass.run(batch, [&](std::size_t i) {
      const std::span<float> f = pass.scores(i);
      const auto y = static_cast<std::size_t>(data().labels()[batch[i]]);
      correct[i] = is_highest(f, y);
      losses[i] = loss(std::span<const float>(f), y, gradient ? f : std::span<float>{});
      if (gradient)
        for (float& x : f) x *= weight;
    });
    for (std::size_t i = 0; i < batch.size(); ++i) {
      sum.loss += losses[i];
      sum.correct += correct[i];
    }
  }

  /// raw += Gᵀ(X − mean) and bias += Σ G for the block whose G lies in the score buffer.
  void backward(std::size_t n) {
    pass.add_outer(raw);
    for (std::size_t i = 0; i < n; ++i) {
      const std::span<const float> g = pass.scores(i);
      for (std::size_t c = 0; c < g.size(); ++c) bias[c] += g[c];
    }
  }

  void finish(std::span<const float> w, std::span<float> g) {
    const std::size_t features = data().features();
    const std::size_t classes = data().classes();
    for (std::size_t c = 0; c < classes; ++c) {
      const float* from = raw.data() + c * pass.stride();
      float* to = g.data() + c * features;
      for (std::size_t d = 0; d < features; ++d) to[d] = from[d] * pass.scale()[d];
      g[classes * features + c] = static_cast<float>(bias[c]);
    }
    penalty.add_gradient(w.first(classes * features), g.first(classes * features));
  }

  ScorePass pass;
  Loss loss;
  Penalty penalty;
  std::vector<float> losses;
  std::vector<unsigned char> correct;
  std::vector<float> raw;    // C × padded(D): the gradient before the scale
  std::vector<double> bias;  // C
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
  const std::size_t scores = ScorePass::block * (classes * 4 + 16);
  return scores + (2 * classes + 1) * kernels::padded(features) * 4;
}

Measure LinearObjective::value(std::span<const float> w, std::span<const std::size_t> batch) {
  return value_and_gradient(w, batch, {});
}

Measure LinearObjective::value_and_gradient(std::span<const float> w,
                                            std::span<const std::size_t> batch,
                                            std::span<float> g) {
  Work& work = *work_;
  Measure measure{.examples = batch.size()};
  work.pass.set_weights(w);
  work.raw.assign(g.empty() ? 0 : work.data().classes() * work.pass.stride(), 0.0F);
  work.bias.assign(work.data().classes(), 0.0);
  const float weight = 1.0F / static_cast<float>(batch.size());
  for (std::size_t first = 0; first < batch.size(); first += ScorePass::block) {
    const auto part = batch.subspan(first, std::min(ScorePass::block, batch.size() - first));
    work.forward(part, weight, !g.empty(), measure);
    if (!g.empty()) work.backward(part.size());
  }
  if (!g.empty()) work.finish(w, g);
  measure.loss /= static_cast<double>(batch.size());
  measure.penalty = work.penalty.value(w.first(work.data().classes() * work.data().features()));
  return measure;
}

}  // namespace fallline

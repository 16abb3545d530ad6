#include "landscape/plane_pass.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "kernels/line_losses.hpp"
#include "model/stacked.hpp"

namespace fallline::landscape {
namespace {

/// Points of a piece: some pieces a thread, and in each enough that forming the scores where a line
/// begins is a small share.
std::size_t piece_of(std::size_t points, std::size_t threads) {
  constexpr std::size_t least = 4;
  constexpr std::size_t most = 32;
  return std::clamp(points / (4 * threads), least, most);
}

/// Examples of a batch: fewer where points are many, so that an interrupt is soon seen.
std::size_t batch_of(std::size_t points) {
  constexpr std::size_t most_losses = std::size_t{1} << 26;
  const std::size_t n = most_losses / std::max<std::size_t>(1, points);
  return std::clamp(n / kernels::block * kernels::block, kernels::block, ScorePass::most);
}

std::vector<float> models_of(const Plane& plane, std::size_t classes) {
  return plane.second.empty() ? stacked({plane.origin, plane.first}, classes)
                              : stacked({plane.origin, plane.first, plane.second}, classes);
}

}  // namespace

PlanePass::PlanePass(const Site& site, const Plane& plane, std::span<const PlanePoint> points,
                     bool accuracy)
    : site_(site),
      classes_(site.data().classes()),
      flat_(!plane.second.empty()),
      pass_(site.data(), site.model().preprocessing, (flat_ ? 3 : 2) * classes_, site.workers()),
      losses_(points.size()),
      hits_(accuracy ? points.size() : 0),
      labels_(ScorePass::most),
      bases_(site.workers().threads(), AlignedVector<float>(classes_ * kernels::block)) {
  pass_.set_weights(models_of(plane, classes_));
  cut_into_pieces(points);
}

void PlanePass::cut_into_pieces(std::span<const PlanePoint> points) {
  const std::size_t most = piece_of(points.size(), site_.workers().threads());
  a_.reserve(points.size());
  for (std::size_t p = 0; p < points.size(); ++p) {
    a_.push_back(static_cast<float>(points[p].a));
    const auto b = flat_ ? static_cast<float>(points[p].b) : 0.0F;
    if (pieces_.empty() || pieces_.back().b != b || pieces_.back().count == most)
      pieces_.push_back({.first = p, .count = 0, .b = b});
    ++pieces_.back().count;
  }
}

PlaneMeasures PlanePass::run(const PlaneOptions& options) {
  const std::size_t all = site_.size();
  PlaneMeasures found{.method = PlaneMethod::scores};
  const std::size_t batch = batch_of(a_.size());
  std::vector<std::size_t> indices(batch);
  while (found.examples < all && !found.interrupted) {
    const std::size_t n = std::min(batch, all - found.examples);
    std::iota(indices.begin(), indices.end(), found.examples);
    pass_.run(std::span(indices).first(n), [](std::size_t, std::size_t) {});
    measure(found.examples, n);
    found.examples += n;
    if (options.told) options.told(static_cast<double>(found.examples) / static_cast<double>(all));
    found.interrupted = found.examples < all && options.interrupt != nullptr &&
                        options.interrupt->load(std::memory_order_relaxed);
  }
  for (std::size_t p = 0; p < losses_.size(); ++p)
    found.points.push_back({.loss = losses_[p] / static_cast<double>(found.examples),
                            .correct = hits_.empty() ? 0 : static_cast<std::size_t>(hits_[p]),
                            .examples = found.examples});
  return found;
}

void PlanePass::measure(std::size_t first, std::size_t n) {
  std::ranges::copy(site_.data().labels().subspan(first, n), labels_.begin());
  site_.workers().for_each(pieces_.size(),
                           [&](std::size_t p, std::size_t thread) { add(pieces_[p], n, thread); });
}

void PlanePass::add(const Piece& piece, std::size_t n, std::size_t thread) {
  const std::size_t size = classes_ * kernels::block;
  const kernels::LinePoints points{.at = a_.data() + piece.first,
                                   .count = piece.count,
                                   .losses = losses_.data() + piece.first,
                                   .hits = hits_.empty() ? nullptr : hits_.data() + piece.first};
  for (std::size_t i = 0; i < n; i += kernels::block) {
    const float* scores = pass_.scores(i).data();
    const float* base = scores;
    if (flat_ && piece.b != 0) {
      kernels::move_scores(scores, scores + 2 * size, piece.b, classes_, bases_[thread].data());
      base = bases_[thread].data();
    }
    kernels::add_losses_along(site_.model().loss,
                              {.base = base,
                               .slope = scores + size,
                               .classes = classes_,
                               .labels = labels_.data() + i,
                               .count = std::min(kernels::block, n - i)},
                              points);
  }
}

}  // namespace fallline::landscape

#include "model/score_pass.hpp"

#include <utility>

namespace fallline {

ScorePass::ScorePass(Dataset data, const Preprocessing& preprocessing, std::size_t classes,
                     Workers& workers)
    : data_(std::move(data)),
      classes_(classes),
      workers_(workers),
      mean_(preprocessing.mean),
      scale_(preprocessing.scale),
      weights_(classes * kernels::padded(data_.features())),
      bias_(classes),
      scores_(block * classes) {
  mean_.resize(stride());
  pointers_.reserve(block);
}

void ScorePass::set_weights(std::span<const float> parameters) {
  const std::size_t features = data_.features();
  for (std::size_t c = 0; c < classes_; ++c) {
    const float* from = parameters.data() + c * features;
    float* to = weights_.data() + c * stride();
    for (std::size_t d = 0; d < features; ++d) to[d] = from[d] * scale_[d];
  }
  const auto bias = parameters.last(classes_);
  std::ranges::copy(bias, bias_.begin());
}

kernels::Rows ScorePass::rows() const {
  return {.pointers = pointers_,
          .cells = data_.cells(),
          .features = data_.features(),
          .mean = mean_.data()};
}

void ScorePass::add_outer(std::span<float> a) {
  const std::size_t features = data_.features();
  workers_.for_each((features + strip - 1) / strip, [&](std::size_t s) {
    kernels::add_outer(rows(), scores_.data(), classes_, s * strip,
                       std::min(features, (s + 1) * strip), a.data());
  });
}

void ScorePass::gather(std::span<const std::size_t> examples) {
  pointers_.clear();
  for (const std::size_t i : examples) pointers_.push_back(data_.rows()[i]);
}

void ScorePass::score(std::size_t first, std::size_t count) {
  kernels::Rows part = rows();
  part.pointers = part.pointers.subspan(first, count);
  kernels::scores(part, weights_.data(), bias_.data(), classes_, scores(first).data());
}

}  // namespace fallline

#include <algorithm>
#include <fallline/data/sampler.hpp>
#include <fallline/random.hpp>
#include <numeric>

#include "names.hpp"

namespace fallline {
namespace {

constexpr Names<Sampling, 3> samplings{"sampling",
                                       {{
                                           {Sampling::shuffle, "shuffle"},
                                           {Sampling::sequential, "sequential"},
                                           {Sampling::replacement, "replacement"},
                                       }}};

/// Sets of up to this many examples are descended whole (spec: batch-size choice).
constexpr std::size_t small_set = 2000;
constexpr std::size_t usual_batch = 256;

}  // namespace

std::string_view name_of(Sampling sampling) { return samplings.name_of(sampling); }

Sampling sampling_named(std::string_view name) { return samplings.value_of(name); }

std::size_t resolve_batch_size(std::size_t requested, std::size_t examples) {
  if (requested == automatic_batch) return examples <= small_set ? examples : usual_batch;
  return std::min(requested, examples);
}

Sampler::Sampler(std::size_t examples, std::size_t batch_size, Sampling sampling,
                 std::uint64_t seed, bool drop_last)
    : batch_size_(batch_size), sampling_(sampling), seed_(seed), drop_last_(drop_last) {
  order_.resize(examples);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
}

std::size_t Sampler::steps_per_epoch() const {
  const std::size_t whole = order_.size() / batch_size_;
  return whole * batch_size_ == order_.size() || drop_last_ ? whole : whole + 1;
}

void Sampler::begin_epoch(std::uint64_t epoch, Workers* workers) {
  if (sampling_ == Sampling::shuffle) {
    order_ = shuffled(order_.size(), Random(seed_, Purpose::shuffle, epoch), workers);
  } else if (sampling_ == Sampling::replacement) {
    const Random random(seed_, Purpose::sample, epoch);
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = random.below(i, order_.size());
  }
}

std::span<const std::size_t> Sampler::batch(std::size_t step) const {
  const std::size_t first = step * batch_size_;
  return std::span(order_).subspan(first, std::min(batch_size_, order_.size() - first));
}

}  // namespace fallline

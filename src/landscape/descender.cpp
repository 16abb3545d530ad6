#include <fallline/landscape/paths.hpp>

#include "names.hpp"

namespace fallline::landscape {
namespace {

constexpr Names<PathKind, 4> path_kinds{"path",
                                        {{{PathKind::batch, "batch"},
                                          {PathKind::mini_batch, "mini-batch"},
                                          {PathKind::stochastic, "stochastic"},
                                          {PathKind::optimizer, "optimizer"}}}};

}  // namespace

std::string_view name_of(PathKind kind) { return path_kinds.name_of(kind); }
PathKind path_kind(std::string_view name) { return path_kinds.value_of(name); }

Descender descender(PathKind kind, const TrainOptions& training, std::size_t batch_steps) {
  Descender d{.name = std::string(name_of(kind)), .kind = kind, .training = training};
  if (kind == PathKind::batch) {
    d.training.batch_size = full_batch;
    d.training.epochs = batch_steps;
  }
  constexpr std::size_t usual_batch = 256;
  if (kind == PathKind::mini_batch && training.batch_size == automatic_batch)
    d.training.batch_size = usual_batch;
  if (kind == PathKind::stochastic) d.training.batch_size = 1;
  return d;
}

Descender descender(const std::string& optimizer, const TrainOptions& training) {
  Descender d{.name = optimizer, .training = training, .sweep = training.learning_rate == 0};
  d.training.optimizer = {.name = optimizer, .preset = training.optimizer.preset};
  return d;
}

}  // namespace fallline::landscape

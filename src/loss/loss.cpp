#include <fallline/loss/loss.hpp>

#include "names.hpp"

namespace fallline {
namespace {

constexpr Names<LossKind, 3> names{"loss",
                                   {{
                                       {LossKind::softmax, "softmax"},
                                       {LossKind::hinge, "hinge"},
                                       {LossKind::squared_hinge, "squared-hinge"},
                                   }}};

}  // namespace

double Loss::curvature(std::size_t classes) const {
  switch (kind) {
    case LossKind::hinge:
      return 0.5 * static_cast<double>(classes);
    case LossKind::squared_hinge:
      return 2.0 * static_cast<double>(classes);
    case LossKind::softmax:
      break;
  }
  return 0.5;
}

std::string_view name_of(LossKind kind) { return names.name_of(kind); }

LossKind loss_kind(std::string_view name) { return names.value_of(name); }

}  // namespace fallline

#include <array>
#include <fallline/error.hpp>
#include <fallline/loss/loss.hpp>
#include <string>
#include <utility>

namespace fallline {
namespace {

constexpr std::array<std::pair<LossKind, std::string_view>, 3> names{{
    {LossKind::softmax, "softmax"},
    {LossKind::hinge, "hinge"},
    {LossKind::squared_hinge, "squared-hinge"},
}};

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

std::string_view name_of(LossKind kind) {
  for (const auto& [value, name] : names)
    if (value == kind) return name;
  return "unknown";
}

LossKind loss_kind(std::string_view name) {
  for (const auto& [value, known] : names)
    if (known == name) return value;
  throw usage_error("there is no loss '" + std::string(name) + "'",
                    "choose softmax, hinge or squared-hinge");
}

}  // namespace fallline

#include <array>
#include <fallline/optim/optimizer.hpp>
#include <utility>

namespace fallline {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 21> meanings{{
    {"momentum", "decay of the velocity"},
    {"dampening", "share of each gradient but the first kept out of the velocity"},
    {"decay", "decay of the average of squares"},
    {"beta1", "decay of the average of gradients"},
    {"beta2", "decay of the average of squares"},
    {"rho", "decay of both averages of squares"},
    {"eps", "added to the root"},
    {"eps-root", "added inside the root"},
    {"eps-uncorrected", "eps is added to the root of the uncorrected average"},
    {"accumulator", "what the accumulated squares start at"},
    {"bias-correction", "divide the averages by 1 - beta^t"},
    {"centered", "take the squared average of gradients off the average of squares"},
    {"rate-in-trace", "the learning rate goes into the velocity, not onto it"},
    {"max-of-corrected", "the largest of the corrected averages, not of the uncorrected"},
    {"momentum-decay", "how fast the momentum grows to beta1; 0: it is beta1"},
    {"history", "pairs of steps and gradient changes that are remembered"},
    {"c1", "sufficient decrease of the line search"},
    {"c2", "curvature condition of the line search"},
    {"clip-norm", "most that the norm of the gradient may be"},
    {"clip-value", "most that one number of the gradient may be"},
    {"weight-decay", "decoupled weight decay: w <- w - lr (u + weight-decay w)"},
}};

}  // namespace

std::string_view meaning_of(std::string_view setting) {
  for (const auto& [name, meaning] : meanings)
    if (name == setting) return meaning;
  return {};
}

}  // namespace fallline
